# facts.awk: what a network is that was searched, a row under its header.
#	awk -f facts.awk network=NAME is=net INFO is=d0 D0.idx
BEGIN { FS = OFS = "\t" }
is == "d0" { samples++; next }
!($1 in info) { info[$1] = $2 }
END {
	print "network", "parameters", "weights", "multiply_adds", "samples"
	print network, info["parameters"], info["weights"], info["multiply_adds"], samples
}
