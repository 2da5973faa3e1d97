#!/bin/sh
# report.sh SETTING...: make the page of the study that was run with these settings.
out=
for setting; do
	case $setting in OUT=*) out=$setting ;; esac
done
exec lt report ${out:+"$out"}
