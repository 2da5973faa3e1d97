#!/usr/bin/env bats
# How the workflows run their stages: a launcher that lies, two makes in one
# folder, what kills leave.
# Quick: not run, for it tests makefiles and awk.
load common
load workflow

all='imp prac'

setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	tiny_net tiny 8 >tiny.net
	first_run workflow "$all" -j2 ROUNDS=2 TICKETS=2
	hashes >hashes
}
setup() { cd "$BATS_TEST_TMPDIR" || return 1; }
small() { workflow "$all" ROUNDS=2 TICKETS=2 "$@"; }

# launcher PATTERN: ./launch, which runs nothing whose command has PATTERN in it, and
# says that all is well.
launcher() {
	printf '%s\n' '#!/bin/sh' "case \"\$*\" in $1) exit 0 ;; esac" 'exec "$@"' >launch
	chmod +x launch
}

# lied PRODUCT ARGUMENT...: make stops with one line, for the launcher made no PRODUCT.
lied() {
	local product=$1
	shift
	run -2 small -s LAUNCH="$PWD/launch" "$@"
	[ "$(grep -c 'did not write it' <<<"$output")" = 1 ]
	[[ $output == *"$product: the command that writes it ended with status 0, but did not write it"* ]]
}

@test "a launcher that runs nothing and says 0 stops the make, on a fresh folder" {
	local pattern product bad=
	while IFS='|' read -r pattern product; do
		launcher "$pattern"
		lied "runs/$product" || bad+="$pattern: $output"$'\n'
		rm -rf runs
	done <<-END
		lt-data*train.data*|synth/train.data
		lt-subset\ split*|synth/val.idx
		lt-train*dense/last*|$net/dense/last.safetensors
		lt-hamming*rounds*|$net/imp/rounds.matrix.tsv
	END
	[ -z "$bad" ] || { echo "$bad" >&2; false; }
}

@test "it stops the make where old files are, too, and these stay" {
	begin_with_runs
	local pattern set product bad=
	while IFS='|' read -r set pattern product; do
		launcher "$pattern"
		lied "runs/$net/$product" "$set" || bad+="$set $pattern: $output"$'\n'
		[ "$(sha256sum <"runs/$net/$product")" = "$(sha256sum <"$BATS_FILE_TMPDIR/runs/$net/$product")" ] ||
			bad+="$product is lost"$'\n'
		# It is made once the launcher obeys.
		makes_nothing small "$set" 2>/dev/null && bad+="$set: the old $product is good enough"$'\n'
		rm -rf runs
		cp -a "$BATS_FILE_TMPDIR/runs" runs
	done <<-'END'
		LR=0.05|lt-train*until-*/last*|until-eps0.13-queue1-every1-startalways/last.safetensors
		LR=0.05|lt-train*imp/02/last*|imp/02/last.safetensors
		RATE=0.4|lt-prune*imp/01/ticket*|imp/01/ticket.mask.safetensors
		THRESHOLD=1|lt-forget*prac/02/cet*|prac/02/cet.idx
		STOP=0|lt-disagree*prac/02/cep*|prac/02/cep.idx
		STOP=0|lt-subset\ union*prac/02*|prac/02/set.idx
		LR=0.05|lt-eval*imp/02/test.tsv*|imp/02/test.tsv
	END
	[ -z "$bad" ] || { echo "$bad" >&2; false; }
}

@test "every stage of every workflow is looked after, and make -n shows none of it" {
	cd "$ROOT/pipelines" || return 1
	# LAUNCH stands in one place alone.
	[ "$(grep -h '[$](LAUNCH)' ./*.mk ./*/*.mk | grep -vc '^#')" = 1 ]
	# No name that two makes would share.
	run -1 grep -nE '[$]@[.](tmp|all|net|matrix|tsv)\b[^$]*([^$(]|$)' ./*.mk ./*/*.mk
	cd "$BATS_TEST_TMPDIR"
	small -n V=1 >plan
	run -1 grep -e run.sh -e note.sh plan
	# The dense run, two rounds of IMP, PrAC's rounds 0 and 1 and its ticket.
	[ "$(grep -c '^lt-train' plan)" = 6 ]
}

@test "the makefiles are plain rules, and short" {
	local f n
	cd "$ROOT/pipelines" || return 1
	run -1 grep -nF '$$$$' ./*.mk ./*/*.mk
	# What is defined is a line break.
	[ -z "$(grep -hE -A 3 '^[[:space:]]*define ' ./*.mk ./*/*.mk | grep -vE '^(define (lf|line_feed)|endef|--|)$')" ]
	# The one eval forgets a variable of the environment.
	[ "$(grep -hE '[$][(]eval ' ./*.mk ./*/*.mk | grep -vc 'eval override')" = 0 ]
	[ -z "$(awk 'length > 100 { print FILENAME ": " FNR }' ./*.mk ./*/*.mk)" ]
	for f in ./*.mk ./*/*.mk; do
		n=150
		case $f in ./imp.mk | ./prac.mk | ./earlybird.mk) n=100 ;; esac
		[ "$(wc -l <"$f")" -le $n ] || { echo "$f: over $n lines" >&2; false; }
	done
}

@test "two makes in one folder end right, and leave nothing behind" {
	local i a
	for i in 1 2 3; do
		rm -rf runs
		small -s -j2 >log.a 2>&1 &
		a=$!
		[ $i = 1 ] || sleep 0.$((3 * i))
		small -s -j2 >log.b 2>&1 || { cat log.b >&2; false; }
		wait $a || { cat log.a >&2; false; }
		unchanged
		tidy
	done
}

@test "a signal reaches the command of a stage" {
	local i
	cat >slow.sh <<-'END'
		trap 'kill $!; exit 75' TERM
		sleep 30 &
		echo >started
		wait
	END
	# The command ends before, or while, its shell hears of the signal.
	for ((i = 0; i < 30; i++)); do
		sh "$ROOT/pipelines/run.sh" -q '' sh slow.sh -o ./out 3>&- &
		await started
		rm started
		kill -TERM $!
		wait $! || status=$?
		[ "$status" = 75 ]
		[ ! -e out ]
	done
}

@test "a product that another process writes is waited for" {
	command -v flock >/dev/null || skip 'flock is not installed'
	# It is made while this waits: no second time.
	printf '%s\n' 'echo "$1" >>ran; exit 75' >busy.sh
	touch .out.part
	flock .out.part sh -c 'echo >held; sleep 1; echo new >new; mv new out' 3>&- &
	await held
	sh "$ROOT/pipelines/run.sh" -q '' sh busy.sh once -o ./out
	[ "$(cat out ran | paste -sd ' ')" = 'new once' ]
	# It was made just before this looked for the lock.
	printf '%s\n' 'echo newer >new; mv new out; exit 75' >late.sh
	sh "$ROOT/pipelines/run.sh" -q '' sh late.sh -o ./out
	[ "$(cat out)" = newer ]
	# Nobody writes it: the status stands.
	run -75 sh "$ROOT/pipelines/run.sh" -q '' sh busy.sh twice -o ./out
	# Its part goes away while this looks at its lock, and does not come back.
	mkdir bin
	printf '%s\n' '#!/bin/sh' 'rm -f .out.part' "exec $(command -v flock) \"\$@\"" >bin/flock
	chmod +x bin/flock
	[ -e .out.part ]
	PATH=$PWD/bin:$PATH run -75 sh "$ROOT/pipelines/run.sh" -q '' sh busy.sh again -o ./out
	[ ! -e .out.part ]
}

# ssh HOST COMMAND on this machine; a host is down while ./down.HOST is there.
ssh_here() {
	mkdir bin
	cat >bin/ssh <<-'END'
		#!/bin/sh
		shift 2
		echo "$1" >>hosts
		[ ! -e "down.$1" ] || exit 255
		shift
		exec sh -c "$*"
	END
	chmod +x bin/ssh
	PATH=$PWD/bin:$PATH
}

@test "launch-ssh: several hosts, of which one is down, make the same bytes" {
	command -v flock >/dev/null || skip 'flock is not installed'
	ssh_here
	touch down.a
	LT_HOSTS='a:1 b:2' small -s -j3 LAUNCH="$ROOT/examples/launch-ssh" >log 2>&1 ||
		{ cat log >&2; false; }
	unchanged
	grep -qx 'launch-ssh: a: the connection broke; another host continues' log
	# Each training, test and comparison, on b; more often than on a, which is tried first.
	[ "$(sort hosts | uniq -c | awk '{ print $2 }' | paste -sd ' ')" = 'a b' ]
	[ "$(find .launch-ssh -mindepth 1 -type d)" = '' ]
}

@test "launch-ssh: a signal reaches the program of the host; statuses come back" {
	command -v flock >/dev/null || skip 'flock is not installed'
	ssh_here
	export LT_HOSTS=a:1
	run -2 "$ROOT/examples/launch-ssh" lt-eval --no-such
	cat >bin/lt-train <<-'END'
		#!/bin/sh
		trap 'echo told >told; exit 75' TERM
		echo >started
		for _ in $(seq 200); do sleep 0.05; done
	END
	chmod +x bin/lt-train
	"$ROOT/examples/launch-ssh" lt-train 3>&- &
	await started
	kill -TERM $!
	wait $! || status=$?
	[ "$status" = 75 ]
	[ "$(cat told)" = told ]
	unset LT_HOSTS
	run ! "$ROOT/examples/launch-ssh" lt-train
	[[ $output == *'expected hosts'* ]]
}
