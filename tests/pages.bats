#!/usr/bin/env bats
# The pages of examples/results say what their tables say, and so does every page that
# lt-page makes: links lead to files, pictures are the same each time.
# Quick: not run, for it tests pages and scripts.
load common

results=$ROOT/examples/results
pages=$ROOT/pipelines/pages

# The folders that have results; others have a command alone.
studies=()
for folder in "$results"/*/facts.tsv; do studies+=("${folder%/*}"); done

# The kind of report that a folder of examples has.
kind() {
	case $1 in
	*/early-*) echo early ;;
	*/search-*) echo search ;;
	*) echo compare ;;
	esac
}

# Where the links of pages in Markdown lead, those of other sites left out.
links() { grep -oE '\]\([^)]*\)' "$@" | sed 's/.*](\(.*\))$/\1/' | grep -v '://'; }

# page.sh and draw.sh, with the programs of this build.
report() {
	"$pages/draw.sh" "$1" "$2"
	"$pages/page.sh" "$1" "$2"
}

@test "each page follows from its template and its tables" {
	local d n=0
	for d in "${studies[@]}"; do
		lt-page -d "$d" "$pages/$(kind "$d").md" >page.md
		cmp page.md "$d/README.md" || {
			echo "to make it anew: lt-page -d $d -o $d/README.md $pages/$(kind "$d").md" >&2
			return 1
		}
		n=$((n + 1))
	done
	[ "$n" -ge 5 ]
}

@test "the study of formats follows from its accuracies" {
	local f=$results/formats pairs=() net mask format
	for net in resnet20 mobilenetv1; do for mask in dense ticket; do for format in f16 bf16; do
		pairs+=(--pair "$net/$mask/$format=$net/$mask/f32")
	done; done; done
	lt-score mean --key network --key mask --key format "$f/accuracy.tsv" | cmp - "$f/mean.tsv"
	lt-score differences --key network --key mask --key format "${pairs[@]}" "$f/accuracy.tsv" |
		cmp - "$f/differences.tsv"
	lt-page -d "$f" "$f/page.md" | cmp - "$f/README.md"
}

@test "links of pages lead to files; a folder has one picture and no HTML" {
	local d link n=0
	for d in "${studies[@]}"; do
		for link in $(links "$d/README.md"); do
			[ -s "$d/$link" ] || { echo "$d: no $link" >&2; return 1; }
			n=$((n + 1))
		done
		[ "$(find "$d" -name '*.svg' -o -name '*.png' | wc -l)" = 1 ]
		[ "$(find "$d" -name '*.html' | wc -l)" = 0 ]
		# No title twice, and every table has a caption.
		[ -z "$(grep '^#' "$d/README.md" | sort | uniq -d)" ]
		[ "$(grep -c '^Table: ' "$d/README.md")" = "$(grep -c '^|-' "$d/README.md")" ]
	done
	[ "$n" -gt 30 ]
}

@test "the command of a page is that of its script, and lt takes it" {
	local e made
	mkdir bin cifar-10-batches-bin
	cat >bin/lt <<-'X'
	#!/bin/sh
	[ "$1" = run ] || exit 0
	printf 'lt'
	for a; do
		case $a in
		-j2) ;;
		*' '*) printf " %s='%s'" "${a%%=*}" "${a#*=}" ;;
		*) printf ' %s' "$a" ;;
		esac
	done
	echo
	X
	chmod +x bin/lt
	for e in prac-cifar10 prac-fashion early-cifar10 search-cifar10; do
		PATH=$PWD/bin:$PATH sh "$results/$e/run.sh" >commands
		sed -n 's/^command\t//p' "$results/$e/facts.tsv" | diff - <(tail -n 1 commands)
		grep -qxF -- "$(tail -n 1 commands)" "$results/$e/README.md"
		# Names and values of settings are checked before anything is looked at.
		while read -r made; do
			eval "$ROOT/tools/lt run -n ${made#lt run} DATA=synth" >plan
			[ "$(wc -l <plan)" -gt 20 ]
		done <commands
	done
}

@test "tables of the examples follow from others by lt-score" {
	local f=$results/search-cifar10 e
	lt-score networks "$f/stages.tsv" | cmp - "$f/score.tsv"
	lt-score order "$f/networks.tsv" | cmp - "$f/order.tsv"
	# Pairs of stages that are not there count nowhere.
	lt-score differences --key network --key stage $(for e in lenet5 pnasnet_a resnet20 pnasnet_b \
		mobilenetv1 efficientnet_b0 resnet18; do
		printf -- '--pair %s ' $e/{1..9}=$e/0
	done) "$f/stages.tsv" | cmp - "$f/differences.tsv"
	for e in prac-cifar10 prac-fashion; do
		lt-score differences --pair prac-cet=prac --pair random-set=prac --pair random=imp \
			"$results/$e/summary.tsv" | cmp - "$results/$e/differences.tsv"
		lt-score warnings --matching "$results/$e/matching.tsv" "$results/$e/summary.tsv" |
			cmp - "$results/$e/warnings.tsv"
	done
}

@test "lt takes the commands of studies that have no results yet" {
	local e n=0
	mkdir bin cifar-10-batches-bin
	printf '%s\n' '#!/bin/sh' '[ "$1" != run ] || {' 'for a; do printf "%s\n" "$a"; done' '} >args' >bin/lt
	chmod +x bin/lt
	for e in "$results"/*/run.sh; do
		[ ! -e "${e%/*}/facts.tsv" ] || continue
		PATH=$PWD/bin:$PATH sh "$e" OUT=here
		[ "$(tail -n 1 args)" = OUT=here ]
		mapfile -t args <args
		"$ROOT/tools/lt" "${args[0]}" -n "${args[@]:1}" DATA=synth 2>err | head -n 30 >plan
		[ "$(wc -l <plan)" -gt 20 ] || { cat "$e" err >&2; false; }
		n=$((n + 1))
	done
	[ "$n" -ge 1 ]
}

@test "keep.sh keeps tables, page, picture and last masks of a study" {
	local r=out/set/net/report
	mkdir -p $r kept/masks out/set/net/s1/imp/01 out/set/net/s1/imp/02 out/set/net/s2/imp/02
	cp "$results"/prac-fashion/*.tsv "$results/prac-fashion/accuracy-main.svg" $r
	cp "$results"/prac-fashion/{notes,wallclock}.md kept
	touch $r/rounds.all.tsv $r/forget.tsv out/set/net/s2/imp/02/ticket.mask.safetensors
	echo old >kept/old.tsv
	echo mine >kept/torch.tsv
	echo old >kept/masks/s9-imp-01.mask.safetensors.gz
	echo old >kept/masks/s1-imp-01.mask.safetensors.gz
	# Seed 3 is on the page, but was not trained here.
	echo theirs >kept/masks/s3-imp-02.mask.safetensors.gz
	for n in 01 02; do echo "mask $n" >out/set/net/s1/imp/$n/ticket.mask.safetensors; done
	"$results/keep.sh" $r kept
	diff -r -x masks -x '*.sh' -x torch.tsv -x '*.all.tsv' "$results/prac-fashion" kept
	[ -e kept/rounds.all.tsv ]
	[ "$(cat kept/torch.tsv)" = mine ]
	[ "$(ls kept/masks | xargs)" = 's1-imp-02.mask.safetensors.gz s3-imp-02.mask.safetensors.gz' ]
	[ "$(gzip -dc kept/masks/s1*)" = 'mask 02' ]
	run -2 "$results/keep.sh" out kept
	[ "$output" = 'Usage: keep.sh REPORT FOLDER' ]
}

# rows PAGE START: the rows of the first table below the line that begins with START, as
# "cell|cell...", without commas in numbers.
rows() {
	awk -v start="$2" 'index($0, start) == 1 { here = 1 }
		here && /^\|/ { if (n++ > 1) print; next }
		here && n { exit }' "$1" | sed 's/^| *//; s/ *|$//; s/ *| */|/g; s/\([0-9]\),/\1/g'
}

@test "the page's searches by the clock are those of their table" {
	awk -F '\t' '
	function times(share) { return tolower(share) == "nan" ? "–" : sprintf("%.2f", 1 / share) }
	NR == 1 { for (i = 1; i <= NF; i++) c[$i] = i; next }
	{ print $c["is"] "|" $c["iterations"] "|" $c["presentations"] "|" $c["seconds"] "|" \
		times($c["of_imp_dense"]) "|" times($c["of_step_before"]) }' \
		"$results/prac-fashion/wallclock.tsv" >want
	[ "$(wc -l <want)" = 5 ]
	rows "$results/prac-fashion/README.md" '## By the clock' | diff want -
}

# The accuracies of a comparison, averaged by Python.
@test "comparisons: the page's accuracies, averaged again from all seeds" {
	command -v python3 >/dev/null || skip 'python3 is not installed'
	local e
	for e in prac-cifar10 prac-fashion demo; do
		python3 - "$results/$e" <<-'X'
		import csv, statistics, sys
		folder = sys.argv[1]
		groups = {}
		for r in csv.DictReader(open(folder + "/summary.tsv"), delimiter="\t"):
		    groups.setdefault((r["method"], r["round"]), []).append(float(r["test_acc"]))
		lines = open(folder + "/README.md").read().split("\n")
		head = next(i for i, l in enumerate(lines) if l.startswith("| round | sparsity"))
		names = [c.strip() for c in lines[head].split("|")[1:-1]]
		title = {"IMP": "imp", "PrAC": "prac", "PrAC, CET only": "prac-cet",
		         "random subset": "random-set", "random pruning": "random",
		         "early-bird": "earlybird"}
		seen = 0
		for line in lines[head + 2:]:
		    if not line.startswith("|"):
		        break
		    cells = [c.strip() for c in line.split("|")[1:-1]]
		    for name, cell in list(zip(names, cells))[2:]:
		        x = groups.get((title[name], cells[0]))
		        if not x:
		            assert cell == "", (name, cell)
		            continue
		        want = "%.2f† (1)" % x[0] if len(x) == 1 else "%.2f ± %.2f (%d)" % (
		            statistics.mean(x), statistics.stdev(x), len(x))
		        # A mean may lie between two roundings.
		        got = [float(v) for v in cell.replace("†", "").split("(")[0].split(" ± ")]
		        near = [float(v) for v in want.replace("†", "").split("(")[0].split(" ± ")]
		        assert cell.endswith(want[want.index("("):]), (cell, want)
		        assert all(abs(a - b) < 0.0101 for a, b in zip(got, near)), (cell, want)
		        seen += 1
		assert seen > 10
		X
	done
}

# Copies of three examples with all their pictures and their pages.
setup_file() {
	cd "$BATS_FILE_TMPDIR" || return 1
	command -v gnuplot >/dev/null || return 0
	local e
	for e in early-cifar10 search-cifar10 prac-fashion; do
		cp -r "$results/$e" $e
		rm -f $e/*.svg $e/README.md
		report "$(kind /$e)" $e || return 1
	done
}

@test "pictures are the same each time, and go when their tables do" {
	command -v gnuplot >/dev/null || skip 'gnuplot is not installed'
	cp -r "$BATS_FILE_TMPDIR/search-cifar10" .
	find search-cifar10 -name '*.svg' -o -name '*.png' | sort >names
	[ "$(wc -l <names)" = 26 ]
	xargs sha256sum <names >sums
	! grep -l "$(date +%Y)" search-cifar10/*.svg
	FORMATS='svg png pdf' "$pages/draw.sh" search search-cifar10
	sha256sum -c --quiet sums
	sha256sum search-cifar10/*.pdf >sums
	sleep 1.1
	FORMATS='svg png pdf' LC_ALL=C.UTF-8 "$pages/draw.sh" search search-cifar10
	sha256sum -c --quiet sums
	rm search-cifar10/path.tsv
	report search search-cifar10
	[ "$(find search-cifar10 -name '*.svg' | wc -l)" = 6 ]
	! grep -q 'path-' search-cifar10/README.md
	no_strays search-cifar10
	[ "$(find search-cifar10 -name '.draw*' | wc -l)" = 0 ]
}

@test "pages of all kinds: every picture has its place, every link a file, tags are closed" {
	command -v gnuplot >/dev/null || skip 'gnuplot is not installed'
	local e k p
	for e in early-cifar10 search-cifar10 prac-fashion; do
		k=$(kind "/$e")
		cp -r "$BATS_FILE_TMPDIR/$e" .
		for p in $e/*.svg; do
			links $e/README.md | grep -qxF "$(basename "$p")" ||
				{ echo "$e shows no $p" >&2; return 1; }
		done
		command -v cmark-gfm >/dev/null || continue
		[ "$(grep -c '<img ' $e/index.html)" = "$(find $e -name '*.svg' | wc -l)" ]
		[ "$(grep -c '<caption>' $e/index.html)" = "$(grep -c '^Table: ' $e/README.md)" ]
		[ "$(grep -c '<figcaption>' $e/index.html)" = "$(grep -c '^Figure: ' $e/README.md)" ]
		! grep -qE '<t[hd]></?t' <(grep -v 'scope' $e/index.html)
		"$pages/page.sh" --embed "$k" $e
		! grep -oE '(src|href)="[^#"][^"]*"' $e/index.html | grep -vE '="(data:|https?:)'
		command -v python3 >/dev/null || continue
		python3 - $e/index.html <<-'X'
		import html.parser, sys
		class P(html.parser.HTMLParser):
		    void, stack = {"meta", "img", "br", "link", "hr"}, []
		    def handle_starttag(self, tag, attrs):
		        if tag not in self.void:
		            self.stack.append(tag)
		    def handle_startendtag(self, tag, attrs):
		        assert tag in self.void
		    def handle_endtag(self, tag):
		        assert self.stack.pop() == tag, (tag, self.getpos())
		p = P()
		p.feed(open(sys.argv[1]).read())
		assert not p.stack
		X
	done
}

@test "without cmark-gfm the page is Markdown, without gnuplot it has no pictures" {
	cp -r "$results/search-cifar10" s
	rm s/*.svg s/README.md
	mkdir bin
	for p in sh dirname mv lt-page; do
		ln -s "$(command -v $p)" bin/$p
	done
	run -0 --separate-stderr /usr/bin/env PATH="$PWD/bin" "$pages/draw.sh" search s
	[ "$stderr" = 'gnuplot is not installed: s has no pictures' ]
	run -0 --separate-stderr /usr/bin/env PATH="$PWD/bin" "$pages/page.sh" search s
	[ "$stderr" = 'cmark-gfm is not installed: s has README.md and no index.html' ]
	[ ! -e s/index.html ]
	! grep -q '!\[' s/README.md
	# Another template, and one that is wrong.
	echo '{count(stages[])} trainings' >own.md
	PAGE=own.md "$pages/page.sh" search s 2>/dev/null
	[ "$(cat s/README.md)" = '138 trainings' ]
	echo '{count(none[])}' >own.md
	PAGE=own.md run -65 "$pages/page.sh" search s
	[ "$(cat s/README.md)" = '138 trainings' ]
}

@test "colours have a contrast of 3 and can be told apart by colour-blind readers" {
	command -v python3 >/dev/null || skip 'python3 is not installed'
	python3 - "$pages" <<-'X'
	import math, re, sys
	def channel(c):
	    return c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4
	def linear(h):
	    return [channel(int(h[i:i + 2], 16) / 255) for i in (1, 3, 5)]
	def contrast(a, b):
	    y = sorted(sum(w * c for w, c in zip((0.2126, 0.7152, 0.0722), linear(h))) for h in (a, b))
	    return (y[1] + 0.05) / (y[0] + 0.05)
	# Machado, Oliveira and Fernandes 2009, severity 1; then CIE Lab.
	seen = {"all": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
	        "protan": ((.152286, 1.052583, -.204868), (.114503, .786281, .099216), (-.003882, -.048116, 1.051998)),
	        "deutan": ((.367322, .860646, -.227968), (.280085, .672501, .047413), (-.011820, .042940, .968881)),
	        "tritan": ((1.255528, -.076749, -.178779), (-.078411, .930809, .147602), (.004733, .691367, .303900))}
	def lab(v):
	    v = [min(1, max(0, x)) for x in v]
	    xyz = [sum(w * c for w, c in zip(row, v)) for row in (
	        (.4124, .3576, .1805), (.2126, .7152, .0722), (.0193, .1192, .9505))]
	    f = [t ** (1 / 3) if t > .008856 else 7.787 * t + 16 / 116
	         for t in (xyz[0] / .9505, xyz[1], xyz[2] / 1.089)]
	    return 116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])
	style = open(sys.argv[1] + "/style.gp").read()
	lines = re.search(r"colours = '([^']*)'", style).group(1).split()
	assert len(lines) == 8
	for c in lines:
	    assert contrast(c, "#ffffff") >= 3, c
	for kind, m in seen.items():
	    points = [lab([sum(w * x for w, x in zip(row, linear(c))) for row in m]) for c in lines]
	    for i, a in enumerate(points):
	        for b in points[:i]:
	            assert math.dist(a, b) > 20, (kind, lines[i])
	for name in ("distances.gp", "layers.gp"):
	    ramp = re.search(r"set palette defined \((.*)\)", open(sys.argv[1] + "/" + name).read()).group(1)
	    for c in re.findall(r"#[0-9a-f]{6}", ramp):
	        assert contrast(c, "#ffffff") >= 3, (name, c)
	css = open(sys.argv[1] + "/style.css").read()
	for theme in re.findall(r":root \{[^}]*--ink[^}]*\}", css)[:2]:
	    of = dict(re.findall(r"--(\w+): (#[0-9a-f]{6})", theme))
	    for text in ("ink", "soft", "link"):
	        assert contrast(of[text], of["paper"]) >= 4.5, (theme, text)
	X
}
