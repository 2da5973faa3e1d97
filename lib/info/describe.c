#include "info/describe.h"

#include <jansson.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/tsv.h"
#include "file/events.h"
#include "file/index.h"
#include "kern/kern.h"
#include "source/image.h"
#include "info/history.h"

static void
put_history(struct lt_answer *a, const struct lt_st *st)
{
	json_t *list = lt_history_load(st), *entry;
	size_t i;

	if (a->json && list) {
		lt_answer_value(a, "history", list);
		return;
	}
	json_array_foreach(list, i, entry)
	{
		char *line = lt_history_line(entry);
		lt_answer_item(a, "history", line);
		free(line);
	}
	json_decref(list);
}

void
lt_describe_meta(struct lt_answer *a, const struct lt_st *st)
{
	static const char *const hidden[] = {"format", "lt.net", "lt.classes",
		"lt.crc32", "lt.header_crc32", "lt.kind", "lt.history"};
	json_t *meta = a->json ? json_object() : NULL;

	for (size_t i = 0; i < st->nmeta; i++) {
		const char *key = st->meta[2 * i], *value = st->meta[2 * i + 1];
		bool hide = false;
		for (size_t j = 0; j < sizeof(hidden) / sizeof(*hidden); j++)
			hide |= strcmp(key, hidden[j]) == 0;
		if (hide)
			continue;
		if (meta)
			json_object_set_new(meta, key, json_string(value));
		else
			lt_answer_text(a,
				strncmp(key, "lt.", 3) ? key : key + 3, value);
	}
	if (meta)
		lt_answer_value(a, "metadata", meta);
	put_history(a, st);
}

/* ------------------------------------------------------------- tensors -- */

struct stats {
	size_t kept, nonfinite;
	double std, min, max, mean, kept_std;
};

/* Statistics of the finite values: two passes in double, in the order of the
 * file.  Values that are not finite count as kept. */
static void
float_stats(struct stats *s, const float *w, size_t count)
{
	double sum = 0, spread = 0, of = 0;
	float min = INFINITY, max = -INFINITY;
	for (size_t i = 0; i < count; i++) {
		s->kept += w[i] != 0;
		if (!isfinite(w[i])) {
			s->nonfinite++;
			continue;
		}
		sum += (double)w[i];
		min = w[i] < min ? w[i] : min;
		max = w[i] > max ? w[i] : max;
	}
	size_t n = count - s->nonfinite, kept = s->kept - s->nonfinite;
	if (!n)
		return;
	double mean = sum / (double)n, of_kept = sum / (double)kept;
	for (size_t i = 0; i < count; i++) {
		double v = (double)w[i];
		if (!isfinite(v))
			continue;
		spread += (v - mean) * (v - mean);
		of += v != 0 ? (v - of_kept) * (v - of_kept) : 0;
	}
	s->min = (double)min;
	s->max = (double)max;
	s->mean = mean;
	if (n > 1)
		s->std = sqrt(spread / (double)(n - 1));
	if (kept > 1)
		s->kept_std = sqrt(of / (double)(kept - 1));
}

static int64_t
integer(const struct lt_st_tensor *t, size_t i)
{
	int64_t v;
	int32_t k;
	if (t->dtype == LT_I64) {
		memcpy(&v, (const char *)t->data + 8 * i, 8);
		return v;
	}
	if (t->dtype == LT_I32) {
		memcpy(&k, (const char *)t->data + 4 * i, 4);
		return k;
	}
	return ((const uint8_t *)t->data)[i];
}

static struct stats
tensor_stats(const struct lt_st_tensor *t)
{
	double none = (double)NAN;
	struct stats s = {0, 0, none, none, none, none, none};
	if (!t->data || !t->count)
		return s;
	if (t->dtype == LT_F32) {
		float_stats(&s, t->data, t->count);
		return s;
	}
	int64_t min = INT64_MAX, max = INT64_MIN;
	for (size_t i = 0; i < t->count; i++) {
		int64_t v = integer(t, i);
		s.kept += v != 0;
		min = v < min ? v : min;
		max = v > max ? v : max;
	}
	s.min = (double)min;
	s.max = (double)max;
	return s;
}

/* kept of count, and the share. */
static void
put_density(struct lt_answer *a, size_t count, size_t kept)
{
	lt_answer_count(a, "count", count);
	lt_answer_count(a, "kept", kept);
	lt_answer_number(a, "density",
		count ? (double)kept / (double)count : (double)NAN);
}

static void
put_tensor(struct lt_answer *a, const struct lt_st_tensor *t)
{
	struct stats s = tensor_stats(t);
	lt_answer_text(a, "name", t->name);
	lt_answer_text(
		a, "dtype", t->stored ? t->stored : lt_dtype_name(t->dtype));
	lt_answer_shape(a, "shape", t->ndim, t->shape);
	put_density(a, t->count, s.kept);
	lt_answer_number(a, "W_std", s.std);
	lt_answer_number(a, "min", s.min);
	lt_answer_number(a, "max", s.max);
	lt_answer_number(a, "mean", s.mean);
	lt_answer_number(a, "kept_std", s.kept_std);
	lt_answer_count(a, "nonfinite", s.nonfinite);
	lt_answer_row(a);
}

void
lt_describe_tensors(struct lt_answer *a, const struct lt_st *st,
	const char *const *first, size_t n)
{
	bool *done = lt_alloc(st->n, sizeof(bool));
	lt_answer_table(a,
		"name\tdtype\tshape\tcount\tkept\tdensity\tW_std\tmin\tmax\t"
		"mean\tkept_std\tnonfinite");
	for (size_t i = 0; i < n; i++) {
		const struct lt_st_tensor *t = lt_st_find(st, first[i]);
		if (!t || done[t - st->tensor])
			continue;
		put_tensor(a, t);
		done[t - st->tensor] = true;
	}
	for (size_t i = 0; i < st->n; i++)
		if (!done[i])
			put_tensor(a, &st->tensor[i]);
	free(done);
}

/* --------------------------------------------------------------- masks -- */

static void
put_layer(struct lt_answer *a, const struct lt_mask_layer *l)
{
	lt_answer_text(a, "name", l->name);
	lt_answer_shape(a, "shape", l->ndim, l->shape);
	put_density(a, l->count, lt_mask_layer_kept(l));
	lt_answer_row(a);
}

void
lt_describe_mask(struct lt_answer *a, const struct lt_mask *m,
	const char *const *first, size_t n)
{
	bool *done = lt_alloc(m->n, sizeof(bool));
	lt_answer_table(a, "name\tshape\tcount\tkept\tdensity");
	for (size_t i = 0; i < n; i++) {
		const struct lt_mask_layer *l = lt_mask_find(m, first[i]);
		if (!l || done[l - m->layer])
			continue;
		put_layer(a, l);
		done[l - m->layer] = true;
	}
	for (size_t i = 0; i < m->n; i++)
		if (!done[i])
			put_layer(a, &m->layer[i]);
	lt_answer_text(a, "name", "total");
	lt_answer_missing(a, "shape");
	put_density(a, lt_mask_total(m), lt_mask_kept(m));
	lt_answer_row(a);
	free(done);
}

static void
put_groups(struct lt_answer *a, const struct lt_nm_count *c)
{
	lt_answer_count(a, "groups", c->groups);
	lt_answer_count(a, "over", c->over);
	lt_answer_count(a, "under", c->under);
	lt_answer_count(a, "most", c->most);
	lt_answer_row(a);
}

int
lt_describe_groups(struct lt_answer *a, size_t *over, const struct lt_mask *m,
	struct lt_nm nm, const char *path, struct lt_err *err)
{
	struct lt_nm_count c, all = {0};

	for (size_t i = 0; i < m->n; i++)
		if (m->layer[i].ndim != 2 && m->layer[i].ndim != 4)
			return lt_fail(err, LT_EDATA,
				"%s: '%s' has %d dimensions, expected the 2 of "
				"a linear weight or the 4 of a convolution's",
				path, m->layer[i].name, m->layer[i].ndim);
	lt_answer_table(a, "name\tshape\tgroups\tover\tunder\tmost");
	for (size_t i = 0; i < m->n; i++) {
		const struct lt_mask_layer *l = &m->layer[i];
		lt_nm_count(&c, nm, l->ndim, l->shape, l->keep);
		lt_answer_text(a, "name", l->name);
		lt_answer_shape(a, "shape", l->ndim, l->shape);
		put_groups(a, &c);
		all.groups += c.groups;
		all.over += c.over;
		all.under += c.under;
		all.most = c.most > all.most ? c.most : all.most;
	}
	lt_answer_text(a, "name", "total");
	lt_answer_missing(a, "shape");
	put_groups(a, &all);
	*over = all.over;
	return 0;
}

/* --------------------------------------------------------- everything else */

void
lt_describe_data(struct lt_answer *a, const struct lt_dataset *d)
{
	lt_answer_count(a, "samples", d->n);
	lt_answer_image(a, "shape", d->c, d->h, d->w);
	lt_answer_count(a, "classes", (uint64_t)d->classes);
}

void
lt_describe_classes(struct lt_answer *a, const struct lt_dataset *d)
{
	uint64_t *count = lt_alloc((size_t)d->classes, sizeof(*count));
	for (uint64_t i = 0; i < d->n; i++)
		count[d->label[i]]++;
	lt_answer_table(a, "class\tname\tcount");
	for (int k = 0; k < d->classes; k++) {
		lt_answer_count(a, "class", (uint64_t)k);
		lt_answer_text(a, "name", d->class_name[k]);
		lt_answer_count(a, "count", count[k]);
		lt_answer_row(a);
	}
	free(count);
}

static int
describe_index(struct lt_answer *a, const char *path, struct lt_err *err)
{
	struct lt_index ix;
	if (lt_index_read(&ix, path, err) < 0)
		return -1;
	lt_answer_count(a, "count", ix.n);
	if (ix.n) {
		lt_answer_count(a, "min", ix.v[0]);
		lt_answer_count(a, "max", ix.v[ix.n - 1]);
	}
	lt_index_release(&ix);
	return 0;
}

static int
ascending(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* Sort the values and keep each once; returns how many remain. */
static uint64_t
distinct(struct lt_index *ix)
{
	size_t n = ix->n > 0;
	if (ix->n)
		qsort(ix->v, ix->n, sizeof(*ix->v), ascending);
	for (size_t i = 1; i < ix->n; i++)
		if (ix->v[i] != ix->v[n - 1])
			ix->v[n++] = ix->v[i];
	ix->n = n;
	return n;
}

/* Add v to the values.  Memory follows the number of different values: when it
 * is full, repeated values are removed, and it grows only if more than half of
 * it remains in use. */
static void
note(struct lt_index *ix, uint32_t v)
{
	if (ix->n == ix->cap && 2 * distinct(ix) >= ix->cap)
		lt_grow(&ix->v, &ix->cap, 2 * ix->cap + 1024, sizeof(*ix->v));
	lt_index_push(ix, v);
}

static int
describe_events(struct lt_answer *a, const char *path, struct lt_err *err)
{
	struct lt_index seen = {0}, learned = {0};
	struct lt_event ev;
	uint64_t rows = 0, first = 0, last = 0;
	struct lt_events *e = lt_events_open(path, err);
	if (!e)
		return -1;
	int r;
	while ((r = lt_events_next(e, &ev, err)) > 0) {
		note(&seen, ev.index);
		if (ev.correct)
			note(&learned, ev.index);
		first = rows++ ? first : ev.epoch;
		last = ev.epoch;
	}
	lt_events_close(e);
	if (r == 0) {
		uint64_t samples = distinct(&seen);
		lt_answer_count(a, "rows", rows);
		lt_answer_count(a, "samples", samples);
		lt_answer_count(
			a, "never_learned", samples - distinct(&learned));
		lt_answer_count(a, "first_epoch", first);
		lt_answer_count(a, "last_epoch", last);
	}
	lt_index_release(&seen);
	lt_index_release(&learned);
	return r;
}

static int
describe_table(struct lt_answer *a, const char *path, struct lt_err *err)
{
	uint64_t rows = 0;
	struct lt_tsv *t = lt_tsv_open(path, err);
	if (!t)
		return -1;
	int r;
	while ((r = lt_tsv_next(t, err)) > 0)
		rows++;
	if (r == 0)
		lt_answer_count(a, "rows", rows);
	lt_tsv_close(t);
	return r;
}

static int
describe_image(struct lt_answer *a, const char *path, struct lt_err *err)
{
	struct lt_image im;
	if (lt_image_read(&im, path, err) < 0)
		return -1;
	lt_answer_image(a, "shape", im.c, im.h, im.w);
	for (int i = 0; i < LT_ODDITIES; i++)
		if (im.odd & 1u << i)
			lt_answer_item(a, "odd", lt_image_oddity[i].one);
	lt_image_release(&im);
	return 0;
}

int
lt_describe_other(struct lt_answer *a, enum lt_filekind kind, const char *path,
	struct lt_err *err)
{
	static int (*const describe[LT_FILE_KINDS])(
		struct lt_answer *, const char *, struct lt_err *) = {
		[LT_FILE_INDEX] = describe_index,
		[LT_FILE_EVENTS] = describe_events,
		[LT_FILE_TABLE] = describe_table,
		[LT_FILE_PNG] = describe_image,
		[LT_FILE_JPEG] = describe_image,
	};
	LT_BUG_ON(!describe[kind]);
	return describe[kind](a, path, err);
}

int
lt_describe_cpu(struct lt_answer *a, struct lt_err *err)
{
	const char *why;
	const struct lt_kern *used = lt_kern_get(NULL, &why);
	struct lt_kern_row row;

	if (!used)
		return lt_fail(err, LT_EUSAGE, "LT_KERN: %s", why);
	lt_answer_text(a, "kernels", used->name);
	lt_answer_gap(a);
	lt_answer_table(a, "name\truns\tlacks");
	for (int i = 0; lt_kern_row(&row, i); i++) {
		lt_answer_text(a, "name", row.name);
		lt_answer_count(a, "runs", !row.lacks);
		if (row.lacks)
			lt_answer_text(a, "lacks", row.lacks);
		else
			lt_answer_missing(a, "lacks");
		lt_answer_row(a);
	}
	return 0;
}
