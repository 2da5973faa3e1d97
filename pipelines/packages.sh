#!/bin/sh
# packages.sh: print the command that installs packages.
#	packages.sh here|debian|fedora|arch|conda PACKAGE...
# Packages have Debian's names; "here" finds out which package manager there is.
set -u

# The names of packages of Debian, Fedora, Arch and conda-forge; "-": none is needed, or
# none was found.  On 2026-11-28 they were looked up in the package indexes of Fedora (42
# to 44) and Arch and among the recipes of conda-forge, except gcc, make, the C library,
# gnuplot and util-linux of Fedora, and those and zlib, libpng, jansson and parallel of
# Arch.  In Fedora zlib-ng-compat-devel provides zlib-devel.
names() {
	cat <<-'END'
	gcc                   gcc                  gcc           c-compiler
	make                  make                 make          make
	libc6-dev             glibc-devel          glibc         -
	zlib1g-dev            zlib-devel           zlib          zlib
	libpng-dev            libpng-devel         libpng        libpng
	libjpeg-dev           libjpeg-turbo-devel  libjpeg-turbo libjpeg-turbo
	libjansson-dev        jansson-devel        jansson       jansson
	bats                  bats                 bats          bats-core
	parallel              parallel             parallel      parallel
	mandoc                mandoc               mandoc        -
	gnuplot-nox           gnuplot              gnuplot       gnuplot
	cmark-gfm             -                    cmark-gfm     cmark-gfm
	util-linux            util-linux           util-linux    util-linux
	slurm-client          slurm                slurm-llnl    -
	END
}
# family COLUMN PACKAGE...: the names in that column.
family() {
	column=$1
	shift
	for p in "$@"; do
		names | awk -v p="$p" -v c="$column" '$1 == p && $c != "-" { printf " %s", $c }'
	done
}

to=$1
shift
if [ "$to" = here ]; then
	if [ "${CONDA_PREFIX-}" ]; then
		to=conda
	elif command -v apt-get >/dev/null; then
		to=debian
	elif command -v dnf >/dev/null; then
		to=fedora
	elif command -v pacman >/dev/null; then
		to=arch
	elif command -v conda >/dev/null; then
		to=conda
	fi
fi
case $to in
debian) command='sudo apt-get install' column=1 ;;
fedora) command='sudo dnf install' column=2 ;;
arch) command='sudo pacman -S --needed' column=3 ;;
conda) command='conda install -c conda-forge' column=4 ;;
*)
	echo "install what Debian calls $*"
	exit
	;;
esac
packages=$(family "$column" "$@")
if [ "$packages" ]; then
	echo "$command$packages"
else
	echo "there is no package of $*"
fi
