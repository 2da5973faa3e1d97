# share.awk: number of classes, and the share of D0 in the last set of a search,
# for classes.gp.
#	awk -f lib.awk -f share.awk m=prac classes_mean.tsv sets_mean.tsv
BEGIN { FS = "\t" }
FNR == 1 { header(); next }
$at["method"] == m && "class" in at { classes++ }
$at["method"] == m && "set_share" in at { share = $at["set_share"] }
END { printf("classes=%d; share=%s\n", classes, share) }
