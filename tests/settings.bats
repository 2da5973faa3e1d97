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

# Lines FILE|ARGUMENT|MESSAGE: make ends with 2 and one line, which ends so.  What
# lt-settings.bats has of values is not repeated here.
refused() {
	local file argument want bad=
	while IFS='|' read -r file argument want; do
		run plan "$file" "$argument"
		[ "$status" = 2 ] && [ "${#lines[@]}" = 1 ] && [[ $output == *"*** $want.  Stop." ]] ||
			bad+="$file.mk $argument: $status ${output:0:300}"$'\n'
	done
	[ -z "$bad" ] || { echo "$bad" >&2; false; }
	[ -z "$(ls)" ]
}

@test "an unknown setting is refused, with the nearest one" {
	refused <<-'END'
		prac|EPOCH=5|EPOCH: no such setting; did you mean EPOCHS?
		run|EPOCH=5|EPOCH: no such setting; did you mean EPOCHS?
		prac|LRATE=0.1|LRATE: no such setting; did you mean LR?
		imp|epochs=5|epochs: no such setting; did you mean EPOCHS?
		imp|WIEGHT_DECAY=0|WIEGHT_DECAY: no such setting; did you mean WEIGHT_DECAY?
		imp|methods=x|methods: no such setting; "lt settings" and "make -f MAKEFILE help" list them
		imp|BANANA=5|BANANA: no such setting; "lt settings" and "make -f MAKEFILE help" list them
		prac|prac.TRESHOLD=1|prac.TRESHOLD: no such setting; did you mean prac.THRESHOLD?
		transfer|SOURCE_SETTINGS=EPOCHS=2 LRATE=1|SOURCE_SETTINGS: LRATE: no such setting; did you mean LR?
	END
}

@test "a setting that has no effect is refused" {
	refused <<-'END'
		imp|THRESHOLD=1|THRESHOLD: this is a setting of prac.mk, which is not among the makefiles
		prac|EB_EPS=0.1|EB_EPS: this is a setting of earlybird-settings.mk, which is not among the makefiles
		run|EB_EPS=0.1|EB_EPS: this is a setting of earlybird-settings.mk, which is not among the makefiles
		prac|t2.THRESHOLD=1|t2.THRESHOLD: expected one of these before the point: prac
		prac|prac.ROUNDS=2|prac.ROUNDS: ROUNDS is one setting for all
		wallclock|STOP=0|STOP: this setting does nothing here
		prac|TICKETS=1 16|TICKETS=1 16: expected one of: all; or whole numbers above 0 and at most ROUNDS=15
		imp|EPOCH_MASKS=0 16|EPOCH_MASKS=0 16: expected whole numbers at most ROUNDS=15
		imp|MILESTONES=5,183|MILESTONES=5,183: expected epochs in rising order with commas between them at most EPOCHS=182
	END
}

@test "lt refuses parts of workflows and networks that do not exist, and makes nothing" {
	# refuses LINE ARGUMENT...
	refuses() {
		run -2 lt run "${@:2}" DATA=synth
		[[ ${lines[0]} == *"$1" ]] || { echo "$output" >&2; false; }
		[ -z "$(ls)" ]
	}
	refuses '*** SEARCHES: seed: a part of workflows, and none itself.  Stop.' imp seed
	refuses "lt-init: no built-in network 'mynet'; lt-init lists them; a net text file needs \
a '/' or ends in .net" imp ARCH=mynet
	refuses 'lt-init: mine.net: No such file or directory' imp NETWORKS='resnet20 mine.net'
	refuses "*** MASK_EPOCHS: the dense run keeps no weights after epoch 10: EPOCHS=4 \
SAVE_EPOCHS=all.  Stop." grid EPOCHS=4 MILESTONES=3
}

@test "a search and a seed that are named twice are run once" {
	lt run -n imp DATA=synth SEEDS='1 2' ROUNDS=2 >once
	lt run -n imp imp DATA=synth SEEDS='1 2 1' ROUNDS=2 >twice 2>said
	[ ! -s said ]
	diff <(grep '^lt-' once) <(grep '^lt-' twice)
}

@test "a setting of a search, a seed or a network must be of use to it" {
	front() {
		run -2 make -n -f "$ROOT/pipelines/run.mk" DATA=synth "${@:2}"
		[[ ${lines[0]} == *"*** $1.  Stop." ]] ||
			{ echo "${lines[0]}" >&2; return 1; }
	}
	front 'imp.THRESHOLD: this is a setting of prac.mk, which imp.mk does not read' \
		SEARCHES='imp prac' imp.THRESHOLD=1
	front 'mine.THRESHOLD: expected one of these before the point: imp prac' \
		SEARCHES='imp prac' mine.THRESHOLD=1
	front 's2.DIAGONAL: expected one of these before the point: s1 s3' \
		SEARCHES=grid SEEDS='1 3' s2.DIAGONAL=1
	front 'wide.TRAIN: expected one of these before the point: lenet5 resnet18' \
		SEARCHES=search NETWORKS='lenet5 resnet18' wide.TRAIN=5
	front 'lenet5.REWIND: this setting does nothing here' SEARCHES=search lenet5.REWIND=1
	front 'REWIND: this setting does nothing here' SEARCHES=search REWIND=1
	front 'lenet5.THRESHOLD: this is a setting of prac.mk, which is not among the makefiles' \
		SEARCHES=search lenet5.THRESHOLD=2
	front 'SEARCHES: frob-x: no such workflow' SEARCHES='prac frob-x'
	make -n -f "$ROOT/pipelines/run.mk" DATA=synth SEARCHES='imp prac-mine grid' SEEDS='1 3' \
		prac-mine.THRESHOLD=2 s3.DIAGONAL=1 >plan
	grep -q -e '-t 2 .*prac-mine' plan
}

@test "a value of the wrong type is refused" {
	refused <<-'END'
		imp|NESTEROV=true|NESTEROV=true: expected one of: 0 1
		run|SCHEDULE=contine|SCHEDULE=contine: expected one of: restart continue learning-rate fine-tune; did you mean continue?
		imp|REWIND=5%|REWIND=5%: expected one of: end; or epochs, or iterations such as 500i
		imp|ROUNDS=0|ROUNDS=0: expected a whole number above 0 and at most 99
		imp|ROUNDS=|ROUNDS=: expected a whole number above 0 and at most 99
		imp|EPOCHS=5 6|EPOCHS=5 6: expected a whole number above 0
		imp|RATE=1|RATE=1: expected a number above 0 and below 1
		imp|LR=0|LR=0: expected a number above 0
		run|SEEDS=1,2|SEEDS=1,2: expected whole numbers
		imp|SAVE_EPOCHS=every|SAVE_EPOCHS=every: expected one of: all; or whole numbers above 0
		prac|prac.STOP=2|prac.STOP=2: expected one of: 0 1
		gradual|WINDOWS=25:75|WINDOWS=25:75: expected windows FIRST-LAST, or names
		gradual|PRUNINGS=3|PRUNINGS=3: expected EPOCH:SPARSITY ...
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
		for name in DATA OUT ARCH DATASET NET PACK; do
			[ "$name$c" != 'PACK ' ] && [[ $name$c != PACK[%:~=,] ]] || continue
			run plan imp "$name=${c}touch${c}found${c}"
			[ "$status" = 2 ] && [[ $output == *"*** $name"*': expected '*'.  Stop.' ]] ||
				bad+="$name with '$c': ${output:0:300}"$'\n'
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
	# What has a help has a type somewhere.
	grep -hoE '^[A-Z][A-Z0-9_]* [?]=.*#'$'\t''\[[^]]+\]' ./*.mk ./*/*.mk | cut -d ' ' -f 1 | sort >"$BATS_TEST_TMPDIR/typed"
	grep -hoE '^[A-Z][A-Z0-9_]* [?]=.*#' ./*.mk ./*/*.mk | cut -d ' ' -f 1 | sort -u |
		diff - <(sort -u "$BATS_TEST_TMPDIR/typed")
	make -s -f prac.mk help | grep -F 'SCHEDULE=restart' | grep -F '[restart, continue, learning-rate or fine-tune]'
	for name in *.mk searches/*.mk; do
		run -1 grep -E '^  [A-Z0-9_]+=' <(lt-settings list "$name" | grep -v '\[.*\]$')
	done
}

@test "a criterion needs what lt-prune says of it" {
	local want
	want=$(lt-prune --list-methods | cut -f 1 | tail -n +2 | paste -sd ' ')
	run plan prac CRITERION=grap
	[[ $output == *"CRITERION=grap: expected one of: $want; did you mean grasp?"* ]]
	plan prac CRITERION=random ROUNDS=1 | grep 'method random' >said
	[[ $(<said) != *--data* && $(<said) != *--cost* ]]
	plan prac CRITERION=synflow ROUNDS=1 | grep 'method synflow' >said
	[[ $(<said) != *--data* && $(<said) == *--cost* ]]
	# What the list says is done, without an edit of a makefile.
	mkdir bin
	lt-prune --list-methods | sed 's/^random\t.*/random\tnetwork\t1\t1\t1\t1\t0\t/' >list
	printf '%s\n' '#!/bin/sh' "cat '$PWD/list'" >bin/lt-prune
	chmod +x bin/lt-prune
	PATH=$PWD/bin:$PATH plan prac CRITERION=random ROUNDS=1 | grep 'method random' >said
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
	THREADS=5 plan run SEARCHES=search NETWORKS=lenet5 ENVIRONMENT=THREADS |
		grep -e '--threads' >threads
	run -1 grep -v -e '--threads 5' threads
	THREADS=5 plan run SEARCHES=search NETWORKS=lenet5 | grep -e '--threads' >threads
	run -1 grep -v -e '--threads 1' threads
}

@test "COMPUTE reaches every training, evaluation and comparison, and their stamp" {
	local program
	plan prac COMPUTE=bf16 | sed -e ':a' -e '/\\$/N; s/\\\n//; ta' |
		grep -E '^(lt-train|lt-eval|lt-disagree) ' >all
	for program in lt-train lt-eval lt-disagree; do
		grep -q "^$program " all
	done
	run -1 grep -v -e ' --compute bf16 ' all
	plan prac >said
	run -1 grep -e --compute said
	make -s -f "$ROOT/pipelines/prac.mk" DATA=synth SYNTH_TRAIN=50 COMPUTE=bf16 \
		runs/synth/train.data
	grep 'COMPUTE=bf16' runs/synth/resnet20/s1/settings/train
}

@test "an optimizer and label smoothing reach trainings and their stamp" {
	plan imp OPTIMIZER=adamw BETA1=0.8 EPS=1e-6 LABEL_SMOOTHING=0.1 >said
	grep -e ' --optimizer adamw --beta1 0.8 --beta2 0.999 --eps 1e-6 ' said
	grep -e ' --label-smoothing 0.1 ' said
	run -1 grep -e --momentum said
	plan imp >said
	grep -e ' --momentum 0.9 ' said
	run -1 grep -e --optimizer -e --label-smoothing said
	plan imp OPTIMIZER=adam | grep -c -e '--lr 0.001 '
	plan imp OPTIMIZER=adam LR=0.002 | grep -c -e '--lr 0.002 '
	run -2 plan weights OPTIMIZER=adam
	[[ $output == *'weights.mk knows sgd alone'* ]]
	local stamp=runs/synth/resnet20/s1/settings/train
	plan imp >/dev/null
	[ ! -e runs ]
	make -s -f "$ROOT/pipelines/imp.mk" DATA=synth SYNTH_TRAIN=50 OPTIMIZER=adam \
		LABEL_SMOOTHING=0.1 runs/synth/train.data
	grep 'OPTIMIZER=adam ' $stamp
	grep 'LABEL_SMOOTHING=0.1' $stamp
}

@test "a teacher reaches every training and its stamp, and no teacher changes neither" {
	local stamp=runs/synth/resnet20/s1/settings/train
	lt-init -q --input 3x32x32 --classes 10 -o t.st lenet5
	plan prac TEACHER=t.st TEACHER_SHARE=0.5 | sed -e ':a' -e '/\\$/N; s/\\\n//; ta' |
		grep '^lt-train ' >all
	[ -s all ]
	run -1 grep -v -e ' --teacher t.st --teacher-share 0.5 --teacher-temperature 4' all
	run -1 grep -e --teacher <(plan prac TEACHER_SHARE=0.5)
	# The stamp of a workflow without one is that of earlier versions.
	make -s -f "$ROOT/pipelines/imp.mk" DATA=synth SYNTH_TRAIN=50 runs/synth/train.data
	grep -x 'EPOCHS=182 .* LABEL_SMOOTHING=0 COMPUTE=f32 AUGMENT=crop-flip CROP_PAD=4' $stamp
	make -s -f "$ROOT/pipelines/imp.mk" DATA=synth SYNTH_TRAIN=50 TEACHER=t.st \
		runs/synth/train.data
	grep 'TEACHER=t.st TEACHER_SHARE=0.9 TEACHER_TEMPERATURE=4 ' $stamp
	# Random labels are memorized without it, the other networks are trained with it.
	plan memorize TEACHER=t.st | sed -e ':a' -e '/\\$/N; s/\\\n//; ta' |
		grep '^lt-train ' >all
	grep -e --data.*random all >random
	run -1 grep -e --teacher random
	run -1 grep -v -e --teacher <(grep -v -e --data.*random all)
	rm -r runs t.st all random
	refused <<-'END'
		imp|TEACHER=none.st|TEACHER=none.st: no such file
		imp|TEACHER_SHARE=0|TEACHER_SHARE=0: expected a number above 0 and at most 1
		imp|TEACHER_TEMPERATURE=2000|TEACHER_TEMPERATURE=2000: expected a number at least 0.01 and at most 1000
	END
	mkdir -p runs/synth/resnet20/s1/dense
	touch runs/synth/resnet20/s1/dense/best.safetensors
	run -2 plan imp TEACHER=./runs/synth/resnet20/s1/dense/best.safetensors
	[[ $output == *'TEACHER=./runs/synth/resnet20/s1/dense/best.safetensors: expected a file outside runs/synth/resnet20/s1, which learns from it'* ]]
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
		mkdir $f
		make -s -C $f -f "$ROOT/pipelines/run.mk" DATA=synth V=0 \
			SYNTH='--classes 4 --shape 1x8x8' SYNTH_TRAIN=200 SYNTH_TEST=50 VAL=40 \
			ARCH=../small.net EPOCHS=2 MILESTONES=1 ROUNDS=2 STOP=0 >/dev/null 2>&1
	done
	diff -r -x '*.time*' -x '.*' plain posix
}

@test "the demo with fewer rounds retrains the tickets that there are" {
	make -n -f "$ROOT/pipelines/demo.mk" ROUNDS=3 CC=cc DEVELOPER=1 OUT=demo V=1 all >demo.plan
	grep -q -e '-o demo/.*/prac/02/ticket/last' demo.plan
	run -1 grep -e '-o demo/.*/prac/0[1346]/ticket/last' demo.plan
	run -2 make -n -f "$ROOT/pipelines/demo.mk" ROUNDS=3 TICKETS=4
	[[ $output == *'TICKETS=4: expected one of: all; or whole numbers above 0 and at most ROUNDS=3'* ]]
}

@test "without the programs of lt nothing begins" {
	! PATH=/usr/bin:/bin command -v lt-settings || skip 'lt is installed here'
	cp -r "$ROOT/pipelines" .
	run -2 env PATH=/usr/bin:/bin make -f pipelines/prac.mk DATA=synth ROUNDS=0
	[[ $output == *'*** the programs of lt are neither installed nor built.  Stop.' ]]
	[ "${#lines[@]}" = 1 ]
	[ ! -e runs ]
}
