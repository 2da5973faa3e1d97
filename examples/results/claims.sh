#!/bin/sh
# claims.sh: print the rows of the README's table of results, from the tables of the
# folders here.  Each folder that has results gives those of claims/KIND.md.
set -e
export LC_ALL=C
cd "$(dirname "$0")"
for facts in */facts.tsv; do
	folder=${facts%/*} kind=compare
	case $folder in
	demo) continue ;;
	early-*) kind=early ;;
	search-*) kind=search ;;
	esac
	lt-page -d "$folder" "claims/$kind.md" | sed "s,(HERE),(examples/results/$folder),"
done | sort -s -t '|' -k 2,2
