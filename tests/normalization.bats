# A network is trained and judged under the normalization that its weights were
# trained with.  Expected values are worked out by hand.
load common
load workflow

# Four images of one pixel, 0.4, 0.6, 1, 1, of the classes 0 1 1 1; their mean is
# 0.75, their deviation sqrt(0.0675).  w.safetensors is a file from elsewhere
# with the logits (0, x): class 1 where the normalized pixel is above 0.
#	by mean 0.5, std 0.25: x = -0.4 0.4 2 2, all right, and the loss is
#	(2 ln(1 + e^-0.4) + 2 ln(1 + e^-2)) / 4 = 0.319972
#	by the set's own: the second is below the mean, 75 % are right
setup() {
	lt_setup
	printf '\0\0\010\3\0\0\0\4\0\0\0\1\0\0\0\1\146\231\377\377' >images
	printf '\0\0\010\1\0\0\0\4\0\1\1\1' >labels
	lt-data pack -q -o set.data images labels
	foreign w.safetensors fc.weight:2,1:0,1 fc.bias:2:0,0
	printf '%s\n' 'net point' 'input 1 1 1' 'fc = linear input 2 bias' \
		'output fc' >n.net
	lt-init --from w.safetensors --mean 0.5 --std 0.25 -o own.st ./n.net
	lt-init --from w.safetensors -o none.st ./n.net
}

# foreign FILE NAME:SHAPE:VALUES...: safetensors without metadata, float32.
foreign() {
	need python3
	python3 - "$@" <<-'END'
	import json, struct, sys
	header, data = {}, b""
	for a in sys.argv[2:]:
	    name, shape, values = a.split(":")
	    v = [float(x) for x in values.split(",")]
	    at = len(data)
	    data += struct.pack("<%df" % len(v), *v)
	    header[name] = {"dtype": "F32", "shape": [int(n) for n in shape.split(",")],
	                    "data_offsets": [at, len(data)]}
	text = json.dumps(header).encode()
	with open(sys.argv[1], "wb") as f:
	    f.write(struct.pack("<Q", len(text)) + text + data)
	END
}

# norm FILE...: "MEAN STD" of each, each kind once.
norm() {
	local f
	for f; do
		lt-info --meta lt.mean --meta lt.std "$f" | xargs
	done | sort -u
}

# one_step OUT INPUT [OPTION...]: a step at rate 0, which leaves the weights.
one_step() {
	local out=$1 in=$2
	shift 2
	lt-train -q -d set.data -e 1 --milestones 0 -b 4 --lr 0 --log "$out.log" \
		--val-data set.data -o "$out" "$@" "$in"
}

# scores LOG LOSS ACCURACY: of the last epoch, training and validation alike.
scores() {
	awk -F '\t' -v loss="$2" -v acc="$3" '
	function near(a, b) { return a - b < 2e-6 && b - a < 2e-6 }
	END { exit !(near($4, loss) && near($6, loss) &&
		near($5, acc) && near($7, acc)) }' "$1"
}

top1() { cut -f 3 | tail -n 1; }

@test "lt-train goes on under the normalization of its checkpoint" {
	[ "$(norm set.data)" = '0.75 0.259807616' ]
	one_step 1.st own.st --best b.st --save-epochs 0,1 --save-states 1 \
		--save-prefix e- --save-state s.st
	scores 1.st.log 0.319971625 100
	[ "$(norm 1.st b.st e-0.safetensors e-1.safetensors s.st \
		e-1.state.safetensors)" = '0.5 0.25' ]
	[ "$(lt-eval -q -d set.data 1.st | top1)" = 100 ]
	# A checkpoint that was trained hands it on, a state too.
	one_step 2.st 1.st
	scores 2.st.log 0.319971625 100
	lt-train -q -d set.data -e 1 --milestones 0 -b 4 --lr 0 \
		--val-data set.data -o 3.st s.st
	[ "$(norm 2.st 3.st)" = '0.5 0.25' ]
}

# x = (0.4, 0.6, 1, 1) less 0.75, by 0.259807616: -1.347151 -0.577350 0.962250
# twice; losses ln(1 + e^-1.347151) = 0.230947, ln(1 + e^0.577350) = 1.022782,
# ln(1 + e^-0.962250) = 0.323703 twice.
@test "weights that carry none are trained under the data set's" {
	one_step 1.st none.st
	scores 1.st.log 0.475284 75
	[ "$(norm 1.st)" = '0.75 0.259807616' ]
	refuses 65 'lt.mean' lt-info --meta lt.mean none.st
}

@test "--mean and --std go before the checkpoint's own, each alone too" {
	one_step 1.st own.st --mean 0.75 --std 0.259807616
	scores 1.st.log 0.475284 75
	one_step 2.st none.st --mean 0.5 --std 0.25
	scores 2.st.log 0.319971625 100
	# x = 4 times (-0.35, -0.15, 0.25, 0.25).
	one_step 3.st own.st --mean 0.75
	[ "$(norm 3.st)" = '0.75 0.25' ]
	scores 3.st.log "$(awk 'BEGIN { print((log(1 + exp(-1.4)) + \
		log(1 + exp(0.6)) + 2 * log(1 + exp(-1))) / 4) }')" 75
}

@test "one line says so where it is not the data set's, and none where it is" {
	local t line='own.st: images are normalized by mean 0.5, std 0.25; the data set set.data has mean 0.75, std 0.259807616'
	lt-prune -q -r 0.5 --method random -o m.mask own.st
	one_step 1.st none.st
	while read -r t; do
		run -0 --separate-stderr $t own.st
		[ "$(grep -cF "$line" <<<"$stderr")" = 1 ] || {
			echo "$t: $stderr" >&2
			return 1
		}
		run -0 --separate-stderr $t 1.st
		[[ $stderr != *normalized* ]]
		run -0 --separate-stderr $t none.st
		[[ $stderr != *normalized* ]]
	done <<-'END'
		lt-train -d set.data -e 1 --milestones 0 -b 4 --lr 0 -o 2.st
		lt-eval -d set.data
		lt-disagree -d set.data --mask-b m.mask
		lt-trajectory -d set.data --arcs 1 --projection none
		lt-prune -d set.data -r 0.5 --method snip -o 2.mask
	END
	[ -z "$(lt-eval -q -d set.data own.st 2>&1 >2.tsv)" ]
	lt-eval -d set.data --mean 0.75 --std 0.259807616 own.st 2>err >2.tsv
	[ ! -s err ]
}

@test "a run's fingerprint covers it" {
	one_step 1.st own.st --save-state s.st
	one_step 2.st own.st --mean 0.75 --std 0.259807616
	[ "$(lt-info --meta lt.config 1.st)" != "$(lt-info --meta lt.config 2.st)" ]
	one_step 3.st own.st --mean 0.5 --std 0.25
	[ "$(lt-info --meta lt.config 1.st)" = "$(lt-info --meta lt.config 3.st)" ]
	refuses 65 'mean=0.5 in the state, mean=0.75 in this run' lt-train -q -d set.data -e 1 \
		--milestones 0 -b 4 --lr 0 --val-data set.data -o 4.st \
		--mean 0.75 s.st
}

@test "lt-disagree takes each network under its own" {
	# Only 0.6 is between 0.5 and 0.75.
	[ "$(lt-disagree -q -d set.data own.st none.st)" = 0000001 ]
}

# The same pixels in a set whose own normalization is the checkpoint's.
@test "criteria and trajectories on data use it" {
	local m
	synth a 40 4 3x8x8
	synth b 40 4 3x8x8 --mean 0.1,0.4,0.9 --std 0.5,0.1,0.2
	lt-init --seed 1 -o n.st --input 3x8x8 --classes 4 --width 0.5 resnet8-demo
	lt-init --seed 1 -o o.st --input 3x8x8 --classes 4 --width 0.5 \
		--mean 0.1,0.4,0.9 --std 0.5,0.1,0.2 resnet8-demo
	for m in snip grasp; do
		lt-prune -q -r 0.8 --method $m -d a.data -o o.mask o.st
		lt-prune -q -r 0.8 --method $m -d b.data -o n.mask n.st
		lt-prune -q -r 0.8 --method $m -d a.data -o x.mask n.st
		[ "$(lt-hamming --within 0 o.mask n.mask)" ]
		run -1 lt-hamming --within 0 o.mask x.mask
	done
	same <(lt-trajectory -q -d a.data --arcs 2 o.st | cut -f 2-) \
		<(lt-trajectory -q -d b.data --arcs 2 n.st | cut -f 2-)
}

@test "lt-init writes it, with weights of its own too, and half of it is refused" {
	need python3
	lt-init --mean 0.5 --std 0.25 -o 1.st ./n.net
	[ "$(norm 1.st)" = '0.5 0.25' ]
	refuses 2 'together' lt-init --mean 0.5 -o x ./n.net
	refuses 2 'checkpoint' lt-init --mean 0.5 --std 1 --print ./n.net
	refuses 2 'expected 1 numbers' lt-init --mean 1,2 --std 1,2 -o x ./n.net
	# A file that has one of the two was made by no program of this suite.
	python3 - <<-'END'
	b = bytearray(open("own.st", "rb").read())
	at = b.index(b'"lt.std"')
	b[at:at + 8] = b'"lt.sxd"'
	open("half.st", "wb").write(b)
	END
	lt-info --reseal -o half2.st half.st
	refuses 65 'contains only lt.mean' one_step x half2.st
	[ ! -e x ]
}

@test "a make that imports weights ends with checkpoints of their normalization" {
	need python3
	local f n=0
	tiny_net tiny 8 >tiny.net
	lt-init --seed 5 -o t.st ./tiny.net
	python3 - <<-'END'
	import json, struct
	b = open("t.st", "rb").read()
	n, = struct.unpack("<Q", b[:8])
	h = json.loads(b[8:8 + n])
	del h["__metadata__"]
	text = json.dumps(h).encode()
	open("t.safetensors", "wb").write(struct.pack("<Q", len(text)) + text + b[8 + n:])
	END
	make -f "$ROOT/pipelines/imp.mk" V=0 OUT=runs DATA=synth \
		SYNTH='--classes 4 --shape 1x8x8' SYNTH_TRAIN=100 SYNTH_TEST=50 \
		VAL=20 ARCH=./tiny.net EPOCHS=1 MILESTONES=1 BATCH=32 \
		AUGMENT=none RATE=0.3 ROUNDS=1 \
		NET_OPTIONS='--from t.safetensors --mean 0.25 --std 0.125' >log 2>&1 ||
		{ cat log >&2; return 1; }
	for f in $(find runs -name '*.safetensors' ! -name '*.mask.*'); do
		[ "$(norm "$f")" = '0.25 0.125' ] || { echo "$f" >&2; return 1; }
		n=$((n + 1))
	done
	# theta0, and last and best of the dense run and of the one round.
	[ "$n" = 5 ]
	[ "$(norm runs/synth/train.data)" != '0.25 0.125' ]
}

# The same weights again would make the control equal to the search.
@test "new weights for a mask cannot come from a file" {
	tiny_net tiny 8 >tiny.net
	run -2 --separate-stderr make -n -f "$ROOT/pipelines/reinit.mk" OUT=runs \
		DATA=synth ARCH=./tiny.net ROUNDS=1 NET_OPTIONS='--from t.safetensors'
	[[ $stderr == *'reinit needs weights of a new seed'* ]]
}
