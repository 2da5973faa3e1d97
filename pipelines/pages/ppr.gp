# ppr.gp: validation accuracy of copies that are pruned and trained for one epoch, and
# of the dense run, over its epochs; with bands of one standard deviation.
lrs = ''; from = NaN; to = NaN; n = 0; found = 0
stats table('ppr_mean') using (lrs = add(lrs, strcol('lr')), n = column('n') > n ? column('n') : n, found = found + !none('val_acc'), \
	from = from <= column('epoch') ? from : column('epoch'), to = to >= column('epoch') ? to : column('epoch'), 0) nooutput
if (!found) { exit }
of(r, v) = strcol('lr') eq r ? v : NaN
set xlabel 'epoch of the dense run' offset 0,0.3
set ylabel 'validation accuracy, %'
set xrange [from:(to > from ? to : from + 1)]
if (to - from <= 15) { set xtics 1 }
set offsets 0, 0, graph 0.06, graph 0.04
wide = 1100
drops = ''
stats table('settings') using (strcol('setting') eq 'MILESTONES' ? (drops = strcol('value'), 0) : 0) nooutput
drops = system("printf '%s' '".drops."' | tr ',' ' '")
do for [d in drops] { set arrow from d + 0, graph 0 to d + 0, graph 1 nohead lc rgb soft lw 1.5 dt 3 back }
rules = ''
if (system("test -e '".table('ticket_mean')."' && echo 1") eq '1') {
	stats table('ticket_mean') using (!none('ticket') ? (rules = add(rules, strcol('rule')), 0) : 0) nooutput
}
first = word(lrs, 1)
e = 'column("epoch")'
a = 'number("val_acc")'; s = 'around("val_acc_std")'
d = 'number("dense_val_acc")'; ds = 'around("dense_val_acc_std")'
look(r) = r eq first ? 2 : 1
all = 'table("ppr_mean") using (of(first, @e)):(@d - @ds):(@d + @ds) with filledcurves lc rgb black fs transparent solid 0.1 noborder notitle, ' . \
	'for [r in lrs] "" using (of(r, @e)):(@a - @s):(@a + @s) with filledcurves lc rgb colour(look(r)) fs transparent solid 0.16 noborder notitle, ' . \
	'"" using (of(first, @e)):(@d) with lines lw 2 dt 2 lc rgb black title sprintf("dense run (n = %d)", n), ' . \
	'for [r in lrs] "" using (of(r, @e)):(@a) with linespoints lw 2.2 lc rgb colour(look(r)) pt (n > 1 ? mark(look(r)) : single_mark(look(r))) ps size(look(r)) title "pruned, one epoch at ".r'
if (rules ne '') {
	all = all.', for [r in rules] table("ticket_mean") using (strcol("rule") eq r ? number("ticket") : NaN):(number("val_acc")) with points pt (r eq "offline" ? 6 : 4) ps 2.8 lw 2.5 lc rgb "#00805d" title "early ticket, ".r." rule"'
}
do for [f in formats] {
	eval terminal(f)
	plot @all
}
