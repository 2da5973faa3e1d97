# Whole tools while the system fails: one system call after the other, the process
# killed at one, a disk that fills.  The old file stays, or the new one is there,
# whole; a run without the fault ends as if nothing had been.
load soak

setup() {
	quick_folder
	small_files
	mkdir at
	cd at || return 1
	export GOMP_SPINCOUNT=0 OMP_NUM_THREADS=1
}

# Each command: its name, its outputs, its words.
commands=(prune union split synth pack forget train info sheet)
outputs() {
	case $1 in
	split) echo o r ;;
	forget) echo o.gz ;;
	train) echo o l ev b ;;
	sheet) echo o.png ;;
	*) echo o ;;
	esac
}
words() {
	case $1 in
	prune) echo lt-prune -q -r .5 -o o ../t.st ;;
	union) echo lt-subset union -o o ../a.idx ;;
	split) echo lt-subset split --count 9 --size 3 --first \
		-o o --rest r ;;
	synth) echo lt-data synth -q --count 40 --shape 1x4x4 -o o ;;
	pack) echo lt-data pack -q --threads 1 -o o ../set ;;
	forget) echo lt-forget --table -o o.gz ../e.ev ;;
	train) echo lt-train -q --threads 1 -d ../set.data -e 2 -b 30 \
		--log l --events ev --best b --val-data ../set.data \
		-o o ../t.st ;;
	info) echo lt-info -o o ../t.st ;;
	sheet) echo lt-data sheet -q -o o.png ../set.data ;;
	esac
}

# What may fail, and how; "kill" is SIGKILL at that call.
faults='openat EMFILE EIO ENOSPC kill
write ENOSPC EIO EDQUOT kill
pwrite64 ENOSPC EIO kill
read EIO
pread64 EIO kill
fsync EIO ENOSPC kill
close EIO ENOSPC kill
rename EIO ENOSPC kill
flock EIO kill
ftruncate EIO kill
fchmod EPERM kill
unlink EIO kill
lseek EIO
fcntl EIO
newfstatat EIO
mmap ENOMEM
brk ENOMEM'

need_strace() {
	need_no_sanitizer
	command -v strace >/dev/null || skip 'strace is not installed'
	strace -qq -o log -e inject=openat:error=EIO:when=9999 true 2>said ||
		skip "strace cannot trace here: $(tail -n 1 said)"
	rm -f log said
}

# Empty this folder, but for old outputs of command $1.
old() {
	local f
	rm -rf ./* ./.[!.]*
	for f in $(outputs "$1"); do echo "old $f" >"$f"; done
}

# complain WHAT: with the case at hand.
complain() {
	echo "$name: $call $error at call $at: $1" >&2
	bad=$((bad + 1))
}

# The outputs of command $1, as after a fault: old or new.
look() {
	local f status=$2
	for f in $(outputs "$1"); do
		if cmp -s "$f" "../new/$f"; then
			:
		elif [ "$status" = 0 ]; then
			complain "status 0, but no new $f"
		elif [ "$(cat "$f" 2>&1)" != "old $f" ]; then
			complain "$f is neither old nor new"
		fi
	done
}

# What is there when all is well: the outputs and what comes with them.
expect() {
	old "$1"
	# shellcheck disable=SC2046
	$(words "$1") >/dev/null || return 1
	rm -rf ../new
	cp -r . ../new
	ls -A >../there
}

# One fault, then a run without it.
fault() {
	local name=$1 call=$2 error=$3 at=$4 status=0 how=error=$3
	[ "$error" != kill ] || how=signal=KILL
	old "$name"
	# shellcheck disable=SC2046
	timeout 60 strace -f -qq -o /dev/null -e trace="$call" \
		-e inject="$call:$how:when=$at" $(words "$name") \
		>/dev/null 2>../said || status=$?
	look "$name" "$status"
	case $status in
	0) ;;
	74 | 65)
		[ "$(wc -l <../said)" = 1 ] || complain "said: $(cat ../said)"
		[ "$status" = 74 ] || complain "status 65"
		;;
	70 | 75 | 127) ;;
	137) [ "$error" = kill ] || complain "killed" ;;
	*) complain "status $status: $(head -n 3 ../said)" ;;
	esac
	# lt-train keeps its state and the streams that belong to it.
	if [ "$error" != kill ] && [ "$status" != 127 ] &&
		[ "$name" != train ]; then
		[ -z "$(find . -name '.*.part*')" ] || complain "left: $(ls -A)"
	fi
	# shellcheck disable=SC2046
	$(words "$name") >/dev/null 2>../said ||
		complain "the next run: $(cat ../said)"
	look "$name" 0
	[ "$(ls -A)" = "$(cat ../there)" ] ||
		complain "left after the next run: $(ls -A)"
	done=$((done + 1))
}

# count_calls OPTION... COMMAND: lines "count call".
count_calls() {
	strace -f -qq -o ../trace "$@" >/dev/null
	sed -nE 's/^[0-9]+ +([a-z0-9_]+)\(.*/\1/p' ../trace | sort | uniq -c
}

# Each kind of fault of a command: lines "call error first last".  The calls before
# the first are those with which the dynamic loader finds the libraries; it dies of
# some faults in ways of its own.
plan() {
	local call errors e from to
	old "$1"
	# shellcheck disable=SC2046
	count_calls $(words "$1") >../calls
	# shellcheck disable=SC2046
	count_calls -E LD_TRACE_LOADED_OBJECTS=1 $(words "$1") >../loader
	while read -r call errors; do
		to=$(awk -v c="$call" '$2 == c { print $1 }' ../calls)
		from=$(awk -v c="$call" '$2 == c { print $1 }' ../loader)
		# What it prints for LD_TRACE_LOADED_OBJECTS is not among its calls.
		[ "$call" != write ] || from=0
		for e in $errors; do
			[ -z "$to" ] || echo "$call $e $((from + 1)) $to"
		done
	done <<<"$faults"
}

@test 'a fault at any system call of a tool, then a run without' {
	local name call error from to at done=0 bad=0 number=0 step
	need_strace
	step=$(every 139 900)
	begin
	for name in "${commands[@]}"; do
		plan "$name" >../plan
		[ -s ../plan ]
		expect "$name"
		while read -r call error from to <&3; do
			for ((at = from; at <= to; at++)); do
				time_left || break 2
				((number++ % step)) ||
					fault "$name" "$call" "$error" "$at"
			done
		done 3<../plan
	done
	soaked "$done of $number faults" "$bad wrong"
	[ "$bad" = 0 ]
	[ "$number" -gt 1000 ]
	[ -n "${LT_SOAK:-}" ] || [ "$done" -ge $((number / step)) ]
}
