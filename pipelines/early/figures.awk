# figures.awk: what each picture of the study shows: a row a picture of its name,
# section, table, heading and caption.
#	awk -f figures.awk pictures='grid W_std ...' sparsity=0.8 seeds='1 2 3' \
#		diagonal='2 3' memory='1' rule='0.01' rewind=end FILE
# diagonal: seeds that have the grid's diagonal alone; memory: those of the
# memorization; rule: the checks' rate; rewind: what gradual pruning's tickets and
# the one-shot tickets beside them are rewound to.
function picture(name, section, table, heading, text) {
	print name, section, table, heading, text
}
function means(list,   seed) {
	return split(list, seed, " ") > 1 ? "means over seeds " list : "seed " list
}
END {
	OFS = "\t"
	picture("picture", "section", "table", "title", "caption")
	n = split(seeds, seed, " ")
	over = means(seeds)
	bands = n > 1 ? " Bands and bars: one standard deviation." : ""
	cut = sprintf("%.4g %%", 100 * sparsity)
	n = split(pictures, name, " ")
	for (i = 1; i <= n; i++)
		if (name[i] == "grid")
			picture("grid", "grid", "grid_mean.tsv", "Tickets (s, v)",
				"Test accuracy of the mask of epoch s (to the right, " cut " removed) on the weights after epoch v (downwards), retrained; above the line the dense network as it was after epoch s. " \
				(diagonal == "" ? "Means over seeds " seeds : "Means over the seeds that have the cell: seeds " diagonal " have s = v and v = 0 alone") ".")
		else if (name[i] == "tickets")
			picture("tickets", "grid", "grid_mean.tsv", "Is an early mask as good?",
				"Test accuracy of tickets over the epoch of their mask, rewound to θ0 and to the weights of that epoch; " over "." bands)
		else if (name[i] == "rates")
			picture("rates", "weights", "weights_mean.tsv", "Pseudo pruning rates",
				"Share of each layer's weights that pruning " cut " of all would take after each epoch; the first layer dark, the last light; " over ". Dotted: the learning rate falls.")
		else if (name[i] == "W_std")
			picture("W_std", "weights", "weights_mean.tsv", "Standard deviation of weights",
				"W_std of each layer over the dense run's epochs; " over ".")
		else if (name[i] == "slopes")
			picture("slopes", "weights", "weights_mean.tsv", "How fast W_std changes, and Equation 5",
				"Change of W_std an epoch, in percent of it; dashed what weight decay alone would do (Equation 5); the axis is linear around 0 and logarithmic beyond; " over ".")
		else if (name[i] == "distances")
			picture("distances", "masks", "distances_mean.tsv", "Masks of all pairs of epochs",
				"Share of all prunable weights in which two masks differ; " over ".")
		else if (name[i] == "ppr")
			picture("ppr", "ppr", "ppr_mean.tsv", "Pruned, then trained for one epoch",
				"Validation accuracy of a copy of the dense run that is pruned by " cut " and trained for one epoch at a constant rate, over the epoch of the copy; the early ticket by both rules (at " rule "); " over "." bands)
		else if (name[i] == "gradual")
			picture("gradual", "gradual", "gradual_mean.tsv", "Gradual and one-shot pruning",
				"Test accuracy of retrained tickets over the epoch of their last pruning, on " \
				(rewind == "end" ? "the weights of that epoch of their own training" : "θ" (rewind == 0 ? "0" : "_" rewind)) "; " over "." bands)
		else if (name[i] == "memory")
			picture("memory", "memory", "memory_mean.tsv", "Random labels learned by heart",
				"Accuracy on N samples with random labels after training on them, with masks of several epochs and with none; " means(memory) ".")
}
