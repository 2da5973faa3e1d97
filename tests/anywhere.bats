# Every tool in turn under any number of threads, any kernels, locale, time zone and
# working directory: the same bytes, and no error that valgrind sees.
load soak

# One chain through every tool, in this folder; $1 is the way to its inputs.
chain() {
	lt-data synth -q -o train.data --count 90 --classes 3 --shape 3x8x8 \
		--seed 2
	lt-data synth -q -o test.data --count 40 --classes 3 --shape 3x8x8 \
		--seed 2 --first 90 --stats train.data
	lt-data pack -q -o pack.data --size 8 "$1/set"
	lt-data relabel -q -o random.data train.data
	lt-init --seed 3 -o 0.st "$1/n.net"
	lt-subset split --count 90 --size 60 --data train.data -o d.idx \
		--rest v.idx
	lt-train -q -d train.data -i d.idx --val-index v.idx -e 3 -b 25 \
		--lr 0.05 --augment crop-flip --crop-pad 1 --log log.tsv \
		--events e.ev.gz --best best.st --stop-sparsity 0.5 \
		--stop-eps 0.00001 --stop-distances distances.tsv -o 1.st 0.st
	lt-forget --table -o forget.tsv e.ev.gz
	lt-forget -t 0 -o forget.idx e.ev.gz
	lt-prune -q -s 0.6 --method magnitude -o magnitude.mask 1.st
	lt-prune -q -s 0.6 --method lamp -o lamp.mask 1.st
	lt-prune -q -s 0.6 --method erk -o erk.mask 1.st
	lt-prune -q -s 0.6 --method random --seed 5 -o random.mask 1.st
	lt-prune -q -s 0.6 --method snip -d train.data -o snip.mask 0.st
	lt-prune -q -s 0.6 --method grasp -d train.data -o grasp.mask 0.st
	lt-prune -q -s 0.6 --method synflow -o synflow.mask 0.st
	lt-hamming --matrix --png masks.png -o masks.tsv -- *.mask
	lt-train -q -d train.data -m lamp.mask -e 2 -b 25 --schedule cosine \
		--store f16 -o 2.st 0.st
	lt-eval -q -d test.data --predictions predictions.tsv -o eval.tsv 2.st
	lt-eval -q -d test.data --confusion -o confusion.tsv 1.st
	lt-disagree -q -d test.data -o disagree.idx 1.st 2.st
	lt-subset union -o union.idx disagree.idx forget.idx
	lt-subset top --column entropy --size 7 -o top.idx predictions.tsv
	lt-connect -q -d test.data --bn-data train.data --points 3 -o line.tsv 1.st 2.st
	lt-trajectory -q -d test.data --arcs 2 --points 9 -o arcs.tsv 1.st
	lt-trajectory -q -d test.data --arcs 2 --points 9 --layers \
		-o layers.tsv 1.st
	lt-score networks -o score.tsv "$1/score.tsv"
	lt-info -o info.txt 1.st
	lt-info --graph -o graph.txt 1.st
	lt-data sheet -q --limit 9 -o sheet.png train.data
}

# The first of every kind, for valgrind, which takes a second for each.
short_chain() {
	lt-data synth -q -o train.data --count 9 --classes 4 --shape 2x5x7
	lt-init --seed 3 -o 0.st "$1/t.net"
	lt-train -q -d train.data -e 2 -b 5 --val-data train.data --events e.ev \
		--log log.tsv --stop-sparsity 0.5 --stop-queue 2 -o 1.st 0.st
	lt-forget -o forget.idx e.ev
	lt-prune -q -s 0.6 --method snip -d train.data -o snip.mask 1.st
	lt-eval -q -d train.data -m snip.mask -o eval.tsv 1.st
	lt-info -o info.txt 1.st
}

# chain or short_chain in a shell of its own, which ends at the first failure.
run_chain() {
	export -f chain short_chain
	bash -e -c "${1:-chain} \"\$1\"" - "$FOLDER"
}

inputs() {
	everything
	rm set.data 0.st m.mask
	sed -i 's/^f6 = .*/f6 = linear r5 3 bias/' n.net
	small_files
}

# All files but those of seconds.
hashes_here() {
	rm -f -- *.time.*
	sha256sum -- * | sort -k 2
}

# here NAME [VARIABLE=VALUE]...: the chain in a folder of that name.
here() {
	mkdir -p "$1"
	(
		# shellcheck disable=SC2163
		for v in "${@:2}"; do export "$v"; done
		cd "$1" && run_chain
	) || return 1
	(cd "$1" && hashes_here) | diff first.sum - || {
		echo "differs: $*" >&2
		return 1
	}
	rm -rf "${1%%/*}"
	ways=$((ways + 1))
}

first() {
	inputs
	mkdir first
	(cd first && OMP_NUM_THREADS=1 run_chain && hashes_here) >first.sum
	[ "$(wc -l <first.sum)" -ge 36 ]
}

# Another language and a comma in numbers, where there is one.
a_locale() {
	locale -a 2>/dev/null | grep -m 1 -E "^($1)[.]" || echo "$1.UTF-8"
}

@test 'any threads, kernels, locale, time zone and folder: the same bytes' {
	local t k l z ways=0 n=0 step d
	first
	step=$(every 29 300)
	begin
	for k in ref v3 v4 neon; do
		! LT_KERN=$k lt-eval -d set.data t.st 2>&1 | grep processor ||
			continue
		for t in 1 2 3 7; do
			for l in C "$(a_locale de_DE)" "$(a_locale tr_TR)"; do
				for z in UTC Asia/Kathmandu; do
					for d in plain "a b/ü/x;y"; do
						((n++ % step)) || {
							time_left || break 5
							here "$d" LT_KERN=$k \
								OMP_NUM_THREADS=$t \
								LC_ALL=$l TZ=$z
						}
					done
				done
			done
		done
	done
	soaked "$ways ways, $(wc -l <first.sum) files" 'one hash a file'
	[ "$ways" -gt 0 ]
}

# Each tool under valgrind, which knows no AVX-512.
@test 'valgrind sees no error, with the reference kernels' {
	local t
	long_test
	need_no_sanitizer
	command -v valgrind >/dev/null || skip 'valgrind is not installed'
	inputs
	mkdir bin at
	for t in "$BUILD"/lt-*; do
		[ ! -x "$t" ] || printf '#!/bin/sh\nexec valgrind -q %s "%s" "$@"\n' \
			'--error-exitcode=99 --leak-check=full' "$t" \
			>"bin/${t##*/}"
	done
	chmod +x bin/*
	cd at
	# Without GOMP_SPINCOUNT each program starts itself once more.
	local what=short_chain
	[ "${LT_SOAK:-0}" -lt 300 ] || what=chain
	LT_KERN=ref OMP_NUM_THREADS=1 GOMP_SPINCOUNT=0 PATH="$FOLDER/bin:$PATH" \
		run_chain $what 2>said || { cat said >&2; false; }
	run -1 grep '^==' said
	soaked "$(ls | wc -l) files" 'no error'
}
