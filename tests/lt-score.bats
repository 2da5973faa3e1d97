load common

# table "NETWORK SEED STAGE SPARSITY VAL TEST [LENGTH]"...: a table.
table() {
	local length=
	[ "$(wc -w <<<"$1")" = 6 ] || length=$'\tlength'
	printf 'network\tseed\tstage\tsparsity\tval_acc\ttest_acc%s\n' "$length"
	printf '%s\n' "$@" | tr ' ' '\t'
}

# columns NAME...: these columns of the table on standard input, rows as lines
# of words, without the header.
columns() {
	awk -F '\t' -v names="$*" '
	NR == 1 {
		for (i = 1; i <= NF; i++)
			at[$i] = i
		n = split(names, name, " ")
		for (i = 1; i <= n; i++)
			if (!(name[i] in at))
				exit 1
		next
	}
	{
		for (i = 1; i <= n; i++)
			printf "%s%s", $at[name[i]], i < n ? " " : "\n"
	}'
}

# of TABLE COLUMN... [-- OPTION...]: those of lt-score's output.
of() {
	local t=$1 c=()
	shift
	while [ $# -gt 0 ] && [ "$1" != -- ]; do
		c+=("$1")
		shift
	done
	lt-score networks "${@:2}" "$t" | columns "${c[@]}"
}

# random NETWORKS SEEDS STAGES: a table with columns in an order of their own,
# and ties, as accuracies are few.
random() {
	awk -v networks="$1" -v seeds="$2" -v stages="$3" '
	function acc() { return 60 + int(rand() * 40) / 10 }
	BEGIN {
		OFS = "\t"
		srand(5)
		print "note", "test_acc", "seed", "length", "stage", "val_acc", \
			"network", "sparsity"
		for (i = 0; i < networks; i++)
			for (s = 1; s <= seeds; s++)
				for (k = 0; k <= stages; k++)
					print "x", acc(), s,
						rand() < 0.1 ? "nan" : 9 * rand(),
						k, acc() + (k == 0) * i, "net" i,
						100 - 100 * 0.84 ^ k
	}'
}

@test "best sparse and sparsest matching are what they say" {
	table "a 1 0 0 70 50" "a 1 1 20 72 55" "a 1 2 36 70 51" "a 1 3 49 69 60" >t
	[ "$(of t searches stages successes sr sr_null)" = '1 3 1 100 75' ]
	[ "$(of t dense_acc best_stage best_acc best_sparsity best_gain)" = \
		'50 1 55 20 10' ]
	[ "$(of t match_acc match_sparsity match_gain lts)" = '51 36 2 10' ]
}

@test "of equal best ones the sparser is taken, and a tie matches" {
	table "a 1 0 0 70 50" "a 1 1 20 80 40" "a 1 2 36 80 45" "a 1 3 49 70 60" >t
	[ "$(of t best_stage best_gain match_sparsity match_gain)" = \
		'2 -10 49 20' ]
}

@test "stages are chosen by val_acc, or by test_acc" {
	table "a 1 0 0 70 50" "a 1 1 20 72 49" "a 1 2 36 60 60" >t
	[ "$(of t best_stage best_acc match_sparsity)" = '1 49 20' ]
	[ "$(of t best_stage best_acc match_sparsity -- --select val)" = '1 49 20' ]
	[ "$(of t best_stage best_acc match_sparsity -- --select test)" = '2 60 36' ]
}

@test "a search without a matching stage fails, and its best still counts" {
	table "a 1 0 0 70 50" "a 1 1 20 69 49" "a 2 0 0 70 50" "a 2 1 20 71 52" >t
	[ "$(of t searches successes sr best_gain match_gain match_gain_std)" = \
		'2 1 50 1 4 nan' ]
	# Gains -2 and 4: the winning ticket's 4 times 1/2; all of them, 1 times 1/2.
	[ "$(of t success_gain success_gain_std lts lts_all)" = '4 nan 2 0.5' ]
	head -n 3 t >one
	[ "$(of one searches successes sr sr_low sr_high)" = '1 0 0 0 97.5' ]
	[ "$(of one best_gain best_gain_std match_acc match_gain success_gain lts lts_all)" = \
		'-2 nan nan nan nan 0 0' ]
}

@test "the generalization gap is training less test accuracy" {
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
		network seed stage sparsity val_acc test_acc train_acc \
		a 1 0 0 70 50 90  a 1 1 20 75 60 80  a 1 2 36 70 55 60 \
		a 2 0 0 70 60 70  a 2 1 20 60 66 95  a 2 2 36 65 63 nan >t
	# Dense 40 and 10; best sparse 20 (stage 1) and none; matching 5 (stage 2).
	[ "$(of t dense_gap dense_gap_std best_gap best_gap_std match_gap match_gap_std)" = \
		'25 21.2132034 20 nan 5 nan' ]
	lt-score searches t | columns dense_gap best_gap match_gap success |
		diff - <(printf '40 20 5 1\n10 nan nan 0\n')
	# Without the column there are no gaps, and all else is the same.
	cut -f 1-6 t >without
	[ "$(of without dense_gap best_gap match_gap)" = 'nan nan nan' ]
	lt-score networks without | cut -f 1-38 | diff <(lt-score networks t | cut -f 1-38) -
	sed 's/90$/190/' t >bad
	refuses 65 "bad:2: column 'train_acc': expected a percentage from 0 to 100, or nan, found '190'" \
		lt-score networks bad
	sed 's/90$/91/' t >other
	refuses 65 "other:2: network 'a', seed '1', stage 0" lt-score networks t other
}

@test "one search has means and no deviations" {
	table "a 1 0 0 70 50 8" "a 1 1 20 70 55 6" >t
	[ "$(of t dense_acc dense_acc_std best_gain best_gain_std)" = '50 nan 10 nan' ]
	[ "$(of t dense_length best_length match_length best_length_gain \
		match_length_gain best_length_std)" = '8 6 6 -25 -25 nan' ]
	[ "$(of t sr_low sr_high)" = '2.5 100' ]
}

@test "equal numbers have deviation 0" {
	for s in 1 2 3 4 5 6 7; do
		table "a $s 0 0 70.1 50.1" "a $s 1 20.2 71.3 55.7"
	done | awk 'NR == 1 || !/^network/' >t
	[ "$(of t dense_acc_std best_acc_std best_sparsity_std best_gain_std)" = \
		'0 0 0 0' ]
}

@test "incomplete searches are counted, named, and left out" {
	table "a 1 0 0 70 50" "a 1 1 20 70 55" "a 1 2 36 60 50" \
		"a 2 0 0 70 50" "a 2 2 36 90 90" \
		"a 3 0 0 70 50" "a 3 1 20 nan 50" "a 3 2 36 90 90" \
		"a 4 0 0 70 nan" "a 4 1 20 90 90" "a 4 2 36 90 90" \
		"a 5 0 0 70 0" "a 5 1 20 90 90" "a 5 2 36 90 90" \
		"a 6 1 20 90 90" "b 1 0 0 70 50" "b 1 1 20 70 nan" >t
	run -0 --separate-stderr lt-score networks t
	[ "$(columns network searches incomplete successes best_gain <<<"$output")" = \
		$'a 1 5 1 10\nb 0 1 0 nan' ]
	# shellcheck disable=SC2154
	[ "${#stderr_lines[@]}" = 6 ]
	[[ ${stderr_lines[0]} == "lt-score: warning: network 'a', seed '2': "*"stage 1 is not there" ]]
	[[ ${stderr_lines[1]} == *"seed '3'"*"stage 1 has nan for val_acc or test_acc" ]]
	[[ ${stderr_lines[2]} == *"seed '4'"*"stage 0 has nan"* ]]
	[[ ${stderr_lines[3]} == *"seed '5'"*"stage 0 has test_acc 0" ]]
	[[ ${stderr_lines[4]} == *"seed '6'"*"stage 0 is not there" ]]
	[[ ${stderr_lines[5]} == *"network 'b', seed '1'"*"stage 1 has nan"* ]]
	run -0 --separate-stderr lt-score networks -q t
	[ -z "$stderr" ]
	[ "$(lt-score networks -q t | tail -n 1 | tr '\t' '\n' | sort | uniq -c | sort -n |
		tail -n 1 | awk '{ print $1, $2 }')" = '38 nan' ]
	[ "$(lt-score searches -q t | columns network seed)" = 'a 1' ]
}

@test "K is the most stages there are, or --stages" {
	table "a 1 0 0 70 50" "a 1 1 20 69 55" "a 1 2 36 70 50" "a 1 3 49 99 99" \
		"a 2 0 0 70 50" "a 2 1 20 69 55" "a 2 2 36 69 51" "b 1 0 0 1 1" \
		"b 1 1 20 1 1" >t
	[ "$(of t stages searches incomplete successes sr_null -- -q)" = \
		$'3 1 1 1 75\n1 1 0 1 50' ]
	[ "$(of t stages searches incomplete successes best_acc -- -q --stages 2)" = \
		$'2 2 0 1 50.5\n2 0 1 0 nan' ]
	[ "$(of t searches incomplete successes -- -q --stages 9)" = \
		$'0 2 0\n0 1 0' ]
	table "a 1 0 0 70 50" >dense
	[ "$(of dense searches successes sr sr_null best_stage best_gain lts)" = \
		'1 0 0 0 nan nan nan' ]
}

@test "lengths that are not measured are left out of gains of length alone" {
	table "a 1 0 0 70 50 10" "a 1 1 20 71 55 15" "a 2 0 0 70 50 nan" \
		"a 2 1 20 71 55 30" "a 3 0 0 70 50 0" "a 3 1 20 71 55 5" \
		"a 4 0 0 70 50 20" "a 4 1 20 71 55 inf" "a 5 0 0 70 50 10" \
		"a 5 1 20 60 55 12" >t
	[ "$(of t searches best_length_gain match_length_gain match_length_gain_std)" = \
		'5 35 50 nan' ]
	[ "$(of t dense_length best_length match_length best_gain)" = \
		'10 15.5 16.6666667 10' ]
	cut -f 1-6 t >without
	[ "$(of without best_gain best_length_gain dense_length best_length)" = \
		'10 nan nan nan' ]
	lt-score networks without | cut -f 1-18 | diff <(lt-score networks t | cut -f 1-18) -
}

@test "--each has a row a search" {
	table "a 10 0 0 70 50 10" "a 10 1 20 72 55 5" "a 10 2 36 71 45 20" \
		"a 9 0 0 70 50 10" "a 9 1 20 69 55 nan" "a 9 2 36 69 45 20" >t
	lt-score searches t >each
	printf '%s\n' "network seed stages dense_val_acc dense_acc best_stage \
best_sparsity best_acc best_gain best_length_gain match_stage match_sparsity \
match_acc match_gain match_length_gain dense_gap best_gap match_gap success" \
		"a 9 2 70 50 2 36 45 -10 100 0 nan nan nan nan nan nan nan 0" \
		"a 10 2 70 50 1 20 55 10 -50 2 36 45 -10 100 nan nan nan 1" | tr ' ' '\t' |
		diff - each
	lt-score searches --select test t | columns best_stage match_stage success |
		diff - <(printf '1 1 1\n1 1 1\n')
}

@test "the header is as the manual says" {
	table | head -n 1 | lt-score networks >t
	[ "$(cat t)" = "$(echo network searches incomplete stages successes sr \
		sr_low sr_high sr_null dense_acc dense_acc_std best_acc \
		best_acc_std best_sparsity best_sparsity_std best_stage \
		best_gain best_gain_std best_length_gain best_length_gain_std \
		match_acc match_acc_std match_sparsity match_sparsity_std \
		match_gain match_gain_std match_length_gain \
		match_length_gain_std dense_length dense_length_std best_length \
		best_length_std match_length match_length_std lts lts_all \
		success_gain success_gain_std dense_gap dense_gap_std \
		best_gap best_gap_std match_gap match_gap_std |
		tr ' ' '\t')" ]
	table | head -n 1 | lt-score searches - >t
	[ "$(wc -l <t)" = 1 ]
}

@test "rows that come again are ignored, or refused when they differ" {
	table "a 1 0 0 70 50" "a 1 1 20 nan 55" "a 2 0 0 70 50" "a 2 1 20 70 55" >t
	lt-score networks -q t >want
	lt-score networks -q t t | diff want -
	table "a 2 1 20.0 7e1 55" >other
	lt-score networks -q t other | diff want -
	table "a 1 0 0 70 50" "a 2 1 20 70 55.5" >other
	refuses 65 "other:3: network 'a', seed '2', stage 1: expected the values of t:5" \
		lt-score networks -q t other
	for row in "a 1 1 20 60 55" "a 1 1 21 nan 55" "a 1 1 20 nan 55 7"; do
		table "$row" >other
		refuses 65 "other:2: network 'a', seed '1', stage 1" lt-score networks t other
	done
	# The first to contradict is named, whatever it contradicts.
	table "b 1 0 0 70 50" "a 1 0 0 70 50" "a 1 0 0 70 51" "b 1 0 0 70 51" >t
	refuses 65 "t:4: network 'a', seed '1', stage 0: expected the values of t:3" \
		lt-score networks t
	refuses 65 "standard input:4: " lt-score networks - <t
}

@test "the order of rows and tables changes no byte" {
	random 3 12 4 >t
	lt-score networks t >want
	lt-score searches t >each
	for i in 1 2 3; do
		{
			head -n 1 t
			tail -n +2 t | awk -v i=$i '{ print (NR * 7919 * i) % 1009, $0 }' |
				sort -n | cut -d ' ' -f 2-
		} >s
		run -1 cmp -s s t
		lt-score networks s | sort | diff <(sort want) -
		lt-score searches s | sort | diff <(sort each) -
	done
	{ head -n 1 t; tail -n +2 t | tac; } >s
	lt-score networks s | sort | diff <(sort want) -
	awk 'NR == 1 || NR % 3' t >a
	awk 'NR == 1 || NR % 3 == 0' t >b
	lt-score networks b a | sort | diff <(sort want) -
	[ "$(lt-score networks <(table "b 1 0 0 1 1") <(table "a 1 0 0 1 1" "b 2 0 0 1 1") |
		columns network searches)" = $'b 2\na 1' ]
}

@test "seeds sort as numbers when all are, else as bytes" {
	table "a 10 0 0 70 50" "a 9 0 0 70 50" "a 010 0 0 70 50" >t
	[ "$(lt-score searches t | columns seed | paste -sd ' ')" = '9 010 10' ]
	table "a 10 0 0 70 50" "a 9 0 0 70 50" "a x 0 0 70 50" >t
	[ "$(lt-score searches t | columns seed | paste -sd ' ')" = '10 9 x' ]
}

# What awk makes of the same table: network, then means and deviations.
recompute() {
	awk -F '\t' -v by="$1" '
	function add(what, x) {
		if (x == "nan")
			return
		count[what]++
		sum[what] += x
		list[what, count[what]] = x
	}
	function put(what,  i, m, s) {
		if (!count[what]) {
			printf " nan nan"
			return
		}
		m = sum[what] / count[what]
		for (i = 1; i <= count[what]; i++)
			s += (list[what, i] - m) ^ 2
		printf " %.12g %s", m, count[what] < 2 ? "nan" : \
			sprintf("%.12g", sqrt(s / (count[what] - 1)))
	}
	function rise(a, b) {
		return a == "nan" || b == "nan" || b == 0 ? "nan" : (a / b - 1) * 100
	}
	function put_search(what, r, d) {
		add(what "_acc", test[r])
		add(what "_sparsity", sparsity[r])
		add(what "_gain", rise(test[r], test[d]))
		add(what "_length_gain", rise(len[r], len[d]))
		add(what "_length", len[r])
	}
	function finish(  s, k, d, r, best, match_, n, i, w, what) {
		for (w in count) delete count[w]
		for (w in sum) delete sum[w]
		wins = 0
		for (s = 1; s <= seeds; s++) {
			d = now SUBSEP s SUBSEP 0
			best = match_ = 0
			for (k = 1; k <= stages; k++) {
				r = now SUBSEP s SUBSEP k
				if (!best || value[r] >= value[now, s, best])
					best = k
				if (value[r] >= value[d])
					match_ = k
			}
			add("dense_acc", test[d])
			add("dense_length", len[d])
			put_search("best", now SUBSEP s SUBSEP best, d)
			wins += match_ > 0
			if (match_)
				add("success_gain", rise(test[now, s, best], test[d]))
			if (match_)
				put_search("match", now SUBSEP s SUBSEP match_, d)
		}
		printf "%s %d %.12g", now, wins, 100 * wins / seeds
		n = split("dense_acc best_acc best_sparsity best_gain " \
			"best_length_gain match_acc match_sparsity match_gain " \
			"match_length_gain dense_length best_length match_length", what, " ")
		for (i = 1; i <= n; i++)
			put(what[i])
		put("success_gain")
		printf " %.12g %.12g\n", wins ? sum["success_gain"] / wins * wins / seeds : 0, \
			sum["best_gain"] / seeds * wins / seeds
	}
	NR > 1 {
		if (now != "" && $7 != now)
			finish()
		now = $7
		seeds = $3
		stages = $5
		r = $7 SUBSEP $3 SUBSEP $5
		test[r] = $2 + 0
		len[r] = $4
		value[r] = (by == "test" ? $2 : $6) + 0
		sparsity[r] = $8
	}
	END { finish() }'
}

@test "awk comes to the same means, deviations, gains and scores" {
	random 5 20 5 >t
	for by in val test; do
		recompute $by <t >want
		of t network successes sr dense_acc dense_acc_std best_acc \
			best_acc_std best_sparsity best_sparsity_std best_gain \
			best_gain_std best_length_gain best_length_gain_std \
			match_acc match_acc_std match_sparsity match_sparsity_std \
			match_gain match_gain_std match_length_gain \
			match_length_gain_std dense_length dense_length_std \
			best_length best_length_std match_length \
			match_length_std success_gain success_gain_std lts \
			lts_all -- --select $by >found
		[ "$(wc -l <found)" = 5 ]
		# Networks differ, and not all searches succeed.
		[ "$(cut -d ' ' -f 2 found | sort -u | wc -l)" -gt 2 ]
		paste -d ' ' want found | awk '{
			if (NF != 62 || $1 != $32)
				exit 1
			for (i = 2; i <= 31; i++) {
				d = $i - $(i + 31)
				# Nine digits are printed.
				most = 1e-8 * (1 + ($i < 0 ? -$i : $i))
				if (($i == "nan") != ($(i + 31) == "nan") ||
					d > most || -d > most) {
					print i ": " $i " is not " $(i + 31)
					exit 1
				}
			}
		}'
	done
}

# successes K N: a table of N searches, of which K succeed.
successes() {
	awk -v k="$1" -v n="$2" 'BEGIN {
		OFS = "\t"
		print "network", "seed", "stage", "sparsity", "val_acc", "test_acc"
		for (s = 1; s <= n; s++) {
			print "a", s, 0, 0, 70, 50
			print "a", s, 1, 20, s <= k ? 71 : 69, 50
		}
	}'
}

@test "intervals of the success rate are exact" {
	successes 34 50 >t
	[ "$(of t sr sr_low sr_high)" = '68 53.300616 80.4795805' ]
	successes 10 10 >t
	[ "$(of t sr sr_low sr_high)" = '100 69.1502892 100' ]
	successes 0 10 >t
	[ "$(of t sr sr_low sr_high)" = '0 0 30.8497108' ]
}

@test "intervals agree with sums of whole fractions" {
	command -v python3 >/dev/null || skip 'python3 is not installed'
	for i in '1 2' '3 7' '19 20' '34 50' '47 50' '61 90'; do
		successes $i >t
		echo "$i $(of t sr_low sr_high)"
	done >found
	python3 - found <<-'END'
	import sys
	from fractions import Fraction as F
	from math import comb
	def tail(ks, n, p):
	    return sum(comb(n, i) * p ** i * (1 - p) ** (n - i) for i in ks)
	for line in open(sys.argv[1]):
	    k, n, low, high = line.split()
	    k, n, low, high = int(k), int(n), F(low) / 100, F(high) / 100
	    for p, ks in (low, range(k, n + 1)), (high, range(k + 1)):
	        t = float(tail(ks, n, p)) if k else 0.025
	        assert abs(t / 0.025 - 1) < 1e-6, (line, t)
	END
}

@test "the score is the paper's formula, and not its table's column" {
	# Table 2: gain and rate as printed, the score that follows; a search of
	# a hundred stands for a per cent of the rate, all with the mean gain.
	while read -r name gain sr lts; do
		awk -v name="$name" -v gain="$gain" -v sr="$sr" 'BEGIN {
			OFS = "\t"
			print "network", "seed", "stage", "sparsity", "val_acc",
				"test_acc"
			for (s = 1; s <= 100; s++) {
				print name, s, 0, 0, 70, 50
				print name, s, 1, 16, s <= sr ? 70 : 69,
					50 * (1 + gain / 100)
			}
		}' >t
		[ "$(of t sr)" = "$sr" ]
		of t lts | awk -v want="$lts" '
			{ exit !(sprintf("%.2f", $1) == want) }'
	done <<-'END'
	LeNet-5 1.08 68 0.73
	PNASNet-A 0.80 87 0.70
	PNASNet-B 0.69 90 0.62
	ResNet32 0.52 83 0.43
	MobileNetV1 0.49 94 0.46
	EfficientNet 0.35 88 0.31
	ResNet18 0.46 67 0.31
	END
}

@test "standard input, gzip and files give the same" {
	random 2 3 2 >t
	gzip -c t >t.gz
	lt-score networks t >want
	lt-score networks <t | diff want -
	lt-score networks - <t.gz | diff want -
	lt-score networks t.gz | diff want -
	lt-score networks -o out.tsv t
	diff out.tsv want
	no_strays
}

@test "a million rows in any order cost seconds" {
	long_test
	awk 'BEGIN {
		OFS = "\t"
		print "network", "seed", "stage", "sparsity", "val_acc", "test_acc"
		for (i = 0; i < 1000000; i++) {
			# A permutation: 7919 has no divisor of 1000000.
			j = (i * 7919) % 1000000
			print "net" j % 4, int(j / 20), int(j / 4) % 5, 1, 50 + j % 7, 50
		}
	}' >t
	timeout 60 lt-score networks t >found
	columns searches incomplete <found | sort -u | diff - <(echo 50000 0)
	[ "$(wc -l <found)" = 5 ]
}

@test "what is no table of searches is refused" {
	: >empty
	refuses 65 'empty: expected a header line' lt-score networks empty
	for c in network seed stage sparsity val_acc test_acc; do
		table "a 1 0 0 70 50" | sed "1s/\<$c\>/other/" >bad
		refuses 65 "bad: expected a column '$c', found none" lt-score networks bad
	done
	while read -r row; do
		table "a 1 0 0 70 50 9" "$row" >bad
		refuses 65 'bad:3: ' lt-score networks bad
	done <<-'END'
	a 1 -1 20 70 50 9
	a 1 1.5 20 70 50 9
	a 1 nan 20 70 50 9
	a 1 2147483648 20 70 50 9
	a 1 1 x 70 50 9
	a 1 1 -20 70 50 9
	a 1 1 20 101 50 9
	a 1 1 20 70 inf 9
	a 1 1 20 70 -0.1 9
	a 1 1 20 70 50 -1
	a 1 1 20 70 50 -inf
	a 1 1 20 70 50
	a 1 1 20 70 50 9 9
	END
	table "a 1 0 0 70 50" "a 1 1 20 170 50" >bad
	refuses 65 "bad:3: column 'val_acc': expected a percentage from 0 to 100, or nan, found '170'" \
		lt-score networks bad
	table "a 1 0 0 70 50" | sed 's/^a//' >bad
	refuses 65 "bad:2: column 'network': expected a name, found ''" lt-score networks bad
	table "a 1 0 0 70 50" | sed '2s/\t1\t/\t\t/' >bad
	refuses 65 "bad:2: column 'seed': expected a name" lt-score networks bad
	table "a 1 0 0 70 50" >t
	head -c "$(($(stat -c %s t) - 1))" t >cut
	refuses 65 'cut:2: truncated' lt-score networks cut
	head -c 100 /dev/zero >bad
	refuses 65 bad lt-score networks bad
	refuses 65 bad lt-score networks t bad
}

@test "failed output is an error and leaves the old file" {
	table "a 1 0 0 70 50" "a 1 1 20 70 50" >t
	refuses 74 'No space left' lt-score networks -o /dev/full t
	run -74 bash -c 'lt-score networks t >/dev/full'
	run -74 bash -c 'lt-score searches t >/dev/full'
	echo old >l
	run -65 lt-score networks -o l /dev/null
	[ "$(cat l)" = old ]
	refuses 74 'nowhere/l' lt-score networks -o nowhere/l t
	refuses 74 'absent' lt-score networks t absent
	no_strays
}

@test "nonsense on the command line ends with status 2" {
	table "a 1 0 0 70 50" >t
	refuses 2 '--select: expected val|test' lt-score networks --select train t
	refuses 2 '--stages: expected' lt-score networks --stages 0 t
	refuses 2 '--stages: expected' lt-score networks --stages -1 t
	refuses 2 'unknown' lt-score networks --no-such t
	refuses 2 'only once' lt-score networks - t - <t
}

@test "the examples of the manual page run" {
	examples lt-score
}
