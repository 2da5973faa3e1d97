/* JPEG, the way to a given size, and archives. */
#include <stdio.h>
#include <jpeglib.h>
#include <math.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <zlib.h>
#include "base/mem.h"
#include "source/image.h"
#include "source/jpeg.h"
#include "source/png.h"
#include "source/source.h"
#include "source/tar.h"
#include "cuts.h"
#include "scratch.h"
#include "tap.h"

/* Some picture: smooth, of every brightness, odd in size. */
static uint8_t
pixel(int c, int y, int x)
{
	return (uint8_t)(128 + 60 * sin(0.2 * x + c) + 60 * cos(0.15 * y - c));
}

static void
put_jpeg(const char *path, J_COLOR_SPACE in, J_COLOR_SPACE stored, int h, int w,
	bool progressive, int quality)
{
	struct jpeg_compress_struct j;
	struct jpeg_error_mgr on;
	int c = in == JCS_GRAYSCALE ? 1 : in == JCS_CMYK ? 4 : 3;
	FILE *f = fopen(path, "wb");
	uint8_t *row = malloc((size_t)(w * c));
	j.err = jpeg_std_error(&on);
	jpeg_create_compress(&j);
	jpeg_stdio_dest(&j, f);
	j.image_width = (JDIMENSION)w;
	j.image_height = (JDIMENSION)h;
	j.input_components = c;
	j.in_color_space = in;
	jpeg_set_defaults(&j);
	jpeg_set_colorspace(&j, stored);
	jpeg_set_quality(&j, quality, TRUE);
	if (progressive)
		jpeg_simple_progression(&j);
	jpeg_start_compress(&j, TRUE);
	for (int y = 0; y < h; y++) {
		for (int i = 0; i < w * c; i++)
			row[i] = pixel(i % c, y, i / c);
		jpeg_write_scanlines(&j, &row, 1);
	}
	jpeg_finish_compress(&j);
	jpeg_destroy_compress(&j);
	free(row);
	fclose(f);
}

/* The largest difference from the original picture; 256 if the shape differs or
 * the file was refused. */
static int
distance(const char *path, int c, int h, int w)
{
	struct lt_err err;
	struct lt_image im;
	int far = 0, sc, sh, sw;
	if (lt_image_read(&im, path, &err) < 0) {
		printf("# %s\n", err.msg);
		return 256;
	}
	if (lt_image_size(path, &sc, &sh, &sw, &err) < 0 || sc != im.c ||
		sh != im.h || sw != im.w || im.c != c || im.h != h || im.w != w)
		far = 256;
	for (int i = 0; far < 256 && i < c * h * w; i++) {
		int d = abs(im.px[i] - pixel(i / (h * w), i / w % h, i % w));
		far = d > far ? d : far;
	}
	lt_image_release(&im);
	return far;
}

static void
jpeg_forms(void)
{
	put_jpeg("a", JCS_RGB, JCS_YCbCr, 37, 61, false, 95);
	CHECK(distance("a", 3, 37, 61) < 16);
	put_jpeg("a", JCS_RGB, JCS_YCbCr, 37, 61, true, 95);
	CHECK(distance("a", 3, 37, 61) < 16);
	put_jpeg("a", JCS_RGB, JCS_RGB, 8, 9, false, 100);
	CHECK(distance("a", 3, 8, 9) < 4);
	put_jpeg("a", JCS_GRAYSCALE, JCS_GRAYSCALE, 1, 1, false, 100);
	CHECK(distance("a", 1, 1, 1) < 4);
}

/* Does reading end in this message? */
static bool
says(const char *path, const char *want)
{
	struct lt_err err = {0};
	struct lt_image im;
	if (lt_image_read(&im, path, &err) == 0) {
		lt_image_release(&im);
		return false;
	}
	if (strstr(err.msg, want) && err.status == LT_EDATA)
		return true;
	printf("# %s\n", err.msg);
	return false;
}

/* Four inks, stored as they are and as YCCK; 255 is no ink.  By the formula of
 * Pillow, which lt-data-folders.bats compares exactly; here in real numbers,
 * and as far as JPEG keeps the picture. */
static void
jpeg_inks(void)
{
	static const J_COLOR_SPACE stored[] = {JCS_CMYK, JCS_YCCK};
	struct lt_err err;
	struct lt_image im;
	for (int s = 0; s < 2; s++) {
		int wrong = 0;
		put_jpeg("a", JCS_CMYK, stored[s], 40, 56, false, 100);
		if (!CHECK_EQ(lt_image_read(&im, "a", &err), 0))
			continue;
		CHECK(im.c == 3 && im.h == 40 && im.w == 56);
		CHECK_EQ((long)im.odd, 1 << LT_ODD_INKS);
		for (int i = 0; i < 3 * 40 * 56; i++) {
			int c = i / (40 * 56), y = i / 56 % 40, x = i % 56;
			double ink = 1 - pixel(c, y, x) / 255.0;
			double black = pixel(3, y, x);
			wrong += fabs(black * (1 - ink) - im.px[i]) > 12;
		}
		CHECK_EQ(wrong, 0);
		lt_image_release(&im);
	}
	int c, h, w;
	CHECK_EQ(lt_image_size("a", &c, &h, &w, &err), 0);
	CHECK(c == 3 && h == 40 && w == 56);
}

static int
read_image(const char *path, struct lt_err *err)
{
	struct lt_image im;
	int r = lt_image_read(&im, path, err);
	lt_image_release(&im);
	return r;
}

static void
jpeg_refusals(void)
{
	put_jpeg("a", JCS_RGB, JCS_YCbCr, 16, 16, false, 90);
	CHECK_EQ(cuts_missed(read_image, "a", false, NULL), 0);
	put_jpeg("a", JCS_RGB, JCS_YCbCr, 16, 16, true, 90);
	CHECK_EQ(cuts_missed(read_image, "a", false, NULL), 0);
	scratch_put("a", "\xff\xd8\xff\xe0 nonsense", 13);
	CHECK(says("a", "a: damaged JPEG: "));
}

/* The frame header of a JPEG says h x w. */
static void
resize_header(const char *path, int h, int w)
{
	char *p;
	size_t n = 0;
	p = scratch_get(path, &n);
	for (size_t i = 0; i + 9 < n; i++)
		if ((uint8_t)p[i] == 0xff &&
			((uint8_t)p[i + 1] == 0xc0 ||
				(uint8_t)p[i + 1] == 0xc2)) {
			p[i + 5] = (char)(h >> 8);
			p[i + 6] = (char)h;
			p[i + 7] = (char)(w >> 8);
			p[i + 8] = (char)w;
		}
	scratch_put(path, p, n);
	free(p);
}

static void
jpeg_bombs(void)
{
	struct rusage before, after;
	getrusage(RUSAGE_SELF, &before);
	put_jpeg("a", JCS_RGB, JCS_YCbCr, 16, 16, true, 90);
	resize_header("a", 30000, 30000);
	CHECK(says("a", "a: the image is 30000x30000, expected 1 to 16384"));
	resize_header("a", 8000, 8000);
	CHECK(says("a", "cannot hold an image of 8000x8000"));
	getrusage(RUSAGE_SELF, &after);
	CHECK(after.ru_maxrss - before.ru_maxrss < 8192);
}

/* The same by the definition, not rounded: a triangle over the source. */
static double
plain_line(const double *src, int in, int out, int i)
{
	double scale = (double)in / out, reach = scale > 1 ? scale : 1;
	double centre = (i + 0.5) * scale, sum = 0, all = 0;
	for (int k = 0; k < in; k++) {
		double w = 1 - fabs(k + 0.5 - centre) / reach;
		sum += w > 0 ? w * src[k] : 0;
		all += w > 0 ? w : 0;
	}
	return sum / all;
}

static void
check_fit(int h, int w, int resize, int ch, int cw)
{
	struct lt_image im = {
		.c = 3, .h = h, .w = w, .px = lt_alloc((size_t)(3 * h * w), 1)};
	int side = h < w ? h : w, sh = resize * h / side,
	    sw = resize * w / side;
	double *mid = lt_alloc((size_t)(h * sw), sizeof *mid), line[300];
	int wrong = 0;
	for (int i = 0; i < 3 * h * w; i++)
		im.px[i] = pixel(i / (h * w), i / w % h, i % w * 7);
	for (int y = 0; y < h; y++) {
		for (int x = 0; x < w; x++)
			line[x] = im.px[(2 * h + y) * w + x];
		for (int x = 0; x < sw; x++)
			mid[y * sw + x] = plain_line(line, w, sw, x);
	}
	lt_image_fit(&im, resize, ch, cw);
	CHECK(im.c == 3 && im.h == ch && im.w == cw);
	int y0 = (int)nearbyint((sh - ch) / 2.0);
	int x0 = (int)nearbyint((sw - cw) / 2.0);
	for (int x = 0; x < cw; x++)
		for (int y = 0; y < ch; y++) {
			for (int k = 0; k < h; k++)
				line[k] = mid[k * sw + x0 + x];
			double d = plain_line(line, h, sh, y0 + y) -
				   im.px[(2 * ch + y) * cw + x];
			/* Rows, then columns are rounded to bytes. */
			wrong += fabs(d) > 0.5 + 0.5 + 0.001;
		}
	CHECK_EQ(wrong, 0);
	free(mid);
	lt_image_release(&im);
}

static void
sizes(void)
{
	check_fit(40, 60, 32, 32, 32);
	check_fit(61, 37, 32, 24, 30);
	check_fit(200, 31, 16, 16, 16);
	check_fit(20, 20, 64, 64, 64);
	check_fit(33, 35, 33, 33, 33);
	check_fit(1, 5, 1, 1, 1);
}

/* ---- archives ------------------------------------------------------------ */

static void
tar_header(char *p, const char *name, char type, size_t size)
{
	unsigned sum = 0;
	memset(p, 0, 512);
	strcpy(p, name);
	sprintf(p + 124, "%011zo", size);
	p[156] = type;
	memcpy(p + 257, "ustar", 6);
	memset(p + 148, ' ', 8);
	for (int i = 0; i < 512; i++)
		sum += (unsigned char)p[i];
	sprintf(p + 148, "%06o", sum);
}

/* folder/, folder/a (700 bytes), folder/b (empty), folder/c (512). */
static size_t
make_tar(char *p)
{
	memset(p, 0, 16 * 512);
	tar_header(p, "folder/", '5', 0);
	tar_header(p + 512, "folder/a", '0', 700);
	memset(p + 1024, 'a', 700);
	tar_header(p + 2048, "folder/b", '0', 0);
	tar_header(p + 2560, "folder/c", '\0', 512);
	memset(p + 3072, 'c', 512);
	return 3584 + 1024;
}

static int
read_tar(const char *path, struct lt_err *err)
{
	char **names, buf[1000];
	size_t n, got;
	int r = lt_tar_list(path, &names, &n, err);
	for (size_t i = 0; i < n; i++) {
		struct lt_tar *t =
			r == 0 ? lt_tar_open(path, names[i], err) : NULL;
		r = t ? lt_tar_read(t, buf, sizeof(buf), &got, err) : -1;
		lt_tar_close(t);
		free(names[i]);
	}
	free(names);
	return r;
}

static bool
tar_end(const char *p, size_t n)
{
	(void)p;
	return n >= 3585; /* within the blocks of zeros */
}

static void
archives(void)
{
	struct lt_err err;
	char p[16 * 512], buf[1000], **names;
	size_t n = make_tar(p), got, count;
	scratch_put("t", p, n);
	CHECK_EQ(lt_tar_is("t", &err), 1);
	CHECK_EQ(lt_tar_list("t", &names, &count, &err), 0);
	CHECK_EQ((long)count, 3);
	for (size_t i = 0; i < count; i++) {
		CHECK(names[i][0] == "abc"[i] && !names[i][1]);
		free(names[i]);
	}
	free(names);
	struct lt_tar *t = lt_tar_open("t", "a", &err);
	CHECK(lt_tar_read(t, buf, 600, &got, &err) == 0 && got == 600);
	CHECK(lt_tar_read(t, buf, 600, &got, &err) == 0 && got == 100);
	CHECK(buf[99] == 'a');
	CHECK(lt_tar_read(t, buf, 600, &got, &err) == 0 && got == 0);
	lt_tar_close(t);
	CHECK(!lt_tar_open("t", "d", &err));
	CHECK_STR(err.msg, "t: contains no file 'd'");
	CHECK_EQ(cuts_missed(read_tar, "t", false, tar_end), 0);
	p[512]++; /* a name that its sum does not fit */
	scratch_put("t", p, n);
	CHECK_EQ(read_tar("t", &err), -1);
	CHECK(strstr(err.msg, "t: damaged: a header"));
	scratch_put("t", "short", 5);
	CHECK_EQ(lt_tar_is("t", &err), 0);
}

int
main(void)
{
	scratch_enter();
	TEST(jpeg_forms, "every form of JPEG becomes 8-bit grey or RGB");
	TEST(jpeg_inks, "JPEG in CMYK becomes RGB");
	TEST(jpeg_refusals, "cuts of JPEG are refused");
	TEST(jpeg_bombs, "JPEG headers of huge images take no memory");
	TEST(sizes, "scaling and cutting are as defined");
	TEST(archives, "files of an archive are read; cuts are refused");
	scratch_leave();
	return tap_done();
}
