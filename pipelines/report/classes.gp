# classes.gp: how much of each class the last set holds.
#	gnuplot -e "file='x.png'; heading='TEXT'; table='classes_mean.tsv'" \
#		-e "m='prac'; $(SHARE)" style.gp classes.gp
# $(SHARE): what share.awk says, classes=N, share=X (of D0 as a whole) and names.
of(v) = strcol('method') eq m ? v : NaN
set title heading noenhanced offset 0,0.3
set ylabel 'samples of the class in the set, %'
set yrange [0:*<105]
set offsets 0, 0, graph 0.05, 0
set xrange [-0.6:classes - 0.4]
set boxwidth 0.75
set style fill solid 1 noborder
set key outside right top Left reverse
set xtics noenhanced
if (classes > 8) { set xtics rotate by -60; set bmargin 7 }
if (classes > 40) {
	set xlabel 'class' offset 0,0.3
	set bmargin 4.2
	set xtics rotate by 0
}
whole(x) = share
set samples 2
plot table using (of(column('class'))):(of(column('share_of_class'))) with boxes lc rgb '#0072b2' notitle, \
	'' using (of(column('class'))):(of(column('share_of_class') - column('share_of_class_std'))):(0):(2 * column('share_of_class_std')) with vectors heads size 0.06,90 lc rgb '#333333' lw 1.5 notitle, \
	whole(x) with lines ls 10 title sprintf('all classes, %.1f %%', share)
