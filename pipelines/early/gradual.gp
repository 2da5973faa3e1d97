# gradual.gp: accuracy of tickets over the epoch of their last pruning, a line for
# each kind of pruning.
#	gnuplot -e "file='x.png'; heading='TEXT'; table='gradual_mean.tsv'" \
#		-e "kinds='oneshot gradual'" style.gp gradual.gp
std(x) = none('test_acc_std') ? 0 : column('test_acc_std')
of(k, x) = strcol('kind') eq k && !none('end') ? x : NaN
a = 'column("test_acc")'
stats table using (strcol('kind') eq 'dense' ? column('test_acc') : NaN) nooutput
dense = STATS_max
set title heading noenhanced offset 0,0.3
set xlabel 'epoch of the last pruning' offset 0,0.3
set ylabel 'test accuracy of the retrained ticket, %'
set key outside right top Left reverse samplen 2
set offsets graph 0.03, graph 0.03, graph 0.05, graph 0.05
plot for [i=1:words(kinds)] table using (of(word(kinds, i), column('end'))):(@a):(std(0)) with yerrorlines ls i title word(kinds, i), \
	dense with lines ls 10 title sprintf('dense, %.2f %%', dense)
