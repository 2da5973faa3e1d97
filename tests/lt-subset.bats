load common

lists() {
	idx 1 3 5 7 9 >odd
	idx 2 3 5 7 >prime
	idx 0 1 2 3 4 5 6 7 8 9 >all
	: >none
}

@test "union, intersection and difference are those of sets" {
	lists
	[ "$(lt-subset union odd prime)" = "$(idx 1 2 3 5 7 9)" ]
	[ "$(lt-subset intersect odd prime)" = "$(idx 3 5 7)" ]
	[ "$(lt-subset subtract odd prime)" = "$(idx 1 9)" ]
	[ "$(lt-subset subtract prime odd)" = "$(idx 2)" ]
	idx 5 6 >more
	[ "$(lt-subset union odd prime more)" = "$(idx 1 2 3 5 6 7 9)" ]
	[ "$(lt-subset intersect odd prime more)" = "$(idx 5)" ]
	[ "$(lt-subset subtract all odd prime more)" = "$(idx 0 4 8)" ]
}

@test "the laws of sets hold" {
	lists
	for l in odd prime all none; do
		lt-subset union $l | diff - $l
		lt-subset union $l $l | diff - $l
		lt-subset union $l none | diff - $l
		lt-subset intersect $l $l | diff - $l
		lt-subset intersect $l all | diff - $l
		lt-subset subtract $l none | diff - $l
		[ -z "$(lt-subset subtract $l $l)" ]
		[ -z "$(lt-subset intersect $l none)" ]
		lt-subset complement --of all $l >rest
		[ -z "$(lt-subset intersect $l rest)" ]
		lt-subset union $l rest | diff - all
		lt-subset complement --of all rest | diff - $l
	done
	same <(lt-subset union odd prime) <(lt-subset union prime odd)
	same <(lt-subset intersect odd prime) <(lt-subset intersect prime odd)
	# De Morgan.
	lt-subset union odd prime | lt-subset complement --count 10 - >a
	lt-subset complement --count 10 odd >x
	lt-subset complement --count 10 prime >y
	lt-subset intersect x y | diff - a
	same <(lt-subset complement --count 10 odd prime) a
}

@test "results agree with comm" {
	for i in 1 2 3; do
		lt-subset sample --count 1000 --size 400 --seed $i >a
		lt-subset sample --count 1000 --size 300 --seed 9$i >b
		lt-subset intersect a b | diff - <(comm -12 a b)
		lt-subset subtract a b | diff - <(comm -23 a b)
		lt-subset union a b | diff - <(sort -u a b)
	done
}

@test "all samples come from --of, --count or --data" {
	synth t 10
	lists
	for all in "--of all" "--count 10" "--data t.data" \
		"--of all --data t.data" "--count 10 --data t.data"; do
		[ "$(lt-subset complement $all odd)" = "$(idx 0 2 4 6 8)" ]
	done
	lt-subset complement --of odd odd -o l
	[ ! -s l ]
	lt-subset complement --count 0 none -o l
	[ ! -s l ]
}

@test "a list that does not fit all samples is refused by name" {
	synth t 5
	lists
	refuses 65 'odd: expected samples of prime only, found 1' \
		lt-subset complement --of prime odd
	refuses 65 'odd: expected indices below --count 5, found 9' \
		lt-subset complement --count 5 odd
	refuses 65 'odd' lt-subset complement --data t.data odd
	refuses 65 't.data' lt-subset union --data t.data odd
	refuses 65 'prime' lt-subset subtract --data t.data none prime
	refuses 65 'odd' lt-subset sample --data t.data --of odd --size 1
}

@test "a sample has its size, its order and its seed" {
	for k in 0 1 17 99 100; do
		lt-subset sample --count 100 --size $k --seed 3 >s
		[ "$(wc -l <s)" = $k ]
		sort -c -u s
	done
	lt-subset sample --count 100 --size 50 --seed 3 >a
	lt-subset sample --count 100 --size 50 --seed 3 | diff - a
	lt-subset sample --count 100 --size 50 --seed 4 >b
	run -1 cmp -s b a
	# A file, a pipe and a count of the same samples give the same draw.
	lt-subset sample --count 100 --size 100 >all
	lt-subset sample --of all --size 50 --seed 3 | diff - a
	lt-subset sample --of - --size 50 --seed 3 <all | diff - a
	lt-subset sample --of all --size 50 --seed 3 --threads 7 | diff - a
}

@test "the draw of a seed never changes" {
	[ "$(lt-subset sample --count 1000 --size 5 --seed 1)" = \
		"$(idx 177 639 785 820 989)" ]
}

@test "larger samples contain smaller ones" {
	lt-subset sample --count 500 --size 20 --seed 8 >small
	for k in 21 100 499; do
		lt-subset sample --count 500 --size $k --seed 8 >large
		lt-subset intersect small large | diff - small
	done
}

@test "fractions round half to even" {
	draw() { lt-subset sample --count "$1" --fraction "$2" | wc -l; }
	[ "$(draw 10 0.25)" = 2 ]
	[ "$(draw 10 0.35)" = 4 ]
	[ "$(draw 10 0.05)" = 0 ]
	[ "$(draw 10 0.15)" = 2 ]
	[ "$(draw 7 0)" = 0 ]
	[ "$(draw 7 1)" = 7 ]
	[ "$(draw 3 0.5)" = 2 ]
	[ "$(draw 1 0.5)" = 0 ]
}

@test "every sample is drawn about equally often" {
	for s in {1..200}; do
		lt-subset sample --count 20 --size 5 --seed $s
	done | sort | uniq -c >times
	[ "$(wc -l <times)" = 20 ]
	# 50 expected, standard deviation 6.1.
	awk '$1 < 25 || $1 > 75 { exit 1 }' times
}

@test "a split is in two parts, with every class in proportion" {
	synth t 203 4
	lt-subset split --data t.data --fraction 0.25 --seed 2 -o a --rest b
	[ "$(wc -l <a)" = 51 ]
	[ -z "$(lt-subset intersect a b)" ]
	lt-subset union a b | diff - <(seq 0 202 | xargs printf '%07d\n')
	lt-subset count --data t.data | tail -n +2 | cut -f 4 >n
	lt-subset count --data t.data a | tail -n +2 | cut -f 4 >k
	paste n k | awk '{ d = $2 - $1 * 51 / 203
		if (d <= -1 || d >= 1) exit 1 }'
	lt-subset sample --stratify --data t.data --fraction 0.25 --seed 2 |
		diff - a
	lt-subset split --data t.data --size 51 --seed 2 --rest b2 | diff - a
	same b b2
	lt-subset split --data t.data --size 51 --seed 3 --rest b2 >c
	run -1 cmp -s c a
}

@test "a split of a list stays within it" {
	synth t 100 4
	lt-subset sample --count 100 --size 60 >part
	lt-subset split --data t.data --of part --fraction 0.5 -o a --rest b
	[ "$(wc -l <a) $(wc -l <b)" = "30 30" ]
	lt-subset union a b | diff - part
	lt-subset split --data t.data --of part --size 0 -o a --rest b
	[ ! -s a ]
	diff b part
	lt-subset split --data t.data --of part --fraction 1 -o a --rest b
	[ ! -s b ]
	diff a part
}

@test "classes are counted" {
	synth t 50 5
	lt-subset sample --count 50 --size 20 >l
	: >none
	lt-subset count --data t.data l none >t
	[ "$(head -n 1 t)" = $'list\tclass\tname\tcount\tshare' ]
	[ "$(wc -l <t)" = 11 ]
	[ "$(awk '$1 == "l" { n += $4 } END { print n }' t)" = 20 ]
	[ "$(awk '$1 == "none" { n += $4 } END { print n }' t)" = 0 ]
	[ "$(awk '$1 == "l" { print $2 }' t)" = $'0\n1\n2\n3\n4' ]
	lt-subset count --data t.data >whole
	[ "$(awk 'NR > 1 { n += $4 } END { print n }' whole)" = 50 ]
	seq 0 49 | lt-subset count --data t.data - |
		sed 's/^-/all/' | diff - whole
}

@test "a class has its share of a list, and a list its part of a class" {
	synth t 10 2
	idx 0 1 2 3 4 5 7 9 >d0
	idx 1 3 4 >l
	: >none
	lt-subset count --data t.data --of d0 l none | tr '\t' ' ' >t
	diff t - <<-'END'
	list class name count share coverage
	l 0 0 1 0.333333333 0.2
	l 1 1 2 0.666666667 0.666666667
	none 0 0 0 NaN 0
	none 1 1 0 NaN 0
	END
	lt-subset count --data t.data --of d0 | tr '\t' ' ' >t
	diff t - <<-'END'
	list class name count share coverage
	all 0 0 5 0.625 1
	all 1 1 3 0.375 1
	END
	# A class that D0 has not.
	lt-subset count --data t.data --of none none | tail -n 1 >t
	[ "$(cut -f 4- t)" = $'0\tNaN\tNaN' ]
	lt-subset count --data t.data l none | cut -f 1-5 >t
	lt-subset count --data t.data --of d0 l none | cut -f 1-5 | cmp - t
	refuses 65 'd0: expected samples of l only, found 0' \
		lt-subset count --data t.data --of l d0
	idx 10 >far
	refuses 65 'far: index 10 is not in t.data' \
		lt-subset count --data t.data --of far l
	refuses 2 'only once' lt-subset count --data t.data --of - - <l
}

@test "a balanced draw has as many of each class" {
	synth t 103 4
	lt-subset sample --per-class 9 --data t.data --seed 2 >s
	lt-subset count --data t.data s | tail -n +2 | cut -f 4 >n
	[ "$(xargs <n)" = '9 9 9 9' ]
	sort -c -u s
	lt-subset sample --per-class 9 --data t.data --seed 2 --threads 5 |
		cmp - s
	lt-subset sample --per-class 9 --data t.data --seed 3 >t
	run -1 cmp -s t s
	lt-subset sample --per-class 20 --data t.data --seed 2 >more
	[ -z "$(lt-subset subtract s more)" ]
	# Of equal shares the stratified draw is the same.
	lt-subset sample --count 100 --size 100 >all
	lt-subset sample --stratify --size 36 --of all --data t.data --seed 2 >w
	lt-subset sample --per-class 9 --of all --data t.data --seed 2 | cmp - w
	# What a class has, and no more.
	lt-subset sample --per-class 100 --of more --data t.data | cmp - more
	refuses 2 'sample needs --size or --fraction, or --per-class' \
		lt-subset sample --per-class 3 --size 3 --data t.data
	refuses 2 'exclude' \
		lt-subset sample --per-class 3 --stratify --data t.data
	refuses 2 'exclude' lt-subset sample --per-class 3 --first --data t.data
	refuses 2 '--per-class needs --data' \
		lt-subset sample --per-class 3 --count 9
	refuses 2 '--per-class: expected' \
		lt-subset sample --per-class 0 --data t.data
	refuses 2 'top does not take --per-class' \
		lt-subset top --per-class 3 --column x t
}

# A table of forgetting counts: sample 6 was never learned.
counts() {
	printf '%s\t%s\t%s\n' index count entropy \
		4 2 -0.5 1 0 1e-3 6 inf 0 3 2 .25 2 0 -inf 7 1 NaN
}

@test "the top of a column has its largest values, of equal ones the first" {
	counts >t
	top() { lt-subset top --column count "$@" t | xargs; }
	[ -z "$(top --size 0)" ]
	[ "$(top --size 1)" = 0000006 ]
	[ "$(top --size 2)" = '0000003 0000006' ]
	[ "$(top --size 4)" = '0000003 0000004 0000006 0000007' ]
	[ "$(top --size 6)" = '0000001 0000002 0000003 0000004 0000006 0000007' ]
	[ "$(top --lowest --size 1)" = 0000001 ]
	[ "$(top --lowest --size 4)" = '0000001 0000002 0000003 0000007' ]
	# Half of six, and of five half to even.
	[ "$(top --fraction 0.5)" = '0000003 0000004 0000006' ]
	idx 1 2 3 4 6 >l
	[ "$(top --fraction 0.5 --of l)" = '0000003 0000006' ]
	[ "$(top --fraction 0.5 --of - <l)" = '0000003 0000006' ]
	counts | lt-subset top --column count --size 3 - >s
	gzip -c t >t.gz
	lt-subset top --column count --size 3 t.gz | cmp - s
	lt-subset top --column count --size 3 --threads 7 t | cmp - s
	lt-subset top --column count --size 3 -o o t
	cmp s o
}

@test "the top and the rest by sort are the same" {
	# Unsorted, of few values; 5003 is prime.
	awk 'BEGIN { print "x\tindex"; for (i = 0; i < 5003; i++)
		print i * i % 97 / 8 - 5 "\t" i * 1234 % 5003 }' >t
	tail -n +2 t | sort -k 1,1gr -k 2,2n | cut -f 2 >down
	tail -n +2 t | sort -k 1,1g -k 2,2n | cut -f 2 >up
	for k in 1 50 52 4000 5003; do
		lt-subset top --column x --size $k t |
			cmp - <(head -n $k down | xargs printf '%07d\n' | sort)
		lt-subset top --column x --size $k --lowest t |
			cmp - <(head -n $k up | xargs printf '%07d\n' | sort)
	done
}

@test "the top of each class is a fair share of it" {
	synth t 100 4
	awk 'BEGIN { print "index\tx"; for (i = 0; i < 100; i++)
		print i "\t" i }' >t
	lt-subset top --column x --size 41 --stratify --data t.data t >s
	lt-subset count --data t.data s | tail -n +2 | cut -f 4 >n
	[ "$(xargs <n)" = '11 10 10 10' ]
	# Four by four, each class has one of them: 11 of the one, 10 of others.
	[ "$(lt-subset top --column x --size 40 t | lt-subset subtract s - |
		wc -l)" = 1 ]
	lt-subset top --column x --size 40 --stratify --data t.data t |
		cmp - <(lt-subset top --column x --size 40 t)
	lt-subset sample --count 100 --size 30 >l
	lt-subset top --column x --fraction 0.5 --stratify --data t.data \
		--of l t >s
	[ "$(wc -l <s)" = 15 ]
	[ -z "$(lt-subset subtract s l)" ]
}

@test "selection via proxy: what a small network is least sure of" {
	synth t 60 4 1x8x8
	printf 'net tiny\ninput 1 8 8\nf = linear input 4 bias\noutput f\n' >n.net
	lt-init --seed 1 -o n.st ./n.net
	lt-eval -q -d t.data --predictions p.tsv -o /dev/null n.st
	for column in entropy margin loss; do
		lt-eval -q -d t.data --predictions - -o e.tsv n.st |
			lt-subset top --column $column --fraction 0.25 - >s
		[ "$(wc -l <s)" = 15 ]
		lt-subset top --column $column --fraction 0.25 p.tsv | cmp - s
	done
}

@test "a table that does not say which are on top is refused" {
	counts >t
	synth d 5
	refuses 65 "t: column 'entropy': expected a number for sample 7, found NaN" \
		lt-subset top --column entropy --size 1 t
	# What is not among the samples asked for does not matter.
	idx 1 2 >l
	[ "$(lt-subset top --column entropy --size 1 --of l t)" = 0000001 ]
	idx 1 5 >l
	refuses 65 't: expected a row of sample 5, found none' \
		lt-subset top --column count --size 1 --of l t
	refuses 65 "t: expected a column 'loss', found none" \
		lt-subset top --column loss --size 1 t
	refuses 65 'standard input: expected a header line' \
		lt-subset top --column loss --size 1 - </dev/null
	refuses 65 "l: expected a column 'index', found none" \
		lt-subset top --column x --size 1 l
	printf 'index\tcount\n1\tmany\n' >bad
	refuses 65 "bad:2: column 'count': expected a number, inf or NaN, found 'many'" \
		lt-subset top --column count --size 1 bad
	printf 'index\tcount\n1\t2\n01\t3\n' >bad
	refuses 65 'bad: index 1 occurs twice' \
		lt-subset top --column count --size 1 bad
	refuses 65 't: expected at least the 7 samples to draw, found 6' \
		lt-subset top --column count --size 7 t
	idx 1 >l
	refuses 65 'l: expected at least the 2 samples to draw, found 1' \
		lt-subset top --column count --size 2 --of l t
	refuses 65 't: index 7 is not in d.data, which has 5 samples' \
		lt-subset top --column count --size 2 --data d.data t
	refuses 74 absent lt-subset top --column count --size 2 absent
	refuses 2 'at least one table' lt-subset top --column count --size 1
	refuses 2 'top needs --column' lt-subset top --size 1 t
	refuses 2 'top needs --size or --fraction' lt-subset top --column count t
	refuses 2 'needs --data' \
		lt-subset top --column count --size 1 --stratify t
	refuses 2 'top does not take --first' \
		lt-subset top --column count --size 1 --first t
	refuses 2 'top does not take --count' \
		lt-subset top --column count --size 1 --count 3 t
	refuses 2 'sample does not take --lowest' \
		lt-subset sample --lowest --count 3 --size 1
	refuses 2 'only once' \
		lt-subset top --column count --size 1 --of - - <t
}

@test "lists are read in any width and order, and written in one" {
	printf '9\n03\n0000000000001\n' >l
	[ "$(lt-subset union l)" = "$(idx 1 3 9)" ]
}

@test "streams, gzip and files give the same" {
	lists
	gzip -c odd >odd.gz
	lt-subset union odd prime >want
	lt-subset union - prime <odd | diff - want
	lt-subset union odd - <prime | diff - want
	lt-subset union odd.gz prime | diff - want
	lt-subset union - prime <odd.gz | diff - want
	lt-subset union odd prime -o out && diff out want
	lt-subset union odd prime -o out.gz && gzip -dc out.gz | diff - want
	lt-subset union odd prime -o odd && diff odd want
	no_strays
}

@test "what is no index list is refused" {
	lists
	for bad in x -1 1.0 "1 2" 4294967296 1e3 "" 0x1; do
		printf '%s\n' "$bad" >bad
		refuses 65 bad lt-subset union odd bad
	done
	printf '3\n3\n' >bad
	refuses 65 bad lt-subset union bad
	printf '3' >bad
	refuses 65 bad lt-subset union bad
	gzip -c odd | head -c 30 >cut.gz
	refuses 65 cut.gz lt-subset union odd cut.gz
	run -65 lt-subset union - <cut.gz
	synth t 10
	head -c 300 t.data >cut.data
	refuses 65 cut.data lt-subset count --data cut.data
}

@test "more samples than there are cannot be drawn" {
	lists
	refuses 65 'odd: expected at least the 6 samples to draw, found 5' \
		lt-subset sample --of odd --size 6
	refuses 65 'count' lt-subset sample --count 3 --size 4
}

@test "failed output is an error and leaves the old files" {
	lists
	synth t 10
	echo old >l
	refuses 74 'No space left' lt-subset union odd -o /dev/full
	refuses 74 'No space left' lt-subset count --data t.data -o /dev/full
	refuses 74 'nowhere' lt-subset split --data t.data --size 5 -o l \
		--rest nowhere/x
	run -65 lt-subset union odd t.data -o l2
	[ ! -e l2 ]
	refuses 74 absent lt-subset union odd absent
	refuses 74 absent lt-subset count --data absent
	no_strays
}

@test "nonsense on the command line ends with status 2" {
	lists
	synth t 10
	refuses 2 'expected union, intersect' lt-subset
	refuses 2 "found 'unite'" lt-subset unite odd
	refuses 2 'at least one list' lt-subset union
	refuses 2 'no list' lt-subset sample --count 10 --size 1 odd
	refuses 2 'needs --of' lt-subset complement odd
	refuses 2 'exclude' lt-subset complement --of all --count 10 odd
	refuses 2 'does not take --size' lt-subset union --size 1 odd
	refuses 2 'does not take --of' lt-subset union --of odd odd
	refuses 2 'does not take --rest' \
		lt-subset sample --count 9 --size 1 --rest r
	refuses 2 'needs --size or --fraction' lt-subset sample --count 10
	refuses 2 'needs --size or --fraction' \
		lt-subset sample --count 10 --size 1 --fraction 0.1
	refuses 2 '--fraction: expected' \
		lt-subset sample --count 10 --fraction 1.01
	refuses 2 '--fraction: expected' \
		lt-subset sample --count 10 --fraction NaN
	refuses 2 '--size: expected' lt-subset sample --count 10 --size -1
	refuses 2 '--count: expected' lt-subset complement --count 1x odd
	refuses 2 '--count: expected' lt-subset complement --count 4294967296 odd
	refuses 2 'needs --data' lt-subset sample --count 10 --size 1 --stratify
	refuses 2 'needs --data' lt-subset split --size 1 --rest r
	refuses 2 'needs --rest' lt-subset split --size 1 --data t.data
	refuses 2 'needs --data' lt-subset count odd
	refuses 2 'same file' \
		lt-subset split --size 1 --data t.data -o r --rest r
	refuses 2 'only once' lt-subset union - - <odd
	refuses 2 'only once' lt-subset complement --of - - <odd
}

@test "the examples of the manual give what it says" {
	examples lt-subset
}

@test 'the first samples are a split as well' {
	lt-subset split --first --size 45000 --count 50000 -o train --rest val
	seq -f %07g 0 44999 | cmp - train
	seq -f %07g 45000 49999 | cmp - val
	printf '0000003\n0000005\n0000009\n' >some
	[ "$(lt-subset sample --first --size 2 --of some | xargs)" = \
		'0000003 0000005' ]
	[ -z "$(lt-subset sample --first --size 0 --of some)" ]
	refuses 65 'at least the 4 samples' \
		lt-subset sample --first --size 4 --of some
	refuses 2 'exclude each other' lt-subset sample --first --stratify \
		--size 1 --count 3
	refuses 2 'union does not take --first' lt-subset union --first some
}

# npy TYPE SHAPE: the header of a .npy file; the numbers come after it.
npy() {
	printf '\x93NUMPY\x01\0\x76\0%-117s\n' \
		"{'descr': '$1', 'fortran_order': False, 'shape': $2, }"
}

@test 'a split file of numpy is a list, and its rest the other part' {
	{ npy '<i4' '(3,)'; printf '\x07\0\0\0\x02\0\0\0\x05\0\0\0'; } >s.npy
	[ "$(lt-subset union s.npy | xargs)" = '0000002 0000005 0000007' ]
	[ "$(lt-subset complement --count 9 s.npy | xargs)" = \
		'0000000 0000001 0000003 0000004 0000006 0000008' ]
	refuses 65 's.npy' lt-subset complement --count 7 s.npy
	{ npy '<i4' '(4000000000,)'; printf '\x07\0\0\0'; } >far.npy
	refuses 65 'far.npy: ' lt-subset union far.npy
	{ npy '<f4' '(1,)'; printf '\x07\0\0\0'; } >float.npy
	refuses 65 'float.npy: ' lt-subset union float.npy
	{ npy '<i4' '(1, 1)'; printf '\x07\0\0\0'; } >two.npy
	refuses 65 'two.npy: ' lt-subset union two.npy
	{ npy '<i4' '(1,)'; printf '\xff\xff\xff\xff'; } >below.npy
	refuses 65 'below.npy: ' lt-subset union below.npy
}

@test 'a list may be replaced by the result, a data set or two outputs not' {
	idx 1 2 > a
	idx 2 3 > b
	synth d 9
	lt-subset union -o b b a
	[ "$(cat b)" = "$(idx 1 2 3)" ]
	cp d.data e.data
	refuses 2 'file of --data' lt-subset union --data d.data -o d.data a
	ln -s x y
	for rest in x ./x y; do
		refuses 2 '--output and --rest are the same file' lt-subset \
			split --count 9 --size 3 --first -o x --rest $rest
	done
	refuses 74 'none/x: cannot write' lt-subset split --count 9 --size 3 \
		--first -o x --rest none/x
	[ ! -e x ]
	same d.data e.data
}

@test "top: the mean over several tables" {
	# Means: 0: 4, 1: 5, 2: 3, 4: 4.5.
	printf 'index\tscore\n0\t1\n1\t9\n2\t2\n4\t5\n' > a.tsv
	printf 'index\tscore\n4\t4\n2\t4\n1\t1\n0\t7\n' > b.tsv
	[ "$(lt-subset top -q --column score --size 1 a.tsv b.tsv)" = 0000001 ]
	[ "$(lt-subset top -q --column score --size 2 a.tsv b.tsv | xargs)" = '0000001 0000004' ]
	[ "$(lt-subset top -q --column score --size 3 b.tsv a.tsv | xargs)" = '0000000 0000001 0000004' ]
	[ "$(lt-subset top -q --column score --lowest --size 1 a.tsv b.tsv)" = 0000002 ]
	idx 0 1 4 > of.idx
	[ "$(lt-subset top -q --of of.idx --column score --lowest --size 1 a.tsv b.tsv)" = 0000000 ]
	printf 'index\tscore\n0\t1\n1\t9\n2\t2\n3\t5\n' > c.tsv
	refuses 65 'c.tsv' lt-subset top --column score --size 1 a.tsv c.tsv
	head -n 4 b.tsv > d.tsv
	refuses 65 'a.tsv has 4 samples and d.tsv 3, expected the same' \
		lt-subset top --column score --size 1 a.tsv d.tsv
	printf 'index\tscore\n0\tinf\n1\t-inf\n' > e.tsv
	printf 'index\tscore\n0\t-inf\n1\t-inf\n' > f.tsv
	refuses 65 'e.tsv' lt-subset top --column score --size 1 e.tsv f.tsv
}
