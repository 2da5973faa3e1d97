# layers.gp: something of each layer over the epochs of the dense run; the first layer
# is dark, the last light.
#	what='rate|W_std|change_share'
layers = ''; from = NaN; to = NaN; found = 0; seen = ''; n = 0
stats table('weights_mean') using (layers = has(seen, strcol('layer')) ? layers : layers.' '.strcol('layer'), seen = add(seen, strcol('layer')), \
	n = column('n'), from = from <= column('epoch') ? from : column('epoch'), to = to >= column('epoch') ? to : column('epoch'), found = found + !none(what), 0) nooutput
if (!found) { exit }
many = words(layers)
wide = 1100
high = many > 24 ? 220 + 17 * many : 620
set xlabel 'epoch of the dense run' offset 0,0.3
set ylabel (what eq 'rate' ? 'weights of the layer that pruning would remove, %' : what eq 'W_std' ? 'standard deviation of the weights' : \
	'change of the standard deviation an epoch, % of it') noenhanced
set xrange [from:(to > from ? to : from + 1)]
if (to - from <= 15) { set xtics 1 }
set key font ',11' title sprintf('n = %d', n)
set palette defined (0 '#440154', 0.4 '#3b528b', 0.7 '#1f7f86', 1 '#4d8a1f')
set cbrange [0:1]
unset colorbox
# The learning rate falls after these epochs.
drops = ''
stats table('settings') using (strcol('setting') eq 'MILESTONES' ? (drops = strcol('value'), 0) : 0) nooutput
drops = system("printf '%s' '".drops."' | tr ',' ' '")
do for [d in drops] { set arrow from d + 0, graph 0 to d + 0, graph 1 nohead lc rgb soft lw 1.5 dt 3 back }
is(i) = strcol('layer') eq word(layers, i) ? column('epoch') : NaN
frac_of(i) = many > 1 ? (i - 1.) / (many - 1) : 0
points = to - from > 15 ? 0 : 0.6
scale = what eq 'change_share' ? 100 : 1
all = 'for [i=1:many] table("weights_mean") using (is(i)):(scale * number(what)) with linespoints lw 2 pt (n > 1 ? 7 : 6) ps points lc palette frac frac_of(i) title word(layers, i)'
all = all.', for [i=1:many] "" using (is(i)):(scale * (number(what) - around(what."_std"))):(0):(2 * scale * around(what."_std")) '.bar.' lw 1 lc palette frac frac_of(i) notitle'
if (what eq 'change_share') {
	set nonlinear y via sgn(y) * log10(1 + abs(y) / 0.01) inverse sgn(y) * 0.01 * (10 ** abs(y) - 1)
	set ytics (-100, -10, -1, -0.1, 0, 0.1, 1, 10, 100, 1000)
	all = all.', "" using (is(1)):(100 * number("predicted_share")) with lines lw 3 dt 2 lc rgb black title "Eq. 5"'
} else {
	set offsets 0, 0, graph 0.04, graph 0.04
}
do for [f in formats] {
	eval terminal(f)
	plot @all
}
