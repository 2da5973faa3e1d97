#!/usr/bin/env bats
load common

setup() {
	lt_setup
	mkdir mk
	cat >mk/all.mk <<-'END'
	# The settings that all have.
	## Data
	DATA ?=#	[path] the pictures
	DATASET ?= $(notdir $(DATA))#	[name]
	TRAIN ?=#	[nothing or whole >0] size of D0
	## Training
	EPOCHS ?= 182#	[whole >0] length
	MILESTONES ?= 91,136#	[milestones <=EPOCHS]
	LR ?= 0.1#	[real >0]
	NESTEROV ?= 0#	[0 or 1]
	SEED ?= 1#	[whole]
	SEEDS ?= $(SEED)#	[wholes]
	WEIGHT_DECAY ?= 1e-4#	[real]
	## Pruning
	RATE ?= 0.2#	[real >0 <1] share that a round removes
	ROUNDS ?= 15#	[whole >0 <=99]
	REWIND ?= 0#	[span or end]
	TICKETS ?= all#	[all or wholes >0 <=ROUNDS]
	SCHEDULE ?= restart#	[restart or continue]
	CRITERION ?= magnitude#	[criterion by search]
	EXCLUDE ?=#	[nothing or list]
	## How to run
	OUT ?= runs#	[path]
	NETWORKS ?= a b#	[paths]
	PACK ?=#	[options]
	LAUNCH ?=#	[nothing or command]
	ENVIRONMENT ?=#	[nothing or known]
	SOURCE_SETTINGS ?=#	[nothing or settings]
	WINDOWS ?= 1-2#	[windows]
	PRUNINGS ?=#	[nothing or prunings by window]
	rounds := 1
	$(eval cells := 2)
	define note
	endef
	END
	printf '%s\n' '## Sets' $'THRESHOLD ?= 0#\t[whole by search]' \
		'include $(dir $(lastword $(MAKEFILE_LIST)))all.mk' >mk/prac.mk
	printf '%s\n' 'ROUNDS ?= 5# fewer' 'include mk/all.mk' >mk/imp.mk
}

# Lines ARGUMENT|MESSAGE: "check FILE... ARGUMENT" says the message alone.
refused() {
	local argument want bad=
	while IFS='|' read -r argument want; do
		run -65 lt-settings check "$@" "$argument"
		[ "$output" = "lt-settings: $want" ] || bad+="$argument: $output"$'\n'
	done
	[ -z "$bad" ] || { echo "$bad" >&2; false; }
	[ "$(ls)" = mk ]
}

# Lines ARGUMENT are taken.
taken() {
	local argument
	while IFS= read -r argument; do
		run -0 lt-settings check mk/prac.mk "$argument"
		[ -z "$output" ]
	done
}

@test "an unknown setting is refused, with the one that is meant" {
	refused mk/prac.mk --by search='prac t2' <<-'END'
		EPOCH=5|EPOCH: no such setting; did you mean EPOCHS?
		LRATE=0.1|LRATE: no such setting; did you mean LR?
		epochs=5|epochs: no such setting; did you mean EPOCHS?
		WIEGHT_DECAY=0|WIEGHT_DECAY: no such setting; did you mean WEIGHT_DECAY?
		SCHED=0|SCHED: no such setting; did you mean SCHEDULE?
		MILE=0|MILE: no such setting; did you mean MILESTONES?
		output=x|output: no such setting; did you mean OUT?
		BANANA=5|BANANA: no such setting; "lt settings" and "make -f MAKEFILE help" list them
		GATE=0.1|GATE: no such setting; did you mean RATE?
		prac.TRESHOLD=1|prac.TRESHOLD: no such setting; did you mean prac.THRESHOLD?
		SOURCE_SETTINGS=EPOCHS=2 LRATE=1|SOURCE_SETTINGS: LRATE: no such setting; did you mean LR?
	END
}

@test "a setting that has no effect is refused" {
	refused mk/imp.mk <<-'END'
		THRESHOLD=1|THRESHOLD: this is a setting of prac.mk, which is not among the makefiles
		imp.THRESHOLD=1|imp.THRESHOLD: this is a setting of prac.mk, which is not among the makefiles
		imp.CRITERION=lamp|imp.CRITERION: CRITERION is one setting for all
	END
	refused mk/prac.mk --by search='prac t1' --by window=w <<-'END'
		t2.THRESHOLD=1|t2.THRESHOLD: expected one of these before the point: prac t1
		prac.ROUNDS=2|prac.ROUNDS: ROUNDS is one setting for all
		prac.PRUNINGS=1:0.5|prac.PRUNINGS: expected one of these before the point: w
	END
	refused mk/imp.mk --by any='a b.c' --idle 'REWIND TICKETS' <<-'END'
		wide.TRAIN=5|wide.TRAIN: expected one of these before the point: a b.c
		b.c.REWIND=1|b.c.REWIND: this setting does nothing here
		REWIND=1|REWIND: this setting does nothing here
	END
	refused mk/imp.mk mk/prac.mk --by search='prac imp imp-short prac-long' <<-'END'
		imp.THRESHOLD=1|imp.THRESHOLD: this is a setting of prac.mk, which imp.mk does not read
		imp-short.THRESHOLD=1|imp-short.THRESHOLD: this is a setting of prac.mk, which imp.mk does not read
	END
	lt-settings check mk/imp.mk mk/prac.mk --by search='prac imp imp-short prac-long' \
		prac-long.THRESHOLD=1 prac.THRESHOLD=2 imp-short.CRITERION=snip
	lt-settings check mk/prac.mk --by search='prac t1' --by search=t2 \
		prac.THRESHOLD=1 t1.CRITERION=snip t2.THRESHOLD=0
	lt-settings check mk/imp.mk --by any='a b.c' b.c.TRAIN=5
	# What no search's makefile has is read by the one that starts them.
	printf 'SEEDS ?= 1#\t[wholes by search] seeds\n' >front.mk
	lt-settings check mk/imp.mk mk/prac.mk front.mk --by search='prac imp' imp.SEEDS='1 2'
}

@test "a value of the wrong type is refused" {
	refused mk/prac.mk --by search=prac --by window=mine <<-'END'
		NESTEROV=true|NESTEROV=true: expected one of: 0 1
		SCHEDULE=contine|SCHEDULE=contine: expected one of: restart continue; did you mean continue?
		REWIND=5%|REWIND=5%: expected one of: end; or epochs, or iterations such as 500i
		ROUNDS=0|ROUNDS=0: expected a whole number above 0 and at most 99
		ROUNDS=100|ROUNDS=100: expected a whole number above 0 and at most 99
		ROUNDS=3.5|ROUNDS=3.5: expected a whole number above 0 and at most 99
		ROUNDS=1e3|ROUNDS=1e3: expected a whole number above 0 and at most 99
		ROUNDS=|ROUNDS=: expected a whole number above 0 and at most 99
		ROUNDS=01|ROUNDS=01: expected a whole number above 0 and at most 99
		EPOCHS=5 6|EPOCHS=5 6: expected a whole number above 0
		EPOCHS=-5|EPOCHS=-5: expected a whole number above 0
		RATE=1|RATE=1: expected a number above 0 and below 1
		RATE=0|RATE=0: expected a number above 0 and below 1
		RATE=20%|RATE=20%: expected a number above 0 and below 1
		LR=0|LR=0: expected a number above 0
		LR=inf|LR=inf: expected a number above 0
		LR=+1|LR=+1: expected a number above 0
		TRAIN=0|TRAIN=0: expected a whole number above 0
		SEEDS=1,2|SEEDS=1,2: expected whole numbers
		SEEDS= |SEEDS= : expected whole numbers
		TICKETS=0 1|TICKETS=0 1: expected one of: all; or whole numbers above 0 and at most ROUNDS=15
		TICKETS=1 16|TICKETS=1 16: expected one of: all; or whole numbers above 0 and at most ROUNDS=15
		EXCLUDE=a,,b|EXCLUDE=a,,b: expected names with commas between them
		prac.THRESHOLD=2i|prac.THRESHOLD=2i: expected a whole number
		WINDOWS=25:75|WINDOWS=25:75: expected windows FIRST-LAST, or names
		mine.PRUNINGS=3|mine.PRUNINGS=3: expected EPOCH:SPARSITY ...
		mine.PRUNINGS=3:0.5 4|mine.PRUNINGS=3:0.5 4: expected EPOCH:SPARSITY ...
		ENVIRONMENT=SED|ENVIRONMENT=SED: expected names of settings
		SOURCE_SETTINGS=LR=x|SOURCE_SETTINGS: LR=x: expected a number above 0
		SOURCE_SETTINGS=LR|SOURCE_SETTINGS=LR: expected settings NAME=VALUE
		SOURCE_SETTINGS=LR='1|SOURCE_SETTINGS=LR='1: expected settings NAME=VALUE
		DATASET=..|DATASET=..: expected a name (letters, digits and ._+-)
		PACK=--size $(id)|PACK=--size $(id): expected options without quotes and without any of $ # & ; ( ) < > | * ? ! \ `
	END
	run -65 lt-settings check mk/prac.mk $'LAUNCH=a\nb'
	[ "$output" = 'lt-settings: LAUNCH: expected a value of one line' ]
}

@test "values of the right types are taken" {
	taken <<-'END'
		REWIND=end
		REWIND=500i
		LR=1e-3
		LR=.5
		TRAIN=
		SEEDS=1 2  3
		TICKETS=15 1
		EXCLUDE=first,layer1.0.conv1
		NETWORKS=./a@b/é c
		DATASET=Ümläut.1_a+b-c
		PACK=--size 64 --skip-bad
		LAUNCH=srun -n 1 "a b" | cat
		ENVIRONMENT=SEED OUT
		SOURCE_SETTINGS=LR=1 PACK='--size 64' SEEDS='1 2'
		WINDOWS=25-75 mine
		PRUNINGS=80:0.4 120:0.6
	END
}

@test "milestones rise and end with the training" {
	refused mk/prac.mk <<-'END'
		MILESTONES=91 136|MILESTONES=91 136: expected epochs in rising order with commas between them at most EPOCHS=182
		MILESTONES=136,91|MILESTONES=136,91: expected epochs in rising order with commas between them at most EPOCHS=182
		MILESTONES=91,91|MILESTONES=91,91: expected epochs in rising order with commas between them at most EPOCHS=182
		MILESTONES=91,183|MILESTONES=91,183: expected epochs in rising order with commas between them at most EPOCHS=182
		MILESTONES=5,|MILESTONES=5,: expected epochs in rising order with commas between them at most EPOCHS=182
		MILESTONES=9i,8i|MILESTONES=9i,8i: expected epochs in rising order with commas between them at most EPOCHS=182
	END
	run -65 lt-settings check mk/prac.mk MILESTONES=3,6 EPOCHS=5
	[[ $output == *'MILESTONES=3,6: '*' at most EPOCHS=5' ]]
	lt-settings check mk/prac.mk MILESTONES=3,6 EPOCHS=6
	lt-settings check mk/prac.mk MILESTONES=500i,2000i,3
	# The default is longer than a short training, which then has no drop.
	lt-settings check mk/prac.mk EPOCHS=5
}

@test "a path with a character of make or of the shell is refused" {
	local c name bad=
	for c in ' ' '&' ';' '(' ')' '#' '%' '$' ':' "'" '"' '`' '|' '<' '>' '*' '\' \
		'=' ',' '{' '[' '?' '!' $'\t' $'\177'; do
		for name in DATA OUT DATASET; do
			run -65 lt-settings check mk/prac.mk "$name=a${c}b"
			[[ $output == "lt-settings: $name="*': expected a '* ]] ||
				bad+="$name with '$c': $output"$'\n'
		done
	done
	for c in '~/a' -a ''; do
		run -65 lt-settings check mk/prac.mk "OUT=$c"
	done
	[ -z "$bad" ] || { echo "$bad" >&2; false; }
	lt-settings check mk/prac.mk OUT=./a@b/é-~ DATA=/x
}

@test "criteria are those that lt-prune has" {
	local want
	want=$(lt-prune --list-methods | cut -f 1 | tail -n +2 | paste -sd ' ')
	run -65 lt-settings check mk/prac.mk CRITERION=grap
	[ "$output" = "lt-settings: CRITERION=grap: expected one of: $want; did you mean grasp?" ]
}

@test "the environment gives what ENVIRONMENT lists, and the rest is named" {
	run -0 env SEED=7 prac.THRESHOLD=2 rounds=3 cells=4 note=5 HARMLESS=6 EPOCHS=x \
		lt-settings check mk/prac.mk
	[ "$(sort <<<"$output" | xargs)" = 'EPOCHS SEED cells note prac.THRESHOLD rounds' ]
	SEED=7 run -0 lt-settings check mk/prac.mk ENVIRONMENT='OUT SEED'
	[ -z "$output" ]
	SEED=x run -65 lt-settings check mk/prac.mk ENVIRONMENT=SEED
	[ "$output" = 'lt-settings: SEED=x: expected a whole number' ]
	SEED=x lt-settings check mk/prac.mk ENVIRONMENT=SEED SEED=7
}

@test "what makefiles assign is checked, with its place" {
	printf '%s\n' 'EPOCHS := five' 'include mk/imp.mk' >mine.mk
	run -65 lt-settings check mine.mk
	[ "$output" = 'lt-settings: mine.mk: 1: EPOCHS=five: expected a whole number above 0' ]
	lt-settings check mine.mk EPOCHS=5
	printf '%s\n' 'imp.CRITERION ?= snap' 'include mk/imp.mk' >mine.mk
	run -65 lt-settings check mine.mk
	[[ $output == 'lt-settings: mine.mk: 1: imp.CRITERION=snap: expected one of: '*'did you mean snip?' ]]
	printf '%s\n' 'LENGTH ?= 5# mine' 'include mk/imp.mk' >mine.mk
	run -65 lt-settings check mine.mk
	[ "$output" = 'lt-settings: mine.mk: 1: LENGTH: this setting is declared without a type; expected LENGTH ?= DEFAULT#, a tab and [TYPE]' ]
	# Without a comment it is a default of the makefile's own.
	printf '%s\n' 'LENGTH ?= 5' 'include mk/imp.mk' >mine.mk
	lt-settings check mine.mk
	run -1 grep LENGTH <(lt-settings list mine.mk)
	run -65 lt-settings check mine.mk LENGTH=6
	[[ $output == *'mine.mk: 1: LENGTH: this setting is declared without a type; '* ]]
	printf '%s\n' $'EPOCHS ?= 5#\t[real]' 'include mk/imp.mk' >mine.mk
	run -65 lt-settings check mine.mk
	[ "$output" = 'lt-settings: mk/all.mk: 7: EPOCHS: expected the type [real] that it has elsewhere, found [whole >0]' ]
}

@test "includes are found where the makefile is, and in folders of --include" {
	mkdir 'my own'
	printf '%s\n' 'include prac.mk' >'my own/mine.mk'
	run -65 lt-settings check 'my own/mine.mk' THRESHOLD=x
	[[ $output == *'THRESHOLD: no such setting'* ]]
	run -65 lt-settings check -I mk 'my own/mine.mk' THRESHOLD=x
	[[ $output == *'THRESHOLD=x: expected a whole number' ]]
	# A file with a type that is not among them.
	printf '%s\n' 'RATE ?= 0.5# more' >mk/short.mk
	lt-settings check mk/short.mk
	run -65 lt-settings check mk/short.mk RATE=2
	[[ $output == *'RATE=2: expected a number above 0 and below 1' ]]
	# A makefile that includes itself.
	printf '%s\n' 'include mk/self.mk' $'SELF ?= 1#\t[whole]' >mk/self.mk
	lt-settings check mk/self.mk SELF=2
}

@test "settings are listed with defaults, values in force and help" {
	lt-settings list mk/imp.mk RATE=0.5 | sed -n '/^Pruning/,/^$/p' | diff - <(cat <<-'END'
	Pruning
	  RATE=0.5                              share that a round removes [real >0 <1] (default: 0.2)
	  REWIND=0                              [span or end]
	  TICKETS=all                           [all or wholes >0 <=ROUNDS]
	  SCHEDULE=restart                      [restart or continue]
	  CRITERION=magnitude                   [criterion by search]
	  EXCLUDE=                              [nothing or list]

	END
	)
	lt-settings list mk/imp.mk | head -n 1 | grep -x '  ROUNDS=5 *fewer \[whole >0 <=99\]'
	lt-settings list mk/imp.mk | grep -F 'DATASET=... '
	lt-settings list mk/imp.mk | grep -F 'SEEDS=$(SEED) '
	lt-settings list --tsv --by search='p q' mk/prac.mk EPOCHS=5 q.THRESHOLD=3 >all
	[ "$(head -n 1 all)" = $'group\tsetting\ttype\tdefault\tvalue\thelp' ]
	grep -x $'Training\tEPOCHS\twhole >0\t182\t5\tlength' all
	grep -x $'Data\tDATASET\tname\t$(notdir $(DATA))\t$(notdir $(DATA))\t' all
	[ "$(wc -l <all)" = 28 ]
	lt-settings list --tsv --given --by search='p q' mk/prac.mk EPOCHS=5 q.THRESHOLD=3 |
		cut -f 2,4,5 | diff - <(printf 'setting\tdefault\tvalue\nq.THRESHOLD\t0\t3\nEPOCHS\t182\t5\n')
	run -65 lt-settings list -o list mk/imp.mk RATE=2
	[ ! -e list ]
}

@test "what is no makefile is refused" {
	refuses 74 'none.mk: ' lt-settings check none.mk
	printf 'EPOCHS ?= 1\0\n' >zero.mk
	refuses 65 'zero.mk: 1: expected text, found a byte 0' lt-settings check zero.mk
	refuses 2 'expected a makefile' lt-settings check EPOCHS=5
	refuses 2 '--by: expected KIND=NAMES' lt-settings check --by prac mk/imp.mk
	refuses 2 'check does not take --tsv' lt-settings check --tsv mk/imp.mk
	refuses 2 'expected check or list' lt-settings
	# Any file ends without harm.
	printf '%s' '## ' >short.mk
	lt-settings check short.mk
	head -c 100000 /dev/urandom | tr -d '\0' >noise.mk
	run lt-settings check noise.mk
	[ "$status" = 0 ] || [ "$status" = 65 ]
	# A file of that name is no setting.
	mkdir a=b
	printf '%s\n' $'X ?= 1#\t[whole]' >a=b/c.mk
	lt-settings check ./a=b/c.mk X=2
}

@test "the examples of the page do what they say" {
	examples lt-settings
}
