#include "file/image.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/in.h"
#include "base/mem.h"
#include "file/jpeg.h"
#include "file/png.h"

void
lt_image_release(struct lt_image *im)
{
	free(im->px);
	*im = (struct lt_image){0};
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

int
lt_image_read(struct lt_image *im, const char *path, struct lt_err *err)
{
	char *data;
	size_t n;
	int r;

	*im = (struct lt_image){0};
	if (lt_in_whole(path, LT_PICTURE_FILE, &data, &n, err) < 0)
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

/* Where a JPEG's header usually ends, profiles and thumbnails before it. */
#define HEAD 65536

/* The header in p, n bytes of a file that goes on if more: 1 when it does not
 * end there. */
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

static int
head_of_all(struct lt_image *im, const char *path, struct lt_err *err)
{
	char *data;
	size_t n;

	if (lt_in_whole(path, LT_PICTURE_FILE, &data, &n, err) < 0)
		return -1;
	int r = head(im, (const unsigned char *)data, n, path, err);
	free(data);
	return r > 0 ? lt_fail(err, LT_EDATA, "%s: truncated in its header",
			       path)
		     : r;
}

int
lt_image_size(const char *path, int *c, int *h, int *w, struct lt_err *err)
{
	struct lt_image im = {0};
	size_t got;
	struct lt_in *in = lt_in_open(path, err);

	if (!in)
		return -1;
	unsigned char *p = lt_alloc_scratch(HEAD, 1);
	int r = lt_in_read(in, p, HEAD, &got, err);
	lt_in_close(in);
	if (r == 0)
		r = head(&im, p, got, path, err);
	free(p);
	if (r > 0)
		r = head_of_all(&im, path, err);
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
	int out, most;
	int *first, *n;
	int32_t *weight;
};

static int
clamp(int x, int lo, int hi)
{
	return x < lo ? lo : x > hi ? hi : x;
}

/* A triangle of so many source pixels to each side of its centre. */
static void
triangle(struct filter *f, int in, int out)
{
	double scale = (double)in / out, reach = scale > 1 ? scale : 1;
	double *w = lt_alloc((size_t)ceil(reach) * 2 + 1, sizeof *w);

	f->out = out;
	f->most = (int)ceil(reach) * 2 + 1;
	f->first = lt_alloc((size_t)out, sizeof *f->first);
	f->n = lt_alloc((size_t)out, sizeof *f->n);
	f->weight = lt_alloc((size_t)out * (size_t)f->most, sizeof *f->weight);
	for (int i = 0; i < out; i++) {
		double centre = (i + 0.5) * scale, sum = 0;
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

/* One row or column: source pixels step apart. */
static void
filter_line(uint8_t *dst, size_t dst_step, const uint8_t *src, size_t step,
	const struct filter *f, int from, int to)
{
	for (int i = from; i < to; i++, dst += dst_step) {
		const int32_t *w = f->weight + (size_t)i * (size_t)f->most;
		const uint8_t *s = src + (size_t)f->first[i] * step;
		int32_t sum = 1 << (FIXED - 1);
		for (int k = 0; k < f->n[i]; k++)
			sum += w[k] * s[(size_t)k * step];
		*dst = (uint8_t)clamp(sum >> FIXED, 0, 255);
	}
}

/* Rows y0 .. y0 + h - 1 and columns x0 .. x0 + w - 1 of what the filters make
 * of a plane. */
static void
scale_plane(uint8_t *dst, int h, int w, const uint8_t *src, size_t row,
	const struct filter *fy, int y0, const struct filter *fx, int x0,
	uint8_t *rows)
{
	int top = fy->first[y0];
	int end = fy->first[y0 + h - 1] + fy->n[y0 + h - 1];

	for (int y = top; y < end; y++)
		filter_line(rows + (size_t)y * (size_t)w, 1,
			src + (size_t)y * row, 1, fx, x0, x0 + w);
	for (int x = 0; x < w; x++)
		filter_line(dst + x, (size_t)w, rows + x, (size_t)w, fy, y0,
			y0 + h);
}

void
lt_image_scale(uint8_t *dst, int c, int h, int w, const uint8_t *src, int sh,
	int sw, const struct lt_box *box)
{
	struct filter fy, fx;
	uint8_t *rows = lt_alloc_scratch((size_t)box->h * (size_t)w, 1);

	triangle(&fx, box->w, w);
	triangle(&fy, box->h, h);
	src += (size_t)box->y * (size_t)sw + (size_t)box->x;
	for (int i = 0; i < c; i++, src += (size_t)sh * (size_t)sw)
		scale_plane(dst + (size_t)i * (size_t)h * (size_t)w, h, w, src,
			(size_t)sw, &fy, 0, &fx, 0, rows);
	free(rows);
	filter_release(&fx);
	filter_release(&fy);
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
	int y0 = half(sh - h), x0 = half(sw - w);
	struct filter fx, fy;

	if (im->h == h && im->w == w && resize == side)
		return;
	LT_BUG_ON(h > sh || w > sw);
	triangle(&fx, im->w, sw);
	triangle(&fy, im->h, sh);
	size_t source = (size_t)im->h * (size_t)im->w;
	size_t plane = (size_t)h * (size_t)w;
	uint8_t *px = lt_alloc_scratch((size_t)im->c * plane, 1);
	uint8_t *rows = lt_alloc_scratch((size_t)im->h * (size_t)w, 1);
	for (int c = 0; c < im->c; c++)
		scale_plane(px + (size_t)c * plane, h, w,
			im->px + (size_t)c * source, (size_t)im->w, &fy, y0,
			&fx, x0, rows);
	free(rows);
	free(im->px);
	filter_release(&fx);
	filter_release(&fy);
	*im = (struct lt_image){im->c, h, w, px};
}
