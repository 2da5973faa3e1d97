# One program's output is another's input through a pipe, and the writer may be
# stopped at any moment.
load training

# stopped SIGNAL COMMAND...: lt-train's events go through a pipe to COMMAND, and
# lt-train gets the signal when two epochs have gone through.
stopped() {
	local signal=$1 i pid
	shift
	rm -f .k.*
	mkfifo pipe
	lt-train -q -d set.data -i d.idx -e 4000 -b 48 --lr 0.01 --events pipe \
		-o k.st 0.st 2>err &
	pid=$!
	{ until [ "$(lt-info --meta lt.epoch .k.st.state 2>/dev/null || echo 0)" -gt 2 ]; do
		sleep 0.02
	done; kill "-$signal" $pid; } &
	i=0
	"$@" <pipe || i=$?
	wait
	rm pipe
	return "$i"
}

long=(-q -d set.data -i d.idx -e 60 -b 48 --lr 0.01)

@test 'a reader refuses what a killed writer leaves, and makes no list of it' {
	local s
	for s in KILL TERM; do
		refuses 65 'standard input:' stopped $s lt-forget -o cet.idx
		[[ $stderr == *'truncated: the last line has no newline: the writer of this stream failed or was stopped'* ]]
		refuses 65 'stopped' stopped $s lt-forget --table -o cet.tsv
		[ ! -e cet.idx ] && [ ! -e cet.tsv ]
		# As a file by the shell's redirection, too.
		stopped $s cat >cut.events
		[ "$(wc -l <cut.events)" -gt 100 ]
		refuses 65 'the last line has no newline' lt-forget cut.events
		refuses 65 'failed or was stopped' lt-forget <(cat cut.events)
	done
}

@test 'a training that fails leaves no list either' {
	run -65 bash -o pipefail -c 'lt-train -q -d set.data -i d.idx -e 9 -b 48 \
		--lr 1e30 --schedule constant --events - -o x.st 0.st |
		lt-forget -o cet.idx'
	[ ! -e cet.idx ]
	run -65 bash -c 'lt-train -q -d no.data -e 9 --events - -o x.st 0.st |
		lt-forget -o cet.idx'
	[ ! -e cet.idx ]
}

# Whatever the moment: nothing, a cut line, or all of it.
@test 'a stream that was cut anywhere never ends with a line end' {
	local i
	lt-train "${long[@]}" --events want -o x.st 0.st
	for i in 1 2 3 4 5 6 7 8; do
		rm -f .x.* x.st
		timeout -s KILL "0.$((RANDOM % 4))$((RANDOM % 10))" lt-train \
			"${long[@]}" --events - -o x.st 0.st | cat >cut || true
		cmp -n "$(stat -c %s cut)" cut want
		cmp -s cut want || [ "$(tail -c 1 cut | wc -l)" = 0 ]
	done
}

@test 'a pipe carries the bytes of a file, and no row of its own' {
	train 1.st --events 1.ev --log 1.log 0.st
	train 2.st --events - 0.st | cat >2.ev
	train 3.st --log - 0.st | cat >3.log
	same 1.ev 2.ev
	same 1.log 3.log
	train 4.st --events - 0.st |
		awk -F '\t' 'NF != 3 || !/^[0-9e]/ { bad = 1 } END { exit bad }'
	lt-forget -o 1.idx 1.ev
	train 5.st --events - 0.st | tee 5.ev | lt-forget | cmp - 1.idx
	same 1.ev 5.ev
	lt-forget <1.ev | cmp - 1.idx
	cat 1.ev | lt-forget | cmp - 1.idx
	gzip -c 1.ev | lt-forget | cmp - 1.idx
	lt-forget <(train 6.st --events - 0.st) | cmp - 1.idx
	train 7.st --events - 0.st | lt-forget | sort | comm -3 - 1.idx | cmp - /dev/null
	train 8.st --events - 0.st | lt-forget | lt-subset union - | cmp - 1.idx
}

@test 'an empty list goes through a pipe, what a failed program left does not' {
	idx 3 5 >a
	lt-subset subtract a a | lt-subset union -o b - a
	same a b
	lt-subset subtract a a | wc -l | grep -qx 0
	[ "$(lt-subset subtract a a | lt-subset union - | wc -c)" = 0 ]
	lt-subset union <(lt-subset subtract a a) a | cmp - a
	# The network agrees with itself: the list is empty and whole.
	lt-prune -q -r 0 -o all.mask 0.st
	lt-disagree -q -d set.data --mask-b all.mask 0.st |
		lt-subset union - a | cmp - a
	lt-subset union - a </dev/null | cmp - a
	: >none
	lt-subset union - a <none | cmp - a
	refuses 65 'nothing came through the pipe' lt-subset union -o x <(false) a
	run -65 bash -c 'lt-disagree -q -d set.data --mask-b no.mask 0.st |
		lt-subset union -o x - a'
	run -65 bash -c '(kill -KILL $BASHPID) | lt-subset union -o x - a'
	[ ! -e x ]
	no_strays
}
