# tickets.gp: accuracy of tickets over the epoch of their mask or of their last
# pruning, with bars of one standard deviation.
#	what='grid_mean'	masks of one run, on θ0 and on the weights of their epoch
#	what='gradual_mean'	one-shot and gradual pruning
grid = what eq 'grid_mean'
epochs = grid ? 's' : 'end'
# The lines: a condition for each.
kinds = ''
if (!grid) { stats table(what) using (strcol('kind') ne 'dense' && !none('end') ? (kinds = add(kinds, strcol('kind')), 0) : 0) nooutput }
if (grid) { kinds = 'zero same' }
in(k) = grid ? strcol('v') ne 'dense' && strcol('s') ne 'best' && (k eq 'zero' ? column('v') == 0 : column('v') == column('s')) : strcol('kind') eq k && !none('end')
name(k) = k eq 'zero' ? 'on θ0' : k eq 'same' ? 'on the weights of s' : k eq 'oneshot' ? 'one-shot' : k eq 'gradual' ? 'gradual' : k
is_dense = grid ? 'strcol("s") eq "best"' : 'strcol("kind") eq "dense"'
dense = NaN; dense_n = 0; found = 0
stats table(what) using (@is_dense ? (dense = number('test_acc'), spread = around('test_acc_std'), dense_n = column('n'), 0) : 0) nooutput
do for [k in kinds] { stats table(what) using (in(k) ? (found = found + !none('test_acc'), 0) : 0) nooutput }
if (!found) { exit }
set xlabel (grid ? 's: epoch of the mask' : 'epoch of the last pruning') offset 0,0.3
set ylabel 'test accuracy of the retrained ticket, %'
set offsets graph 0.03, graph 0.03, graph 0.05, graph 0.05
at(k, many) = in(k) && (column('n') > 1) == many ? column(epochs) : NaN
n_most = 0; counts = ''
do for [k in kinds] {
	n_most = 0
	stats table(what) using (in(k) ? (n_most = column('n') > n_most ? column('n') : n_most, 0) : 0) nooutput
	counts = counts.sprintf(' %d', n_most)
}
many(i) = int(word(counts, i)) > 1
head(i) = name(word(kinds, i)).sprintf(' (n = %d)', int(word(counts, i)))
if (dense == dense) { set object 1 rectangle from graph 0, first dense - spread to graph 1, first dense + spread behind fc rgb black fs transparent solid 0.08 noborder }
a = 'number("test_acc")'
do for [f in formats] {
	eval terminal(f)
	plot for [i=1:words(kinds)] table(what) using (in(word(kinds, i)) ? column(epochs) : NaN):(@a) with lines lw 2.2 lc rgb colour(i) notitle, \
		for [i=1:words(kinds)] '' using (at(word(kinds, i), 1)):(@a):(around('test_acc_std')) with yerrorbars lw 2 lc rgb colour(i) pt mark(i) ps size(i) notitle, \
		for [i=1:words(kinds)] '' using (at(word(kinds, i), 0)):(@a) with points lw 2 lc rgb colour(i) pt single_mark(i) ps size(i) notitle, \
		for [i=1:words(kinds)] NaN with linespoints lw 2.2 lc rgb colour(i) pt (many(i) ? mark(i) : single_mark(i)) ps size(i) title head(i), \
		dense with lines lw 2 dt 2 lc rgb black title sprintf('dense network (n = %d)', dense_n)
}
