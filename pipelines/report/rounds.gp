# rounds.gp: something of several methods over the rounds, with bands of one
# standard deviation.
#	gnuplot -e "file='x.png'; heading='TEXT'; unit='TEXT'; table='mean.tsv'" \
#		-e "what='test_acc'; scale=1; methods='imp prac'; lead='prac'" \
#		-e "titles='IMP \"PrAC\"'; dense=1" -e "$(MARKS)" style.gp rounds.gp
# dense=1: the dense network is a line with a band.  $(MARKS): what marks.awk says
# of mean.tsv, the last round and the sparsities.
is(m) = strcol('method') eq m && column('round') > 0
x(m) = is(m) ? column('round') : NaN
# IMP, PrAC (lead), early-bird and random masks look the same in every picture.
named(m) = m eq 'imp' ? 1 : m eq lead ? 2 : m eq 'earlybird' ? 3 : m eq 'random' ? 4 : 0
styles = ''
k = 0
do for [i=1:words(methods)] {
	if (named(word(methods, i))) {
		styles = styles.sprintf(' %d', named(word(methods, i)))
	} else {
		styles = styles.' '.word('3 5 6 7 8', k % 5 + 1)
		k = k + 1
	}
}
y = 'column(what) / scale'
s = 'column(what."_std") / scale'
band = '(x(m)):('.y.' - '.s.'):('.y.' + '.s.') with filledcurves'

set title heading noenhanced offset 0,0.3
# Every round takes the same share of what is left, so rounds are evenly spaced;
# the marks carry the sparsity.
set xlabel 'sparsity: weights removed, %' offset 0,0.3
set ylabel unit
set key outside right top reverse Left spacing 1.2 samplen 2.5
if (last > 16) { set xtics rotate by -60 }
set xrange [0.7:last + 0.3]
line = '(x(m)):('.y.')'
common = 'for [i=1:words(methods)] m=word(methods,i) table using '.band. \
	' ls int(word(styles, i)) fs transparent solid 0.14 noborder notitle,'. \
	'for [i=1:words(methods)] m=word(methods,i) table using '.line. \
	' with linespoints ls int(word(styles, i)) title word(titles,i)'
if (dense) {
	stats table using (strcol('method') eq 'dense' ? column(what) : NaN) nooutput
	level = STATS_max
	stats table using (strcol('method') eq 'dense' ? column(what.'_std') : 0) nooutput
	around = STATS_max
	set format y '%.1f'
	set offsets 0, 0, graph 0.04, graph 0.04
	set object rectangle from graph 0, first level - around to graph 1, first level + around \
		behind fc rgb '#000000' fs transparent solid 0.08 noborder
	plot level with lines ls 10 title sprintf('dense, %.2f %%', level), @common
} else {
	set yrange [0:]
	set offsets 0, 0, graph 0.08, 0
	plot @common
}
