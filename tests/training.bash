# What tests of lt-train share.
load common

# 240 images of 1x12x12 in 4 classes and a small residual network.
setup() {
	lt_setup
	synth set 240 4 1x12x12
	lt-init --input 1x12x12 --classes 4 --width 0.5 --seed 2 \
		-o 0.st resnet8-demo
	idx $(seq 0 199) > d.idx
	idx $(seq 200 239) > v.idx
}

# train OUT [OPTION...]: four epochs of batches of 48, the last one smaller.
# PREFIX comes before the command.
train() {
	local out=$1
	shift
	${PREFIX:-} lt-train -q -d set.data -i d.idx --val-index v.idx -e 4 \
		--milestones 2,3 -b 48 --lr 0.05 --seed 3 --augment crop-flip \
		--crop-pad 2 -o "$out" "$@"
}

half_mask() {
	lt-prune -r 0.7 -o m.mask 0.st
}
