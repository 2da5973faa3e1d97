#!/bin/sh
# facts.sh: a table of what was done on what, for a page.
#	facts.sh OUT NAME NET SEEDS SEARCHES COMMAND [TRAIN.data TEST.data VAL.idx D0.idx THETA0]
# What lt-info says of a file is its line of that name.
info() { lt-info -q "$2" | awk -F '\t' -v name="$1" '$1 == name { print $2; exit }'; }
count() { wc -l <"$1" | tr -d ' '; }
out=$1
shift
version=$(lt-info --version | sed 's/^lt-info/lt/')
facts() {
	if [ $# = 5 ]; then
		printf '%s\t%s\n' fact value 'data set' "$1" networks "$2" seeds "$3" \
			'made by' "$version" command "$5"
		return
	fi
	printf '%s\t%s\n' fact value \
		'data set' "$1" \
		'training images (D0)' "$(count "$9")" \
		'validation images' "$(count "$8")" \
		'test images' "$(info samples "$7")" \
		classes "$(info classes "$6")" \
		image "$(info shape "$6")" \
		network "$2" \
		parameters "$(info parameters "${10}")" \
		'prunable weights' "$(info weights "${10}")" \
		'multiply-adds of an image' "$(info multiply_adds "${10}")" \
		seeds "$3" \
		methods "$4" \
		'made by' "$version" \
		command "$5"
}
. "${0%/*}/alone.sh"
part=${out%/*}/.${out##*/}.part
alone "${out%/*}"
facts "$@" >"$part" && mv "$part" "$out"
