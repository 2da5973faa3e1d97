# networks.gp: a number for each network with its deviation, the smallest network first.
#	what='success|gain|lts|length-gain'
first_column = what eq 'success' ? 'sr' : what eq 'gain' ? 'best_gain' : what eq 'lts' ? 'lts' : 'best_length_gain'
beside = what eq 'success' ? '' : what eq 'gain' ? 'success_gain' : what eq 'lts' ? 'lts_all' : 'match_length_gain'
unit = what eq 'success' ? 'searches that find a winning ticket, %' : what eq 'gain' ? 'gain of test accuracy, %' : \
	what eq 'lts' ? 'LTS score: gain times success rate' : 'gain of trajectory length, %'
first = what eq 'success' ? 'success rate, 95 % interval' : what eq 'gain' ? 'best sparse stage' : what eq 'lts' ? 'of winning tickets' : 'best sparse stage'
second = what eq 'gain' ? 'of successful searches' : what eq 'lts' ? 'of all searches' : 'sparsest matching stage'
labels = ''; found = 0; k = 0
stats table('networks') using (labels = labels.(labels eq '' ? '' : ', ').sprintf('"%s (n = %d)" %d', strcol('network'), column('searches'), k), k = k + 1, \
	found = found + !none(first_column) + (beside eq '' ? 0 : !none(beside)), 0) nooutput
if (!found) { exit }
set ylabel unit
set xrange [-0.6:k - 0.4]
eval 'set xtics ('.labels.') rotate by -30 noenhanced'
bottom = 0
deviation(c) = what eq 'lts' || c eq 'sr' ? 0 : around(c.'_std')
lowest(c) = none(c) ? 0 : column(c) - deviation(c)
stats table('networks') using (bottom = lowest(first_column) < bottom ? lowest(first_column) : bottom, beside eq '' || lowest(beside) > bottom ? 0 : (bottom = lowest(beside)), 0) nooutput
if (bottom == 0) { set yrange [0:*] }
if (what eq 'success') { set yrange [0:104] }
set offsets 0, 0, graph 0.06, graph 0.02
left = beside eq '' ? 0 : -0.13
low(c) = c eq 'sr' ? number('sr_low') : number(c) - deviation(c)
up(c) = c eq 'sr' ? number('sr_high') : number(c) + deviation(c)
n_of(c) = c eq 'success_gain' || substr(c, 1, 5) eq 'match' ? column('successes') : column('searches')
marks(c, i, shift) = sprintf('table("networks") using ($0 + (%g)):(low("%s")):(0):(up("%s") - low("%s")) '.bar.' lw 1.8 lc rgb colour(%d) notitle, ', shift, c, c, c, i) . \
	sprintf('"" using (n_of("%s") > 1 ? $0 + (%g) : NaN):(number("%s")) with points lw 2 pt mark(%d) ps 1.7 lc rgb colour(%d) notitle, ', c, shift, c, i, i) . \
	sprintf('"" using (n_of("%s") <= 1 ? $0 + (%g) : NaN):(number("%s")) with points lw 2 pt single_mark(%d) ps 1.7 lc rgb colour(%d) notitle, ', c, shift, c, i, i)
head(i, text) = sprintf('NaN with points lw 2 pt mark(%d) ps 1.7 lc rgb colour(%d) title "%s", ', i, i, text)
all = marks(first_column, 1, left).head(1, first)
if (beside ne '') { all = all.marks(beside, 2, -left).head(2, second) }
if (what eq 'success') { all = all.'table("networks") using ($0 - 0.45):(number("sr_null")):(0.9):(0) with vectors nohead lw 2 dt 2 lc rgb black title "by chance alone", ' }
all = all.'0 lc rgb soft lw 1.2 notitle'
do for [f in formats] {
	eval terminal(f)
	plot @all
}
