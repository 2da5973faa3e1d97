# heat.gp: a number for all pairs, in a square.
#	what='rounds'; of='imp'		masks of rounds of a method
#	what='epochs'; of='0'		masks of epochs of a round
#	what='distances_mean'; of=''	masks of epochs of a dense run
#	what='grid_mean'; of=''		tickets: masks of epochs on weights of epochs
grid = what eq 'grid_mean'
row = grid ? 's' : 'a'
column_of = grid ? 'v' : 'b'
value = grid ? 'test_acc' : 'distance'
unit = grid ? 'test accuracy, %' : 'weights that differ, %'
scale = grid ? 1 : 100
x_label = grid ? 'v: epoch of the weights' : what eq 'rounds' ? 'round' : 'epoch'
y_label = grid ? 's: epoch of the mask' : x_label
mine = what eq 'rounds' ? 'strcol("method") eq of' : what eq 'epochs' ? 'strcol("round") eq of' : grid ? 'strcol(row) ne "best"' : '1'
rows = ''; columns = ''; low = NaN; top = NaN; count = 0
if (grid) { columns = 'dense' }
stats table(what) using (@mine ? (rows = add(rows, strcol(row)), columns = add(columns, strcol(column_of)), count = column('n') > count ? column('n') : count, \
	none(value) || strcol(column_of) eq 'dense' ? 0 : (low = low <= scale * column(value) ? low : scale * column(value), top = top >= scale * column(value) ? top : scale * column(value)), 0) : 0) nooutput
if (words(rows) < 2 || !(top == top)) { exit }
# Numbers by size.
sorted(list) = system("printf '%s\n' ".list." | sort -n | tr '\n' ' '")
rows = sorted(rows)
if (grid) { columns = 'dense '.sorted(substr(columns, 7, strlen(columns))) } else { columns = sorted(columns); low = 0 }
place(list, w) = words(substr(' '.list, 1, strstrt(' '.list.' ', ' '.w.' '))) + 1
nx = words(columns); ny = words(rows)
if (top <= low) { top = low + 1 }
wide = 300 + (nx > 12 ? 640 : nx < 5 ? 400 : nx * 78)
high = 150 + (ny > 12 ? 560 : ny < 5 ? 240 : ny * 46)
unset grid
set border 0
set xlabel x_label offset 0,0.3
set ylabel y_label
set xrange [0.5:nx + 0.5]
set yrange [ny + 0.5:0.5]
set palette defined (0 '#ffffff', 0.3 '#c6dbef', 0.6 '#6baed6', 0.8 '#2171b5', 1 '#08306b')
set cbrange [low:top]
set cblabel unit offset 1,0
set style fill solid 1 border rgb faint
set xtics scale 0 noenhanced
set ytics scale 0 noenhanced
x_ticks = ''
do for [i=1:nx] { if (nx <= 20 || i % 5 == 0) { x_ticks = x_ticks.(x_ticks eq '' ? '' : ', ').sprintf('"%s" %d', word(columns, i), i) } }
y_ticks = ''
do for [i=1:ny] { if (ny <= 20 || i % 5 == 0) { y_ticks = y_ticks.(y_ticks eq '' ? '' : ', ').sprintf('"%s" %d', word(rows, i), i) } }
eval 'set xtics ('.x_ticks.')'
eval 'set ytics ('.y_ticks.')'
# Where there is nothing it is grey.
set object 1 rectangle from graph 0, graph 0 to graph 1, graph 1 behind fc rgb '#dddddd' fs solid noborder
if (grid) { set arrow from 1.5,0.5 to 1.5,ny + 0.5 nohead lc rgb black lw 1.5 front }
set title sprintf('n = %d', count).(grid && count > 1 ? '; † a single seed' : '')
px = 'place(columns, strcol(column_of))'
py = 'place(rows, strcol(row))'
text(v) = nx > 14 ? '' : v == 0 ? '0' : sprintf('%.1f', v).(count > 1 && column('n') == 1 ? '†' : '')
dark(v) = v >= low + 0.7 * (top - low)
v = 'scale * number(value)'
# The dense network may be beyond the colours.
paint(v) = grid && strcol(column_of) eq 'dense' ? low : v
do for [f in formats] {
	eval terminal(f)
	plot table(what) using (@mine ? @px : NaN):(@py):(@px - 0.5):(@px + 0.5):(@py - 0.5):(@py + 0.5):(paint(@v)) with boxxyerror fc palette notitle, \
		'' using (@mine && !dark(paint(@v)) ? @px : NaN):(@py):(text(@v)) with labels tc rgb black notitle, \
		'' using (@mine && dark(paint(@v)) ? @px : NaN):(@py):(text(@v)) with labels tc rgb '#ffffff' notitle
}
