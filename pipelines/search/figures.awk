# figures.awk: what each picture of the searches shows: a row a picture of its name,
# section, table, heading and caption.
#	awk -f figures.awk pictures='success gain ...' FILE
function picture(name, section, table, heading, text) {
	print name, section, table, heading, text
}
END {
	OFS = "\t"
	picture("picture", "section", "table", "title", "caption")
	sorted = " Networks by their number of parameters, the smallest first."
	n = split(pictures, name, " ")
	for (i = 1; i <= n; i++)
		if (name[i] == "success")
			picture("success", "success", "networks.tsv", "Success rate",
				"Share of searches that find a winning ticket, with its exact binomial 95 % interval; dashed what chance alone gives when no stage is better than another, K/(K + 1) of K prunings." sorted)
		else if (name[i] == "gain")
			picture("gain", "gain", "networks.tsv", "Accuracy gain of the best sparse stage",
				"Test accuracy of the best sparse stage against the dense one of the same search, in percent of it: mean and standard deviation, over all searches and, as in the paper, over those that found a winning ticket." sorted)
		else if (name[i] == "lts")
			picture("lts", "gain", "networks.tsv", "LTS score",
				"Mean accuracy gain of the best sparse stage times success rate: over the searches that found a winning ticket, which is the score, and over all searches." sorted)
		else if (name[i] == "length-gain")
			picture("length-gain", "length", "networks.tsv", "Trajectory length of the stages chosen",
				"Trajectory length of the best sparse and of the sparsest matching stage against the dense one, in percent of it: mean and standard deviation." sorted)
		else if (name[i] == "length-stages")
			picture("length-stages", "length", "gains.tsv", "Trajectory length from stage to stage",
				"Trajectory length of each stage against the dense one of the same search, in percent of it; means over the searches.")
		else if (name[i] == "gain-stages")
			picture("gain-stages", "gain", "gains.tsv", "Accuracy from stage to stage",
				"Test accuracy of each stage against the dense one of the same search, in percent of it; means over the searches.")
		else {
			of = name[i]
			sub(/^path-/, "", of)
			picture(name[i], "path", "path.tsv", "An arc through " of,
				"What becomes of one arc between two test images, projected to a plane, in the search of the first seed: in the network as initialized, dense after training, and at the last stage, unless a training diverged. Each panel is a node of the network; the projection of a node is the same in all three.")
		}
}
