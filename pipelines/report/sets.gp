# sets.gp: the sets of a search, in bars.
#	gnuplot -e "file='x.png'; heading='TEXT'; table='sets_mean.tsv'" \
#		-e "m='prac'; d0=N" style.gp sets.gp
of(v) = strcol('method') eq m ? 100. * v / d0 : NaN
set title heading noenhanced offset 0,0.3
set xlabel 'round: the set found with the mask of this round' offset 0,0.3
set ylabel 'samples, % of D0'
finite(v) = v == v ? v : 0
stats table using (of(column('set_size'))) nooutput
top = STATS_max * 1.2
stats table using (column('round')) nooutput
set yrange [0:top]
set xrange [0.4:STATS_max + 0.6]
set xtics 1
set boxwidth 0.7
set style fill solid 1 noborder
set key outside right top Left reverse
r = 'using (column("round")):'
plot table @r(of(column('set_size'))) with boxes lc rgb '#56b4e9' title 'CEP alone', \
	'' @r(of(column('cet'))) with boxes lc rgb '#7a5195' title 'both', \
	'' @r(of(column('cet') - column('both'))) with boxes lc rgb '#e69f00' title 'CET alone', \
	'' @r(of(column('set_size') - column('set_size_std'))):(0):(of(2 * column('set_size_std'))) with vectors heads size 0.06,90 lc rgb '#333333' lw 1.5 notitle, \
	'' @r(of(column('set_size') + finite(column('set_size_std')))):(sprintf('%.1f', of(column('set_size')))) with labels offset 0,0.9 notitle
