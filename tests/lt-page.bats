#!/usr/bin/env bats
# Pages from templates: places, expressions, tables, errors; and HTML of them.
load common

# table NAME "FIELD..."...: NAME.tsv, a line for each argument.
table() {
	local name=$1
	shift
	printf '%s\n' "$@" | tr ' ' '\t' >"$name.tsv"
}

# means: two methods, three rounds; one mean of a single seed, one missing.
means() {
	table mean 'method round n sparsity test_acc test_acc_std search' \
		'imp 1 3 20 90.125 0.25 1000' 'imp 2 3 36 89.875 0.5 2000' \
		'imp 3 1 48.8 88 NaN 3000000' 'prac 1 3 20 89.5 1.25 400' \
		'prac 3 3 48.8 NaN NaN 1234567'
}

# page LINE...: what these lines become.
page() {
	printf '%s\n' "$@" >t.md
	lt-page t.md
}

# becomes EXPRESSION TEXT
becomes() {
	local found
	found=$(page "{$1}")
	[ "$found" = "$2" ] || { echo "{$1}: expected '$2', found '$found'" >&2; return 1; }
}

# fails LINE TEXT: the one line of a template is refused with this text.
fails() {
	printf '%s\n' '# A head' "$1" >t.md
	refuses 65 "t.md:2: $2" lt-page t.md
}

@test "text without places is copied; @@ and {{ are text" {
	means
	[ "$(page 'one {{x} two' '@@end')" = 'one {x} two @end' ]
}

@test "a number is looked up by its keys and written in a format" {
	means
	becomes 'mean[method=imp, round=2].test_acc' 89.875
	becomes 'mean[method=imp, round=2].test_acc:.2' 89.88
	becomes 'mean[method=imp, round=2].test_acc:.0' 90
	becomes 'mean[method=imp, round=3].search:.0' 3,000,000
	becomes 'mean[method=imp, round=3].search:short' '3.00 million'
	becomes 'mean[method=imp, round=1].search:+.1' +1,000.0
	becomes 'mean[method=imp, round=2].search:,' 2,000
	becomes 'mean[method=imp, round=2].test_acc:,' 89.875
	becomes '3x32x32:,' 3x32x32
	becomes '1x:,' 1x
	becomes 'mean[method=imp, round=1].test_acc:±2 %' '90.12 ± 0.25 % (n = 3)'
	becomes 'mean[method=imp, round=3].test_acc:±1' '88.0 (n = 1)'
	becomes 'mean[method=prac, round=3].test_acc:±2 %' –
	becomes '?mean[method=prac, round=2].test_acc:±2' ''
	becomes '0 - 0.001:.2' 0.00
	becomes '1 - 1000.5:.1' -999.5
}

@test "rows are counted, and have a first, last, smallest, largest, sum and median" {
	means
	becomes 'count(mean[])' 5
	becomes 'count(mean[method=imp, round > 1])' 2
	becomes 'count(mean[test_acc=NaN])' 1
	becomes 'first(mean[method=prac].round)' 1
	becomes 'last(mean[method=imp].search)' 3000000
	becomes 'min(mean[].test_acc)' 88
	becomes 'max(mean[method=imp].test_acc):±2' '90.12 ± 0.25 (n = 3)'
	becomes 'sum(mean[method=imp].round)' 6
	becomes 'median(mean[].sparsity)' 36
	becomes 'median(mean[].test_acc)' 89.6875
	becomes 'max(mean[method=prac, round=3].test_acc):.2' –
	# The epoch of the best, by a lookup inside of a lookup.
	becomes 'mean[test_acc=max(mean[].test_acc)].round' 1
	# A condition on another column of the row: 20 > 1 ... , never equal.
	becomes 'count(mean[sparsity > .round])' 5
	becomes 'count(mean[n=.round])' 1
}

@test "expressions compute, compare and combine" {
	means
	becomes '2 + 3 * 4' 14
	becomes '(2 + 3) * -4' -20
	becomes '7 / 2' 3.5
	becomes '1 < 2 and not 2 < 1' 1
	becomes '1 = 2 or imp = prac' 0
	becomes 'NaN = NaN' 1
	becomes 'NaN < 1' 0
	becomes '1.0 = 1' 1
	# What decides comes first: there is no table b.
	becomes 'exists(b.tsv) and b[x=1].y > 1' 0
	becomes 'exists(me, an.tsv)' 1
	becomes 'has(mean, n) + 2 * has(mean, none)' 1
	becomes 'capital(prac-cet)' Prac-cet
	becomes 'abs(0 - 2.5)' 2.5
	becomes 'pm(1.25, 0.5, 4, 1, ms)' '1.2 ± 0.5ms (n = 4)'
}

@test "text of tables is no Markdown" {
	table t 'name' 'a_b' '*x*' '[y](z)' '<b>' '_u_' 'a|b'
	[ "$(page '@each r in t[]' '{$r.name}' '@end')" = \
		'a_b \*x\* \[y\](z) \<b\> \_u\_ a\|b' ]
	[ "$(page '```' '{t[name=*x*].name:raw}' '```' 2>&1 | head -n 1)" != '```' ]
	[ "$(page '```' "{t[name='*x*'].name:raw}" '```' | sed -n 2p)" = '*x*' ]
}

@test "sections depend on files, rows and numbers" {
	means
	: >empty.tsv
	[ "$(page '@if exists(mean.tsv)' yes '@else' no '@end')" = yes ]
	[ "$(page '@if exists(empty.tsv)' yes '@else' no '@end')" = no ]
	[ "$(page '@if count(mean[method=snip]) > 0' yes '@end' after)" = after ]
	[ "$(page '@let x = 2' '@if $x = 1' one '@elif $x = 2' two '@if 0' in '@end' \
		'@elif $x = 2' again '@else' other '@end')" = two ]
	[ "$(page '@if picture(curve)' '![c]({picture(curve)})' '@end' after)" = after ]
	echo x >curve.png
	[ "$(page '![c]({picture(curve)})')" = '![c](curve.png)' ]
	echo x >curve.svg
	[ "$(page '![c]({picture(curve)})')" = '![c](curve.svg)' ]
}

@test "loops go through rows or values, and join them" {
	means
	[ "$(page 'Of:' '@each m in mean[].method join '"', ' ' and '" '{$m}' '@end' '.')" = \
		'Of: imp and prac.' ]
	[ "$(page '@each r in mean[method=imp] join '"', '" '{$r.round}' '@end' '; $')" = '1, 2, 3; $' ]
	[ "$(page '@each r in mean[method=prac]' '- {$r.round}' '@end')" = $'- 1\n- 3' ]
	[ "$(page '@each r in mean[method=snip]' '- {$r.round}' '@end')" = '' ]
}

@test "words have a home beside the template" {
	mkdir home
	table home/names 'method title' 'imp IMP' 'prac-* PrAC:*' '* ?*!'
	printf '%s\n' '@words title names.tsv method title' \
		'{title(imp)} {title(prac-cet)} {title(snip)}' >home/t.md
	[ "$(lt-page home/t.md)" = 'IMP PrAC:cet ?snip!' ]
	# A table that the folder lacks may stand there, too.
	echo '{count(names[])}' >home/t.md
	[ "$(lt-page home/t.md)" = 3 ]
	table names 'method title' 'imp IMP'
	[ "$(lt-page home/t.md)" = 1 ]
}

@test "a file of the folder is included, with the variables there are" {
	mkdir f
	table f/t 'x' '7'
	printf '%s\n' 'It is {$y}, {t[].x}.' '@if 1' 'Yes.' '@end' >f/notes.md
	printf '%s\n' '@let y = 5' '@include notes.md' 'Then.' >t.md
	[ "$(lt-page -d f t.md)" = 'It is 5, 7. Yes. Then.' ]
	echo 'It is {$z}.' >f/notes.md
	refuses 65 "f/notes.md:1: there is no variable '\$z'" lt-page -d f t.md
	echo '@include notes.md' >f/notes.md
	refuses 65 'f/notes.md:1: expected at most 8 files' lt-page -d f t.md
	fails '@include none.md' './none.md: No such file'
}

@test "a table has columns of its rows and across the values of a column" {
	means
	page '@table r in mean[].round' 'Accuracy, {count(mean[])} rows.' 'round | {$r}' \
		'@if 0' 'never | {nothing}' '@end' \
		'sparsity | {first(mean[round=$r].sparsity):.1}' \
		'@across m in mean[].method | *{$m}* | {?mean[method=$m, round=$r].test_acc:±1}' \
		'@end' >found
	cat >want <<-'X'
	Table: Accuracy, 5 rows.

	| round | sparsity |          *imp* |         *prac* |
	|------:|---------:|---------------:|---------------:|
	|     1 |     20.0 | 90.1 ± 0.2 (3) | 89.5 ± 1.2 (3) |
	|     2 |     36.0 | 89.9 ± 0.5 (3) |                |
	|     3 |     48.8 |      88.0† (1) |              – |
	X
	diff want found
	[ "$(page '@table r in mean[method=snip]' 'Caption.' 'x | {$r.round}' '@end' after)" = after ]
}

@test "paragraphs are wrapped; code, tables and heads are not" {
	local long='aaaaaaaaa bbbbbbbbb ccccccccc ddddddddd eeeeeeeee fffffffff ggggggggg hhhhhhhhh'
	page "# $long iii" "$long iii" '' '' '' "- $long" '  iii' '- x' '```' "$long iii" '' '' '```' >found
	cat >want <<-X
	# $long iii
	$long
	iii

	- ${long% hhhhhhhhh}
	  hhhhhhhhh iii
	- x
	\`\`\`
	$long iii


	\`\`\`
	X
	diff want found
}

@test "what a template gets wrong is one line that names the line" {
	means
	fails '{median[x=1].y}' './median.tsv: No such file'
	fails '{mean[metod=imp].test_acc}' "./mean.tsv: expected a column 'metod', found none"
	fails '{mean[method=imp, round=1].acc}' "./mean.tsv: expected a column 'acc', found none"
	fails '{mean[method=snip].test_acc}' \
		'./mean.tsv: expected one row for mean[method=snip].test_acc, found 0'
	fails '{mean[method=imp].test_acc}' \
		'./mean.tsv: expected one row for mean[method=imp].test_acc, found 3'
	fails '{mean[method=imp, round=1].method:.2}' "expected a number for ':.2', found 'imp'"
	fails '{mean[method=imp, round=1].search:±2}' \
		"./mean.tsv: expected a column 'search_std' for ±, found none"
	fails '{mean[method > 1].search}' "expected a number to compare, found 'imp'"
	fails '{imp + 1}' "expected a number to compute with, found 'imp'"
	fails '{$x}' "there is no variable '\$x'"
	fails '{f(1)}' "there is no function 'f'"
	fails '{1:2}' "there is no format ':2'"
	fails '{1' "expected '}' after '{1'"
	fails '{(1}' "expected ')', found ''"
	fails '{mean[method=imp}' "expected ',' or ']', found ''"
	fails '{max(mean[])}' 'expected max(TABLE[...].COLUMN), found no column'
	fails '{first(mean[method=snip].round)}' './mean.tsv: no row is left for first()'
	fails '@if 1' "expected an @end for '@if 1', found none"
	fails '@end' "expected @if, @each, @table, @let, @words, @include or @#, found '@end'"
	fails '@fi 1' "expected @if, @each, @table, @let, @words, @include or @#, found '@fi 1'"
	fails '@let x 1' 'expected @let NAME = VALUE'
	fails '@let x = 1 2' "expected the end of the line, found '2'"
	fails "{$(printf '(%.0s' {1..100})1}" 'expected at most 64 brackets'
	printf 'method\tx\nimp\n' >mean.tsv
	fails '{count(mean[])}' './mean.tsv:2: expected 2 tab-separated fields, found 1'
	refuses 74 'absent.md' lt-page absent.md
	refuses 2 'expected one TEMPLATE, found 0' lt-page
	refuses 2 '--style needs --html' lt-page --style x t.md
	no_strays
}

@test "HTML has captions, scopes, sections and links that lead somewhere" {
	echo pic >p.svg
	printf 'a\n1\n' >t.tsv
	cat >body <<-'X'
	<h1>Of <em>tickets</em></h1>
	<h2>One</h2>
	<p>Table: Cap <em>tion</em>.</p>
	<table>
	<thead>
	<tr>
	<th>a</th>
	<th align="right">b</th>
	</tr>
	</thead>
	<tbody>
	<tr>
	<td>x</td>
	<td align="right">1</td>
	</tr>
	</tbody>
	</table>
	<h2>Two</h2>
	<p><img src="p.svg" alt="A &lt;picture&gt;" /></p>
	<p>Figure: What it shows: <a href="t.tsv">t</a>.</p>
	<h2>Three</h2>
	<p><a href="https://example.org/x">x</a> <a href="#section-1">y</a></p>
	X
	echo 'p { color: red; }' >s.css
	lt-page --html --style s.css body >page
	grep -qx '<title>Of tickets</title>' page
	grep -qx 'p { color: red; }' page
	sed -n '/^<body>/,/^<\/body>/p' page >found
	cat >want <<-'X'
	<body>
	<h1>Of <em>tickets</em></h1>
	<nav>
	<a href="#section-1">One</a>
	<a href="#section-2">Two</a>
	<a href="#section-3">Three</a>
	</nav>
	<h2 id="section-1">One</h2>
	<div class="scroll">
	<table>
	<caption>Cap <em>tion</em>.</caption>
	<thead>
	<tr>
	<th scope="col">a</th>
	<th scope="col" align="right">b</th>
	</tr>
	</thead>
	<tbody>
	<tr>
	<th scope="row">x</th>
	<td align="right">1</td>
	</tr>
	</tbody>
	</table>
	</div>
	<h2 id="section-2">Two</h2>
	<figure>
	<img src="p.svg" alt="A &lt;picture&gt;" />
	<figcaption>What it shows: <a href="t.tsv">t</a>.</figcaption>
	</figure>
	<h2 id="section-3">Three</h2>
	<p><a href="https://example.org/x">x</a> <a href="#section-1">y</a></p>
	</body>
	X
	diff want found
	# "pic\n" and "a\n1\n" in base64.
	lt-page --html --embed body >page
	grep -qF '<img src="data:image/svg+xml;base64,cGljCg==" alt=' page
	grep -qF '<a href="data:text/tab-separated-values;base64,YQoxCg==" download="t.tsv">t</a>' page
	rm t.tsv
	refuses 65 "body: links to 't.tsv', which is not in ." lt-page --html body
}

@test "the examples of the page" {
	examples lt-page
}
