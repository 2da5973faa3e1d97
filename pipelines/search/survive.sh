#!/bin/sh
# survive.sh: run a command of a ticket search, so that one training that diverges
# (lt-train: status 3) does not stop the others.  What that would have left is left
# empty; so is, without running the command, what would be made of an empty file.
#	survive.sh 'WHAT' 'INPUT...' 'OUTPUT...' COMMAND...
what=$1 inputs=$2 outputs=$3
shift 3

# The command's status; a signal goes on to it, for it may save its state.
run() {
	trap 'kill -TERM "$!" 2>/dev/null || exit 143' HUP INT TERM
	"$@" &
	wait "$!"
	status=$?
	while kill -0 "$!" 2>/dev/null; do
		wait "$!"
		status=$?
	done
	[ "$status" != 3 ] || echo "$what: diverged, its search ends here" >&2
}

status=0
for f in $inputs; do
	[ -s "$f" ] || status=3
done
[ "$status" = 3 ] || run "$@"
[ "$status" = 3 ] || exit "$status"
for f in $outputs; do
	: >"$f" || exit
done
