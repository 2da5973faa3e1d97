# style.gp: what all pictures share.  draw.sh loads it before the script that draws:
#	dir='FOLDER'; out='PATH WITHOUT SUFFIX'; formats='svg png'; pages='FOLDER'
# The colours can be told apart by colour-blind readers and have a contrast of 3 or
# more with the ground; each line has a mark of its own.  A filled mark is a mean of
# several values, an open one is a single value.
set encoding utf8
set datafile separator '\t'
set datafile columnheaders
set datafile missing NaN

wide = 1000; high = 600; left_out = ''
# Each picture ends with: do for [f in formats] { eval terminal(f); plot ... }
terminal(f) = (f eq 'svg' ? sprintf("set terminal svg size %d,%d font 'DejaVu Sans,sans-serif,14' background '#ffffff'", wide, high) : \
	f eq 'pdf' ? sprintf("set terminal pdfcairo size %f,%f font 'DejaVu Sans,10' background '#ffffff'", wide / 140., high / 140.) : \
	sprintf("set terminal pngcairo size %d,%d font 'DejaVu Sans,14' background '#ffffff'", wide, high)) . \
	sprintf("; set output '%s.%s'", out, f)

colours = '#0072b2 #d55e00 #7800f0 #8c8c8c #600060 #786048 #001890 #780000'
filled = '7 5 13 9 11 15 7 5'
open = '6 4 12 8 10 14 6 4'
sizes = '1.3 1.2 1.7 1.4 1.4 1.4 1.3 1.2'
dashes = '1 1 1 1 1 1 2 2'
colour(i) = word(colours, (i - 1) % 8 + 1)
mark(i) = int(word(filled, (i - 1) % 8 + 1))
single_mark(i) = int(word(open, (i - 1) % 8 + 1))
size(i) = real(word(sizes, (i - 1) % 8 + 1))
dash(i) = int(word(dashes, (i - 1) % 8 + 1))
black = '#000000'; soft = '#555555'; faint = '#e4e4e4'

set border 3 lc rgb soft lw 1.2
set tics nomirror out scale 0.6
set grid lc rgb faint lw 1
set key outside right top Left reverse spacing 1.25 samplen 2.5 noenhanced
set style fill solid 1 noborder
# No zeros behind the last digit.
set format '%g'

# Sparsities: every round removes the same share of what is left, so on an axis that is
# logarithmic in it rounds are evenly spaced.
what_is_left = 'sparsity, % (logarithmic in what is left)'
depth(s) = -log(1 - s / 100.)
short(s) = sprintf(s > 99 ? '%.4g' : '%.3g', s)

# A deviation to either side, of: using X:(Y - S):(0):(2 * S)
bar = 'with vectors heads size graph 0.006,90 nofilled'

# A missing number is NaN or, in older tables, nan.
none(c) = strcol(c) eq 'NaN' || strcol(c) eq 'nan' || strcol(c) eq ''
number(c) = none(c) ? NaN : column(c)
# A deviation; without one 0, so that something is drawn.
around(c) = none(c) ? 0 : column(c)

# Lists of words.
has(list, w) = strstrt(' '.list.' ', ' '.w.' ') > 0
add(list, w) = has(list, w) ? list : list.(list eq '' ? '' : ' ').w
table(name) = dir.'/'.name.'.tsv'

# The names and groups of methods, from methods.tsv.
names_of = "\n".system("cat '".pages."/methods.tsv'")."\n"
field(line, i) = i == 1 ? substr(line, 1, strstrt(line."\t", "\t") - 1) : \
	field(substr(line, strstrt(line."\t", "\t") + 1, strlen(line)), i - 1)
after(k) = substr(names_of, strstrt(names_of, "\n".k."\t") + 1, strlen(names_of))
row(k) = substr(after(k), 1, strstrt(after(k), "\n") - 1)
listed(m) = strstrt(names_of, "\n".m."\t") > 0
# A method without a row has that of the longest pattern, such as prac-*, or of *.
pattern(m, i) = i == 0 ? '*' : substr(m, i, i) eq '-' && listed(substr(m, 1, i).'*') ? \
	substr(m, 1, i).'*' : pattern(m, i - 1)
key(m) = listed(m) ? m : pattern(m, strlen(m))
fill(t, at, rest) = at == 0 ? t : substr(t, 1, at - 1).rest.substr(t, at + 1, strlen(t))
titled(m, k) = fill(field(row(k), 2), k eq m ? 0 : strstrt(field(row(k), 2), '*'), \
	substr(m, strlen(k), strlen(m)))
named(m) = titled(m, key(m))
group(m) = field(row(key(m)), 3)
