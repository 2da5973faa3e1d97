# stages.gp: a number over the stages of a search, a line for each network.
#	what='gain|length_gain'
nets = ''; last = 0; found = 0
stats table('gains') using (nets = add(nets, strcol('network')), last = column('stage') > last ? column('stage') : last, found = found + !none(what), 0) nooutput
if (!found || last == 0) { exit }
of(m, v) = strcol('network') eq m ? v : NaN
set xlabel 'stage: prunings so far' offset 0,0.3
set ylabel (what eq 'gain' ? 'gain of test accuracy, %' : 'gain of trajectory length, %')
set xtics 1
set xrange [-0.3:last + 0.3]
set offsets 0, 0, graph 0.05, graph 0.05
counts = ''; n_most = 0
do for [m in nets] {
	n_most = 0
	stats table('gains') using (strcol('network') eq m ? (n_most = column('n') > n_most ? column('n') : n_most, 0) : 0) nooutput
	counts = counts.sprintf(' %d', n_most)
}
n_of(i) = int(word(counts, i))
look(i) = n_of(i) > 1 ? mark(i) : single_mark(i)
# Side by side, so that no deviation hides another.
x(i) = 'column("stage")'
shift(i) = (i - (words(nets) + 1) / 2.) * 0.05
do for [f in formats] {
	eval terminal(f)
	plot for [i=1:words(nets)] table('gains') using (of(word(nets, i), column('stage') + shift(i))):(number(what)) with lines lw 2 lc rgb colour(i) dt dash(i) notitle, \
		for [i=1:words(nets)] '' using (of(word(nets, i), column('stage') + shift(i))):(number(what)):(around(what.'_std')) with yerrorbars lw 1.6 lc rgb colour(i) pt look(i) ps size(i) notitle, \
		for [i=1:words(nets)] NaN with linespoints lw 2 lc rgb colour(i) dt dash(i) pt look(i) ps size(i) title sprintf('%s (n = %d)', word(nets, i), n_of(i)), \
		0 lc rgb soft lw 1.2 notitle
}
