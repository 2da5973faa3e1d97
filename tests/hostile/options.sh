#!/bin/bash
# options.sh STEP sweeps|askers: cases for judge, every STEP-th pair of an option and
# a value, for every option that --help lists.  The inputs are those of
# small_files in soak.bash, in this folder.  It is no part of hostile.bats, as
# Bats takes its time over each command of a test.
set -u

once() {
	printf '%s\0' $# "$@"
}

# Options of a tool, as --help lists them: name, "=" when it takes a value.
options() {
	"$1" --help | awk '/^  (-.,|   ) --/ {
		sub(/^ *(-., )?--/, "")
		sub(/  .*/, "")
		if ($1 != "help" && $1 != "version")
			print $1 (NF > 1 ? "=" : "")
	}'
}

long=$(printf 'a%.0s' {1..5000})
nines=$(printf '9%.0s' {1..400})
values=('' ' ' -1 - -- 0 1 -0 +1 00 007 1e400 -1e400 1e-400 nan NaN inf -inf
	infinity 0x10 0x1p3 1e3 1.5 1,5 1,,2 , ,1 1, 18446744073709551615
	18446744073709551616 9223372036854775807 4294967295 4294967296
	2147483647 2147483648 999999999999999999999999 '1 ' ' 1' $'1\n' 1x 1i 0i
	x 1x1 1x1x1 0x0x0 99999x99999x99999 65536x65536x65536 16777216i ٣ ½
	$'\xff\xfe' "$long" "$nines" "0.$nines" / . .. /dev/null /dev/full
	/nonexistent/x '%s%n%s' '$(id)' '`id`' ';' $'\e[31mred' 1e e1 .5 5. 1..2
	conv linear first last NULL true 0.5 0.0000001 1e-30 1e30 3e38 1e39
	1e308 c val none)

# sweep STEP TOOL [ARGUMENT...]: every STEP-th pair of an option and a value.
sweep() {
	local step=$1 option value
	shift
	(mkdir tried && cd tried && "$@" >/dev/null) ||
		{ echo "does not work: $*" >&2; exit 1; }
	rm -r tried
	for option in $(options "$1"); do
		for value in "${values[@]}"; do
			((number++ % step)) || if [[ $option == *= ]]; then
				once "$@" "--$option$value"
			elif [ "$value" ]; then
				once "$@" "--$option=$value"
			else
				once "$@" "--$option"
			fi
		done
	done
}

# The command lines that work, to which each option is added.
sweeps() {
	local number=0 data=$PWD/set.data st=$PWD/t.st mask=$PWD/t.mask
	local list=$PWD/a.idx
	sweep "$1" lt-init -o o "$PWD/t.net"
	sweep "$1" lt-train -q -d "$data" -e 1 -b 30 -o o "$st"
	sweep "$1" lt-eval -d "$data" -o o "$st"
	sweep "$1" lt-prune -r 0.5 -o o "$st"
	sweep "$1" lt-prune -s 0.5 --method snip -d "$data" -o o "$st"
	sweep "$1" lt-slim -m "$mask" -o o "$st"
	sweep "$1" lt-disagree -d "$data" --mask-b "$mask" -o o "$st"
	sweep "$1" lt-connect -d "$data" --points 2 -o o "$st" "$st"
	sweep "$1" lt-subset -o o sample --count 50 --size 5
	sweep "$1" lt-subset -o o --rest r split --count 50 --size 5 \
		--first
	sweep "$1" lt-subset -o o --column value --size 1 top "$PWD/value.tsv"
	sweep "$1" lt-subset -o o union "$list" "$list"
	sweep "$1" lt-forget -o o "$PWD/e.ev"
	sweep "$1" lt-score networks -o o "$PWD/score.tsv"
	sweep "$1" lt-score row --method m --round 1 --set "$list" -o o
	sweep "$1" lt-score mean --key network -o o "$PWD/score.tsv"
	sweep "$1" lt-score budget --of "$list" --epochs 9 -o o "$list"
	sweep "$1" lt-score pivot --rows seed --across stage --value val_acc \
		-o o "$PWD/score.tsv"
	sweep "$1" lt-score prunings --sparsity 0.8 -o o 0-10
	sweep "$1" lt-trajectory -d "$data" --arcs 2 --points 4 -o o "$st"
	sweep "$1" lt-data synth --count 5 -o o
	sweep "$1" lt-data sheet -o o "$data"
	sweep "$1" lt-data relabel -o o "$data"
	sweep "$1" lt-data pack -o o "$PWD/set"
	sweep "$1" lt-settings list -o o "$PWD/small.mk"
	sweep "$1" lt-page -o o "$PWD/score.tsv"
}

# The same of those whose answer may be no.
askers() {
	local number=0
	sweep "$1" lt-hamming -o o "$PWD/t.mask" "$PWD/t.mask"
	sweep "$1" lt-info -o o "$PWD/t.st"
	sweep "$1" lt-info -o o "$PWD/t.mask"
}

"$2" "$1"
