#!/usr/bin/env bats
# lt-slurm and the workflows on a Slurm cluster of four nodes, which tests/slurm.sh
# starts on this machine.
# Quick: not run, for it tests shell scripts.
load soak
load workflow

all='imp prac'
slurm() { "$ROOT/tests/slurm.sh" "$1" "$CLUSTER" "${@:2}"; }

setup_file() {
	# A test cancels all jobs when it ends.
	export BATS_NO_PARALLELIZE_WITHIN_FILE=true
	command -v slurmctld >/dev/null || PATH=$PATH:/usr/sbin
	command -v slurmctld >/dev/null || return 0
	cd "$BATS_FILE_TMPDIR" || return 1
	# What waits for a cluster that has died waits forever.
	export BATS_TEST_TIMEOUT=$((200 + 0${LT_SOAK:+500}))
	export CLUSTER=$PWD/cluster
	SLURM_CONF=$(OWNER=$$ TIMEOUT=$((LT_SOAK ? 5 : 20)) "$ROOT/tests/slurm.sh" start "$CLUSTER" 4) || return 1
	export SLURM_CONF=${SLURM_CONF#*=}
	tiny_net tiny 8 >tiny.net
	first_run small -j4
	hashes >hashes
}
teardown_file() {
	[ -z "${CLUSTER:-}" ] || slurm stop
}
setup() {
	[ "${CLUSTER:-}" ] || skip 'slurmctld is not installed'
	quick_folder
}
teardown() {
	[ "${CLUSTER:-}" ] || return 0
	scancel -u "$(id -un)"
	cd / && rm -rf "$FOLDER"
}
small() { workflow "$all" ROUNDS=1 TICKETS=1 "$@"; }
quickly='lt-slurm --poll 0.1 --latency 2'

# long_training EPOCHS: sets train; want.st is what it makes.
long_training() {
	small_files
	seq -f %07.0f 0 44 >all.idx
	train=(lt-train -q -d set.data -i all.idx -b 1 -e "$1" --milestones 30 --seed 3 --threads 1)
	"${train[@]}" -o want.st t.st
}
# idle: no job is left.
idle() {
	for _ in {1..200}; do
		[ "$(squeue -h)" ] || return 0
		sleep 0.1
	done
	squeue >&2
	return 1
}
# until_saved: the program of a job runs, and has saved its state.
until_saved() {
	for _ in {1..200}; do
		! compgen -G '.*.state' >/dev/null || return 0
		sleep 0.1
	done
	squeue >&2
	return 1
}

@test "a workflow on a cluster has the bytes of this machine, with a job for each round" {
	small -s -j4 LAUNCH="$quickly --linger 2" >log 2>&1 || { cat log >&2; false; }
	unchanged
	idle
	# The dense run, IMP's round, and PrAC's rounds 0 and 1.  The three accuracies of a
	# network may be computed side by side, which takes as many jobs, and nothing else.
	sed -n 's/.* Name=\([^ ]*\) .*/\1/p' "$CLUSTER/log/jobs" | sort >jobs
	[ "$(uniq jobs | paste -sd ' ')" = 's1-dense-tiny s1-imp-01-tiny s1-prac-01-tiny s1-prac-tiny' ]
	[ "$(uniq -c jobs | awk '$1 > 3')" = '' ]
}

@test "no environment is passed on" {
	long_training 4
	SLURM_EXPORT_ENV=NONE SBATCH_EXPORT=NONE LT_KERN=ref \
		$quickly --linger 0 "${train[@]}" -o got.st t.st
	cmp want.st got.st
}

@test "the statuses of programs come through: usage, no file, 75 of a lock" {
	small_files
	run -2 $quickly --linger 0 lt-eval --no-such
	[ "$output" = "$(lt-eval --no-such 2>&1)" ]
	run -74 $quickly --linger 0 lt-eval -d no.data t.st
	if command -v flock >/dev/null; then
		touch .o.st.part
		flock .o.st.part sh -c 'echo >held; sleep 20' 3>&- &
		await held
		run -75 $quickly --linger 0 lt-train -q -d set.data -o o.st t.st
		kill $!
	fi
	# And Slurm's refusal of an option.
	run -2 $quickly -p nowhere lt-eval -d set.data t.st
	[[ $output == *'invalid partition'* ]]
}

@test "a job that is preempted: another one continues" {
	long_training 1200
	$quickly -w n1 "${train[@]}" -o got.st t.st 2>log &
	until_saved
	sbatch -p urgent -w n1 --wrap 'sleep 1' -o /dev/null >&2
	wait $!
	cat log >&2
	grep -q 'was preempted; another one continues' log
	cmp want.st got.st
}

@test "Ctrl-C cancels the jobs and leaves states, from which the workflow continues" {
	cat >launch <<-END
		#!/bin/sh
		exec $quickly --linger 0 "\$@"
	END
	chmod +x launch
	set -m
	small -s -j4 EPOCHS=2000 MILESTONES=3 LAUNCH="$PWD/launch" >log 2>&1 &
	set +m
	for _ in {1..200}; do
		[ ! "$(find runs -name '.*state*' 2>/dev/null)" ] || break
		sleep 0.1
	done
	kill -INT -$!
	status=0
	wait $! || status=$?
	[ "$status" != 0 ]
	idle
	[ "$(find runs -name '.*state*')" ]
	[ ! -e .lt-slurm ]
}

@test "a cluster ends with the process that started it, and with its folder" {
	command -v slurmctld >/dev/null || PATH=$PATH:/usr/sbin
	local way
	daemons() { grep -lsxzF "LT_CLUSTER=$PWD/own" /proc/[0-9]*/environ || :; }
	for way in process folder; do
		sleep 100 3>&- &
		OWNER=$! "$ROOT/tests/slurm.sh" start "$PWD/own" 1
		[ "$(daemons | wc -l)" -ge 3 ]
		if [ $way = process ]; then
			kill -KILL $!
		else
			rm -rf own
		fi
		for _ in {1..100}; do
			[ "$(daemons)" ] || break
			sleep 0.1
		done
		[ -z "$(daemons)" ]
		kill $! 2>/dev/null || :
	done
}

# --- In make soak alone, for Slurm takes its time.
only_soak() { [ "${LT_SOAK:-}" ] || skip 'make soak runs it'; }

@test "a node dies: another job continues, on another node" {
	local node
	only_soak
	long_training 4000
	$quickly "${train[@]}" -o got.st t.st 2>log &
	until_saved
	node=$(squeue -h -o %N)
	slurm kill "$node"
	wait $!
	slurm restart "$node"
	cat log >&2
	grep -q 'has lost its node; another one continues' log
	cmp want.st got.st
	soaked '1 node' 'the same file'
}

@test "the time limit is reached: other jobs continue" {
	only_soak
	# The limit is a minute; Slurm may send the signal up to a minute early.
	long_training 10000
	$quickly -t 1 --ahead 50 "${train[@]}" -o got.st t.st 2>log
	cat log >&2
	grep -q 'has reached its time limit; another one continues' log
	cmp want.st got.st
	soaked "$(grep -c continues log) limits" 'the same file'
}

@test "the controller is killed and restarted: nothing happens" {
	only_soak
	long_training 4000
	$quickly "${train[@]}" -o got.st t.st 2>log &
	until_saved
	for _ in 1 2 3; do
		slurm kill slurmctld
		sleep 1
		slurm restart slurmctld
		sleep 1
	done
	wait $!
	cat log >&2
	[ ! -s log ]
	cmp want.st got.st
	soaked '3 restarts' 'the same file'
}

@test "the ways of lt-cluster(7) without lt-slurm: srun in an allocation, a job for each seed" {
	only_soak
	export -f small workflow made fit makefile
	export all pipelines common_settings="${common[*]@Q}"
	salloc -Q -n 4 bash -c "common=($common_settings)
		small -s -j4 LAUNCH='srun -Q -N1 -n1 --exact'" >log 2>&1 || { cat log >&2; false; }
	unchanged
	# The page's script, with a small study.
	cat >study.sh <<-END
		#!/bin/sh
		#SBATCH --array=1-2 -c 1 -o array-%a.log
		exec lt run imp DATA=synth ARCH=$BATS_FILE_TMPDIR/tiny.net SYNTH='--classes 4 --shape 1x8x8' \\
			SYNTH_TRAIN=400 SYNTH_TEST=100 VAL=80 EPOCHS=4 MILESTONES=3 BATCH=32 AUGMENT=none \\
			ROUNDS=1 -k -j"\$SLURM_CPUS_PER_TASK" SEEDS="\$SLURM_ARRAY_TASK_ID" OUT="\${1-runs}"
	END
	sbatch -W study.sh array >&2 || { cat array-*.log >&2; false; }
	SLURM_ARRAY_TASK_ID='1 2' SLURM_CPUS_PER_TASK=2 sh study.sh alone >&2
	(cd array && find . -name '*.safetensors' -exec sha256sum {} + | sort -k 2) >sums
	[ "$(wc -l <sums)" -ge 10 ]
	(cd alone && sha256sum -c --quiet ../sums)
	# Together they are what one run has made.
	SLURM_ARRAY_TASK_ID='1 2' SLURM_CPUS_PER_TASK=2 sh study.sh array >again
	! grep -q epoch again
	soaked '2 ways' 'the same files'
}
