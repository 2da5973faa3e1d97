# distances.gp: distance of successive masks in the trainings of one search.
#	gnuplot -e "file='x.png'; heading='TEXT'; table='distances.tsv'; m='prac'" \
#		-e "seed=1; by='epoch'" style.gp distances.gp
of(r, v) = strcol('method') eq m && column('seed') == seed && column('round') == r ? v : NaN
mine(v) = strcol('method') eq m && column('seed') == seed ? v : NaN
set title heading noenhanced offset 0,0.3
set xlabel (by eq 'epoch' ? 'epoch of the training' : 'iteration of the training') offset 0,0.3
set ylabel (m eq 'earlybird' ? 'largest distance to masks before' : 'distance to the mask before')
stats table using (mine(column('distance'))) nooutput
if (!exists('STATS_max')) { exit }
stats table using (mine(column('eps'))) nooutput
eps = STATS_max
stats table using (mine(column('round'))) nooutput
first = STATS_min
last = STATS_max
stats table using (mine(column('distance'))) nooutput
top = (STATS_max > eps ? STATS_max : eps) * 1.12
stats table using (mine(column(by))) nooutput
if (STATS_max <= 15) { set xtics 1 }
set xrange [STATS_min - 0.03 * (STATS_max - STATS_min):STATS_max + 0.03 * (STATS_max - STATS_min)]
set yrange [0:top]
set palette defined (0 '#fde725', 0.25 '#5ec962', 0.5 '#21918c', 0.75 '#3b528b', 1 '#440154')
set cbrange [first:(last > first ? last : first + 1)]
unset colorbox
set key outside right top Left reverse
plot for [r=first:last] table using (of(r, column(by))):(of(r, column('distance'))):(r) \
		with linespoints lw 2.2 pt 7 ps 1.0 lc palette title sprintf('round %d', r), \
	'' using (mine(column('stopped') == 1 ? column(by) : NaN)):(column('distance')) with points pt 6 ps 2.8 lw 2.5 lc rgb '#d55e00' title 'stopped', \
	eps with lines ls 10 title sprintf('limit %g', eps)
