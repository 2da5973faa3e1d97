#include "source/sheet.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "file/column.h"
#include "source/digits.h"
#include "source/png.h"

#define SIDE_MAX 65535
#define BYTES_MAX ((uint64_t)1 << 30)
#define GREY 192

struct sheet {
	const struct lt_dataset *d;
	const struct lt_index *ix;
	const double *value; /* [ix->n], or NULL */
	uint8_t *px;	     /* [h][w][c] */
	int c;
	uint64_t h, w;
	uint64_t across;	 /* cells in a row */
	uint64_t cell_h, cell_w; /* with the gap after it */
	uint64_t gap, scale;
	uint64_t font; /* a digit's pixel is font x font */
};

/* ---- what is shown ------------------------------------------------------- */

static int
read_list(struct lt_index *ix, const struct lt_dataset *d, const char *path,
	struct lt_err *err)
{
	if (!path) {
		lt_index_all(ix, d->n);
		return 0;
	}
	if (lt_index_read_order(ix, path, err) < 0)
		return -1;
	return lt_index_check(ix, path, d->n, d->path, err);
}

/* shown->value stays NULL without captions. */
static int
choose(struct lt_column *shown, const struct lt_dataset *d,
	const struct lt_sheet *how, struct lt_err *err)
{
	struct lt_index ix = {0};
	int r = read_list(&ix, d, how->list, err);
	if (r == 0 && how->table) {
		r = lt_column_read(shown, how->table, how->column, err);
		if (r == 0)
			r = lt_column_restrict(shown, &ix, err);
		if (r == 0 && how->sort)
			lt_column_sort(shown);
		lt_index_release(&ix);
	} else {
		shown->index = ix;
	}
	if (shown->index.n > how->limit)
		shown->index.n = how->limit;
	if (r == 0 && !shown->index.n)
		return lt_fail(err, LT_EDATA,
			"no sample to show, expected at least one");
	return r;
}

/* ---- where it is --------------------------------------------------------- */

/* Pixels from the left of the first letter to the right of the last. */
static uint64_t
text_width(const char *text, uint64_t font)
{
	return (strlen(text) * (LT_DIGIT_W + 1) - 1) * font;
}

/* Room for the widest caption; 56 pixels take as many digits of single pixels
 * as are read with ease. */
static void
make_room(struct sheet *s)
{
	s->font = s->scale * (s->d->w < 56 ? 1 : (uint64_t)s->d->w / 56);
	s->gap = 3 * s->scale;
	for (size_t i = 0; i < s->ix->n; i++) {
		char buf[LT_DIGITS_TEXT];
		uint64_t w =
			text_width(lt_digits_text(buf, s->value[i]), s->font);
		if (s->cell_w < w)
			s->cell_w = w;
	}
	s->cell_h += (LT_DIGIT_H + 1) * s->font;
}

/* Factors are below 2^50, but for the number of rows. */
static int
lay_out(struct sheet *s, int columns, struct lt_err *err)
{
	uint64_t n = s->ix->n, down, bytes;
	s->across = n < (uint64_t)columns ? n : (uint64_t)columns;
	down = (n + s->across - 1) / s->across;
	s->cell_h = (uint64_t)s->d->h * s->scale;
	s->cell_w = (uint64_t)s->d->w * s->scale;
	s->gap = 1;
	if (s->value)
		make_room(s);
	s->cell_h += s->gap;
	s->cell_w += s->gap;
	if (lt_mul(&s->h, down, s->cell_h) &&
		lt_mul(&s->w, s->across, s->cell_w) &&
		lt_add(&s->h, s->h, s->gap) && lt_add(&s->w, s->w, s->gap) &&
		s->h <= SIDE_MAX && s->w <= SIDE_MAX &&
		lt_mul(&bytes, s->h * s->w, (uint64_t)s->c) &&
		bytes <= BYTES_MAX)
		return 0;
	return lt_fail(err, LT_EUSAGE,
		"the sheet would be over %d pixels a side: show fewer "
		"samples, more columns or a smaller scale",
		SIDE_MAX);
}

/* ---- drawing ------------------------------------------------------------- */

/* One image [c][h][w] with its corner at (top, left). */
static void
draw_image(struct sheet *s, const uint8_t *image, uint64_t top, uint64_t left)
{
	const struct lt_dataset *d = s->d;
	size_t plane = (size_t)d->h * (size_t)d->w;
	uint64_t k = s->scale;
	for (uint64_t y = 0; y < (uint64_t)d->h * k; y++) {
		uint8_t *to =
			s->px + ((top + y) * s->w + left) * (uint64_t)s->c;
		const uint8_t *row = image + y / k * (uint64_t)d->w;
		for (uint64_t x = 0; x < (uint64_t)d->w * k; x++)
			for (int c = 0; c < s->c; c++)
				*to++ = row[(size_t)c * plane + x / k];
	}
}

static void
draw_letter(struct sheet *s, char letter, uint64_t top, uint64_t left)
{
	uint64_t k = s->font;
	for (uint64_t y = 0; y < LT_DIGIT_H * k; y++)
		for (uint64_t x = 0; x < LT_DIGIT_W * k; x++)
			if (lt_digit_ink(letter, (int)(x / k), (int)(y / k)))
				memset(s->px + ((top + y) * s->w + left + x) *
							(uint64_t)s->c,
					0, (size_t)s->c);
}

/* The i-th sample in its cell, in the middle where its number is wider. */
static void
draw_cell(struct sheet *s, size_t i, const uint8_t *image)
{
	uint64_t top = s->gap + i / s->across * s->cell_h;
	uint64_t left = s->gap + i % s->across * s->cell_w;
	uint64_t inner = s->cell_w - s->gap, w = (uint64_t)s->d->w * s->scale;
	draw_image(s, image, top, left + (inner - w) / 2);
	if (!s->value)
		return;
	char buf[LT_DIGITS_TEXT];
	const char *text = lt_digits_text(buf, s->value[i]);
	top += (uint64_t)s->d->h * s->scale + s->font;
	left += (inner - text_width(text, s->font)) / 2;
	for (; *text; text++, left += (LT_DIGIT_W + 1) * s->font)
		draw_letter(s, *text, top, left);
}

static int
draw(struct sheet *s, const char *path, struct lt_err *err)
{
	size_t size = s->h * s->w * (uint64_t)s->c;
	uint8_t *image = lt_alloc(s->d->img_size, 1);
	int r = 0;
	s->px = lt_alloc(size, 1);
	memset(s->px, s->value ? GREY : 255, size);
	for (size_t i = 0; r == 0 && i < s->ix->n; i++) {
		r = lt_dataset_image(s->d, s->ix->v[i], image, err);
		if (r == 0)
			draw_cell(s, i, image);
	}
	if (r == 0)
		r = lt_png_write(path, s->px, s->c, (int)s->h, (int)s->w, err);
	free(s->px);
	free(image);
	return r;
}

int
lt_sheet_write(const char *path, const struct lt_dataset *d,
	const struct lt_sheet *how, struct lt_err *err)
{
	struct lt_column shown = {0};
	LT_BUG_ON(how->columns < 1 || how->scale < 1);
	int r = choose(&shown, d, how, err);
	struct sheet s = {.d = d,
		.ix = &shown.index,
		.value = shown.value,
		.c = d->c == 3 ? 3 : 1,
		.scale = (uint64_t)how->scale};
	if (r == 0)
		r = lay_out(&s, how->columns, err);
	if (r == 0)
		r = draw(&s, path, err);
	lt_column_release(&shown);
	return r;
}
