# Files that mean harm, or came to it: each is refused in one line, with little
# memory and without waiting.
load common

# within KIB STATUS TEXT COMMAND...: refused with as little address space.
within() {
	local kib=$1
	shift
	(
		ulimit -v "$kib"
		refuses "$@"
	)
}

# be32 N: four bytes, most significant first.
be32() {
	# shellcheck disable=SC2059
	printf "$(printf '\\x%02x\\x%02x\\x%02x\\x%02x' $(($1 >> 24 & 255)) \
		$(($1 >> 16 & 255)) $(($1 >> 8 & 255)) $(($1 & 255)))"
}

# A file's checksum as PNG has it is that of gzip, the other way round.
crc() {
	gzip -c | tail -c 8 | od -An -tx4 -N 4 | tr -d ' '
}

# png_header FILE W H: signature and IHDR alone.
png_header() {
	{ printf 'IHDR'; be32 "$2"; be32 "$3"; printf '\x08\x02\0\0\0'; } >ihdr
	{ printf '\x89PNG\r\n\x1a\n'; be32 13; cat ihdr
		be32 $((16#$(crc <ihdr))); } >"$1"
}

# png_chunk TYPE [DATA [CLAIM]]: a chunk with its checksum; CLAIM replaces its
# length.
png_chunk() {
	printf '%s%b' "$1" "${2-}" >chunk
	be32 "${3-$(($(stat -c %s chunk) - 4))}"
	cat chunk
	be32 $((16#$(crc <chunk)))
}

# A grey JPEG of 8x8 pixels, then its frame header saying H x W (four digits of
# hexadecimal each).
jpeg_header() {
	jpeg "$1"
	printf "\\x${2:0:2}\\x${2:2}\\x${3:0:2}\\x${3:2}" |
		dd of="$1" bs=1 seek=94 conv=notrunc status=none
}

cifar10() {
	local i
	mkdir -p "$1"
	for i in 1 2 3 4 5; do
		{ printf "\\x0$i"; head -c 3072 /dev/urandom; } \
			>"$1/data_batch_$i.bin"
	done
	cp "$1/data_batch_1.bin" "$1/test_batch.bin"
}

@test 'headers of huge pictures take no memory' {
	need_no_sanitizer
	mkdir -p set/a
	png_header set/a/1.png 30000 30000
	within 150000 65 'the image is 30000x30000, expected 1 to 16384' \
		lt-data pack -q --threads 1 -o x.data set
	png_header set/a/1.png 4000 4000
	within 150000 65 'cannot hold an image of 4000x4000' \
		lt-data pack -q --threads 1 -o x.data set
	png_header set/a/1.png 5000 5000
	within 150000 65 'at most 16777216 pixels, or a size to which it is scaled; see --size' \
		lt-data pack -q --threads 1 -o x.data set
	within 150000 65 'cannot hold an image of 5000x5000' \
		lt-data pack -q --threads 1 --size 32 -o x.data set
	rm set/a/1.png
	jpeg_header set/a/1.jpg 7530 7530
	within 150000 65 'the image is 30000x30000, expected 1 to 16384' \
		lt-data pack -q --threads 1 -o x.data set
	jpeg_header set/a/1.jpg 0fa0 0fa0
	within 150000 65 'cannot hold an image of 4000x4000' \
		lt-data pack -q --threads 1 -o x.data set
	jpeg_header set/a/1.jpg 0000 0008
	refuses 65 'set/a/1.jpg: damaged JPEG' lt-data pack -q -o x.data set
	[ ! -e x.data ]
	no_strays
}

@test 'a PNG chunk that claims 2 GiB takes no memory' {
	need_no_sanitizer
	mkdir -p set/a
	png_header head.png 1 1
	for type in tEXt zTXt iCCP prVt IDAT; do
		{ cat head.png; png_chunk $type 'a' 2147483632; } >set/a/1.png
		within 150000 65 "set/a/1.png: damaged PNG: truncated: \
chunk '$type' at byte 33 claims 2147483632 bytes, found 1" \
			lt-data pack -q --threads 1 -o x.data set
		within 100000 65 "claims 2147483632 bytes" lt-info set/a/1.png
	done
	[ ! -e x.data ]
}

@test 'JPEG markers and archive members that claim much take no memory' {
	need_no_sanitizer
	mkdir -p set/a c
	for marker in e0 e1 e2 ed ee fe; do
		printf "\\xff\\xd8\\xff\\x$marker\\xff\\xffabc" >set/a/1.jpg
		within 150000 65 'set/a/1.jpg: truncated in its header' \
			lt-data pack -q --threads 1 -o x.data set
	done
	truncate -s 1000000000 c/data_batch_1.bin
	tar cf - c/data_batch_1.bin 2>/dev/null | head -c 100000 >big.tar
	within 150000 65 'big.tar: truncated' lt-data pack -q -o x.data big.tar
	[ ! -e x.data ]
}

# 136 kB of JPEG: a black image of 8192x8192 in 40 scans, each of which costs as
# much time as the first.
@test 'a large JPEG of many scans ends early' {
	long_test
	mkdir -p set/a
	base64 -d <<-'END' | gunzip | gunzip >set/a/1.jpg
	H4sIAAAAAAACA5Pv5mAAASbmt1c2Zk1OFDn+8PNW05+zXHpu8U27oqYVslCkl1G0
	hEukpOiE7hOxTWLL7ziZPY9pDaoSjGKvZpe17tjHZl1aJGB5+vOe2/UV9bc1409V
	ltyX3WvbtaprRZj+qe0S7nczTKTNX6Vt3rkzcrtVtLn127Ln9+bu3r6trPzbu/fv
	vlT9dW///Zednb9673H9eTI2tWZSvd++xe+ttKyp/VFjoqN+cd3vi/G11danMnP+
	//w/a9cc19qtdX9kGAYWhPedzswpX/3qV9W/fXNc90atXlX6Z/WR80L2XjHTdmh8
	3HtkudD/fXU/oitnhsUtmfo882lkVOWssHlLph7PfJoYVTkh7J3a1OvXojKfpkZV
	Tgybt3xqeubTzKjKSWFyy6e2Zz51jLJ8XbVu/fZLp05v+aS01sZf+/ylU5e3fFJZ
	a+OnzX/5VPOWomtf79zIWDp1euZT16jKeWHzlk79//jrn1/Suhb6RYrCTAwAVm97
	Y9wBAAA=
	END
	refuses 65 'set/a/1.jpg: damaged JPEG: more than 32 scans' \
		lt-data pack -q --size 32 -o x.data set
	[ ! -e x.data ]
}

# The pixels are those that Pillow reads of such files.
@test 'PNG without IEND or with bytes after it is read and named' {
	mkdir -p set/a
	png set/a/1.png 1x4x4
	lt-data pack -q -o good.data set
	tail -c 36 good.data >want
	head -c -12 set/a/1.png >set/a/2.png
	head -c -5 set/a/1.png >set/a/3.png
	{ cat set/a/1.png; echo rubbish; } >set/a/4.png
	run -0 --separate-stderr lt-data pack -o odd.data set
	[ "$stderr" = 'lt-data: warning: images without an IEND chunk: 2, '\
'the first is set/a/2.png
lt-data: warning: images with bytes after their end: 1, '\
'the first is set/a/4.png
lt-data: 4 images' ]
	tail -c 144 odd.data | cmp - <(cat want want want want)
	run -0 --separate-stderr lt-data pack -q -o odd.data set
	[ -z "$stderr" ]
	lt-info set/a/2.png | grep -qx $'odd\tit has no IEND chunk'
	lt-info set/a/4.png | grep -qx $'odd\tbytes follow its end'
	# No pixel may be missing.
	head -c -14 set/a/1.png >set/a/5.png
	refuses 65 "set/a/5.png: damaged PNG: truncated: chunk 'IDAT'" \
		lt-data pack -q -o x.data set
	[ ! -e x.data ]
}

@test 'a strip is scaled to a long one with little memory' {
	need_no_sanitizer
	mkdir -p set/a
	png set/a/1.png 1x1x1000
	(
		ulimit -v 250000
		lt-data pack -q --threads 1 --size 4096 -o a.data set
	)
	[ "$(lt-info a.data | grep ^shape)" = "shape	1x4096x4096" ]
}

@test 'a picture in gzip is none, whatever it unpacks to' {
	need_no_sanitizer
	mkdir -p set/a
	png_header head.png 4000 4000
	{ cat head.png; head -c 160000000 /dev/zero; } | gzip >set/a/1.png
	within 150000 65 'set/a/1.png: not a PNG or JPEG' \
		lt-data pack -q --threads 1 -o x.data set
	[ ! -e x.data ]
}

@test 'small gzip files that hold many labels take no memory' {
	need_no_sanitizer
	{ be32 2049; be32 200000000; head -c 200000000 /dev/zero; } |
		gzip -1 >labels
	{ be32 2051; be32 5; be32 1; be32 1; printf 12345; } >five
	within 150000 65 '5 images, but labels has 200000000 labels' \
		lt-data pack -q -o x.data five labels
	{ be32 2051; be32 200000000; be32 1; be32 1; } >many
	within 150000 65 '200000000 images, expected at most 67108864' \
		lt-data pack -q -o x.data many labels
	[ ! -e x.data ]
}

@test 'damage anywhere in an archive is found' {
	cifar10 c
	tar cf c.tar c
	gzip -k c.tar
	lt-data pack -q -o a.data c.tar.gz
	local n
	n=$(stat -c %s c.tar.gz)
	for cut in 1 4 8 9 100 10000; do
		head -c $((n - cut)) c.tar.gz >cut.tar.gz
		refuses 65 'cut.tar.gz: truncated' \
			lt-data pack -q -o x.data cut.tar.gz
	done
	# A byte of an uncompressed picture: only the checksum shows the change.
	cp c.tar.gz bad.tar.gz
	printf '\x5a' | dd of=bad.tar.gz bs=1 seek=$((n - 8)) conv=notrunc \
		status=none
	refuses 65 'bad.tar.gz: damaged gzip data' \
		lt-data pack -q -o x.data bad.tar.gz
	{ cat c.tar; echo more; } >long.tar
	refuses 65 'long.tar: too long: more follows' \
		lt-data pack -q -o x.data long.tar
	{ cat c.tar; head -c 3000000 /dev/zero; } | gzip >zeros.tar.gz
	refuses 65 'zeros.tar.gz: too long' \
		lt-data pack -q -o x.data zeros.tar.gz
	# A size beyond the file, and one beyond all sense.
	tar cf big.tar --sparse-version=0.0 c/data_batch_1.bin
	head -c 1000 c.tar >short.tar
	refuses 65 'short.tar: truncated' lt-data pack -q -o x.data short.tar
	truncate -s 2000000000 c/huge.bin
	tar cf - c/huge.bin 2>/dev/null | head -c 100000 >huge.tar
	refuses 65 'huge.tar: more than 1 GiB' \
		lt-data pack -q -o x.data huge.tar
	[ ! -e x.data ]
	no_strays
}

@test 'a label out of range is named, in a folder and in an archive' {
	cifar10 c
	printf '\x0a' | dd of=c/data_batch_3.bin conv=notrunc status=none
	refuses 65 'data_batch_3.bin: label of record 0 is 10, expected 0 to 9' \
		lt-data pack -q -o x.data c
	tar czf c.tar.gz c
	refuses 65 'c.tar.gz(data_batch_3.bin): label of record 0 is 10' \
		lt-data pack -q -o x.data c.tar.gz
	truncate -s 3000 c/data_batch_3.bin
	tar czf c.tar.gz c
	refuses 65 'c.tar.gz(data_batch_3.bin): truncated: record 0' \
		lt-data pack -q -o x.data c.tar.gz
	[ ! -e x.data ]
}

@test 'nothing waits for a FIFO, and a device is no file' {
	mkdir -p set/a
	mkfifo set/a/1.png
	refuses 65 'set/a/1.png: not a regular file' \
		timeout 10 lt-data pack -q -o x.data set
	rm set/a/1.png
	ln -s /dev/zero set/a/1.png
	refuses 65 'set/a/1.png: not a regular file' \
		timeout 10 lt-data pack -q -o x.data set
	cifar10 c
	rm c/data_batch_2.bin
	mkfifo c/data_batch_2.bin
	refuses 65 'data_batch_2.bin: not a regular file' \
		timeout 10 lt-data pack -q -o x.data c
	rm c/data_batch_2.bin
	ln -s /dev/zero c/data_batch_2.bin
	refuses 65 'data_batch_2.bin: not a regular file' \
		timeout 10 lt-data pack -q -o x.data c
	mkdir -p tiny/train/n01/images tiny/val/images
	png tiny/train/n01/images/1.png 3x4x4
	echo n01 >tiny/wnids.txt
	mkfifo tiny/val/val_annotations.txt
	refuses 65 'val_annotations.txt: not a regular file' \
		timeout 10 lt-data pack -q --split val -o x.data tiny
	[ ! -e x.data ]
	no_strays
}

@test 'a link that leads round in a circle adds nothing' {
	mkdir -p set/a
	png set/a/1.png 3x4x4
	ln -s . set/a/images
	refuses 65 'set/a/images/images: a folder, expected images' \
		lt-data pack -q -o x.data set
	rm set/a/images
	ln -s ../a set/a/again.png
	refuses 65 'set/a/again.png: a folder' lt-data pack -q -o x.data set
	rm set/a/again.png
	ln -s round.png set/a/round.png
	refuses 74 'set/a/round.png: Too many levels' \
		lt-data pack -q -o x.data set
	rm set/a/round.png
	ln -s .. set/b
	refuses 65 'set/b/' lt-data pack -q -o x.data set
	rm set/b
	ln -s b set/b
	refuses 65 'set/b: expected only folders' lt-data pack -q -o x.data set
	[ ! -e x.data ]
	no_strays
}

@test 'a folder of more classes than there may be ends early' {
	mkdir set
	# Names are enough: they are counted before they are looked at.
	(cd set && seq -f c%06g 65537 | xargs touch)
	refuses 65 'set: more than 65536 entries' lt-data pack -q -o x.data set
	mkdir empty none
	refuses 65 'empty: 0 entries' lt-data pack -q -o x.data empty
	mkdir none/a
	refuses 65 'none/a: empty' lt-data pack -q -o x.data none
	[ ! -e x.data ]
}

@test 'lists of Tiny-ImageNet without end take no memory' {
	need_no_sanitizer
	mkdir -p tiny/train/n01/images tiny/val/images
	png tiny/train/n01/images/1.png 3x4x4
	echo n01 >tiny/wnids.txt
	yes $'val_0.png\tn01' | head -n 4000000 | gzip -1 \
		>tiny/val/val_annotations.txt
	within 200000 65 'val_annotations.txt:1048577: expected at most' \
		lt-data pack -q --split val -o x.data tiny
	head -c 100000000 /dev/zero | tr '\0' n | gzip \
		>tiny/val/val_annotations.txt
	within 200000 65 'line is longer' \
		lt-data pack -q --split val -o x.data tiny
	[ ! -e x.data ]
}
