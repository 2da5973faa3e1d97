# heat.gp: distances of all pairs of masks.
#	gnuplot -e "file='x.png'; heading='TEXT'; table='rounds.tsv'; key='method'" \
#		-e "m='imp'; what='round'" style.gp heat.gp
# key, m: the rows that are shown.  Numbers stand in the cells of small ones.
set terminal pngcairo size 820,720 font 'DejaVu Sans,14' background '#ffffff'
of(v) = strcol(key) eq m ? v : NaN
set title heading noenhanced offset 0,0.3
unset grid
set border 15
set xlabel what offset 0,0.3
set ylabel what
stats table using (of(column('a'))) nooutput
if (!exists('STATS_max')) { exit }
first = STATS_min
last = STATS_max
n = last - first + 1
stats table using (of(column('distance'))) nooutput
top = STATS_max > 0 ? STATS_max : 1
set xrange [first - 0.5:last + 0.5]
set yrange [last + 0.5:first - 0.5]
if (n <= 20) { set xtics 1; set ytics 1 }
set size ratio 1
set palette defined (0 '#ffffff', 0.3 '#c6dbef', 0.6 '#6baed6', 0.8 '#2171b5', 1 '#08306b')
set cbrange [0:top]
set cblabel 'share of weights that differ'
set style fill solid 1 noborder
# Where there is no mask it is grey.
set object rectangle from graph 0, graph 0 to graph 1, graph 1 behind fc rgb '#dddddd' fs solid noborder
cells = '(of(column("b"))):(column("a")):(column("b") - 0.5):(column("b") + 0.5):(column("a") - 0.5):(column("a") + 0.5):(column("distance")) with boxxyerror fc palette'
text(v) = n > 12 ? '' : n > 8 ? sprintf('%.2f', v) : sprintf('%.3f', v)
plot table using @cells notitle, \
	'' using (of(column('distance') < 0.7 * top ? column('b') : NaN)):(column('a')):(text(column('distance'))) with labels tc rgb '#000000' notitle, \
	'' using (of(column('distance') >= 0.7 * top ? column('b') : NaN)):(column('a')):(text(column('distance'))) with labels tc rgb '#ffffff' notitle
