# The other networks against PyTorch: evaluation and gradients, by tests/torch.
# Quick: not run; same-bytes.bats shows that another build computes the same.

load common

setup() {
	need_torch
	lt_setup
}

# drawn ARGUMENT...: s.net, with all weights and statistics drawn anew, computes on
# d.data what PyTorch computes; the arguments are those of agree.py.
drawn() {
	lt-init -o a.safetensors --seed 1 ./s.net
	"$PYTHON" "$ROOT/tests/torch/interop.py" draw a.safetensors w
	lt-init -o a.safetensors --from w ./s.net
	"$PYTHON" "$ROOT/tests/torch/agree.py" "$BUILD/torch/dump" \
		a.safetensors d.data "$@"
}

# smooth SHAPE BATCH NET-OPTION...: values to 1e-5 and gradients to 1e-4 with all
# weights and statistics drawn anew: those of an initialization leave a deep
# network no output but its last bias.  Where a ReLU or a maximum rounds to the
# other side PyTorch's own float32 is 1e-3 from its float64, so here they are
# silu and averages; agreement.bats has them.  What drops at random does not.
smooth() {
	local shape=$1 batch=$2
	shift 2
	synth d $((2 * batch)) 10 "$shape"
	lt-init --print --input "$shape" --classes 10 "$@" | sed \
		-e 's/ = \(dropconnect\|dropout\) \([^ ]*\) .*/ = \1 \2 0/' \
		-e 's/ = relu6* / = silu /' -e 's/ = maxpool / = avgpool /' >s.net
	drawn 2 "$batch" 0 "$batch"
}

@test 'mobilenetv1 computes what PyTorch computes' {
	smooth 3x32x32 4 mobilenetv1
}

@test 'mobilenetv2 has the names of the published networks, and computes the same' {
	local published=("$PYTHON" "$ROOT/tests/torch/mobilenetv2.py") form width
	local widths=(0.1 0.5 1 1.4)
	for form in cifar,10 torchvision,1000; do
		set -- --form "${form%,*}" mobilenetv2
		"${published[@]}" names "${form%,*}" "${form#*,}" "${widths[@]}"
		for width in "${widths[@]}"; do
			lt-init --names --width "$width" "$@" | tail -n +2 | diff "$width" -
		done
		lt-init --print --input 3x32x32 --width 0.25 "$@" >s.net
		lt-init -o a.safetensors s.net
		"$PYTHON" "$ROOT/tests/torch/interop.py" draw a.safetensors w
		lt-init -o a.safetensors --from w s.net
		"${published[@]}" logits "${form%,*}" a.safetensors
	done
}

@test 'mobilenetv2 computes what PyTorch computes, in both forms' {
	smooth 3x32x32 4 --width 0.25 mobilenetv2
	smooth 3x64x64 4 --form torchvision --width 0.25 mobilenetv2
}

@test 'efficientnet_b0 computes what PyTorch computes' {
	smooth 3x32x32 4 efficientnet_b0
}

@test 'pnasnet_a and pnasnet_b compute what PyTorch computes' {
	smooth 3x32x32 4 pnasnet_a
	smooth 3x32x32 4 pnasnet_b
}

@test 'resnet18 and resnet50 compute what PyTorch computes, in both forms' {
	smooth 3x32x32 4 --width 0.5 resnet18
	smooth 3x64x64 4 --form torchvision --width 0.5 resnet18
	smooth 3x32x32 4 --width 0.25 resnet50
	smooth 3x64x64 4 --form torchvision --width 0.25 resnet50
}

@test 'vgg11 with three linear layers computes what PyTorch computes' {
	smooth 3x32x32 4 --form torchvision --width 0.125 vgg11
	smooth 3x64x48 4 --form torchvision --width 0.125 vgg11_bn
}

@test 'a network of its own computes what PyTorch computes' {
	sed 's/ = dropconnect \([^ ]*\) [^ ]*/ = dropconnect \1 0/' \
		"$ROOT/examples/depthwise.net" >s.net
	synth d 8 10 1x28x28
	drawn 2 4 0 4
}

# Each reads the one before through a convolution.
@test 'functions of one value compute what PyTorch computes' {
	local i=0 f functions=(relu sigmoid silu relu6 'leakyrelu slope=0.2' gelu tanh hardswish)
	echo 'net functions' > s.net
	echo 'input 3 9 9' >> s.net
	echo 'x0 = conv input 8 k3 p1' >> s.net
	for f in "${functions[@]}"; do
		echo "c$((i + 1)) = conv x$i 8 k3 p1 bias"
		# shellcheck disable=SC2086
		set -- $f
		echo "x$((i += 1)) = $1 c$i ${*:2}"
	done >> s.net
	printf '%s\n' "pool = gap x$i" 'fc = linear pool 10 bias' \
		'output fc' >> s.net
	synth d 24 10 3x9x9
	drawn 6 4 0 4
}

@test 'group norms and dilated convolutions compute what PyTorch computes' {
	cat > s.net <<-'END'
	net dilated
	input 3 13 12
	n0 = groupnorm input g1
	c1 = conv n0 8 k3 p2 d2
	n1 = groupnorm c1 g4
	x1 = silu n1
	c2 = conv x1 8 k3 s2 p3 d3 g8
	n2 = bn c2 plain
	x2 = silu n2
	c3 = conv x2 12 k2 p1 d4 g4 bias
	n3 = groupnorm c3 g3 eps=0.001 plain
	pool = gap n3
	fc = linear pool 10 bias
	output fc
	END
	synth d 24 10 3x13x12
	drawn 6 4 0 4
}

# saliency METHOD [train|eval]: scores a.safetensors, on d.data where the method
# takes samples, in one step.
saliency() {
	local samples=(-d d.data --samples-per-class 100)
	[ "$1" != synflow ] || samples=()
	lt-prune -q --method "$1" ${2:+--bn "$2"} "${samples[@]}" --steps 1 \
		-s 0.9 -o m.safetensors a.safetensors
	"$PYTHON" "$ROOT/tests/torch/saliency.py" "$1" a.safetensors d.data \
		m.safetensors ${2:+"$2"}
}

@test 'lt-prune keeps what SNIP, GraSP and SynFlow by PyTorch keep' {
	synth d 40 10 3x16x16
	lt-init -o a.safetensors --seed 1 --input 3x16x16 --classes 10 \
		resnet8-demo
	for m in snip grasp synflow; do saliency $m; done
}

@test 'with --bn eval SNIP and GraSP keep what PyTorch in evaluation mode keeps' {
	synth d 40 10 3x16x16
	lt-init -o b.safetensors --seed 1 --input 3x16x16 --classes 10 \
		resnet8-demo
	# Statistics that are neither 0 and 1 nor those of a batch.
	lt-train -q -d d.data -b 20 -e 2 --lr 0.01 --milestones 9 \
		-o a.safetensors b.safetensors
	for m in snip grasp; do
		saliency $m train
		mv m.safetensors $m.train
		saliency $m eval
		[ "$(lt-hamming --norm count m.safetensors $m.train)" -gt 20 ]
	done
}

@test 'a network of plain batch norms computes what PyTorch computes' {
	synth d 16 10 3x12x12
	cat >s.net <<-'E'
		net plain
		input 3 12 12
		a = bn input plain
		c = conv a 8 k3 p1
		b = bn c plain
		r = silu b
		d = conv r 8 k3 p1 g8
		e = bn d plain eps=0.001
		h = add e r
		i = bn h plain momentum=0.2
		g = gap i
		f = linear g 10 bias
		output f
	E
	drawn 2 4 3 4
	lt-init --names ./s.net >names
	[ "$(grep -c '^b[.]' names)" = 3 ]
	! grep -E '^[abei][.](weight|bias)' names
}
