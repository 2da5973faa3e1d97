#!/bin/sh
# note.sh: say what a stage does.
#	note.sh 'INPUT...' TEXT
# A stage of which an input is empty is left out, for a training diverged.
for f in $1; do
	case $f in *.safetensors | *.tsv | *.events) ;; *) continue ;; esac
	[ -s "$f" ] || exit 0
done
printf '%s\n' "$2"
