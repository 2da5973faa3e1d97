#!/usr/bin/env bats
# The tarball of a release.
# Quick: not run, for it tests a shell script.
load common

tarball=lt-$(sed -n 's/^VERSION := //p' "$ROOT/Makefile").tar.gz

# dist FOLDER: its tarball, written into ./out.
dist() {
	make -s -C "$1" BUILD="$PWD/out" dist >&2
}

@test "make dist: the same bytes from git and from an unpacked tarball, which builds" {
	[ -e "$ROOT/.git" ] || [ -e "$ROOT/MANIFEST" ] || skip 'neither git nor MANIFEST'
	dist "$ROOT"
	mv "out/$tarball" first.tar.gz
	[ "$(ls -A out)" = "" ]
	tar -xf first.tar.gz
	cd "${tarball%.tar.gz}"
	[ -x tests/lint.sh ]
	# Other times, modes and files do not matter.
	find . -exec touch -d 2020-02-02 {} +
	chmod -R go-rwx .
	touch stray lib/stray.c
	(umask 077 && dist .)
	cmp "out/$tarball" ../first.tar.gz
	rm -r out lib/stray.c
	# Every source is there: the programs that use most of them are built.
	CCACHE_BASEDIR=$PWD make -s -j2 BUILD=b CFLAGS=-O0 KERN_OPT=-O0 \
		b/lt-train b/lt-info >&2
	[ "$(b/lt-info --version)" = "$(lt-info --version)" ]
}

@test "make dist without git and MANIFEST says what is missing" {
	mkdir -p tree/.ci
	cp "$ROOT/.ci/dist" tree/.ci
	BUILD=out VERSION=1 run -1 tree/.ci/dist
	[[ $output = "dist: neither .git nor MANIFEST "* ]]
}

@test "the version and the day of the release are the same everywhere" {
	local version day
	version=$(sed -n 's/^VERSION := //p' "$ROOT/Makefile")
	[ "$version" = "$(sed -n 's/^version: *//p' "$ROOT/CITATION.cff")" ]
	day=$(sed -n 's/^date-released: *//p' "$ROOT/CITATION.cff")
	date -d "$day" >&2
	grep -m 1 '^[0-9]' "$ROOT/NEWS" | grep -qxF "$version ($day)"
}

@test "make install puts every file in place, and what is installed works" {
	local f
	# -o: the programs are there, whatever flags they were built with.
	make -s -o all -C "$ROOT" BUILD="$BUILD" DESTDIR="$PWD/root" PREFIX=/usr install
	(cd "$ROOT" && git ls-files pipelines examples 2>/dev/null || :) >files
	while read -r f; do
		cmp "$ROOT/$f" "root/usr/share/lt/$f"
	done <files
	for f in "$ROOT"/man/*.[157]; do
		cmp "$f" "root/usr/share/man/man${f##*.}/${f##*/}"
	done
	env PATH="$PWD/root/usr/bin:/usr/bin:/bin" lt run imp DATA=synth EPOCHS=1 MILESTONES=1 \
		SYNTH='--classes 2 --shape 1x28x28' SYNTH_TRAIN=60 SYNTH_TEST=20 VAL=20 \
		ARCH=lenet-300-100 BATCH=20 AUGMENT=none ROUNDS=1 >log 2>&1 || { cat log >&2; return 1; }
	[ -s runs/synth/lenet-300-100/s1/imp/summary.tsv ]
	make -s -C "$ROOT" BUILD="$BUILD" DESTDIR="$PWD/root" PREFIX=/usr uninstall
	[ -z "$(find root -type f)" ]
}
