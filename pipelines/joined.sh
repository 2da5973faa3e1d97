#!/bin/sh
# joined.sh: refuse reports that are of another study than ours.
#	joined.sh OURS REPORT...
# Settings and facts that both have must be equal, but for the seeds, the searches and the
# version, for how a study runs, and for what its page shows.
set -eu
ours=$1
shift
# other FILE NAME VALUE: the first value in column VALUE of our FILE that is another one there.
other() {
	awk -F '\t' -v name="$2" -v value="$3" '
	$1 ~ /^(How to run|Report|Verdicts|seeds|methods|made by|command)$/ { next }
	NR == FNR { is[$name] = $value; next }
	$name in is && $value != is[$name] {
		print $name ": " $value " there, " is[$name] " here"
		exit
	}' "$ours/$1" "$report/$1"
}
for report; do
	differs=$(other settings.tsv 2 5)
	[ "$differs" ] || differs=$(other facts.tsv 1 2)
	[ -z "$differs" ] || { echo "JOIN: $report: another study: $differs" >&2; exit 2; }
done
