#include "source/pack.h"

#include <inttypes.h>
#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "file/st.h"
#include "source/spool.h"

struct packer {
	struct lt_source *s;
	const struct lt_pack *how;
	struct lt_spool *spool; /* images in the order in which they came */
	int32_t *label;
	size_t cap;
	uint64_t n;
	uint64_t sum[4], squares[4]; /* of each channel's bytes */
};

static void
add_sums(struct packer *p, const uint8_t *px)
{
	size_t plane = (size_t)p->s->h * (size_t)p->s->w;
	for (int c = 0; c < p->s->c; c++) {
		uint64_t sum = 0, squares = 0;
		for (size_t i = 0; i < plane; i++) {
			uint32_t v = *px++;
			sum += v;
			squares += v * v;
		}
		p->sum[c] += sum;
		p->squares[c] += squares;
	}
}

static int
read_source(struct packer *p, struct lt_err *err)
{
	size_t size = (size_t)p->s->c * (size_t)p->s->h * (size_t)p->s->w;
	uint8_t *px = lt_alloc(size, 1);
	int32_t label;
	int r;
	while ((r = lt_spool_next(p->spool, px, &label, err)) > 0) {
		if (p->n == UINT32_MAX - 1) {
			r = lt_fail(err, LT_EDATA,
				"%s: more than %" PRIu32 " images", p->s->what,
				UINT32_MAX - 1);
			break;
		}
		lt_grow(&p->label, &p->cap, p->n + 1, sizeof(label));
		p->label[p->n++] = label;
		add_sums(p, px);
		if (p->how->progress && p->n % 1000 == 0)
			p->how->progress(p->n);
	}
	free(px);
	if (r == 0 && p->n == 0)
		r = lt_fail(err, LT_EDATA, "%s: no image", p->s->what);
	if (r == 0)
		r = lt_spool_flush(p->spool, err);
	return r;
}

/* Mean and standard deviation of pixels in [0, 1].  Sums of integers are exact;
 * a channel of one value gets 1, so that dividing by it is harmless. */
static void
statistics(const struct packer *p, float *mean, float *std)
{
	uint64_t plane = (uint64_t)p->s->h * (uint64_t)p->s->w;
	__extension__ typedef unsigned __int128 wide;
	wide count = (wide)p->n * plane;
	for (int c = 0; c < p->s->c; c++) {
		wide spread =
			count * p->squares[c] - (wide)p->sum[c] * p->sum[c];
		double n = (double)count;
		mean[c] = (float)((double)p->sum[c] / n / 255);
		std[c] = spread ? (float)(sqrt((double)spread) / n / 255) : 1;
	}
}

static void
set_stats(const struct packer *p, struct lt_st *st)
{
	float mean[4], std[4];
	const struct lt_pack *how = p->how;
	statistics(p, mean, std);
	const float *m = how->mean   ? how->mean
			 : how->like ? how->like->mean
				     : mean;
	const float *s = how->std ? how->std : how->like ? how->like->std : std;
	char *text = lt_stats_text(m, p->s->c);
	lt_st_set_meta(st, "lt.mean", text);
	free(text);
	text = lt_stats_text(s, p->s->c);
	lt_st_set_meta(st, "lt.std", text);
	free(text);
}

static void
set_classes(struct lt_st *st, char *const *name, int n)
{
	json_t *list = json_array();
	for (int i = 0; i < n; i++) {
		json_t *s = json_string(name[i]);
		if (!s) {
			char *copy = lt_strdup(name[i]);
			for (char *c = copy; *c; c++)
				*c = *c & 0x80 ? '?' : *c;
			s = json_string(copy);
			free(copy);
		}
		json_array_append_new(list, s);
	}
	char *text = json_dumps(list, JSON_COMPACT);
	LT_BUG_ON(!text);
	lt_st_set_meta(st, "lt.classes", text);
	free(text);
	json_decref(list);
}

/* The other set must have the same channels, and at least these classes. */
static int
check_like(const struct lt_source *s, const struct lt_dataset *like,
	struct lt_err *err)
{
	if (like->c != s->c)
		return lt_fail(err, LT_EDATA,
			"%s has %d channels, but %s has %d", s->what, s->c,
			like->path, like->c);
	bool ok = s->classes <= like->classes;
	for (int i = 0; ok && i < s->classes; i++)
		ok = strcmp(s->class_name[i], like->class_name[i]) == 0;
	if (ok)
		return 0;
	return lt_fail(err, LT_EDATA,
		"the %d classes of %s are not those of %s, which has %d",
		s->classes, s->what, like->path, like->classes);
}

static int
write_data(const struct packer *p, const char *path, struct lt_err *err)
{
	struct lt_st st = {0};
	const struct lt_source *s = p->s;
	const struct lt_dataset *like = p->how->like;
	uint64_t shape[4] = {
		p->n, (uint64_t)s->c, (uint64_t)s->h, (uint64_t)s->w};
	lt_st_add(&st, "labels", LT_I32, 1, shape, p->label, true);
	struct lt_st_tensor *images =
		lt_st_add(&st, "images", LT_U8, 4, shape, NULL, true);
	images->file = lt_spool_fd(p->spool);
	images->at = 0;
	lt_st_set_meta(&st, "lt.kind", "data");
	lt_st_set_meta(&st, "lt.source", s->what);
	if (p->how->split)
		lt_st_set_meta(&st, "lt.split", p->how->split);
	set_stats(p, &st);
	set_classes(&st, like ? like->class_name : s->class_name,
		like ? like->classes : s->classes);
	if (p->how->tool)
		lt_st_history(&st, p->how->tool, p->how->key_values);
	int r = lt_st_write(&st, path, err);
	lt_st_release(&st);
	return r;
}

int
lt_pack(const char *path, uint64_t *n, struct lt_source *s,
	const struct lt_pack *how, struct lt_err *err)
{
	struct packer p = {.s = s, .how = how};
	int r = how->like ? check_like(s, how->like, err) : 0;
	if (r == 0) {
		p.spool = lt_spool_open(path, s, err);
		r = p.spool ? read_source(&p, err) : -1;
	}
	if (r == 0)
		r = write_data(&p, path, err);
	lt_spool_close(p.spool, r == 0);
	free(p.label);
	*n = p.n;
	return r;
}
