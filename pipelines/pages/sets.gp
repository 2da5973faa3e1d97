# sets.gp: what the sets of a search are made of, in bars.
#	of='prac'
is(v) = strcol('method') eq of ? v : NaN
d0 = NaN; n = 0; last = 0; top = 0
stats table('sets_mean') using (strcol('method') eq of && column('set_share') > 0 ? (d0 = 100. * column('set_size') / column('set_share'), \
	n = column('n'), last = column('round') > last ? column('round') : last, \
	top = column('set_share') + around('set_share_std') > top ? column('set_share') + around('set_share_std') : top, 0) : 0) nooutput
if (last == 0) { exit }
share(c) = is(100. * number(c) / d0)
set xlabel 'round: the set found with the mask of this round' offset 0,0.3
set ylabel 'images, % of D0'
set yrange [0:top * 1.15]
set xrange [0.4:last + 0.6]
set xtics 1
set boxwidth 0.7
set style fill solid 1 border rgb '#ffffff'
set key title sprintf('n = %d', n)
std = 'around("set_share_std")'
do for [f in formats] {
	eval terminal(f)
	plot table('sets_mean') using (column('round')):(share('set_size')) with boxes lc rgb '#0072b2' title 'CEP alone', \
		'' using (column('round')):(share('cet')) with boxes lc rgb '#6b6b6b' title 'CET and CEP', \
		'' using (column('round')):(share('cet') - share('both')) with boxes lc rgb '#d55e00' title 'CET alone', \
		'' using (is(column('round'))):(number('set_share') - @std):(0):(2 * @std) @bar lw 1.8 lc rgb black notitle, \
		'' using (is(column('round'))):(number('set_share') + @std):(sprintf('%.3g', number('set_share'))) with labels offset 0,0.7 notitle
}
