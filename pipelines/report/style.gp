# style.gp: what the pictures of the report share.  The colours are Okabe and
# Ito's, told apart by colour-blind readers too; each method has its own mark.
set terminal pngcairo size 1000,600 font 'DejaVu Sans,14' background '#ffffff'
set output file
set datafile separator '\t'
set datafile columnheaders
set datafile missing NaN
# Whether a number is missing; earlier versions wrote nan.
none(c) = strcol(c) eq 'NaN' || strcol(c) eq 'nan'

set style line 1 lc rgb '#0072b2' lw 2.5 pt 7 ps 1.5
set style line 2 lc rgb '#d55e00' lw 2.5 pt 5 ps 1.4
set style line 3 lc rgb '#009e73' lw 2.5 pt 13 ps 1.9
set style line 4 lc rgb '#7a7a7a' lw 2.5 pt 9 ps 1.6
set style line 5 lc rgb '#cc79a7' lw 2.5 pt 11 ps 1.6
set style line 6 lc rgb '#e69f00' lw 2.5 pt 4 ps 1.5
set style line 7 lc rgb '#56b4e9' lw 2.5 pt 6 ps 1.6
set style line 8 lc rgb '#8c510a' lw 2.5 pt 8 ps 1.6
set style line 10 lc rgb '#000000' lw 2 dt 2
set style line 11 lc rgb '#e4e4e4' lw 1
set border 3 lc rgb '#555555' lw 1.2
set tics nomirror out scale 0.6
set grid ls 11
set bmargin 4.2
set key noenhanced
