# shape.awk: lt-init's options for a data set, from what lt-info says of it.
BEGIN { FS = "\t" }
$1 == "classes" { classes = $2 }
$1 == "shape" { shape = $2 }
END {
	if (classes == "" || shape == "")
		exit 65
	print "--classes", classes, "--input", shape
}
