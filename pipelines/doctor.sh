#!/bin/sh
# doctor.sh: check what works here, and say how to install what is missing; lt(1).
#	doctor.sh FOLDER
# The status is 1 if something does not work that a workflow needs.
set -u
export LC_ALL=C
here=${0%/*}
folder=$1
[ -d "$folder" ] && [ -w "$folder" ] || {
	echo "lt: $folder: expected a folder that can be written" >&2
	exit 74
}
bad=0
. "$here/alone.sh"
alone "$folder"
scratch=$folder/.lt-doctor
rm -rf "$scratch" && mkdir "$scratch" || exit 74
trap 'rm -rf "$scratch"' EXIT
trap 'exit 75' HUP INT TERM

# say STATE WHAT DETAIL
say() {
	printf '%-8s %-12s %s\n' "$1" "$2" "$3"
}
# fails WHAT DETAIL: no workflow runs without it.
fails() {
	say fails "$1" "$2"
	bad=1
}
# lacks WHAT PACKAGE USE: it is missing, and the package has it.
lacks() {
	say missing "$1" "$3; $(sh "$here/packages.sh" here "$2")"
}
# The first line that a program prints of its version.
version() {
	"$@" 2>&1 </dev/null | head -n 1
}

# --- What workflows need.
needs() {
	v=$(version make --version)
	case $v in
	'GNU Make 4.'[3-9]* | 'GNU Make 4.'[12][0-9]* | 'GNU Make '[5-9]*) say ok make "$v" ;;
	*)
		lacks make make "expected GNU Make 4.3 or later, found '${v:-none}'"
		bad=1
		;;
	esac
	v=$(version lt-train --version)
	case $v in
	lt-train\ *) say ok programs "$v" ;;
	*) fails programs "lt-train does not run: $v" ;;
	esac
}

# --- A training of a second with each table of kernels: the weights have the same bytes.
# train OUTPUT OPTION...
train() {
	to=$1
	shift
	lt-train -q -d set.data -e 1 --milestones 1 -b 32 "$@" -o "$to" 0.st 2>said
}
kernels() {
	(
		cd "$scratch" || exit
		{ lt-data synth -q -o set.data --count 96 --classes 2 --shape 1x8x8 &&
			lt-init -o 0.st --seed 1 --classes 2 --input 1x8x8 resnet8-demo; } 2>said ||
			{ fails kernels "$(head -n 1 said)"; exit 1; }
		# The table in use; then what each one runs on, or lacks.
		lt-info --cpu >cpu 2>said || { fails kernels "$(head -n 1 said)"; exit 1; }
		best=$(sed -n 's/^kernels	//p' cpu) others=''
		for k in ref $(awk -F '\t' '$2 == 1 && $1 != "ref" { print $1 }' cpu); do
			LT_KERN=$k train "$k.st" --threads 1 || { fails kernels "$(head -n 1 said)"; exit 1; }
			cmp -s ref.st "$k.st" ||
				{ fails kernels "$k computes other weights than ref"; exit 1; }
			[ "$k" = "$best" ] || others="$others $k"
		done
		lacks=$(awk -F '\t' '$2 == 0 { printf "; not %s: %s", $1, $3 }' cpu)
		say ok kernels "$best${others:+; the same bytes by}$others$lacks"
		n=$(nproc 2>/dev/null || getconf _NPROCESSORS_ONLN)
		if ! train all.st; then
			fails threads "$(head -n 1 said)"
			exit 1
		elif ! cmp -s ref.st all.st; then
			fails threads "$n threads compute other weights than one"
			exit 1
		fi
		say ok threads "$n processors${OMP_NUM_THREADS+, OMP_NUM_THREADS=$OMP_NUM_THREADS}"
	) || bad=1
}

# --- The file system of the folder: locks, and names that are replaced at once.
file_system() {
	(
		cd "$scratch" || exit
		if ! lt-data synth -q -o old.data --count 2 --classes 2 --shape 1x1x1 2>said ||
			! lt-data synth -q -o old.data --count 4 --classes 2 --shape 1x1x1 2>>said ||
			[ "$(lt-info old.data | sed -n 's/^samples	//p')" != 4 ] ||
			[ -e .old.data.part ]; then
			fails rename "$folder: a file cannot be replaced: $(head -n 1 said)"
			exit 1
		fi
		say ok rename "$folder: files are replaced as a whole"
		lt-data synth -o old.data --count 2 --classes 2 --shape 1x1x1 2>said
		if grep -q 'cannot be locked' said; then
			say missing locks "$folder: the file system has no flock; run one make at a time"
		elif ! command -v flock >/dev/null; then
			lacks flock util-linux '"lt status" takes what a killed stage left for a running one'
		elif mkfifo go && { flock held sh -c ': >ready; cat go >/dev/null' & } &&
			until [ -e ready ]; do sleep 0.1; done && flock -n held true; then
			say missing locks "$folder: two processes hold one lock; run one make at a time"
			echo >go
		else
			say ok locks "$folder: flock"
			echo >go
		fi
		wait
	) || bad=1
	say ok space "$(df -Ph "$folder" | awk 'NR == 2 { print $4 " free in " $6 }')"
}

# --- What makes pages.
pages() {
	v=$(version gnuplot --version)
	case $v in
	gnuplot\ *) say ok gnuplot "$v" ;;
	*) lacks gnuplot gnuplot-nox 'reports have no pictures' ;;
	esac
	if command -v cmark-gfm >/dev/null; then
		say ok cmark-gfm "$(version cmark-gfm --version)"
	else
		lacks cmark-gfm cmark-gfm 'reports have README.md, but no index.html'
	fi
}

# --- A cluster.
cluster() {
	if ! command -v sbatch >/dev/null; then
		say missing Slurm 'needed on a cluster only'
	elif nodes=$(timeout 5 sinfo -h -o %D 2>/dev/null); then
		say ok Slurm "$(version sinfo --version), $(echo "$nodes" | awk '{ n += $1 }
			END { print n + 0 }') nodes"
	else
		say fails Slurm 'the programs are there, but no controller answers'
	fi
}

# --- What builds lt: a compiler with OpenMP, and the headers of the libraries.
# compiles LINE...: does the compiler accept it?
compiles() {
	printf '%s\n' "$@" | ${CC:-cc} -fopenmp -x c -o /dev/null - 2>/dev/null
}
compiler() {
	if ! command -v "${CC:-cc}" >/dev/null; then
		lacks compiler gcc 'needed to build lt only'
		return
	fi
	v=$(version "${CC:-cc}" --version)
	if compiles '#include <omp.h>' 'int main(void) { return omp_get_max_threads() == 0; }'; then
		say ok compiler "$v, OpenMP"
	else
		lacks compiler gcc "$v has no OpenMP or no C library"
		return
	fi
	for l in jansson:libjansson-dev png:libpng-dev jpeglib:libjpeg-dev zlib:zlib1g-dev; do
		name=${l%%:*}.h
		if compiles '#include <stdio.h>' "#include <$name>" 'int main(void) { return 0; }'; then
			say ok "$name" found
		else
			lacks "$name" "${l#*:}" 'needed to build lt only'
		fi
	done
}

needs
kernels
file_system
pages
cluster
compiler
exit $bad
