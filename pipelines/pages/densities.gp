# densities.gp: the share of each layer that the masks of the last round keep, a line for
# each method of a group, beside IMP.
#	of='main'
last = 0; all = ''; layers = ''
stats table('layers') using (last = column('round') > last ? column('round') : last, 0) nooutput
mine(m) = m eq 'imp' || group(m) eq of
stats table('layers') using (column('round') == last ? (mine(strcol('method')) ? all = add(all, strcol('method')) : 0, \
	strcol('name') eq 'total' ? 0 : (layers = add(layers, strcol('name'))), 0) : 0) nooutput
members = 0
do for [m in all] { members = members + (group(m) eq of) }
if (members == 0 || words(layers) < 2) { exit }
nx = words(layers)
place(w) = words(substr(' '.layers, 1, strstrt(' '.layers.' ', ' '.w.' '))) + 1
wide = 500 + (nx > 12 ? nx * 26 : 500)
high = 620
# A layer's name without what all have.
layer(i) = (i_end = strstrt(word(layers, i).'.weight', '.weight'), substr(word(layers, i), 1, i_end - 1))
ticks = ''
do for [i=1:nx] { ticks = ticks.(i > 1 ? ', ' : '').sprintf('"%s" %d', layer(i), i) }
eval 'set xtics ('.ticks.')'
set xtics rotate by -60 noenhanced
set xrange [0.5:nx + 0.5]
set xlabel sprintf('layer, round %d', last) offset 0,0.3
set ylabel 'weights of the layer that the mask keeps, %'
set yrange [0:*]
x(m) = strcol('method') eq m && column('round') == last && strcol('name') ne 'total' ? place(strcol('name')) : NaN
counts = ''
do for [m in all] {
	n_most = 0
	stats table('layers') using (x(m) == x(m) ? (n_most = column('n') > n_most ? column('n') : n_most, 0) : 0) nooutput
	counts = counts.sprintf(' %d', n_most)
}
n_of(i) = int(word(counts, i))
v = '100 * number("density")'
s = '100 * around("density_std")'
do for [f in formats] {
	eval terminal(f)
	plot for [i=1:words(all)] m=word(all,i) table('layers') using (x(m)):(@v) with lines lw 2.2 lc rgb colour(i) dt dash(i) notitle, \
		for [i=1:words(all)] m=word(all,i) '' using (x(m)):(@v - @s):(0):(2 * @s) @bar lw 2 lc rgb colour(i) notitle, \
		for [i=1:words(all)] m=word(all,i) '' using (x(m)):(@v) with points lw 2 lc rgb colour(i) pt (n_of(i) > 1 ? mark(i) : single_mark(i)) ps size(i) notitle, \
		for [i=1:words(all)] NaN with linespoints lw 2.2 lc rgb colour(i) dt dash(i) pt (n_of(i) > 1 ? mark(i) : single_mark(i)) ps size(i) title named(word(all, i)).sprintf(' (n = %d)', n_of(i))
}
