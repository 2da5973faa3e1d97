# memory.gp: a line for each mask over the number of samples.
#	gnuplot -e "file='x.png'; heading='TEXT'; table='SQUARE'" style.gp memory.gp
# SQUARE: pivot.awk's, a row a number of samples, a column a mask: the epoch it is
# from, or dense.
stats table using 1 nooutput
masks = STATS_columns - 1
set terminal pngcairo size 900,560 font 'DejaVu Sans,14' background '#ffffff'
set output file
set title heading noenhanced offset 0,0.3
set xlabel 'samples with random labels' offset 0,0.3
set ylabel 'accuracy on them, %'
set yrange [0:103]
set xrange [0:*]
set key outside right top Left reverse samplen 2 title 'mask of epoch' noenhanced
set palette defined (0 '#000000', 0.01 '#440154', 0.25 '#3b528b', 0.5 '#21918c', 0.75 '#5ec962', 1 '#d8c81a')
set cbrange [0:1]
unset colorbox
plot for [i=2:masks + 1] table using 1:i with linespoints lw 2 pt 7 lc palette frac (masks > 1 ? (i - 2.) / (masks - 1) : 0) title columnheader(i)
