load common

# Five samples in four passes: 0 always right, 1 never, 2 forgotten once,
# 3 forgotten twice (of which once in the last pass), 4 learned late.
run_events() {
	events "1 0 1" "1 1 0" "1 2 1" "1 3 1" "1 4 0" \
		"2 2 0" "2 3 0" "3 2 1" "3 3 1" "4 3 0" "4 4 1"
}

@test "forgotten and never learned samples are listed" {
	run_events >e
	[ "$(lt-forget e)" = "$(idx 1 2 3)" ]
}

@test "the threshold is exceeded, not met" {
	run_events >e
	[ "$(lt-forget -t 0 e)" = "$(idx 1 2 3)" ]
	[ "$(lt-forget -t 1 e)" = "$(idx 1 3)" ]
	[ "$(lt-forget --threshold 2 e)" = "$(idx 1)" ]
	[ "$(lt-forget -t 18446744073709551615 e)" = "$(idx 1)" ]
}

@test "the table gives counts and the pass of learning" {
	run_events >e
	lt-forget --table e >t
	printf '%s\n' "index count learned" "0 0 1" "1 inf inf" \
		"2 1 1" "3 2 1" "4 0 4" | tr ' ' '\t' | diff - t
	lt-forget --table -t 0 e >t
	[ "$(tail -n +2 t | awk '{ printf "%07d\n", $1 }')" = "$(lt-forget e)" ]
}

@test "independent runs add up" {
	run_events >a
	events "1 1 1" "1 2 0" "1 9 1" "2 1 0" "2 9 0" >b
	lt-forget --table a b >t
	printf '%s\n' "index count learned1 learned2" "0 0 1 NaN" \
		"1 1 inf 1" "2 1 1 inf" "3 2 1 NaN" \
		"4 0 4 NaN" "9 1 NaN 1" | tr ' ' '\t' | diff - t
	[ "$(lt-forget -t 1 a b)" = "$(idx 3)" ]
	same <(lt-forget a b) <(lt-forget b a)
}

@test "a run added to itself doubles its counts" {
	run_events >a
	lt-forget --table a | awk 'NR > 1 {
		print $1, $2 == "inf" ? "inf" : 2 * $2 }' >want
	lt-forget --table a a | awk 'NR > 1 { print $1, $2 }' | diff - want
}

@test "segments of a run count as the whole" {
	run_events >whole
	for cut in 1 2 3; do
		awk -v c=$cut 'NR == 1 || $1 <= c' whole >first
		awk -v c=$cut 'NR == 1 || $1 > c' whole >second
		lt-forget --continue first second >l
		lt-forget whole | diff - l
		lt-forget --continue --table first second >t
		lt-forget --table whole | diff - t
	done
	for i in 1 2 3 4; do awk -v i=$i 'NR == 1 || $1 == i' whole >s$i; done
	lt-forget --continue --table s1 s2 s3 s4 >t
	lt-forget --table whole | diff - t
}

@test "segments out of order are refused" {
	run_events >whole
	awk 'NR == 1 || $1 <= 2' whole >first
	awk 'NR == 1 || $1 > 2' whole >second
	refuses 65 'first: expected passes after 4' \
		lt-forget --continue second first
	refuses 65 'first: expected passes after 2' \
		lt-forget --continue first first
	events "2 0 1" >overlap
	refuses 65 'overlap: expected passes after 2, where the segment before it ends, found pass 2' \
		lt-forget --continue first overlap
}

@test "standard input, gzip and files give the same" {
	run_events >e
	gzip -c e >e.gz
	lt-forget e >want
	lt-forget <e | diff - want
	lt-forget - <e | diff - want
	lt-forget e.gz | diff - want
	lt-forget - <e.gz | diff - want
	lt-forget -o out.idx e
	diff out.idx want
	lt-forget -o out.idx.gz e
	gzip -dc out.idx.gz | diff - want
	no_strays
}

@test "no event is no list, and no sample is forgotten" {
	events >none
	lt-forget -o l none
	[ ! -s l ]
	[ "$(lt-forget --table none)" = $'index\tcount\tlearned' ]
	events "1 5 1" | lt-forget -o l
	[ ! -s l ]
}

@test "absurd indices cost no memory" {
	need_no_sanitizer
	events "1 0 0" "1 4294967294 1" "2 4294967294 0" >e
	(ulimit -v 200000 && lt-forget e) >l
	printf '0000000\n4294967294\n' | diff - l
}

@test "what is no event table is refused" {
	: >empty
	refuses 65 empty lt-forget empty
	for bad in "1 0" "1 0 1 1" "1 x 1" "0 0 1" "1 0 2" "-1 0 1" "1 -1 1" \
		"1 4294967296 1" "4294967296 0 1" "1 0 1.0" ""; do
		events "$bad" >bad
		refuses 65 "bad:2: " lt-forget bad
	done
	events "2 0 1" "1 1 1" >bad
	refuses 65 "bad:3: " lt-forget bad
	events "1 5 1" "1 4 1" >bad
	refuses 65 "bad:3: " lt-forget bad
	events "1 5 1" "1 5 0" >bad
	refuses 65 "bad:3: " lt-forget bad
	printf 'a\tb\tc\n1\t0\t1\n' >bad
	refuses 65 bad lt-forget bad
	head -c 100 /dev/zero >bad
	refuses 65 bad lt-forget bad
}

@test "cut events are refused, as file and as pipe" {
	run_events >e
	size=$(stat -c %s e)
	for n in 1 5 18 19 21 25 "$((size - 1))"; do
		head -c "$n" e >cut
		refuses 65 cut lt-forget cut
		run -65 lt-forget - <cut
	done
	gzip -c e >e.gz
	head -c 60 e.gz >cut.gz
	refuses 65 'cut.gz: truncated' lt-forget cut.gz
	run -65 lt-forget <cut.gz
}

@test "failed output is an error and leaves the old file" {
	run_events >e
	refuses 74 'No space left' lt-forget -o /dev/full e
	run -74 bash -c 'lt-forget e >/dev/full'
	run -74 bash -c 'lt-forget --table e >/dev/full'
	echo old >l
	events "1 x 1" >bad
	run -65 lt-forget -o l bad
	[ "$(cat l)" = old ]
	refuses 74 'nowhere/l' lt-forget -o nowhere/l e
	refuses 74 'absent' lt-forget absent
	refuses 74 'directory' lt-forget .
	no_strays
}

@test "nonsense on the command line ends with status 2" {
	run_events >e
	refuses 2 '--threshold: expected' lt-forget -t -1 e
	refuses 2 '--threshold: expected' lt-forget -t 1.5 e
	refuses 2 '--threshold: expected' lt-forget -t inf e
	refuses 2 'unknown' lt-forget --no-such e
	refuses 2 'only once' lt-forget - - <e
	refuses 2 'only once' lt-forget --continue - e - <e
}

@test "50,000 samples in 182 passes are counted right" {
	long_test
	# Sample i is right in pass p when (i + p) is no multiple of 3: rows for
	# every presentation, so that nothing depends on how few are written.
	awk 'BEGIN {
		print "epoch\tindex\tcorrect"
		for (p = 1; p <= 182; p++)
			for (i = 0; i < 50000; i++)
				if (p == 1 || (i + p) % 3 < 2)
					print p "\t" i "\t" ((i + p) % 3 > 0)
	}' >e
	lt-forget --table e >t
	# Wrong at p = 3, 6, ... 180 (i = 0 mod 3): 60 times, from pass 2 on.
	[ "$(sed -n 2p t)" = $'0\t60\t1' ]
	[ "$(sed -n 3p t)" = $'1\t61\t1' ]
	[ "$(sed -n 4p t)" = $'2\t60\t2' ]
	[ "$(cut -f 2 t | sort | uniq -c | awk '{ print $1, $2 }')" = \
		$'33333 60\n16667 61\n1 count' ]
	[ "$(lt-forget -t 60 e | wc -l)" = 16667 ]
}

@test "the examples of the manual give what it says" {
	examples lt-forget
}
