#include "source/jpeg.h"

#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* These need FILE. */
#include <jpeglib.h>
#include <jerror.h>
#include "base/mem.h"

/* A progressive file usually has about ten scans.  Each scan visits all
 * coefficients of the image, however few bytes it has.  So the limit of scans
 * falls with the size of the image, to 32 at the largest size. */
#define SCANS 200
#define SCANNED ((uint64_t)LT_AREA_MAX * 32) /* pixels times scans */
/* A bit cannot stand for more than one block of coefficients. */
#define PIXELS_A_BYTE (8 * DCTSIZE2)

/* The part that libjpeg may leave by longjmp; all that it owns is in it and in
 * the image. */
struct decoder {
	struct jpeg_decompress_struct j;
	struct jpeg_error_mgr on;
	struct jpeg_progress_mgr progress;
	struct jpeg_source_mgr from;
	jmp_buf out;
	char why[JMSG_LENGTH_MAX];
	bool cut;  /* it wanted more bytes than there are */
	bool inks; /* CMYK or YCCK */
	uint8_t *row;
};

static void
give_up(j_common_ptr j)
{
	struct decoder *d = j->client_data;

	(*j->err->format_message)(j, d->why);
	longjmp(d->out, 1);
}

/* Warnings count as damage, except those about superfluous bytes. */
static void
on_message(j_common_ptr j, int level)
{
	if (level < 0 && j->err->msg_code != JWRN_EXTRANEOUS_DATA)
		give_up(j);
}

static void
on_progress(j_common_ptr j)
{
	struct decoder *d = j->client_data;

	uint64_t pixels = (uint64_t)d->j.image_height * d->j.image_width;
	uint64_t most = SCANNED / pixels < SCANS ? SCANNED / pixels : SCANS;

	if ((uint64_t)d->j.input_scan_number <= most)
		return;
	snprintf(d->why, sizeof d->why, "more than %d scans", (int)most);
	longjmp(d->out, 1);
}

static void
nothing(j_decompress_ptr j)
{
	(void)j;
}

static boolean
no_more(j_decompress_ptr j)
{
	struct decoder *d = j->client_data;

	d->cut = true;
	snprintf(d->why, sizeof d->why, "truncated");
	longjmp(d->out, 1);
}

static void
skip(j_decompress_ptr j, long n)
{
	if (n > 0 && (size_t)n > j->src->bytes_in_buffer)
		no_more(j);
	if (n > 0) {
		j->src->next_input_byte += n;
		j->src->bytes_in_buffer -= (size_t)n;
	}
}

static void
begin(struct decoder *d, const unsigned char *p, size_t n)
{
	d->j.err = jpeg_std_error(&d->on);
	d->on.error_exit = give_up;
	d->on.emit_message = on_message;
	d->j.client_data = d;
	d->from = (struct jpeg_source_mgr){
		p, n, nothing, no_more, skip, jpeg_resync_to_restart, nothing};
	d->progress.progress_monitor = on_progress;
}

/* Take size and colours of the image; -1 if they are not supported. */
static int
look(struct decoder *d, struct lt_image *im, const char *path,
	struct lt_err *err)
{
	jpeg_create_decompress(&d->j);
	d->j.client_data = d; /* which creating has cleared */
	d->j.src = &d->from;
	d->j.progress = &d->progress;
	jpeg_read_header(&d->j, TRUE);
	if (lt_image_limits(path, d->j.image_height, d->j.image_width, err) < 0)
		return -1;
	im->c = d->j.jpeg_color_space == JCS_GRAYSCALE ? 1 : 3;
	im->h = (int)d->j.image_height;
	im->w = (int)d->j.image_width;
	d->inks = d->j.jpeg_color_space == JCS_CMYK ||
		  d->j.jpeg_color_space == JCS_YCCK;
	im->odd = d->inks ? 1u << LT_ODD_INKS : 0;
	if (im->c == 1 || d->j.jpeg_color_space == JCS_YCbCr ||
		d->j.jpeg_color_space == JCS_RGB || d->inks)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: the colour space of the JPEG is unknown, expected grey, "
		"RGB or CMYK",
		path);
}

/* w pixels of four inks become as many of RGB, in place, by Pillow's formula
 * for Adobe's files, in which 255 is no ink: with K of black, X becomes
 * K - (255 - X) K / 255, rounded. */
static void
ink_row(uint8_t *row, int w)
{
	const uint8_t *from = row;

	for (int x = 0; x < w; x++, from += 4) {
		unsigned k = from[3];
		for (int c = 0; c < 3; c++) {
			unsigned v = (255u - from[c]) * k + 128;
			*row++ = (uint8_t)(k - ((v + (v >> 8)) >> 8));
		}
	}
}

static void
decode(struct decoder *d, struct lt_image *im)
{
	d->j.out_color_space = im->c == 1 ? JCS_GRAYSCALE
			       : d->inks  ? JCS_CMYK
					  : JCS_RGB;
	d->j.dct_method = JDCT_ISLOW; /* in integers, everywhere the same */
	jpeg_start_decompress(&d->j);
	im->px = lt_alloc_scratch((size_t)im->c * (size_t)im->h, (size_t)im->w);
	d->row = lt_alloc((size_t)im->w, d->inks ? 4 : (size_t)im->c);
	for (int y = 0; y < im->h; y++) {
		JSAMPROW row = d->row;
		jpeg_read_scanlines(&d->j, &row, 1);
		if (d->inks)
			ink_row(row, im->w);
		lt_image_row(im, d->row, y);
	}
	jpeg_finish_decompress(&d->j);
}

bool
lt_jpeg_is(const unsigned char *p, size_t n)
{
	return n >= 3 && p[0] == 0xff && p[1] == 0xd8 && p[2] == 0xff;
}

static int
damaged(const struct decoder *d, const char *path, struct lt_err *err)
{
	return lt_fail(err, LT_EDATA, "%s: damaged JPEG: %s", path, d->why);
}

int
lt_jpeg_decode(struct lt_image *im, const unsigned char *p, size_t n,
	const char *path, struct lt_err *err)
{
	struct decoder d = {0};
	volatile int r;

	*im = (struct lt_image){0};
	begin(&d, p, n);
	if (setjmp(d.out)) {
		r = damaged(&d, path, err);
	} else {
		r = look(&d, im, path, err);
		if (r == 0 && (uint64_t)im->h * (uint64_t)im->w >
				      (uint64_t)n * PIXELS_A_BYTE)
			r = lt_fail(err, LT_EDATA,
				"%s: truncated: %zu bytes cannot hold an image "
				"of %dx%d",
				path, n, im->h, im->w);
		else if (r == 0)
			decode(&d, im);
	}
	jpeg_destroy_decompress(&d.j);
	free(d.row);
	if (r < 0)
		lt_image_release(im);
	return r;
}

int
lt_jpeg_head(struct lt_image *im, const unsigned char *p, size_t n,
	const char *path, struct lt_err *err)
{
	struct decoder d = {0};
	volatile int r;

	*im = (struct lt_image){0};
	begin(&d, p, n);
	if (setjmp(d.out))
		r = d.cut ? 1 : damaged(&d, path, err);
	else
		r = look(&d, im, path, err);
	jpeg_destroy_decompress(&d.j);
	return r;
}
