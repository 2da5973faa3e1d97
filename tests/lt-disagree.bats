load common

setup() {
	lt_setup
	synth set 120 5 1x12x12
	for s in 1 2; do
		lt-init --input 1x12x12 --classes 5 --width 0.5 --seed $s \
			-o $s.st resnet8-demo
	done
}

@test 'a network agrees with itself' {
	[ -z "$(lt-disagree -d set.data 1.st 1.st)" ]
	lt-prune -r 0 -o all.mask 1.st
	[ -z "$(lt-disagree -d set.data --mask-b all.mask 1.st)" ]
}

@test 'the list is that of the predictions, and symmetric' {
	lt-disagree -d set.data -o ab.idx 1.st 2.st
	lt-disagree -d set.data 2.st 1.st | cmp - ab.idx
	for s in 1 2; do
		lt-eval -d set.data --predictions $s.tsv -o /dev/null $s.st
	done
	cut -f 3 2.tsv | paste 1.tsv - | awk -F '\t' 'NR > 1 && $3 != $NF { printf "%07d\n", $1 }' |
		cmp - ab.idx
	lt-disagree --predictions 1.tsv 2.tsv | cmp - ab.idx
	[ -s ab.idx ]
}

@test 'masks belong to their sides' {
	lt-prune -r 0.9 -o m.mask 1.st
	lt-disagree -d set.data --mask-b m.mask -o a.idx 1.st
	lt-disagree -d set.data --mask-a m.mask 1.st 1.st | cmp - a.idx
	[ -z "$(lt-disagree -d set.data --mask-a m.mask --mask-b m.mask 1.st)" ]
}

@test 'only samples of the index list are compared' {
	lt-disagree -d set.data -o all.idx 1.st 2.st
	idx $(seq 0 2 119) > even.idx
	lt-disagree -d set.data -i even.idx 1.st 2.st > got.idx
	lt-subset intersect all.idx even.idx | cmp - got.idx
	: > none.idx
	[ -z "$(lt-disagree -d set.data -i none.idx 1.st 2.st)" ]
}

@test 'what both networks spent is counted' {
	lt-prune -r 0.9 -o m.mask 1.st
	lt-eval -d set.data --cost a -o /dev/null 1.st
	lt-eval -d set.data -m m.mask --cost b -o /dev/null 1.st
	lt-disagree -d set.data --cost c -o l --mask-b m.mask 1.st
	[ "$(head -n 1 c)" = $'images\tmacs' ]
	[ "$(head -n 1 c.time.tsv)" = $'seconds\tcpu_seconds' ]
	paste a b c | awk 'NR == 2 {
		exit !($5 == $1 + $3 && $6 == $2 + $4 && $5 == 240) }'
	lt-disagree -d set.data --cost d -b 7 --threads 3 --mask-b m.mask 1.st |
		cmp - l
	same c d
	refuses 2 'can be standard output' lt-disagree -d set.data --cost - 1.st 2.st
	refuses 2 'cannot be combined with a data set, an index list, a mask or --cost' \
		lt-disagree --predictions --cost c 1.tsv 2.tsv
	refuses 74 'nowhere/c' lt-disagree -d set.data --cost nowhere/c 1.st 2.st
}

@test 'what does not fit is refused' {
	lt-eval -d set.data --predictions 1.tsv -o /dev/null 1.st
	head -n 50 1.tsv > part.tsv
	refuses 65 'have different samples' \
		lt-disagree --predictions 1.tsv part.tsv
	refuses 2 'agrees with itself' lt-disagree -d set.data 1.st
	refuses 2 '--data' lt-disagree 1.st 2.st
	refuses 2 'cannot be combined with a data set' \
		lt-disagree --predictions -d set.data 1.tsv 1.tsv
	refuses 65 'expected' lt-disagree -d set.data 1.st set.data
	idx 120 > far.idx
	refuses 65 'far.idx' lt-disagree -d set.data -i far.idx 1.st 2.st
	run -74 bash -c 'lt-disagree -d set.data 1.st 2.st > /dev/full'
}

@test 'the examples of the manual page run' {
	examples lt-disagree
}
