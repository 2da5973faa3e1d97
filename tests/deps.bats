#!/usr/bin/env bats
# make deps: what is missing is installed or named; what tests lack is skipped.
# check.sh runs the tests that it is given.
# Quick: not run, for it tests shell scripts.
load common

# system PROGRAM...: a folder bin with these programs, which do nothing, and what a
# shell script needs; deps runs there.
system() {
	local p
	rm -rf bin
	mkdir bin
	for p in sh awk sed cat grep; do ln -s "$(command -v $p)" bin/$p; done
	for p in "$@"; do
		printf '#!/bin/sh\n' >bin/$p
		chmod +x bin/$p
	done
}
deps() {
	env -i PATH="$PWD/bin" "${@}" sh "$ROOT/.ci/deps" gcc libc6-dev libjpeg-dev : bats mandoc \
		-- dataset-fashion-mnist 2>&1
}

@test "without apt-get the packages are named as the system knows them" {
	system dnf
	deps | diff - <(printf '%s\n' \
		'deps: to build: sudo dnf install gcc glibc-devel libjpeg-turbo-devel' \
		'deps: to test: sudo dnf install bats mandoc')
	system pacman
	deps | diff - <(printf '%s\n' \
		'deps: to build: sudo pacman -S --needed gcc glibc libjpeg-turbo' \
		'deps: to test: sudo pacman -S --needed bats mandoc')
	deps CONDA_PREFIX=/opt/conda | head -n 1 | grep -qx \
		'deps: to build: conda install -c conda-forge c-compiler libjpeg-turbo'
	system
	deps | head -n 1 | grep -qx \
		'deps: to build: install what Debian calls gcc libc6-dev libjpeg-dev'
}

@test "without root, what building needs is refused, what tests need is named" {
	system apt-get dpkg-query id
	printf '#!/bin/sh\necho 1000\n' >bin/id
	run -1 deps
	[[ ${lines[0]} == 'deps: root is needed; run: sudo apt-get install '*'gcc libc6-dev '* ]]
	[ "${lines[1]}" = 'deps: without root: conda install -c conda-forge c-compiler libjpeg-turbo' ]
	# The compiler and its libraries are installed.
	printf '#!/bin/sh\ncase $* in *gcc* | *lib*) echo installed ;; esac\n' >bin/dpkg-query
	run -0 deps
	[[ $output == 'deps: going on without bats mandoc dataset-fashion-mnist (to have it: sudo '* ]]
}

@test "every package of make deps has its names in the other families" {
	local p
	sed -n '/^deps:/,/^$/p' "$ROOT/Makefile" | tr -d '\\\n' |
		sed 's/.*[.]ci.deps//; s/--.*//; s/ : / /' | xargs -n 1 >packages
	[ "$(wc -l <packages)" -ge 11 ]
	while read -r p; do
		sed -n '/^names/,/END$/p' "$ROOT/pipelines/packages.sh" | grep -qE "^	$p( +[^ ]+){3}$"
	done <packages
}

@test "without bats its files are skipped, and the suite says so" {
	local p
	mkdir -p tree/tests tree/b bin
	touch tree/tests/lt.bats
	cp "$ROOT/tests/check.sh" tree/tests
	printf '#!/bin/sh\necho "ok 1 - it"\n' >tree/b/unit_test
	chmod +x tree/b/unit_test
	for p in bash sh sed grep cat tee dirname basename mktemp rm wc; do
		ln -s "$(command -v $p)" bin/$p
	done
	BUILD=b PATH=$PWD/bin run -0 tree/tests/check.sh tests/lt.bats b/unit_test
	[ "${lines[-2]}" = 'skipped: - tests/lt.bats # skip bats is not installed' ]
	[ "${lines[-1]}" = '1 passed, 0 failed' ]
}

@test "check.sh takes tests by path or by name, and names what is none" {
	mkdir -p tree/tests b/unit
	cp "$ROOT/tests/check.sh" tree/tests
	printf '#!/usr/bin/env bats\n@test "it" { :; }\n' >tree/tests/x.bats
	printf '#!/bin/sh\necho "ok 1 - $0"\n' >b/unit/y_test
	chmod +x b/unit/y_test
	run -0 env JOBS=1 BUILD="$PWD/b" tree/tests/check.sh x.bats tests/x.bats y_test "$PWD/b/unit/y_test"
	[ "${lines[-1]}" = '4 passed, 0 failed' ]
	run -1 env BUILD="$PWD/b" tree/tests/check.sh z.bats
	[ "${lines[0]}" = 'not ok 1 - z.bats: expected a file of tests/ or a unit program, found none' ]
	[ "${lines[-1]}" = '0 passed, 1 failed' ]
}
