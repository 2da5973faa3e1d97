#!/usr/bin/env bats
# The report on a comparison: its tables against other computations, its page.
# Quick: not run, for it tests makefiles.
load common
load workflow

net=synth/tiny

# report ARGUMENT...: two seeds of three methods and their report, in ./runs.
report() {
	workflow 'imp prac random' SEEDS='1 2' TICKETS=all EPOCH_MASKS='0 2' report "$@"
}

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	tiny_net tiny 8 >tiny.net
	first_run report -j2
	hashes >hashes
}

# The finished tree is here, and the report of both seeds.
finished() {
	cp -a "$BATS_FILE_TMPDIR/runs" runs
	cd "runs/$net/report"
}

@test "rounds whose numbers are no octal ones have pictures too" {
	workflow imp -s SYNTH_TRAIN=200 SYNTH_TEST=50 VAL=40 EPOCHS=2 MILESTONES=1 ROUNDS=9 \
		TICKETS=9 EPOCH_MASKS='0 8 9' report >/dev/null
	for r in 0 8 9; do
		[ -s "runs/$net/report/epochs-$r.png" ] || ! command -v gnuplot >/dev/null
	done
}

@test "a second run makes nothing" {
	finished
	cd "$BATS_TEST_TMPDIR"
	makes_nothing report
	makes_nothing report -j4
}

@test "summary.tsv has all rows of all seeds, the dense one once" {
	finished
	[ "$(wc -l <summary.tsv)" = $((1 + 2 * (1 + 3 * 3))) ]
	for s in 1 2; do
		tail -qn +2 "../s$s"/{imp,prac,random}/summary.tsv | sort -u |
			diff - <(sed -n "s/^$s\t//p" summary.tsv | sort)
	done
	head -n 1 summary.tsv | cut -f 2- | diff - <(head -n 1 ../s1/imp/summary.tsv)
}

@test "seeds of several machines make the tables of one run" {
	joined $net/report report
	# And no longer, if nothing is joined.
	report -s SEEDS=1 OUT=1 >/dev/null
	[ "$(cut -f 1 1/$net/report/summary.tsv | sort -u | xargs)" = '1 seed' ]
	grep -q '^command.* SEEDS=1 ' 1/$net/report/facts.tsv

	run -2 report SEEDS=1 OUT=1 JOIN='2 3'
	[[ $output == *'JOIN: 2: expected the folder of a report, found no facts.tsv.'* ]]
	run -2 report SEEDS='1 2' OUT=1 JOIN=2/$net/report
	[[ $output == *'JOIN: seed 2 twice.'* ]]
	sed -i.bak '/^A training\tBATCH\t/s/\t32\t/\t64\t/' 2/$net/report/settings.tsv
	run -2 report SEEDS=1 OUT=1 JOIN=2/$net/report
	[[ $output == *"JOIN: 2/$net/report: another study: BATCH: 64 there, 32 here"* ]]
	mv 2/$net/report/settings.tsv.bak 2/$net/report/settings.tsv
	sed -i '/^test images/s/\t.*/\t99/' 2/$net/report/facts.tsv
	run -2 report SEEDS=1 OUT=1 JOIN=2/$net/report
	[[ $output == *"JOIN: 2/$net/report: another study: test images: 99 there, 100 here"* ]]
}

@test "the page is there once all of it is" {
	command -v cmark-gfm >/dev/null || skip 'cmark-gfm is not installed'
	finished
	rm README.md index.html
	mkdir index.html
	cd "$BATS_TEST_TMPDIR"
	run -2 report -s
	[ ! -e runs/$net/report/README.md ]
	rmdir runs/$net/report/index.html
	report -s >/dev/null
	[ -s runs/$net/report/index.html ]
	tidy
	unchanged
}

@test "means and deviations are those that Python finds" {
	command -v python3 >/dev/null || skip 'python3 is not installed'
	finished
	python3 - ../../train.idx <<-'END'
	import csv, statistics, sys
	def table(f): return list(csv.DictReader(open(f), delimiter="\t"))
	d0 = len(open(sys.argv[1]).readlines())
	for kind in ("tsv", "time.tsv"):
	    rows, means = table("summary." + kind), table("mean." + kind)
	    groups = {}
	    for r in rows:
	        groups.setdefault((r["method"], r["round"]), []).append(r)
	    assert len(groups) == len(means)
	    for m in means:
	        g = groups[m["method"], m["round"]]
	        assert int(m["n"]) == len(g) == 2
	        for c in m:
	            if c in ("method", "round", "n") or c.endswith("_std"):
	                continue
	            x = [100 * float(r["set_size"]) / d0 if c == "set_share"
	                 else float(r["multiply_adds"]) + float(r["forward_multiply_adds"])
	                 if c == "all_multiply_adds" else float(r[c]) for r in g]
	            x = [v for v in x if v == v]
	            if not x:
	                assert m[c] == "NaN", (m, c)
	                continue
	            assert abs(float(m[c]) - statistics.mean(x)) <= 1e-9 * max(map(abs, x)), (m, c)
	            if c == "sparsity":
	                continue
	            s = m[c + "_std"]
	            if len(x) < 2:
	                assert s == "NaN"
	            else:
	                assert abs(float(s) - statistics.stdev(x)) <= 1e-9 * max(map(abs, x))
	END
}

# comparison "METHOD ACCURACY..."...: a made-up summary, one argument a seed and
# method: its accuracies of rounds 1, 2 ..., - for none.  Iterations: IMP 100 a
# round, others 40 a round and 10 for each seed.
comparison() {
	printf '%s\n' "$@" | awk '
	BEGIN {
		OFS = "\t"
		print "seed", "method", "round", "sparsity", "search_iterations",
			"presentations", "search_forward", "multiply_adds",
			"retrain_iterations", "set_size", "val_acc", "forward_multiply_adds", "stop_epoch", "mask_distance",
			"stop_rule", "test_acc"
	}
	{
		seed = ++n[$1]
		if (seed == 1)
			order[++methods] = $1
		for (r = 2; r <= NF; r++)
			if ($r != "-")
				print seed, $1, $1 == "dense" ? 0 : r - 1, 20 * (r - 1),
					$1 == "imp" ? 100 * (r - 1) : \
					40 * (r - 1) + 10 * seed, 6400, 1600,
					"NaN", "NaN", "NaN", "NaN", "NaN", "NaN", "NaN", "none", $r
	}' >summary.tsv
	lt-score matching --within 1 -o matching.tsv summary.tsv
	lt-score savings --cost search_iterations --cost presentations --cost multiply_adds \
		--cost presentations+search_forward --cost multiply_adds+forward_multiply_adds \
		--matching matching.tsv -o savings.tsv summary.tsv
}
# field TABLE COLUMN KEY...: the value in the row that begins with KEYs.
field() {
	local file=$1 column=$2
	shift 2
	awk -F '\t' -v c="$column" -v key="$(printf '%s\t' "$@")" '
	NR == 1 { for (i = 1; i <= NF; i++) if ($i == c) at = i; next }
	index($0, key) == 1 { print at ? $at : "no column" }' "$file"
}

@test "matched: the mean within one deviation of IMP's, ties included" {
	comparison 'dense 91' 'dense 91' 'dense 91' \
		'imp 90.1 90.1 90.1 90.1' 'imp 90.2 90.2 90.2 90.2' 'imp 90.3 90.3 90.3 90.3' \
		'prac 90.1 90.1 90 90.2' 'prac 90.1 90.1 90 90.2' 'prac 90.1 90.1 90 90.2'
	# IMP has 90.2 and deviation 0.1: 90.1 ties.
	[ "$(for r in 1 2 3 4; do field matching.tsv matched prac $r; done | paste -sd ' ')" = '1 1 0 1' ]
	[ "$(field matching.tsv difference prac 3)" = -0.2 ]
	[ "$(field matching.tsv difference_std prac 3)" = 0.1 ]
	[ "$(field matching.tsv difference_n prac 3)" = 3 ]
	# The last before the first failure, and the highest at all.
	[ "$(field savings.tsv round prac imp)" = 2 ]
	[ "$(field savings.tsv sparsity prac imp)" = 40 ]
	[ "$(field savings.tsv round_at_all prac imp)" = 4 ]
	# 90, 100, 110 iterations to IMP's 200.
	[ "$(field savings.tsv search_iterations prac imp)" = 100 ]
	[ "$(field savings.tsv search_iterations_saving prac imp)" = 50 ]
	[ "$(field savings.tsv search_iterations_saving_std prac imp)" = 5 ]
	[ "$(field savings.tsv presentations_and_search_forward prac imp)" = 8000 ]
	[ "$(field savings.tsv multiply_adds_saving prac imp)" = NaN ]
	# Within a point of dense (90 ties), and the last round whatever it is.
	[ "$(field savings.tsv round prac dense)" = 4 ]
	[ "$(field savings.tsv round imp dense)" = 4 ]
	[ "$(field savings.tsv round prac last)" = 4 ]
	[ "$(field savings.tsv search_iterations prac last)" = 180 ]
}

@test "matched: one seed, nothing, and rounds that are not there" {
	comparison 'dense 91' 'imp 90 90' 'prac 90 89.99'
	[ "$(field matching.tsv imp_std prac 1)" = NaN ]
	[ "$(field matching.tsv threshold prac 1)" = 90 ]
	[ "$(field matching.tsv matched prac 1)" = 1 ]
	[ "$(field matching.tsv matched prac 2)" = 0 ]
	[ "$(field savings.tsv round prac imp)" = 1 ]
	[ "$(field savings.tsv search_iterations_saving_std prac imp)" = NaN ]
	comparison 'dense 91' 'imp 90 90' 'prac 80 80'
	[ "$(field savings.tsv round prac imp)" = NaN ]
	[ "$(field savings.tsv round_at_all prac imp)" = NaN ]
	[ "$(field savings.tsv search_iterations_saving prac imp)" = NaN ]
	[ "$(field savings.tsv round prac dense)" = NaN ]
	# Rounds that only one of them has decide nothing.
	comparison 'dense 91' 'imp 90 - 90' 'prac - 50 90 90'
	[ "$(field matching.tsv matched prac 2)" = NaN ]
	[ "$(field matching.tsv matched prac 4)" = NaN ]
	[ "$(field savings.tsv rounds prac imp)" = 1 ]
	[ "$(field savings.tsv round prac imp)" = 3 ]
	[ "$(field savings.tsv round prac last)" = 3 ]
	# A seed that lacks a round: means of those that have it, pairs of both.
	comparison 'dense 91' 'dense 91' 'imp 90 90' 'imp 92 92' 'prac 91 92' 'prac 91 -'
	[ "$(field matching.tsv n prac 2)" = 1 ]
	[ "$(field matching.tsv test_acc_std prac 2)" = NaN ]
	[ "$(field matching.tsv difference_n prac 2)" = 1 ]
	[ "$(field matching.tsv difference prac 2)" = 2 ]
	[ "$(field savings.tsv n prac imp)" = 1 ]
	[ "$(field savings.tsv search_iterations prac imp)" = 90 ]
	# Without IMP there is nothing to save.
	comparison 'dense 91' 'prac 90 90'
	[ "$(field savings.tsv round prac imp)" = NaN ]
	[ "$(field savings.tsv round prac dense)" = 2 ]
}

@test "sets and their classes are what the lists hold" {
	finished
	for s in 1 2; do
		for r in 1 2 3; do
			cd "../s$s/prac/0$r"
			printf '%s\t%s\t%s\t%s' "$(wc -l <cet.idx)" "$(wc -l <cep.idx)" \
				"$(comm -12 cet.idx cep.idx | wc -l)" "$(wc -l <set.idx)" >"$BATS_TEST_TMPDIR/want"
			cd ../../../report
			sed -n "s/^$s\tprac\t$r\t//p" sets.tsv | cut -f 1-4 |
				tr -d '\n' | diff "$BATS_TEST_TMPDIR/want" -
		done
		lt-subset count -q --data ../../train.data "../s$s/prac/03/set.idx" |
			awk -F '\t' 'NR > 1 { print $2, $4 }' |
			diff - <(awk -F '\t' -v s=$s '$1 == s { print $3, $6 }' classes.tsv)
	done
	[ "$(awk 'NR > 1' sets.tsv | wc -l)" = 6 ]
}

@test "distances of checks and of masks are those of the trainings" {
	finished
	for s in 1 2; do
		for q in 0 1 2; do
			sed 1d "../s$s/prac/0$q/distances.tsv" |
				diff - <(awk -F '\t' -v s=$s -v q=$q '$1 == s && $3 == q {
					print $4 "\t" $5 "\t" $6 }' distances.tsv)
		done
	done
	[ "$(awk -F '\t' '$7 == 1' distances.tsv | wc -l)" = \
		"$(tail -qn +2 ../s[12]/prac/0[012]/stop.tsv | grep -c ^1)" ]
	# Rounds 1 and 3 of IMP differ in what was pruned between: 902 and 442 of 1288.
	[ "$(field rounds.tsv distance imp 1 3)" = "$(awk 'BEGIN { printf "%.9g", 460 / 1288 }')" ]
	# Between epochs 1 and 4 of round 2, counted again; kept before: 631.
	lt-prune -q --rate 0.3 --mask ../s1/imp/02/ticket.mask.safetensors \
		-o a.mask.safetensors ../s1/imp/02/epoch-1.safetensors
	lt-prune -q --rate 0.3 --mask ../s1/imp/02/ticket.mask.safetensors \
		-o b.mask.safetensors ../s1/imp/02/epoch-4.safetensors
	[ "$(awk -F '\t' '$1 == 2 && $2 == 1 && $3 == 4 { print $4 }' ../s1/imp/02/epochs.tsv)" = \
		"$(lt-hamming --norm count ?.mask.safetensors | awk '{ printf "%.9g", $1 / 631 }')" ]
	[ "$(awk -F '\t' '$1 == 0' epochs.tsv | wc -l)" = 16 ]
}

@test "the page is whole: tags, pictures, links that lead somewhere" {
	finished
	whole "$(grep -c '^!\[' README.md)" 'lt run imp prac random' 'SEEDS="1 2"' .../tiny.net \
		1,288 1,340 23,104 'lt 0.1' 'random pruning' STOP_EPS
	[ "$(ls *.svg 2>/dev/null | wc -l)" -ge 12 ] || ! command -v gnuplot >/dev/null
	# Pictures of one folder are there as SVG and PNG.
	for f in *.svg; do
		[ ! -e "$f" ] || [ -s "${f%.svg}.png" ]
	done
	# Every table but the page's own and those of seeds is named.
	for f in *.tsv; do
		case $f in facts.tsv | settings.tsv | *.time.tsv | *.all.tsv) continue ;; esac
		grep -qF "($f)" README.md || { echo "no link to $f" >&2; false; }
	done
}

@test "the same settings make the same report" {
	cp -a "$BATS_FILE_TMPDIR/runs" runs
	rm -r "runs/$net/report" "runs/$net"/s?/report
	report -s -j4 >/dev/null
	unchanged
	# One seed, and two again.
	report -s SEEDS=1 >/dev/null
	[ "$(field "runs/$net/report/mean.tsv" n imp 1)" = 1 ]
	[ "$(field "runs/$net/report/mean.tsv" test_acc_std imp 1)" = NaN ]
	grep -q 'IMP was run with one seed: no verdict is possible' \
		<<<"$(tr -s '\n ' ' ' <"runs/$net/report/README.md")"
	report -s >/dev/null
	unchanged
	# Another limit remakes what it decides and no search.
	printf '%s\n' '#!/bin/sh' 'echo "$*" >>launched' 'exec "$@"' >launch
	chmod +x launch
	report -s WITHIN=100 LAUNCH="$PWD/launch" >/dev/null
	[ "$(field "runs/$net/report/savings.tsv" round random dense)" = 3 ]
	run -1 grep -v '^lt-score' launched
	makes_nothing report WITHIN=100
}

@test "without gnuplot the page has no curves and says so" {
	cp -a "$BATS_FILE_TMPDIR/runs" runs
	rm -r "runs/$net/report"
	without_gnuplot report -s >/dev/null 2>log
	grep 'gnuplot is not installed' log
	cd "runs/$net/report"
	# The contact sheets are there all the same.
	whole 2
}

# paged "METHOD ACCURACY..."...: the page of a comparison, in ./text.
paged() {
	comparison "$@"
	seq 6400 >d0.idx
	lt-score mean --key method --key round --plain sparsity --of d0.idx -o mean.tsv summary.tsv
	lt-score differences --pair prac-cet=prac --pair random=imp --pair mine=imp -o differences.tsv \
		summary.tsv
	lt-score warnings --matching matching.tsv -o warnings.tsv summary.tsv
	printf "%s\n" "fact	value" "network	tiny" "data set	synth" "training images (D0)	6400" \
		"command	lt run" >facts.tsv
	printf 'setting\tvalue\nWITHIN\t1\n' >settings.tsv
	said compare
}

@test "the page says what matches and what does not" {
	paged 'dense 91' 'dense 91' 'imp 90.1 90.1 90' 'imp 90.3 90.3 90.2' \
		'prac 90.2 90.3 80' 'prac 90.2 90.3 81' 'prac-cet 70 70 70' 'prac-cet 70 70 70.5'
	# -10 and -9.2: 12.7 times 0.4 to either side.
	says 'are not shown to be as good as those of iterative magnitude pruning (IMP) at any sparsity. At 60.00 % sparsity they have 80.50 ± 0.71 % (n = 2) of the test images right'
	says "they are worse. So no saving at equal accuracy is shown, whatever the search costs (135 iterations to IMP's 300)."
	says 'By the paper'"'"'s rule PrAC matches IMP at 2 of 3 sparsities. A method equal to IMP passes at one sparsity with probability 0.75, and at all of them with 0.42 if they are independent.'
	says 'It does not match at 60.00 % (-9.60 points; 89.96 % would'
	says '| PrAC | 60.00 | 2 | -9.60 | -14.68 | -4.52 | worse | not told apart | 0 | 0.75 |'
	says 'at most 1 point below the dense network'"'"'s (91.00 %): IMP 60.00 %, PrAC 40.00 %, PrAC, CET only none.'
	# -10 and -10.5 points; the same costs.
	says '*Are the examples critical for pruning needed?* Yes: PrAC, CET only is worse than PrAC at 60.00 % sparsity (-10.25 points, 95 % interval -13.43 to -7.07). It is worse at 1 of the 3 sparsities that both have. Both searches take 135 iterations.'
	says '| PrAC, CET only | PrAC | 60.00 | 2 | -10.25 | -13.43 | -7.07 | worse | worse |'
	says 'The tables do not have the accuracy of the dense network on the training images'
	run -1 grep -F 'one seed:' text
	run -1 grep -F 'fewer.' text
}

@test "the page quotes a saving where the verdict is as good, and there alone" {
	# Of rounds 1 and 2: 0.1 0 0.1 and -0.1 0 -0.1, 0.143 to either side.
	paged 'dense 91' 'dense 91' 'dense 91' 'imp 90.1 90.1 90.1' 'imp 90.2 90.2 90.2' \
		'imp 90.3 90.3 90.3' 'prac 90.2 90 80' 'prac 90.2 90.2 80.1' 'prac 90.4 90.2 80.4' \
		'random 90.6 80 80' 'random 90.6 80 80.3' 'random 90.6 80 80.1'
	says 'as good as those of iterative magnitude pruning (IMP) up to a sparsity of 40.00 %: after training they have 90.13 ± 0.12 % (n = 3) of the test images right, -0.07 points to IMP'"'"'s (95 % interval -0.21 to +0.08, margin 0.5 points).'
	# 90, 100 and 110 iterations of 200.
	says "There the search takes 100 iterations to IMP's 200: 50.0 ± 5.0 % (n = 3) fewer."
	says 'In round 2 (40.00 % sparsity), where it is as good, PrAC saves 50.0 ± 5.0 % (n = 3) of IMP'"'"'s iterations'
	says '| PrAC | 40.00 |'
	# Random masks: 90.6 is 0.4 below dense.
	says 'Random masks reach the dense network (at most 0.5 points below it) at 20.00 % (-0.40 points). An accuracy'
	# The margin is that of the settings.
	printf 'setting\tvalue\nMARGIN\t0.2\n' >settings.tsv
	said compare
	says 'above -0.2 points, the margin'
}

@test "the page warns of networks that are not trained and of tickets that are the same" {
	comparison 'dense 91' 'imp 90 91' 'prac 90 90'
	# Both searches have not differed yet, and all best epochs are the last.
	awk -F '\t' -v OFS='\t' 'NR == 1 { print $0, "train_acc", "gap", "start_acc", "best_epoch", "epochs"; next }
		{ if ($3 == 1) $5 = 100; print $0, 94.5, 3.5, 25 + $3, $3 == 1 ? 3 : 4, 4 }' \
		summary.tsv >more
	mv more summary.tsv
	lt-score matching -o matching.tsv summary.tsv
	lt-score warnings --matching matching.tsv -o warnings.tsv summary.tsv
	lt-score savings --cost search_iterations --cost presentations --cost multiply_adds \
		--cost presentations+search_forward --cost multiply_adds+forward_multiply_adds \
		--matching matching.tsv -o savings.tsv summary.tsv
	lt-score mean --key method --key round --plain sparsity -o mean.tsv summary.tsv
	printf "%s\n" "fact	value" "network	tiny" "data set	synth" "training images (D0)	6400" \
		"command	lt run" >facts.tsv
	printf 'setting\tvalue\nWITHIN\t1\n' >settings.tsv
	printf 'method\tround\tname\tn\tdensity\nimp\t1\tfc\t1\t0.9\nimp\t2\tfc\t1\t0.5\nprac\t2\tfc\t1\t0.25\n' >layers.tsv
	printf 'method\tround\ta\tb\n' >rounds.tsv
	said compare
	says 'The dense network is not trained to the end: it has 94.50 % of the training images right, which is less than 95 %.'
	says 'Of 5 networks (by method and round), 3 have their best validation epoch at the end'
	says "The tickets of *PrAC* are IMP's own, because no training had stopped early and no set had shrunk, at 20.00 %. They are not compared."
	says '| PrAC | 40.00 | 27.00† (1) | 94.50† (1) | 90.00† (1) | 3.50† (1) |'
	says '| fc | 50.00 | 25.00 |'
}

@test "the page says so when nothing matches, with one seed, after a divergence" {
	paged 'dense 91' 'imp 90' 'prac 80'
	says 'are not shown to be as good as those of iterative magnitude pruning (IMP) at any sparsity. At 20.00 % sparsity they have 80.00 % (n = 1) of the test images right after training, and IMP'"'"'s have 90.00 % (n = 1): they are not told apart (n = 1).'
	says 'IMP was run with one seed: no verdict is possible'
	says 'It does not match at 20.00 % (-10.00 points; 90.00 % would'
	paged 'dense 91' 'dense 91' 'imp 90 90' 'imp 91 91' 'prac 90 NaN' 'prac 90 80' 'random 80 80' 'random 80 80' \
		'mine 90 90' 'mine 91 91.1'
	says 'Some trainings diverged. They have no result and are left out of means and comparisons: seed 1 PrAC round 2.'
	# -10 and -11: 6.35 to either side.
	says 'Random pruning is at no sparsity shown to be as good as IMP, and worse at 20.00 %, 40.00 %.'
	# Holm doubles 1 - 2 atan(21) / pi = 0.0303, at the least.
	says '*Does the search find better masks than chance?* It cannot be told (n = 2): random pruning and IMP are not told apart at 40.00 % sparsity (-10.50 points, 95 % interval -16.85 to -4.15). Without the correction the verdict is: worse.'
	says '*Is IMP better than mine?* It cannot be told (n = 2): mine and IMP are not told apart at 40.00 % sparsity (+0.05 points'
	# Ties match: 90 is IMP's mean of 90.5 less 0.71, and more.  One seed has both.
	says 'PrAC matches IMP at 1 of 2 sparsities'
	# Without IMP and PrAC.
	paged 'dense 91' 'random 80 81'
	says 'The best sparse network has 81.00 % (n = 1) of the test images right after training; the dense network has 91.00 % (n = 1). It comes from random pruning at 40.00 % sparsity.'
	# PrAC without IMP, and with a round of IMP's alone.
	paged 'dense 91' 'prac 80 81'
	says 'The best sparse network has 81.00 % (n = 1) of the test images right after training; the dense network has 91.00 % (n = 1). It comes from PrAC at 40.00 % sparsity.'
	paged 'dense 91' 'imp 90' 'prac 80 81'
	says 'At 20.00 % sparsity they have 80.00 % (n = 1) of the test images right after training, and IMP'"'"'s have 90.00 % (n = 1): they are not told apart (n = 1).'
}

@test "tables of an earlier run with other searches are not on the page" {
	workflow 'imp prac' -s -j2 OUT=other ROUNDS=1 TICKETS=1 report >/dev/null 2>&1
	local r=other/synth/tiny/report
	[ -e $r/sets_mean.tsv ]
	[ -e $r/inside.png ]
	echo mine >$r/notes.md
	workflow 'imp random' -s -j2 OUT=other ROUNDS=1 TICKETS=1 report >/dev/null 2>&1
	[ ! -e $r/sets_mean.tsv ]
	[ ! -e $r/inside.png ]
	[ "$(cat $r/notes.md)" = mine ]
	run -1 grep -c 'last set of PrAC' $r/README.md
}
