#include "source/image.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/in.h"
#include "base/mem.h"
#include "source/jpeg.h"
#include "source/png.h"

const struct lt_oddity lt_image_oddity[LT_ODDITIES] = {
	[LT_ODD_NO_END] = {"it has no IEND chunk",
		"images without an IEND chunk"},
	[LT_ODD_MORE] = {"bytes follow its end",
		"images with bytes after their end"},
	[LT_ODD_INKS] = {"its colours are CMYK and were converted to RGB",
		"images whose colours were converted from CMYK to RGB"},
};

void
lt_image_release(struct lt_image *im)
{
	free(im->px);
	*im = (struct lt_image){0};
}

void
lt_image_row(struct lt_image *im, const uint8_t *row, int y)
{
	size_t plane = (size_t)im->h * (size_t)im->w;
	uint8_t *to = im->px + (size_t)y * (size_t)im->w;

	for (int x = 0; x < im->w; x++)
		for (int c = 0; c < im->c; c++)
			to[(size_t)c * plane + (size_t)x] = *row++;
}

int
lt_image_limits(const char *path, uint64_t h, uint64_t w, struct lt_err *err)
{
	if (h && w && h <= LT_SIDE_MAX && w <= LT_SIDE_MAX &&
		h * w <= LT_AREA_MAX)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: the image is %" PRIu64 "x%" PRIu64
		", expected 1 to %d a side and at most %d pixels",
		path, h, w, LT_SIDE_MAX, LT_AREA_MAX);
}

static int
unknown(const char *path, struct lt_err *err)
{
	return lt_fail(err, LT_EDATA, "%s: not a PNG or JPEG image", path);
}

/* Open a file without waiting for a FIFO's writer.  gzip is not inflated here.
 */
static int
open_file(const char *path, size_t *size, struct lt_err *err)
{
	struct stat st;
	int fd;

	do
		fd = open(path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	while (fd < 0 && errno == EINTR);
	if (fd < 0)
		return lt_fail_errno(err, path);
	if (fstat(fd, &st) < 0)
		lt_fail_errno(err, path);
	else if (!S_ISREG(st.st_mode))
		lt_fail(err, LT_EDATA, "%s: not a regular file", path);
	else if (st.st_size > LT_PICTURE_FILE)
		lt_fail(err, LT_EDATA,
			"%s: too long: expected at most %d bytes", path,
			LT_PICTURE_FILE);
	else {
		*size = (size_t)st.st_size;
		return fd;
	}
	close(fd);
	return -1;
}

/* Up to n bytes; *got < n only at the end. */
static int
read_bytes(int fd, void *p, size_t n, size_t *got, const char *path,
	struct lt_err *err)
{
	for (*got = 0; *got < n;) {
		ssize_t r = read(fd, (char *)p + *got, n - *got);
		if (r < 0 && errno == EINTR)
			continue;
		if (r < 0)
			return lt_fail_errno(err, path);
		if (r == 0)
			break;
		*got += (size_t)r;
	}
	return 0;
}

/* Read the first max bytes of a file; *all is how many it has. */
static int
read_file(const char *path, size_t max, char **data, size_t *n, size_t *all,
	struct lt_err *err)
{
	int fd = open_file(path, all, err);

	if (fd < 0)
		return -1;
	max = max < *all ? max : *all;
	*data = lt_alloc_scratch(max + 1, 1);
	int r = read_bytes(fd, *data, max, n, path, err);
	close(fd);
	if (r < 0)
		free(*data);
	return r;
}

int
lt_image_read(struct lt_image *im, const char *path, struct lt_err *err)
{
	char *data;
	size_t n, all;
	int r;

	*im = (struct lt_image){0};
	r = strcmp(path, "-") == 0
		    ? lt_in_whole(path, LT_PICTURE_FILE, &data, &n, err)
		    : read_file(path, LT_PICTURE_FILE, &data, &n, &all, err);
	if (r < 0)
		return -1;
	const unsigned char *p = (const unsigned char *)data;
	if (lt_png_is(p, n))
		r = lt_png_decode(im, p, n, path, err);
	else if (lt_jpeg_is(p, n))
		r = lt_jpeg_decode(im, p, n, path, err);
	else
		r = unknown(path, err);
	free(data);
	return r;
}

/* Bytes of a first look: enough for the header of most JPEGs, unless profiles
 * or thumbnails come before it. */
#define HEAD 4096

/* Read the header in the n bytes at p, after which the file continues if more
 * is set: 1 if the header does not end in them. */
static int
head(struct lt_image *im, const unsigned char *p, size_t n, const char *path,
	struct lt_err *err)
{
	if (lt_png_is(p, n))
		return lt_png_head(im, p, n, path, err);
	if (lt_jpeg_is(p, n))
		return lt_jpeg_head(im, p, n, path, err);
	return unknown(path, err);
}

int
lt_image_size(const char *path, int *c, int *h, int *w, struct lt_err *err)
{
	struct lt_image im = {0};
	size_t n, all = 0;
	char *data;
	int r = 1;

	for (size_t max = HEAD; r > 0; max *= 16) {
		if (read_file(path, max, &data, &n, &all, err) < 0)
			return -1;
		r = head(&im, (const unsigned char *)data, n, path, err);
		free(data);
		if (r > 0 && n == all)
			return lt_fail(err, LT_EDATA,
				"%s: truncated in its header", path);
		if (r > 0 && n < max)
			return lt_fail(err, LT_EDATA,
				"%s: changed while it was read", path);
	}
	*c = im.c;
	*h = im.h;
	*w = im.w;
	return r;
}

/* ------------------------------------------------------------ the size -- */

#define FIXED 22 /* bits behind the point of a filter's weight */

/* Output pixel i is the sum over k < n[i] of weight[i*most + k] of the source
 * pixels from first[i] on. */
struct filter {
	int most;
	int *first, *n;
	int32_t *weight;
};

static int
clamp(int x, int lo, int hi)
{
	return x < lo ? lo : x > hi ? hi : x;
}

/* Make a filter, a triangle that reaches over a number of source pixels to each
 * side of its centre.  in pixels become out pixels, of which count are
 * computed, starting at from: a strip of a picture may become very long before
 * it is cut.
 */
static void
triangle(struct filter *f, int in, int out, int from, int count)
{
	double scale = (double)in / out, reach = scale > 1 ? scale : 1;
	double *w = lt_alloc((size_t)ceil(reach) * 2 + 1, sizeof *w);

	f->most = (int)ceil(reach) * 2 + 1;
	f->first = lt_alloc((size_t)count, sizeof *f->first);
	f->n = lt_alloc((size_t)count, sizeof *f->n);
	f->weight =
		lt_alloc((size_t)count * (size_t)f->most, sizeof *f->weight);
	for (int i = 0; i < count; i++) {
		double centre = (from + i + 0.5) * scale, sum = 0;
		int lo = clamp((int)(centre - reach + 0.5), 0, in);
		int n = clamp((int)(centre + reach + 0.5), 0, in) - lo;
		for (int k = 0; k < n; k++) {
			double d = (k + lo - centre + 0.5) * (1 / reach);
			w[k] = fabs(d) < 1 ? 1 - fabs(d) : 0;
			sum += w[k];
		}
		f->first[i] = lo;
		f->n[i] = n;
		for (int k = 0; k < n; k++)
			f->weight[(size_t)i * (size_t)f->most + (size_t)k] =
				(int32_t)(0.5 + w[k] / sum * (1 << FIXED));
	}
	free(w);
}

static void
filter_release(struct filter *f)
{
	free(f->first);
	free(f->n);
	free(f->weight);
}

/* n outputs of a row or column: source pixels step apart. */
static void
filter_line(uint8_t *dst, size_t dst_step, const uint8_t *src, size_t step,
	const struct filter *f, int n)
{
	for (int i = 0; i < n; i++, dst += dst_step) {
		const int32_t *w = f->weight + (size_t)i * (size_t)f->most;
		const uint8_t *s = src + (size_t)f->first[i] * step;
		int32_t sum = 1 << (FIXED - 1);
		for (int k = 0; k < f->n[i]; k++)
			sum += w[k] * s[(size_t)k * step];
		*dst = (uint8_t)clamp(sum >> FIXED, 0, 255);
	}
}

/* The rows of the source that h rows of output are made of. */
static int
rows_for(int *top, const struct filter *fy, int h)
{
	*top = fy->first[0];
	return fy->first[h - 1] + fy->n[h - 1] - *top;
}

/* The h x w pixels that the filters make of a plane whose rows are row bytes
 * apart; rows has room for those that they are made of, w pixels each. */
struct scaler {
	int h, w;
	struct filter y, x;
	size_t row;
	uint8_t *rows;
};

static void
scale_plane(uint8_t *dst, const uint8_t *src, const struct scaler *s)
{
	const struct filter *fy = &s->y;
	uint8_t *rows = s->rows;
	size_t n = (size_t)s->w;
	int h = s->h, w = s->w, top, count = rows_for(&top, fy, h);

	for (int y = 0; y < count; y++)
		filter_line(rows + (size_t)y * n, 1,
			src + (size_t)(top + y) * s->row, 1, &s->x, w);
	for (int y = 0; y < h; y++) {
		const int32_t *weight =
			fy->weight + (size_t)y * (size_t)fy->most;
		const uint8_t *p = rows + (size_t)(fy->first[y] - top) * n;
		for (int x = 0; x < w; x++) {
			int32_t sum = 1 << (FIXED - 1);
			for (int k = 0; k < fy->n[y]; k++)
				sum += weight[k] * p[(size_t)k * n + (size_t)x];
			*dst++ = (uint8_t)clamp(sum >> FIXED, 0, 255);
		}
	}
}

/* All planes of from, beginning with the pixel at offset; the filters are
 * released. */
static void
scale_planes(struct lt_image *to, const struct lt_image *from, size_t offset,
	struct scaler *s)
{
	size_t plane = (size_t)from->h * (size_t)from->w;
	int top, count = rows_for(&top, &s->y, to->h);

	s->h = to->h;
	s->w = to->w;
	s->row = (size_t)from->w;
	s->rows = lt_alloc_scratch((size_t)count * (size_t)to->w, 1);
	for (int i = 0; i < to->c; i++)
		scale_plane(to->px + (size_t)i * (size_t)to->h * (size_t)to->w,
			from->px + offset + (size_t)i * plane, s);
	free(s->rows);
	filter_release(&s->x);
	filter_release(&s->y);
}

void
lt_image_scale(struct lt_image *to, const struct lt_image *from,
	const struct lt_box *box)
{
	struct scaler s;

	triangle(&s.x, box->w, to->w, 0, to->w);
	triangle(&s.y, box->h, to->h, 0, to->h);
	scale_planes(to, from,
		(size_t)box->y * (size_t)from->w + (size_t)box->x, &s);
}

/* An image of the same planes, h x w. */
static struct lt_image
blank(const struct lt_image *im, int h, int w)
{
	size_t n = (size_t)im->c * (size_t)h * (size_t)w;

	return (struct lt_image){im->c, h, w, lt_alloc_scratch(n, 1), im->odd};
}

void
lt_image_squeeze(struct lt_image *im, int h, int w)
{
	const struct lt_box all = {0, 0, im->h, im->w};

	if (im->h == h && im->w == w)
		return;
	struct lt_image to = blank(im, h, w);
	lt_image_scale(&to, im, &all);
	free(im->px);
	*im = to;
}

/* n / 2, halves to the even neighbour. */
static int
half(int n)
{
	return n / 2 + (n % 4 == 3);
}

void
lt_image_fit(struct lt_image *im, int resize, int h, int w)
{
	int side = im->h < im->w ? im->h : im->w;
	int sh = (int)((int64_t)resize * im->h / side);
	int sw = (int)((int64_t)resize * im->w / side);
	struct scaler s;

	if (im->h == h && im->w == w && resize == side)
		return;
	LT_BUG_ON(h > sh || w > sw);
	triangle(&s.x, im->w, sw, half(sw - w), w);
	triangle(&s.y, im->h, sh, half(sh - h), h);
	struct lt_image to = blank(im, h, w);
	scale_planes(&to, im, 0, &s);
	free(im->px);
	*im = to;
}
