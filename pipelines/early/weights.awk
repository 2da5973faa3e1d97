# weights.awk: the weights of each layer after epochs of the dense run.
#	awk -f lib.awk -f weights.awk what=weights momentum=0.9 decay=1e-4 \
#		dir=FOLDER epochs='0 1 2 ...' LOG
# FOLDER holds epoch-E.weights.tsv and epoch-E.mask.tsv, lt-info's tables of the
# weights and of the mask that one-shot pruning takes from them.  what:
#	weights	W_std and mean of each layer at each look, the rate at which pruning
#		would thin it (NaN: not prunable); how W_std has changed since
#		the look before and how Eq. 5 says it should: both as they are
#		and as a share of W_std, in percent an epoch
#	slopes	the same over each stretch of one learning rate, between its first
#		and last looks; ratio: of the logarithms, 1 where Eq. 5 holds
#	rates	weights that go to another layer's account from look to look, and
#		that are on another one's than at the last look: half the sum of
#		what the layers' removed weights differ by, in percent of all
#		prunable weights
# Eq. 5: n steps take w to (1 - n lr decay / (1 - momentum)) w; over several
# epochs, the product.
BEGIN {
	FS = OFS = "\t"
}
FNR == 1 { header(); next }
{
	e = $at["epoch"] + 0
	iteration[e] = $at["iteration"]
	lr[e] = $at["lr"]
	factor[e] = 1 - (iteration[e] - iteration[e - 1]) * lr[e] * decay / (1 - momentum)
}
# Are there weights after epoch e?  If not, the dense run diverged before.
function load(e,   file, n, name) {
	file = dir "/epoch-" e ".weights.tsv"
	for (n = 0; (getline <file) > 0; n++) {
		if (!n)
			header()
		else if (cell("name") ~ /[.]weight$/ && cell("shape") ~ /x/) {
			name = layer_name()
			if (!(name in count)) {
				layer[++layers] = name
				count[name] = cell("count")
			}
			std[name, e] = cell("W_std")
			middle[name, e] = cell("mean")
		}
	}
	close(file)
	if (!n)
		return (getline <file) < 0 ? fail(file) : 0
	file = dir "/epoch-" e ".mask.tsv"
	for (n = 0; (getline <file) > 0; n++) {
		if (!n)
			header()
		else if (cell("name") != "total")
			gone[layer_name(), e] = cell("count") - cell("kept")
	}
	close(file)
	if (!n)
		fail(file)
	return 1
}
function layer_name(   name) {
	name = cell("name")
	sub(/[.]weight$/, "", name)
	return name
}
function fail(file) {
	print "weights.awk: cannot read " file >"/dev/stderr"
	failed = 65
	exit failed
}
function predicted(from, to,   e, f) {
	f = 1
	for (e = from + 1; e <= to; e++)
		f *= factor[e]
	return f
}
function rate(name, e) {
	return (name, e) in gone ? digits(100 * gone[name, e] / count[name]) : "NaN"
}
function weights(   i, j, e, before, name, w, f, t) {
	print "epoch", "iteration", "lr", "layer", "count", "W_std", "W_mean", "rate",
		"change", "predicted", "change_share", "predicted_share"
	for (i = 1; i <= looks; i++)
		for (j = 1; j <= layers; j++) {
			e = look[i]
			name = layer[j]
			line = e OFS iteration[e] + 0 OFS (e ? lr[e] : "NaN") OFS name \
				OFS count[name] OFS std[name, e] OFS middle[name, e] \
				OFS rate(name, e)
			if (i == 1) {
				print line, "NaN", "NaN", "NaN", "NaN"
				continue
			}
			before = look[i - 1]
			w = std[name, before]
			t = e - before
			f = predicted(before, e)
			print line, digits(std[name, e] - w), digits(w * (f - 1)),
				digits(w == 0 ? "NaN" : 100 * (std[name, e] / w - 1) / t),
				digits(100 * (f - 1) / t)
		}
}
function stretch(from, to,   j, name, a, b, f) {
	for (j = 1; j <= layers; j++) {
		name = layer[j]
		a = std[name, from]
		b = std[name, to]
		f = predicted(from, to)
		print from, to, lr[to], iteration[to] - iteration[from] + 0, name,
			a, b, digits(b - a), digits(a * (f - 1)),
			digits(a > 0 && b > 0 && f > 0 && f < 1 ? log(b / a) / log(f) : "NaN")
	}
}
# The look at the end of the stretch before is the beginning of the next.
function slopes(   i, from) {
	print "first", "last", "lr", "iterations", "layer", "W_first", "W_last",
		"change", "predicted", "ratio"
	from = 1
	for (i = 2; i <= looks; i++)
		if (i == looks || lr[look[i + 1]] != lr[look[i]] ||
		    lr[look[i]] != lr[look[i - 1] + 1]) {
			stretch(look[from], look[i])
			from = i
		}
}
function moved(a, b,   j, sum, all, d) {
	for (j = 1; j <= layers; j++)
		if ((layer[j], a) in gone) {
			d = gone[layer[j], a] - gone[layer[j], b]
			sum += d < 0 ? -d : d
			all += count[layer[j]]
		}
	return digits(all ? 50 * sum / all : "NaN")
}
function rates(   i) {
	print "epoch", "iteration", "lr", "moved", "from_last"
	for (i = 1; i <= looks; i++)
		print look[i], iteration[look[i]] + 0, look[i] ? lr[look[i]] : "NaN",
			i == 1 ? "NaN" : moved(look[i - 1], look[i]),
			moved(look[i], look[looks])
}
END {
	if (failed)
		exit failed
	n = split(epochs, all, " ")
	for (i = 1; i <= n; i++)
		if (load(all[i]))
			look[++looks] = all[i]
	if (what == "weights")
		weights()
	else if (what == "slopes")
		slopes()
	else
		rates()
}
