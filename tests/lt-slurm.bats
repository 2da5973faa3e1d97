#!/usr/bin/env bats
# lt-slurm against a scheduler of three scripts, which loses nodes and answers late;
# slurm.bats runs it on a real one.
# Quick: not run, for it tests a shell script.
load common

# ./bin has sbatch, which starts a job without an environment; scontrol, which prints
# ./state.N; scancel; and an lt-train that does what its arguments say.
setup() {
	lt_setup
	mkdir bin
	cat >bin/sbatch <<-'END'
		#!/bin/bash
		n=$(($(cat jobs 2>/dev/null || echo 0) + 1))
		echo $n >jobs
		printf '%s\n' "$@" >options.$n
		if [ -e refuse.$n ]; then cat refuse.$n >&2; exit 1; fi
		echo RUNNING >state.$n
		set -- "${@: -3}"
		[ -e nothing.$n ] && { echo COMPLETED >state.$n; echo $n; exit; }
		(
			env -i PATH=/usr/bin:/bin SLURM_JOB_ID=$n sh "$@" >>joblog 2>&1 &
			echo $! >pid.$n
			wait $!
			case $(cat state.$n) in
			RUNNING) echo COMPLETED >state.$n ;;
			COMPLETING) echo CANCELLED >state.$n ;;
			esac
		) >/dev/null 2>&1 3>&- &
		echo "$n;cluster"
	END
	cat >bin/scontrol <<-'END'
		#!/bin/sh
		[ ! -e silent ] || { echo 'slurm_load_jobs error: Unable to contact slurm controller' >&2; exit 1; }
		[ -e "state.$4" ] || { echo 'slurm_load_jobs error: Invalid job id specified' >&2; exit 1; }
		echo "JobId=$4 JobName=x JobState=$(cat "state.$4") Reason=None"
	END
	cat >bin/scancel <<-'END'
		#!/bin/sh
		echo "$1" >>cancelled
		echo COMPLETING >"state.$1"
		kill -TERM "$(cat "pid.$1")"
	END
	# lt-train ACTION...: the first action in the first job, and so on.
	cat >bin/lt-train <<-'END'
		#!/bin/bash
		runs=$(($(cat runs 2>/dev/null || echo 0) + 1))
		echo $runs >runs
		echo "run $runs:${LT_LABEL+ $LT_LABEL}" >&2
		n=$(cat jobs)
		case ${!runs} in
		status=*) echo result; exit ${1#*=} ;;
		lost=*) echo "${!runs#*=}" >state.$n; kill -KILL "$(cat pid.$n)" $$ ;;
		end=*) trap 'exit 75' USR1; sh -c "${!runs#*=}" & for _ in {1..100}; do sleep 0.05; done; exit 1 ;;
		do=*) sh -c "${!runs#*=}" ;;
		exec=*) exec sh -c "${!runs#*=}" ;;
		esac
	END
	chmod +x bin/*
	PATH=$PWD/bin:$PATH
}
# job ARGUMENT...: without waits for the next stage.
job() { lt-slurm --poll 0.02 --latency 0 --linger 0 "$@"; }
jobs() { cat jobs; }
nothing_left() {
	[ ! -e .lt-slurm ] || { find .lt-slurm >&2; false; }
}

@test "what is no long program runs here, without Slurm" {
	ln -sf /usr/bin/* bin/
	rm bin/sbatch bin/lt-train
	PATH=$PWD/bin:$BUILD
	[ "$(lt-slurm -p main lt-info --version)" = "$(lt-info --version)" ]
	refuses 74 'sbatch: expected the programs of Slurm' lt-slurm lt-eval x
	# Pruning is long if it passes over data.
	refuses 74 'x: ' lt-slurm lt-prune -r 0.5 -o m x
	refuses 74 'sbatch: ' lt-slurm lt-prune -r 0.5 --data d --method snip -o m x
	lt-slurm --programs lt-train lt-eval --version
	nothing_left
}

@test "a job has the status, the output and the messages of its program" {
	run -0 --separate-stderr job -c 8 -t 4:00:00 lt-train status=0
	[ "$output" = result ]
	[ "$stderr" = 'run 1:' ]
	rm runs
	run -3 job lt-train status=3
	rm runs
	run -75 job lt-train status=75
	run -2 --separate-stderr job lt-eval --no-such
	[ "$stderr" = "$(lt-eval --no-such 2>&1)" ]
	[ "$(jobs)" = 4 ]
	# Before our options; the words keep their blanks.
	[ "$(sed -n '/^-c$/,/^4:00:00$/p' options.1 | paste -sd ' ')" = '-c 8 -t 4:00:00' ]
	nothing_left
}

@test "a job has folder, environment and words of the command, and the name of its stage" {
	mkdir 'a b'
	# shellcheck disable=SC2016
	(cd 'a b' && cp ../bin/sbatch . && LT_LABEL="tiny s1 prac 04" LT_KERN=ref \
		job lt-train 'do=pwd; echo "$LT_KERN $LC_ALL"; printf "it'\''s  %s\n" "*"' >../out 2>../log)
	[ "$(cat out)" = "$PWD/a b"$'\n'"ref C"$'\n'"it's  *" ]
	[ "$(cat log)" = 'run 1: tiny s1 prac 04' ]
	grep -qx -- '--job-name=s1-prac-04-tiny' 'a b/options.1'
	job lt-train -o out.st 2>log
	grep -qx -- '--job-name=lt-train out.st' options.1
}

@test "another job follows one that was lost, and nothing else is believed" {
	run -0 job lt-train lost=PREEMPTED lost=TIMEOUT lost=BOOT_FAIL lost=NODE_FAIL do=
	[ "$(jobs)" = 5 ]
	[ "$(grep -c 'another one continues' <<<"$output")" = 4 ]
	[[ $output == *'lt-slurm: lt-train: job 4 has lost its node; another one continues'* ]]
	# The controller has forgotten it.
	rm -f runs jobs state.*
	run -0 job lt-train 'do=rm -f state.1; kill -KILL $(cat pid.1) $PPID' do=
	[ "$(jobs)" = 2 ]
	rm -f runs jobs state.*
	run -75 job --follow 1 lt-train lost=NODE_FAIL lost=NODE_FAIL do=
	[[ $output == *'no other follows'* ]]
	nothing_left
}

@test "a scheduler that runs nothing and says COMPLETED is not believed" {
	touch nothing.1
	run -74 job lt-train do=
	[ "$output" = "lt-slurm: lt-train: job 1 could not begin (COMPLETED); expected that all nodes see $PWD/.lt-slurm" ]
	[ ! -e runs ]
	nothing_left
}

@test "a cancelled job and one that was killed end with 75" {
	run -75 job lt-train 'end=scancel 1'
	[ "${lines[-1]}" = 'lt-slurm: lt-train: job 1 was cancelled' ]
	rm runs
	run -75 job lt-train lost=OUT_OF_MEMORY
	[[ ${lines[-1]} == *'needs more memory'* ]]
	rm runs
	run -75 job lt-train lost=FAILED
	[ "${lines[-1]}" = 'lt-slurm: lt-train: job 3 ended without a status (FAILED)' ]
}

@test "the time limit: the program is asked to save its state, and another job continues" {
	run -0 job --ahead 30 lt-train 'end=kill -USR1 $(cat pid.1)' 'end=kill -USR1 $(cat pid.2)' do=
	[ "$(jobs)" = 3 ]
	[ "$(grep -c 'job . has reached its time limit; another' <<<"$output")" = 2 ]
	grep -qx -- '--signal=B:USR1@30' options.1
	# A program that saves no state dies of the signal.
	rm runs
	run -0 job lt-train 'do=kill -USR1 $(cat pid.4); sleep 0.2; kill -KILL $PPID' do=
	[ "$(jobs)" = 5 ]
}

@test "a controller that does not answer says nothing" {
	touch silent
	run -0 job lt-train 'do=sleep 1'
	[ "$(jobs)" = 1 ]
	# Nor does one that takes no job yet.
	rm runs jobs silent
	echo 'sbatch: error: Batch job submission failed: Unable to contact slurm controller (connect failure)' >refuse.1
	cp refuse.1 refuse.2
	run -0 job lt-train do=
	[ "$(jobs)" = 3 ]
	[ "$(grep -c 'Unable to contact' <<<"$output")" = 1 ]
	# What it refuses is an error of usage.
	rm runs jobs
	echo 'sbatch: error: invalid partition specified: x' >refuse.1
	run -2 job -p x lt-train do=
	[[ $output == *'invalid partition'*'expected options that sbatch accepts'* ]]
	nothing_left
}

@test "a status that comes late counts, and the products are waited for" {
	# The job has ended; its status appears afterwards.
	# shellcheck disable=SC2016
	run -0 lt-slurm --poll 0.02 --linger 0 lt-train 'do=echo COMPLETED >state.1; sleep 1'
	# Outside the job the file is old for some looks.
	rm runs
	cat >bin/stat <<-'END'
		#!/bin/sh
		if [ ! "${SLURM_JOB_ID-}" ]; then
			echo look >>looks
			[ "$(wc -l <looks)" -ge 5 ] || { echo 'out.st 0 0'; exit; }
		fi
		exec /usr/bin/stat "$@"
	END
	chmod +x bin/stat
	run -0 lt-slurm --poll 0.02 --linger 0 lt-train 'do=echo x >out.st' -o out.st
	[ "$(wc -l <looks)" = 5 ]
}

@test "where files appear late, the status and then the products are waited for" {
	# A job has a copy of this folder, in which it sees what it writes.  What it has
	# written appears here a second after Slurm says that it has ended: the status,
	# and after another second the product, of which there is an old one here.
	cat >bin/sbatch <<-'END'
		#!/bin/bash
		echo RUNNING >state.1
		set -- "${@: -3}"
		rm -rf node
		mkdir node
		cp -a .lt-slurm node
		sed -i "s,$PWD/[.]lt-slurm,$PWD/node/.lt-slurm,g; s,^cd '$PWD',cd '$PWD/node'," \
			node/.lt-slurm/*/*
		echo 1 >node/jobs
		job=${1/.lt-slurm/node/.lt-slurm} dir=${3/.lt-slurm/node/.lt-slurm}
		(
			(cd node && env -i PATH=/usr/bin:/bin SLURM_JOB_ID=1 sh "$job" "$2" "$dir")
			echo COMPLETED >state.1
			sleep 1
			cp -a "$dir"/{started,files,out,log} "$3"
			cp -a "$dir/status.$2" "$3/.late" && mv "$3/.late" "$3/status.$2"
			sleep 1
			cp -a node/out.st .late && mv .late out.st
		) >joblog 2>&1 3>&- &
		echo 1
	END
	late() {
		rm -rf node runs out.st
		echo old >out.st
		touch -d 2001-01-01 out.st
		run "$1" --separate-stderr lt-slurm --poll 0.05 --linger 0 --latency "$2" lt-train \
			'do=echo new >out.st; echo said' -o out.st
	}
	late -0 20
	[ "$output" = said ]
	[ "$(cat out.st)" = new ]
	# The status does not come in time: the job has failed, for all that is known.
	late -74 0
	[ "$stderr" = "lt-slurm: lt-train out.st: job 1 could not begin (COMPLETED); expected that all nodes see $PWD/.lt-slurm" ]
	[ "$(cat out.st)" = old ]
}

@test "the stages of a round go in one job, those of another round do not" {
	stage() { LT_LABEL="tiny s1 prac $1" lt-slurm --poll 0.02 --linger 3 "${@:2}"; }
	stage 01 lt-train do=
	run -2 stage 01 lt-eval --no-such
	[[ $output == *"--no-such"* ]]
	rm runs
	stage 01 lt-train 'do=echo x >y' -o y
	[ "$(cat y)" = x ]
	[ "$(jobs)" = 1 ]
	rm runs
	stage 02 lt-train do=
	[ "$(jobs)" = 2 ]
	rm runs
	# Other resources.
	stage 01 -c 2 lt-eval --version
	[ "$(jobs)" = 3 ]
	for _ in {1..100}; do
		[ -e .lt-slurm ] || break
		sleep 0.1
	done
	nothing_left
}

@test "a job that offers itself and dies is not waited for" {
	stage() { LT_LABEL="tiny s1 prac 01" lt-slurm --poll 0.02 --latency 0 --linger 60 "$@"; }
	stage lt-train do=
	[ -e .lt-slurm/free.*.1 ]
	kill -KILL "$(cat pid.1)"
	# Before Slurm knows it, and after.
	echo NODE_FAIL >state.1
	rm runs
	stage lt-train do=
	[ "$(jobs)" = 2 ]
	kill -KILL "$(cat pid.2)"
	echo RUNNING >state.2
	(sleep 0.5 && echo NODE_FAIL >state.2) 3>&- &
	rm runs
	stage --linger 0 lt-train do=
	[ "$(jobs)" = 3 ]
	nothing_left
}

@test "a signal cancels the job, which saves its state" {
	local signal
	for signal in TERM INT HUP; do
		rm -f jobs runs saved cancelled state.*
		# The program saves and ends with 75.
		cat >slow.sh <<-'END'
			trap 'echo >saved; exit 75' USR1
			echo >started
			for _ in $(seq 200); do sleep 0.05; done
		END
		# What a shell starts in its own group does not ignore INT.
		set -m
		lt-slurm --poll 0.02 --linger 0 lt-train 'exec=exec sh slow.sh' 2>log 3>&- &
		set +m
		for _ in {1..200}; do [ ! -e started ] || break; sleep 0.05; done
		kill -$signal $!
		status=0
		wait $! || status=$?
		[ "$status" = "$([ $signal = INT ] && echo 130 || echo 75)" ]
		[ "$(cat cancelled)" = 1 ]
		[ -e saved ]
		rm started
		nothing_left
	done
}

@test "the examples of the page" {
	examples lt-slurm
}

@test "wrong options are refused" {
	refuses 2 "--poll: expected a number of seconds, found 'soon'" lt-slurm --poll soon lt-train
	refuses 2 "--follow: expected a whole number, found '-1'" lt-slurm --follow=-1 lt-train
	refuses 2 '--linger: expected a value' lt-slurm --linger
	refuses 2 'expected a program of lt' lt-slurm -p main
	refuses 74 'no/where: expected a folder' lt-slurm --folder no/where lt-train
	refuses 2 "--folder: expected a folder, found ''" lt-slurm --folder= lt-train
	[ "$(lt-slurm --version)" = "$(lt-info --version | sed 's/lt-info/lt-slurm/')" ]
}
