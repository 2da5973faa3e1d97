# path.gp: an arc's images in a plane, a panel a node.
#	gnuplot -e "file='x.png'; heading='TEXT'; table='path.tsv'; nodes='relu1 fc'" \
#		style.gp path.gp
panels = words(nodes)
across = panels < 3 ? panels : 3
down = int((panels + across - 1) / across)
set datafile missing NaN
set terminal pngcairo size (across < 2 ? 640 : 420 * across), 60 + (across < 2 ? 520 : 400) * down font 'DejaVu Sans,12' background '#ffffff'
set output file
of(s, m, x) = strcol('stage') eq s && strcol('node') eq m ? x : NaN
set multiplot layout down, across title heading noenhanced
# Room for the key, in the first panel.
set key top left Left reverse samplen 1.5
set offsets 0, 0, graph 0.2, 0
do for [i=1:panels] {
	m = word(nodes, i)
	set title m noenhanced
	plot for [j=1:3] table using (of(word('init dense sparse', j), m, column('x'))):(column('y')) with lines lw 2 lc rgb word('#7a7a7a #0072b2 #d55e00', j) title word('init dense sparse', j)
	unset key
	unset offsets
}
unset multiplot
