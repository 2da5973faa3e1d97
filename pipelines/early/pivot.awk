# pivot.awk: one column of a long table as a square: a row for each value of one
# column, a column for each of another; what is not there is NaN, and the other way
# round.
#	awk -f lib.awk -f pivot.awk row=s column=v value=test_acc [leave=best] TABLE
# Words come first, then numbers by size; with natural=1 all as they come.  leave:
# no row and no column for this one.  With cells=1 the square as a row a cell, for
# heat.gp: x, y, column, row, value.
BEGIN { FS = OFS = "\t" }
FNR == 1 { header(); next }
$at[row] != (leave "") && $at[column] != (leave "") && cell(value) != "NaN" {
	if (!row_seen[$at[row]]++)
		insert(rows, ++n_rows, $at[row])
	if (!column_seen[$at[column]]++)
		insert(columns, ++n_columns, $at[column])
	found[$at[row], $at[column]] = cell(value)
}
# Mostly it belongs at the end, n.
function insert(list, n, x) {
	for (; !natural && n > 1 && after(list[n - 1], x); n--)
		list[n] = list[n - 1]
	list[n] = x
}
function after(a, b) {
	if (number(a) != number(b))
		return number(a)
	return number(a) && a + 0 > b + 0
}
function print_cells(   i, j) {
	print "x", "y", "column", "row", "value"
	for (i = 1; i <= n_rows; i++)
		for (j = 1; j <= n_columns; j++)
			if ((rows[i], columns[j]) in found)
				print j, i, columns[j], rows[i],
					found[rows[i], columns[j]]
}
END {
	if (cells) {
		print_cells()
		exit
	}
	line = row
	for (j = 1; j <= n_columns; j++)
		line = line OFS columns[j]
	print line
	for (i = 1; i <= n_rows; i++) {
		line = rows[i]
		for (j = 1; j <= n_columns; j++)
			line = line OFS ((rows[i], columns[j]) in found ? \
				found[rows[i], columns[j]] : "NaN")
		print line
	}
}
