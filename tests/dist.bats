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
	grep -m 1 -E '^[0-9.]+ \(' "$ROOT/NEWS" | grep -qxF "$version ($day)"
}

# install [NAME=VALUE]...: install what is there, whatever flags it was built with.
install_into() {
	make -s -o all -C "$ROOT" BUILD="$BUILD" DESTDIR="$PWD/$1" PREFIX=/usr "${@:2}" install
}

@test "make install puts every file in place, and what is installed works" {
	local f
	install_into root
	(cd "$ROOT" && git ls-files pipelines examples 2>/dev/null || :) >files
	while read -r f; do
		cmp "$ROOT/$f" "root/usr/share/lt/$f"
	done <files
	for f in "$ROOT"/man/*.[157]; do
		cmp "$f" "root/usr/share/man/man${f##*.}/${f##*/}"
	done
	for f in lt lt-train; do
		"$f" --completion bash | cmp - "root/usr/share/bash-completion/completions/$f"
		"$f" --completion zsh | cmp - "root/usr/share/zsh/site-functions/_$f"
	done
	env PATH="$PWD/root/usr/bin:/usr/bin:/bin" lt run imp DATA=synth EPOCHS=1 MILESTONES=1 \
		SYNTH='--classes 2 --shape 1x28x28' SYNTH_TRAIN=60 SYNTH_TEST=20 VAL=20 \
		ARCH=lenet-300-100 BATCH=20 AUGMENT=none ROUNDS=1 >log 2>&1 || { cat log >&2; return 1; }
	[ -s runs/synth/lenet-300-100/s1/imp/summary.tsv ]
}

@test "make uninstall removes what make install put there, and nothing else" {
	local f
	for f in bin/other share/man/man1/other.1 share/lt/pipelines/mine.mk \
		share/bash-completion/completions/other share/mine; do
		mkdir -p "root/usr/${f%/*}"
		echo mine >"root/usr/$f"
	done
	find root -type f | sort >before
	install_into root
	[ "$(find root -type f | wc -l)" -gt 150 ]
	make -s -C "$ROOT" BUILD="$BUILD" DESTDIR="$PWD/root" PREFIX=/usr uninstall
	find root -type f | sort | diff before -
	[ "$(find root -path '*/share/lt*' -type d | sort | xargs)" = \
		'root/usr/share/lt root/usr/share/lt/pipelines' ]
	rm root/usr/share/lt/pipelines/mine.mk
	make -s -C "$ROOT" BUILD="$BUILD" DESTDIR="$PWD/root" PREFIX=/usr uninstall
	[ ! -e root/usr/share/lt ]
	# Where nothing is, there is nothing to remove.
	make -s -C "$ROOT" BUILD="$BUILD" DESTDIR="$PWD/none" uninstall
	[ ! -e none ]
}

@test "a stripped installation has the programs without their symbols" {
	install_into root
	install_into stripped INSTALL_FLAGS=-s
	readelf -S root/usr/bin/lt-info | grep -q ' [.]symtab '
	run ! grep -q ' [.]symtab ' <(readelf -S stripped/usr/bin/lt-info)
	cmp root/usr/bin/lt stripped/usr/bin/lt
	[ "$(stripped/usr/bin/lt-info --version)" = "$(lt-info --version)" ]
	grep -qx '	@.*(MAKE).* install INSTALL_FLAGS=-s' "$ROOT/Makefile"
}

@test "objects have the same bytes in whatever folder they are compiled" {
	local f
	for f in one 'another/deep folder'; do
		mkdir -p "$f"
		cp -r "$ROOT/Makefile" "$ROOT/lib" "$ROOT/tools" "$f"
		CCACHE_DISABLE=1 make -s -C "$f" BUILD=b CFLAGS='-O1 -g' \
			b/lib/base/mem.o b/lib/base/err.o b/tools/lt-hamming.o >&2
	done
	for f in lib/base/mem.o lib/base/err.o tools/lt-hamming.o; do
		cmp "one/b/$f" "another/deep folder/b/$f"
		# They have debugging information, which names the source, not its folder.
		grep -q "${f%.o}.c" "one/b/$f"
		run ! grep -q "$PWD" "one/b/$f"
	done
}

@test "the packaging has the version of the release" {
	local version
	version=$(sed -n 's/^VERSION := //p' "$ROOT/Makefile")
	head -n 1 "$ROOT/.packaging/debian/changelog" | grep -q "^lt-tickets ($version-[0-9]*) "
	grep -q "^  version: $version\$" "$ROOT/.packaging/conda/recipe.yaml"
	# What it builds from is what make deps asks for.
	for p in zlib1g libpng libjpeg libjansson; do
		grep -q "^ $p-dev" "$ROOT/.packaging/debian/control"
		grep -q "$p-dev" "$ROOT/Makefile"
	done
}

@test 'what a header changes is compiled again, however BUILD is written' {
	cp -r "$ROOT/Makefile" "$ROOT/lib" "$ROOT/tools" .
	make -s BUILD="$PWD/build" "$PWD/build/lib/base/err.o"
	touch lib/base/err.h
	make -s BUILD=build build/lib/base/err.o
	[ build/lib/base/err.o -nt lib/base/err.h ]
	touch lib/base/err.h
	make -s BUILD="$PWD/build" "$PWD/build/lib/base/err.o"
	[ build/lib/base/err.o -nt lib/base/err.h ]
}
