#!/bin/sh
# page.sh: make the page of a report's folder from its tables and pictures.
#	page.sh [--embed] KIND FOLDER
# KIND is compare, early or search; PAGE in the environment names another
# template.  FOLDER/README.md comes from lt-page, FOLDER/index.html from that and
# cmark-gfm.  --embed puts pictures and tables into index.html.
set -eu
embed=
if [ "${1-}" = --embed ]; then
	embed=--embed
	shift
fi
here=$(dirname "$0")
kind=$1 folder=$2
. "$here/../alone.sh"
alone "$folder"
# README.md, which make waits for, comes last and vouches for index.html.
part=$folder/.README.md.part
lt-page -d "$folder" -o "$part" "${PAGE:-$here/$kind.md}"
if command -v cmark-gfm >/dev/null; then
	cmark-gfm -e table "$part" |
		lt-page --html $embed -d "$folder" --style "$here/style.css" \
			--script "$here/sort.js" -o "$folder/index.html" -
else
	echo "cmark-gfm is not installed: $folder has README.md and no index.html" >&2
fi
mv "$part" "$folder/README.md"
