# memory.gp: how many random labels are learned, a line for each mask.
masks = ''; n = 0; found = 0
stats table('memory_mean') using (masks = add(masks, strcol('epoch')), n = column('n') > n ? column('n') : n, found = found + !none('learned_acc'), 0) nooutput
if (!found) { exit }
in(m) = strcol('epoch') eq m ? column('samples') : NaN
set xlabel 'images with random labels' offset 0,0.3
set ylabel 'labels learned, %'
set yrange [0:103]
set xrange [0:*]
set key title sprintf('n = %d', n)
name(m) = m eq 'dense' ? 'no mask' : 'mask of epoch '.m
do for [f in formats] {
	eval terminal(f)
	plot for [i=1:words(masks)] table('memory_mean') using (in(word(masks, i))):(number('learned_acc')) with lines lw 2.2 lc rgb colour(i) dt dash(i) notitle, \
		for [i=1:words(masks)] '' using (in(word(masks, i))):(number('learned_acc')):(around('learned_acc_std')) with yerrorbars lw 2 lc rgb colour(i) \
			pt (n > 1 ? mark(i) : single_mark(i)) ps size(i) notitle, \
		for [i=1:words(masks)] NaN with linespoints lw 2.2 lc rgb colour(i) dt dash(i) pt (n > 1 ? mark(i) : single_mark(i)) ps size(i) title name(word(masks, i))
}
