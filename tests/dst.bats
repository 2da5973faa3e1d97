# Dynamic sparse training.  What a run computes is compared with dst.py, which
# trains a small network by Python's own modules.
load common

setup() {
	lt_setup
	synth set 48 4 1x8x8
	printf '%s\n' 'net mlp' 'input 1 8 8' 'fc1 = linear input 12 bias' \
		'a1 = relu fc1' 'fc2 = linear a1 4 bias' 'output fc2' >mlp.net
	lt-init -q --seed 3 -o 0.st mlp.net
	lt-prune -q --method erk --sparsity 0.7 -o m.mask 0.st
}

# train RULE OUT [OPTION...]: 20 steps, each on all samples.
train() {
	lt-train -q -d set.data -b 48 -e 20 --schedule constant --lr 0.05 \
		--weight-decay 0.001 --seed 5 -m m.mask --dst "$1" \
		--dst-every 3i --dst-fraction 0.4 --dst-end 16 \
		--dst-mask "$2.mask" -o "$2.st" "${@:3}" 0.st
}

@test 'masks and weights are those of other code, and counts stay' {
	for r in set rigl; do
		train $r $r
		python3 "$ROOT/tests/dst.py" $r 0.st m.mask set.data 20 3 0.4 16 5 \
			$r.st $r.mask >$r
		# ERK keeps 202 and 43 weights; some of them are not those of m.
		awk '$1 == "fc1.weight" && $2 == 202 && $3 > 20 { n++ }
			$1 == "fc2.weight" && $2 == 43 && $3 > 0 { n++ }
			END { exit n != 2 }' $r
		[ "$(lt-info --meta lt.method $r.mask)" = $r ]
	done
	run -1 cmp -s set.mask rigl.mask
}

@test 'a frozen layer keeps its mask and its weights' {
	for r in set rigl; do
		train $r $r --freeze fc1
		python3 "$ROOT/tests/dst.py" $r 0.st m.mask set.data 20 3 0.4 16 5 \
			$r.st $r.mask fc1 >$r
		awk '$1 == "fc1.weight" && $2 == 202 && $3 == 0 { n++ }
			$1 == "fc2.weight" && $2 == 43 && $3 > 0 { n++ }
			END { exit n != 2 }' $r
	done
}

@test 'kernels and threads change no byte' {
	for r in set rigl; do
		train $r a --threads 1
		for how in '--kern-path dense' '--kern-path sparse' '--threads 3'; do
			# shellcheck disable=SC2086
			train $r b $how
			cmp a.st b.st
			cmp a.mask b.mask
		done
	done
}

# An image takes 202 + 43 multiply-adds forward under the mask; backward as many for the
# weights, or all 768 + 48 for RigL's gradients, and for the data those of the last layer.
@test 'the log counts the multiply-adds of dense gradients' {
	train set a --log set.log
	train rigl b --log rigl.log
	masked=$(((202 + 43) * 2 + 43)) change=$(((202 + 43) + (768 + 48) + 43))
	[ "$(tail -n 1 set.log | cut -f 11)" = $((48 * 20 * masked)) ]
	# Masks change after 3, 6, 9, 12 and 15 of 20 iterations.
	[ "$(tail -n 1 rigl.log | cut -f 11)" = $((48 * (15 * masked + 5 * change))) ]
}

@test 'a mask that cannot change is trained as it is, with a note' {
	# unchanged WHY OPTION...: the mask stays, and one note says why.
	unchanged() {
		local why=$1
		shift
		for r in set rigl; do
			rm -f x.st x.mask
			run -0 --separate-stderr lt-train -d set.data -b 48 -e 2 \
				--schedule constant -m m.mask --dst $r --dst-mask x.mask \
				-o x.st "$@" 0.st
			# shellcheck disable=SC2154
			[ "$(grep -c 'the mask will not change' <<<"$stderr")" = 1 ]
			[[ $stderr = *"m.mask: the mask will not change: $why"* ]]
			[ "$(lt-hamming -q m.mask x.mask)" = 0 ]
		done
	}
	unchanged 'the share of the weights to drop is 0' --dst-fraction 0
	unchanged 'no change is due' --dst-every 3
	unchanged 'no change is due' --dst-every 1i --dst-end 1i
	unchanged 'each of its layers' --freeze fc1,fc2.weight
	lt-prune -q --method erk --sparsity 0 -o m.mask 0.st
	unchanged 'each of its layers'
	no_strays
}

@test 'dynamic sparse training refuses what it cannot do' {
	base=(lt-train -q -d set.data -e 2 -o x.st)
	refuses 2 '0.st: no mask that dynamic sparse training could change' \
		"${base[@]}" --dst rigl 0.st
	refuses 2 "--dst: expected set|rigl, found 'rigel'" \
		"${base[@]}" -m m.mask --dst rigel 0.st
	for o in '--dst-every 2' '--dst-fraction 0.5' '--dst-end 1' '--dst-mask x'; do
		# shellcheck disable=SC2086
		refuses 2 "${o% *} needs --dst" "${base[@]}" -m m.mask $o 0.st
	done
	refuses 2 '--dst-every: expected epochs' "${base[@]}" -m m.mask --dst set \
		--dst-every 0 0.st
	refuses 2 '--dst-fraction' "${base[@]}" -m m.mask --dst set \
		--dst-fraction 1.5 0.st
	lt-train -q -d set.data -e 2 --to 1 -m m.mask --dst set --save-state s \
		-o y.st 0.st
	refuses 65 'dst=set in the state' lt-train -q -d set.data -e 2 -o x.st s
	[ ! -e x.st ]
	no_strays
}
