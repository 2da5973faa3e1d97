#!/usr/bin/env bats
# Settings of the workflows: each has a type, and a wrong one is refused before
# anything is made or read.
# Quick: not run, for it tests makefiles and awk.
load common

setup() { cd "$BATS_TEST_TMPDIR" || return 1; }

# plan FILE ARGUMENT...: what make would do, on a set that is made up.
plan() {
	local file=$1
	shift
	make -n -f "$ROOT/pipelines/$file.mk" DATA=synth "$@"
}

# Lines FILE|ARGUMENT|MESSAGE: make ends with 2 and one line, which ends so.
refused() {
	local file argument want bad=
	while IFS='|' read -r file argument want; do
		run plan "$file" "$argument"
		[ "$status" = 2 ] && [ "${#lines[@]}" = 1 ] && [[ $output == *"*** $want.  Stop." ]] ||
			bad+="$file.mk $argument: $status $output"$'\n'
	done
	[ -z "$bad" ] || { echo "$bad" >&2; false; }
	[ -z "$(ls)" ]
}

@test "an unknown setting is refused, with the nearest one" {
	refused <<-'END'
		prac|EPOCH=5|EPOCH: no such setting; did you mean EPOCHS?
		prac|LRATE=0.1|LRATE: no such setting; did you mean RATE?
		imp|epochs=5|epochs: no such setting; did you mean EPOCHS?
		imp|WIEGHT_DECAY=0|WIEGHT_DECAY: no such setting; did you mean WEIGHT_DECAY?
		imp|methods=x|methods: no such setting; "make -f MAKEFILE help" lists them
		imp|BANANA=5|BANANA: no such setting; "make -f MAKEFILE help" lists them
		prac|prac.TRESHOLD=1|prac.TRESHOLD: no such setting; did you mean prac.THRESHOLD?
		transfer|SOURCE_SETTINGS=EPOCHS=2 LRATE=1|SOURCE_SETTINGS: LRATE: no such setting; did you mean RATE?
	END
}

@test "a setting that does nothing is refused" {
	refused <<-'END'
		imp|THRESHOLD=1|THRESHOLD: this is a setting of prac.mk, which is not among the makefiles
		prac|EB_EPS=0.1|EB_EPS: this is a setting of earlybird.mk, which is not among the makefiles
		prac|t2.THRESHOLD=1|t2.THRESHOLD: expected one of these before the point: prac
		prac|prac.ROUNDS=2|prac.ROUNDS: ROUNDS is one setting for all
		grid|s2.DIAGONAL=1|s2.DIAGONAL: expected one of these before the point: s1
		search|wide.TRAIN=5|wide.TRAIN: expected one of these before the point: efficientnet_b0 lenet5 mobilenetv1 pnasnet_a pnasnet_b resnet18 resnet32
		search|lenet5.REWIND=1|lenet5.REWIND: this setting does nothing here
		search|lenet5.THRESHOLD=2|lenet5.THRESHOLD: this is a setting of prac.mk, which is not among the makefiles
		search|REWIND=1|REWIND: this setting does nothing here
		wallclock|STOP=0|STOP: this setting does nothing here
		prac|TICKETS=1 16|TICKETS=1 16: expected rounds from 1 to ROUNDS=15, found 16
		imp|EPOCH_MASKS=0 16|EPOCH_MASKS=0 16: expected rounds from 0 to ROUNDS=15, found 16
	END
}

@test "a value of the wrong type is refused" {
	refused <<-'END'
		imp|NESTEROV=true|NESTEROV=true: expected one of: 0 1
		imp|SCHEDULE=contine|SCHEDULE=contine: expected one of: restart continue; did you mean continue?
		imp|REWIND=5%|REWIND=5%: expected one of: end; or epochs, or iterations such as 500i
		imp|ROUNDS=0|ROUNDS=0: expected a whole number above 0 and at most 99
		imp|ROUNDS=3.5|ROUNDS=3.5: expected a whole number above 0 and at most 99
		imp|ROUNDS=1e3|ROUNDS=1e3: expected a whole number above 0 and at most 99
		imp|ROUNDS=|ROUNDS=: expected a whole number above 0 and at most 99
		imp|EPOCHS=5 6|EPOCHS=5 6: expected a whole number above 0
		imp|EPOCHS=-5|EPOCHS=-5: expected a whole number above 0
		imp|RATE=1|RATE=1: expected a number above 0 and below 1
		imp|RATE=20%|RATE=20%: expected a number above 0 and below 1
		imp|LR=0|LR=0: expected a number above 0
		imp|MILESTONES=91 136|MILESTONES=91 136: expected epochs with commas between them
		imp|SEEDS=1,2|SEEDS=1,2: expected whole numbers
		imp|SAVE_EPOCHS=every|SAVE_EPOCHS=every: expected one of: all; or whole numbers above 0
		prac|TICKETS=0 1|TICKETS=0 1: expected one of: all; or whole numbers above 0
		prac|prac.STOP=2|prac.STOP=2: expected one of: 0 1
		gradual|WINDOWS=25:75|WINDOWS=25:75: expected windows FIRST-LAST, or names
		gradual|mine.PRUNINGS=3|mine.PRUNINGS=3: expected EPOCH:SPARSITY ...
		imp|ENVIRONMENT=SED|ENVIRONMENT=SED: expected names of settings
		transfer|SOURCE_SETTINGS=LR=x|SOURCE_SETTINGS: LR=x: expected a number above 0
		imp|DATASET=..|DATASET=..: expected a name (letters, digits and ._+-)
		imp|DATA=..|DATASET=..: expected a name
		imp|NET=../../x|NET=../../x: expected a name
		imp|NET=vgg11|NET=vgg11: NET is the name in the paths and chooses no network; expected ARCH, which is resnet20
	END
}

@test "a path with a character of make or of the shell is never run nor written to" {
	local c name bad=
	for c in ' ' '&' ';' '(' ')' '#' '%' '$' ':' "'" '"' '`' '|' '<' '>' '*' '\' '~' '=' ',' $'\n' $'\t'; do
		for name in DATA OUT ARCH DATASET NET PACK PROXY; do
			[ "$name$c" != 'PACK ' ] && [[ $name$c != PACK[%:~=,] ]] || continue
			run plan prac "$name=${c}touch${c}found${c}"
			[ "$status" = 2 ] && [[ $output == *"*** $name"*': expected '*'.  Stop.' ]] ||
				bad+="$name with '$c': $output"$'\n'
		done
	done
	run plan prac 'OUT=$(shell touch found)'
	[ "$status" = 2 ]
	[ -z "$bad" ] || { echo "$bad" >&2; false; }
	[ -z "$(ls)" ]
	# What is not special works.
	plan prac DATASET=Ümläut.1_a+b-c OUT=./a@b/é >/dev/null
}

@test "every setting of every workflow has a type, and help prints it" {
	local name type bad=
	cd "$ROOT/pipelines" || return 1
	# Declared in one place alone.
	grep -hoE '^[A-Z][A-Z0-9_]* [?]=.*#'$'\t''\[[^]]+\]' ./*.mk ./*/*.mk | cut -d ' ' -f 1 | sort >"$BATS_TEST_TMPDIR/typed"
	grep -hoE '^[A-Z][A-Z0-9_]* [?]=' ./*.mk ./*/*.mk | cut -d ' ' -f 1 | sort -u |
		diff - <(sort -u "$BATS_TEST_TMPDIR/typed")
	uniq -d "$BATS_TEST_TMPDIR/typed" | diff /dev/null -
	make -s -f prac.mk help | grep -F 'SCHEDULE=restart' | grep -F '[restart or continue]'
	[ "$(make -s -f prac.mk -f report.mk help | grep -E '^  [A-Z0-9_]+=' | grep -cv '\[.*\]$')" = 0 ]
}

@test "the criteria are those that lt-prune has, whatever they are" {
	local want
	want=$(lt-prune --list-methods | cut -f 1 | tail -n +2 | paste -sd ' ')
	run plan prac CRITERION=grap DATA=synth
	[[ $output == *"CRITERION=grap: expected one of: $want; did you mean grasp?"* ]]
	# What another list says is done, without an edit of a makefile.
	mkdir bin
	cat >bin/lt-prune <<-'END'
	#!/bin/sh
	printf 'method\tsteps\tdata\tgradients\nplain\t1\t0\t0\nheavy\t1\t0\t1\nsampled\t9\t1\t1\n'
	END
	chmod +x bin/lt-prune
	PATH=$PWD/bin:$PATH
	run plan prac CRITERION=snip
	[[ $output == *"CRITERION=snip: expected one of: plain heavy sampled."* ]]
	plan prac CRITERION=plain ROUNDS=1 | grep 'method plain' >said
	[[ $(<said) != *--data* && $(<said) != *--cost* ]]
	plan prac CRITERION=heavy ROUNDS=1 | grep 'method heavy' >said
	[[ $(<said) != *--data* && $(<said) == *--cost* ]]
	plan prac CRITERION=sampled ROUNDS=1 | grep 'method sampled' >said
	[[ $(<said) == *'--samples-per-class 10'* && $(<said) == *--cost* ]]
}

@test "the environment gives no settings, unless it is told to by name" {
	plan imp ROUNDS=2 >want
	env SEED=7 EPOCHS=3 RATE=0.5 OUT=elsewhere THREADS=3 LAUNCH=false V=0 NET=x SETTING=low \
		methods=x m=x common=x rounds=x d=x cells=x dense_cuts=2 given=x quiet=x \
		make -n -f "$ROOT/pipelines/imp.mk" DATA=synth ROUNDS=2 | diff want -
	EPOCHS=3 SEED=7 plan imp ROUNDS=2 ENVIRONMENT='SEED OUT' >seven
	plan imp ROUNDS=2 SEED=7 | diff - seven
	run -1 diff -q want seven
	# Those are checked, and the command line goes before them.
	SEED=x run -2 plan imp ENVIRONMENT=SEED
	[[ $output == *'SEED=x: expected a whole number'* ]]
	SEED=x plan imp ROUNDS=2 ENVIRONMENT=SEED SEED=7 | diff - seven
	# A make that another one starts gets them, too.
	THREADS=5 plan search NETWORKS=lenet5 ENVIRONMENT=THREADS | grep -e '--threads' >threads
	run -1 grep -v -e '--threads 5' threads
	THREADS=5 plan search NETWORKS=lenet5 | grep -e '--threads' >threads
	run -1 grep -v -e '--threads 1' threads
}

@test "an optimizer and label smoothing reach trainings and their stamp" {
	plan imp OPTIMIZER=adamw BETA1=0.8 EPS=1e-6 LABEL_SMOOTHING=0.1 |
		grep -e '--batch 128 --optimizer adamw --beta1 0.8 --beta2 0.999 --eps 1e-6 --weight-decay 1e-4 --label-smoothing 0.1 --augment'
	plan imp | grep -e '--batch 128 --momentum 0.9 --weight-decay 1e-4 --augment'
	plan imp OPTIMIZER=adam | grep -e '--lr 0.001 '
	plan imp OPTIMIZER=adam LR=0.002 | grep -e '--lr 0.002 '
	run -2 plan weights OPTIMIZER=adam
	[[ $output == *'weights.mk knows sgd alone'* ]]
	# What sgd made before there was another one stays up to date.
	local stamp=runs/synth/resnet20/s1/settings/train
	make -s -f "$ROOT/pipelines/imp.mk" DATA=synth $stamp
	run -1 grep -e OPTIMIZER -e SMOOTHING $stamp
	make -s -f "$ROOT/pipelines/imp.mk" DATA=synth OPTIMIZER=adam LABEL_SMOOTHING=0.1 $stamp
	grep ' OPTIMIZER=adam BETA1=0.9 BETA2=0.999 EPS=1e-8 LABEL_SMOOTHING=0.1$' $stamp
}

@test "settings of makefiles that include a workflow are checked" {
	printf '%s\n' 'EPOCHS := five' "include $ROOT/pipelines/imp.mk" >mine.mk
	run -2 make -n -f mine.mk DATA=synth
	[[ $output == *'EPOCHS=five: expected a whole number above 0'* ]]
	sed -i 's/five/5/' mine.mk
	make -n -f mine.mk DATA=synth ROUNDS=1 | grep -e '--epochs 5'
}

@test "POSIXLY_CORRECT changes nothing" {
	POSIXLY_CORRECT=1 lt-init resnet8-demo -q --classes 4 --input 1x8x8 --init default -o a
	lt-init -q --classes 4 --input 1x8x8 --init default -o b resnet8-demo
	cmp a b
	printf '%s\n' 'net small' 'input 1 8 8' 'fc = linear input 4 bias' 'output fc' >small.net
	for f in plain posix; do
		[ $f = plain ] || export POSIXLY_CORRECT=1
		make -s -f "$ROOT/pipelines/prac.mk" -f "$ROOT/pipelines/report.mk" OUT=$f DATA=synth V=0 \
			SYNTH='--classes 4 --shape 1x8x8' SYNTH_TRAIN=200 SYNTH_TEST=50 VAL=40 \
			ARCH=small.net EPOCHS=2 MILESTONES=1 ROUNDS=2 STOP=0 all report >/dev/null 2>&1
	done
	diff -r -x '*.time.*' -x '.*' -x 'seconds*' -x '*.html' plain posix
}

@test "the demo with fewer rounds retrains the tickets that there are" {
	make -n -f "$ROOT/pipelines/demo.mk" ROUNDS=3 CC=cc DEVELOPER=1 OUT=demo V=1 >demo.plan
	grep -q -e '-o demo/.*/prac/02/ticket/last' demo.plan
	run -1 grep -e '-o demo/.*/prac/0[1346]/ticket/last' demo.plan
	run -2 make -n -f "$ROOT/pipelines/demo.mk" ROUNDS=3 TICKETS=4
	[[ $output == *'TICKETS=4: expected rounds from 1 to ROUNDS=3, found 4'* ]]
}
