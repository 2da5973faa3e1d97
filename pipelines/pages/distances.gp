# distances.gp: distances of successive masks in the trainings of one search, first
# seed.
#	of='prac'
seed = ''; rounds = ''; eps = NaN; top = 0; from = NaN; to = NaN; found = 0
stats table('distances') using (strcol('method') eq of && (seed eq '' || strcol('seed') eq seed) ? (seed = strcol('seed'), \
	rounds = add(rounds, strcol('round')), eps = number('eps'), found = found + !none('distance'), \
	top = !none('distance') && column('distance') > top ? column('distance') : top, \
	from = from <= column('iteration') ? from : column('iteration'), to = to >= column('iteration') ? to : column('iteration'), 0) : 0) nooutput
if (!found) { exit }
mine(v) = strcol('method') eq of && strcol('seed') eq seed ? v : NaN
in(r, v) = strcol('round') eq r ? mine(v) : NaN
set xlabel 'iteration of the training' offset 0,0.3
set ylabel (of eq 'earlybird' ? 'largest distance to the masks before' : 'distance to the mask before')
set yrange [0:(top > eps ? top : eps) * 1.12]
set xrange [from - 0.03 * (to - from):to + 0.03 * (to - from)]
set palette defined (0 '#440154', 0.4 '#3b528b', 0.7 '#1f7f86', 1 '#4d8a1f')
set cbrange [0:1]
unset colorbox
set key title 'seed '.seed
many = words(rounds)
shade(i) = many > 1 ? (i - 1.) / (many - 1) : 0
do for [f in formats] {
	eval terminal(f)
	plot for [i=1:many] table('distances') using (in(word(rounds, i), column('iteration'))):(number('distance')) \
			with linespoints lw 2 pt single_mark(i) ps 0.9 lc palette frac shade(i) title 'round '.word(rounds, i), \
		'' using (mine(column('stopped') == 1 ? column('iteration') : NaN)):(number('distance')) with points pt 6 ps 2.8 lw 2.5 lc rgb '#d55e00' title 'stopped', \
		eps with lines lw 2 dt 2 lc rgb black title sprintf('limit %g', eps)
}
