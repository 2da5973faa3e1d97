# lib.awk: what the programs of the report share; it comes before them:
#	awk -f lib.awk -f mean.awk ...
# A missing number is NaN; earlier versions wrote nan.
/(^|\t)nan(\t|$)/ {
	for (field = 1; field <= NF; field++)
		if ($field == "nan")
			$field = "NaN"
}

# Columns of a table by their names; a column or a value that is not there is
# NaN.
function header(   i) {
	split("", at)
	for (i = 1; i <= NF; i++)
		at[$i] = i
}
function cell(name) {
	return name in at && $at[name] != "" ? $at[name] : "NaN"
}
function number(x) {
	return x ~ /^[-+]?[0-9]*[.]?[0-9]+([eE][-+]?[0-9]+)?$/
}

# Has a training behind this row diverged, so that it has no result?
function diverged(   i, result) {
	split("test_acc learned_acc retrain_seconds", result, " ")
	for (i in result)
		if (result[i] in at && cell(result[i]) == "NaN")
			return 1
	return 0
}
# Rows of all seeds without a result: collect them one by one, then say which.
function note_diverged(   i, n, key, text) {
	n = split("method round s v kind window epoch samples", key, " ")
	for (i = 1; i <= n; i++)
		if (key[i] in at)
			text = text " " cell(key[i])
	if (!(cell("seed") in without))
		without_seed[++n_without] = cell("seed")
	without[cell("seed")] = without[cell("seed")] (cell("seed") in without && \
		without[cell("seed")] != "" ? "," : "") text
}
function say_diverged(   i, text) {
	for (i = 1; i <= n_without; i++)
		text = text (i > 1 ? "; " : "") "seed " without_seed[i] ":" without[without_seed[i]]
	if (n_without)
		printf("Without a result, for a training diverged, and left out of means and comparisons: %s.\n", text)
}

# Mean and standard deviation (n - 1) of x[1] ... x[n], in two passes; what
# rounding leaves of the deviation of equal numbers is 0.
function mean(x, n,   i, sum) {
	for (i = 1; i <= n; i++)
		sum += x[i]
	return n ? sum / n : "NaN"
}
function deviation(x, n,   i, m, sum) {
	if (n < 2)
		return "NaN"
	m = mean(x, n)
	for (i = 1; i <= n; i++)
		sum += (x[i] - m) ^ 2
	sum = sqrt(sum / (n - 1))
	return sum < 1e-13 * (m < 0 ? -m : m) ? 0 : sum
}
function digits(x) {
	return x == "NaN" ? x : sprintf("%.12g", x)
}

# For people: 1234567 as 1,234,567, large numbers with a unit, a mean with its
# deviation.
function thousands(x,   s, sign) {
	if (x == "NaN")
		return "-"
	x = sprintf("%.0f", x)
	if (x ~ /^-/) {
		sign = "-"
		x = substr(x, 2)
	}
	while (length(x) > 3) {
		s = "," substr(x, length(x) - 2) s
		x = substr(x, 1, length(x) - 3)
	}
	return sign x s
}
function short(x) {
	return x == "NaN" ? "-" : x < 1e6 ? thousands(x) : x < 1e9 ? \
		sprintf("%.2f million", x / 1e6) : x < 1e12 ? \
		sprintf("%.2f billion", x / 1e9) : \
		sprintf("%.2f trillion", x / 1e12)
}
function fixed(x, places) {
	return x == "NaN" ? "-" : sprintf("%." places "f", x)
}
function plus_minus(x, s, places) {
	return fixed(x, places) (s == "NaN" ? "" : " ± " fixed(s, places))
}
function points(x) {
	return sprintf("%.2f points %s", x < 0 ? -x : x, x < 0 ? "lost" : "gained")
}

function title(m) {
	if (!titles) {
		titles = split("dense|dense;imp|IMP;prac|PrAC;" \
			"earlybird|early-bird;random|random pruning;" \
			"snip|SNIP;grasp|GraSP;synflow|SynFlow;" \
			"random-set|random subset;entropy|maximum entropy;" \
			"svp|selection via proxy;" \
			"reinit|found mask, new weights;" \
			"random-reinit|random mask, new weights;" \
			"prac-cet|PrAC, CET only;" \
			"prac-nostop|PrAC without early stop;" \
			"imp-stop|IMP with early stop;" \
			"transfer|PrAC, transferred sets", title_of, ";")
		while (titles) {
			split(title_of[titles--], title_pair, "|")
			title_of[title_pair[1]] = title_pair[2]
		}
		titles = 1
	}
	if (m in title_of)
		return title_of[m]
	return sub(/^prac-/, "", m) ? "PrAC, " m : m
}
function capital(text) {
	return toupper(substr(text, 1, 1)) substr(text, 2)
}
