/* Sources of images: IDX, CIFAR, PNG and folders of it. */
#include <png.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <zlib.h>
#include "base/mem.h"
#include "source/png.h"
#include "source/source.h"
#include "cuts.h"
#include "scratch.h"
#include "tap.h"
#include "tiny.h"

/* Read a source to its end; the number of images or -1. */
static long
drain(const struct lt_source_from *from, struct lt_err *err)
{
	struct lt_source *s = lt_source_open(from, err);
	long n = 0;
	int r = s ? 1 : -1;
	if (!s)
		return -1;
	uint8_t *px = lt_alloc((size_t)s->c * (size_t)s->h * (size_t)s->w, 1);
	int32_t label;
	while ((r = lt_source_next(s, px, &label, err)) > 0) {
		CHECK(label >= 0 && label < s->classes);
		n++;
	}
	free(px);
	lt_source_close(s);
	return r < 0 ? -1 : n;
}

static long
drain_path(const char *path, const char *labels, struct lt_err *err)
{
	struct lt_source_from from = {.path = path, .labels = labels};
	return drain(&from, err);
}

/* ---------------------------------------------------------------- IDX -- */

static int
read_idx(const char *path, struct lt_err *err)
{
	return drain_path(path, "labels", err) < 0 ? -1 : 0;
}

static int
read_idx_labels(const char *path, struct lt_err *err)
{
	return drain_path("images", path, err) < 0 ? -1 : 0;
}

static void
put_gzip(const char *path, const void *p, unsigned n)
{
	gzFile f = gzopen(path, "wb");
	gzwrite(f, p, n);
	gzclose(f);
}

static void
idx(void)
{
	struct lt_err err;
	scratch_put("images", tiny_idx, sizeof(tiny_idx));
	scratch_put("labels", tiny_idx_labels, sizeof(tiny_idx_labels));
	put_gzip("images.gz", tiny_idx, sizeof(tiny_idx));
	put_gzip("labels.gz", tiny_idx_labels, sizeof(tiny_idx_labels));
	CHECK_EQ(drain_path("images", "labels", &err), 3);
	CHECK_EQ(drain_path("images.gz", "labels.gz", &err), 3);
	CHECK_EQ(cuts_pipe(read_idx, (const char *)tiny_idx, sizeof(tiny_idx),
			 &err),
		0);
	CHECK_EQ(cuts_missed(read_idx, "images", true, NULL), 0);
	CHECK_EQ(cuts_missed(read_idx, "images.gz", true, NULL), 0);
	CHECK_EQ(cuts_missed(read_idx_labels, "labels", true, NULL), 0);
	CHECK_EQ(cuts_missed(read_idx_labels, "labels.gz", true, NULL), 0);
	CHECK_EQ(drain_path("images", NULL, &err), -1);
	CHECK_EQ(err.status, LT_EUSAGE);
	CHECK_EQ(drain_path("labels", "images", &err), -1);
	CHECK(strstr(err.msg, "not an IDX file of images: it begins with "
			      "00000801, expected 00000803"));
}

static void
idx_refusals(void)
{
	/* Byte, what it becomes, what is said. */
	static const struct {
		size_t at;
		unsigned char v;
		const char *says;
	} bad[] = {
		{3, 4, "not an IDX file of images"},
		{2, 13, "not an IDX file of images"},
		{7, 4, "4 images, but labels has 3 labels"},
		{4, 255, "4278190083 images, but labels has 3 labels"},
		{11, 0, "expected 1 to 16384 a side"},
		{15, 0, "expected 1 to 16384 a side"},
		{8, 255, "expected 1 to 16384 a side"},
		{12, 255, "expected 1 to 16384 a side"},
		{10, 1, "truncated"},
		{11, 1, "too long"},
	};
	struct lt_err err;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		unsigned char p[sizeof(tiny_idx)];
		memcpy(p, tiny_idx, sizeof(p));
		p[bad[i].at] = bad[i].v;
		scratch_put("bad", p, sizeof(p));
		err.status = 0;
		if (!CHECK_EQ(drain_path("bad", "labels", &err), -1) ||
			!CHECK_EQ(err.status, LT_EDATA) ||
			!CHECK(strstr(err.msg, bad[i].says)))
			printf("# %zu: %s\n", i, err.msg);
	}
	/* Both claim four thousand millions. */
	unsigned char p[sizeof(tiny_idx)], q[sizeof(tiny_idx_labels)];
	memcpy(p, tiny_idx, sizeof(p));
	memcpy(q, tiny_idx_labels, sizeof(q));
	memset(p + 4, 255, 4);
	memset(q + 4, 255, 4);
	scratch_put("p", p, sizeof(p));
	scratch_put("q", q, sizeof(q));
	CHECK_EQ(drain_path("p", "q", &err), -1);
	CHECK(strstr(err.msg, "p: 4294967295 images, expected at most"));
}

/* -------------------------------------------------------------- CIFAR -- */

#define RECORD10 3073
#define RECORD100 3074

static int
read_cifar(const char *path, struct lt_err *err)
{
	static const char batch[] = "cifar/test_batch.bin";
	remove(batch);
	if (symlink(path, batch) < 0)
		return -2;
	struct lt_source_from from = {.path = "cifar", .split = "test"};
	return drain(&from, err) < 0 ? -1 : 0;
}

/* A cut between records cannot be detected. */
static bool
record_end(const char *p, size_t n)
{
	(void)p;
	return n == RECORD10;
}

static void
cifar(void)
{
	struct lt_err err;
	unsigned char r[2 * RECORD10] = {0};
	struct lt_source_from from = {.path = "cifar"};
	mkdir("cifar", 0777);
	r[RECORD10] = 9;
	for (int i = 1; i <= 5; i++) {
		char name[40];
		snprintf(name, sizeof(name), "cifar/data_batch_%d.bin", i);
		scratch_put(name, r, sizeof(r));
	}
	CHECK_EQ(drain(&from, &err), 10);
	scratch_put("test", r, sizeof(r));
	CHECK_EQ(cuts_missed(read_cifar, "test", false, record_end), 0);
	scratch_put(
		"cifar/batches.meta.txt", "a\nb\nc\nd\ne\nf\ng\nh\ni\n", 18);
	CHECK_EQ(drain(&from, &err), -1);
	CHECK_STR(err.msg, "cifar/batches.meta.txt: 9 names, expected 10");
	scratch_put("cifar/batches.meta.txt",
		"a\nb\nc\nd\ne\nf\ng\nh\ni\nj\n\n", 21);
	struct lt_source *s = lt_source_open(&from, &err);
	CHECK_STR(s->class_name[9], "j");
	CHECK_STR(s->what, "cifar cifar");
	lt_source_close(s);
	r[0] = 10;
	scratch_put("cifar/data_batch_3.bin", r, sizeof(r));
	CHECK_EQ(drain(&from, &err), -1);
	CHECK_STR(err.msg, "cifar/data_batch_3.bin: label of record 0 is 10, "
			   "expected 0 to 9");
	remove("cifar/data_batch_3.bin");
	CHECK_EQ(drain(&from, &err), -1);
	CHECK_EQ(err.status, LT_EIO);
	from.split = "val";
	CHECK_EQ(drain(&from, &err), -1);
	CHECK_EQ(err.status, LT_EUSAGE);
	from.split = NULL;
	from.coarse = true;
	CHECK_EQ(drain(&from, &err), -1);
	CHECK_EQ(err.status, LT_EUSAGE);
}

static void
cifar100(void)
{
	struct lt_err err;
	unsigned char r[RECORD100] = {19, 99};
	struct lt_source_from from = {.path = "cifar100"};
	mkdir("cifar100", 0777);
	scratch_put("cifar100/train.bin", r, sizeof(r));
	struct lt_source *s = lt_source_open(&from, &err);
	uint8_t px[3072];
	int32_t label = -1;
	CHECK_EQ(s->classes, 100);
	CHECK_EQ(lt_source_next(s, px, &label, &err), 1);
	CHECK_EQ(label, 99);
	CHECK_EQ(lt_source_next(s, px, &label, &err), 0);
	lt_source_close(s);
	from.coarse = true;
	s = lt_source_open(&from, &err);
	CHECK_EQ(s->classes, 20);
	CHECK_EQ(lt_source_next(s, px, &label, &err), 1);
	CHECK_EQ(label, 19);
	lt_source_close(s);
	r[0] = 20;
	scratch_put("cifar100/train.bin", r, sizeof(r));
	CHECK_EQ(drain(&from, &err), -1);
	from.split = "test";
	CHECK_EQ(drain(&from, &err), -1);
	CHECK_EQ(err.status, LT_EIO);
}

/* ---------------------------------------------------------------- PNG -- */

static int
read_png(const char *path, struct lt_err *err)
{
	struct lt_image im;
	int r = lt_image_read(&im, path, err);
	lt_image_release(&im);
	return r;
}

/* A cut within the last chunk, IEND, leaves a PNG that is read. */
static size_t iend_at;

static bool
within_iend(const char *p, size_t n)
{
	(void)p;
	return n >= iend_at;
}

static void
find_iend(const char *path)
{
	size_t n = 0;
	free(scratch_get(path, &n));
	iend_at = n - 12;
}

static void
png_round_trip(void)
{
	struct lt_err err;
	struct lt_image im;
	uint8_t px[3 * 5 * 3];
	for (size_t i = 0; i < sizeof(px); i++)
		px[i] = (uint8_t)(37 * i);
	CHECK_EQ(lt_png_write("a.png", px, 3, 3, 5, &err), 0);
	CHECK_EQ(lt_image_read(&im, "a.png", &err), 0);
	CHECK(im.c == 3 && im.h == 3 && im.w == 5);
	for (int c = 0; c < 3; c++)
		for (int i = 0; i < 15; i++)
			CHECK_EQ(im.px[c * 15 + i], px[3 * i + c]);
	lt_image_release(&im);
	find_iend("a.png");
	CHECK_EQ(cuts_missed(read_png, "a.png", true, within_iend), 0);
	CHECK_EQ(cuts_flips_missed(read_png, "a.png"), 0);
	CHECK_EQ(lt_png_write("g.png", px, 1, 3, 5, &err), 0);
	CHECK_EQ(lt_image_read(&im, "g.png", &err), 0);
	CHECK(im.c == 1 && memcmp(im.px, px, 15) == 0);
	lt_image_release(&im);
	CHECK_EQ(lt_png_write("/dev/full", px, 1, 3, 5, &err), -1);
	CHECK_EQ(err.status, LT_EIO);
}

/* Write rows by libpng in any of its forms. */
static void
put_form(const char *path, int type, int depth, int interlace, uint8_t *rows,
	size_t stride, int h, int w)
{
	FILE *f = fopen(path, "wb");
	png_structp png = png_create_write_struct(
		PNG_LIBPNG_VER_STRING, NULL, NULL, NULL);
	png_infop info = png_create_info_struct(png);
	png_color palette[2] = {{10, 20, 30}, {40, 50, 60}};
	png_byte trans[2] = {0, 255};
	png_bytep row[8];
	png_init_io(png, f);
	png_set_IHDR(png, info, (png_uint_32)w, (png_uint_32)h, depth, type,
		interlace, 0, 0);
	if (type == PNG_COLOR_TYPE_PALETTE) {
		png_set_PLTE(png, info, palette, 2);
		png_set_tRNS(png, info, trans, 2, NULL);
	}
	png_write_info(png, info);
	for (int y = 0; y < h; y++)
		row[y] = rows + (size_t)y * stride;
	png_write_image(png, row);
	png_write_end(png, info);
	png_destroy_write_struct(&png, &info);
	fclose(f);
}

/* The bytes of an image as read. */
static void
check_form(const char *path, int c, int h, int w, const uint8_t *want)
{
	struct lt_err err;
	struct lt_image im;
	int pc, ph, pw;
	if (!CHECK_EQ(lt_image_read(&im, path, &err), 0)) {
		printf("# %s\n", err.msg);
		return;
	}
	CHECK(im.c == c && im.h == h && im.w == w);
	CHECK(memcmp(im.px, want, (size_t)c * (size_t)h * (size_t)w) == 0);
	lt_image_release(&im);
	CHECK_EQ(lt_image_size(path, &pc, &ph, &pw, &err), 0);
	CHECK(pc == c && ph == h && pw == w);
}

static void
png_forms(void)
{
	put_form("f", PNG_COLOR_TYPE_PALETTE, 8, 0, (uint8_t[]){0, 1, 1, 0}, 2,
		2, 2);
	check_form("f", 3, 2, 2,
		(uint8_t[]){10, 40, 40, 10, 20, 50, 50, 20, 30, 60, 60, 30});
	put_form("f", PNG_COLOR_TYPE_GRAY, 1, 0, (uint8_t[]){0xa0, 0x40}, 1, 2,
		3);
	check_form("f", 1, 2, 3, (uint8_t[]){255, 0, 255, 0, 255, 0});
	put_form("f", PNG_COLOR_TYPE_GRAY, 16, 0,
		(uint8_t[]){0, 0, 255, 255, 128, 128}, 6, 1, 3);
	check_form("f", 1, 1, 3, (uint8_t[]){0, 255, 128});
	put_form("f", PNG_COLOR_TYPE_RGB_ALPHA, 8, 0,
		(uint8_t[]){1, 2, 3, 0, 4, 5, 6, 255}, 8, 1, 2);
	check_form("f", 3, 1, 2, (uint8_t[]){1, 4, 2, 5, 3, 6});
	put_form("f", PNG_COLOR_TYPE_GRAY_ALPHA, 8, 0,
		(uint8_t[]){1, 0, 4, 255}, 4, 1, 2);
	check_form("f", 1, 1, 2, (uint8_t[]){1, 4});
	put_form("f", PNG_COLOR_TYPE_GRAY, 8, 1,
		(uint8_t[]){1, 2, 3, 4, 5, 6, 7, 8, 9}, 3, 3, 3);
	check_form("f", 1, 3, 3, (uint8_t[]){1, 2, 3, 4, 5, 6, 7, 8, 9});
	find_iend("f");
	CHECK_EQ(cuts_missed(read_png, "f", true, within_iend), 0);
}

/* A header of any size with a right checksum, and little behind it. */
static void
put_bomb(const char *path, uint32_t w, uint32_t h)
{
	unsigned char p[45] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n', 0,
		0, 0, 13, 'I', 'H', 'D', 'R'};
	for (int i = 0; i < 4; i++) {
		p[16 + i] = (unsigned char)(w >> (24 - 8 * i));
		p[20 + i] = (unsigned char)(h >> (24 - 8 * i));
	}
	p[24] = 8;
	p[25] = 2;
	uLong crc = crc32(0, p + 12, 17);
	for (int i = 0; i < 4; i++)
		p[29 + i] = (unsigned char)(crc >> (24 - 8 * i));
	memcpy(p + 33, "\0\0\0\0IEND\xae\x42\x60\x82", 12);
	scratch_put(path, p, sizeof(p));
}

static void
png_bombs(void)
{
	static const uint32_t side[][2] = {{30000, 30000}, {16385, 1},
		{1, 16385}, {4097, 4096}, {4096, 4096}, {0, 1}, {1, 0},
		{0xffffffff, 0xffffffff}, {0x80000000, 2}, {1, 1}};
	struct lt_err err;
	struct rusage before, after;
	getrusage(RUSAGE_SELF, &before);
	for (size_t i = 0; i < sizeof(side) / sizeof(*side); i++) {
		put_bomb("b", side[i][0], side[i][1]);
		err.status = 0;
		CHECK_EQ(read_png("b", &err), -1);
		CHECK_EQ(err.status, LT_EDATA);
	}
	getrusage(RUSAGE_SELF, &after);
	CHECK(after.ru_maxrss - before.ru_maxrss < 32 * 1024);
	scratch_put("b", "P5\n1 1\n255\n0", 12);
	CHECK_EQ(read_png("b", &err), -1);
	CHECK_STR(err.msg, "b: not a PNG or JPEG image");
}

static size_t
put_chunk(unsigned char *to, const char *type, const unsigned char *p, size_t n)
{
	for (int i = 0; i < 4; i++)
		to[i] = (unsigned char)(n >> (24 - 8 * i));
	memcpy(to + 4, type, 4);
	memcpy(to + 8, p, n);
	uLong crc = crc32(0, to + 4, (uInt)n + 4);
	for (int i = 0; i < 4; i++)
		to[8 + n + (size_t)i] = (unsigned char)(crc >> (24 - 8 * i));
	return n + 12;
}

/* A PNG of two grey pixels, 1 and 2, with a text behind them: the reader is to
 * do what Pillow does, which needs neither IEND nor the end of the file. */
static void
png_ends(void)
{
	struct lt_err err;
	struct lt_image im;
	unsigned char p[200], z[100], rows[] = {0, 1, 2};
	static const unsigned char head[13] = {0, 0, 0, 2, 0, 0, 0, 1, 8};
	uLongf size = sizeof(z);
	CHECK_EQ(compress(z, &size, rows, sizeof(rows)), Z_OK);
	memcpy(p, "\x89PNG\r\n\x1a\n", 8);
	size_t n = 8 + put_chunk(p + 8, "IHDR", head, sizeof(head));
	n += put_chunk(p + n, "IDAT", z, size);
	size_t pixels = n;
	n += put_chunk(p + n, "tEXt", (const unsigned char *)"k\0v", 3);
	size_t text = n;
	n += put_chunk(p + n, "IEND", z, 0);
	for (size_t cut = pixels; cut < n; cut++) {
		/* A text that stops early is damage, its absence is not; three
		 * zeros may begin IEND. */
		bool good = cut <= pixels + 3 || cut >= text;
		scratch_put("e", p, cut);
		CHECK_EQ(lt_image_read(&im, "e", &err), good ? 0 : -1);
		CHECK(!good || (im.odd == 1u << LT_ODD_NO_END && im.w == 2 &&
				       im.px[0] == 1 && im.px[1] == 2));
		lt_image_release(&im);
	}
	memset(p + n, 'x', 50);
	for (size_t more = 0; more < 50; more++) {
		scratch_put("e", p, n + more);
		CHECK_EQ(lt_image_read(&im, "e", &err), 0);
		CHECK(im.odd == (more ? 1u << LT_ODD_MORE : 0) &&
			im.px[0] == 1 && im.px[1] == 2);
		lt_image_release(&im);
	}
	/* Pixels whose own checksum is wrong, under a right one of the chunk.
	 */
	z[size - 1]++;
	n = 33 + put_chunk(p + 33, "IDAT", z, size);
	n += put_chunk(p + n, "IEND", z, 0);
	scratch_put("e", p, n);
	CHECK_EQ(read_png("e", &err), -1);
	CHECK(strstr(err.msg, "e: damaged PNG: IDAT"));
}

/* 1x1 pixels of grey, rows of which hold n bytes; a chunk before them. */
static void
put_stuffed(const char *path, const char *type, const unsigned char *text,
	size_t text_size, size_t n)
{
	static const unsigned char head[13] = {0, 0, 0, 1, 0, 0, 0, 1, 8};
	unsigned char *p = lt_alloc(text_size + n + 1000, 1), z[1000];
	unsigned char *rows = lt_alloc(n, 1);
	uLongf size = sizeof(z);
	CHECK_EQ(compress(z, &size, rows, n), Z_OK);
	memcpy(p, "\x89PNG\r\n\x1a\n", 8);
	size_t at = 8 + put_chunk(p + 8, "IHDR", head, sizeof(head));
	if (type)
		at += put_chunk(p + at, type, text, text_size);
	at += put_chunk(p + at, "IDAT", z, size);
	at += put_chunk(p + at, "IEND", z, 0);
	scratch_put(path, p, at);
	free(rows);
	free(p);
}

/* 128 MiB of zeros, without having them. */
static size_t
deflate_zeros(unsigned char *to, size_t room)
{
	static unsigned char zeros[1 << 16];
	z_stream z = {.next_out = to, .avail_out = (uInt)room};
	CHECK_EQ(deflateInit(&z, 9), Z_OK);
	for (int i = 0; i < 2048; i++) {
		z.next_in = zeros;
		z.avail_in = sizeof(zeros);
		CHECK_EQ(deflate(&z, i < 2047 ? Z_NO_FLUSH : Z_FINISH),
			i < 2047 ? Z_OK : Z_STREAM_END);
	}
	size_t n = z.total_out;
	deflateEnd(&z);
	return n;
}

static void
png_stuffed(void)
{
	struct lt_err err;
	struct rusage before, after;
	unsigned char z[200000] = "k\0";
	put_stuffed("s", NULL, NULL, 0, 2);
	CHECK_EQ(read_png("s", &err), 0);
	put_stuffed("s", NULL, NULL, 0, 100000);
	CHECK_EQ(read_png("s", &err), -1);
	CHECK_EQ(err.status, LT_EDATA);
	/* A text that unpacks to very much says nothing of the pixels. */
	size_t size = 3 + deflate_zeros(z + 3, sizeof(z) - 3);
	put_stuffed("t", "zTXt", z, size, 2);
	put_stuffed("p", "iCCP", z, size, 2);
	getrusage(RUSAGE_SELF, &before);
	CHECK_EQ(read_png("t", &err), 0);
	CHECK_EQ(read_png("p", &err), 0);
	getrusage(RUSAGE_SELF, &after);
	CHECK(after.ru_maxrss - before.ru_maxrss < 16 * 1024);
}

/* The largest address space so far, in KiB. */
static long
address_space(void)
{
	FILE *f = fopen("/proc/self/status", "r");
	char line[200];
	long kib = -1;
	while (f && fgets(line, sizeof(line), f))
		sscanf(line, "VmPeak: %ld", &kib);
	fclose(f);
	return kib;
}

/* A chunk of any kind that claims up to 2 GiB is refused before memory is taken
 * for it. */
static void
png_claims(void)
{
	static const char *const kind[] = {"PLTE", "IDAT", "IEND", "bKGD",
		"cHRM", "cICP", "eXIf", "gAMA", "hIST", "iCCP", "iTXt", "oFFs",
		"pCAL", "pHYs", "sBIT", "sCAL", "sPLT", "sRGB", "tEXt", "tIME",
		"tRNS", "zTXt", "acTL", "fdAT", "prVt", "QQQQ"};
	static const uint32_t claim[] = {
		33, 0x800000, 0x40000005, 0x7ffffff0, 0x7fffffff, 0xffffffff};
	struct lt_err err;
	unsigned char *good;
	size_t n = 0;
	put_stuffed("s", "tEXt", (const unsigned char *)"k\0v", 3, 2);
	good = (unsigned char *)scratch_get("s", &n);
	long before = address_space();
	for (size_t k = 0; k < sizeof(kind) / sizeof(*kind); k++)
		for (size_t i = 0; i < 2 * sizeof(claim) / sizeof(*claim);
			i++) {
			/* Before the pixels, or instead of the end. */
			size_t at = i % 2 ? 33 : n - 12;
			unsigned char p[200];
			memcpy(p, good, n);
			for (int b = 0; b < 4; b++)
				p[at + (size_t)b] =
					(unsigned char)(claim[i / 2] >>
							(24 - 8 * b));
			memcpy(p + at + 4, kind[k], 4);
			scratch_put("c", p, at + 8 + 40 * (i % 2));
			err.status = 0;
			if (!CHECK_EQ(read_png("c", &err), -1) ||
				!CHECK_EQ(err.status, LT_EDATA))
				printf("# %s %zu\n", kind[k], i);
		}
	CHECK(address_space() - before < 16 * 1024);
	free(good);
}

/* ------------------------------------------------------------- folders -- */

static void
put_png(const char *path, int c, int h, int w, uint8_t v)
{
	uint8_t px[3 * 64];
	struct lt_err err;
	memset(px, v, sizeof(px));
	CHECK_EQ(lt_png_write(path, px, c, h, w, &err), 0);
}

static int
says(const char *path, const char *text)
{
	struct lt_err err = {0};
	struct lt_source_from from = {.path = path};
	int ok = drain(&from, &err) == -1 && err.status == LT_EDATA &&
		 strstr(err.msg, text);
	if (!ok)
		printf("# %s\n", err.msg);
	return ok;
}

static void
folders(void)
{
	struct lt_err err;
	struct lt_source_from from = {.path = "set/"};
	mkdir("set", 0777);
	CHECK(says("set", "0 entries"));
	mkdir("set/cat", 0777);
	mkdir("set/Dog", 0777);
	mkdir("set/.git", 0777);
	put_png("set/cat/2.png", 1, 2, 3, 2);
	put_png("set/cat/10.PNG", 1, 2, 3, 10);
	CHECK(says("set", "set/Dog: empty"));
	put_png("set/Dog/a.png", 3, 2, 3, 77);
	scratch_put("set/cat/.hidden", "x", 1);
	struct lt_source *s = lt_source_open(&from, &err);
	uint8_t px[18];
	int32_t label;
	/* Byte order: D before c, 10 before 2. */
	static const uint8_t value[] = {77, 10, 2};
	CHECK(s->classes == 2 && s->c == 3 && s->h == 2 && s->w == 3);
	CHECK_STR(s->class_name[0], "Dog");
	CHECK_STR(s->what, "folder set");
	for (int i = 0; i < 3; i++) {
		CHECK_EQ(lt_source_next(s, px, &label, &err), 1);
		CHECK(label == (i > 0) && px[0] == value[i] &&
			px[17] == value[i]);
	}
	CHECK_EQ(lt_source_next(s, px, &label, &err), 0);
	lt_source_close(s);
	from.labels = "x";
	CHECK_EQ(drain(&from, &err), -1);
	CHECK_EQ(err.status, LT_EUSAGE);
}

static void
folder_refusals(void)
{
	struct lt_err err;
	put_png("set/cat/3.png", 1, 3, 2, 1);
	CHECK(says("set", "set/cat/3.png: the image is 3x2, expected 2x3 as "
			  "set/Dog/a.png"));
	remove("set/cat/3.png");
	scratch_put("set/cat/x.jpg", "x", 1);
	CHECK(says("set", "set/cat/x.jpg: not a PNG or JPEG image"));
	remove("set/cat/x.jpg");
	mkdir("set/cat/x.png", 0777);
	CHECK(says("set", "set/cat/x.png: a folder, expected images"));
	rmdir("set/cat/x.png");
	scratch_put("set/cat/x.png", "x", 1);
	CHECK(says("set", "set/cat/x.png: not a PNG or JPEG image"));
	remove("set/cat/x.png");
	scratch_put("set/list.txt", "x", 1);
	CHECK(says("set", "set/list.txt: expected only folders here"));
	remove("set/list.txt");
	scratch_put("set/cat/x.txt", "x", 1);
	CHECK(says("set", "set/cat/x.txt: expected only PNG and JPEG images"));
	remove("set/cat/x.txt");
	mkdir("set/train", 0777);
	mkdir("set/train/one", 0777);
	put_png("set/train/one/1.png", 1, 2, 2, 1);
	struct lt_source_from from = {.path = "set", .split = "train"};
	CHECK_EQ(drain(&from, &err), 1);
	from.path = "nowhere";
	CHECK_EQ(drain(&from, &err), -1);
	CHECK_EQ(err.status, LT_EIO);
}

int
main(void)
{
	scratch_enter();
	TEST(idx, "IDX is read, plain and gzip; every cut is refused");
	TEST(idx_refusals, "IDX that claims what is not so is refused");
	TEST(cifar, "CIFAR-10 folders are read");
	TEST(cifar100, "CIFAR-100 has fine and coarse labels");
	TEST(png_round_trip, "PNG comes back; cuts and flips are refused");
	TEST(png_forms, "every form of PNG becomes 8-bit grey or RGB");
	TEST(png_bombs, "PNG headers of huge images take no memory");
	TEST(png_stuffed, "PNG that unpacks to more than its pixels");
	TEST(png_ends, "PNG needs neither IEND nor the end of its file");
	TEST(png_claims, "PNG chunks that claim 2 GiB take no memory");
	TEST(folders, "folders are read in byte order of names");
	TEST(folder_refusals, "folders of other things are refused");
	scratch_leave();
	return tap_done();
}
