# titles.awk: names of methods for gnuplot.
#	awk -f lib.awk -f titles.awk imp prac
BEGIN {
	for (i = 1; i < ARGC; i++)
		printf("%s\"%s\"", i > 1 ? " " : "", title(ARGV[i]))
	print ""
}
