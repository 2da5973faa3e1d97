# captions.awk: what each picture shows, in words and numbers: a row a picture
# of its name, section, table, heading and caption.
#	awk -f lib.awk -f captions.awk search=prac seed=1 seeds=3 \
#		pictures='accuracy-main=imp,prac set-size ...' is=mean mean.tsv \
#		is=sets sets_mean.tsv is=classes classes_mean.tsv \
#		is=distances distances.tsv is=rounds rounds.tsv \
#		is=methods methods.tsv is=epochs epochs.tsv is=list FILE.idx...
# With is=time mean.time.tsv for those in seconds.
BEGIN { FS = OFS = "\t" }
is == "list" {
	size[FILENAME]++
	next
}
FNR == 1 { header(); next }
is == "mean" || is == "time" || is == "sets" {
	m = $at["method"]
	r = $at["round"] + 0
	for (name in at)
		row[is, m, r, name] = $at[name]
	if (is == "mean" && r > last)
		last = r
	if (is == "mean")
		sparsity[r] = $at["sparsity"]
	if (is == "sets" && r > last_set)
		last_set = r
}
is == "classes" && $at["method"] == search {
	x = $at["share_of_class"]
	classes++
	if (least == "" || x + 0 < least) { least = x + 0; least_name = $at["name"] }
	if (most == "" || x + 0 > most) { most = x + 0; most_name = $at["name"] }
}
is == "distances" {
	m = $at["method"]
	if (!((m, $at["seed"], $at["round"]) in training)) {
		training[m, $at["seed"], $at["round"]] = 1
		trainings[m]++
	}
	stops[m] += $at["stopped"]
	eps[m] = $at["eps"]
	if ($at["distance"] != "NaN" && $at["distance"] + 0 > widest[m] + 0)
		widest[m] = $at["distance"]
}
is == "rounds" {
	m = $at["method"]
	if (!(m in first_a))
		first_a[m] = $at["a"]
	if ($at["a"] == first_a[m]) {
		last_b[m] = $at["b"]
		apart[m] = plus_minus($at["distance"], $at["distance_std"], 3)
	}
}
is == "methods" && $at["a"] == "imp" && $at["b"] != "imp" {
	from_imp[$at["b"], $at["round"]] = plus_minus($at["distance"], $at["distance_std"], 3)
	if ($at["round"] + 0 > methods_last)
		methods_last = $at["round"] + 0
}
is == "epochs" {
	r = $at["round"]
	b = $at["b"] + 0
	a = $at["a"] + 0
	if (b > epoch_last[r])
		epoch_last[r] = b
	epoch_pair[r, a, b] = plus_minus($at["distance"], $at["distance_std"], 3)
}
function value(kind, m, r, what, places) {
	return plus_minus(row[kind, m, r, what], row[kind, m, r, what "_std"], places)
}
function have(kind, m, r) {
	return (kind, m, r, "n") in row
}
# The last round that all members have.
function shared(members, n, kind,   r, i) {
	for (r = last; r > 0; r--) {
		for (i = 1; i <= n && have(kind, members[i], r); i++)
			;
		if (i > n)
			return r
	}
	return 0
}
function over_seeds() {
	return seeds == 1 ? "one seed" : "means over " seeds " seeds, the bands are one standard deviation"
}
function group_of(name) {
	sub(/.*-/, "", name)
	return name == "main" ? "" : name == "criteria" ? ", other criteria of pruning" : \
		name == "subsets" ? ", other samples of the same number" : \
		name == "ablations" ? ", PrAC with one thing changed" : \
		name == "transfer" ? ", sets that another network found" : \
		name == "controls" ? ", random masks and new weights" : ", others"
}
function accuracy(name, members, n,   i, r, text) {
	r = shared(members, n, "mean")
	text = "Test accuracy of retrained tickets over sparsity: " over_seeds() ". The dense network has " \
		value("mean", "dense", 0, "test_acc", 2) " %."
	if (r) {
		text = text sprintf(" At %.2f %% sparsity:", sparsity[r])
		for (i = 1; i <= n; i++)
			text = text (i > 1 ? "," : "") " " title(members[i]) " " value("mean", members[i], r, "test_acc", 2) " %"
		text = text "."
	}
	print name, "accuracy", "mean.tsv", "Accuracy of tickets" group_of(name), text
}
function cost(name, members, n, kind, what, heading, lead, section, table,   i, r, text, x, imp) {
	r = shared(members, n, kind)
	text = lead ", " over_seeds() "."
	if (r) {
		text = text sprintf(" At %.2f %% sparsity:", sparsity[r])
		imp = have(kind, "imp", r) ? row[kind, "imp", r, what] : 0
		for (i = 1; i <= n; i++) {
			x = row[kind, members[i], r, what]
			text = text (i > 1 ? "," : "") " " title(members[i]) " " \
				(kind == "time" ? fixed(x, 1) : short(x))
			if (imp > 0 && members[i] != "imp" && x != "NaN")
				text = text sprintf(" (%.1f %% of IMP's)", 100 * x / imp)
		}
		text = text "."
	}
	print name, section, table, heading group_of(name), text
}
function set_size() {
	print "set-size", "sets", "sets_mean.tsv", "Size of the sets",
		"The set found in each round, in percent of D0, " over_seeds() "." last_sets()
}
function last_sets(   i, m, text) {
	for (i = 1; i <= n_sets; i++) {
		m = set_method[i]
		text = text (i > 1 ? "," : sprintf(" That of round %d:", last_set)) " " title(m) " " \
			value("sets", m, last_set, "set_share", 1) " %"
	}
	return text == "" ? "" : text "."
}
is == "sets" && $at["cet"] != "NaN" && !($at["method"] in set_seen) {
	set_seen[$at["method"]] = 1
	set_method[++n_sets] = $at["method"]
}
function bars(name, m,   text, both) {
	both = row["sets", m, last_set, "both"]
	text = sprintf("Samples critical for training (CET), for pruning (CEP) and both, of each round's set%s.", \
		seeds == 1 ? "" : ", means over " seeds " seeds; the whisker is the standard deviation of the whole")
	text = text sprintf(" Round %d: CET %s, CEP %s, both %s; together %s samples, %s %% of D0.", last_set,
		value("sets", m, last_set, "cet", 0), value("sets", m, last_set, "cep", 0),
		value("sets", m, last_set, "both", 0), value("sets", m, last_set, "set_size", 0),
		value("sets", m, last_set, "set_share", 1))
	print name, "sets", "sets_mean.tsv", "What the sets of " title(m) " are made of", text
}
function curves(name, m,   text) {
	text = (m == "earlybird" ? "Largest distance of the mask that would be pruned to those of the checks in the queue, in the training of each ticket" : \
		"Distance of the mask that would be pruned to the one at the check before, in each training of the search")
	text = text sprintf(", seed %s. Over all seeds %d of %d trainings were stopped early; the largest distance is %s, the limit %s.", \
		seed, stops[m], trainings[m], m in widest ? widest[m] : "-", eps[m])
	print name, "masks", "distances.tsv", "Distance of masks while training: " title(m), text
}
function heat(name, m,   text) {
	text = "Share of all prunable weights in which the masks of two rounds differ" \
		(seeds == 1 ? "" : ", means over " seeds " seeds") \
		sprintf("; rounds %s and %s: %s.", first_a[m], last_b[m], apart[m])
	if (m != "earlybird")
		text = text " Each mask lies within the one before: their sizes alone decide."
	print name, "masks", "rounds.tsv", "Distance between the masks of rounds: " title(m), text
}
function epochs(name, r,   last_epoch, text) {
	r += 0
	last_epoch = epoch_last[r]
	text = sprintf("The masks that IMP would prune after each epoch of round %d, pair by pair: differing weights as a share of those kept before%s. The first and the last epoch are %s apart%s.", \
		r, seeds == 1 ? "" : ", means over " seeds " seeds", epoch_pair[r, 1, last_epoch],
		last_epoch > 1 ? ", the last two " epoch_pair[r, last_epoch - 1, last_epoch] : "")
	print name, "masks", "epochs.tsv", "Distance between the masks of epochs: round " r, text
}
function overlap(name, members, n,   i, text) {
	text = "How far masks are from IMP's of the same round: weights in which they differ, divided by the sum of what both keep; 0 is the same mask, 1 none in common, and masks by lot are expected as far apart as their sparsity."
	text = text sprintf(" At %.2f %% sparsity:", sparsity[methods_last])
	for (i = 1; i <= n; i++)
		if ((members[i], methods_last) in from_imp)
			text = text (i > 1 ? "," : "") " " title(members[i]) " " from_imp[members[i], methods_last]
	print name, "masks", "methods.tsv", "Distance of masks from IMP's" group_of(name), text "."
}
function sheet(name,   file, n) {
	for (file in size)
		if (file ~ ("(^|/)" name "[.]idx$"))
			n = size[file]
	print name, "samples", name ".idx", "Samples " (name == "inside" ? "inside" : "outside") " the last set of " title(search),
		sprintf("Drawn by lot from the %s samples of D0 %s the set that seed %s found in round %d; under each, how often the dense run forgot it (inf: it never learned it), the most often forgotten first.", thousands(n + 0),
		name == "inside" ? "in" : "outside of", seed, last_set)
}
END {
	print "picture", "section", "table", "title", "caption"
	n_pictures = split(pictures, picture, " ")
	for (p = 1; p <= n_pictures; p++) {
		n = 0
		name = picture[p]
		if (at_sign = index(name, "=")) {
			n = split(substr(name, at_sign + 1), members, ",")
			name = substr(name, 1, at_sign - 1)
		}
		of = name
		sub(/^[a-z]*-/, "", of)
		if (name ~ /^accuracy-/)
			accuracy(name, members, n)
		else if (name ~ /^iterations-/)
			cost(name, members, n, "mean", "search_iterations", "Iterations per ticket",
				"Training iterations until each mask exists", "cost", "mean.tsv")
		else if (name ~ /^multiply-adds-/)
			cost(name, members, n, "mean", "all_multiply_adds", "Multiply-adds per ticket",
				"Multiply-adds executed until each mask exists, forward and backward, masked weights not counted, passes that score or compare samples included", "cost", "mean.tsv")
		else if (name ~ /^seconds-/)
			cost(name, members, n, "time", "search_seconds", "Seconds per ticket",
				"Seconds until each mask exists, by the clock of the machine that ran the search", "seconds", "mean.time.tsv")
		else if (name == "set-size")
			set_size()
		else if (name ~ /^sets-/)
			bars(name, of)
		else if (name == "classes")
			print name, "sets", "classes_mean.tsv", "Classes of the last set of " title(search),
				sprintf("Share of each class of D0 that is in the set of round %d: from %.1f %% (%s) to %.1f %% (%s); of all %d classes together %s %%.", \
				last_set, least, least_name, most, most_name, classes, value("sets", search, last_set, "set_share", 1))
		else if (name ~ /^distances-/)
			curves(name, of)
		else if (name ~ /^rounds-/)
			heat(name, of)
		else if (name ~ /^epochs-/)
			epochs(name, of)
		else if (name ~ /^methods-/)
			overlap(name, members, n)
		else
			sheet(name)
	}
}
