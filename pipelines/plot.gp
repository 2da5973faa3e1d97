# plot.gp: one picture of a comparison.
#	gnuplot -e "picture='accuracy'; summary='summary.tsv'; file='x.png'" \
#		-e "title='TEXT'" plot.gp
# picture is accuracy or iterations.  The colours are Okabe and Ito's, told
# apart by colour-blind readers too; each method has its own mark as well.
set terminal pngcairo size 1000,640 font 'DejaVu Sans,15' background '#ffffff'
set output file
set datafile separator '\t'
set datafile columnheaders
set datafile missing NaN
# Whether a number is missing; earlier versions wrote nan.
none(c) = strcol(c) eq 'NaN' || strcol(c) eq 'nan'

blue = '#0072b2'; red = '#d55e00'; green = '#009e73'; grey = '#7a7a7a'
set style line 1 lc rgb blue lw 2.5 pt 7 ps 1.6
set style line 2 lc rgb red lw 2.5 pt 5 ps 1.5
set style line 3 lc rgb green lw 2.5 pt 13 ps 2.0
set style line 4 lc rgb grey lw 2.5 pt 9 ps 1.7
set style line 5 lc rgb '#000000' lw 2 dt 2
set style line 9 lc rgb '#e4e4e4' lw 1
set border 3 lc rgb '#555555' lw 1.2
set tics nomirror out scale 0.6
set grid ls 9
set bmargin 4.2

# Every round takes the same share of what is left, so on this axis rounds are
# evenly spaced; the marks carry the sparsity.
density(s) = -log(1 - s / 100)
is(method) = strcol('method') eq method
x(method) = is(method) ? density(column('sparsity')) : NaN
y(method, what) = is(method) ? column(what) : NaN
set xlabel 'sparsity: weights removed, %' offset 0,0.3

if (picture eq 'accuracy') {
	stats summary using (is('dense') ? column('test_acc') : NaN) nooutput
	dense = STATS_max
	set title 'Accuracy of tickets: '.title noenhanced offset 0,0.3
	set ylabel 'test accuracy of the retrained ticket, %'
	set format y '%.1f'
	set offsets graph 0.04, graph 0.04, graph 0.06, graph 0.04
	set key bottom left reverse Left spacing 1.25 samplen 2.5
	what = 'test_acc'
} else {
	set title 'Cost of finding them: '.title noenhanced offset 0,0.3
	set ylabel 'search iterations until the mask exists'
	set yrange [0:]
	set offsets graph 0.04, graph 0.04, graph 0.06, 0
	set key top left reverse Left spacing 1.25 samplen 2.5
	what = 'search_iterations'
}
# A row without a sparsity has its mark where the dense network has one.
mark = '(none("sparsity") ? 0 : column("sparsity"))'
marks = 'using (density('.mark.')):(NaN):xtic(sprintf("%.1f", '.mark.'))'
if (picture eq 'accuracy') {
	plot summary @marks notitle, \
		dense with lines ls 5 title sprintf('dense, %.2f %%', dense), \
		'' using (x('imp')):(y('imp', what)) with linespoints ls 1 title 'IMP', \
		'' using (x('prac')):(y('prac', what)) with linespoints ls 2 title 'PrAC', \
		'' using (x('earlybird')):(y('earlybird', what)) with linespoints ls 3 title 'early-bird', \
		'' using (x('random')):(y('random', what)) with linespoints ls 4 title 'random pruning'
} else {
	plot summary @marks notitle, \
		'' using (x('imp')):(y('imp', what)) with linespoints ls 1 title 'IMP', \
		'' using (x('prac')):(y('prac', what)) with linespoints ls 2 title 'PrAC', \
		'' using (x('earlybird')):(y('earlybird', what)) with linespoints ls 3 title 'early-bird'
}
