# A disk that is full, and has room again afterwards.
load soak

# A file system of 16 KiB at ./small, or skip.
setup() {
	quick_folder
	small_files
	mkdir small
}
teardown() {
	umount "$FOLDER/small" 2>/dev/null || true
	cd / && rm -rf "$FOLDER"
}
need_mount() {
	mount -t tmpfs -o size=16k tmpfs small 2>/dev/null ||
		skip 'no file system can be mounted here'
}

# Commands with an output of more than 16 KiB, $2/x or $2/x.png; where there is
# another, y.  The second one of lt-train goes on where the first one stopped.
big() {
	case $1 in
	0) lt-data synth -q --count 400 -o "$2/x" ;;
	1) lt-data pack -q --size 64 -o "$2/x" set ;;
	2) lt-init -o "$2/x" resnet20 ;;
	3) lt-prune -q -r 0.5 -o "$2/x" big.st ;;
	4) lt-subset sample --count 9000 --size 8000 -o "$2/x" ;;
	5) lt-data sheet -q -o "$2/x.png" --scale 20 noise.data ;;
	6) lt-eval -q -d wide.data --predictions "$2/x" -o y t.st ;;
	7) lt-train -q -d set.data -e 1 -b 45 -o "$2/x" ten.st ;;
	8) lt-train -q -d set.data -e 900 -b 45 --log "$2/x" -o y t.st ;;
	9) lt-train -q -d wide.data -e 9 -b 45 --lr 1 --events "$2/x" \
		-o y t.st ;;
	esac
}

make_inputs() {
	lt-init -o big.st resnet8-demo
	lt-init --input 2x5x7 --classes 4 -o ten.st resnet8-demo
	lt-data synth -q --count 9 --classes 2 --shape 3x32x32 --noise 9 \
		-o noise.data
	lt-data synth -q --count 900 --classes 4 --shape 2x5x7 -o wide.data
	mkdir roomy
}

# filled TEXT BEFORE AFTER: each command fails between BEFORE and AFTER, saying TEXT,
# and ends afterwards.
filled() {
	local i f status
	for ((i = 0; i < 10; i++)); do
		f=x
		[ $i != 5 ] || f=x.png
		rm -rf roomy/* y
		big $i roomy
		[ "$(stat -c %s roomy/$f)" -gt 16384 ]
		rm -f y
		echo old | tee small/x >small/x.png
		status=0
		($2 && big $i small) 2>said || status=$?
		[ "$status" = 74 ] || { echo "$i: $status $(cat said)" >&2; false; }
		grep "$1" said
		[ "$(wc -l <said)" = 1 ]
		[ "$(cat small/x small/x.png)" = $'old\nold' ]
		[ ! -e y ]
		$3
		big $i small
		cmp roomy/$f small/$f
		rm small/x*
		# Nothing is left, on either disk.
		[ -z "$(ls -A small)$(ls -d .y* 2>/dev/null)" ]
	done
	soaked '10 outputs' 'old, then new'
}

shrink() {
	mount -o remount,size=16k small
}
grow() {
	mount -o remount,size=16m small
}

@test 'a full disk keeps the old file; with room again, the new one is there' {
	need_mount
	make_inputs
	filled 'No space left on device' shrink grow
}

@test 'a limit on the size of files does the same' {
	make_inputs
	filled 'File too large' 'ulimit -f 16' true
}
