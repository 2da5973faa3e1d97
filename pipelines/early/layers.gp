# layers.gp: a line for each layer over the epochs, the first dark, the last light.
#	gnuplot -e "file='x.png'; heading='TEXT'; table='SQUARE'; unit='TEXT'" \
#		-e "drops='120 160'; eq5=''" style.gp layers.gp
# SQUARE: pivot.awk's, a row an epoch, a column a layer.  drops: epochs after which
# the learning rate falls.  eq5: a square of predictions, alike in all columns;
# then the axis is linear around 0 and logarithmic beyond.
stats table using 1 nooutput
first = STATS_min
last = STATS_max
layers = STATS_columns - 1
set terminal pngcairo size 1100,(layers > 24 ? 220 + 17 * layers : 620) font 'DejaVu Sans,14' background '#ffffff'
set output file
set title heading noenhanced offset 0,0.3
set xlabel 'epoch of the dense run' offset 0,0.3
set ylabel unit noenhanced
set xrange [first:(last > first ? last : first + 1)]
if (last - first <= 15) { set xtics 1 }
set key outside right top Left reverse samplen 1.5 font ',11' noenhanced
set palette defined (0 '#440154', 0.25 '#3b528b', 0.5 '#21918c', 0.75 '#5ec962', 1 '#d8c81a')
set cbrange [0:1]
unset colorbox
do for [d in drops] {
	set arrow from d + 0, graph 0 to d + 0, graph 1 nohead lc rgb '#999999' lw 1.5 dt 3 back
}
lines = 'for [i=2:layers + 1] table using 1:i with linespoints lw 2 pt 7 ps (last - first > 15 ? 0 : 0.6) lc palette frac (layers > 1 ? (i - 2.) / (layers - 1) : 0) title columnheader(i)'
if (eq5 eq '') {
	set offsets 0, 0, graph 0.04, graph 0.04
	plot @lines
} else {
	set nonlinear y via sgn(y) * log10(1 + abs(y) / 0.01) inverse sgn(y) * 0.01 * (10 ** abs(y) - 1)
	set ytics (-100, -10, -1, -0.1, -0.01, 0, 0.01, 0.1, 1, 10, 100, 1000)
	plot @lines, eq5 using 1:2 with lines lw 3 dt 2 lc rgb '#000000' title 'Eq. 5'
}
