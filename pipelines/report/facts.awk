# facts.awk: what was done on what, rows of a fact and its value.
#	awk -f facts.awk set=NAME net=NAME seeds='1 2' methods='imp prac' (or studies=) \
#		version=TEXT is=values VALUES is=net INFO is=train INFO is=test INFO \
#		is=d0 D0.idx is=val val.idx
# VALUES has a line command=TEXT, INFO is what lt-info says of a file.
BEGIN { FS = OFS = "\t" }
is == "values" {
	if (sub(/^command=/, ""))
		command = $0
	next
}
is == "d0" || is == "val" {
	count[is]++
	next
}
!((is, $1) in info) { info[is, $1] = $2 }
END {
	print "fact", "value"
	print "data set", set
	print "training images (D0)", count["d0"] + 0
	print "validation images", count["val"] + 0
	print "test images", info["test", "samples"]
	print "classes", info["train", "classes"]
	print "image", info["train", "shape"]
	print "network", net
	print "parameters", info["net", "parameters"]
	print "prunable weights", info["net", "weights"]
	print "multiply-adds of an image", info["net", "multiply_adds"]
	print "seeds", seeds
	if (methods != "")
		print "methods", methods
	if (studies != "")
		print "studies", studies
	sub(/^lt-info/, "lt", version)
	print "made by", version
	print "command", command
}
