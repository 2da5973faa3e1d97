load common

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

# set2/a/1.png: 4x12 pixels, 10 beside 30 above 50 beside 70.
halves() {
	mkdir -p set2/a
	python3 - <<-'END' || skip 'python3 is not installed'
	import struct, zlib
	def chunk(t, d):
	    return struct.pack(">I", len(d)) + t + d + struct.pack(">I", zlib.crc32(t + d))
	rows = b"".join(b"\0" + bytes([10 + 40 * (y // 2)] * 6 + [30 + 40 * (y // 2)] * 6) for y in range(4))
	open("set2/a/1.png", "wb").write(b"\x89PNG\r\n\x1a\n" +
	    chunk(b"IHDR", struct.pack(">IIBBBBB", 12, 4, 8, 0, 0, 0, 0)) +
	    chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))
	END
}

@test 'images of any size are fit to one' {
	mkdir -p set/a
	png set/a/1.png 3x30x40
	png set/a/2.png 1x7x9
	png set/a/3.png 3x100x20
	refuses 65 'or a size to which all are scaled; see --size' lt-data pack -q -o x.data set
	lt-data pack -q --size 16 -o a.data set
	[ "$(lt-info a.data | grep ^shape)" = "shape	3x16x16" ]
	lt-data pack -q --size 16 --threads 3 -o b.data set
	same a.data b.data
	lt-data pack -q --size 12x20 --resize 24 -o c.data set
	[ "$(lt-info c.data | grep ^shape)" = "shape	3x12x20" ]
	lt-info c.data | grep -q 'size=12x20 resize=24'
	# Two columns of the middle: grey 10 beside 30, below 50 beside 70.
	halves
	lt-data pack -q --size 4x2 -o m.data set2
	[ "$(tail -c 8 m.data | od -An -tu1 | xargs)" = '10 30 10 30 50 70 50 70' ]
	# The whole picture: a pixel's triangle reaches over nine columns, of which
	# the three of the other half weigh 4.5 of 31.5: 10 + 20/7 is 12.9.
	lt-data pack -q --size 4x2 --whole -o w.data set2
	[ "$(tail -c 8 w.data | od -An -tu1 | xargs)" = '13 27 13 27 53 67 53 67' ]
	[ "$(lt-info w.data | grep ^shape)" = "shape	1x4x2" ]
	lt-info w.data | grep -q 'size=4x2 resize=whole'
	lt-data pack -q --size 4x2 --whole --threads 3 -o v.data set2
	same v.data w.data
	refuses 2 '--whole needs --size' lt-data pack -o x.data --whole set
	refuses 2 '--whole needs --size' lt-data pack -o x.data --whole --size 8 --resize 9 set
	refuses 2 '--size' lt-data pack -o x.data --size 0 set
	refuses 2 '--size' lt-data pack -o x.data --size 8x8x8 set
	refuses 2 'expected 16 to 4096, found 8; see --resize' \
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
	for w in n02 n01 n03; do
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
	[ "$(lt-info --tsv t.data | tail -n 3 | xargs)" = \
		'0 n01 1 1 n02 2 2 n03 1' ]
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
	[[ "${stderr_lines[20000]}" == *'none of the images can be read' ]]
}

# many: set/a and set/b with 2,301 images: links of 3, and b/x.png, which is alone.
many() {
	local i
	mkdir -p set/a set/b
	for i in 1 2 3; do png $i.png 3x2x$i; done
	for i in {1000..2299}; do ln $((i % 3 + 1)).png set/a/$i.png; done
	for i in {2000..2999}; do ln $((i % 3 + 1)).png set/b/$i.png; done
	cp 2.png set/b/x.png
}

# swap FILE WITH: other bytes under the same name, size and time.
swap() {
	cp -a "$1" was.png
	cp "$2" new.png
	truncate -s "$(stat -c %s was.png)" new.png
	cat new.png >"$1"
	touch -r was.png "$1"
}

@test 'a packing that was interrupted goes on, and gives the same bytes' {
	many
	pack() { lt-data pack -q --threads 2 --size 2x3 "$@" set; }
	pack -o a.data
	no_strays
	# The last file is cut: what was packed until then stays.
	head -c 60 1.png >set/b/z.png
	refuses 65 'set/b/z.png' pack -o x.data
	[ "$(stat -c %s .x.data.images.part .x.data.packed.part | xargs)" = \
		"$((2301 * 18)) $((2301 * 8))" ]
	[ ! -e x.data ]
	rm set/b/z.png
	# Entries beyond the files of the folder are ignored, however many.
	truncate -s 1T .x.data.packed.part
	refuses 75 'x.data.images: another process is writing it' \
		flock .x.data.images.part lt-data pack -q --size 2x3 -o x.data set
	# A file of the same name, size and time is not read again.
	swap set/b/x.png 3.png
	pack -o x.data
	same a.data x.data
	no_strays
}

@test 'a packing goes on from the first file that has changed' {
	many
	pack() { lt-data pack -q --size 2x3 "$@" set; }
	cp 2.png 1500.png
	mv 1500.png set/a/1500.png
	cp 1.png set/b/2500.png.new
	mv set/b/2500.png.new set/b/2500.png
	head -c 60 1.png >set/b/z.png
	run -65 pack -o x.data
	rm set/b/z.png
	cp 3.png new.png
	mv new.png set/b/2500.png
	swap set/b/x.png 1.png
	pack -o a.data
	# Before 2500.png nothing is read again, behind it all is.
	swap set/a/1500.png 3.png
	pack -o x.data
	same a.data x.data
	# Images of another size are no beginning.
	head -c 60 1.png >set/b/z.png
	run -65 pack -o x.data
	rm set/b/z.png
	lt-data pack -q --size 2x2 -o b.data set
	lt-data pack -q --size 2x2 -o x.data set
	same b.data x.data
	no_strays
}

@test 'files that an interrupted packing left out are counted again' {
	many
	head -c 60 1.png >set/a/1500x.png
	pack() { lt-data pack --size 2x3 --skip-bad "$@" set; }
	pack -q -o a.data
	# The file of the images cannot grow beyond the first 2,000 of them.
	(ulimit -f 36; pack -q -o x.data) || true
	[ "$(stat -c %s .x.data.packed.part)" = $((2001 * 8)) ]
	run -0 --separate-stderr pack -o x.data
	[ "$stderr" = 'lt-data: 2301 images, 1 file left out' ]
	same a.data x.data
	no_strays
}

@test 'SIGKILL of a packing at any moment, then the same command: the same bytes' {
	local t
	many
	lt-data pack -q --size 40 -o a.data set
	for t in 0.05 0.1 0.15 0.2 0.3; do
		timeout -s KILL $t lt-data pack -q --threads 1 --size 40 -o x.data set || true
	done
	lt-data pack -q --size 40 -o x.data set
	same a.data x.data
	no_strays
}

@test 'Tiny-ImageNet with val sorted into folders gives the same set' {
	for w in n01 n02 n03; do
		mkdir -p tiny/train/$w/images
		png tiny/train/$w/images/${w}_0.png 3x6x6
	done
	mkdir -p tiny/val/images
	for i in 0 1 2 3; do
		synth png 1 1 3x6x6 --first $i
		lt-data sheet -o tiny/val/images/val_$i.png png.data
	done
	printf 'n02\nn01\nn03\n' >tiny/wnids.txt
	printf 'val_%d.png\t%s\t0\t0\t1\t1\n' 0 n02 1 n01 2 n02 3 n03 \
		>tiny/val/val_annotations.txt
	lt-data pack -q -o want.data --split val tiny
	[ "$(lt-info --tsv want.data | tail -n 3 | xargs)" = \
		'0 n01 1 1 n02 2 2 n03 1' ]
	# As scripts leave it: one deeper or not, the list and an empty folder
	# left behind or not.
	cd tiny/val
	mkdir -p n01 n02/images n03
	mv images/val_1.png n01
	mv images/val_[02].png n02/images
	mv images/val_3.png n03
	cd ../..
	lt-data pack -q -o a.data --split val tiny
	rmdir tiny/val/images
	lt-data pack -q -o b.data --split val tiny
	rm tiny/val/val_annotations.txt
	lt-data pack -q -o c.data --split val tiny
	same want.data a.data b.data c.data
	# A class without a folder, and a folder that is no class.
	mv tiny/val/n02 tiny/val/n09
	refuses 65 'tiny/val/n09: expected only the classes that wnids.txt' \
		lt-data pack -q -o x.data --split val tiny
	rm -r tiny/val/n09
	refuses 65 "tiny/val: no folder of class 'n02', which wnids.txt names" \
		lt-data pack -q -o x.data --split val tiny
	run -0 --separate-stderr lt-data pack -q --skip-bad -o d.data \
		--split val tiny
	[[ "${stderr_lines[0]}" == *"left out: tiny/val: no folder of class"* ]]
	# Classes keep their numbers.
	[ "$(lt-info --tsv d.data | tail -n 3 | xargs)" = \
		'0 n01 1 1 n02 0 2 n03 1' ]
	[ ! -e x.data ]
}

@test 'what lies beside the folders of classes is named' {
	mkdir -p 'set/a b' set/é set/__MACOSX/a elsewhere
	png 'set/a b/1.PNG' 3x4x4
	jpeg elsewhere/1.JPeG
	ln -s ../elsewhere set/link
	png set/é/1.png 3x6x6
	touch set/Thumbs.db 'set/a b/Thumbs.db' set/.DS_Store set/é/.DS_Store
	touch set/__MACOSX/a/._1.png
	refuses 65 'set/Thumbs.db: expected only folders here' \
		lt-data pack -q --size 4 -o x.data set
	rm set/Thumbs.db
	refuses 65 'set/__MACOSX: expected only folders here' \
		lt-data pack -q --size 4 -o x.data set
	touch set/README
	run -0 --separate-stderr lt-data pack -q --size 4 --skip-bad -o a.data set
	[ "$stderr" = 'lt-data: left out: set/README: expected only folders here, one a class
lt-data: left out: set/__MACOSX: expected only folders here, one a class
lt-data: left out: set/a b/Thumbs.db: expected only PNG and JPEG images in a class'"'"'s folder
lt-data: 3 images, 3 files left out' ]
	[ "$(lt-info --tsv a.data | tail -n 3)" = \
		$'0\ta b\t1\n1\tlink\t1\n2\té\t1' ]
	rm -r set/a* set/é set/link
	run -65 --separate-stderr lt-data pack -q --skip-bad -o x.data set
	[[ "${stderr_lines[2]}" == "lt-data: set: 0 entries, expected 1 to "* ]]
	[ ! -e x.data ]
}

# inks FILE: a JPEG of 8x24 pixels in CMYK, of every ink.
inks() {
	base64 -d >"$1" <<-'END'
	/9j/7gAOQWRvYmUAZAAAAAAA/9sAQwADAgIDAgIDAwMDBAMDBAUIBQUEBAUKBwcG
	CAwKDAwLCgsLDQ4SEA0OEQ4LCxAWEBETFBUVFQwPFxgWFBgSFBUU/8AAFAgACAAY
	BEMRAE0RAFkRAEsRAP/EAB8AAAEFAQEBAQEBAAAAAAAAAAABAgMEBQYHCAkKC//E
	ALUQAAIBAwMCBAMFBQQEAAABfQECAwAEEQUSITFBBhNRYQcicRQygZGhCCNCscEV
	UtHwJDNicoIJChYXGBkaJSYnKCkqNDU2Nzg5OkNERUZHSElKU1RVVldYWVpjZGVm
	Z2hpanN0dXZ3eHl6g4SFhoeIiYqSk5SVlpeYmZqio6Slpqeoqaqys7S1tre4ubrC
	w8TFxsfIycrS09TV1tfY2drh4uPk5ebn6Onq8fLz9PX29/j5+v/aAA4EQwBNAFkA
	SwAAPwD71+Lf/Lb8af8A8PSP+ov/AORK/Ov4f/8ALP8ACv03/tv/AGq+Kvi3/wAt
	vxo/4ekf9Rf/AMiV9K/D/wD5Z/hXin9t/wC1XxV8W/8Alt+NH/D0j/qL/wDkSvpb
	4f8A/LP8K8U/tv8A2q//2Q==
	END
}

# Pillow 13 made this picture of every ink, and turned it into RGB by
# Image.convert: the sum is that of its bytes, channel by channel.
@test 'JPEG in CMYK becomes what Pillow makes of it' {
	mkdir -p set/a
	inks set/a/1.jpg
	run -0 --separate-stderr lt-data pack -o a.data set
	[ "${stderr_lines[0]}" = 'lt-data: warning: images whose colours were '\
'converted from CMYK to RGB: 1, the first is set/a/1.jpg' ]
	tail -c 576 a.data | cksum | grep -q '^874218021 '
}

# Orientation 6 asks for a quarter turn, which torchvision does not make.
@test 'an image is not rotated by its EXIF orientation' {
	mkdir -p set/a
	inks set/a/1.jpg
	lt-data pack -q -o a.data set
	{ head -c 2 set/a/1.jpg
		printf '\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\1'
		printf '\1\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0'
		tail -c +3 set/a/1.jpg; } >turned.jpg
	mv turned.jpg set/a/1.jpg
	lt-data pack -q -o b.data set
	same a.data b.data
}

@test 'CIFAR is found in the folder that holds it' {
	mkdir -p data/cifar-10-batches-bin data/other
	for i in 1 2 3 4 5; do
		{ printf "\\x0$i"; head -c 3072 /dev/zero; } \
			>data/cifar-10-batches-bin/data_batch_$i.bin
	done
	cp data/cifar-10-batches-bin/data_batch_1.bin \
		data/cifar-10-batches-bin/test_batch.bin
	lt-data pack -q -o a.data data/cifar-10-batches-bin
	lt-data pack -q -o b.data data
	cmp <(tail -c 15380 a.data) <(tail -c 15380 b.data)
	lt-data pack -q -o t.data --split test --stats a.data data
	mkdir data/cifar-100-binary
	{ printf '\x13\x63'; head -c 3072 /dev/zero; } \
		>data/cifar-100-binary/train.bin
	refuses 65 'data: contains cifar-10-batches-bin and cifar-100-binary' \
		lt-data pack -q -o x.data data
	rm -r data/cifar-10-batches-bin
	lt-data pack -q --coarse -o c.data data
	[ "$(lt-info --tsv c.data | tail -n 1)" = "19	19	1" ]
	[ ! -e x.data ]
}

@test 'the Python version of CIFAR is refused' {
	mkdir -p py/cifar-10-batches-py py/cifar-100-python
	(cd py/cifar-10-batches-py && touch data_batch_1 batches.meta)
	(cd py/cifar-100-python && touch train test meta)
	tar czf py.tar.gz -C py cifar-10-batches-py
	for what in py py/cifar-10-batches-py py/cifar-100-python py.tar.gz; do
		refuses 65 "$what: is the Python version of CIFAR, expected \
the binary version; examples/cifar_from_python.py converts it" \
			lt-data pack -q -o x.data $what
	done
	[ ! -e x.data ]
}
