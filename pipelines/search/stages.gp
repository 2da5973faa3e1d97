# stages.gp: a number over the stages of a search, a line for each network.
#	gnuplot -e "file='x.png'; heading='TEXT'; table='gains.tsv'; what='gain'" \
#		-e "unit='TEXT'; networks='lenet5 resnet32'" style.gp stages.gp
set datafile missing NaN
of(m, x) = strcol('network') eq m ? x : NaN
set title heading noenhanced offset 0,0.3
set xlabel 'stage: prunings so far' offset 0,0.3
set ylabel unit
set xtics 1
set key outside right top Left reverse noenhanced
stats table using (column('stage')) nooutput
set xrange [-0.2:STATS_max + 0.2]
set offsets 0, 0, graph 0.05, graph 0.05
plot for [i=1:words(networks)] table using (of(word(networks, i), column('stage'))):(none(what) ? NaN : column(what)) with linespoints ls (i - 1) % 8 + 1 title word(networks, i), 0 lc rgb '#555555' lw 1.2 notitle
