#!/bin/sh
# rename.sh: give finished files their names, and remove what killed makes left.
#	rename.sh .HOST-PID.tmp FILE...
# Of this host, FILE.*HOST-PID.tmp whose make is no more are removed, and the parts
# of such files.  Then FILE.HOST-PID.tmp becomes FILE.
tail=$1
shift
# Is this process a make?  A dead one nobody has waited for keeps its number, and a
# number may have come to another program.
alive() {
	[ -d /proc/self ] || { kill -0 "$1" 2>/dev/null; return; }
	{ read -r _ name state _ <"/proc/$1/stat"; } 2>/dev/null || return
	case $name$state in *Z) return 1 ;; *make*) ;; *) return 1 ;; esac
}
host=${tail#.}
host=${host%-*}
for f; do
	for old in "$f."*"$host"-*.tmp "${f%/*}/.${f##*/}."*"$host"-*.tmp.part; do
		[ -e "$old" ] || continue
		pid=${old%.part}
		pid=${pid%.tmp}
		pid=${pid##*-}
		case $pid in '' | *[!0-9]*) continue ;; esac
		alive "$pid" || rm -f "$old"
	done
	mv -f "$f$tail" "$f" || exit
done
