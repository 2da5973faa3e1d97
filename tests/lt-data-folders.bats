load common

# A grey JPEG of 8x8 pixels, all 128.
jpeg() {
	base64 -d >"$1" <<-'END'
	/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDAAMCAgMCAgMDAwMEAwMEBQgFBQQEBQoH
	BwYIDAoMDAsKCwsNDhIQDQ4RDgsLEBYQERMUFRUVDA8XGBYUGBIUFRT/wAALCAAI
	AAgBAREA/8QAFAABAAAAAAAAAAAAAAAAAAAAAP/EABQQAQAAAAAAAAAAAAAAAAAA
	AAD/2gAIAQEAAD8AP//Z
	END
}

@test 'JPEG and PNG of one folder are packed together' {
	mkdir -p set/a set/b
	jpeg set/a/1.jpg
	jpeg set/b/2.JPEG
	png set/b/1.png 3x6x6
	lt-data pack -q -o a.data set
	[ "$(lt-info a.data | grep ^shape)" = "shape	3x8x8" ]
	[ "$(lt-info --tsv a.data | tail -n 2 | xargs)" = '0 a 1 1 b 2' ]
	# Grey is three equal channels of 128.
	tail -c 576 a.data | head -c 192 | tr -d '\200' | wc -c | grep -qx 0
	for n in 1 2 7; do
		lt-data pack -q --threads $n -o b.data set
		same a.data b.data
	done
	head -c 100 set/a/1.jpg >set/b/3.jpg
	refuses 65 'set/b/3.jpg: ' lt-data pack -q -o x.data set
	no_strays
}

@test 'images of any size are fit to one' {
	mkdir -p set/a
	png set/a/1.png 3x30x40
	png set/a/2.png 1x7x9
	png set/a/3.png 3x100x20
	refuses 65 '--size N fits all' lt-data pack -q -o x.data set
	lt-data pack -q --size 16 -o a.data set
	[ "$(lt-info a.data | grep ^shape)" = "shape	3x16x16" ]
	lt-data pack -q --size 16 --threads 3 -o b.data set
	same a.data b.data
	lt-data pack -q --size 12x20 --resize 24 -o c.data set
	[ "$(lt-info c.data | grep ^shape)" = "shape	3x12x20" ]
	lt-info c.data | grep -q 'size=12x20 resize=24'
	refuses 2 '--size' lt-data pack -o x.data --size 0 set
	refuses 2 '--size' lt-data pack -o x.data --size 8x8x8 set
	refuses 2 '--resize: expected 16 to 4096' \
		lt-data pack -o x.data --size 16 --resize 8 set
	refuses 2 'needs --size' lt-data pack -o x.data --resize 8 set
	refuses 2 'not a folder of images' \
		lt-data pack -o x.data --size 8 a.data a.data
}

@test 'with --skip-bad what cannot be read is named and left out' {
	mkdir -p set/a set/b set/a/deep
	for i in 1 2 3 4; do png set/a/$i.png 3x6x6; done
	png set/b/1.png 3x6x6
	head -c 90 set/a/2.png >cut && mv cut set/a/2.png
	echo text >set/a/notes.txt
	echo text >set/a/0.png
	mkfifo set/b/2.png
	ln -s loop.png set/b/loop.png
	ln -s nowhere set/b/gone.jpg
	refuses 65 'set/a/deep: a folder' lt-data pack -q -o x.data set
	run -0 --separate-stderr lt-data pack -q --skip-bad -o a.data set
	[ "${#stderr_lines[@]}" = 8 ]
	for what in '/a/deep: a folder' '/a/notes.txt: expected only PNG' \
		'/b/2.png: not a regular file' '/b/gone.jpg: No such file' \
		'/b/loop.png: Too many levels' '/a/0.png: not a PNG or JPEG' \
		'/a/2.png: damaged PNG'; do
		[[ "$stderr" == *"lt-data: left out: set$what"* ]]
	done
	[ "${stderr_lines[7]}" = 'lt-data: 4 images, 7 files left out' ]
	[ "$(lt-info --tsv a.data | tail -n 2 | xargs)" = '0 a 3 1 b 1' ]
	rm -r set/a/*
	refuses 65 'set/a: empty' lt-data pack -q -o x.data set
	no_strays
}

@test 'Tiny-ImageNet is packed as it unpacks' {
	for w in n02 n01; do
		mkdir -p tiny/train/$w/images
		png tiny/train/$w/images/${w}_0.png 3x6x6
		printf '%s\t0\t0\t1\t1\n' ${w}_0.png >tiny/train/$w/${w}_boxes.txt
	done
	png tiny/train/n02/images/n02_1.png 3x6x6
	mkdir -p tiny/val/images tiny/test/images
	for i in 0 1 2; do png tiny/val/images/val_$i.png 3x6x6; done
	printf 'n02\nn01\nn03\n' >tiny/wnids.txt
	printf 'val_%d.png\t%s\t0\t0\t1\t1\n' 0 n02 1 n01 2 n02 \
		>tiny/val/val_annotations.txt
	lt-data pack -q -o t.data tiny
	[ "$(lt-info --tsv t.data | tail -n 2 | xargs)" = '0 n01 1 1 n02 2' ]
	lt-data pack -q -o v.data --split val tiny
	[ "$(lt-info --tsv v.data | tail -n 3 | xargs)" = \
		'0 n01 1 1 n02 2 2 n03 0' ]
	# By class, then by name.
	lt-data pack -q -o w.data tiny/val
	[ "$(lt-info --tsv w.data | tail -n 2 | xargs)" = '0 n01 1 1 n02 2' ]
	refuses 65 "part 'test' of Tiny-ImageNet has no labels" \
		lt-data pack -q --split test -o x.data tiny
	printf 'val_0.png\tn09\n' >>tiny/val/val_annotations.txt
	refuses 65 "val_annotations.txt:4: no class 'n09'" \
		lt-data pack -q --split val -o x.data tiny
	printf 'val_0.png\tn01\n../../x.png\tn01\n' >tiny/val/val_annotations.txt
	refuses 65 'val_annotations.txt:2: expected' \
		lt-data pack -q --split val -o x.data tiny
	printf 'val_0.png\n' >tiny/val/val_annotations.txt
	refuses 65 'val_annotations.txt:1: expected a file, a tab' \
		lt-data pack -q --split val -o x.data tiny
}

@test 'CIFAR is packed out of its archive' {
	mkdir -p cifar-10-batches-bin c
	for i in 1 2 3 4 5; do
		{ printf "\\x0$i"; head -c 3072 /dev/zero; } \
			>cifar-10-batches-bin/data_batch_$i.bin
	done
	{ printf '\x09'; head -c 3072 /dev/zero; } \
		>cifar-10-batches-bin/test_batch.bin
	printf '%s\n' a b c d e f g h i j \
		>cifar-10-batches-bin/batches.meta.txt
	# In another order, as the published one.
	(cd cifar-10-batches-bin && ls -r) | sed 's,^,cifar-10-batches-bin/,' |
		tar cf c.tar -T -
	gzip -k c.tar
	lt-data pack -q -o a.data c.tar.gz
	lt-data pack -q -o b.data c.tar
	lt-data pack -q -o f.data cifar-10-batches-bin
	for f in a b f; do
		lt-info --tsv $f.data >$f.tsv
		tail -c 15380 $f.data >$f.bytes
	done
	same a.tsv b.tsv f.tsv
	same a.bytes b.bytes f.bytes
	[ "$(lt-info --tsv a.data | sed -n 3p)" = "1	b	1" ]
	lt-data pack -q -o t.data --split test --stats a.data c.tar.gz
	[ "$(lt-info --tsv t.data | tail -n 1)" = "9	j	1" ]
	head -c 9000 c.tar >cut.tar
	refuses 65 'cut.tar: truncated' lt-data pack -q -o x.data cut.tar
	head -c 100 c.tar.gz >cut.tar.gz
	refuses 65 'cut.tar.gz: ' lt-data pack -q -o x.data cut.tar.gz
	tar cf other.tar a.tsv
	refuses 65 'expected the binary version of CIFAR' \
		lt-data pack -q -o x.data other.tar
	no_strays
}

@test 'a folder of many names takes little memory' {
	need_no_sanitizer
	mkdir -p set/a
	# Names alone: the first is no image, and ends it.
	seq -f 'set/a/%06g.png' 20000 | xargs touch
	refuses 65 'set/a/000001.png: not a PNG or JPEG' \
		lt-data pack -q -o x.data set
	run -65 --separate-stderr bash -c \
		'ulimit -v 400000; lt-data pack -q --skip-bad --threads 2 \
			-o x.data set'
	[ "${#stderr_lines[@]}" = 20001 ]
	[[ "${stderr_lines[20000]}" == *'no image that can be read' ]]
}
