#!/bin/sh
# draw.sh: draw a picture, or leave an empty file where there is nothing to draw.
#	draw.sh FILE ARGUMENT...	gnuplot's arguments, which draw FILE
# gnuplot takes a table without any number for an error.
picture=$1
shift
: >"$picture"
said=$(gnuplot "$@" 2>&1) && status=0 || status=$?
if [ "$status" != 0 ]; then
	case $said in
	*undefined* | *'no valid points'* | *'No valid data points'* | *'range is invalid'*)
		: >"$picture"
		exit 0
		;;
	esac
fi
[ ! "$said" ] || printf '%s\n' "$said" >&2
exit "$status"
