#include "file/sheet.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "file/png.h"

#define SIDE_MAX 65535
#define BYTES_MAX ((uint64_t)1 << 30)

struct sheet {
	uint8_t *px; /* [h][w][c] */
	int c;
	uint64_t h, w;
	int scale;
};

/* One image [c][h][w] with its corner at (top, left). */
static void
place(struct sheet *s, const struct lt_dataset *d, const uint8_t *image,
	uint64_t top, uint64_t left)
{
	size_t plane = (size_t)d->h * (size_t)d->w;
	uint64_t k = (uint64_t)s->scale;
	for (uint64_t y = 0; y < (uint64_t)d->h * k; y++) {
		uint8_t *to =
			s->px + ((top + y) * s->w + left) * (uint64_t)s->c;
		const uint8_t *row = image + y / k * (uint64_t)d->w;
		for (uint64_t x = 0; x < (uint64_t)d->w * k; x++)
			for (int c = 0; c < s->c; c++)
				*to++ = row[(size_t)c * plane + x / k];
	}
}

static int
fill(struct sheet *s, const struct lt_dataset *d, const struct lt_index *ix,
	uint64_t columns, struct lt_err *err)
{
	uint8_t *image = lt_alloc(d->img_size, 1);
	uint64_t k = (uint64_t)s->scale;
	int r = 0;
	for (size_t i = 0; r == 0 && i < ix->n; i++) {
		r = lt_dataset_image(d, ix->v[i], image, err);
		if (r == 0)
			place(s, d, image,
				1 + i / columns * ((uint64_t)d->h * k + 1),
				1 + i % columns * ((uint64_t)d->w * k + 1));
	}
	free(image);
	return r;
}

int
lt_sheet_write(const char *path, const struct lt_dataset *d,
	const struct lt_index *ix, int columns, int scale, struct lt_err *err)
{
	struct sheet s = {.c = d->c == 3 ? 3 : 1, .scale = scale};
	LT_BUG_ON(columns < 1 || scale < 1);
	if (!ix->n)
		return lt_fail(err, LT_EDATA,
			"no sample to show, expected at least one");
	uint64_t across = ix->n < (uint64_t)columns ? ix->n : (uint64_t)columns;
	uint64_t down = (ix->n + across - 1) / across, bytes;
	/* Neither factor reaches 2^32, so these do not wrap. */
	uint64_t tile_h = (uint64_t)d->h * (uint64_t)scale + 1;
	uint64_t tile_w = (uint64_t)d->w * (uint64_t)scale + 1;
	if (!lt_mul(&s.h, down, tile_h) || !lt_mul(&s.w, across, tile_w) ||
		++s.h > SIDE_MAX || ++s.w > SIDE_MAX ||
		!lt_mul(&bytes, s.h * s.w, (uint64_t)s.c) || bytes > BYTES_MAX)
		return lt_fail(err, LT_EUSAGE,
			"the sheet would be over %d pixels a side: show fewer "
			"samples, more columns or a smaller scale",
			SIDE_MAX);
	s.px = lt_alloc(bytes, 1);
	memset(s.px, 255, bytes);
	int r = fill(&s, d, ix, across, err);
	if (r == 0)
		r = lt_png_write(path, s.px, s.c, (int)s.h, (int)s.w, err);
	free(s.px);
	return r;
}
