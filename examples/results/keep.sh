#!/bin/sh
# keep.sh: keep the results of a study in its folder: the tables, the page, its first
# picture, and the last masks of IMP and PrAC, but no checkpoints.
#	keep.sh OUT/DATASET/NET/report FOLDER
#	keep.sh OUT/DATASET/NET/early FOLDER
#	keep.sh OUT/search FOLDER
# FOLDER/notes.md, if it is there, is a part of the page; so are wallclock.md,
# wallclock.tsv and torch.tsv, which wallclock.sh and its page say how to make.
set -eu
[ $# = 2 ] && [ -s "$1/facts.tsv" ] && [ -d "$2" ] || {
	echo 'Usage: keep.sh REPORT FOLDER' >&2
	exit 2
}
report=$1 folder=$2
case ${1##*/} in
early) kind=early picture=tickets ;;
search) kind=search picture=gain ;;
*) kind=compare picture=accuracy-main ;;
esac
for old in "$folder"/*.tsv; do
	case ${old##*/} in
	wallclock.tsv | torch.tsv) ;;
	*) rm -f "$old" ;;
	esac
done
rm -f "$folder"/*.svg
for table in "$report"/*.tsv; do
	case ${table##*/} in
	*.matrix.tsv | forget.tsv) ;;
	*) cp "$table" "$folder" ;;
	esac
done
[ -s "$report/$picture.svg" ] || picture=accuracy-dynamic
[ -s "$report/$picture.svg" ] || picture=instability
[ ! -s "$report/$picture.svg" ] || cp "$report/$picture.svg" "$folder"
# The mask of a method's last round, of each seed of the page; of seeds that a joined report
# has they are there already.
seeds=$(sed -n 's/^seeds\t//p' "$report/facts.tsv")
for mask in "$folder"/masks/*; do
	seed=${mask##*/s}
	seed=${seed%%-*}
	case " $seeds " in
	*" $seed "*) [ -d "${report%/*}/s$seed" ] || continue ;;
	esac
	rm -f "$mask"
done
for seed in $seeds; do
	for method in imp prac; do
		last=
		for mask in "${report%/*}/s$seed/$method"/*/ticket.mask.safetensors; do
			[ ! -s "$mask" ] || last=$mask
		done
		[ "$last" ] || continue
		mkdir -p "$folder/masks"
		round=${last%/*}
		gzip -9n <"$last" >"$folder/masks/s$seed-$method-${round##*/}.mask.safetensors.gz"
	done
done
lt-page -d "$folder" -o "$folder/README.md" "$(dirname "$0")/../../pipelines/pages/$kind.md"
