# heat.gp: numbers in a square, and how large they are.
#	gnuplot -e "file='x.png'; heading='TEXT'; table='CELLS'; unit='TEXT'" \
#		-e "format='%.2f'; x_label='TEXT'; y_label='TEXT'; apart='dense'" \
#		style.gp heat.gp
# CELLS: pivot.awk's, cells=1.  The row named by apart is the first, has a line
# under it, and may be beyond the colours, which span the others; '': there is none.
stats table using (strcol('row') eq apart ? NaN : column('value')) nooutput
low = STATS_min
high = STATS_max > low ? STATS_max : low + 1
stats table using (column('x')) nooutput
columns = STATS_max
stats table using (column('y')) nooutput
rows = STATS_max
set terminal pngcairo size (columns > 24 ? 1000 : 340 + (columns < 5 ? 5 : columns) * 70), (columns > 24 ? 880 : 190 + rows * 34) font 'DejaVu Sans,14' background '#ffffff'
set output file
unset grid
set border 0
set title heading."\n".unit noenhanced offset 0,0.3
set xlabel x_label offset 0,0.3
set ylabel y_label offset -1,0
set xtics scale 0
set ytics scale 0
set xrange [0.5:columns + 0.5]
set yrange [rows + 0.5:0.5]
set palette defined (0 '#ffffff', 0.3 '#c6dbef', 0.6 '#6baed6', 0.8 '#2171b5', 1 '#08306b')
set cbrange [low:high]
set rmargin 13
set lmargin 12
set format cb format
set style fill solid 1 border rgb '#e4e4e4'
if (apart ne '') { set arrow from 0.5,1.5 to columns + 0.5,1.5 nohead lc rgb '#000000' lw 1.5 front }
dark(v) = v >= low + 0.7 * (high - low)
at(yes) = yes ? column('y') : NaN
# No numbers where they would not fit.
text(v) = columns > 24 ? '' : sprintf(format, v)
plot table using (column('x')):(column('y')):(column('x') - 0.5):(column('x') + 0.5):(column('y') - 0.5):(column('y') + 0.5):(column('value')):xtic(strcol('column')):ytic(strcol('row')) with boxxyerror fc palette notitle, \
	'' using (column('x')):(at(!dark(column('value')))):(text(column('value'))) with labels tc rgb '#000000' notitle, \
	'' using (column('x')):(at(dark(column('value')))):(text(column('value'))) with labels tc rgb '#ffffff' notitle
