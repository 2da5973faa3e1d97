#!/bin/sh
# speed.sh: measure what a presentation costs on this machine, for "lt plan".
#	speed.sh TABLE < NEEDS
# NEEDS, which lt-score plan-needs writes, has a line for each network: its name, the smallest
# density, a data set, shape and classes of its images or -, the options of a training,
# and the words of lt-init.  TABLE gets a row for each network and density: dense, then
# down to that one.  Seconds are those of processors, which other work on the machine
# hardly changes; the rest are multiply-adds and bytes.
set -u
export LC_ALL=C OMP_WAIT_POLICY=passive
tab=$(printf '\t')
m=$(mktemp -d "${TMPDIR:-/tmp}/lt-XXXXXX") || exit 74
trap 'rm -rf "$m"' EXIT
trap 'exit 75' HUP INT TERM

# calculate EXPRESSION
calculate() { awk "BEGIN { printf \"%.6g\", ($1) }"; }
bytes() { wc -c <"$1"; }
fact() { lt-info -q "$2" | sed -n "s/^$1$tab//p"; }
# column NAME FILE: its sum.
column() {
	awk -F '\t' -v name="$1" '
	NR == 1 {
		for (i = 1; i <= NF; i++)
			if ($i == name)
				at = i
		next
	}
	{ sum += $at }
	END { printf "%.9g", sum }' "$2"
}
# peak COMMAND...: sets peak to the bytes of memory that it took.
peak() {
	peak=0
	"$@" &
	while now=$(awk '$1 == "VmHWM:" { print 1024 * $2 }' "/proc/$!/status" 2>/dev/null) && [ "$now" ]; do
		peak=$now
		sleep 0.02
	done
	wait $!
}

# train EPOCHS [OPTION]...: sets presented, spent and macs.
# shellcheck disable=SC2086
train() {
	epochs=$1
	shift
	peak lt-train -q --data "$m/data" "$@" $options --epochs "$epochs" --milestones "$epochs" \
		--log "$m/log.tsv" --events "$m/events" -o "$m/last" "$m/init" || return
	presented=$((images * epochs))
	spent=$(column cpu_seconds "$m/log.time.tsv")
	macs=$(tail -n 1 "$m/log.tsv" | cut -f 11)
}
# row DENSITY [OPTION]...: the speed under a mask.
row() {
	density=$1
	shift
	train "$runs" "$@" || return
	lt-eval -q --data "$m/data" "$@" --threads 1 --cost "$m/cost.tsv" -o /dev/null "$m/last" || return
	mask=0
	[ ! -e "$m/mask" ] || mask=$(bytes "$m/mask")
	last=$(bytes "$m/last")
	printf '%s' "$net" "$tab$density" \
		"$tab$(calculate "$spent / $presented")" "$tab$(calculate "$macs / $presented")" \
		"$tab$(calculate "$(column cpu_seconds "$m/cost.time.tsv") / $images")" \
		"$tab$(calculate "$(column macs "$m/cost.tsv") / $images")" \
		"$tab$last" "$tab$mask" "$tab$((3 * last))" \
		"$tab$(($(bytes "$m/events") / presented + 1))" \
		"$tab$peak" "$tab$((data / images))"
	echo
}
# samples N: makes the data set that is trained on.
samples() {
	images=$1
	lt-data synth -q --seed 1 --shape "$shape" --classes "$classes" --count "$images" -o "$m/data"
	data=$(bytes "$m/data")
}
# fits SECONDS MOST: how often what took $spent fits in these seconds.
fits() { awk -v t="$spent" -v s="$1" -v most="$2" 'BEGIN {
	n = int(s / (t + 0.001)); print(n > most ? most : n < 1 ? 1 : n) }'; }
# shellcheck disable=SC2086
# Two batches at least, so many as take a quarter of a second, for an epoch has costs of its
# own; epochs of them, so many as take a second.
measure() {
	batch=${options##* --batch } batch=${batch%% *}
	# A network of net text has a shape of its own.
	like="--data $m/data"
	case $words in
	*" --from ${words##* }") ;;
	*) [ ! -e "${words##* }" ] || like= ;;
	esac
	samples $((2 * batch)) && lt-init -q --seed 1 $like -o "$m/init" $words && train 1 &&
		samples $((images * $(fits 0.25 10))) && train 1 || return
	runs=$(fits 1 50)
	rm -f "$m/mask"
	row 1 || return
	for density in 0.5 0.2 0.05 0.02; do
		[ "$above" ] || break
		[ "$(calculate "$density > $least")" = 1 ] || above=
		lt-prune -q -s "$(calculate "1 - $density")" -o "$m/mask" "$m/init" &&
			row $density --mask "$m/mask" || return
	done
}

printf '%s\t' network density train_seconds train_macs forward_seconds forward_macs \
	checkpoint_bytes mask_bytes state_bytes event_bytes memory_bytes >"$m/table"
echo image_bytes >>"$m/table"
while IFS=$tab read -r net least set shape classes options words; do
	[ "$shape" != - ] || shape=$(fact shape "$set") classes=$(fact classes "$set")
	above=$(awk -v least="$least" 'BEGIN { print(least < 1 ? 1 : "") }')
	measure >>"$m/table" </dev/null || exit
done
mv "$m/table" "$1"
