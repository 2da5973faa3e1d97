# ppr.gp: validation accuracy of pruned copies after one epoch, and of the dense
# run, over its epochs; with bands of one standard deviation.
#	gnuplot -e "file='x.png'; heading='TEXT'; table='ppr_mean.tsv'" \
#		-e "ticket='ticket_mean.tsv'; lr='0.01'; control='0.1'; drops='120 160'" \
#		style.gp ppr.gp
# The early ticket's epochs by both rules are marked, means over seeds.
std(c) = none(c.'_std') ? 0 : column(c.'_std')
of(r, v) = strcol('lr') eq r ? v : NaN
stats table using (column('epoch')) nooutput
first = STATS_min
last = STATS_max
epoch_of(rule) = strcol('rule') eq rule ? column('ticket') : NaN
rules = ''
do for [rule in 'offline online'] {
	stats ticket using (strcol('rule') eq rule && !none('ticket') ? 1 : 0) nooutput
	if (STATS_max) { rules = rules.' '.rule }
}
set terminal pngcairo size 1100,620 font 'DejaVu Sans,14' background '#ffffff'
set output file
set title heading noenhanced offset 0,0.3
set xlabel 'epoch of the dense run' offset 0,0.3
set ylabel 'validation accuracy, %'
set xrange [first:(last > first ? last : first + 1)]
if (last - first <= 15) { set xtics 1 }
set offsets 0, 0, graph 0.06, graph 0.04
set key outside right top Left reverse samplen 2
do for [d in drops] {
	set arrow from d + 0, graph 0 to d + 0, graph 1 nohead lc rgb '#999999' lw 1.5 dt 3 back
}
shade = 'with filledcurves fs transparent solid 0.14 noborder notitle'
x = 'column("epoch")'
curves = control eq '' ? lr : lr.' '.control
tickets = rules eq '' ? '' : ", for [rule in rules] ticket using (epoch_of(rule)):(column('val_acc')) " . \
	"with points pt (rule eq 'offline' ? 6 : 4) ps 2.6 lw 2.5 lc rgb '#009e73' title 'early ticket, '.rule"
plot table using (@x):(of(lr, column('dense_val_acc') - std('dense_val_acc'))):(of(lr, column('dense_val_acc') + std('dense_val_acc'))) @shade lc rgb '#000000', \
	for [r in curves] table using (@x):(of(r, column('val_acc') - std('val_acc'))):(of(r, column('val_acc') + std('val_acc'))) @shade ls (r eq lr ? 2 : 1), \
	table using (of(lr, @x)):(column('dense_val_acc')) with lines ls 10 title 'dense run', \
	for [r in curves] table using (of(r, @x)):(column('val_acc')) with lines ls (r eq lr ? 2 : 1) title 'pruned, one epoch at '.r @tickets
