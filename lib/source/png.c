#include "source/png.h"

#include <inttypes.h>
#include <png.h>
#include <setjmp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/out.h"

#define CHUNK_MAX ((png_alloc_size_t)8 << 20)

/* ------------------------------------------------------------- reading -- */

static uint32_t
be32(const unsigned char *p)
{
	return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 |
	       (uint32_t)p[2] << 8 | p[3];
}

static const unsigned char mark[16] = {0x89, 'P', 'N', 'G', '\r', '\n', 0x1a,
	'\n', 0, 0, 0, 13, 'I', 'H', 'D', 'R'};

bool
lt_png_is(const unsigned char *p, size_t n)
{
	return n >= 8 && memcmp(p, mark, 8) == 0;
}

/* The 33 bytes of signature and IHDR. */
int
lt_png_head(struct lt_image *im, const unsigned char *p, size_t n,
	const char *path, struct lt_err *err)
{
	*im = (struct lt_image){0};
	if (n < 33 || memcmp(p, mark, sizeof(mark)) != 0)
		return lt_fail(err, LT_EDATA,
			"%s: damaged PNG: it has no header", path);
	uint32_t width = be32(p + 16), height = be32(p + 20);
	if (lt_image_limits(path, height, width, err) < 0)
		return -1;
	im->h = (int)height;
	im->w = (int)width;
	im->c = p[25] == PNG_COLOR_TYPE_GRAY ||
				p[25] == PNG_COLOR_TYPE_GRAY_ALPHA
			? 1
			: 3;
	return 0;
}

/* The chunk that ends every PNG. */
static const unsigned char iend[12] = {
	0, 0, 0, 0, 'I', 'E', 'N', 'D', 0xae, 0x42, 0x60, 0x82};

struct decoder {
	const unsigned char *p;
	size_t n;  /* bytes of whole chunks, IEND included where it is there */
	size_t at; /* bytes that libpng has read, iend counting as p[n..] */
	size_t idat; /* bytes of compressed pixels */
	png_structp png;
	png_infop info;
	char why[128];
	uint8_t *row; /* [w][c] or, interlaced, [h][w][c] */
	png_bytep *rows;
};

static void
on_error(png_structp png, png_const_charp why)
{
	struct decoder *d = png_get_error_ptr(png);
	snprintf(d->why, sizeof(d->why), "%s", why);
	longjmp(png_jmpbuf(png), 1);
}

/* libpng only warns if compressed pixels are damaged in a way that it can skip,
 * or if there are more than the header says.  Its other warnings do not concern
 * pixels. */
static void
on_warning(png_structp png, png_const_charp why)
{
	if (strncmp(why, "IDAT", 4) == 0)
		on_error(png, why);
}

/* A file without IEND gets one. */
static void
on_read(png_structp png, png_bytep to, size_t n)
{
	struct decoder *d = png_get_io_ptr(png);

	while (n) {
		bool own = d->at < d->n;
		size_t left = d->n + (own ? 0 : sizeof(iend)) - d->at;
		size_t k = n < left ? n : left;
		if (!k)
			png_error(png, "truncated");
		memcpy(to, own ? d->p + d->at : iend + (d->at - d->n), k);
		d->at += k;
		to += k;
		n -= k;
	}
}

static bool
is_letter(unsigned char c)
{
	return (c | 32) >= 'a' && (c | 32) <= 'z';
}

/* Deflate makes at most 1032 bytes from each byte, so n bytes may be too few
 * for the image that the header p describes. */
static bool
could_hold(const struct lt_image *im, const unsigned char *p, size_t n)
{
	uint64_t bits =
		(uint64_t)im->w * p[24] * (p[25] == PNG_COLOR_TYPE_RGB ? 3 : 1);
	return (bits + 7) / 8 * (uint64_t)im->h <= 1032 * (uint64_t)n;
}

/* A file that stops after its last whole chunk or within IEND can be read, if
 * it has the pixels. */
static int
check_rest(const struct decoder *d, const struct lt_image *im,
	const unsigned char *p, size_t n, const char *path, struct lt_err *err)
{
	if (!could_hold(im, p, d->idat))
		return lt_fail(err, LT_EDATA,
			"%s: truncated: %zu compressed bytes cannot hold an "
			"image of %dx%d",
			path, d->idat, im->h, im->w);
	if (im->odd != 1u << LT_ODD_NO_END)
		return 0;
	if (d->idat && memcmp(p + d->n, iend, n - d->n) == 0)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: damaged PNG: truncated: expected a chunk at byte %zu, "
		"found %zu bytes",
		path, d->n, n - d->n);
}

/* Finds where the chunks end.  No chunk is longer than the file, so that none
 * makes libpng take more memory than the file has bytes.  IEND is optional, as
 * in other readers (Pillow), and so is that nothing follows it. */
static int
walk(struct decoder *d, struct lt_image *im, const unsigned char *p, size_t n,
	const char *path, struct lt_err *err)
{
	bool ended = false;

	for (d->n = 8; !ended && n - d->n >= 12;) {
		const unsigned char *chunk = p + d->n;
		size_t size = be32(chunk), left = n - d->n - 12;
		for (int i = 4; i < 8; i++)
			if (!is_letter(chunk[i]))
				return lt_fail(err, LT_EDATA,
					"%s: damaged PNG: no chunk at byte %zu",
					path, d->n);
		if (size > left)
			return lt_fail(err, LT_EDATA,
				"%s: damaged PNG: truncated: chunk '%.4s' at "
				"byte %zu claims %zu bytes, found %zu",
				path, (const char *)chunk + 4, d->n, size,
				left);
		if (memcmp(chunk + 4, "IDAT", 4) == 0)
			d->idat += size;
		ended = memcmp(chunk + 4, "IEND", 4) == 0;
		d->n += size + 12;
	}
	if (!ended)
		im->odd |= 1u << LT_ODD_NO_END;
	else if (d->n < n)
		im->odd |= 1u << LT_ODD_MORE;
	return check_rest(d, im, p, n, path, err);
}

/* Eight bits a channel, grey or RGB. */
static int
set_form(struct decoder *d)
{
	png_structp png = d->png;
	int type = png_get_color_type(png, d->info);
	if (type == PNG_COLOR_TYPE_PALETTE)
		png_set_palette_to_rgb(png);
	if (type == PNG_COLOR_TYPE_GRAY && png_get_bit_depth(png, d->info) < 8)
		png_set_expand_gray_1_2_4_to_8(png);
	png_set_scale_16(png);
	png_set_strip_alpha(png);
	return png_set_interlace_handling(png);
}

/* The part that libpng may leave by longjmp; all that it owns is in *d and *im.
 */
static bool
decode(struct decoder *d, struct lt_image *im)
{
	if (setjmp(png_jmpbuf(d->png)))
		return false;
	png_set_user_limits(d->png, LT_SIDE_MAX, LT_SIDE_MAX);
	png_set_chunk_cache_max(d->png, 64);
	png_set_chunk_malloc_max(d->png, CHUNK_MAX);
	/* Only pixels and palettes are needed here. */
	png_set_keep_unknown_chunks(d->png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
	png_set_crc_action(d->png, PNG_CRC_ERROR_QUIT, PNG_CRC_ERROR_QUIT);
	png_set_read_fn(d->png, d, on_read);
	png_read_info(d->png, d->info);
	int passes = set_form(d);
	png_read_update_info(d->png, d->info);
	size_t stride = png_get_rowbytes(d->png, d->info);
	if (stride != (size_t)im->w * (size_t)im->c)
		png_error(d->png, "unexpected row size");
	im->px = lt_alloc((size_t)im->h, stride);
	d->row = lt_alloc(passes > 1 ? (size_t)im->h : 1, stride);
	for (int pass = 0; pass < passes; pass++)
		for (int y = 0; y < im->h; y++) {
			uint8_t *row = d->row;
			if (passes > 1)
				row += (size_t)y * stride;
			png_read_row(d->png, row, NULL);
			if (pass == passes - 1)
				lt_image_row(im, row, y);
		}
	png_read_end(d->png, NULL);
	return true;
}

int
lt_png_decode(struct lt_image *im, const unsigned char *p, size_t n,
	const char *path, struct lt_err *err)
{
	struct decoder d = {.p = p};
	if (lt_png_head(im, p, n, path, err) < 0 ||
		walk(&d, im, p, n, path, err) < 0)
		return -1;
	d.png = png_create_read_struct(
		PNG_LIBPNG_VER_STRING, &d, on_error, on_warning);
	d.info = d.png ? png_create_info_struct(d.png) : NULL;
	bool ok = d.info && decode(&d, im);
	png_destroy_read_struct(&d.png, &d.info, NULL);
	free(d.row);
	if (ok)
		return 0;
	lt_image_release(im);
	return lt_fail(err, LT_EDATA, "%s: damaged PNG: %s", path, d.why);
}

/* ------------------------------------------------------------- writing -- */

static void
on_write(png_structp png, png_bytep p, size_t n)
{
	lt_out_write(png_get_io_ptr(png), p, n);
}

static void
on_flush(png_structp png)
{
	(void)png;
}

static bool
encode(struct decoder *d, struct lt_out *o, const uint8_t *px, int c, int h,
	int w)
{
	if (setjmp(png_jmpbuf(d->png)))
		return false;
	png_set_write_fn(d->png, o, on_write, on_flush);
	png_set_compression_level(d->png, 6);
	png_set_filter(d->png, 0, PNG_FILTER_SUB);
	png_set_IHDR(d->png, d->info, (png_uint_32)w, (png_uint_32)h, 8,
		c == 1 ? PNG_COLOR_TYPE_GRAY : PNG_COLOR_TYPE_RGB,
		PNG_INTERLACE_NONE, PNG_COMPRESSION_TYPE_DEFAULT,
		PNG_FILTER_TYPE_DEFAULT);
	png_write_info(d->png, d->info);
	for (int y = 0; y < h; y++)
		png_write_row(d->png, px + (size_t)y * (size_t)w * (size_t)c);
	png_write_end(d->png, NULL);
	return true;
}

int
lt_png_write(const char *path, const uint8_t *px, int c, int h, int w,
	struct lt_err *err)
{
	struct decoder d = {0};
	LT_BUG_ON((c != 1 && c != 3) || h < 1 || w < 1);
	struct lt_out *o = lt_out_open_binary(path, "PNG", err);
	if (!o)
		return -1;
	d.png = png_create_write_struct(
		PNG_LIBPNG_VER_STRING, &d, on_error, on_warning);
	d.info = d.png ? png_create_info_struct(d.png) : NULL;
	bool ok = d.info && encode(&d, o, px, c, h, w);
	png_destroy_write_struct(&d.png, &d.info);
	if (ok)
		return lt_out_commit(o, err);
	lt_out_abandon(o);
	return lt_fail(
		err, LT_EBUG, "%s: cannot make a PNG image: %s", path, d.why);
}
