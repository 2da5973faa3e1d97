load common

setup() {
	lt_setup
	lt-init --seed 1 -o a.safetensors lenet5
}

kept() {
	lt-info --meta lt.kept "$1"
}

@test 'each round removes exactly its share, nested' {
	local m=() left=61470
	for r in 1 2 3 4 5; do
		lt-prune -r 0.2 "${m[@]}" -o "$r.mask" a.safetensors
		left=$(awk -v n=$left 'BEGIN { k = n * 0.2; f = int(k)
			d = k - f
			print n - f - (d > 0.5 || (d == 0.5 && f % 2)) }')
		[ "$(kept "$r.mask")" = "$left" ]
		m=(-m "$r.mask")
	done
	# Nested: what lies between two masks is just what was removed.
	[ "$(lt-hamming --norm count 1.mask 5.mask)" = \
		$(($(kept 1.mask) - $(kept 5.mask))) ]
}

@test 'rate 0 is the identity, rate 1 removes all and says so' {
	lt-prune -r 0 -o all.mask a.safetensors
	[ "$(kept all.mask)" = 61470 ]
	lt-prune -r 0.5 -o half.mask a.safetensors
	lt-prune -r 0 -m half.mask -o same.mask a.safetensors
	[ "$(lt-hamming half.mask same.mask)" = 0 ]
	run --separate-stderr lt-prune -r 1 -o none.mask a.safetensors
	[ "${#stderr_lines[@]}" = 6 ]
	[[ ${stderr_lines[5]} == *'236 of 236 units are dead'* ]]
	[[ ${stderr_lines[0]} == *"'conv1.weight': all 150 weights are removed"* ]]
	[ "$(kept none.mask)" = 0 ]
	run --separate-stderr lt-prune -q -r 1 -o none.mask a.safetensors
	[ -z "$stderr" ]
}

@test 'a target sparsity is met; below the mask it is refused' {
	lt-prune -s 0.9 -o a.mask a.safetensors
	[ "$(kept a.mask)" = 6147 ]
	lt-prune -s 0.95 -m a.mask -o b.mask a.safetensors
	[ "$(kept b.mask)" = 3074 ]
	refuses 2 'the sparsity of the mask is 0.9 already' lt-prune -s 0.8 -m a.mask -o c.mask a.safetensors
	lt-prune -s 0.5 --layers linear -o d.mask a.safetensors
	refuses 2 'd.mask: fc1.weight: the sparsity of the mask is 0.' \
		lt-prune -s 0.1 --method magnitude-layer --layers linear -m d.mask -o c.mask a.safetensors
	refuses 2 'a.safetensors: conv1.weight: with 1 of 2 weights left the sparsity is at most 0,' \
		lt-prune -s 0.1 --method magnitude-layer --nm 1:2 -o c.mask a.safetensors
	[ ! -e c.mask ]
}

@test 'layers are chosen by kind and excluded by name' {
	lt-prune -r 0.5 --layers conv -o c.mask a.safetensors
	[ "$(lt-info --meta lt.total c.mask)" = 2550 ]
	lt-prune -r 0.5 --exclude first,last -o e.mask a.safetensors
	[ "$(lt-info --meta lt.total e.mask)" = $((61470 - 150 - 840)) ]
	lt-prune -r 0.5 --exclude fc1,fc2.weight -o n.mask a.safetensors
	[ "$(lt-info --meta lt.total n.mask)" = $((61470 - 48000 - 10080)) ]
	refuses 2 "no layer 'fc9'" lt-prune -r 0.5 --exclude fc9 -o x a.safetensors
	refuses 2 "not 'bn'" lt-prune -r 0.5 --layers bn -o x a.safetensors
	refuses 65 "covers 'conv1.weight'" lt-prune -r 0.5 -m c.mask \
		--exclude first -o x a.safetensors
}

@test 'magnitude by layer leaves every layer its share' {
	lt-prune -r 0.5 --method magnitude-layer -o l.mask a.safetensors
	[ "$(kept l.mask)" = 30735 ]
	lt-prune -r 0.5 -o g.mask a.safetensors
	[ "$(lt-hamming l.mask g.mask)" != 0 ]
}

@test 'random pruning depends on the seed and not on the weights' {
	lt-init --seed 2 -o b.safetensors lenet5
	lt-prune -r 0.5 --method random --seed 5 -o a.mask a.safetensors
	lt-prune -r 0.5 --method random --seed 5 -o b.mask b.safetensors
	lt-prune -r 0.5 --method random --seed 6 -o c.mask a.safetensors
	[ "$(lt-hamming a.mask b.mask)" = 0 ]
	lt-hamming c.mask a.mask | awk '{ exit !($1 > 0.48 && $1 < 0.52) }'
}

# foreign FILE NAME SHAPE DTYPE HEX: safetensors of one tensor, no metadata.
foreign() {
	local n=$((${#5} / 2)) head
	head=$(printf '{"%s":{"dtype":"%s","shape":[%s],"data_offsets":[0,%d]}}' \
		"$2" "$4" "$3" $n)
	{
		printf "\\x$(printf %02x ${#head})\\0\\0\\0\\0\\0\\0\\0%s" "$head"
		printf "$(sed 's/../\\x&/g' <<< "$5")"
	} > "$1"
}

@test 'the zeros of a checkpoint are a mask, -0 too' {
	printf 'net t\ninput 1 1 3\nfc = linear input 2\noutput fc\n' > t.net
	# 1, 0, -0; the least subnormal, -2, 0.
	foreign w fc.weight 2,3 F32 \
		0000803f000000000000008001000000000000c000000000
	lt-prune --from-zeros --net ./t.net -o z.mask w
	[ "$(kept z.mask)" = 3 ]
	# Kept are 1, the subnormal and -2.
	foreign want fc.weight 2,3 BOOL 010000010100
	[ "$(lt-hamming z.mask want)" = 0 ]
	[ "$(lt-info --meta lt.method z.mask)" = zeros ]
	foreign w fc.weight 2,3 F32 \
		0000803f000000000000008001000000000000c00000c07f
	refuses 65 "w: 'fc.weight': expected finite values, found 1 of 6" \
		lt-prune --from-zeros --net ./t.net -o x w
	for o in '-r 0.1' '-s 0.1'; do
		refuses 2 'one of --rate, --sparsity, --from-zeros and --like' \
			lt-prune $o --from-zeros -o x a.safetensors
	done
	for o in '--method erk' '-m z.mask' '--steps 2' '--seed 1'; do
		refuses 2 '--from-zeros takes no' \
			lt-prune $o --from-zeros -o x a.safetensors
	done
	[ ! -e x ]
}

@test 'the zeros of what was trained under a mask are its mask' {
	everything
	lt-prune -q -s 0.6 --exclude last -o m.mask 0.st
	lt-train -q -d set.data -e 1 --milestones 9 -m m.mask -o t.st 0.st
	lt-prune -q --from-zeros --exclude last -o z.mask t.st
	[ "$(lt-hamming --norm count m.mask z.mask)" = 0 ]
	lt-prune -q --from-zeros -o z.mask 0.st
	[ "$(kept z.mask)" = "$(lt-info --meta lt.total z.mask)" ]
}

@test 'masks of other programs are taken by all tools, or refused with a count' {
	printf 'net t\ninput 1 1 3\nfc = linear input 2\noutput fc\n' > t.net
	lt-init -o t.st ./t.net
	synth d 8 2 1x1x3
	foreign i fc.weight 2,3 I32 010000000000000001000000010000000000000001000000
	foreign b fc.weight_mask 2,3 BOOL 010001010001
	[ "$(lt-hamming i b)" = 0 ]
	lt-prune -r 0.5 -m i -o 1.mask t.st 2> /dev/null
	lt-prune -r 0.5 -m b -o 2.mask t.st 2> /dev/null
	[ "$(kept 1.mask)" = 2 ]
	[ "$(lt-hamming 1.mask 2.mask)" = 0 ]
	for m in i b; do
		lt-train -q -d d.data -e 1 --milestones 9 -m $m -o $m.st t.st
		lt-eval -q -d d.data -m $m t.st > $m.tsv
	done
	same i.tsv b.tsv
	[ "$(lt-info --tsv i.st | tail -n +2)" = "$(lt-info --tsv b.st | tail -n +2)" ]
	foreign i fc.weight 2,3 I32 010000000000000001000000010000000300000001000000
	for t in 'lt-hamming b' 'lt-prune -r 0.5 -o x t.st -m' \
		'lt-eval -d d.data t.st -m' \
		'lt-train -d d.data -o x t.st -m'; do
		refuses 65 "of the 6 values of 'fc.weight' 1 is neither 0 nor 1" $t i
	done
	[ ! -e x ]
}

@test 'the list of methods is a table, and each method runs as it says' {
	lt-prune --list-methods > list
	[ "$(head -n 1 list)" = $'method\tscope\tsteps\tdata\tgradients\tseed\ttemperature\tscores' ]
	[ "$(cut -f 1 list | tail -n +2 | paste -sd '|')" = \
		"$(lt-prune --help | sed -n 's/^ *--method \([^ ]*\).*/\1/p')" ]
	grep -q $'^snip\tnetwork\t1\t1\t1\t1\t0\t' list
	grep -q $'^force\tnetwork\t60\t1\t1\t1\t0\t' list
	grep -q $'^synflow\tnetwork\t100\t0\t1\t0\t0\t' list
	grep -q $'^random-layer\tlayer\t1\t0\t0\t1\t0\t' list
	everything
	has() { lt-info x | grep -c " $1=" || true; }
	while IFS=$'\t' read -r m scope steps data gradients seed temperature _; do
		args=(-q --method $m -s 0.5 -o x --cost c)
		with=("${args[@]}")
		[ "$data" = 0 ] || with+=(-d set.data)
		lt-prune "${with[@]}" 0.st
		[ "$(lt-info --meta lt.method x)" = $m ]
		[ "$(has seed)$(has temperature)" = $seed$temperature ]
		[ "$(awk 'NR == 2 { print ($1 > 0) }' c)" = $gradients ]
		[ "$data" = 1 ] || refuses 2 '--data needs --method snip or force or grasp' \
			lt-prune "${args[@]}" -d set.data 0.st
		# The default number of steps.
		lt-prune "${with[@]}" --steps $steps -o y 0.st
		[ "$(lt-hamming x y)" = 0 ]
	done < <(tail -n +2 list)
	refuses 2 'takes no checkpoint' lt-prune --list-methods 0.st
	refuses 74 'standard output' bash -c 'lt-prune --list-methods >/dev/full'
}

# ---- methods that need data -------------------------------------------------

# Of everything's network and data.
@test 'snip meets its count, in one step or several, nested in a mask' {
	everything
	for steps in '' '--steps 5'; do
		lt-prune -q --method snip -d set.data -s 0.9 $steps -o a.mask 0.st
		[ "$(kept a.mask)" = "$(awk "BEGIN { n = $(lt-info --meta \
			lt.total a.mask); print n - int(n * 0.9 + 0.5) }")" ]
	done
	lt-prune -q --method snip -d set.data -r 0.3 -m a.mask --steps 3 \
		-o b.mask 0.st
	[ "$(lt-hamming --norm count a.mask b.mask)" = \
		$(($(kept a.mask) - $(kept b.mask))) ]
	lt-prune -q --method snip -d set.data -s 0 -o all.mask 0.st
	[ "$(kept all.mask)" = "$(lt-info --meta lt.total all.mask)" ]
	lt-prune -q --method snip -d set.data -s 1 --steps 4 -o none.mask 0.st
	[ "$(kept none.mask)" = 0 ]
	lt-prune -q --method snip -d set.data -s 0.5 --layers linear \
		--exclude last -o one.mask 0.st
	[ "$(lt-info --tsv one.mask | cut -f 1 | paste -sd ' ')" = \
		'name f5.weight total' ]
}

@test 'snip and force in steps keep what other code keeps' {
	need python3
	synth set 48 4 1x8x8
	printf '%s\n' 'net mlp' 'input 1 8 8' 'fc1 = linear input 12 bias' \
		'a1 = relu fc1' 'fc2 = linear a1 4 bias' 'output fc2' >mlp.net
	lt-init -q --seed 3 -o 0.st mlp.net
	lt-prune -q -s 0.4 -o old.mask 0.st
	# keeps METHOD SPARSITY STEPS [OPTION...]: force.py agrees; what it prints.
	keeps() {
		lt-prune -q --method "$1" -d set.data --samples-per-class 100 \
			-s "$2" --steps "$3" "${@:4}" -o a.mask 0.st
		python3 "$ROOT/tests/force.py" "$1" 0.st set.data "$2" "$3" \
			a.mask ${opt_old-} >said
		tail -n 1 said
	}
	# 816 weights: 82 and 24 stay.
	[ "$(keeps snip 0.9 8)" = 'back 0' ]
	[ "$(awk '/fc/ { n += $2 } END { print n }' said)" = 82 ]
	for how in '' '--bn eval'; do
		# shellcheck disable=SC2086
		[[ $(keeps force 0.9 8 $how) =~ ^back\ [1-9] ]]
		[ "$(awk '/fc/ { n += $2 } END { print n }' said)" = 82 ]
	done
	[[ $(keeps force 0.97 5) =~ ^back\ [1-9] ]]
	# What another mask removes stays removed.
	opt_old=old.mask
	[[ $(keeps force 0.9 8 -m old.mask) =~ ^back\ [1-9] ]]
	[ "$(lt-hamming --norm count old.mask a.mask)" = $((490 - 82)) ]
	# One step is SNIP.
	lt-prune -q --method snip -d set.data -s 0.7 -o a.mask 0.st
	lt-prune -q --method force --steps 1 -d set.data -s 0.7 -o b.mask 0.st
	[ "$(lt-hamming a.mask b.mask)" = 0 ]
	# Within groups, too: the second half of each four.
	lt-prune -q --method force --steps 4 --nm 2:4 -d set.data -o c.mask 0.st
	lt-info --nm 2:4 c.mask >said
	grep -q $'^total\tNaN\t204\t0\t0\t2$' said
}

@test 'snip: the same bytes for any threads and kernels' {
	everything
	args=(-q --method snip -d set.data -s 0.8 --steps 2 -b 30)
	lt-prune "${args[@]}" -o a.mask 0.st
	for t in 1 2 3; do
		for k in ref v3 v4 neon; do
			LT_KERN=$k lt-prune "${args[@]}" --threads $t \
				-o b.mask 0.st 2> err || {
				grep -q processor err
				continue
			}
			same a.mask b.mask
		done
	done
}

@test 'snip draws as many samples of each class, by the seed' {
	everything
	args=(-q --method snip -d set.data -s 0.8)
	lt-prune "${args[@]}" -o a.mask 0.st
	lt-prune "${args[@]}" --seed 2 -o b.mask 0.st
	[ "$(lt-hamming a.mask b.mask)" != 0 ]
	# All that there are: the seed only shuffles one batch.
	lt-prune "${args[@]}" --samples-per-class 100 --cost c -o a.mask 0.st
	[ "$(sed -n 2p c | cut -f 1)" = 100 ]
	idx 0 1 2 3 4 5 6 > list
	lt-prune "${args[@]}" -i list --samples-per-class 2 --cost c \
		-o a.mask 0.st
	[ "$(sed -n 2p c | cut -f 1)" = 7 ]
	lt-info a.mask | grep -q 'samples=7'
	run --separate-stderr lt-prune --method snip -d set.data -s 0.8 \
		--samples-per-class 26 -o a.mask 0.st
	[[ ${stderr_lines[0]} == *'set.data: '*'of 4 classes have fewer than 26 samples' ]]
}

@test 'what the scores have cost is two tables' {
	lt-prune -r 0.1 --cost c -o x a.safetensors
	[ "$(cat c)" = $'images\tmacs\n0\t0' ]
	[ "$(head -n 1 c.time.tsv)" = $'seconds\tcpu_seconds' ]
	everything
	# As a training step costs it.
	lt-prune -q --method snip -d set.data -s 0.5 --cost c -o x 0.st
	lt-prune -q --method snip -d set.data -s 0 --steps 3 --cost c3 -o x 0.st
	macs=$(sed -n 2p c | cut -f 2)
	[ "$(sed -n 2p c | cut -f 1)" = 40 ]
	[ "$(sed -n 2p c3)" = 120$'\t'$((3 * macs)) ]
	refuses 2 '--cost needs' lt-prune -r 0.1 --cost - -o y a.safetensors
	refuses 74 none/c lt-prune -r 0.1 --cost none/c -o y a.safetensors
	[ ! -e y ]
}

@test 'units that are cut off are counted, weights that serve none too' {
	lt-prune -s 0.99 -o a.mask a.safetensors 2> said
	dead=$(sed -n 's/.*: \([0-9]*\) of 236 units are dead: .*/\1/p' said)
	idle=$(sed -n 's/.*; \([0-9]*\) of 615 kept weights have no effect/\1/p' said)
	[ "$dead" -gt 0 ]
	[ "$idle" -gt 0 ]
	lt-info a.mask | grep -q "dead_units=$dead idle_weights=$idle"
	run --separate-stderr lt-prune -s 0.2 -o b.mask a.safetensors
	[ -z "$stderr" ]
}

@test 'grasp meets its count; the same bytes for any threads' {
	everything
	args=(-q --method grasp -d set.data -s 0.8 --samples-per-class 5)
	lt-prune "${args[@]}" --cost c -o a.mask 0.st
	total=$(lt-info --meta lt.total a.mask)
	[ "$(kept a.mask)" = "$(awk "BEGIN { print $total - int($total * 0.8 + 0.5) }")" ]
	# Once for g, once to see what passes, twice for H g.
	[ "$(sed -n 2p c | cut -f 1)" = 80 ]
	for t in 1 3; do
		LT_KERN=ref lt-prune "${args[@]}" --threads $t -o b.mask 0.st
		same a.mask b.mask
	done
	lt-prune "${args[@]}" --temperature 1 --steps 2 -b 7 -o b.mask 0.st
	[ "$(lt-hamming a.mask b.mask)" != 0 ]
	refuses 2 temperature lt-prune "${args[@]}" --temperature 0 -o x 0.st
}

@test '--bn eval takes running statistics, and is in the history' {
	everything
	for m in snip grasp; do
		args=(-q --method $m -d set.data -s 0.8 --samples-per-class 5)
		lt-prune "${args[@]}" -o a.mask 0.st
		lt-prune "${args[@]}" --bn train -o b.mask 0.st
		same a.mask b.mask
		lt-prune "${args[@]}" --bn eval -o e.mask 0.st
		[ "$(kept e.mask)" = "$(kept a.mask)" ]
		[ "$(lt-hamming a.mask e.mask)" != 0 ]
		lt-info e.mask | grep -q ' bn=eval'
		run ! grep -q ' bn=' <(lt-info a.mask)
		for t in 1 3; do
			LT_KERN=ref lt-prune "${args[@]}" --bn eval \
				--threads $t -o b.mask 0.st
			same e.mask b.mask
		done
	done
	refuses 2 '--bn needs --method snip or force or grasp' \
		lt-prune -s 0.8 --method synflow --bn eval -o x 0.st
	refuses 2 'train|eval' lt-prune "${args[@]}" --bn test -o x 0.st
	[ ! -e x ]
}

@test 'synflow needs no data; the same bytes for any threads' {
	everything
	lt-prune --method synflow -s 0.9 --cost c -o a.mask 0.st
	total=$(lt-info --meta lt.total a.mask)
	[ "$(kept a.mask)" = "$(awk "BEGIN { print $total - int($total * 0.9 + 0.5) }")" ]
	[ "$(sed -n 2p c | cut -f 1)" = 100 ]
	for t in 1 2 3; do
		lt-prune --method synflow -s 0.9 --threads $t -o b.mask 0.st
		same a.mask b.mask
	done
	lt-prune --method synflow -s 0.9 --steps 1 -o one.mask 0.st
	[ "$(lt-hamming one.mask a.mask)" != 0 ]
	lt-prune --method synflow -r 0.5 -m a.mask -o b.mask 0.st
	[ "$(lt-hamming --norm count a.mask b.mask)" = \
		$(($(kept a.mask) - $(kept b.mask))) ]
	lt-prune --method synflow -s 0 -o all.mask 0.st
	[ "$(kept all.mask)" = "$total" ]
	lt-prune --method synflow -s 0.99999 -o one.mask 0.st 2> /dev/null
	[ "$(kept one.mask)" = "$(awk "BEGIN { print $total - int($total * 0.99999 + 0.5) }")" ]
}

# Squares of squares.
@test 'a score that is not finite is refused' {
	{
		printf 'net big\ninput 3 8 8\ns0 = linear input 4\n'
		for i in 1 2 3 4 5 6 7 8 9 10; do
			echo "s$i = mul s$((i - 1)) s$((i - 1))"
		done
		printf 'f = linear s10 4\noutput f\n'
	} > big.net
	lt-init -o big.st --init kaiming-normal-in ./big.net
	refuses 65 "big.st: the score of weight 0 of 's0.weight' is" \
		lt-prune --method synflow -s 0.5 -o x big.st
}

@test 'snip refuses data that do not do' {
	everything
	args=(--method snip -s 0.5 -o x)
	refuses 2 'snip needs --data' lt-prune "${args[@]}" 0.st
	synth other 20 4 1x8x8
	refuses 65 'images of 1x8x8' lt-prune "${args[@]}" -d other.data 0.st
	synth many 20 5 3x8x8
	refuses 65 '5 classes' lt-prune "${args[@]}" -d many.data 0.st
	: > empty
	refuses 65 'empty: there is no sample' \
		lt-prune "${args[@]}" -d set.data -i empty 0.st
	idx 3 100 > far
	refuses 65 100 lt-prune "${args[@]}" -d set.data -i far 0.st
	refuses 2 'samples-per-class' \
		lt-prune "${args[@]}" -d set.data --samples-per-class 0 0.st
	refuses 2 steps lt-prune "${args[@]}" -d set.data --steps 0 0.st
	LT_KERN=v9 refuses 2 'unknown kernel' lt-prune "${args[@]}" -d set.data 0.st
	[ ! -e x ]
}

@test 'one thread is no more than that' {
	need_no_sanitizer
	command -v strace >/dev/null || skip 'strace is not installed'
	strace -f -qq -o calls true || skip 'strace cannot trace here'
	for m in magnitude erk lamp random; do
		OMP_NUM_THREADS=4 strace -f -qq -e trace=clone,clone3,fork,vfork -o calls \
			lt-prune --method $m -r 0.3 --threads 1 -o b.mask a.safetensors
		[ ! -s calls ]
	done
}

@test 'the same bytes again, whatever the threads' {
	lt-prune -r 0.3 -o a.mask a.safetensors
	lt-prune -r 0.3 --threads 3 -o b.mask a.safetensors
	same a.mask b.mask
}

@test 'a mask of another network is refused, naming both' {
	lt-init -o b.safetensors lenet-300-100
	lt-prune -r 0.5 -o b.mask b.safetensors
	run -65 --separate-stderr lt-prune -r 0.5 -m b.mask -o x a.safetensors
	[[ $stderr == *b.mask*a.safetensors* ]]
	refuses 65 'has kind mask, expected kind checkpoint' lt-prune -r 0.5 -o x b.mask
	refuses 65 'has kind checkpoint, expected kind mask' \
		lt-prune -r 0.5 -m b.safetensors -o x a.safetensors
}

@test 'N:M: groups of inputs, at each position of a window' {
	printf 'net t\ninput 1 1 5\nfc = linear input 2\noutput fc\n' > t.net
	# 1 -4 3 2 | 5 and 2 2 2 -2 | 0: the last group has one weight.
	foreign w fc.weight 2,5 F32 0000803f000080c000004040000000400000a040\
000000400000004000000040000000c000000000
	lt-prune --nm 2:4 --net ./t.net -o n.mask w
	foreign want fc.weight 2,5 BOOL 00010100010101000001
	[ "$(lt-hamming n.mask want)" = 0 ]
	printf 'net c\ninput 4 2 2\nc = conv input 1 k2\noutput c\n' > c.net
	# The four input channels: 1 8 3 4, 2 7 3 4, 3 6 3 5 and 4 5 3 4.
	foreign w c.weight 1,4,2,2 F32 0000803f000000410000404000008040000000400000e0400000404000008040\
000040400000c040000040400000a040000080400000a0400000404000008040
	lt-prune --nm 2:4 --net ./c.net -o n.mask w
	foreign want c.weight 1,4,2,2 BOOL 00010101000101000100000101000000
	[ "$(lt-hamming n.mask want)" = 0 ]
	# Five of sixteen: 1, 2, 3, 3 and the last 4, though another 3 is smaller.
	lt-prune --nm 2:4 -r 0.3125 --net ./c.net -o r.mask w
	foreign want c.weight 1,4,2,2 BOOL 00010101000101010101000101010000
	[ "$(lt-hamming r.mask want)" = 0 ]
	run -1 lt-info --nm 2:4 r.mask
	[ "$output" = "name	shape	groups	over	under	most
c.weight	1x4x2x2	4	2	0	4
total	NaN	4	2	0	4" ]
	lt-info --nm 2:4 n.mask > n.tsv
	[ "$(tail -n 1 n.tsv | cut -f 3-)" = '4	0	0	2' ]
}

@test 'N:M: every method that ranks leaves N of M, rounds come to them' {
	local m=() left=61470 most r
	lt-data synth -q -o s.data --count 40 --classes 10 --shape 1x28x28
	# conv1 has one input; of the 6 of conv2 it is 2 of 4 and 2 of 2.
	most=$((150 + 16 * 25 * 4 + 24000 + 5040 + 420))
	for m in magnitude magnitude-layer random random-layer synflow \
		'snip -d s.data --samples-per-class 2'; do
		lt-prune -q --nm 2:4 --method $m -o o.mask a.safetensors
		[ "$(kept o.mask)" = $most ]
		lt-info --nm 2:4 o.mask > /dev/null
	done
	m=()
	for r in 1 2 3 4; do
		lt-prune -r 0.2 --nm 2:4 "${m[@]}" -o "$r.mask" a.safetensors
		left=$(awk -v n=$left -v most=$most 'BEGIN { k = n * 0.2
			f = int(k); d = k - f
			n -= f + (d > 0.5 || (d == 0.5 && f % 2))
			print (n > most ? n : most) }')
		[ "$(kept "$r.mask")" = "$left" ]
		m=(-m "$r.mask")
	done
	[ "$left" = $most ]
	lt-prune --nm 2:4 -o one.mask a.safetensors
	[ "$(lt-hamming 4.mask one.mask)" = 0 ]
	[[ $(lt-info --meta lt.history 1.mask) == *'"nm":"2:4"'* ]]
	run --separate-stderr lt-prune -r 0.2 --nm 2:4 -m 4.mask -o 5.mask a.safetensors
	[[ $stderr == *'4.mask: every group of 4 weights has at most 2 left already'* ]]
	[ "$(lt-hamming 4.mask 5.mask)" = 0 ]
	# 1:2 leaves 150 + 1200 + 24000 + 5040 + 420 of 61470.
	refuses 2 'with 1 of 2 weights left the sparsity is at most 0.498779893' \
		lt-prune -s 0.9 --nm 1:2 -o x a.safetensors
	refuses 2 "expected N:M with 1 <= N < M <= 1024, found '4:4'" \
		lt-prune --nm 4:4 -o x a.safetensors
	refuses 2 'method lamp decides how many' \
		lt-prune --nm 2:4 --method lamp -o x a.safetensors
	refuses 2 '--like takes no --nm' \
		lt-prune --nm 2:4 --like 4.mask -o x a.safetensors
	[ ! -e x ]
}

@test 'nonsense on the command line is refused' {
	refuses 2 'one of --rate, --sparsity, --from-zeros and --like' lt-prune -o x a.safetensors
	refuses 2 'one of --rate, --sparsity, --from-zeros and --like' \
		lt-prune -r 0.1 -s 0.1 -o x a.safetensors
	refuses 2 'rate' lt-prune -r 1.5 -o x a.safetensors
	refuses 2 'rate' lt-prune -r -0.1 -o x a.safetensors
	refuses 2 'rate' lt-prune -r 20% -o x a.safetensors
	refuses 2 '--method' lt-prune -r 0.1 --method lottery -o x a.safetensors
	refuses 2 '-o FILE' lt-prune -r 0.1 a.safetensors
	refuses 2 'one checkpoint' lt-prune -r 0.1 -o x
	refuses 74 'none' lt-prune -r 0.1 -o x none
	refuses 74 '/dev/full' lt-prune -r 0.1 -o /dev/full a.safetensors
	[ ! -e x ]
	no_strays
}

@test 'a checkpoint cut anywhere is refused' {
	for n in 0 7 8 100 5000 246000; do
		head -c $n a.safetensors > cut
		refuses 65 'cut' lt-prune -r 0.1 -o x cut
	done
	[ ! -e x ]
}

@test 'the examples of the manual page run' {
	examples lt-prune
}

# of_layers MASK: a line for each layer: its name, its weights, those kept.
of_layers() { lt-info -q --tsv "$1" | awk 'NR > 1 { print $1, $3, $4 }'; }

@test 'a mask shuffled within its layers' {
	lt-init -q -o 0.st lenet5
	lt-prune -q -s 0.7 -o a.mask 0.st
	lt-prune -q -r 0.5 -m a.mask -o b.mask 0.st
	for m in a b; do
		lt-prune -q --like $m.mask --seed 5 -o $m.like 0.st
		[ "$(of_layers $m.mask)" = "$(of_layers $m.like)" ]
	done
	# b is nested in a, and so are the shuffled ones: they differ in what a has
	# and b has not.
	count() { lt-info --meta lt.kept "$1"; }
	[ "$(lt-hamming --norm count a.like b.like)" = $(($(count a.mask) - $(count b.mask))) ]
	# Another seed gives another mask.  Two random masks of density p have in
	# common p^2 of a layer: of 61,470 weights at density 0.3, over all layers,
	# they differ in about sum 2 n p (1 - p).
	lt-prune -q --like a.mask --seed 6 -o c.like 0.st
	of_layers a.mask | awk '$1 != "total" { n += 2 * $3 * (1 - $3 / $2) } END { print n }' > want
	for m in a.mask a.like; do
		lt-hamming --norm count $m c.like | awk -v w="$(cat want)" '
			{ exit !($1 > 0.97 * w && $1 < 1.03 * w) }'
	done
	[ "$(lt-info --meta lt.method a.like)" = like ]
	lt-prune -q --like a.mask --seed 5 --threads 2 -o again.like 0.st
	cmp a.like again.like
	for o in '-m a.mask' '--method erk' '--layers conv' '--exclude last' '--steps 2' '-d d'; do
		refuses 2 '--like takes no --' lt-prune --like a.mask $o -o x 0.st
	done
	refuses 2 'one of --rate, --sparsity, --from-zeros and --like' \
		lt-prune --like a.mask -r 0.5 -o x 0.st
	lt-init -q -o r.st resnet8-demo
	refuses 65 'a.mask' lt-prune --like a.mask -o x r.st
	[ ! -e x ]
}
