# classes.gp: how much of each class the last set holds.
methods = ''; labels = ''; classes = 0; share = NaN; n = 0; round = 0; found = 0
stats table('classes_mean') using (methods = add(methods, strcol('method')), 0) nooutput
m = has(methods, 'prac') ? 'prac' : word(methods, 1)
stats table('sets_mean') using (strcol('method') eq m && column('round') >= round ? (round = column('round'), share = number('set_share'), 0) : 0) nooutput
mine(v) = strcol('method') eq m ? v : NaN
stats table('classes_mean') using (strcol('method') eq m ? (classes = classes + 1, n = column('n'), \
	labels = labels.(labels eq '' ? '' : ', ').sprintf('"%s" %d', strcol('name'), column('class')), \
	found = found || !none('share_of_class'), 0) : 0) nooutput
if (!found) { exit }
set ylabel 'images of the class in the set, %'
set yrange [0:*<108]
set offsets 0, 0, graph 0.05, 0
set xrange [-0.6:classes - 0.4]
set boxwidth 0.75
set xtics noenhanced
if (classes <= 40) { eval 'set xtics ('.labels.')' } else { set xlabel 'class' offset 0,0.3 }
if (classes > 8 && classes <= 40) { set xtics rotate by -50 }
whole(x) = share
set samples 2
do for [f in formats] {
	eval terminal(f)
	plot table('classes_mean') using (mine(column('class'))):(number('share_of_class')) with boxes lc rgb '#0072b2' title sprintf('%s (n = %d)', named(m), n), \
		'' using (mine(column('class'))):(number('share_of_class') - around('share_of_class_std')):(0):(2 * around('share_of_class_std')) @bar lw 1.8 lc rgb black notitle, \
		whole(x) with lines lw 2 dt 2 lc rgb '#d55e00' title 'all classes'
}
