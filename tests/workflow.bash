# What tests of the workflows share: a synthetic set and a net of 1288 weights.
net=synth/tiny/s1

# workflow "FILE..." ARGUMENT...: make with these makefiles into ./runs.
workflow() {
	local files=() f
	for f in $1; do files+=(-f "$ROOT/pipelines/$f"); done
	shift
	make "${files[@]}" V=0 OUT=runs DATA=synth \
		SYNTH='--classes 4 --shape 1x8x8' SYNTH_TRAIN=400 \
		SYNTH_TEST=100 VAL=80 ARCH="$BATS_FILE_TMPDIR/tiny.net" \
		EPOCHS=4 MILESTONES=3 BATCH=32 AUGMENT=none RATE=0.3 \
		ROUNDS=3 TICKETS='1 3' STOP_QUEUE=1 STOP_EPS=0.13 \
		STOP_START=always EB_QUEUE=2 EB_EPS=0.2 "$@"
}

# Hashes of all products: seconds are none, nor is what begins with a dot.
hashes() {
	find runs -type f ! -name '*.time' ! -name '.*' -exec sha256sum {} + |
		sort -k 2
}

# tiny_net NAME CHANNELS
tiny_net() {
	cat <<-NET
		net $1
		input 1 8 8
		conv1 = conv input $2 k3 p1
		bn1 = bn conv1
		a1 = relu bn1
		p1 = maxpool a1 k2
		conv2 = conv p1 16 k3 p1
		bn2 = bn conv2
		a2 = relu bn2
		pool = gap a2
		fc = linear pool 4 bias
		output fc
	NET
}

# column FILE NAME METHOD ROUND
column() {
	awk -F '\t' -v c="$2" -v m="$3" -v r="$4" '
	NR == 1 { for (i = 1; i <= NF; i++) if ($i == c) at = i; next }
	$1 == m && $2 == r { print $at }' "$1"
}
# size LIST, epochs LOG, iterations LOG
size() { wc -l <"$1"; }
epochs() { echo $(($(wc -l <"$1") - 1)); }
iterations() { tail -n 1 "$1" | cut -f 2; }
