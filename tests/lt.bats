#!/usr/bin/env bats
load common

# A workflow in a few lines: data, and for each seed and search four stages.
setup() {
	lt_setup
	mkdir flows
	cp "$ROOT/pipelines/alone.sh" flows
	cat >flows/run.mk <<-'END'
	# run.mk: the workflows from several seeds.
	here := $(dir $(lastword $(MAKEFILE_LIST)))
	include $(here)set.mk
	SEARCHES ?= one#	[names]
	SEEDS ?= 1#	[wholes]
	searches := $(foreach s,$(SEEDS),$(SEARCHES:%=s$s/%))
	.PHONY: $(searches) checked report
	all: $(searches)
	$(OUT)/t.data:
	>$(make_folder)lt-data synth -q -o $@ --count $(COUNT) --classes 4 --shape 1x8x8
	$(searches): s%: $(OUT)/t.data
	>+@$(MAKE) --no-print-directory -f $(or $(wildcard $(@F).mk),$(here)$(@F).mk) \
	>	NET='net' SEED=$(*D) SEARCH=$(@F)
	checked:
	>@case '$(COUNT)' in 13) echo 'COUNT: 13 are too few' >&2; exit 2 ;; esac
	report: all
	>@echo report of $(SEARCHES), $(COUNT) images >$(OUT)/README.md
	END
	cat >flows/set.mk <<-'END'
	.RECIPEPREFIX = >
	## How to run
	OUT ?= runs#	[path] the folder
	COUNT ?= 100#	[whole >0] images
	EPOCHS ?= 3#	[whole >0]
	LR ?= 0.1#	[real >0]
	V ?= 1#	[0 or 1]
	.DELETE_ON_ERROR:
	dry := $(findstring n,$(firstword -$(MAKEFLAGS)))
	make_folder = $(if $(dry),,@mkdir -p $(@D); )
	END
	cat >flows/one.mk <<-'END'
	# one: one training of a network (Nobody et al. 2020), and one mask.  There is
	# more to say.
	#
	#	lt run one COUNT=100
	include $(dir $(lastword $(MAKEFILE_LIST)))set.mk
	RATE ?= 0.5#	[real >0 <1] removed
	P := $(OUT)/s$(SEED)/$(SEARCH)
	all: $P/test.tsv $P/m.mask
	$P/0.st:
	>$(make_folder)lt-init -q --seed $(SEED) resnet8-demo --classes 4 --input 1x8x8 -o $@
	$P/last.st: $P/0.st
	>$(if $(dry),,@LT_LABEL='s$(SEED) $(SEARCH)' )lt-train --data $(OUT)/t.data $< \
	>	--log $P/log.tsv --epochs $(EPOCHS) --lr $(LR) --threads 1 -o $@
	$P/m.mask: $P/last.st
	>$(if $(dry),,@)lt-prune -q -r $(RATE) -o $@ $<
	$P/test.tsv: $P/last.st
	>$(if $(dry),,@)lt-eval -q --data $(OUT)/t.data -o $@ $<
	END
	sed 's/one/two/g' flows/one.mk >flows/two.mk
	export LT_PIPELINES=$PWD/flows
}

# counts [OUT=FOLDER]: seed, search, stages, done, running, to do.
counts() {
	lt status --tsv "$@" | cut -f 2-7 | tail -n +2 | tr '\t' ' '
}

# on_terminal TEXT KEY COMMAND...: run it on a terminal and, once it has printed
# TEXT, type KEY, or send the signal KEY to it.  Its output, and "status N".
on_terminal() {
	python3 - "$@" <<-'END'
	import os, pty, signal, sys
	want, key = sys.argv[1].encode(), sys.argv[2]
	pid, fd = pty.fork()
	if pid == 0:
	    os.execvp(sys.argv[3], sys.argv[3:])
	seen, sent = b"", not want
	while True:
	    try:
	        data = os.read(fd, 4096)
	    except OSError:
	        break
	    if not data:
	        break
	    seen += data
	    if not sent and want in seen:
	        sent = True
	        if key.startswith("SIG"):
	            os.kill(pid, getattr(signal, key))
	        else:
	            os.write(fd, b"\x03")
	status = os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
	sys.stdout.write(seen.decode().replace("\r\n", "\n"))
	print("\nstatus", status)
	END
}

@test "workflows run from several seeds, and are remembered" {
	lt run one two SEEDS='1 2' COUNT=60 LR=0.05 -j2 2>said
	[ "$(ls runs/s2)" = $'one\ntwo' ]
	same runs/s1/one/last.st runs/s1/two/last.st
	diff - runs/run.tsv <<-'END'
	setting	value
	SEEDS	1 2
	COUNT	60
	LR	0.05
	SEARCHES	one two
	V	0
	END
	# Each line of a training says where it is from.
	[ "$(cut -d : -f 1 said | sort | uniq -c | xargs)" = '3 s1 one 3 s1 two 3 s2 one 3 s2 two' ]
	counts | diff - <(printf '%s\n' '- data 1 1 0 0' '1 one 4 4 0 0' '1 two 4 4 0 0' \
		'2 one 4 4 0 0' '2 two 4 4 0 0')
	[ "$(lt status --tsv | cut -f 1 | sort -u | xargs)" = '- net network' ]
	[ "$(lt report)" = runs/README.md ]
	[ "$(<runs/README.md)" = 'report of one two, 60 images' ]
	# Again, without a name: nothing is left; then one more seed.
	cp runs/s1/one/last.st before
	[ -z "$(lt run 2>&1)" ]
	lt run SEEDS='1 2 3' 2>said
	[ "$(cut -d : -f 1 said | sort -u | xargs)" = 's3 one s3 two' ]
	grep -x $'SEEDS\t1 2 3' runs/run.tsv
	grep -x $'LR\t0.05' runs/run.tsv
	cmp before runs/s1/one/last.st
}

@test "what a makefile refuses leaves OUT as it was" {
	run ! lt run one COUNT=13
	[ "${lines[0]}" = 'COUNT: 13 are too few' ]
	[ ! -e runs ]
	lt run one COUNT=60 2>/dev/null
	cp runs/run.tsv before
	run ! lt run COUNT=13
	cmp before runs/run.tsv
	[ -z "$(lt run 2>&1)" ]
}

@test "what is to do is counted by seed and search" {
	lt run -n one SEEDS='1 2' >plan
	[ "$(grep -c '^lt-' plan)" = 9 ]
	[ ! -e runs ]
	run -2 lt status
	[[ $output == 'lt: runs/run.tsv: expected what "lt run" leaves in OUT; '* ]]
	lt run one OUT=my/runs 2>/dev/null
	[ ! -e runs ]
	rm my/runs/s1/one/m.mask
	counts OUT=my/runs | diff - <(printf '%s\n' '- data 1 1 0 0' '1 one 4 3 0 1')
	rm my/runs/s1/one/last.st
	counts OUT=my/runs | diff - <(printf '%s\n' '- data 1 1 0 0' '1 one 4 1 0 3')
	lt status OUT=my/runs | head -n 1 | grep -x 'network  *seed  search  *stages  *done  *running  *to do  *spent  *left'
	lt status OUT=my/runs | tail -n 1 | grep -x 'all  *5  *2  *0  *3 .*'
}

@test "times come from the tables beside logs, and say how long the rest takes" {
	lt run one SEEDS='1 2' 2>/dev/null
	# Trainings of 100 s and of 50 s; a third that has run for 2 of 3 epochs.
	printf 'epoch\tseconds\n1\t40\n2\t60\n' >runs/s1/one/log.time.tsv
	printf 'epoch\tseconds\n1\t50\n' >runs/s2/one/log.time.tsv
	lt status --tsv | cut -f 2,3,8,9 | diff - <(printf '%s\n' $'seed\tsearch\tspent\tleft' \
		$'-\tdata\t0\t0' $'1\tone\t100\t0' $'2\tone\t50\t0')
	sed -i 's/1 2/1 2 3/' runs/run.tsv
	mkdir runs/s3 runs/s3/one
	lt-init -q --seed 3 resnet8-demo --classes 4 --input 1x8x8 -o runs/s3/one/0.st
	lt status --tsv | tail -n 1 | cut -f 2-9 | grep -x $'3\tone\t4\t1\t0\t3\t0\t75'
	printf 'epoch\tseconds\n1\t20\n2\t25\n' >runs/s3/one/.log.time.tsv.part
	lt status --tsv | tail -n 1 | cut -f 2-9 | grep -x $'3\tone\t4\t1\t0\t3\t45\t30'
	lt status | tail -n 1 | grep -x 'all  *13  *10  *0  *3  *3:15  *0:30'
	# Without a training that ended its own epochs count: 3 x 22.5 s.
	rm runs/s1/one/log.time.tsv runs/s2/one/log.time.tsv
	lt status --tsv | tail -n 1 | cut -f 8,9 | grep -x $'45\t2[23]'
	rm runs/s3/one/.log.time.tsv.part
	lt status --tsv | tail -n 1 | cut -f 8,9 | grep -x $'0\tNaN'
	lt status | tail -n 1 | grep -x 'all .* -'
}

@test "a stage that another process makes is running" {
	command -v flock >/dev/null || skip 'flock is not installed'
	lt run one 2>/dev/null
	rm runs/s1/one/last.st
	mkfifo go
	flock runs/s1/one/.log.tsv.part cat go 3>&- &
	until ! flock -n runs/s1/one/.log.tsv.part true; do sleep 0.05; done
	counts | grep -x '1 one 4 1 1 2'
	lt status | tail -n 1 | grep -x 'running: lt-train runs/s1/one/last.st'
	echo >go
	wait
	# The part of a process that was killed.
	[ -e runs/s1/one/.log.tsv.part ]
	counts | grep -x '1 one 4 1 0 3'
}

@test "an error of a stage is make's, and -k goes on with the others" {
	sed -i 's/-r $(RATE)/-r 7/' flows/one.mk
	run -2 lt run one two
	[ ! -e runs/s1/two ]
	[[ $output == *'lt-prune: '* ]]
	run -2 lt run one two -k
	[ -e runs/s1/two/m.mask ]
	counts | grep -x '1 one 4 3 0 1'
}

@test "a terminal has one line on all of it, at the bottom" {
	need python3
	on_terminal '' '' lt run one two SEEDS='1 2' -j2 COUNT=500 >said
	[ "$(tail -n 1 said)" = 'status 0' ]
	# Lines of the trainings, each whole; between them the one that is overwritten.
	tr '\r' '\n' <said | sed 's/\x1b\[K//' | grep -v '^$' >lines
	[ "$(grep -c '^s[12] \(one\|two\): epoch [1-3]/3  ' lines)" = 12 ]
	[ "$(grep -vcE '^s[12] (one|two): epoch |^[0-9]+ of 17 stages(, [0-9]+:[0-9][0-9] left)?$|^status 0$' lines)" = 0 ]
	grep -qE '^[0-9]+ of 17 stages, 0:[0-9][0-9] left$' lines
	# It only rises, and nothing of it is left.
	grep ' of 17 stages' lines | cut -d ' ' -f 1 | sort -nc
	[[ $(<said) == *$'stages, 0:00 left\r\r\e[K\nstatus 0' ]]
	# No colour, with NO_COLOR and without.
	run -1 grep $'\e\\[[0-9;]*m' said
}

@test "Ctrl-C and a signal end the programs, and run goes on" {
	local key seen
	need python3
	lt run one OUT=want COUNT=3000 EPOCHS=6 2>/dev/null
	for key in ctrl-c SIGTERM SIGHUP; do
		seen=2
		[ $key = ctrl-c ] || seen=4
		[ $key != SIGHUP ] || seen=5
		on_terminal "epoch $seen/" $key lt run one COUNT=3000 EPOCHS=6 >said
		[ "$(tail -n 1 said)" = 'status 75' ]
		grep -q 'lt: stopped; "lt run OUT=runs" goes on from here' said
		[ ! -e runs/s1/one/last.st ]
		# No process holds the lock of its log.
		! command -v flock >/dev/null || flock -n runs/s1/one/.log.tsv.part true
		counts | grep -x '1 one 4 1 0 3'
		# It went on where it was.
		[ $key = ctrl-c ] || run -1 grep 'epoch 1/' said
	done
	lt run 2>/dev/null
	same want/s1/one/last.st runs/s1/one/last.st
	[ -z "$(find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'lt-??????' -newer flows/run.mk -user "$(id -u)" -empty)" ]
}

@test "a signal reaches the programs of a workflow, and they save their states" {
	unset LT_PIPELINES
	lt run imp DATA=synth SYNTH='--classes 4 --shape 1x8x8' SYNTH_TRAIN=3000 SYNTH_TEST=50 \
		ARCH=resnet8-demo EPOCHS=500 ROUNDS=1 2>said >/dev/null 3>&- &
	until grep -q 'epoch 2/' said; do sleep 0.05; done
	kill $!
	status=0
	wait $! || status=$?
	[ "$status" = 143 ]
	grep 'resnet8-demo s1 dense: lt-train: .* state saved; ' said
	[ -e runs/synth/resnet8-demo/s1/dense/.last.safetensors.state ]
	[ -z "$(find runs -name '*.lock.part')" ]
}

@test "workflows of the working folder come first, and may include others" {
	printf '%s\n' '# mine.mk: mine.' 'EPOCHS ?= 1' 'include one.mk' >mine.mk
	lt list | diff - <(printf '%-20s %s\n' mine mine one 'one training of a network' \
		two 'two training of a network')
	lt run mine 2>said
	[ "$(cut -d ' ' -f 1-4 said)" = 's1 mine: epoch 1/1' ]
	lt settings mine one-more one-more.LR=2 2>said && false
	grep 'lt-settings: one-more.LR: LR is one setting for all' said
	lt settings mine | grep -x '  EPOCHS=1  *\[whole >0\]'
	lt settings mine EPOCHS=4 | grep -x '  EPOCHS=4  *\[whole >0\] (default: 1)'
	lt settings one-more | grep -x '  RATE=0.5  *removed \[real >0 <1\]'
	lt help one-more | head -n 2 | grep -x 'more to say.'
	lt help mine | grep -x 'Settings: lt settings mine'
}

@test "a wrong command line is refused with one line and a hint" {
	local bad
	for bad in 'frob|expected run, plan, status, report, settings, list, help or doctor, found '\''frob'\' \
		'run -x|run does not take the option '\''-x'\' 'status one|status: expected NAME=VALUE, found '\''one'\' \
		'status -k|status does not take the option' 'list --tsv|list does not take the option' \
		'settings|settings: expected a workflow'; do
		run -2 --separate-stderr lt ${bad%|*}
		[ -z "$output" ]
		[[ ${stderr_lines[0]} == "lt: ${bad#*|}"* ]]
		[ "${stderr_lines[1]}" = "Try 'lt --help'." ]
	done
	run -2 lt run none
	[ "$output" = 'lt: none: no such workflow; "lt list" lists them' ]
	run -2 lt help none-such
	[ "$output" = 'lt: none-such: no such workflow; "lt list" lists them' ]
	run -2 lt run one LR=$'1\n2'
	[ "$output" = 'lt: LR: expected a value of one line without tabs' ]
	LT_PIPELINES='' lt --help | grep -q '^Usage: lt run '
	[ "$(lt --version)" = "lt ${BATS_TEST_VERSION:-$(lt-settings --version | cut -d ' ' -f 2)}" ]
	run -2 lt
	[[ $output == 'Usage: lt run '* ]]
	[ ! -e runs ]
}

@test "folders with blanks, values with quotes and other shells do" {
	local sh
	mkdir 'my own'
	cd 'my own'
	lt run one LR=0.1 OUT=./r 2>/dev/null
	counts OUT=./r | grep -x '1 one 4 4 0 0'
	cd ..
	mkdir 'a b'
	cp -r flows 'a b'
	LT_PIPELINES=$PWD/'a b/flows' run -74 lt run one
	[[ $output == *'make cannot read makefiles from a folder whose name has a blank' ]]
	ln -s "$BUILD/lt" mine
	ln -s mine other
	for sh in '' dash bash 'busybox sh'; do
		[ -z "$sh" ] || command -v ${sh%% *} >/dev/null || continue
		rm -rf runs
		$sh ./other run one EPOCHS=1 2>/dev/null
		$sh ./other status | tail -n 1 | grep -x 'all  *5  *5  *0  *0 .*'
	done
}

@test "every workflow has a description and settings with types" {
	local name text n=0
	unset LT_PIPELINES
	while read -r name text; do
		n=$((n + 1))
		[ "$text" ]
		lt help "$name" | grep -q .
		run -1 grep -E '^  [A-Z_0-9]+=' <(lt settings "$name" | grep -v '\[.*\]')
	done < <(lt list)
	[ "$n" -gt 10 ]
	lt list | grep '^prac-cet  *PrAC without the samples that are critical for pruning$'
}

# doctor WORD...: the state of each of these lines of lt doctor, in found.
doctor() {
	local w
	status=0
	PATH=$PWD/bin:$PATH lt doctor >found || status=$?
	for w; do awk -v w="$w" '$2 == w { print $1 }' found; done | xargs
}

@test "lt doctor: what works here, and what installs what is missing" {
	local p
	unset LT_PIPELINES
	mkdir bin
	[ "$(doctor make programs kernels threads rename space)" = 'ok ok ok ok ok ok' ]
	[ "$(PATH=$PATH:bin lt doctor | grep -c .)" -ge 11 ]
	lt doctor >/dev/null
	# The kernels in use; the others that run here, ref first; and what the rest lacks.
	p=$(lt-info --cpu | sed -n 's/^kernels	//p')
	awk '$2 == "kernels"' found | sed 's/; not /\n&/g' >kernels
	head -n 1 kernels | grep -qE "^ok +kernels +$p; the same bytes by( ref| tiles)"
	[ "$(sed -n 's/^; not \([a-z0-9]*\): the .*/\1/p' kernels | xargs)" = \
		"$(lt-info --cpu | awk -F '\t' '$2 == 0 { print $1 }' | xargs)" ]
	rm kernels
	[ "$(ls -A)" = $'bin\nflows\nfound' ]
	for p in gnuplot make cc; do
		printf '#!/bin/sh\nexit 1\n' >bin/$p
		chmod +x bin/$p
	done
	[ "$(doctor make gnuplot compiler)" = 'missing missing missing' ]
	[ "$(CONDA_PREFIX=/opt doctor make)" = missing ]
	CONDA_PREFIX=/opt PATH=$PWD/bin:$PATH run -1 lt doctor
	[[ $output == *'missing  gnuplot '*'; conda install -c conda-forge gnuplot'* ]]
	run -74 lt doctor none
	[ "$output" = 'lt: none: expected a folder that can be written' ]
	run -2 lt doctor a b
	[ "${lines[0]}" = 'lt: doctor: expected one folder, found 2 operands' ]
}

@test "lt doctor finds kernels and threads that compute something else" {
	unset LT_PIPELINES
	mkdir bin
	# The last operand but one is the output.
	cat >bin/lt-train <<-'END'
	#!/bin/sh
	"$BUILD/lt-train" "$@" || exit
	for a; do out=$last last=$a; done
	[ "${LT_KERN-}" != "$WRONG" ] || echo x >>"$out"
	END
	chmod +x bin/lt-train
	export WRONG=ref
	if [ "$(lt doctor | awk '$2 == "kernels" { print $3 }')" != ref ]; then
		[ "$(doctor kernels rename)" = 'fails ok' ]
	fi
	export WRONG=
	[ "$(doctor kernels threads)" = 'ok fails' ]
	PATH=$PWD/bin:$PATH run -1 lt doctor
}

@test "the examples of the page do what they say" {
	unset LT_PIPELINES
	examples lt
}
