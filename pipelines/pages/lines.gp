# lines.gp: something of several methods over sparsity, with bands of one standard
# deviation.
#	what='accuracy|iterations|multiply-adds|seconds|set-size|methods'; of='main'
# of: a group of methods.tsv, which is shown beside IMP and the search whose sets the
# page is about.
# A folder without mean.tsv has summary.tsv of a single seed.
alone_seed = system("test -e '".table('mean')."' || echo 1") eq '1'
means = alone_seed ? 'summary' : 'mean'
file = alone_seed ? 'summary' : what eq 'seconds' ? 'mean.time' : what eq 'set-size' ? 'sets_mean' : what eq 'methods' ? 'methods' : 'mean'
value = what eq 'accuracy' ? 'test_acc' : what eq 'iterations' ? 'search_iterations' : what eq 'multiply-adds' ? 'all_multiply_adds' : \
	what eq 'seconds' ? 'search_seconds' : what eq 'set-size' ? 'set_share' : 'distance'
unit = what eq 'accuracy' ? 'test accuracy of the retrained ticket, %' : what eq 'iterations' ? 'training iterations until the mask exists' : \
	what eq 'multiply-adds' ? 'multiply-adds until the mask exists, billions' : what eq 'seconds' ? 'seconds until the mask exists' : \
	what eq 'set-size' ? 'images in the set of the round, % of D0' : 'distance from the mask of IMP'
scale = what eq 'multiply-adds' ? 1e9 : 1
key = what eq 'methods' ? 'b' : 'method'

# Rounds and their sparsities, for the axis; methods that the table has.
depths = ''; ticks = ''; all = ''; first = 0; last = 0; top = 0; dense_n = 0
known_depth(r) = has(depths, sprintf('r%d', r))
learn(r, s) = known_depth(r) ? 0 : (depths = depths.sprintf(' r%d %.9f', r, depth(s)), \
	ticks = ticks.(ticks eq '' ? '' : ', ').sprintf('"%s" %.9f', short(s), depth(s)), last = last < r ? r : last, first = first == 0 || r < first ? r : first, 0)
stats table(means) using (column('round') > 0 && !none('sparsity') ? learn(column('round'), column('sparsity')) : 0) nooutput
at(r) = (i_at = 0, i_at = strstrt(depths.' ', sprintf(' r%d ', r)), i_at ? real(word(substr(depths, i_at, strlen(depths)), 2)) : NaN)
mine = what eq 'methods' ? 'strcol("a") eq "imp"' : '1'
stats table(file) using (@mine && strcol(key) ne 'dense' && (none(value) ? 0 : column(value) == column(value)) ? (all = add(all, strcol(key)), 0) : 0) nooutput
sets = ''
search = has(all, 'prac') ? 'prac' : ''
if (search eq '' && system("test -e '".table('sets_mean')."' && echo 1") eq '1') {
	stats table('sets_mean') using (none('cet') ? 0 : (sets = add(sets, strcol('method')), 0)) nooutput
	search = words(sets) ? word(sets, 1) : ''
}
# Methods of the group; those that are always shown come first.
list = ''; members = 0
show(m) = has(all, m) && !(what ne 'accuracy' && (m eq 'random' || m eq 'random-reinit') && what ne 'methods') && \
	!(what eq 'methods' && (m eq 'imp' || m eq 'reinit' || m eq 'random-reinit')) && !(what eq 'set-size' && group(m) eq 'subsets')
if (show('imp')) { list = add(list, 'imp') }
if (search ne '' && show(search)) { list = add(list, search) }
if (of eq 'controls' && show('random')) { list = add(list, 'random') }
do for [m in all] {
	if (show(m) && (group(m) eq of || what eq 'set-size')) { list = add(list, m); members = members + 1 }
}
if (members == 0 || last == 0) { exit }
# IMP, the search, early-bird and random masks look the same in every picture.
fixed(m) = m eq 'imp' ? 1 : m eq search ? 2 : m eq 'earlybird' ? 3 : m eq 'random' ? 4 : 0
# Others may have the looks of those that are not shown.
spare = '5 6 7 8'.(has(list, 'random') ? '' : ' 4').(has(list, 'earlybird') ? '' : ' 3')
looks = ''
more = 0
do for [m in list] {
	if (fixed(m)) { looks = looks.sprintf(' %d', fixed(m)) } else { looks = looks.' '.word(spare, more % words(spare) + 1); more = more + 1 }
}
look(i) = int(word(looks, i))

is(m) = strcol(key) eq m && column('round') > 0 && (@mine)
# A method of channels removes more weights than the others in a round: it has its own depths.
where(m) = what eq 'accuracy' && group(m) eq 'channels' ? depth(column('sparsity')) : at(column('round'))
x(m) = is(m) ? where(m) : NaN
v = 'number(value) / scale'
s = alone_seed ? '0' : 'around(value."_std") / scale'
count = alone_seed ? '1' : 'column("n")'
several(m) = is(m) && @count > 1 ? where(m) : NaN
alone(m) = is(m) && @count <= 1 ? where(m) : NaN

# Thousands where there are many.
if (what eq 'iterations') {
	top = 0
	stats table(file) using (column('round') > 0 && !none(value) ? (top = column(value) > top ? column(value) : top, 0) : 0) nooutput
	if (top >= 10000) { scale = 1000; unit = unit.', thousands' }
}
set xlabel what_is_left offset 0,0.3
set ylabel unit
if (last > 12) { set xtics rotate by -60 }
eval 'set xtics ('.ticks.')'
left = at(first)
right = at(last)
do for [m in list] {
	stats table(file) using (x(m) == x(m) ? (left = x(m) < left ? x(m) : left, right = x(m) > right ? x(m) : right, 0) : 0) nooutput
}
width = right - left
if (!(width > 0)) { width = 1 }
set xrange [left - 0.03 * width:right + 0.03 * width]
bands = 'for [i=1:words(list)] m=word(list,i) table(file) using (x(m)):('.v.' - '.s.'):('.v.' + '.s.') with filledcurves lc rgb colour(look(i)) fs transparent solid 0.16 noborder notitle'
lines = 'for [i=1:words(list)] m=word(list,i) table(file) using (x(m)):('.v.') with lines lw 2.2 lc rgb colour(look(i)) dt dash(look(i)) notitle'
marks = 'for [i=1:words(list)] m=word(list,i) table(file) using (several(m)):('.v.') with points lw 2 lc rgb colour(look(i)) pt mark(look(i)) ps size(look(i)) notitle'
singles = 'for [i=1:words(list)] m=word(list,i) table(file) using (alone(m)):('.v.') with points lw 2 lc rgb colour(look(i)) pt single_mark(look(i)) ps size(look(i)) notitle'
counts = ''
do for [m in list] {
	n_most = 0
	stats table(file) using (is(m) ? (n_most = n_most < @count ? @count : n_most, 0) : 0) nooutput
	counts = counts.sprintf(' %d', n_most)
}
heads = 'for [i=1:words(list)] NaN with linespoints lw 2.2 lc rgb colour(look(i)) dt dash(look(i)) pt (int(word(counts, i)) > 1 ? mark(look(i)) : single_mark(look(i))) ps size(look(i)) title named(word(list, i)).sprintf(" (n = %d)", int(word(counts, i)))'
all_lines = bands.', '.lines.', '.marks.', '.singles.', '.heads
level = NaN; spread = 0
deviation = alone_seed ? '0' : 'around("test_acc_std")'
if (what eq 'accuracy') {
	set offsets 0, 0, graph 0.04, graph 0.04
	stats table(means) using (strcol('method') eq 'dense' ? (level = number('test_acc'), spread = @deviation, dense_n = @count, 0) : 0) nooutput
} else {
	set yrange [0:*]
	set offsets 0, 0, graph 0.06, 0
}
if (level == level) {
	set object 1 rectangle from graph 0, first level - spread to graph 1, first level + spread behind fc rgb black fs transparent solid 0.08 noborder
	all_lines = sprintf('level with lines lw 2 dt 2 lc rgb black title "dense network (n = %d)", ', dense_n).all_lines
}
do for [f in formats] {
	eval terminal(f)
	plot @all_lines
}
