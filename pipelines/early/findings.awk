# findings.awk: what the study of early tickets shows, in sentences whose numbers
# are computed, one a line.
#	awk -f lib.awk -f findings.awk sparsity=0.8 rewind=end \
#		is=grid grid_mean.tsv is=rates rates_mean.tsv is=slopes slopes_mean.tsv \
#		is=distances distances_mean.tsv is=ppr ppr_mean.tsv \
#		is=ticket ticket_mean.tsv is=gradual gradual_mean.tsv is=cost cost.tsv \
#		is=memory memory_mean.tsv is=steps steps_mean.tsv is=each TABLE...
# rewind: the weights of gradual pruning's tickets and of the one-shot tickets
# beside them: end, those at the end of the window; 0, θ0; or of an epoch.
# is=each: the tables of all seeds, for what diverged.  Any of the tables may be
# missing.  "As good as": a mean of at least the other's
# less its standard deviation, which is 0 with one seed.
BEGIN { FS = "\t" }
FNR == 1 { header(); next }
is == "each" {
	if (diverged())
		note_diverged()
	next
}
is == "grid" {
	s = $at["s"]
	v = $at["v"]
	acc[s, v] = $at["test_acc"]
	std[s, v] = $at["test_acc_std"]
	if (v == "dense" || s == "best")
		next
	if (!(s in mask))
		masks[++n_masks] = mask[s] = s
	if (!(v in weight))
		weights[++n_weights] = weight[v] = v
}
is == "rates" {
	look[++looks] = $at["epoch"]
	moved[looks] = $at["moved"]
	left[looks] = $at["from_last"]
}
is == "slopes" && number($at["ratio"]) {
	stretch = $at["first"] SUBSEP $at["last"]
	if (!(stretch in ratios))
		stretches[++n_stretches] = stretch
	rate_of[stretch] = $at["lr"]
	ratio[stretch, ++ratios[stretch]] = $at["ratio"] + 0
}
is == "distances" {
	apart[$at["a"], $at["b"]] = $at["distance"]
	if (!($at["a"] in compared))
		epochs[++n_epochs] = compared[$at["a"]] = $at["a"]
}
is == "ppr" {
	l = $at["lr"]
	if (!(l in checks))
		rates[++n_rates] = l
	check[l, ++checks[l]] = $at["epoch"]
	value[l, checks[l]] = $at["val_acc"]
	spread[l, checks[l]] = $at["val_acc_std"]
}
is == "ticket" { keep("ticket", $at["rule"]) }
is == "gradual" {
	key = $at["kind"] SUBSEP $at["window"]
	keep("gradual", key)
	if ($at["kind"] != "imp")
		shot_at[$at["kind"], $at["end"]] = key
	if ($at["kind"] != "dense" && $at["kind"] != "oneshot" && $at["kind"] != "imp")
		windows[++n_windows] = key
}
is == "cost" {
	keep("cost", $at["kind"] SUBSEP $at["window"])
	if ($at["kind"] == "imp")
		imp = $at["kind"] SUBSEP $at["window"]
}
is == "memory" {
	m = $at["epoch"]
	n = $at["samples"] + 0
	if (!(m in learners))
		learner[++n_learners] = learners[m] = m
	if (!(n in sizes))
		size[++n_sizes] = sizes[n] = n
	learned[m, n] = plus_minus($at["learned_acc"], $at["learned_acc_std"], 1)
	share[m, n] = $at["learned_acc"]
}
is == "steps" {
	e = $at["epoch"]
	if (!(e in stepped))
		step[++n_steps] = stepped[e] = e
	step_acc[$at["kind"], e] = $at["learned_acc"]
	step_std[$at["kind"], e] = $at["learned_acc_std"]
	pruned[e] = $at["pruned"]
	step_samples = $at["samples"]
}
function keep(kind, key,   name) {
	for (name in at)
		row[kind, key, name] = $at[name]
}
function percent(x, s) {
	return plus_minus(x, s, 2) " %"
}
function zero_if_nan(x) {
	return x == "NaN" ? 0 : x
}
# Accuracies of the tickets (s, v), v = s if it is "".
function along(v,   i, w, text, n) {
	for (i = 1; i <= n_masks; i++) {
		w = v == "" ? masks[i] : v
		if ((masks[i], w) in acc)
			text = text (n++ ? ", " : "") percent(acc[masks[i], w], std[masks[i], w]) \
				" (" masks[i] ")"
	}
	return text
}
# The first epoch from which on every mask is as good as the last one.
function settled(v,   i, w, last, first) {
	last = masks[n_masks]
	w = v == "" ? last : v
	if (!((last, w) in acc) || acc[last, w] == "NaN")
		return ""
	floor = acc[last, w] - zero_if_nan(std[last, w])
	for (i = n_masks; i; i--) {
		w = v == "" ? masks[i] : v
		if (!((masks[i], w) in acc) || acc[masks[i], w] == "NaN")
			continue
		if (acc[masks[i], w] < floor)
			break
		first = masks[i]
	}
	return first
}
function grid(   i, last, top, low) {
	printf("Tickets on θ0, test accuracy by the epoch of the mask: %s; the dense network has %s.\n",
		along(0), percent(acc["best", "dense"], std["best", "dense"]))
	if (settled(0) != "")
		printf("On θ0 every mask from epoch %s on is as good as that of epoch %s.\n", settled(0), masks[n_masks])
	if (along("") != "") {
		printf("Tickets on the weights of the mask's own epoch: %s.\n", along(""))
		if (settled("") != "")
			printf("There every one from epoch %s on is as good as that of epoch %s.\n", settled(""), masks[n_masks])
	}
	last = masks[n_masks]
	for (i = 1; i <= n_weights; i++) {
		if (!((last, weights[i]) in acc) || acc[last, weights[i]] == "NaN")
			continue
		if (top == "" || acc[last, weights[i]] > acc[last, top])
			top = weights[i]
		if (low == "" || acc[last, weights[i]] < acc[last, low])
			low = weights[i]
	}
	if (n_weights > 1 && top != "")
		printf("With the mask of epoch %s the weights of epoch %s are best (%s) and those of epoch %s worst (%s).\n", last,
			top, percent(acc[last, top], std[last, top]), low, percent(acc[last, low], std[last, low]))
}
function middle(stretch,   i, j, n, x, t) {
	n = ratios[stretch]
	for (i = 1; i <= n; i++) {
		t = ratio[stretch, i]
		for (j = i - 1; j && x[j] > t; j--)
			x[j + 1] = x[j]
		x[j + 1] = t
	}
	return n % 2 ? x[(n + 1) / 2] : (x[n / 2] + x[n / 2 + 1]) / 2
}
function layers(   i, j, part, text) {
	j = int((looks + 2) / 2)
	printf("The layers' pseudo pruning rates move by %s %% of all prunable weights from epoch %s to %s, by %s %% from %s to %s and by %s %% from %s to %s.\n",
		fixed(moved[2], 2), look[1], look[2], fixed(moved[j], 2), look[j - 1], look[j],
		fixed(moved[looks], 2), look[looks - 1], look[looks])
	for (i = 2; i < looks; i++)
		text = text (i > 2 ? ", " : "") fixed(left[i], 2) " % (" look[i] ")"
	printf("From the rates of the last epoch they are still apart by, epoch by epoch: %s.\n", text)
}
function slopes(   i, part, text) {
	for (i = 1; i <= n_stretches; i++) {
		split(stretches[i], part, SUBSEP)
		text = text (i > 1 ? "; " : "") sprintf("%.2f at rate %s (epochs %s to %s)",
			middle(stretches[i]), rate_of[stretches[i]], part[1], part[2])
	}
	printf("Change of W_std beside that of Eq. 5, median of the layers (1: as predicted): %s.\n", text)
}
function distances(   a, b, i, j, x, far, far_a, far_b) {
	a = epochs[1]
	b = epochs[n_epochs]
	printf("The masks of epochs %s and %s are %s apart, those of %s and %s %s; two masks by lot would be %.2f apart.\n",
		a, b, fixed(apart[a, b], 3), epochs[n_epochs - 1], b, fixed(apart[epochs[n_epochs - 1], b], 3),
		2 * sparsity * (1 - sparsity))
	for (i = 1; i < n_epochs; i++)
		for (j = i + 1; j <= n_epochs; j++) {
			a = epochs[i]
			b = epochs[j]
			if (!number(acc[a, 0]) || !number(acc[b, 0]) || !number(apart[a, b]))
				continue
			x = acc[a, 0] - acc[b, 0]
			if ((x < 0 ? -x : x) <= zero_if_nan(std[b, 0]) && apart[a, b] > far) {
				far = apart[a, b]
				far_a = a
				far_b = b
			}
		}
	if (far != "")
		printf("The farthest masks that do equally well on θ0, within one standard deviation: epochs %s and %s, %s apart, %s and %s.\n",
			far_a, far_b, fixed(far, 3), percent(acc[far_a, 0], std[far_a, 0]), percent(acc[far_b, 0], std[far_b, 0]))
	else if (n_masks)
		print "No two of these masks do equally well on θ0, within one standard deviation."
}
function ppr(   i, j, l, n, top) {
	for (i = 1; i <= n_rates; i++) {
		l = rates[i]
		n = checks[l]
		top = 1
		for (j = 2; j <= n; j++)
			if (value[l, j] > value[l, top])
				top = j
		printf("Pruned, then one epoch at rate %s: validation accuracy %s after epoch %s, %s after epoch %s, %s after epoch %s; the highest, %s, after epoch %s.\n",
			l, percent(value[l, 1], spread[l, 1]), check[l, 1],
			percent(value[l, int((n + 1) / 2)], spread[l, int((n + 1) / 2)]), check[l, int((n + 1) / 2)],
			percent(value[l, n], spread[l, n]), check[l, n], percent(value[l, top], spread[l, top]), check[l, top])
	}
}
# Of the online rule a mean is over the seeds where it said something.
function tickets(rule,   n, said) {
	if (!(("ticket", rule, "ticket") in row))
		return
	n = row["ticket", rule, "n"]
	said = sprintf("%.0f", n * row["ticket", rule, "stopped"])
	if (rule == "online" && said < n)
		printf("With %d of %d seeds the online rule does not say where the ticket is.\n", n - said, n)
	if (row["ticket", rule, "ticket"] == "NaN")
		return
	printf("The early ticket by the %s rule: epoch %s", rule,
		plus_minus(row["ticket", rule, "ticket"], row["ticket", rule, "ticket_std"], 1))
	if (rule == "online" && said == n)
		printf(", known at epoch %s", plus_minus(row["ticket", rule, "epoch"], row["ticket", rule, "epoch_std"], 1))
	print "."
}
function gradual(   i, key, shot, part, x, text, n, ahead) {
	for (i = 1; i <= n_windows; i++) {
		key = windows[i]
		split(key, part, SUBSEP)
		shot = "oneshot" SUBSEP row["gradual", key, "end"]
		text = text (i > 1 ? "; " : "") sprintf("%s over %s", percent(row["gradual", key, "test_acc"],
			row["gradual", key, "test_acc_std"]), part[2])
		if (number(row["gradual", key, "test_acc"]) && number(row["gradual", shot, "test_acc"])) {
			x = row["gradual", key, "test_acc"] - row["gradual", shot, "test_acc"]
			text = text sprintf(" (one-shot at epoch %s: %s, %s)", row["gradual", key, "end"], percent(row["gradual", shot, "test_acc"],
				row["gradual", shot, "test_acc_std"]), points(x))
			n++
			ahead += x > 0
		}
	}
	printf("Tickets of gradual pruning on %s: %s.\n", rewind == "end" ? \
		"the weights at the end of their window, and one-shot tickets on the weights of that epoch" : \
		"θ" (rewind == 0 ? "0" : "_" rewind) ", and one-shot tickets on the same weights", text)
	if (n)
		printf("Gradual pruning is ahead of one-shot pruning at %d of %d ends.\n", ahead, n)
}
function costs(   i, key, part, x) {
	for (i = 1; i <= n_windows; i++) {
		key = windows[i]
		split(key, part, SUBSEP)
		x = row["cost", key, "search_iterations_of_imp"]
		if (x != "" && x != "NaN")
			printf("To find its mask gradual pruning over %s took %s iterations, %.1f %% of what iterative pruning took to that sparsity.\n",
				part[2], thousands(row["cost", key, "search_iterations"]), 100 * x)
	}
}
function iterative() {
	printf("Iterative pruning's ticket of %.1f %% sparsity has %s.\n", row["cost", imp, "sparsity"],
		percent(row["gradual", imp, "test_acc"], row["gradual", imp, "test_acc_std"]))
}
function masked(m) {
	return m == "dense" ? "no mask" : "the mask of epoch " m
}
function memory(   i, j, n, text) {
	for (j = 1; j <= n_sizes; j++) {
		n = size[j]
		text = ""
		for (i = 1; i <= n_learners; i++)
			text = text (i > 1 ? ", " : "") learned[learner[i], n] " % with " masked(learner[i])
		printf("Of %s random labels are learned: %s.\n", thousands(n), text)
	}
}
function steps(   i, e, text) {
	for (i = 1; i <= n_steps; i++) {
		e = step[i]
		text = text (i > 1 ? "; " : "") sprintf("%s against %s at %s %% (epoch %s)",
			plus_minus(step_acc["gradual", e], step_std["gradual", e], 1),
			plus_minus(step_acc["oneshot", e], step_std["oneshot", e], 1), 100 * pruned[e], e)
	}
	printf("Of %s random labels, percent learned under gradual pruning's masks against one-shot masks of the same sparsity: %s.\n",
		thousands(step_samples), text)
}
END {
	say_diverged()
	if (n_masks)
		grid()
	if (looks > 2)
		layers()
	if (n_stretches)
		slopes()
	if (n_epochs > 1)
		distances()
	if (n_rates)
		ppr()
	tickets("offline")
	tickets("online")
	if (n_windows)
		gradual()
	if (imp != "")
		iterative()
	costs()
	memory()
	if (n_steps)
		steps()
}
