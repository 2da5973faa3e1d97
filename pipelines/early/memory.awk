# memory.awk: what one network has learned by heart, a row under its header.
#	awk -f memory.awk kind=oneshot epoch=20 pruned=0.8 samples=5000 \
#		is=mask TABLE is=log LOG is=learned TABLE
# absent.awk comes first: what a training that diverged has not left is NaN.
# density: of the mask.  learned_acc: accuracy on its samples after training, as
# lt-eval says; train_acc: the last epoch's, while it trained.
BEGIN {
	FS = OFS = "\t"
	density = "mask" in absent ? "NaN" : 1
	train = learned = "NaN"
}
FNR == 1 {
	split("", at)
	for (i = 1; i <= NF; i++)
		at[$i] = i
	next
}
is == "mask" && $at["name"] == "total" { density = $at["density"] }
is == "log" { train = $at["train_acc"] }
is == "learned" { learned = $at["top1"] }
END {
	print "kind", "epoch", "pruned", "density", "samples", "learned_acc", "train_acc"
	print kind, epoch, pruned, density, samples, learned, train
}
