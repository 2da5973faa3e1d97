# path.gp: what becomes of an arc of images inside a network, a panel for each node.
#	of='lenet5'
file = table('path')
nodes = ''
stats file using (strcol('network') eq of ? (nodes = add(nodes, strcol('node')), 0) : 0) nooutput
panels = words(nodes)
if (!panels) { exit }
across = panels < 3 ? panels : 3
down = int((panels + across - 1) / across)
wide = across < 2 ? 640 : 420 * across
high = 60 + (across < 2 ? 520 : 400) * down
in(s, m, v) = strcol('network') eq of && strcol('stage') eq s && strcol('node') eq m ? v : NaN
name(s) = s eq 'init' ? 'initialized' : s eq 'dense' ? 'dense, trained' : 'last stage'
do for [f in formats] {
	eval terminal(f)
	set multiplot layout down, across
	set key inside top left Left reverse samplen 1.5
	set offsets 0, 0, graph 0.25, 0
	do for [m in nodes] {
		set title m noenhanced
		plot for [j=1:3] file using (in(word('init dense sparse', j), m, column('x'))):(number('y')) with lines lw 2 dt int(word('1 2 1', j)) \
			lc rgb word('#6b6b6b #0072b2 #d55e00', j) title name(word('init dense sparse', j))
		unset key
		unset offsets
	}
	unset multiplot
}
