load common

@test 'a built-in network is initialized, and its text is in the checkpoint' {
	lt-init -o a.safetensors resnet20
	lt-info --net a.safetensors > a.net
	lt-init --print resnet20 | cmp - a.net
	lt-info --check a.safetensors
}

@test 'the same seed gives the same bytes, another seed others' {
	lt-init --seed 3 -o a.safetensors lenet5
	lt-init --seed 3 --threads 2 -o b.safetensors lenet5
	lt-init --seed 4 -o c.safetensors lenet5
	same a.safetensors b.safetensors
	! cmp -s a.safetensors c.safetensors
}

@test 'a net text from a file, from standard input and built in are one' {
	lt-init --print lenet5 > own.net
	lt-init -o a.safetensors lenet5
	lt-init -o b.safetensors own.net
	lt-init -o c.safetensors - < own.net
	same a.safetensors b.safetensors c.safetensors
}

@test 'a checkpoint goes through a pipe' {
	lt-init -o - lenet5 | cat > a.safetensors
	lt-init -o b.safetensors lenet5
	same a.safetensors b.safetensors
}

@test 'classes, input, width and shortcut are honoured' {
	lt-init --print --classes 100 --input 1x28x28 --width 0.5 \
		--shortcut B resnet20 > a.net
	grep -qx 'input 1 28 28' a.net
	grep -qx 'linear = linear avgpool 100 bias' a.net
	grep -qx 'conv1 = conv input 8 k3 p1' a.net
	grep -q 'layer2.0.shortcut.0 = conv' a.net
}

@test '--data takes the classes and the shape of a data set' {
	lt-data synth -q --classes 7 --shape 1x20x24 --count 14 -o d.data
	lt-init --seed 2 --classes 7 --input 1x20x24 -o want.safetensors resnet20
	lt-init --seed 2 --data d.data -o a.safetensors resnet20
	same a.safetensors want.safetensors
	lt-init --print --data d.data --classes 5 lenet5 | grep -qx 'fc3 = linear relu_fc2 5 bias'
	run -65 lt-init --data want.safetensors -o b.safetensors resnet20
	[[ $output == "lt-init: want.safetensors: "* ]]
	lt-init --print lenet5 >own.net
	run -2 lt-init --data d.data -o b.safetensors own.net
	[ ! -e b.safetensors ]
}

# What PyTorch's modules are called and hold, line by line as --names has it.
conv() { printf '%s.weight\t%s\n' "$1" "$2"; }
bias() { printf '%s.bias\t%s\n' "$1" "$2"; }
bn() {
	printf "$1.%s\t$2\n" weight bias running_mean running_var
	printf "$1.num_batches_tracked\tscalar\n"
}

# resnet BLOCKS FIRST STEM SHORTCUT HEAD CLASSES
resnet() {
	local blocks in=$2 out=$2 stage i b
	read -ra blocks <<<"$1"
	conv conv1 "$2x3x$3"; bn bn1 "$2"
	for stage in "${!blocks[@]}"; do
		for ((i = 0; i < blocks[stage]; i++)); do
			b=layer$((stage + 1)).$i
			conv $b.conv1 "${out}x${in}x3x3"; bn $b.bn1 $out
			conv $b.conv2 "${out}x${out}x3x3"; bn $b.bn2 $out
			if [ "$4" ] && [ $in != $out ]; then
				conv $b.$4.0 "${out}x${in}x1x1"; bn $b.$4.1 $out
			fi
			in=$out
		done
		out=$((out * 2))
	done
	conv "$5" "$6x$in"; bias "$5" "$6"
}

# bottlenecks BLOCKS STEM SHORTCUT HEAD CLASSES WIDTH
bottlenecks() {
	local blocks in=64 w out stage i b
	read -ra blocks <<<"$1"
	conv conv1 "64x3x$2"; bn bn1 64
	for stage in "${!blocks[@]}"; do
		w=$(($6 << stage)) out=$((256 << stage))
		for ((i = 0; i < blocks[stage]; i++)); do
			b=layer$((stage + 1)).$i
			conv $b.conv1 "${w}x${in}x1x1"; bn $b.bn1 $w
			conv $b.conv2 "${w}x${w}x3x3"; bn $b.bn2 $w
			conv $b.conv3 "${out}x${w}x1x1"; bn $b.bn3 $out
			if [ $i = 0 ]; then
				conv $b.$3.0 "${out}x${in}x1x1"; bn $b.$3.1 $out
			fi
			in=$out
		done
	done
	conv "$4" "$5x2048"; bias "$4" "$5"
}

# features BN CHANNELS|M...: BN is 0 or 1
features() {
	local bn=$1 in=3 at=0 out
	shift
	for out; do
		if [ "$out" != M ]; then
			conv features.$at "${out}x${in}x3x3"; bias features.$at "$out"
			[ $bn = 0 ] || bn features.$((at + 1)) "$out"
			at=$((at + 1 + bn)) in=$out
		fi
		at=$((at + 1))
	done
}

mobilenet() {
	local in=32 at=0 out
	conv conv1 32x3x3x3; bn bn1 32
	for out in 64 128 128 256 256 512 512 512 512 512 512 1024 1024; do
		conv layers.$at.conv1 "${in}x1x3x3"; bn layers.$at.bn1 $in
		conv layers.$at.conv2 "${out}x${in}x1x1"; bn layers.$at.bn2 $out
		at=$((at + 1)) in=$out
	done
	conv linear 10x1024; bias linear 10
}

efficientnet() {
	local in=32 at=0 c q b spec out k
	conv conv1 32x3x3x3; bn bn1 32
	for spec in 16,3 24,3 24,3 40,5 40,5 80,3 80,3 80,3 112,5 112,5 112,5 \
		192,5 192,5 192,5 192,5 320,3; do
		out=${spec%,*} k=${spec#*,} b=layers.$at
		c=$((at ? 6 * in : in)) q=$((in / 4))
		conv $b.conv1 "${c}x${in}x1x1"; bn $b.bn1 $c
		conv $b.conv2 "${c}x1x${k}x$k"; bn $b.bn2 $c
		conv $b.se.se1 "${q}x${c}x1x1"; bias $b.se.se1 $q
		conv $b.se.se2 "${c}x${q}x1x1"; bias $b.se.se2 $c
		conv $b.conv3 "${out}x${c}x1x1"; bn $b.bn3 "$out"
		at=$((at + 1)) in=$out
	done
	conv linear 10x320; bias linear 10
}

# pnasnet CHANNELS KERNELS REDUCES
pnasnet() {
	local in=$1 out=$1 b i k
	conv conv1 "$1x3x3x3"; bn bn1 "$1"
	for b in layer1.{0..5} layer2 layer3.{0..5} layer4 layer5.{0..5}; do
		[ "${b/./}" != $b ] || out=$((out * 2))
		i=0
		for k in $2; do
			i=$((i + 1))
			conv $b.sep_conv$i.conv1 "${out}x1x${k}x$k"
			bn $b.sep_conv$i.bn1 "$out"
		done
		if [ $in != $out ]; then
			conv $b.conv1 "${out}x${in}x1x1"; bn $b.bn1 "$out"
		fi
		if [ "$3" ]; then
			conv $b.conv2 "${out}x$((2 * out))x1x1"; bn $b.bn2 "$out"
		fi
		in=$out
	done
	conv linear "10x$in"; bias linear 10
}

# named EXPECTED OPTIONS: --names says what EXPECTED, a command, writes.
named() {
	local expected=$1
	shift
	lt-init --names "$@" | diff <(printf 'name\tshape\n'; $expected) -
}

@test 'state dicts have the names and shapes of those in public use' {
	idelbayev() { resnet '3 3 3' 16 3x3 '' linear 10; }
	named idelbayev resnet20
	idelbayev_b() { resnet '9 9 9' 16 3x3 shortcut linear 100; }
	named idelbayev_b --shortcut B --classes 100 resnet56
	prac() { resnet '5 5 5' 16 3x3 downsample fc 10; }
	named prac --shortcut B --form torchvision resnet32
	kuangliu() { resnet '2 2 2 2' 64 3x3 shortcut linear 10; }
	named kuangliu resnet18
	kuangliu50() { bottlenecks '3 4 6 3' 3x3 shortcut linear 10 64; }
	named kuangliu50 resnet50
	torchvision34() { resnet '3 4 6 3' 64 7x7 downsample fc 1000; }
	named torchvision34 --form torchvision resnet34
	torchvision50() { bottlenecks '3 4 6 3' 7x7 downsample fc 200 64; }
	named torchvision50 --form torchvision --classes 200 \
		--input 3x64x64 resnet50
	wide() { bottlenecks '3 4 6 3' 7x7 downsample fc 1000 128; }
	named wide --form torchvision wide_resnet50_2
	vgg() {
		features 1 64 64 M 128 128 M 256 256 256 M \
			512 512 512 M 512 512 512 M
		conv classifier 10x512; bias classifier 10
	}
	named vgg vgg16_bn
	vgg11() {
		features 0 64 M 128 M 256 256 M 512 512 M 512 512 M
		conv classifier.0 4096x25088; bias classifier.0 4096
		conv classifier.3 4096x4096; bias classifier.3 4096
		conv classifier.6 1000x4096; bias classifier.6 1000
	}
	named vgg11 --form torchvision vgg11
	named mobilenet mobilenetv1
	named efficientnet efficientnet_b0
	pnasnet_a() { pnasnet 44 7; }
	named pnasnet_a pnasnet_a
	pnasnet_b() { pnasnet 32 '7 3 5' reduces; }
	named pnasnet_b pnasnet_b
}

@test '--names is the list of tensors of the checkpoint' {
	for net in lenet5 resnet20 efficientnet_b0; do
		lt-init -o a.safetensors $net
		lt-info --tsv a.safetensors | awk -F '\t' 'NR > 1 {
			print $1 "\t" $3 }' | sort > want
		lt-init --names $net | tail -n +2 | sort | cmp - want
		lt-init --names -o own.tsv $net
		lt-init --names $net | cmp - own.tsv
	done
}

@test 'every built-in network of the list can be initialized' {
	lt-init --list | awk -F '\t' '$1 == "network" { print $2 }' > names
	[ "$(wc -l < names)" -ge 29 ]
	while read -r name; do
		lt-init --width 0.25 -o "$name.safetensors" "$name"
	done < names
	for init in $(lt-init --list | awk -F '\t' '$1 == "init" { print $2 }'); do
		lt-init --init "$init" -o "$init.safetensors" resnet20
	done
}

@test 'a network of 25 million parameters is initialized in no time' {
	lt-init --form torchvision --threads 1 -o a.safetensors resnet50
	need_no_sanitizer
	command -v /usr/bin/time >/dev/null || skip 'time is not installed'
	/usr/bin/time -o used -f '%U %S' lt-init --form torchvision \
		-o b.safetensors resnet50
	same a.safetensors b.safetensors
	awk '{ exit !($1 + $2 < 2) }' used
}

@test 'the networks of examples/ and of lt-net(5) are the same, and train' {
	cp "$ROOT"/examples/*.net .
	examples lt-net.5
	local net
	for net in *.net; do
		lt-init -o "$net.safetensors" "./$net"
		shape=$(awk '$1 == "input" { print $2 "x" $3 "x" $4 }' "$net")
		classes=$(lt-info "$net" | awk '$1 == "classes" { print $2 }')
		synth "$net" 64 "$classes" "$shape"
		lt-train -q -d "$net.data" -e 1 -b 16 --lr 0.01 --log log.tsv \
			-o trained.safetensors "$net.safetensors"
		lt-info --check trained.safetensors
		awk 'END { exit !($4 > 1 && $4 < 3) }' log.tsv
	done
}

@test 'wrong net text is refused with line and column' {
	printf 'net x\ninput 1 8 8\na = conv input 3\n' > bad.net
	refuses 65 "bad.net:3:17: 'conv' needs a size" lt-init -o x bad.net
	refuses 65 'standard input' lt-init -o x - < /dev/null
	printf 'net x\0' > nul.net
	refuses 65 'NUL' lt-init -o x nul.net
	# Cut off, this is another network: fc1 alone.
	printf '%s\n' 'net cut' 'input 1 2 2' 'fc1 = linear input 3' 'fc12 = linear fc1 2' \
		'output fc12' | head -c -2 >cut.net
	refuses 65 'cut.net: truncated: the last line has no newline' lt-init -o x cut.net
	refuses 65 'standard input: truncated' lt-init -o x - < cut.net
	refuses 65 'truncated' lt-info cut.net
	refuses 65 'truncated' lt-train -d x -o y --net ./cut.net z
	refuses 74 'none.net' lt-init -o x none.net
	[ ! -e x ]
}

@test 'nonsense on the command line is refused' {
	refuses 2 'no built-in network' lt-init -o x resnet21 --form torchvision
	refuses 2 'expected one network' lt-init -o x
	refuses 2 'expected CxHxW' lt-init -o x --input 3x32 resnet20
	refuses 2 "expected A|B, found 'C'" lt-init -o x --shortcut C resnet20
	refuses 2 'no choice of shortcuts' lt-init -o x --shortcut B lenet5
	refuses 2 'no form torchvision' lt-init -o x --form torchvision conv2
	refuses 2 "expected cifar|torchvision, found 'x'" \
		lt-init -o x --form x resnet18
	refuses 2 'no biases' lt-init -o x --no-bias resnet18
	refuses 2 'exclude each other' lt-init --names --print resnet18
	refuses 2 "did you mean 'resnet18'?" lt-init -o x resnet81
	refuses 2 'no initialization' lt-init -o x --init zero lenet5
	refuses 2 '--width' lt-init -o x --width 0 lenet5
	refuses 2 '--width' lt-init -o x --width 1e30 lenet5
	refuses 2 '-o FILE' lt-init lenet5
	lt-init --print lenet5 > a.net
	refuses 2 'for built-in networks' lt-init -o x --classes 3 ./a.net
	[ ! -e x ]
}

@test 'a full device is reported and nothing is left' {
	refuses 74 '/dev/full' lt-init -o /dev/full lenet5
	run -74 bash -c 'lt-init --print lenet5 > /dev/full'
	run -74 bash -c 'lt-init --list > /dev/full'
	no_strays
}

@test 'the examples of the manual page run' {
	examples lt-init
}

# size FIELD CHECKPOINT
size() { lt-info "$2" | sed -n "s/^$1\t//p"; }

@test 'the width of a number of parameters or of multiply-adds, by hand' {
	# 784-300-100-10: with a and b units in the hidden layers there are 785 a +
	# (a + 1) b + 10 (b + 1) parameters: 23,970 of 30 and 10 units, and 24,765
	# of 31 and 10, the next width up.
	for n in 23970:23970 24000:23970 24367:23970 24368:24765 24765:24765; do
		lt-init --params "${n%:*}" -o a.st lenet-300-100
		[ "$(size parameters a.st)" = "${n#*:}" ]
	done
	# 784 a + a b + 10 b multiply-adds: 23,920 and 24,714.
	for n in 24317:23920 24318:24714; do
		lt-init --macs "${n%:*}" -o a.st lenet-300-100
		[ "$(size multiply_adds a.st)" = "${n#*:}" ]
	done
	# The number that a width gives finds it again, and the nearest is taken.
	for w in 0.25 0.5 1 2; do
		for net in resnet20 lenet5 vgg16; do
			lt-init --width $w -p $net > want
			n=$(lt-init --width $w -o a.st $net && size parameters a.st)
			lt-init --params "$n" -p $net | cmp - want
			lt-init --params $((n + 1)) -p $net | cmp - want
			n=$(size multiply_adds a.st)
			lt-init --macs "$n" -p $net | cmp - want
		done
	done
	run -2 lt-init --params 1 -o x lenet5
	[[ $output == *'the narrowest lenet5 has 100 parameters, expected a network of 1'* ]]
	refuses 2 'the widest lenet5 has' lt-init --params 99999999999999 -o x lenet5
	refuses 2 '--width, --params and --macs exclude' lt-init --params 9 --macs 9 -o x lenet5
	lt-init -p lenet5 > t.net
	refuses 2 '--params is for built-in networks; edit ./t.net' lt-init --params 900 -o x ./t.net
	no_strays
}

@test 'only the signs of weights, by hand' {
	command -v python3 > /dev/null || skip 'python3 is not installed'
	printf '%s\n' 'net t' 'input 1 2 2' 'c = conv input 2 k1 bias' 'b = bn c' \
		'f = linear b 3' 'output f' > t.net
	lt-init --seed 4 --mean 0.5 --std 0.25 -o a.st ./t.net
	lt-init --signs -o b.st a.st
	by_hand - <<-'END'
	import math, struct
	from tensors import tensors
	ma, a = tensors("a.st")
	mb, b = tensors("b.st")
	for k in "lt.net", "lt.mean", "lt.std", "lt.seed":
	    assert ma[k] == mb[k], k
	assert "signs" in mb["lt.history"]
	for k in a:
	    if k not in ("c.weight", "f.weight"):
	        assert repr(a[k]) == repr(b[k]), k
	        continue
	    u = a[k]
	    s = struct.unpack("f", struct.pack("f", math.sqrt(sum(v * v for v in u) / len(u))))[0]
	    assert b[k] == [math.copysign(s, v) for v in u], k
	END
	for o in '--seed 1' '--width 2' '--init vgg' '--data d' '--params 3'; do
		refuses 2 '--signs takes no --' lt-init --signs $o -o x a.st
	done
	refuses 65 't.net' lt-init --signs -o x ./t.net
	refuses 2 'expected one network, found 0' lt-init --signs -o x
}

# A network of 4 classes, trained on 60 images.
pretrained() {
	synth a 60 4 1x12x12
	lt-init --input 1x12x12 --classes 4 --width 0.5 --seed 2 -o 0.st resnet8-demo
	lt-train -q -d a.data -e 2 -b 20 --schedule constant -o w.st \
		--save-state w.state 0.st
}

@test '--head keeps all of a trained network but its last layer' {
	pretrained
	lt-init --from w.st --head 7 --seed 5 -o 7.st
	lt-init --input 1x12x12 --classes 7 --width 0.5 --seed 5 -o new.st resnet8-demo
	by_hand - <<-'END'
		from tensors import tensors
		(mw, w), (m7, b), (mn, n) = (tensors(f) for f in ("w.st", "7.st", "new.st"))
		assert list(b) == list(w) == list(n)
		for k in w:
		    assert b[k] == (n if k.startswith("linear.") else w)[k], k
		assert len(b["linear.weight"]) == 7 * 32
		assert m7["lt.net"] == mn["lt.net"]
		assert m7["lt.mean"] == mw["lt.mean"] and m7["lt.seed"] == "5"
		assert m7["lt.history"].startswith(mw["lt.history"][:-1] + ",")
		crc = mw["lt.crc32"]
		assert f'"from":"{crc}","head":"7","init":"kaiming-normal-in","seed":"5"' \
		    in m7["lt.history"]
	END
	# A state has the same weights; --init draws the layer in another way.
	lt-init --from w.state --head 7 --seed 5 -o s.st
	cmp <(lt-info --tsv 7.st) <(lt-info --tsv s.st)
	lt-init --from w.st --head 7 --seed 5 --init glorot-normal -o x.st
	[ "$(diff <(lt-info --tsv 7.st) <(lt-info --tsv x.st) | grep -c '^>.*linear')" -ge 1 ]
}

@test '--head takes a file of another program with the network that it names' {
	pretrained
	by_hand - <<-'END'
		import json, struct
		b = open("w.st", "rb").read()
		n, = struct.unpack("<Q", b[:8])
		h = json.loads(b[8:8 + n])
		del h["__metadata__"]
		t = json.dumps(h).encode()
		open("foreign", "wb").write(struct.pack("<Q", len(t)) + t + b[8 + n:])
	END
	local net=(--input 1x12x12 --width 0.5 resnet8-demo)
	lt-init --from foreign --head 7 --seed 5 --classes 4 -o f.st "${net[@]}"
	lt-init --from w.st --head 7 --seed 5 -o 7.st
	cmp <(lt-info --tsv 7.st) <(lt-info --tsv f.st)
	refuses 65 'foreign: contains no network (lt.net), and none is given' \
		lt-init --from foreign --head 7 -o x
	want="foreign: 'linear.weight' is F32 [4,32], expected F32 [10,32], because it was"
	refuses 65 "$want trained for another number of classes" \
		lt-init --from foreign --head 7 -o x "${net[@]}"
}

@test 'a ticket of a pretrained network moves to another data set' {
	pretrained
	synth b 60 7 1x12x12
	lt-prune -q -r 0.5 --exclude last -o t.mask w.st
	lt-init --from w.st --head 7 --seed 5 -o 7.st
	lt-train -q -d b.data -e 2 -b 20 --schedule constant -m t.mask \
		--freeze layer1 --lr-scale last:10 -o moved.st 7.st
	by_hand - <<-'END'
		from tensors import tensors
		m, w, t = (tensors(f)[1] for f in ("t.mask", "w.st", "moved.st"))
		assert "linear.weight_mask" not in m and all(t["linear.weight"])
		for k in m:
		    v = t[k.removesuffix("_mask")]
		    assert all(x == 0 for x, keep in zip(v, m[k]) if not keep)
		k = "layer1.0.conv1.weight"
		assert t[k] == [x * keep for x, keep in zip(w[k], m[k + "_mask"])]
	END
	# A mask that has the last layer does not fit.
	lt-prune -q -r 0.5 -o all.mask w.st
	refuses 65 'all.mask' lt-train -q -d b.data -e 2 -m all.mask -o x 7.st
}

@test '--from a checkpoint begins with its weights, for images and classes of a data set' {
	pretrained
	# Nothing but the point of the schedule changes.
	lt-init --from w.st --seed 5 -o same.st
	lt-init --from w.state -o state.st
	cmp <(lt-info --tsv w.st) <(lt-info --tsv same.st)
	cmp <(lt-info --tsv w.st) <(lt-info --tsv state.st)
	cmp <(lt-info --net w.st) <(lt-info --net same.st)
	[ "$(lt-info --meta lt.epoch w.st) $(lt-info --meta lt.epoch same.st)" = '2 0' ]
	[ "$(lt-info --meta lt.seed w.st)" = "$(lt-info --meta lt.seed same.st)" ]
	[ "$(lt-info --meta lt.mean w.st)" = "$(lt-info --meta lt.mean same.st)" ]
	# The data set has 7 classes and images of 1x16x20.
	synth b 60 7 1x16x20
	lt-init --from w.st --data b.data --seed 5 -o b.st
	lt-init --from w.st --head 7 --seed 5 -o 7.st
	cmp <(lt-info --tsv 7.st) <(lt-info --tsv b.st)
	lt-info --net 7.st | sed 's/^input .*/input 1 16 20/' | cmp - <(lt-info --net b.st)
	lt-train -q -d b.data -e 1 -b 20 --schedule constant -o t.st b.st
	# --head and --input replace the data set's.
	lt-init --from w.st --data b.data --head 9 --input 1x24x24 --seed 5 -o 9.st
	lt-init --from w.st --head 9 --seed 5 -o want.st
	cmp <(lt-info --tsv want.st) <(lt-info --tsv 9.st)
	[ "$(lt-info --net 9.st | grep '^input ')" = 'input 1 24 24' ]
	# A layer whose weights depend on the images.
	lt-init --input 1x12x12 --classes 4 -o l.st lenet-300-100
	lt-init --from l.st --head 7 -o m.st
	want="network lenet-300-100: 7 classes and images of 1x16x20 change the shape of"
	want+=" 'fc1.weight', not only that of the last layer; expected images like those of"
	refuses 65 "$want its training, 1x12x12" lt-init --from l.st --data b.data -o x
	refuses 65 "images of 3x12x12 change the shape of 'conv1.weight'" \
		lt-init --from w.st --input 3x12x12 -o x
	[ ! -e x ]
	no_strays
}

@test 'wrong uses of --head are refused' {
	pretrained
	local o
	for o in '--classes 7' '--width 2' '--params 100' '--macs 100' '--shortcut B' \
		'--form cifar' --no-bias; do
		# shellcheck disable=SC2086
		refuses 2 "--from without NET takes no ${o%% *}" \
			lt-init --from w.st --head 7 $o -o x
	done
	refuses 2 '--init without a new last layer' lt-init --from w.st --init vgg -o x
	refuses 65 '65536' lt-init --from w.st --head 65537 -o x
	refuses 2 '--head needs --from' lt-init --head 7 -o x resnet8-demo
	refuses 2 'w.st: contains its network; expected no NET' \
		lt-init --from w.st --head 7 -o x resnet8-demo
	printf 'net t\ninput 1 12 12\ng = gap input\nf = linear g 4\nb = bn f\noutput b\n' > t.net
	lt-init -o t.st ./t.net
	refuses 65 'network t: expected a convolution or linear layer that makes the logits, found none' \
		lt-init --from t.st --head 7 -o x
	printf 'net t\ninput 1 12 12\nc = conv input 4 k3\nr = relu c\nd = gap r\noutput d\n' > t.net
	lt-init -o t.st ./t.net
	lt-init --from t.st --head 7 -o u.st
	[ "$(lt-info --net u.st | grep conv)" = 'c = conv input 7 k3' ]
	[ ! -e x ]
	no_strays
}
