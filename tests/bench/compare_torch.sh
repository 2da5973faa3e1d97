#!/bin/bash
# Is training the same in lt and in PyTorch?  One recipe, the same initial
# weights, each with its own order of samples and its own crops:
#
#	tests/bench/compare_torch.sh TRAIN.data TEST.data [IMAGES [EPOCHS [SEEDS]]]
#
# Means and standard deviations over SEEDS runs of each, an epoch a row; logs stay
# in $WORK (default: a temporary folder, which is removed).  $BUILD has lt's
# programs; $NET is the network, $THREADS the threads of both, $PYTHON has PyTorch.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
PATH=$(cd "${BUILD:-$here/../../build}" && pwd):$PATH
train=$(realpath "$1") test=$(realpath "$2") images=${3:-5000} epochs=${4:-6} seeds=${5:-3}
net=${NET:-resnet20} threads=${THREADS:-2}
first=$((epochs * 2 / 3)) second=$((epochs * 5 / 6))
if [ -z "${WORK:-}" ]; then
	WORK=$(mktemp -d)
	trap 'rm -rf "$WORK"' EXIT
fi
cd "$(mkdir -p "$WORK" && cd "$WORK" && pwd)"
export OMP_WAIT_POLICY=passive

seq -f %07.0f 0 $((images - 1)) >images.idx
for seed in $(seq "$seeds"); do
	lt-init -q --seed "$seed" -o "theta0.$seed" "$net"
	lt-train -q -d "$train" -i images.idx --val-data "$test" -b 128 \
		-e "$epochs" --milestones "$first,$second" --lr 0.1 \
		--augment crop-flip --seed "$seed" --threads "$threads" \
		--log "lt.$seed.tsv" -o "trained.$seed" "theta0.$seed"
	"${PYTHON:-python3}" "$here/train_torch.py" "theta0.$seed" "$train" \
		"$test" --index images.idx --epochs "$epochs" \
		--milestones "$first,$second" --seed "$seed" \
		--threads "$threads" >"torch.$seed.tsv"
done

awk -F '\t' '
FNR == 1 {
	split(FILENAME, name, ".")
	for (i = 1; i <= NF; i++)
		column[$i] = i
	next
}
{
	epoch = $column["epoch"]
	if (epoch > epochs)
		epochs = epoch
	n[name[1], epoch]++
	add("train_loss"); add("train_acc"); add("val_loss"); add("val_acc")
}
function add(what, v) {
	v = $column[what]
	sum[name[1], epoch, what] += v
	square[name[1], epoch, what] += v * v
}
function cell(who, e, what, k, m, s) {
	k = n[who, e]
	m = sum[who, e, what] / k
	s = k > 1 ? (square[who, e, what] - k * m * m) / (k - 1) : 0
	return sprintf("\t%.4g\t%.2g", m, s > 0 ? sqrt(s) : 0)
}
END {
	printf "epoch\twho"
	split("train_loss train_acc val_loss val_acc", all, " ")
	for (i = 1; i <= 4; i++)
		printf "\t%s\tsd", all[i]
	printf "\n"
	for (e = 1; e <= epochs; e++)
		for (w = 1; w <= 2; w++) {
			who = w == 1 ? "lt" : "torch"
			printf "%d\t%s", e, who
			for (i = 1; i <= 4; i++)
				printf "%s", cell(who, e, all[i])
			printf "\n"
		}
}' lt.*.tsv torch.*.tsv
