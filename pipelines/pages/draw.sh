#!/bin/sh
# draw.sh: draw all pictures that the tables of a report's folder allow.
#	draw.sh KIND FOLDER
# KIND is compare, early or search.  FORMATS, 'svg png' by default, may have pdf as
# well.  Each picture is FOLDER/NAME.FORMAT; one that can no longer be drawn goes.
set -eu
kind=$1 folder=$2
here=$(dirname "$0")
if ! command -v gnuplot >/dev/null; then
	echo "gnuplot is not installed: $folder has no pictures" >&2
	exit 0
fi
. "$here/../alone.sh"
alone "$folder"
scratch=$folder/.draw
trap 'rm -rf "$scratch"' EXIT
rm -rf "$scratch"
mkdir "$scratch"

# draw NAME SCRIPT [ASSIGNMENTS]: gnuplot tells of lines without a point.
draw() {
	gnuplot -e "dir='$folder'; out='$scratch/$1'; formats='${FORMATS:-svg png}'; pages='$here'; ${3-}" \
		"$here/style.gp" "$here/$2.gp" 2>"$scratch/said" || {
		cat "$scratch/said" >&2
		echo "draw.sh: no picture $folder/$1" >&2
		exit 1
	}
}
# values TABLE COLUMN [WITH]: its values, each once; WITH: of rows where this column
# has a number.
values() {
	[ ! -s "$folder/$1.tsv" ] || awk -F '\t' -v column="$2" -v with="${3-}" '
	NR == 1 { for (i = 1; i <= NF; i++) at[$i] = i; next }
	(with == "" || tolower($at[with]) != "nan") && !seen[$at[column]]++ { print $at[column] }' \
		"$folder/$1.tsv"
}
groups() { awk -F '\t' 'NR > 1 && $3 != "none" && !seen[$3]++ { print $3 }' "$here/methods.tsv"; }

compare() {
	local g m r
	for g in $(groups); do
		draw "accuracy-$g" lines "what='accuracy'; of='$g'"
		[ -s "$folder/mean.tsv" ] || continue
		case $g in
		main | pretrained | dynamic | ablations | transfer | others)
			draw "iterations-$g" lines "what='iterations'; of='$g'"
			draw "multiply-adds-$g" lines "what='multiply-adds'; of='$g'"
			[ ! -s "$folder/mean.time.tsv" ] ||
				draw "seconds-$g" lines "what='seconds'; of='$g'"
			;;
		esac
		[ ! -s "$folder/layers.tsv" ] || draw "layers-$g" densities "of='$g'"
		[ "$g" = controls ] || [ ! -s "$folder/methods.tsv" ] ||
			draw "methods-$g" lines "what='methods'; of='$g'"
	done
	for m in $(values sets_mean method cet); do
		draw "sets-$m" sets "of='$m'"
	done
	if [ -s "$folder/sets_mean.tsv" ]; then
		draw set-size lines "what='set-size'; of='main'"
		[ ! -s "$folder/classes_mean.tsv" ] || draw classes classes
	fi
	for m in $(values distances method); do
		draw "distances-$m" distances "of='$m'"
	done
	for r in $(values epochs round); do
		draw "epochs-$r" heat "what='epochs'; of='$r'"
	done
	if [ -s "$folder/barriers_mean.tsv" ]; then
		draw instability instability "what='error_barrier'"
	fi
	for m in $(values rounds method); do
		case $m in imp | prac | earlybird) draw "rounds-$m" heat "what='rounds'; of='$m'" ;; esac
	done
}
early() {
	local w
	if [ -s "$folder/grid_mean.tsv" ]; then
		draw tickets tickets "what='grid_mean'"
		draw grid heat "what='grid_mean'; of=''"
	fi
	if [ -s "$folder/weights_mean.tsv" ]; then
		draw rates layers "what='rate'"
		draw W_std layers "what='W_std'"
		draw slopes layers "what='change_share'"
	fi
	[ ! -s "$folder/distances_mean.tsv" ] || draw distances heat "what='distances_mean'; of=''"
	[ ! -s "$folder/ppr_mean.tsv" ] || draw ppr ppr
	[ ! -s "$folder/gradual_mean.tsv" ] || draw gradual tickets "what='gradual_mean'"
	[ ! -s "$folder/memory_mean.tsv" ] || draw memory memory
}
search() {
	local w m
	for w in success gain lts length-gain; do
		draw "$w" networks "what='$w'"
	done
	draw gain-stages stages "what='gain'"
	draw length-stages stages "what='length_gain'"
	for m in $(values path network); do
		draw "path-$m" path "of='$m'"
	done
}

case $kind in
compare | early | search) "$kind" ;;
*) echo "draw.sh: expected compare, early or search, found '$kind'" >&2 && exit 2 ;;
esac
rm -f "$scratch/said"
# The same bytes at any time.
for pdf in "$scratch"/*.pdf; do
	[ ! -e "$pdf" ] || LC_ALL=C sed -i '/CreationDate/s/(D:[0-9]\{14\}/(D:19700101000000/' "$pdf"
done
# Pictures of which nothing is left have an SVG of their own; contact sheets have not.
for old in "$folder"/*.svg; do
	name=$(basename "$old" .svg)
	[ -e "$scratch/$name.svg" ] || rm -f "$folder/$name".svg "$folder/$name".png "$folder/$name".pdf
done
for new in "$scratch"/*; do
	[ ! -e "$new" ] || mv "$new" "$folder/"
done
