#!/bin/sh
# rename.sh: give finished files their names, and remove what killed makes left.
#	rename.sh .HOST-PID.tmp FILE...
# Of this host, FILE.*HOST-PID.tmp whose make is no more are removed, and the parts
# of such files.  Then FILE.HOST-PID.tmp becomes FILE.
tail=$1
shift
host=${tail#.}
host=${host%-*}
for f; do
	for old in "$f."*"$host"-*.tmp "${f%/*}/.${f##*/}."*"$host"-*.tmp.part; do
		[ -e "$old" ] || continue
		pid=${old%.part}
		pid=${pid%.tmp}
		pid=${pid##*-}
		case $pid in '' | *[!0-9]*) continue ;; esac
		kill -0 "$pid" 2>/dev/null || [ -d "/proc/$pid" ] || rm -f "$old"
	done
	mv -f "$f$tail" "$f" || exit
done
