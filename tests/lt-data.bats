load common

# be32 N: four bytes, most significant first.
be32() {
	printf "\\x$(printf %02x $(($1 >> 24 & 255)))\\x$(printf %02x \
		$(($1 >> 16 & 255)))\\x$(printf %02x \
		$(($1 >> 8 & 255)))\\x$(printf %02x $(($1 & 255)))"
}

# idx_images COUNT H W FILE, idx_labels FILE LABEL...
idx_images() {
	{ be32 2051; be32 "$1"; be32 "$2"; be32 "$3"
		head -c $(($1 * $2 * $3)) /dev/zero | tr '\0' 'A'; } >"$4"
}
idx_labels() {
	local file=$1 l
	shift
	{ be32 2049; be32 $#
		for l in "$@"; do printf "\\x$(printf %02x "$l")"; done
	} >"$file"
}

@test 'IDX is packed, plain and gzip, to the same bytes' {
	idx_images 4 3 5 images
	idx_labels labels 0 2 1 2
	lt-data pack -q -o a.data images labels
	gzip -k images labels
	mkdir gz && mv images.gz gz/images && mv labels.gz gz/labels
	lt-data pack -q -o b.data gz/images gz/labels
	same a.data b.data
	[ "$(lt-info --tsv a.data | cut -f 3 | xargs)" = 'count 1 1 2' ]
	[ "$(lt-info a.data | grep ^shape)" = "shape	1x3x5" ]
	# Every pixel is 65: of no spread.
	[ "$(lt-info --meta lt.mean --meta lt.std a.data | xargs)" = \
		'0.254901975 1' ]
	lt-info --check a.data
	no_strays
}

@test 'IDX comes through a pipe as well' {
	idx_images 4 3 5 images
	idx_labels labels 0 2 1 2
	lt-data pack -q -o a.data images labels
	lt-data pack -q -o b.data - labels <images
	lt-data pack -q -o c.data <(cat images) <(cat labels)
	for f in a b c; do
		tail -c 76 $f.data >$f.bytes
	done
	same a.bytes b.bytes c.bytes
	lt-data pack -q -o - images labels | cat >d.data
	same a.data d.data
}

@test 'IDX that is cut, too long or at odds is refused in a line' {
	idx_images 4 3 5 images
	idx_labels labels 0 2 1 2
	idx_labels three 0 2 1
	refuses 65 '4 images, but three has 3 labels' \
		lt-data pack -q -o x.data images three
	head -c 75 images >cut
	refuses 65 'truncated' lt-data pack -q -o x.data cut labels
	{ cat images; echo; } >long
	refuses 65 'too long' lt-data pack -q -o x.data long labels
	gzip -c images | head -c 30 >cut.gz
	refuses 65 'truncated' lt-data pack -q -o x.data cut.gz labels
	refuses 65 'not an IDX file of labels' \
		lt-data pack -q -o x.data images images
	{ be32 2051; be32 4294967295; be32 28; be32 28; } >huge
	{ be32 2049; be32 4294967295; } >hugel
	refuses 65 'huge: 4294967295 images, expected at most 67108864' \
		lt-data pack -q -o x.data huge hugel
	refuses 2 'label file' lt-data pack -q -o x.data images
	refuses 74 'No such file' lt-data pack -q -o x.data nothing labels
	[ ! -e x.data ]
	no_strays
}

@test 'IDX labels with gaps or beyond the classes are refused unless told' {
	idx_images 5 2 2 images
	idx_labels gaps 0 6 2 6 0
	refuses 65 'gaps: 4 of the labels 0 to 6 have no image, the first is 1; if this is intended, give the number of classes; see --classes, --stats' \
		lt-data pack -q -o x.data images gaps
	lt-data pack -q --classes 8 -o a.data images gaps
	[ "$(lt-info --tsv a.data | tail -n +2 | cut -f 3 | xargs)" = \
		'2 0 1 0 0 0 2 0' ]
	lt-data pack -q --stats a.data -o b.data images gaps
	[ "$(lt-info --tsv b.data | tail -n +2 | cut -f 3 | xargs)" = \
		'2 0 1 0 0 0 2 0' ]
	refuses 65 'gaps: 2 of 5 labels are beyond the 6 classes, the smallest is 6, expected 0 to 5' \
		lt-data pack -q --classes 6 -o x.data images gaps
	lt-data pack -q --classes 7 -o c.data images gaps
	refuses 2 '--classes: expected 1 to 256' \
		lt-data pack -q --classes 257 -o x.data images gaps
	mkdir -p set/a
	png set/a/1.png 1x2x2
	refuses 2 'set is not in IDX' lt-data pack -q --classes 3 -o x.data set
	[ ! -e x.data ]
}

@test 'CIFAR folders are packed, by split and kind of label' {
	mkdir c10 c100
	for i in 1 2 3 4 5; do
		{ printf "\\x0$i"; head -c 3072 /dev/zero; } \
			>c10/data_batch_$i.bin
	done
	{ printf '\x09'; head -c 3072 /dev/zero; } >c10/test_batch.bin
	lt-data pack -q -o a.data c10
	[ "$(lt-info --tsv a.data | cut -f 3 | xargs)" = \
		'count 0 1 1 1 1 1 0 0 0 0' ]
	lt-data pack -q -o t.data --split test --stats a.data c10
	[ "$(lt-info --tsv t.data | tail -n 1 | cut -f 3)" = 1 ]
	[ "$(lt-info --meta lt.split t.data)" = test ]
	{ printf '\x13\x63'; head -c 3072 /dev/zero; } >c100/train.bin
	lt-data pack -q -o f.data c100
	[ "$(lt-info --tsv f.data | tail -n 1)" = "99	99	1" ]
	lt-data pack -q -o k.data --coarse c100
	[ "$(lt-info --tsv k.data | tail -n 1)" = "19	19	1" ]
	refuses 2 'no coarse labels' lt-data pack -o x --coarse c10
	refuses 74 'c100/test.bin' lt-data pack -o x --split test c100
	refuses 2 "no split 'val'" lt-data pack -o x --split val c10
	printf '\x0a' | dd of=c10/data_batch_4.bin conv=notrunc status=none
	refuses 65 'data_batch_4.bin: label of record 0 is 10' \
		lt-data pack -q -o x.data c10
	truncate -s 3072 c10/data_batch_1.bin
	refuses 65 'data_batch_1.bin: truncated' lt-data pack -q -o x.data c10
	[ ! -e x.data ]
}

@test 'a folder of classes is packed in byte order' {
	mkdir -p set/b set/A
	png set/b/1.png 3x4x4
	png set/A/2.png 3x4x4
	png set/A/10.png 1x4x4
	lt-data pack -q -o a.data set
	[ "$(lt-info --tsv a.data | tail -n 2 | xargs)" = '0 A 2 1 b 1' ]
	[ "$(lt-info a.data | grep ^shape)" = "shape	3x6x6" ]
	# A grey image has three equal channels.
	tail -c 324 a.data | head -c 36 >grey
	tail -c 288 a.data | head -c 36 | cmp - grey
	LC_ALL=C.UTF-8 TZ=Asia/Tokyo lt-data pack -q -o b.data set/
	same a.data b.data
	mkdir set/c
	refuses 65 'set/c: empty' lt-data pack -q -o x.data set
	png set/c/1.png 3x5x4
	refuses 65 'the image is 7x6, expected 6x6' \
		lt-data pack -q -o x.data set
	head -c 60 set/b/1.png >set/c/1.png
	refuses 65 'set/c/1.png: damaged PNG' lt-data pack -q -o x.data set
	echo >set/c/1.png
	refuses 65 'set/c/1.png: not a PNG' lt-data pack -q -o x.data set
	[ ! -e x.data ]
	no_strays
}

@test 'names of folders cannot break a table' {
	mkdir -p $'set/a\tb\nc' $'set/\xff'
	png $'set/a\tb\nc/1.png' 1x2x2
	png $'set/\xff/1.png' 1x2x2
	lt-data pack -q -o a.data set
	[ "$(lt-info --tsv a.data | tail -n 2)" = $'0\ta?b?c\t1\n1\t?\t1' ]
}

@test 'what is generated depends on seed and number alone' {
	synth all 30 4 2x6x5
	synth again 30 4 2x6x5 --threads 3
	same all.data again.data
	synth tail 10 4 2x6x5 --first 20
	tail -c 600 all.data >a
	tail -c 600 tail.data | cmp - a
	lt-data synth -q -o b.data --count 30 --classes 4 --shape 2x6x5 --seed 2
	run ! cmp -s all.data b.data
	[ "$(lt-info --tsv all.data | tail -n 4 | cut -f 3 | sort -u | xargs)" \
		= '7 8' ]
}

@test 'statistics are given, taken over or computed' {
	synth a 40 4 2x5x5
	lt-data synth -q --seed 3 --count 9 --classes 4 --shape 2x5x5 \
		-o b.data --stats a.data
	[ "$(lt-info --meta lt.mean --meta lt.std a.data)" = \
		"$(lt-info --meta lt.mean --meta lt.std b.data)" ]
	synth c 9 4 2x5x5 --mean 0.5,0.25 --std 1,2
	[ "$(lt-info --meta lt.mean --meta lt.std c.data | xargs)" = \
		'0.5,0.25 1,2' ]
	refuses 2 '--mean: expected 2 numbers' lt-data synth -o x --count 1 \
		--shape 2x5x5 --mean 1 --std 1,1
	refuses 2 'positive' lt-data synth -o x --count 1 --mean 1 --std 0
	refuses 2 'together' lt-data synth -o x --count 1 --mean 1
	refuses 2 'excludes' lt-data synth -o x --count 1 --mean 1 --std 1 \
		--stats a.data
	refuses 65 'has 1 channels, but a.data has 2' lt-data synth -q -o x \
		--count 1 --classes 4 --stats a.data
	refuses 65 'classes of synth are not those of a.data' lt-data synth -q \
		-o x --count 1 --classes 5 --shape 2x5x5 --stats a.data
}

@test 'a sheet shows chosen samples in rows' {
	synth a 30 4 3x4x6
	idx 3 7 29 >i.idx
	lt-data sheet -o s.png --index i.idx --columns 2 --scale 2 a.data
	[ "$(lt-info s.png | tail -n 1)" = "shape	3x19x27" ]
	lt-data sheet -o t.png --index - --columns 2 --scale 2 a.data <i.idx
	same s.png t.png
	lt-data sheet -o - --limit 1 a.data | cat >u.png
	[ "$(lt-info u.png | tail -n 1)" = "shape	3x6x8" ]
	idx 30 >far.idx
	refuses 65 'index 30 is not in a.data, which has 30 samples' \
		lt-data sheet -o x.png --index far.idx a.data
	refuses 65 'no sample to show' lt-data sheet -o x.png --limit 0 a.data
	refuses 2 'smaller scale' lt-data sheet -o x.png --scale 20000 a.data
	[ ! -e x.png ]
}

@test 'a sheet shows a list in its order' {
	synth a 10 4 1x4x4
	idx 7 2 5 >i.idx
	idx 2 5 7 >sorted.idx
	lt-data sheet -o s.png --index i.idx a.data
	lt-data sheet -o sorted.png --index sorted.idx a.data
	run -1 cmp -s sorted.png s.png
	for i in 7 2 5; do
		idx $i | lt-data sheet -o $i.png --index - --columns 1 a.data
	done
	lt-data sheet -o first.png --index i.idx --limit 1 a.data
	same 7.png first.png
}

@test 'captions are numbers of a table, and order the samples' {
	synth a 10 4 1x28x28
	printf '%s\t%s\t%s\n' count index x 3 4 a inf 7 b 12 2 c NaN 5 d 3 1 e \
		>t.tsv
	idx 1 2 4 5 7 >i.idx
	# Seven letters of 3 x 5 pixels are as wide as an image.
	lt-data sheet -o s.png --index i.idx --columns 3 --caption t.tsv \
		--column count a.data
	[ "$(lt-info s.png | tail -n 1)" = \
		"shape	1x$((3 + 2 * (28 + 6 + 3)))x$((3 + 3 * (28 + 3)))" ]
	lt-data sheet -o u.png --index i.idx --columns 3 --caption - \
		--column count --threads 3 a.data <t.tsv
	same s.png u.png
	idx 7 2 1 4 5 >down.idx
	lt-data sheet -o u.png --index down.idx --caption t.tsv \
		--column count a.data
	lt-data sheet -o s.png --index i.idx --caption t.tsv --column count \
		--sort a.data
	same s.png u.png
	# The limit applies after sorting.
	idx 7 2 >two.idx
	lt-data sheet -o u.png --index two.idx --caption t.tsv \
		--column count a.data
	lt-data sheet -o s.png --index i.idx --caption t.tsv --column count \
		--sort --limit 2 a.data
	same s.png u.png
	# Digits keep pace with scale and width, and a cell holds its number.
	lt-data sheet -o s.png --index i.idx --columns 3 --caption t.tsv \
		--column count --scale 3 a.data
	[ "$(lt-info s.png | tail -n 1)" = "shape	1x231x288" ]
	synth w 8 4 3x10x112
	lt-data sheet -o s.png --index i.idx --limit 1 --caption t.tsv \
		--column count w.data
	[ "$(lt-info s.png | tail -n 1)" = \
		"shape	3x$((3 + 10 + 12 + 3))x$((3 + 112 + 3))" ]
}

@test 'captions that cannot be are refused' {
	synth a 10 4 1x4x4
	printf 'index\tx\n1\t2\n2\tb\n' >t.tsv
	idx 1 >i.idx
	refuses 65 "t.tsv:3: column 'x': expected a number, inf or NaN" \
		lt-data sheet -o s.png --caption t.tsv --column x a.data
	head -n 2 t.tsv >u.tsv
	refuses 65 'u.tsv: expected a row of sample 0, found none' \
		lt-data sheet -o s.png --caption u.tsv --column x a.data
	refuses 65 "u.tsv: expected a column 'y', found none" lt-data sheet \
		-o s.png --index i.idx --caption u.tsv --column y a.data
	refuses 74 absent lt-data sheet -o s.png --caption absent --column x \
		a.data
	refuses 2 'given together' lt-data sheet -o s.png --caption u.tsv a.data
	refuses 2 'given together' lt-data sheet -o s.png --column x a.data
	refuses 2 '--sort needs --caption' lt-data sheet -o s.png --sort a.data
	refuses 2 'only once' lt-data sheet -o s.png --index - --caption - \
		--column x a.data
	refuses 2 'pack does not take --caption' \
		lt-data pack -o x --caption u.tsv y
	refuses 2 'smaller scale' lt-data sheet -o x.png --scale 20000 \
		--index i.idx --caption u.tsv --column x a.data
	refuses 2 'smaller scale' lt-data sheet -o x.png --scale 2147483647 \
		--index i.idx --caption u.tsv --column x a.data
	[ ! -e s.png ]
	no_strays
}

@test 'a nonsensical command line is refused' {
	refuses 2 'expected pack, synth, relabel, remap or sheet' lt-data
	refuses 2 "found 'fly'" lt-data fly
	refuses 2 'needs --output' lt-data synth --count 1
	refuses 2 'needs --count' lt-data synth -o x
	refuses 2 'does not take --count' lt-data pack -o x --count 1 y
	refuses 2 'does not take --scale' lt-data synth -o x --count 1 --scale 2
	refuses 2 'found 0 operands' lt-data pack -o x
	refuses 2 'found 3 operands' lt-data pack -o x 1 2 3
	refuses 2 '--split' lt-data pack -o x --split other y
	refuses 2 'only once' lt-data pack -o x - -
	for s in 1x2 1x2x3x4 0x2x2 5x2x2 1x0x2 1x2x1025 axbxc 1x2x3x; do
		refuses 2 '--shape' lt-data synth -o x --count 1 --shape $s
	done
	refuses 2 '--count' lt-data synth -o x --count 0
	refuses 2 '--count' lt-data synth -o x --count 4294967295
	refuses 2 'classes' lt-data synth -o x --count 1 --classes 1001
	refuses 2 'noise' lt-data synth -o x --count 1 --noise -1
	[ ! -e x ]
}

@test 'a full disk is reported, special files are written through' {
	refuses 74 'No space left' lt-data synth -q -o /dev/full --count 5
	lt-data synth -q -o /dev/null --count 5
	[ -c /dev/null ]
	mkfifo fifo
	cat fifo >through &
	lt-data synth -q --count 5 -o fifo
	wait
	lt-data synth -q --count 5 -o plain.data
	same plain.data through
	[ -p fifo ]
	ln -s target.data link.data
	lt-data synth -q --count 5 -o link.data
	[ -L link.data ] && same plain.data target.data
	mkdir dir
	refuses 74 'dir' lt-data synth -q --count 5 -o dir
	refuses 74 'nowhere' lt-data synth -q --count 5 -o nowhere/x
	(
		umask 027
		lt-data synth -q --count 5 -o new.data
	)
	[ "$(stat -c %a new.data)" = 640 ]
	(
		ulimit -f 1
		refuses 74 'too large' lt-data synth -q -o big.data --count 500
	)
	[ ! -e big.data ]
	no_strays
}

@test 'Fashion-MNIST is packed as it is' {
	local d=/usr/share/datasets/fashion-mnist
	[ -e $d/t10k-images-idx3-ubyte.gz ] ||
		skip 'dataset-fashion-mnist is not installed'
	lt-data pack -q -o t.data $d/t10k-images-idx3-ubyte.gz \
		$d/t10k-labels-idx1-ubyte.gz
	[ "$(lt-info --tsv t.data | tail -n 10 | cut -f 3 | sort -u)" = 1000 ]
	zcat $d/t10k-images-idx3-ubyte.gz | tail -c +17 >want
	tail -c 7840000 t.data | cmp - want
	[ "$(lt-info --meta lt.mean t.data)" = 0.28684929 ]
}

# labels FILE COUNT BYTES: the labels of COUNT images of BYTES, a line each.
labels() {
	tail -c $(($2 * ($3 + 4))) "$1" | head -c $((4 * $2)) |
		od -An -v -td4 -w4 | tr -d ' '
}

@test 'relabel: labels by lot, of seed and sample number alone' {
	synth set 2000 4 1x5x5
	lt-data relabel --seed 7 -o a.data set.data
	lt-data relabel --seed 7 -o b.data set.data
	same a.data b.data
	lt-info --check a.data
	lt-data relabel --seed 8 -o c.data set.data
	labels set.data 2000 25 >set
	labels a.data 2000 25 >a
	labels c.data 2000 25 >c
	# Each class as often as another, whatever the label was, or is by
	# another seed: 16 pairs of 125, give or take four deviations of 11.
	for pair in 'set a' 'a c' 'set c'; do
		paste $pair | sort | uniq -c | awk '
			$1 < 81 || $1 > 169 { exit 1 } END { exit NR != 16 }'
	done
	# Nothing else has changed.
	tail -c 50000 set.data >images
	tail -c 50000 a.data | cmp - images
	for key in lt.mean lt.std lt.classes lt.source; do
		[ "$(lt-info --meta $key a.data)" = "$(lt-info --meta $key set.data)" ]
	done
	[ "$(lt-info --meta lt.labels --meta lt.seed a.data | xargs)" = 'random 7' ]
	lt-info a.data | grep '^history.lt-data .*first=0'
	lt-info a.data | grep '^history.lt-data .*labels=random seed=7 data='
	# Of a part of the set, the part.
	synth part 300 4 1x5x5
	lt-data relabel --seed 7 -o part-a.data part.data
	labels part-a.data 300 25 | cmp - <(head -n 300 a)
}

@test 'relabel: the samples of a list only' {
	synth set 500 4 1x5x5
	idx 3 77 $(seq 200 499) >some.idx
	lt-data relabel --seed 7 -o a.data set.data
	lt-data relabel --seed 7 --index some.idx -o b.data set.data
	[ "$(lt-info --meta lt.labels b.data)" = 'partly random' ]
	paste <(labels set.data 500 25) <(labels a.data 500 25) \
		<(labels b.data 500 25) | awk 'NR == 4 || NR == 78 || NR > 200 {
			if ($3 != $2) exit 1; next } $3 != $1 { exit 1 }'
	lt-data relabel --seed 7 --index - -o c.data set.data <some.idx
	same b.data c.data
	idx 3 500 >far.idx
	refuses 65 'far.idx' lt-data relabel --index far.idx -o x.data set.data
	[ ! -e x.data ]
}

@test 'relabel: into a pipe, in place, and what is refused' {
	synth set 40 4 1x5x5
	lt-data relabel --seed 1 -o a.data set.data
	lt-data relabel --seed 1 -o - set.data | cmp - a.data
	cp set.data own.data
	lt-data relabel --seed 1 -o own.data own.data
	same own.data a.data
	# A damaged image does not get a new seal.
	size=$(stat -c %s set.data)
	printf x | dd of=set.data bs=1 seek=$((size - 9)) conv=notrunc status=none
	refuses 65 'set.data: damaged' lt-data relabel -o x.data set.data
	head -c -1 a.data >cut.data
	refuses 65 'truncated' lt-data relabel -o x.data cut.data
	idx 1 >some.idx
	refuses 65 'some.idx' lt-data relabel -o x.data some.idx
	refuses 74 'nothing' lt-data relabel -o x.data nothing
	refuses 74 '/dev/full' lt-data relabel -o /dev/full a.data
	refuses 2 'a data set' lt-data relabel -o x.data
	refuses 2 'relabel needs --output' lt-data relabel a.data
	refuses 2 'relabel does not take --count' \
		lt-data relabel -o x.data --count 3 a.data
	refuses 2 'synth does not take --index' \
		lt-data synth -o x.data --count 3 --index some.idx
	refuses 74 'none.idx' lt-data relabel --index none.idx -o x.data a.data
	[ ! -e x.data ]
	no_strays
}

@test 'the examples of the manual page run' {
	examples lt-data
}

@test 'a file system that fails at any look at CIFAR is a read error, never another source' {
	need_no_sanitizer
	command -v strace >/dev/null || skip 'strace is not installed'
	mkdir bin
	head -c 3073 /dev/zero >bin/test_batch.bin
	seq 10 >bin/batches.meta.txt
	tar -czf bin.tgz bin
	local source call at status bad=
	for source in bin bin.tgz; do
		lt-data pack -q --split test -o "$source.data" $source
		for call in access newfstatat read; do
			for at in $(seq 30); do
				status=0
				strace -qq -o log -P $source -P bin/test_batch.bin \
					-P bin/batches.meta.txt -e trace=$call \
					-e inject=$call:error=EIO:when="$at" \
					lt-data pack -q --threads 1 --split test -o x.data \
					$source 2>said || status=$?
				grep -q INJECTED log || break
				case $status in
				74) [ "$(grep -c '^lt-data: ' said)" = 1 ] ;;
				0) cmp x.data "$source.data" ;;
				*) false ;;
				esac || bad+="$source $call $at: $status $(grep ^lt- said)"$'\n'
				rm -f x.data
			done
			# All of the calls were looked at, and there are some.
			[ "$at" -gt 1 ] || bad+="$source: no $call"$'\n'
			[ "$at" -lt 30 ] || bad+="$source: more than 30 $call"$'\n'
		done
	done
	[ -z "$bad" ] || { echo "$bad" >&2; false; }
}

@test 'remap: classes are left out, joined and renamed' {
	synth a 40 5 2x3x4
	# Sample i of the synthetic set is one of 5 classes; 3 and 1 become one.
	printf 'class\tto\n3\todd\n0\tzero\n1\todd\n' > map.tsv
	lt-data remap -q --map map.tsv -o b.data a.data
	lt-data remap -q --map - -o c.data a.data < map.tsv
	same b.data c.data
	by_hand - <<-'END'
		from tensors import tensors
		(ma, a), (mb, b) = tensors("a.data"), tensors("b.data")
		new = {3: 0, 0: 1, 1: 0}
		kept = [i for i, k in enumerate(a["labels"]) if k in new]
		assert len(kept) == 24 and b["labels"] == [new[a["labels"][i]] for i in kept]
		size = 2 * 3 * 4
		assert b["images"] == [v for i in kept
		                       for v in a["images"][i * size:(i + 1) * size]]
		assert mb["lt.classes"] == '["odd","zero"]'
		assert (mb["lt.mean"], mb["lt.std"]) == (ma["lt.mean"], ma["lt.std"])
		assert f'"data":"{ma["lt.crc32"]}"' in mb["lt.history"]
	END
	lt-info --check b.data
}

@test 'remap: a map that does not fit is refused' {
	synth a 20 4
	map() { printf 'class\tto\n' > m; printf "$@" >> m; }
	map '0\tx\n7\ty\n'
	refuses 65 "m:3: column 'class': expected a class of the data set" \
		lt-data remap --map m -o x a.data
	map '0\tx\n0\ty\n'
	refuses 65 "m:3: column 'class': expected each class once, found '0'" \
		lt-data remap --map m -o x a.data
	map '0\t\n'
	refuses 65 "m:2: column 'to': expected the name of a class, found ''" \
		lt-data remap --map m -o x a.data
	map ''
	refuses 65 'no image' lt-data remap --map m -o x a.data
	printf 'class\tnew\n0\tx\n' > m
	refuses 65 "'to'" lt-data remap --map m -o x a.data
	refuses 2 'remap needs --map' lt-data remap -o x a.data
	map '0\tx\n'
	cp a.data bad.data
	printf '\377\377' | dd of=bad.data bs=1 seek=$(($(stat -c %s a.data) - 2)) \
		conv=notrunc status=none
	refuses 65 'bad.data' lt-data remap --map m -o x bad.data
	[ ! -e x ]
	no_strays
}
