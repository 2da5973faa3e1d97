# bars.gp: a number for each network, with its error.
#	gnuplot -e "file='x.png'; heading='TEXT'; table='networks.tsv'; unit='TEXT'" \
#		-e "what='sr'; low='sr_low'; high='sr_high'; beside=''" style.gp bars.gp
# low, high: columns, or '' for the standard deviation WHAT_std (none if there is no
# such column: errors=0).  beside: another column in bars of its own; null: a column
# drawn as a dashed line.
val(c) = none(c) ? NaN : column(c)
std(c) = none(c.'_std') ? 0 : column(c.'_std')
lower(c) = low eq '' ? val(c) - std(c) : val(low)
upper(c) = low eq '' ? val(c) + std(c) : val(high)
stats table using 0 nooutput
n = STATS_records
set title heading noenhanced offset 0,0.3
set ylabel unit
set xrange [-0.6:n - 0.4]
set xtics rotate by -25 noenhanced
set bmargin 5.5
set boxwidth (beside eq '' ? 0.6 : 0.36)
set style fill solid 1 noborder
set key outside right top Left reverse
# The axis begins at 0.
set autoscale noextend
set offsets 0, 0, graph 0.06, 0
set yrange [*<0:0<*]
left = beside eq '' ? 0 : -0.19
bars = 'table using ($0 + left):(val(what)):xtic(strcol("network")) with boxes lc rgb "#0072b2" title first'
if (errors) { bars = bars.', "" using ($0 + left):(lower(what)):(0):(upper(what) - lower(what)) with vectors heads size 0.06,90 lc rgb "#333333" lw 1.5 notitle' }
if (beside ne '') { bars = bars.', "" using ($0 + 0.19):(val(beside)) with boxes lc rgb "#e69f00" title second' }
if (beside ne '' && errors) { bars = bars.', "" using ($0 + 0.19):(val(beside) - std(beside)):(0):(2 * std(beside)) with vectors heads size 0.06,90 lc rgb "#333333" lw 1.5 notitle' }
if (null ne '') { bars = bars.', "" using ($0 - 0.45):(val(null)):(0.9):(0) with vectors nohead ls 10 title "by chance alone"' }
# The axis; there is something to draw even when every number is NaN.
plot @bars, 0 lc rgb '#555555' lw 1.2 notitle
