# Values that are not finite, or variances below 0: no tool hides them.
load training

# spoil FILE TENSOR PLACE BYTES: overwrite a value and seal the file again.
spoil() {
	local head at
	head=$(od -An -tu8 -N8 "$1" | tr -d ' ')
	at=$(head -c $((head + 8)) "$1" | grep -ao "\"$2\":{[^}]*}" |
		sed 's/.*"data_offsets":\[\([0-9]*\),.*/\1/')
	[ -n "$at" ] || return
	# shellcheck disable=SC2059
	printf "$4" | dd of="$1" bs=1 seek=$((8 + head + at + 4 * $3)) \
		conv=notrunc status=none
	lt-info --reseal -o "$1" "$1"
}

nan='\0\0\xc0\x7f' inf='\0\0\x80\x7f' minus='\0\0\x80\xbf'

# Three damaged networks, and what is said of each.
damage() {
	local bn
	bn=$(lt-info --tsv 0.st | awk '/running_var/ { print $1; exit }')
	cp 0.st nan.st
	cp 0.st minus.st
	cp 0.st inf.st
	spoil nan.st "$bn" 2 "$nan"
	spoil nan.st linear.weight 0 "$nan"
	spoil minus.st "$bn" 1 "$minus"
	spoil minus.st "$bn" 3 "$minus"
	spoil inf.st linear.weight 5 "$inf"
	says[0]="nan.st: '$bn': expected finite variances of at least 0, found 1 of 8 that are not, the first is not a number; 1 other tensor is like it"
	says[1]="minus.st: '$bn': expected finite variances of at least 0, found 2 of 8 that are not, the first is negative"
	says[2]="inf.st: 'linear.weight': expected finite values, found 1 of 128 that are not, the first is infinite"
}

@test 'what runs a network refuses values that are not finite, by name' {
	local says name at=0
	damage
	for name in nan minus inf; do
		refuses 65 "${says[at]}" lt-eval -d set.data --predictions p -o x $name.st
		refuses 65 "${says[at]}" lt-train -q -d set.data -o x $name.st
		refuses 65 "${says[at]}" lt-prune -r 0.5 -o x $name.st
		refuses 65 "${says[at]}" lt-disagree -d set.data -o x 0.st $name.st
		refuses 65 "${says[at]}" lt-connect -d set.data -o x 0.st $name.st
		refuses 65 "${says[at]}" lt-trajectory -d set.data -o x 0.st $name.st
		at=$((at + 1))
	done
	[ ! -e x ] && [ ! -e p ]
	no_strays
	# A file from elsewhere, and a state.
	printf 'net f\ninput 1 1 2\nf = linear input 2\noutput f\n' >f.net
	printf '\x60\0\0\0\0\0\0\0%-96s' \
		'{"f.weight":{"dtype":"F32","shape":[2,2],"data_offsets":[0,16]}}' >f.st
	printf '\0\0\0\0%b\0\0\0\0%b' "$nan" "$inf" >>f.st
	refuses 65 "f.st: 'f.weight': expected finite values, found 2 of 4 that are not, the first is not a number" \
		lt-init --from f.st -o x ./f.net
	lt-train -q -d set.data -e 2 --to 1 --save-state s -o y 0.st
	cp s t
	spoil t optim.linear.weight.momentum 1 "$nan"
	refuses 65 "'optim.linear.weight.momentum' contains values that are not finite" \
		lt-train -q -d set.data -e 2 -o x t
	spoil s linear.weight 1 "$inf"
	refuses 65 "s: 'linear.weight': expected finite" lt-train -q -d set.data -e 2 -o x s
	[ ! -e x ]
	no_strays
}

@test 'lt-info counts values that are not finite and describes the others' {
	printf 'net f\ninput 1 1 3\nf = linear input 2\noutput f\n' >f.net
	lt-init -q -o f.st ./f.net
	# 1, nan, 3 / -inf, nan, 5: the mean of three is 3, their deviation 2.
	spoil f.st f.weight 0 '\0\0\x80\x3f'
	spoil f.st f.weight 1 "$nan"
	spoil f.st f.weight 2 '\0\0\x40\x40'
	spoil f.st f.weight 3 '\0\0\x80\xff'
	spoil f.st f.weight 4 "$nan"
	spoil f.st f.weight 5 '\0\0\xa0\x40'
	[ "$(lt-info --tsv f.st | sed -n 2p | cut -f 4-)" = '6	6	1	2	1	5	3	2	3' ]
	lt-info f.st | grep -q 'nonfinite$'
	lt-info --check f.st
	for i in 0 2 5; do spoil f.st f.weight $i "$inf"; done
	[ "$(lt-info --tsv f.st | sed -n 2p | cut -f 4-)" = '6	6	1	NaN	NaN	NaN	NaN	NaN	6' ]
}

@test 'lt-eval says what a network that diverged predicts: nothing' {
	local says
	damage
	# 60 samples a class; a NaN in a weight of class 0 spoils every loss.
	lt-eval --allow-nonfinite -d set.data --predictions p nan.st >x
	[ "$(sed -n 2p x)" = '240	NaN	0	0' ]
	[ "$(cut -f 3- p | sort | uniq -c | xargs)" = \
		'240 NaN NaN NaN NaN NaN 1 predicted loss entropy margin el2n' ]
	[ "$(lt-eval --allow-nonfinite -d set.data --confusion nan.st | cut -f 2- | xargs)" = \
		'0 1 2 3 none 0 0 0 0 60 0 0 0 0 60 0 0 0 0 60 0 0 0 0 60' ]
	[ "$(lt-eval --allow-nonfinite -d set.data --per-class nan.st | cut -f 3- | xargs)" = \
		'samples loss top1 top5 60 NaN 0 0 60 NaN 0 0 60 NaN 0 0 60 NaN 0 0' ]
	# What is finite it evaluates as ever.
	same <(lt-eval -d set.data 0.st) <(lt-eval --allow-nonfinite -d set.data 0.st)
	# Such predictions are not compared.
	lt-eval -d set.data --predictions q 0.st >y
	refuses 65 'predicted' lt-disagree --predictions p q
}

@test 'logits that overflow are refused' {
	printf 'net f\ninput 1 12 12\nf = linear input 4\noutput f\n' >f.net
	lt-init -q -o f.st ./f.net
	for i in $(seq 0 40); do spoil f.st f.weight "$i" '\0\0\x7f\x7f'; done
	refuses 65 'f.st: its logits are not finite for ' lt-eval -d set.data f.st
	refuses 65 'f.st: its logits are not finite for ' lt-disagree -d set.data f.st f.st
	refuses 65 'f.st to f.st: the logits are not finite for ' \
		lt-connect -d set.data --points 2 f.st f.st
	lt-eval --allow-nonfinite -d set.data f.st | grep -q '^240	NaN	'
}

# What lt-train says of a divergence, without the file's name.
told() {
	run -3 --separate-stderr "$@"
	[ "${#stderr_lines[@]}" = 1 ]
	echo "${stderr#lt-train: *: }"
}

@test 'a training that diverges ends with status 3 in that epoch' {
	local what='^epoch 1, iteration [1-5]: .* is not finite: the training has diverged'
	told lt-train -q -d set.data -i d.idx -e 3 -b 48 --lr 1e25 --best b --val-index v.idx \
		--log l --events e --save-epochs 1 --save-prefix w- -o x 0.st >1
	grep -q "$what" 1
	printf 'net vgg-like\ninput 1 12 12\nc1 = conv input 8 k3 p1 bias\nr1 = relu c1\n' >v.net
	printf 'm1 = maxpool r1 k2\nc2 = conv m1 8 k3 p1 bias\nr2 = relu c2\n' >>v.net
	printf 'f1 = linear r2 16 bias\nr3 = relu f1\nf2 = linear r3 4 bias\noutput f2\n' >>v.net
	lt-init -q -o v.st ./v.net
	for how in '--store f32' '--store f16' '--compute bf16'; do
		# shellcheck disable=SC2086 # an option and its value
		told lt-train -q -d set.data -i d.idx -e 3 -b 48 --lr 1e6 $how -o x v.st >2
		grep -q "$what" 2
	done
	# The same words for every number of threads, and under a mask.
	lt-prune -q -r 0.9 -o v.mask v.st
	for path in dense sparse; do
		for threads in 1 3; do
			told lt-train -q -d set.data -e 3 -b 48 --lr 1e6 -m v.mask \
				--threads $threads --kern-path $path -o x v.st
		done
	done >3
	grep -q 'is not finite' 3
	[ "$(sort -u 3 | wc -l)" = 1 ]
	[ -z "$(find . -name 'x*' -o -name 'w-*' -o -name '.*.state' -o -name b -o -name l -o -name e)" ]
	no_strays
}

@test 'the last good state of a training that diverges is kept' {
	local diverge=(lt-train -q -d set.data -i d.idx -e 3 -b 48 --lr 0.05
		--milestones 1 --gamma 1e30 --log l --events e -o x 0.st)
	told "${diverge[@]}" >1
	grep -qE '^epoch 2, iteration [6-9]: ' 1
	[ ! -e x ] && [ ! -e l ] && [ ! -e e ]
	# It is that of the first epoch.
	lt-train -q -d set.data -i d.idx -e 3 -b 48 --lr 0.05 --to 1 -o one.st 0.st
	same <(lt-eval -d set.data one.st) <(lt-eval -d set.data .x.state)
	# Run again, it goes on from there and diverges again.
	told "${diverge[@]}" >2
	same 1 2
	# Another rate begins afresh, and ends as if nothing had been.
	lt-train -q -d set.data -i d.idx -e 3 -b 48 --lr 0.05 --log l --events e -o x 0.st
	lt-train -q -d set.data -i d.idx -e 3 -b 48 --lr 0.05 --log k --events f -o y 0.st
	same x y
	same l k
	same e f
	[ ! -e .x.state ]
	no_strays
}
