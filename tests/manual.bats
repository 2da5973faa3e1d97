#!/usr/bin/env bats
# The pages of section 7 on workflows: their settings are those of the makefiles, and
# their commands can be planned.
# Quick: not run, for it tests pages and makefiles.
load common

# settings PAGE: the settings that the page explains, as NAME=DEFAULT; without a default
# where make computes it.
settings() {
	sed -n 's/^\.It Cm \([A-Z0-9_]*\) Ns =\(.*\)/\1=\2/p' "$ROOT/man/$1.7" | sort
}

# declared MAKEFILE...: those that the makefiles declare, likewise.
declared() {
	(cd "$ROOT/pipelines" && lt-settings list --tsv "$@") |
		awk -F '\t' 'NR > 1 { print $2 "=" $4 }' | sort
}

# Of all workflows; the studies' own defaults are not those of the page.
all_declared() {
	local f
	for f in "$ROOT"/pipelines/{prac,control,reinit,small,long-dense,rewind-settings,instability,transfer,moved,earlybird,channels,dst,gradual,grid,weights,ppr,memorize,report}.mk; do
		declared "${f##*/}" run.mk
	done | awk -F = '!seen[$0]++' | sort -t = -s -k 1,1
}

@test "lt-pipelines(7) has all settings of the workflows and no others" {
	all_declared >have
	cut -d = -f 1 have | uniq >names
	[ "$(wc -l <names)" -gt 90 ]
	settings lt-pipelines >page
	cut -d = -f 1 page | diff names -
	# A default of the page is that of some makefile.
	grep -v '=$' page | while IFS= read -r line; do
		grep -qxF -- "$line" have || { echo "another default: $line" >&2; exit 1; }
	done
	# What the page leaves open, make computes or has as empty.
	grep '=$' page | cut -d = -f 1 | while IFS= read -r name; do
		grep -qE "^$name=($|.*\\$\()" have || { echo "no default: $name" >&2; exit 1; }
	done
}

@test "lt-search(7) has the settings of ticket searches and their defaults" {
	settings lt-search >page
	[ "$(wc -l <page)" -gt 8 ]
	{ declared search-settings.mk search.mk && declared report-search.mk; } >have
	while IFS= read -r line; do
		grep -qxF -- "$line" have || { echo "not declared: $line" >&2; false; }
	done <page
	# Whatever the makefiles of searches declare themselves is in the page.
	(cd "$ROOT/pipelines" && sed -n 's/^\([A-Z_]*\) ?=.*#.*/\1/p' search-settings.mk \
		search.mk report-search.mk) | grep -v '^NETWORKS$' | sort -u >own
	[ -s own ]
	cut -d = -f 1 page | grep -v '^NETWORKS$' | diff own -
}

# commands PAGE: the commands of the page that begin with "lt run", one a line.
commands() {
	sed -n '/^\.Bd -literal/,/^\.Ed/p' "$ROOT/man/$1.7" | sed 's/\\e$/\\/; s/\\-/-/g' |
		sed -e ':a' -e '/\\$/{ N; s/\\\n[[:space:]]*/ /; ba' -e '}' | grep '^ *lt run'
}

@test "the commands of the pages can be planned" {
	local page n=0 line
	# Nothing is read of the data but its kind; a folder of classes stands for all.
	mkdir cifar-10-batches-bin tiny-imagenet-200 ImageNet fashion-mnist FOLDER folder first rest
	lt-init -q --form torchvision -o r18.safetensors resnet18
	for page in lt-pipelines lt-prac lt-moved lt-early lt-search lt-cluster; do
		commands "$page" >list
		while IFS= read -r line; do
			eval "timeout 60 ${line/lt run/lt run -n}" >plan 2>&1 </dev/null ||
				{ echo "$page: $line" >&2; tail -n 3 plan >&2; false; }
			grep -q 'lt-train' plan
			n=$((n + 1))
		done <list
	done
	[ "$n" -ge 12 ]
}

@test "what lt(7) names as features is there: options, searches, settings, scripts" {
	sed -n '/^\.Ss Features/,/^\.El/p' "$ROOT/man/lt.7" | sed -n 's/^\.It .* Ta //p' |
		sed 's/\\-/-/g; s/Li //g; s/ \([,;]\)/\1/g' >rows
	[ "$(wc -l <rows)" -ge 20 ]
	local word program=
	tr -d ',;' <rows | tr ' ' '\n' | grep -v '^Xr$\|^[157]$' >words
	while IFS= read -r word; do
		case $word in
		lt-*) program=$word; [ -n "$(ls "$ROOT"/man/"$word".[157])" ] ;;
		--*) "$program" --help >help; grep -q -- " $word[ \$]" help ;;
		*.py) [ -s "$ROOT/examples/${word#examples/}" ] ;;
		remap | pack) lt-data --help >help; grep -q -- "$word" help ;;
		[A-Z]*) grep -q "^$word ?=" "$ROOT"/pipelines/*.mk ;;
		*) [ -n "$(ls "$ROOT"/pipelines/{,searches/}"$word".mk 2>/dev/null)" ] ;;
		esac || { echo "not there: $word" >&2; return 1; }
	done <words
}
