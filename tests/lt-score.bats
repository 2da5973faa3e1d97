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
						rand() < 0.1 ? "NaN" : 9 * rand(),
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
		'2 1 50 1 4 NaN' ]
	# Gains -2 and 4: the winning ticket's 4 times 1/2; all of them, 1 times 1/2.
	[ "$(of t success_gain success_gain_std lts lts_all)" = '4 NaN 2 0.5' ]
	head -n 3 t >one
	[ "$(of one searches successes sr sr_low sr_high)" = '1 0 0 0 97.5' ]
	[ "$(of one best_gain best_gain_std match_acc match_gain success_gain lts lts_all)" = \
		'-2 NaN NaN NaN NaN 0 0' ]
}

@test "the generalization gap is training less test accuracy" {
	printf '%s\t%s\t%s\t%s\t%s\t%s\t%s\n' \
		network seed stage sparsity val_acc test_acc train_acc \
		a 1 0 0 70 50 90  a 1 1 20 75 60 80  a 1 2 36 70 55 60 \
		a 2 0 0 70 60 70  a 2 1 20 60 66 95  a 2 2 36 65 63 NaN >t
	# Dense 40 and 10; best sparse 20 (stage 1) and none; matching 5 (stage 2).
	[ "$(of t dense_gap dense_gap_std best_gap best_gap_std match_gap match_gap_std)" = \
		'25 21.2132034 20 NaN 5 NaN' ]
	lt-score searches t | columns dense_gap best_gap match_gap success |
		diff - <(printf '40 20 5 1\n10 NaN NaN 0\n')
	# Without the column there are no gaps, and all else is the same.
	cut -f 1-6 t >without
	[ "$(of without dense_gap best_gap match_gap)" = 'NaN NaN NaN' ]
	lt-score networks without | cut -f 1-38 | diff <(lt-score networks t | cut -f 1-38) -
	sed 's/90$/190/' t >bad
	refuses 65 "bad:2: column 'train_acc': expected a percentage from 0 to 100, or NaN, found '190'" \
		lt-score networks bad
	sed 's/90$/91/' t >other
	refuses 65 "other:2: network 'a', seed '1', stage 0" lt-score networks t other
}

@test "one search has means and no deviations" {
	table "a 1 0 0 70 50 8" "a 1 1 20 70 55 6" >t
	[ "$(of t dense_acc dense_acc_std best_gain best_gain_std)" = '50 NaN 10 NaN' ]
	[ "$(of t dense_length best_length match_length best_length_gain \
		match_length_gain best_length_std)" = '8 6 6 -25 -25 NaN' ]
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
		"a 3 0 0 70 50" "a 3 1 20 NaN 50" "a 3 2 36 90 90" \
		"a 4 0 0 70 NaN" "a 4 1 20 90 90" "a 4 2 36 90 90" \
		"a 5 0 0 70 0" "a 5 1 20 90 90" "a 5 2 36 90 90" \
		"a 6 1 20 90 90" "b 1 0 0 70 50" "b 1 1 20 70 NaN" >t
	run -0 --separate-stderr lt-score networks t
	[ "$(columns network searches incomplete successes best_gain <<<"$output")" = \
		$'a 1 5 1 10\nb 0 1 0 NaN' ]
	# shellcheck disable=SC2154
	[ "${#stderr_lines[@]}" = 6 ]
	[[ ${stderr_lines[0]} == "lt-score: warning: network 'a', seed '2': "*"stage 1 is missing" ]]
	[[ ${stderr_lines[1]} == *"seed '3'"*"stage 1 has NaN for val_acc or test_acc" ]]
	[[ ${stderr_lines[2]} == *"seed '4'"*"stage 0 has NaN"* ]]
	[[ ${stderr_lines[3]} == *"seed '5'"*"stage 0 has test_acc 0" ]]
	[[ ${stderr_lines[4]} == *"seed '6'"*"stage 0 is missing" ]]
	[[ ${stderr_lines[5]} == *"network 'b', seed '1'"*"stage 1 has NaN"* ]]
	run -0 --separate-stderr lt-score networks -q t
	[ -z "$stderr" ]
	[ "$(lt-score networks -q t | tail -n 1 | tr '\t' '\n' | sort | uniq -c | sort -n |
		tail -n 1 | awk '{ print $1, $2 }')" = '38 NaN' ]
	[ "$(lt-score searches -q t | columns network seed)" = 'a 1' ]
}

@test "K is the most stages there are, or --stages" {
	table "a 1 0 0 70 50" "a 1 1 20 69 55" "a 1 2 36 70 50" "a 1 3 49 99 99" \
		"a 2 0 0 70 50" "a 2 1 20 69 55" "a 2 2 36 69 51" "b 1 0 0 1 1" \
		"b 1 1 20 1 1" >t
	[ "$(of t stages searches incomplete successes sr_null -- -q)" = \
		$'3 1 1 1 75\n1 1 0 1 50' ]
	[ "$(of t stages searches incomplete successes best_acc -- -q --stages 2)" = \
		$'2 2 0 1 50.5\n2 0 1 0 NaN' ]
	[ "$(of t searches incomplete successes -- -q --stages 9)" = \
		$'0 2 0\n0 1 0' ]
	table "a 1 0 0 70 50" >dense
	[ "$(of dense searches successes sr sr_null best_stage best_gain lts)" = \
		'1 0 0 0 NaN NaN NaN' ]
}

@test "lengths that are not measured are left out of gains of length alone" {
	table "a 1 0 0 70 50 10" "a 1 1 20 71 55 15" "a 2 0 0 70 50 NaN" \
		"a 2 1 20 71 55 30" "a 3 0 0 70 50 0" "a 3 1 20 71 55 5" \
		"a 4 0 0 70 50 20" "a 4 1 20 71 55 inf" "a 5 0 0 70 50 10" \
		"a 5 1 20 60 55 12" >t
	[ "$(of t searches best_length_gain match_length_gain match_length_gain_std)" = \
		'5 35 50 NaN' ]
	[ "$(of t dense_length best_length match_length best_gain)" = \
		'10 15.5 16.6666667 10' ]
	cut -f 1-6 t >without
	[ "$(of without best_gain best_length_gain dense_length best_length)" = \
		'10 NaN NaN NaN' ]
	lt-score networks without | cut -f 1-18 | diff <(lt-score networks t | cut -f 1-18) -
}

@test "--each has a row a search" {
	table "a 10 0 0 70 50 10" "a 10 1 20 72 55 5" "a 10 2 36 71 45 20" \
		"a 9 0 0 70 50 10" "a 9 1 20 69 55 NaN" "a 9 2 36 69 45 20" >t
	lt-score searches t >each
	printf '%s\n' "network seed stages dense_val_acc dense_acc best_stage \
best_sparsity best_acc best_gain best_length_gain match_stage match_sparsity \
match_acc match_gain match_length_gain dense_gap best_gap match_gap success" \
		"a 9 2 70 50 2 36 45 -10 100 0 NaN NaN NaN NaN NaN NaN NaN 0" \
		"a 10 2 70 50 1 20 55 10 -50 2 36 45 -10 100 NaN NaN NaN 1" | tr ' ' '\t' |
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
	table "a 1 0 0 70 50" "a 1 1 20 NaN 55" "a 2 0 0 70 50" "a 2 1 20 70 55" >t
	lt-score networks -q t >want
	lt-score networks -q t t | diff want -
	table "a 2 1 20.0 7e1 55" >other
	lt-score networks -q t other | diff want -
	table "a 1 0 0 70 50" "a 2 1 20 70 55.5" >other
	refuses 65 "other:3: network 'a', seed '2', stage 1: expected the values of t:5" \
		lt-score networks -q t other
	for row in "a 1 1 20 60 55" "a 1 1 21 NaN 55" "a 1 1 20 NaN 55 7"; do
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
		if (x == "NaN")
			return
		count[what]++
		sum[what] += x
		list[what, count[what]] = x
	}
	function put(what,  i, m, s) {
		if (!count[what]) {
			printf " NaN NaN"
			return
		}
		m = sum[what] / count[what]
		for (i = 1; i <= count[what]; i++)
			s += (list[what, i] - m) ^ 2
		printf " %.12g %s", m, count[what] < 2 ? "NaN" : \
			sprintf("%.12g", sqrt(s / (count[what] - 1)))
	}
	function rise(a, b) {
		return a == "NaN" || b == "NaN" || b == 0 ? "NaN" : (a / b - 1) * 100
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
				if (($i == "NaN") != ($(i + 31) == "NaN") ||
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
	a 1 NaN 20 70 50 9
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
	refuses 65 "bad:3: column 'val_acc': expected a percentage from 0 to 100, or NaN, found '170'" \
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

# tsv WORD...: a table, one line a word, with commas between its cells.
tsv() {
	printf '%s\n' "$@" | tr , '\t'
}

# gives WORD...: standard input is that table.
gives() {
	diff <(tsv "$@") -
}

row_head=method,round,sparsity,set_size,search_iterations,search_forward
row_head+=,retrain_iterations,presentations,multiply_adds,forward_multiply_adds
row_head+=,stop_epoch,val_acc,test_acc,mask_distance,stop_rule
row_head+=,train_acc,gap,start_acc,best_epoch,epochs

logs() {
	local head=epoch,iteration,presentations,macs,val_acc
	tsv $head 1,10,320,1000,50 2,20,640,2000,60 >one
	tsv $head 1,5,160,400,40 2,10,320,800,30 >two
	tsv $head 3,30,320,1000,50 4,40,640,2000,60 >late
	tsv name,count,kept conv,60,20 total,100,36 >mask
	tsv images,macs 50,7 >cost
	tsv stopped,epoch 1,2 >stop
	tsv epoch,distance 1,0.5 2,nan 3,0.75 4,0.25 >distances
	tsv samples,top1 100,61.50 >test
	printf '%s\n' 1 2 3 >p.idx
	: >lost
}

@test "row: the search is the sum of its logs, the retraining stands apart" {
	logs
	lt-score row --method prac --round 02 --rule eps=0.08 --set p.idx --mask mask \
		--search one --search two --pass cost --pass cost --stop stop \
		--distances distances --retrain one --test test | gives $row_head \
		prac,2,64,3,30,100,20,960,2800,14,2,60,61.50,0.75,eps=0.08,NaN,NaN,NaN,2,2
	lt-score row --method dense --round 0 | gives $row_head \
		dense,0,0,0,0,0,0,0,0,0,NaN,NaN,NaN,NaN,none,NaN,NaN,NaN,NaN,NaN
}

@test "row: a log that begins later in the schedule counts from there" {
	logs
	# From epoch 1: of 20 iterations in 2 epochs 10 were there before.
	lt-score row --method imp --round 1 --search 1:one --retrain 5i:two --test test |
		gives $row_head imp,1,0,0,10,0,5,640,2000,0,NaN,40,61.50,NaN,none,NaN,NaN,NaN,1,2
	# Epoch 2 of epochs of ten iterations, which the log does not show.
	lt-score row --method imp --round 1 --search 2:late --retrain late --test test |
		gives $row_head imp,1,0,0,20,0,40,640,2000,0,NaN,60,61.50,NaN,none,NaN,NaN,NaN,4,4
	# A file of such a name has ./ before it.
	mv one 1:one
	lt-score row --method imp --round 1 --search ./1:one | cut -f 5 | gives \
		search_iterations 20
}

@test "row: the best validation accuracy is compared as a number" {
	tsv epoch,iteration,presentations,macs,val_acc 1,1,1,1,9.5 2,2,2,2,10.25 \
		3,3,3,3,nan 4,4,4,4,8 >three
	lt-score row --method imp --round 1 --retrain three | cut -f 12 |
		gives val_acc 10.25
}

@test "row: accuracy before training and on the training set, and the best epoch" {
	logs
	tsv samples,top1 100,97.25 >train
	tsv samples,top1 100,11.5 >start
	# 97.25 less 61.5.  Of equal epochs the first is the best one.
	tsv epoch,iteration,presentations,macs,val_acc 1,1,1,1,9 2,2,2,2,10 3,3,3,3,10 \
		4,4,4,4,nan >four
	lt-score row --method imp --round 1 --retrain four --test test --train train \
		--start start | cut -f 13,16-20 | gives test_acc,train_acc,gap,start_acc,best_epoch,epochs \
		61.50,97.25,35.75,11.5,2,4
	lt-score row --method imp --round 1 --retrain lost --test lost --train lost \
		--start start | cut -f 13,16-20 | tail -n 1 | gives NaN,NaN,NaN,11.5,NaN,NaN
	refuses 65 "start: expected a column 'epoch', found none" \
		lt-score row --method imp --round 1 --retrain start
	refuses 65 "four: expected a column 'top1', found none" \
		lt-score row --method imp --round 1 --start four
}

@test "row: a row can take over the search of another ticket" {
	logs
	lt-score row --method imp --round 1 --search one --pass cost --set p.idx >from
	lt-score row --method reinit --round 1 --row from --retrain two --test test |
		gives $row_head reinit,1,0,3,20,50,10,640,2000,7,NaN,40,61.50,NaN,none,NaN,NaN,NaN,1,2
}

@test "row: the size of the network, under the mask or slim" {
	logs
	cat >n.net <<-'N'
		net n
		input 1 4 4
		c = conv input 2 k3 bias
		b = bn c
		f = linear b 3
		output f
	N
	lt-init -q -o n.st ./n.net
	# Weights 18 and 24 and, unprunable, 2 + 4; a weight of c meets 4 pixels.
	for o in --checkpoint --slim; do
		lt-score row --method a --round 1 $o n.st | cut -f 20- |
			gives epochs,parameters,image_multiply_adds NaN,48,96
	done
	tsv name,count,kept c.weight,18,5 total,18,5 >m
	lt-score row --method a --round 1 --mask m --checkpoint n.st | cut -f 21- |
		gives parameters,image_multiply_adds 35,44
	lt-score row --method a --round 1 --mask m --slim n.st | cut -f 21- |
		gives parameters,image_multiply_adds 48,96
	lt-score row --method a --round 1 --mask lost --checkpoint n.st | cut -f 21- |
		gives parameters,image_multiply_adds NaN,NaN
	for o in --checkpoint --slim; do
		lt-score row --method a --round 1 $o lost | cut -f 21- |
			gives parameters,image_multiply_adds NaN,NaN
	done
	refuses 2 '--slim excludes --checkpoint' \
		lt-score row --method a --round 1 --slim n.st --checkpoint n.st
	refuses 65 'p.idx' lt-score row --method a --round 1 --slim p.idx
}

@test "row: what needs the file of a training that diverged is NaN" {
	logs
	lt-score row --method prac --round 2 --set lost --mask lost --search one \
		--search lost --pass cost --stop stop --distances distances \
		--retrain one --test test | gives $row_head \
		prac,2,NaN,NaN,NaN,50,20,NaN,NaN,7,2,60,61.50,0.75,none,NaN,NaN,NaN,2,2
	lt-score row --method prac --round 2 --set p.idx --mask mask --search one \
		--pass lost --stop lost --distances lost --retrain lost --test lost |
		gives $row_head \
		prac,2,64,3,20,NaN,NaN,640,2000,NaN,NaN,NaN,NaN,NaN,none,NaN,NaN,NaN,NaN,NaN
}

@test "row: inputs that are not what they should be are refused" {
	logs
	refuses 2 'row needs --method' lt-score row --round 1
	refuses 2 'row does not take --key' lt-score row --method a --round 1 --key b
	refuses 65 "cost: expected a column 'epoch', found none" \
		lt-score row --method a --round 1 --search cost
	tsv images,macs 1,x >bad
	refuses 65 "bad:2: column 'macs': expected a number, inf or NaN, found 'x'" \
		lt-score row --method a --round 1 --pass cost --pass bad
	head -n 1 one >none
	refuses 65 'none: expected at least one row, found none' \
		lt-score row --method a --round 1 --search none
	refuses 74 absent lt-score row --method a --round 1 --test absent
	refuses 2 "'99999999999999999999:one': expected epochs" \
		lt-score row --method a --round 1 --search 99999999999999999999:one
	no_strays
}

@test "time: searches and retrainings are added up apart" {
	tsv epoch,seconds,cpu_seconds 1,1.5,2 2,1.5,2.5 >a
	tsv epoch,seconds,cpu_seconds 1,10,20 >b
	: >lost
	local head=method,round,search_seconds,retrain_seconds
	head+=,search_cpu_seconds,retrain_cpu_seconds
	lt-score time --method prac --round 02 --search a --search b --retrain a |
		gives $head prac,2,13.0,3.0,24.5,4.5
	lt-score time --method dense --round 0 --retrain lost | gives $head \
		dense,0,0.0,NaN,0.0,NaN
	lt-score time --method dense --round 0 --search a --search absent --retrain a |
		gives $head dense,0,NaN,3.0,NaN,4.5
}

@test "rows: tables of one header under one header, each row once" {
	tsv a,b 1,2 3,nan >one
	tsv b,c,a 4,9,3 2,9,1 >two
	: >lost
	lt-score rows lost one two one | gives a,b 1,2 3,NaN 3,4
	lt-score rows seed=1 lost one run=x one seed=2 two lost | gives seed,run,a,b \
		1,NaN,1,2 1,NaN,3,NaN 1,x,1,2 1,x,3,NaN 2,x,3,4 2,x,1,2
	tsv a 5 >three
	lt-score rows one three | gives a,b 1,2 3,NaN 5,NaN
	lt-score rows lost lost | cmp - lost
	# Sorted by the numbers of a column, which a table may have itself.
	tsv seed,a 10,1 3,2 3,1 >some
	tsv a 7 8 >more
	lt-score rows --by seed some seed=9 more seed=2 more | gives seed,a \
		2,7 2,8 3,2 3,1 9,7 9,8 10,1
	lt-score rows --by a more some | gives a 1 2 7 8
	refuses 65 "some: expected a column 'b', found none" lt-score rows --by b some
	refuses 65 "more:2: column 'seed': expected a number, found 'NaN'" \
		lt-score rows --by seed more seed=1 more
	refuses 65 "some: column 'seed' is there already" lt-score rows seed=1 more some
	mv one s=1
	lt-score rows ./s=1 | gives a,b 1,2 3,NaN
	refuses 65 "two: column 'a' is there already" lt-score rows a=1 two
	refuses 2 'rows: expected a table' lt-score rows a=1
	refuses 65 'cut:2: expected 2 tab-separated fields, found 1' \
		lt-score rows two "$(tsv a,b 1 >cut && echo cut)"
}

@test "join: segments become one table without the distances of masks" {
	tsv epoch,mask_distance,macs 1,0.5,10 2,0.25,20 >a
	tsv epoch,mask_distance,macs 3,0.125,30 >b
	tsv epoch,mask_distance,macs 2,0.25,21 3,0.125,31 4,1,40 >c
	: >lost
	lt-score join a b | gives epoch,mask_distance,macs 1,NaN,10 2,NaN,20 3,NaN,30
	# Of an epoch that two segments have, the first one's row counts.
	lt-score join a c | gives epoch,mask_distance,macs 1,NaN,10 2,NaN,20 3,NaN,31 \
		4,NaN,40
	lt-score join until=1 a until= c | gives epoch,mask_distance,macs 1,NaN,10 \
		2,NaN,21 3,NaN,31 4,NaN,40
	lt-score join a lost b | cmp - lost
	lt-score join a absent | cmp - lost
	# An epoch of events has many rows.
	tsv epoch,index,correct 1,7,1 1,8,1 2,7,0 >e
	tsv epoch,index,correct 3,7,1 3,8,0 >f
	lt-score join e f | gives epoch,index,correct 1,7,1 1,8,1 2,7,0 3,7,1 3,8,0
	refuses 65 'e: expected the columns of the first segment' lt-score join a e
	refuses 2 "expected until=EPOCH, found 'from=1'" lt-score join from=1 a
	refuses 2 "expected an epoch, found 'x'" lt-score join until=x a
}

@test "length: the last iteration of a log" {
	tsv epoch,iteration 1,13 2,26 >log
	[ "$(lt-score length log)" = 26i ]
	: >lost
	[ "$(lt-score length lost)" = 0i ]
	refuses 65 "column 'iteration': expected a whole number, found '1.5'" \
		lt-score length "$(tsv iteration 1.5 >bad && echo bad)"
}

@test "budget: epochs, milestones and warm-up shrink with the set, rounded down" {
	budget() {
		lt-score budget --epochs 182 --least 3 --of d0.idx "$@" p.idx
	}
	seq 0 99 >d0.idx
	seq 0 38 >p.idx # 39 % of 182 epochs are 70.98; 70 / 182 of 91 is 35
	[ "$(budget --milestones 91,136 --warmup 15)" = \
		'--epochs 70 --milestones 35,52 --warmup 5' ]
	seq 0 36 >p.idx # 37 % are 67.34; 67 / 182 of 91 is 33.5
	[ "$(budget --milestones 91,136 --warmup 15)" = \
		'--epochs 67 --milestones 33,50 --warmup 5' ]
	# Points in iterations stay iterations: 67 / 182 of 500 is 184.07.
	[ "$(budget --milestones 91,500i --warmup 500i)" = \
		'--epochs 67 --milestones 33,184i --warmup 184i' ]
	seq 0 0 >p.idx
	[ "$(budget --milestones 91,136 --warmup 15)" = \
		'--epochs 3 --milestones 1,2 --warmup 0' ]
	seq 0 38 >p.idx
	[ "$(budget --milestones '')" = '--epochs 70 --warmup 0' ]
	refuses 65 '/dev/null: expected at least one sample' \
		lt-score budget --epochs 182 --of /dev/null p.idx
	refuses 2 "found '1.5'" lt-score budget --epochs 182 --of d0.idx --warmup 1.5 p.idx
	refuses 2 'budget needs --of' lt-score budget --epochs 182 p.idx
}

# 100 images in batches of 32.  A step takes 30 multiply-adds an image, a change 120: two
# epochs with a change after 3 iterations, whose batch has 4 images, 6000 + 360.
@test "budget: multiply-adds are spent on steps and on changes of the mask" {
	tsv presentations,macs 100,3000 200,6000 >step
	tsv presentations,macs 232,9840 >change
	tsv multiply_adds,forward_multiply_adds 4000,1 >row
	tsv macs 100 2358 >log
	seq 0 99 >d0.idx
	budget() {
		lt-score budget --epochs 1 --of d0.idx --spend row --spend log \
			--sparse step --batch 32 "$@" d0.idx
	}
	[ "$(budget)" = '--epochs 2 --warmup 0' ]
	[ "$(budget --milestones 1 --warmup 1 --change change --dst-every 3i)" = \
		'--epochs 2 --milestones 2 --warmup 2' ]
	# Half way from 3000, of one epoch without a change, to 6360, of two.
	tsv macs 679 >log
	[ "$(budget --change change --dst-every 3i)" = '--epochs 1 --warmup 0' ]
	tsv macs 680 >log
	[ "$(budget --change change --dst-every 3i)" = '--epochs 2 --warmup 0' ]
	[ "$(budget --change change --dst-every 3i --dst-end 1)" = '--epochs 1 --warmup 0' ]
	[ "$(budget --least 5)" = '--epochs 5 --warmup 0' ]
	tsv presentations,macs 300,9000 >longer
	refuses 65 'step: expected the training of longer and a change' \
		lt-score budget --epochs 1 --of d0.idx --spend row --batch 32 \
		--sparse longer --change step --dst-every 3i d0.idx
	refuses 2 "--dst-every: expected epochs" budget --change change --dst-every 0
	refuses 2 '--change needs --dst-every' budget --change change
	refuses 2 'dst-end needs --change' budget --dst-end 3
	refuses 2 'sparse needs --spend' \
		lt-score budget --epochs 1 --of d0.idx --sparse step d0.idx
	refuses 2 '--spend needs --sparse and --batch' \
		lt-score budget --epochs 1 --of d0.idx --spend row d0.idx
}

@test "wallclock: seconds of each search, as shares of the first's and of another's" {
	tsv epoch,iteration,presentations,macs 1,10,320,1000 2,20,640,2000 >log
	tsv epoch,seconds,cpu_seconds 1,3,4 2,5,6 >time
	tsv images,macs 50,7 >cost
	tsv epoch,seconds,cpu_seconds 1,2,3 >short
	tsv epoch,seconds,cpu_seconds 1,4,5 >middle
	: >lost
	local head=search,is,iterations,presentations,multiply_adds,seconds
	head+=,cpu_seconds,of_imp_dense,of_step_before
	lt-score wallclock search=imp-dense log log time \
		search=imp-stop is='with early stop' log middle \
		search=samples after=imp-dense log cost short search=prac log short \
		search=imp after=imp-dense log absent search=x log lost | gives $head \
		imp-dense,NaN,40,1280,4000,8.0,10.0,1.000,NaN \
		'imp-stop,with early stop,20,640,2000,4.0,5.0,0.500,0.500' \
		samples,NaN,20,640,2007,2.0,3.0,0.250,0.250 \
		prac,NaN,20,640,2000,2.0,3.0,0.250,1.000 \
		imp,NaN,NaN,NaN,NaN,NaN,NaN,NaN,NaN x,NaN,NaN,NaN,NaN,NaN,NaN,NaN,NaN
	refuses 2 'expected search=NAME first' lt-score wallclock log
	refuses 2 "expected search=, is= or after=, found 'a=1'" \
		lt-score wallclock search=x a=1
}

@test "mean: means and deviations over seeds, groups in the order of numbers" {
	tsv method,round,seed,set_size,multiply_adds,forward_multiply_adds,test_acc,note \
		prac,10,1,50,1000,10,nan,x prac,9,1,20,1,nan,7,y prac,10,2,100,3000,30,5,z >rows
	seq 0 199 >d0.idx
	# 50 % of 200; 3,030 multiply-adds.  The seed without a result counts nowhere.
	lt-score mean --key method --key round --of d0.idx rows | gives \
		method,round,n,set_size,set_size_std,multiply_adds,multiply_adds_std,forward_multiply_adds,forward_multiply_adds_std,test_acc,test_acc_std,set_share,set_share_std,all_multiply_adds,all_multiply_adds_std \
		prac,9,1,20,NaN,1,NaN,NaN,NaN,7,NaN,10,NaN,1,NaN \
		prac,10,1,100,NaN,3000,NaN,30,NaN,5,NaN,50,NaN,3030,NaN
	# A plain column counts it, and has no deviation.
	lt-score mean --key method --key round --plain set_size rows | cut -f 1-4 | gives \
		method,round,n,set_size prac,9,1,20 prac,10,1,75
	# 2, 4 and 6: the deviation is 2.  Words stay in the order in which they come.
	tsv kind,x zeta,2 alpha,1 zeta,4 alpha,1 zeta,6 >words
	lt-score mean --key kind <words | gives kind,n,x,x_std zeta,3,4,2 alpha,2,1,0
	refuses 2 'mean needs --key' lt-score mean words
	refuses 65 "words: expected a column 'k', found none" lt-score mean --key k words
}

@test "matching: within a standard deviation of IMP, within a point of dense" {
	tsv method,round,seed,sparsity,test_acc dense,0,1,0,90 dense,0,2,0,90 \
		imp,1,1,20,88 imp,1,2,20,90 prac,1,1,20,87.6 prac,1,2,20,87.6 >summary
	# 89 - sqrt 2 is 87.5858; 89 itself is a point below dense.  Two seeds: the chance of
	# the paper's rule is 0.75.  -0.4 and -2.4: standard error 1, the 0.975 quantile of t
	# is 12.7062047362, P(|T| >= 1.4) is 1 - 2 atan(1.4) / pi, P(T >= -0.9) is
	# 1/2 + atan(0.9) / pi, and one pair is corrected by 1.
	lt-score matching summary | gives \
		method,round,sparsity,n,test_acc,test_acc_std,imp_n,imp_acc,imp_std,threshold,matched,difference_n,difference,difference_std,dense_acc,dense_difference,within,chance,chance_so_far,difference_se,difference_low,difference_high,p,p_holm,p_margin,p_margin_holm,verdict,verdict_holm \
		imp,1,20,2,89,1.41421356237,2,89,1.41421356237,87.5857864376,NaN,2,0,0,90,-1,1,NaN,NaN,NaN,NaN,NaN,NaN,NaN,NaN,NaN,NaN,NaN \
		'prac,1,20,2,87.6,0,2,89,1.41421356237,87.5857864376,1,2,-1.4,1.41421356237,90,-2.4,0,0.75,0.75,1,-14.1062047362,11.3062047362,0.394863086577,0.394863086577,0.733262291643,0.733262291643,not told apart,not told apart'
	[ "$(lt-score matching --within 2.4 summary | tail -n 1 | cut -f 17)" = 1 ]
	# Without a deviation the mean itself is to be reached, and a tie reaches it.
	tsv method,round,seed,sparsity,test_acc dense,0,1,0,90 imp,1,1,20,88 prac,1,1,20,88 \
		random,1,1,20,87.9 >one
	lt-score matching one | cut -f 1,11 | gives method,matched imp,NaN prac,1 random,0
	# A ticket whose training diverged has no accuracy; its sparsity is known.
	tsv method,round,seed,sparsity,test_acc imp,1,1,20,88 prac,1,1,nan,nan \
		prac,1,2,20,90 >lost
	lt-score matching lost | cut -f 1-4,11-13,15 | tail -n 1 |
		gives prac,1,20,1,1,0,NaN,NaN
	refuses 65 "lost:2: column 'round': expected a round from 0 to 9999, found '-1'" \
		lt-score matching "$(tsv method,round,test_acc a,-1,1 >lost && echo lost)"
}

@test "matching: verdicts at a margin, and Holm's over all pairs" {
	# a less imp: -0.1 0 0.1; b: -1.1 -1 -0.9; c: 0.9 1 1.1; d: -2 0 2.
	local head=method,round,seed,test_acc,search_iterations want
	tsv $head imp,1,1,80,9 imp,1,2,81,9 imp,1,3,82,9 \
		a,1,1,79.9,8 a,1,2,81,8 a,1,3,82.1,8 b,1,1,78.9,8 b,1,2,80,8 b,1,3,81.1,8 \
		c,1,1,80.9,8 c,1,2,82,8 c,1,3,83.1,8 d,1,1,78,8 d,1,2,81,8 d,1,3,84,8 >summary
	# By scipy: p of b and c 0.00331676, times 4; p_margin of a 0.00653623, of c
	# 0.00073910, times 3 and 4.
	lt-score matching summary | sed '1d; /^imp/d' | cut -f 1,27,28 |
		gives 'a,as good,as good' 'b,worse,worse' 'c,better,better' \
			'd,not told apart,not told apart'
	lt-score matching summary | awk -F '\t' '
		$1 == "b" || $1 == "c" { printf "%.6f %.6f\n", $23, $24 }
		$1 == "a" || $1 == "c" { printf "%.6f %.6f\n", $25, $26 }' | sort -u |
		diff - <(printf '%s\n' '0.000739 0.002956' '0.003317 0.013267' '0.006536 0.019609')
	# Of a margin of 0.2 the interval of a, +-0.248, reaches beyond; and 0.25 is enough.
	lt-score matching --margin 0.2 summary | sed -n 3p | cut -f 27 | gives 'not told apart'
	lt-score matching --margin 0.25 summary | sed -n 3p | cut -f 27 | gives 'as good'
	# One seed decides nothing, whatever the margin.
	grep -v '[23],[0-9.]*,8$' <(tr '\t' , <summary) | tr , '\t' >one
	lt-score matching --margin 50 one | sed 1,2d | cut -f 12,27 | sort -u |
		gives '1,not told apart'
	refuses 2 '--margin' lt-score matching --margin -1 summary
}

@test "matching: tickets that are the same are not compared" {
	# A search that has not stopped yet: the same costs and accuracies.
	local head=method,round,seed,test_acc,val_acc,set_size,search_iterations
	tsv $head imp,1,1,80,70,50,9 imp,1,2,81,71,50,9 s,1,1,80,70,50,9 s,1,2,81,71,50,9 \
		imp,2,1,80,70,50,18 imp,2,2,81,71,50,18 s,2,1,80,70,50,18 s,2,2,81,71,50,15 \
		v,1,1,80,70,50,9 v,1,2,81,72,50,9 >summary
	# In round 2 one seed has stopped: it is compared.  v has another network.
	lt-score matching summary | sed '/^imp/d' | cut -f 1,2,11-13,18,19,27 | gives \
		method,round,matched,difference_n,difference,chance,chance_so_far,verdict \
		s,1,NaN,2,0,NaN,NaN,same s,2,1,2,0,0.75,0.75,'not told apart' \
		v,1,1,2,0,0.75,0.75,'not told apart'
	# Accuracies alone say nothing: without costs they are compared.
	cut -f 1-4 summary | lt-score matching | grep -c same | gives 0
	# The chances of three rounds are multiplied.
	tsv method,round,seed,test_acc imp,1,1,1 imp,2,1,1 imp,3,1,1 a,1,1,1 a,2,1,1 a,3,1,1 |
		lt-score matching | sed 1,4d | cut -f 18,19 | gives 0.5,0.5 0.5,0.25 0.5,0.125
}

@test "warnings: networks that are not trained, random masks, the same tickets" {
	local head=method,round,seed,sparsity,test_acc,search_iterations,train_acc,best_epoch,epochs
	tsv $head dense,0,1,0,90,0,94,3,4 dense,0,2,0,92,0,95.5,4,4 \
		imp,1,1,20,90,9,99,4,4 imp,1,2,20,90,9,99,4,4 s,1,1,20,90,9,99,4,4 \
		s,1,2,20,90,9,99,3,4 random,1,1,20,90,0,99,1,4 random,1,2,20,91,0,99,2,4 \
		random,2,1,36,90,0,99,1,4 random,2,2,36,90.9,0,99,nan,nan >summary
	lt-score matching -o matching summary
	# 94 and 95.5 are 94.75; 90.5 is 0.5 below 91, and 90.45 more.  One of two is not most.
	lt-score warnings --matching matching summary | gives \
		warning,method,round,sparsity,n,value,limit untrained,dense,0,0,2,94.75,95 \
		best-last,imp,1,20,2,100,50 same,s,1,20,2,0,NaN random,random,1,20,2,-0.5,-0.5
	lt-score warnings --margin 0.56 --matching matching summary | tail -n 1 |
		gives random,random,2,36,2,-0.55,-0.56
	# 95 is trained; what was not measured is said.
	sed 's/\t94\t/\t94.5\t/' summary | lt-score warnings --matching matching - |
		run -1 grep trained
	cut -f 1-6 summary | lt-score warnings --matching matching - | sed -n 2p |
		gives unmeasured,dense,0,0,0,NaN,95
	cut -f 1-3 matching >part
	refuses 65 "part: expected a column 'verdict', found none" \
		lt-score warnings --matching part summary
	refuses 2 'warnings needs --matching' lt-score warnings summary
}

@test "savings: the last round before the first failure, paired by seed" {
	tsv method,round,sparsity,matched,within,difference_n imp,1,20,NaN,1,0 \
		imp,2,36,nan,1,0 imp,3,48.8,NaN,1,0 prac,1,20,1,1,2 prac,2,36,0,1,2 \
		prac,3,48.8,1,0,2 >matching
	tsv method,round,seed,work,more imp,1,1,100,0 imp,1,2,200,0 imp,2,1,200,0 \
		imp,2,2,200,0 imp,3,1,300,0 imp,3,2,300,0 prac,1,1,50,0 prac,1,2,150,0 \
		prac,2,1,100,0 prac,2,2,100,0 prac,3,1,60,15 prac,3,2,60,15 >summary
	local head=method,criterion,rounds,round,sparsity,round_at_all,sparsity_at_all,n
	# Round 1: 200 of 300; the seeds save 50 and 25 %, 25 / sqrt 2 apart.
	lt-score savings --cost work+more --matching matching summary | gives \
		$head,work_and_more,imp_work_and_more,work_and_more_saving,work_and_more_saving_std \
		imp,dense,3,3,48.8,3,48.8,2,300,300,0,0 \
		prac,margin,0,NaN,NaN,NaN,NaN,0,NaN,NaN,NaN,NaN \
		prac,imp,3,1,20,3,48.8,2,100,150,33.3333333333,17.6776695297 \
		prac,dense,3,2,36,2,36,2,100,200,50,0 \
		prac,last,3,3,48.8,3,48.8,2,75,300,75,0
	# Nothing is saved of nothing, and a ticket without a result saves nothing.
	sed 's/$/\tx/; 1s/x$/test_acc/; s/^prac\t3\t1.*x$/prac\t3\t1\t60\t15\tNaN/' summary >lost
	lt-score savings --cost more --cost work --matching matching lost | tail -n 1 |
		cut -f 8-16 | gives 1,15,0,NaN,NaN,60,300,80,NaN
	refuses 65 "summary: expected a column 'wo', found none" \
		lt-score savings --cost wo --matching matching summary
	refuses 2 'savings needs --matching' lt-score savings --cost work summary
	# By the verdict: better counts, the same ticket does not, and round 3 fails.
	tsv method,round,sparsity,matched,within,difference_n,verdict imp,1,20,NaN,1,0,NaN \
		prac,1,20,1,1,2,same prac,2,36,0,1,2,better prac,3,48.8,1,0,2,'not told apart' \
		random,3,48.8,1,1,2,worse >matching
	lt-score savings --cost work --matching matching summary | grep margin | cut -f 1-9,11 |
		gives prac,margin,2,2,36,2,36,2,100,50 random,margin,1,NaN,NaN,NaN,NaN,0,NaN,NaN
}

@test "check: promises about accuracies hold or fail" {
	tsv method,round,sparsity,test_acc dense,0,0,87.5 imp,2,36,86.5 random,2,36,85.5 >summary
	run -0 lt-score check summary 'dense/0>=87.5' 'imp/2>=dense/0-1' 'imp/last>=random/last+1'
	[ "${lines[0]}" = 'checked: dense/0>=87.5, found 87.50' ]
	[ "${lines[2]}" = 'checked: imp/last>=random/last+1, found 86.50 and 85.50' ]
	run -1 lt-score check summary 'dense/0>=87.51' 'imp/2>=86.5'
	[ "${lines[0]}" = 'FAILED: expected dense/0>=87.51, found 87.50' ]
	[ "${lines[1]}" = 'checked: imp/2>=86.5, found 86.50' ]
	run -1 lt-score check summary 'imp/2>=dense/0-0.99'
	run -1 lt-score check summary 'imp/2>=random/2+1.01'
	# What is not there fails.
	run -1 lt-score check summary 'prac/2>=0'
	for promise in dense/0 'dense>=1' 'dense/x>=1' 'dense/0>=' 'dense/0>=imp/2+x'; do
		refuses 2 "'$promise': expected METHOD/ROUND" lt-score check summary "$promise"
	done
}

@test "sets: lists beside a set count only if it is their union" {
	seq 0 9 >d0.idx
	mkdir 01 02 03 04 x
	seq 1 3 >01/set.idx && seq 1 2 >01/cet.idx && seq 2 3 >01/cep.idx
	seq 1 2 >02/set.idx && seq 1 2 >02/cet.idx && seq 9 9 >02/cep.idx
	seq 1 3 >03/set.idx && seq 1 1 >03/cet.idx && seq 2 2 >03/cep.idx
	: >04/set.idx && : >x/set.idx
	lt-score sets --of d0.idx 01/set.idx "$PWD/02/set.idx" 03/set.idx 04/set.idx | gives \
		round,cet,cep,both,set_size,set_share 1,2,2,1,3,30 2,2,0,0,2,20 \
		3,NaN,NaN,NaN,3,30 4,NaN,NaN,NaN,NaN,NaN
	refuses 2 'x/set.idx: expected a list in a folder' lt-score sets --of d0.idx x/set.idx
	refuses 2 'd0.idx: expected a list in a folder' lt-score sets --of d0.idx d0.idx
}

@test "classes: shares of a class and of the set" {
	tsv list,class,name,count d0,0,cat,40 d0,1,nan,60 set,0,cat,10 set,1,nan,30 >counts
	local head=class,name,d0,set_size,share_of_class,share_of_set
	lt-score classes counts | gives $head 0,cat,40,10,25,25 1,nan,60,30,50,75
	sed '/^set/s/[13]0$/0/' counts | lt-score classes | gives $head \
		0,cat,40,NaN,NaN,NaN 1,nan,60,NaN,NaN,NaN
}

@test "pairs: a matrix as a row for each pair" {
	tsv mask,x/epoch-01.mask.safetensors,x/epoch-12.mask.safetensors \
		x/epoch-01.mask.safetensors,0,0.25 x/epoch-12.mask.safetensors,0.25,0 >matrix
	lt-score pairs --round 4 matrix | gives round,a,b,distance \
		4,1,1,0 4,1,12,0.25 4,12,1,0.25 4,12,12,0
	lt-score pairs --part 2 matrix | head -n 2 | gives a,b,distance x,x,0
	: >lost
	lt-score pairs lost | gives a,b,distance
	refuses 65 "matrix:2: column 'b': expected a number" \
		lt-score pairs "$(tsv mask,b a,x >matrix && echo matrix)"
}

@test "masks: those of a summary's rounds and of the rounds before" {
	mkdir -p m/01 m/02 m/03 m/04
	for r in 01 02 03; do echo x >m/$r/ticket.mask.safetensors; done
	: >m/04/ticket.mask.safetensors
	tsv method,round dense,0 m,2 m,3 m,4 m,5 >m/summary.tsv
	run -0 lt-score masks m/summary.tsv
	[ "$(xargs -n 1 dirname <<<"$output" | xargs)" = 'm/01 m/02 m/03' ]
	run -0 lt-score masks --own m/summary.tsv
	[ "$(xargs -n 1 dirname <<<"$output" | xargs)" = 'm/02 m/03' ]
	cp -r m n
	run -0 lt-score masks --round 2 m/summary.tsv n/summary.tsv
	[ "$output" = m/02/ticket.mask.safetensors$'\n'n/02/ticket.mask.safetensors ]
	# One mask has no distance.
	run -0 lt-score masks --round 2 m/summary.tsv
	[ -z "$output" ]
}

@test "overlap: the distances from IMP's masks, method after method" {
	tsv a,b,round,n,distance,distance_std imp,imp,1,2,0,0 imp,prac,1,2,0.5,0.1 \
		imp,random,1,2,0.75,0.2 prac,imp,1,2,0.5,0.1 imp,prac,2,2,0.25,0.3 >methods
	lt-score overlap methods | gives method,round,n,distance,distance_std \
		prac,1,2,0.5,0.1 prac,2,2,0.25,0.3 random,1,2,0.75,0.2
}

@test "distances: the checks of the trainings that the rounds were pruned from" {
	mkdir -p prac/00 prac/01 prac/02
	tsv stopped,iteration 0,40 >prac/00/stop.tsv
	tsv epoch,iteration,distance 1,20,nan 2,40,0.25 >prac/00/distances.tsv
	tsv stopped,iteration 1,20 >prac/01/stop.tsv
	tsv epoch,iteration,distance 1,10,0.125 2,20,0.0625 >prac/01/distances.tsv
	cp prac/01/* prac/02
	local head=round,epoch,iteration,distance,stopped,eps
	tsv method,round,stop_rule prac,1,none 'prac,2,queue=5;eps=0.08;x' | tr ';' , >summary
	lt-score distances --folder prac summary | gives $head 0,1,20,NaN,0,0.08 \
		0,2,40,0.25,0,0.08 1,1,10,0.125,0,0.08 1,2,20,0.0625,1,0.08
	# Round 0 was trained elsewhere; what diverged there has left nothing.
	mkdir zero && : >zero/stop.tsv && : >zero/distances.tsv
	lt-score distances --folder prac --zero zero summary | gives $head \
		1,1,10,0.125,0,0.08 1,2,20,0.0625,1,0.08
	tsv method,round,stop_rule prac,2,relative=0.5 >summary
	lt-score distances --folder prac --own summary | gives $head \
		2,1,10,0.125,0,NaN 2,2,20,0.0625,1,NaN
}

@test "compare: accuracies, iterations and savings of all methods, for a terminal" {
	tsv method,round,seed,sparsity,test_acc,search_iterations,mask_distance,stop_epoch,stop_rule \
		dense,0,1,0,90,0,nan,nan,none imp,1,1,20,91,1000,nan,nan,none \
		imp,1,2,20,92,1000,nan,nan,none prac,1,1,nan,nan,nan,nan,nan,eps=0.08 \
		prac,1,2,20,89.5,250,0.25,nan,eps=0.08 imp,3,1,48.8,85,3000,nan,nan,none \
		random-reinit,3,1,48.8,80,0,nan,nan,none >summary
	lt-score compare summary | diff - <(cat <<-'END'
		                  test accuracy, % (dense 90.00)   search iterations   fewer, %
		round  sparsity      imp   prac random-reinit         imp   prac         prac
		    1     20.00    91.50  89.50             -        1000    250         75.0
		    3     48.80    85.00      -         80.00        3000      -            -
		prac: the early stop (eps=0.08) never fired; the largest distance of two masks was 0.2500
	END
	)
	# A round at which a training stopped is enough.
	sed 's/0.25\tnan/0.25\t3/' summary | lt-score compare | run -1 grep stop
	head -n 2 summary | lt-score compare | head -n 1 | grep -q 'dense 90.00'
}

# The tables of the examples were made by other programs, written in awk.
@test "the examples' means, matching and savings follow from their summaries" {
	local e costs=(--cost search_iterations --cost presentations
		--cost presentations+search_forward --cost multiply_adds
		--cost multiply_adds+forward_multiply_adds)
	local found=0
	for e in $(find "$ROOT/examples" -path '*/prac-*/savings.tsv' -printf '%h\n'); do
		found=$((found + 1))
		seq "$(awk '$2 == "imp" && $3 == 1 { print $5; exit }' "$e/summary.tsv")" >d0.idx
		lt-score mean --key method --key round --plain sparsity --of d0.idx \
			"$e/summary.tsv" >mean.tsv
		lt-score matching --within 1 "$e/summary.tsv" >matching.tsv
		lt-score savings "${costs[@]}" --matching matching.tsv "$e/summary.tsv" >savings.tsv
		lt-score mean --key method --key round "$e/sets.tsv" >sets_mean.tsv
		lt-score mean --key method --key class --key name "$e/classes.tsv" \
			>classes_mean.tsv
		for t in mean matching savings sets_mean classes_mean; do
			[ "$(wc -l <$t.tsv)" -gt 10 ]
			sed 's/\<nan\>/NaN/g' "$e/$t.tsv" | cmp - $t.tsv
		done
	done
	[ "$found" -ge 2 ]
}

@test "the manual and --help list every action, and no other" {
	run -2 --separate-stderr lt-score
	sed 's/^lt-score: expected //; s/, \| or /\n/g' <<<"${stderr_lines[0]}" | sort >found
	[ "$(wc -l <found)" -gt 20 ]
	sed -n '/^\.Ar ACTION$/,/^\.El/s/^\.It Cm //p' "$ROOT/man/lt-score.1" |
		sed 's/ , /\n/g' | sort | diff found -
	lt-score --help | sed -n '/Actions:$/,/^$/{/:$/d;s/^  //;p}' | tr -d '\n' |
		sed 's/,$//; s/, */\n/g; s/$/\n/' | sort | diff found -
}

@test "an action is needed, and its operands and options are checked" {
	refuses 2 'expected networks, searches, row' lt-score
	refuses 2 "found 't.tsv'" lt-score t.tsv
	refuses 2 'matching: expected a table or nothing, found 2 operands' lt-score matching a b
	refuses 2 'matching does not take --cost' lt-score matching --cost a b
}

@test "the examples of the manual page run" {
	examples lt-score
}

# cells "FIELD..."...: a table, a line for each argument.
cells() {
	printf '%s\n' "$@" | tr ' ' '\t'
}

@test "differences: one method less each other one, over the seeds that have both" {
	cells 'seed method round sparsity test_acc' '1 dense 0 0 90' '1 prac 1 20 80' \
		'2 prac 1 20 83' '3 prac 1 20 NaN' '1 imp 1 20 81' '2 imp 1 20 82' '3 imp 1 20 85' \
		'1 prac 2 36 70' '2 imp 2 36 80' '1 random 1 20 75' >summary.tsv
	# 80 - 81 and 83 - 82: mean 0, deviation sqrt 2; in round 2 no seed has both.  The
	# dense network counts in all rounds.
	lt-score differences --method prac summary.tsv | cut -f 1-7 >found
	cells 'method against round sparsity n difference difference_std' \
		'prac dense 1 20 1 -10 NaN' 'prac dense 2 36 1 -20 NaN' \
		'prac imp 1 20 2 0 1.41421356237' 'prac random 1 20 1 5 NaN' | diff - found
	# A standard error of 1: 12.7 to either side, p 1, and P(T >= 1/2) for the margin.
	lt-score differences --method prac summary.tsv | sed -n '1p;4p' | cut -f 8- >found
	tsv difference_se,difference_low,difference_high,p,p_holm,p_margin,p_margin_holm,verdict,verdict_holm,iterations,against_iterations \
		'1,-12.7062047362,12.7062047362,1,1,0.352416382350,0.352416382350,not told apart,not told apart,NaN,NaN' |
		sed 's/0\>\(\t\|$\)/\1/g' | diff <(sed 's/0\>\(\t\|$\)/\1/g' found) -
	cells 'seed method round test_acc search_iterations' '1 a 1 80 10' '2 a 1 81 30' \
		'3 a 1 NaN 99' '1 b 1 70 40' '2 b 1 72 50' '3 b 1 72 99' >cost.tsv
	lt-score differences --method a cost.tsv | sed 1d | cut -f 1,2,5,17,18 | gives a,b,2,20,45
	[ "$(lt-score differences --method b cost.tsv | sed 1d | cut -f 15)" = worse ]
	[ "$(lt-score differences --margin 30 --method b cost.tsv | sed 1d | cut -f 15)" = 'as good' ]
	lt-score differences --method none summary.tsv >found
	[ "$(wc -l <found)" = 1 ]
	refuses 2 'differences: expected --method or --pair' lt-score differences summary.tsv
	refuses 2 'differences does not take --within' lt-score differences --method prac --within 1 summary.tsv
}

@test "differences: given pairs, Holm's correction among these alone" {
	# a less b: 1 and 1.2, so 1.1, deviation 0.1414, error 0.1, t 11 of one degree of freedom:
	# p = 1 - 2 atan(11) / pi = 0.0577; c less b: -3 and -4, t -7, p 0.0903.
	cells 'seed method round sparsity test_acc' '1 a 1 20 81' '2 a 1 20 83.2' '1 b 1 20 80' \
		'2 b 1 20 82' '1 c 1 20 77' '2 c 1 20 78' '1 c 2 36 70' '1 dense 0 0 85' >summary.tsv
	lt-score differences --pair a=b --pair c=b --pair c=a --pair x=a summary.tsv |
		cut -f 1-6 >found
	cells 'method against round sparsity n difference' 'a b 1 20 2 1.1' 'c b 1 20 2 -3.5' \
		'c a 1 20 2 -4.6' | diff - found
	# c less a: -4 and -5.2, t -4.6 / 0.6, p = 1 - 2 atan(7.667) / pi = 0.0826.
	lt-score differences --pair a=b --pair c=b --pair c=a summary.tsv | sed 1d |
		awk -F '\t' '{ printf "%.4f %.4f|", $11, $12 }' >found
	[ "$(cat found)" = '0.0577 0.1731|0.0903 0.1731|0.0826 0.1731|' ] || { cat found >&2; false; }
	lt-score differences --pair a=b summary.tsv | sed 1d |
		awk -F '\t' '{ exit sprintf("%.4f %.4f", $11, $12) != "0.0577 0.0577" }'
	refuses 2 "'a': expected a pair METHOD=AGAINST" lt-score differences --pair a summary.tsv
	refuses 2 "'=a': expected a pair METHOD=AGAINST" lt-score differences --pair =a summary.tsv
}

@test "differences: tickets that other columns name" {
	cells 'seed s v test_acc' '1 4 0 80' '2 4 0 81' '1 12 0 82' '2 12 0 82' '1 4 4 79' \
		'1 best dense 85' >grid.tsv
	lt-score differences --key s --key v --pair 4/0=12/0 --pair 4/4=4/0 \
		--pair 4/0=best/dense grid.tsv | cut -f 1-8 >found
	cells 's v against_s against_v sparsity n difference difference_std' \
		'4 0 12 0 NaN 2 -1.5 0.707106781187' '4 4 4 0 NaN 1 -1 NaN' \
		'4 0 best dense NaN 1 -5 NaN' | diff - found
	refuses 65 "column 'w'" lt-score differences --key w --pair 4=5 grid.tsv
}

@test "differences: another column, of which less is better" {
	# a less b is -1, -2 and -3: mean -2, deviation 1, -2 +- 4.302653 / sqrt(3).  As less is
	# better, 2 is 3 / (1 / sqrt(3)) = 5.196 errors above -1.  p by scipy.
	cells 'seed network barrier' '1 a 1' '2 a 2' '3 a 4' '1 b 2' '2 b 4' '3 b 7' >t
	lt-score differences --key network --pair a=b --value barrier --less --margin 1 t >found
	[ "$(cut -f 4-9,10,12,14 found | tail -n 1)" = \
		$'3\t-2\t1\t0.57735026919\t-4.48413771175\t0.48413771175\t0.0741799002274\t0.017549359323\tas good' ]
	lt-score differences --key network --pair a=b --value barrier --margin 1 t >found
	[ "$(cut -f 14 found | tail -n 1)" = 'not told apart' ]
	refuses 65 "column 'loss'" lt-score differences --key network --pair a=b --value loss t
}

@test "order: pairs of networks by size, and what is sure of them" {
	# Sizes 1 2 3 3, gains 9 5.5 6 NaN: the smaller has more in 1-2 and 1-3, not in 2-3;
	# only 1 and 2 have deviations.  p of scipy.stats.t.sf with 6 degrees of freedom:
	# 0.0481, and 0.0505 for 5.55.
	cells 'network parameters searches best_gain best_gain_std lts' 'a 1 4 9 2 1' \
		'b 2 4 5.5 2 2' 'c 3 1 6 NaN 3' 'd 3 2 NaN NaN NaN' >networks.tsv
	lt-score order networks.tsv >found
	cells 'measure pairs smaller judged smaller_sure larger_sure' 'best_gain 3 2 1 1 0' \
		'lts 3 0 0 0 0' | diff - found
	sed 's/5.5/5.55/' networks.tsv | lt-score order - >found
	[ "$(sed -n 2p found | cut -f 5)" = 0 ]
	sed 's/a\t1/a\t9/' networks.tsv | lt-score order - >found
	[ "$(sed -n 2p found | cut -f 2-6)" = $'3\t0\t1\t0\t1' ]
	# With a third network p is 0.0481, 0.0499 and 0.0038: Holm leaves the last.
	sed 's/^c\t.*/c\t4\t6\t12\t1\t3/' networks.tsv | lt-score order - >found
	[ "$(sed -n 2p found | cut -f 2-6)" = $'3\t1\t3\t0\t1' ]
	# 4.77 degrees of freedom count as 4: 0.0564, not 0.0470.
	cells 'parameters searches best_gain best_gain_std lts' '1 3 5 1 1' '2 5 0 4 1' |
		lt-score order - >found
	[ "$(sed -n 2p found | cut -f 2-6)" = $'1\t1\t1\t0\t0' ]
}
