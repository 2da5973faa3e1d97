# tickets.gp: accuracy of tickets over the epoch of their mask, on θ0 and on the
# weights of that epoch.
#	gnuplot -e "file='x.png'; heading='TEXT'; table='grid_mean.tsv'" \
#		style.gp tickets.gp
# What a line leaves out does not interrupt it.
set datafile missing NaN
std(x) = none('test_acc_std') ? 0 : column('test_acc_std')
cell = 'strcol("v") ne "dense"'
zero(x) = @cell && column('v') == 0 ? x : NaN
same(x) = @cell && column('v') == column('s') ? x : NaN
best(x) = strcol('s') eq 'best' ? x : NaN
a = 'column("test_acc")'
stats table using (best(column('test_acc'))) nooutput
dense = STATS_max
set title heading noenhanced offset 0,0.3
set xlabel 's: epoch of the mask' offset 0,0.3
set ylabel 'test accuracy of the retrained ticket, %'
set key outside right top Left reverse samplen 2
set offsets graph 0.03, graph 0.03, graph 0.05, graph 0.05
plot table using (zero(column('s'))):(@a):(std(0)) with yerrorlines ls 1 title 'on θ0', \
	'' using (same(column('s'))):(@a):(std(0)) with yerrorlines ls 2 title 'on the weights of s', \
	dense with lines ls 10 title sprintf('dense, %.2f %%', dense)
