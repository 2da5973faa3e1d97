# stage.awk: a stage of a ticket search, one row under its header.
#	awk -f stage.awk network=NAME seed=1 stage=03 is=mask TABLE is=log LOG \
#		is=test TABLE is=train TABLE is=length TABLE
# sparsity: percent of the prunable weights removed.  val_acc is the best one;
# test_acc, length and train_acc (on D0, in evaluation mode) belong to the same
# weights.  What a training that diverged has not left is NaN.
BEGIN {
	FS = OFS = "\t"
	sparsity = best = accuracy = learned = best_epoch = "NaN"
	last = "NaN" OFS "NaN" OFS "NaN" OFS "NaN"
	length_of = "NaN" OFS "NaN"
}
# A missing number is NaN; earlier versions wrote nan.
/(^|\t)nan(\t|$)/ {
	for (i = 1; i <= NF; i++)
		if ($i == "nan")
			$i = "NaN"
}
FNR == 1 {
	split("", at)
	for (i = 1; i <= NF; i++)
		at[$i] = i
	next
}
is == "mask" && $at["name"] == "total" {
	sparsity = sprintf("%.9g", 100 * (1 - $at["kept"] / $at["count"]))
}
is == "log" {
	if (best == "NaN" || $at["val_acc"] + 0 > best + 0) {
		best = $at["val_acc"]
		best_epoch = $at["epoch"]
	}
	last = $at["epoch"] OFS $at["iteration"] OFS $at["presentations"] OFS $at["macs"]
}
is == "test" { accuracy = $at["top1"] }
is == "train" { learned = $at["top1"] }
is == "length" { length_of = $at["length"] OFS $at["length_std"] }
END {
	if (stage == 0)
		sparsity = 0
	print "network", "seed", "stage", "sparsity", "val_acc", "test_acc", "best_epoch",
		"epochs", "iterations", "presentations", "macs", "length", "length_std", "train_acc"
	print network, seed, stage + 0, sparsity, best, accuracy, best_epoch, last, length_of, learned
}
