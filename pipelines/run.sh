#!/bin/sh
# run.sh: run the command of a stage and check that it wrote its products.
#	run.sh [-v] 'INPUT...' COMMAND...
# -v prints the command.  The products are what the command's options name.  Their folders
# are made.  A command of status 0 whose products are not new has not run: a launcher such
# as srun may end with status 0 although its node died.  That is an error here, and the old
# products stay as they are.
#
# Products of which none is older than an INPUT are not made again: another make has made
# them since this one looked, as searches that are run side by side share some.
#
# If another process is writing a product (status 75), this waits until it has finished,
# and takes the products of that one if they are new.
#
# A training that diverges (status 3) is named and leaves empty products.  What needs an
# INPUT that is empty is not run and leaves empty products, too, so that all else goes on.
# lt-score runs all the same: it writes NaN for what needs an empty table.
. "${0%/*}/alone.sh"
say=
case $1 in
-v) say=1 && shift ;;
-q) shift ;;
esac
inputs=$1
shift

# The options that name what a command writes, in a folder.  The output comes first in the
# list: a training renames it last, so that it vouches for the rest.
products=
output=
log=
option=
knows=
for word; do
	[ "$word" != lt-score ] || knows=1
	case $option in
	-o) output=$word ;;
	--log) log=$word products="$products $word" ;;
	--rest | --events | --best | --cost | --predictions | --path | \
		--save-state | --stop-info | --stop-distances | --stop-mask)
		# lt-disagree's --predictions and lt-score's --cost name no file.
		case $word in */*) products="$products $word" ;; esac
		;;
	--save-epochs) epochs=$word ;;
	--save-prefix)
		for epoch in $(printf %s "$epochs" | tr , ' '); do
			products="$products $word$epoch.safetensors"
		done
		;;
	esac
	option=$word
done
[ "$output" = /dev/null ] || products="$output $products"
for f in $products; do
	case $f in */*) [ -d "${f%/*}" ] || mkdir -p "${f%/*}" || exit 74 ;; esac
done

# What changes when a file is replaced.
marks() {
	for f in $products; do
		# A training that goes on after a kill does not write these again.
		case $f in */epoch-*) continue ;; esac
		stat -L -c '%n %i %z' "$f" 2>/dev/null || echo "$f -"
	done
}
# The first product if it is not new, for it vouches for the rest: a training that was
# killed when it had written its log does not write that again.  Or one that is not there.
old() {
	marks | head -n 1 | while IFS= read -r mark; do
		case $mark in *' -') ;; *)
			case $lf$before$lf in *"$lf$mark$lf"*) ;; *) continue ;; esac ;;
		esac
		echo "${mark%% *}"
		break
	done
	for f in $products; do
		[ -e "$f" ] || { echo "$f"; break; }
	done
}
lf='
'
# Is another process writing a product?  Without flock(1) nobody can say.
locked() {
	command -v flock >/dev/null || return 1
	for f in $products; do
		! held "${f%/*}/.${f##*/}.part" || return 0
	done
	return 1
}
# The command's status; a signal goes on to it, for it may save its state.
told=
run() {
	trap 'told=1 again=1; kill -TERM "$!" 2>/dev/null || exit 143' HUP INT TERM
	"$@" &
	again=1 status=127
	# A signal to this shell may have ended the wait.  Another one finds no command if the
	# wait before had its status.
	while [ "$again" ]; do
		again=
		wait "$!"
		waited=$?
		[ "$waited" = 127 ] && [ "$told" ] || status=$waited
	done
	trap - HUP INT TERM
}
# Products of no bytes.  The first one, the last weights of a training, is written
# at the end, so that a kill before leaves something to be made.
empty() {
	set -- $products
	first=$1
	shift
	for f in "$@" "$first"; do
		: >"$f" || exit
		# The seconds of a log, and those of an earlier run.
		times=${f%.tsv}.time.tsv
		[ "$f" != "$log" ] && [ ! -e "$times" ] || : >"$times" || exit
	done
	exit 0
}

# Are the products there, and as new as the inputs?  make -B makes them all the same.
made() {
	case ${MAKEFLAGS%% *} in *B*) return 1 ;; esac
	[ "$inputs" ] && [ "$products" ] || return
	for p in $products; do
		[ -e "$p" ] || return
		for f in $inputs; do
			[ ! "$f" -nt "$p" ] || return
		done
	done
}

for f in $inputs; do
	case $f in *.safetensors | *.tsv | *.events) ;; *) continue ;; esac
	[ -e "$f" ] || { echo "$f: expected a file that the command of ${products%% *} reads" >&2; exit 74; }
	[ -s "$f" ] || [ "$knows" ] || empty
done
! made || exit 0
[ ! "$say" ] || printf '%s\n' "$*"
before=$(marks)
run "$@"
while [ "$status" = 75 ] && [ ! "$told" ]; do
	other=
	while locked; do
		other=1
		sleep 0.2
	done
	# That one may have finished before this looked.
	[ "$(old)" ] || exit 0
	[ "$other" ] || break
	run "$@"
done
set -- $products
if [ "$status" = 3 ]; then
	echo "${1%/*}: the training diverged; what depends on it is left out" >&2
	empty
fi
[ "$status" = 0 ] || exit "$status"
missing=$(old | head -n 1)
if [ "$missing" ]; then
	# The file system of another machine may show it a little later.
	sleep 1
	missing=$(old | head -n 1)
fi
[ ! "$missing" ] || {
	echo "$missing: the command that writes it ended with status 0, but did not write it" >&2
	exit 74
}
