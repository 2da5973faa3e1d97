# share.awk: number of classes, the share of D0 in the last set of a search and,
# of at most 40, the names of classes as marks of an axis, for classes.gp.
#	awk -f lib.awk -f share.awk m=prac classes_mean.tsv sets_mean.tsv
BEGIN { FS = "\t" }
FNR == 1 { header(); next }
$at["method"] == m && "class" in at {
	classes++
	name = $at["name"]
	gsub(/["\\`$]/, "", name)
	marks = marks sprintf("%s\"%s\" %d", classes > 1 ? ", " : "", name, $at["class"])
}
$at["method"] == m && "set_share" in at { share = $at["set_share"] }
END {
	printf("classes=%d; share=%s", classes, share)
	print (classes > 40 ? "" : "; set xtics (" marks ")")
}
