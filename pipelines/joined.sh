#!/bin/sh
# joined.sh: refuse reports of which a setting that both have is another one.
#	joined.sh SETTINGS.tsv REPORT...
# How a study runs, and what its page shows, may differ.
set -eu
settings=$1
shift
for report; do
	other=$(awk -F '\t' '
	$1 == "How to run" || $1 == "Report" || $1 == "Verdicts" { next }
	NR == FNR { value[$2] = $5; next }
	$2 in value && value[$2] != $5 {
		print $2 "=" $5 " there, " $2 "=" value[$2] " here"
		exit
	}' "$settings" "$report/settings.tsv")
	[ -z "$other" ] || { echo "JOIN: $report: another study, $other" >&2; exit 2; }
done
