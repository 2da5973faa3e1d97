#include "source/picture.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/out.h"
#include "source/png.h"

/* A layer by the name of its tensor, parameter or node. */
static const struct lt_st_tensor *
find_layer(const struct lt_st *st, const char *layer)
{
	static const char *const ends[] = {
		"", "_mask", ".weight", ".weight_mask"};
	const struct lt_st_tensor *t = NULL;
	for (size_t i = 0; !t && i < sizeof(ends) / sizeof(*ends); i++) {
		char *name = lt_asprintf("%s%s", layer, ends[i]);
		t = lt_st_find(st, name);
		free(name);
	}
	return t;
}

/* Pixels [h][w] in grey, the caller's. */
static int
paint(uint8_t **px, int *h, int *w, const struct lt_st *st, const char *layer,
	const char *path, struct lt_err *err)
{
	const struct lt_st_tensor *t = find_layer(st, layer);
	if (!t || (t->dtype != LT_BOOL && t->dtype != LT_F32) || !t->count)
		return lt_fail(err, LT_EDATA, "%s: no layer '%s' of weights%s",
			path, layer, t ? " to show" : "");
	uint64_t rows = t->ndim > 1 ? t->shape[0] : 1, cols = t->count / rows;
	if (rows > 65535 || cols > 65535)
		return lt_fail(err, LT_EDATA,
			"%s: '%s' is %" PRIu64 "x%" PRIu64
			", expected at most 65535 a side for a picture",
			path, t->name, rows, cols);
	*px = lt_alloc(t->count, 1);
	for (size_t i = 0; i < t->count; i++) {
		bool kept = t->dtype == LT_F32
				    ? ((const float *)t->data)[i] != 0
				    : ((const uint8_t *)t->data)[i] != 0;
		(*px)[i] = kept ? 0 : 255;
	}
	*h = (int)rows;
	*w = (int)cols;
	return 0;
}

/* Portable bit map, raw: 1 is black. */
static int
write_pbm(const char *path, const uint8_t *px, int h, int w, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(path, err);
	size_t stride = ((size_t)w + 7) / 8;
	if (!o)
		return -1;
	lt_out_printf(o, "P4\n%d %d\n", w, h);
	uint8_t *row = lt_alloc(stride, 1);
	for (int y = 0; y < h; y++, px += w) {
		memset(row, 0, stride);
		for (int x = 0; x < w; x++)
			row[x / 8] |= (uint8_t)(px[x] ? 0 : 0x80 >> x % 8);
		lt_out_write(o, row, stride);
	}
	free(row);
	return lt_out_commit(o, err);
}

static bool
ends_in(const char *s, const char *end)
{
	size_t n = strlen(s), k = strlen(end);
	return n > k && strcmp(s + n - k, end) == 0;
}

bool
lt_picture_name(const char *out)
{
	return ends_in(out, ".png") || ends_in(out, ".pbm");
}

int
lt_picture_write(const char *out, const struct lt_st *st, const char *layer,
	const char *path, struct lt_err *err)
{
	uint8_t *px = NULL;
	int h = 0, w = 0;
	if (paint(&px, &h, &w, st, layer, path, err) < 0)
		return -1;
	int r = ends_in(out, ".pbm") ? write_pbm(out, px, h, w, err)
				     : lt_png_write(out, px, 1, h, w, err);
	free(px);
	return r;
}
