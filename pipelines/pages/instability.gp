# instability.gp: the barrier between two orders of the data over points of rewinding, a line
# for each network.
#	what='error_barrier'
nets = ''; n = 0; found = 0
stats table('barriers_mean') using (nets = add(nets, strcol('network')), n = column('n') > n ? column('n') : n, found = found + !none(what), 0) nooutput
if (!found) { exit }
iterations = system("awk -F '\t' 'NR > 1 && $1 ~ /i$/ { print 1; exit }' '".dir."/barriers_mean.tsv'") eq '1'
in(m) = strcol('network') eq m ? real(strcol('rewind')) : NaN
set xlabel iterations ? 'point of rewinding, iterations' : 'point of rewinding, epochs' offset 0,0.3
set ylabel what eq 'error_barrier' ? 'barrier of the error, percentage points' : 'barrier of the loss'
set yrange [0:*]
set offsets graph 0.03, graph 0.03, graph 0.05, 0
set key title sprintf('n = %d', n)
name(m) = m eq 'dense' ? 'dense network' : m eq 'found' ? 'mask of IMP' : 'this mask, shuffled in layers'
do for [f in formats] {
	eval terminal(f)
	plot for [i=1:words(nets)] table('barriers_mean') using (in(word(nets, i))):(number(what)) with lines lw 2.2 lc rgb colour(i) dt dash(i) notitle, \
		for [i=1:words(nets)] '' using (in(word(nets, i))):(number(what)):(around(what.'_std')) with yerrorbars lw 2 lc rgb colour(i) \
			pt (n > 1 ? mark(i) : single_mark(i)) ps size(i) notitle, \
		for [i=1:words(nets)] NaN with linespoints lw 2.2 lc rgb colour(i) dt dash(i) pt (n > 1 ? mark(i) : single_mark(i)) ps size(i) title name(word(nets, i))
}
