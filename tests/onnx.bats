# Models of ONNX, which examples/to_onnx.py makes.

load common

setup() {
	lt_setup
}

to_onnx() {
	python3 -B "$ROOT/examples/to_onnx.py" "$@"
}

# models <NETWORKS: they compute the logits of lt (tests/torch/onnx_models.py).
models() {
	PYTHONDONTWRITEBYTECODE=1 "$PYTHON" "$ROOT/tests/torch/onnx_models.py"
}

need_onnxruntime() {
	need_module onnxruntime onnxruntime
}

@test 'each built-in network has the logits of lt in onnxruntime' {
	long_test
	need_onnxruntime
	lt-init --list | awk -F '\t' '$1 == "network" {
		n = split($5, form, ",")
		for (i = 1; i <= n; i++) {
			shape = form[i] == "torchvision" ? "3x64x64" : "3x32x32"
			print shape, 10, "--classes 10 --width 0.25 --input", shape,
				(n > 1 ? "--form " form[i] " " : "") $2
		}
	}' >networks
	[ "$(wc -l <networks)" -gt 40 ]
	models <networks
}

@test 'each operator of net text, behind layers that are flat or not, has them too' {
	need_onnxruntime
	cat >norms.net <<-'E'
		net norms
		input 3 13 12
		n0 = groupnorm input g1
		c1 = conv n0 8 k3 p2 d2
		n1 = groupnorm c1 g4
		x1 = leakyrelu n1 slope=0.2
		c2 = conv x1 8 k3 s2 p3 d3 g8
		n2 = bn c2 plain eps=0.01
		x2 = gelu n2
		m2 = maxpool x2 k3 s2 p1
		v2 = avgpool m2 k3 s1 p1
		p2 = padch v2 12 s2
		a2 = adaptpool p2 k3
		c3 = conv a2 12 k2 p1 g4 bias
		n3 = groupnorm c3 g3 eps=0.001 plain
		x3 = tanh n3
		d3 = dropout x3 0.5
		g3 = gap d3
		f1 = linear g3 10 bias
		s1 = sigmoid f1
		m1 = mul f1 s1
		h1 = hardswish m1
		r1 = relu6 h1
		y1 = relu h1
		b1 = bn y1
		j1 = concat r1 y1
		k1 = concat j1 b1
		c4 = conv k1 10 k1
		f2 = linear k1 10
		q4 = add c4 f2
		f3 = linear q4 10 bias
		u3 = silu f3
		o3 = mul c4 u3
		p3 = dropconnect o3 0.1
		one = add p3 f3
		output one
	E
	cat >unused.net <<-'E'
		net unused
		input 1 28 28
		p = conv input 2 k5 s4 bias
		q = relu p
		aux = linear q 7
		f = linear q 10
		r = relu f
		unused aux
		output r
	E
	sed 's/ 7 bias/ 10 bias/' "$ROOT/examples/lenet-own.net" >own.net
	cp "$ROOT/examples/depthwise.net" "$ROOT/examples/two-branches.net" .
	everything
	models <<-'E'
		3x13x12 10 ./norms.net
		1x28x28 10 ./unused.net
		3x48x64 10 ./own.net
		1x28x28 10 ./depthwise.net
		3x8x8 4 ./n.net
	E
}

@test 'a network that lt-slim has cut, and a trained state, have them too' {
	need_onnxruntime
	# The images of onnx_models.py, so that their normalization is recorded.
	synth d 5 10 1x28x28
	lt-init -o a.st lenet-300-100
	lt-prune -q -s 0.99 -o a.mask a.st
	lt-train -q -d d.data -e 1 -b 5 -m a.mask --save-state t.st -o t a.st
	lt-slim -m a.mask -o s.st t
	models <<-'E'
		1x28x28 10 = t.st
		1x28x28 10 = s.st
	E
}

# refused TEXT ARGUMENT...: in one line, and nothing is written.
refused() {
	local text=$1
	shift
	run -1 --separate-stderr to_onnx "$@"
	# shellcheck disable=SC2154
	[ "${#stderr_lines[@]}" = 1 ] && [ -z "$output" ]
	# shellcheck disable=SC2154
	[[ $stderr == "to_onnx: "*"$text"* ]] ||
		{ echo "found: $stderr" >&2; return 1; }
	[ ! -e x ] && [ ! -e x.part ]
}

@test 'a model is refused in one line where a checkpoint or a mask does not fit' {
	need python3
	lt-init -o a.st lenet5
	lt-init -o b.st lenet-300-100
	lt-init -o n.st --mean 0.5 --std 0.25 lenet5
	lt-prune -q -r 0.5 -o b.mask b.st
	lt-prune -q -r 0.5 -o a.mask a.st
	refused 'a.st: records no normalization, expected --mean and --std, or --normalized' a.st x
	refused "a.st: --mean: expected 1 numbers, found '1,2'" --mean 1,2 --std 1 a.st x
	refused 'a.st: a standard deviation is not above 0' --mean 1 --std 0 a.st x
	refused "b.mask: 'fc1.weight_mask' [300, 784] fits no weight of the checkpoint" \
		n.st x b.mask
	refused "n.st: 'conv1.bias' is no mask" n.st x n.st
	refused 'a.mask: not a checkpoint of lt' a.mask x
	refused 'none: No such file or directory' none x
	refused 'x/y: No such file or directory' n.st x/y
	head -c 3000 n.st >cut.st
	refused 'cut.st: damaged, or not a safetensors file' cut.st x
	echo text >text
	refused 'text: damaged, or not a safetensors file' text x
	sed 's/conv1 = conv input 6/conv1 = conv input 9/' n.st >changed.st
	refused 'changed.st: damaged, or rewritten by another program' changed.st x
	lt-info --reseal -o wrong.st changed.st
	refused "wrong.st: has no tensor 'conv1.weight' [9, 1, 5, 5] of float32" wrong.st x
	run -2 --separate-stderr to_onnx --separate n.st x
	[[ $stderr == *'--separate needs a mask' ]]
	to_onnx n.st model.onnx a.mask
	to_onnx n.st again.onnx a.mask
	same model.onnx again.onnx
	[ ! -e model.onnx.part ]
}
