# rows.awk: tables with one header under one header; a row that is there
# already is left out.
FNR > 1 && !seen[$0]++ || NR == 1
