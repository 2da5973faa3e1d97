#include "file/dataset.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/host.h"
#include "base/mem.h"
#include "base/num.h"
#include "file/st.h"
#include "file/st_int.h"

int
lt_stats_parse(const char *text, float *v, int c)
{
	char *copy = lt_strdup(text), *at = copy;
	int n = 0;
	while (at && n <= c) {
		char *comma = strchr(at, ',');
		double x;
		if (comma)
			*comma++ = '\0';
		if (n == c || !lt_num_f64(at, &x) || x < -1e6 || x > 1e6)
			n = c + 1;
		else
			v[n++] = (float)x;
		at = comma;
	}
	free(copy);
	return n == c ? 0 : -1;
}

char *
lt_stats_text(const float *v, int c)
{
	char text[4 * 24] = "";
	size_t n = 0;
	LT_BUG_ON(c > 4);
	for (int i = 0; i < c; i++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s%.9g",
			i ? "," : "", (double)v[i]);
	return lt_strdup(text);
}

static const struct lt_st_tensor *
need(const struct lt_st *st, const char *name, enum lt_dtype dtype, int ndim,
	const char *path, struct lt_err *err)
{
	const struct lt_st_tensor *t = lt_st_find(st, name);
	if (t && t->dtype == dtype && t->ndim == ndim)
		return t;
	lt_fail(err, LT_EDATA, "%s: %s '%s', expected %s with %d dimension%s",
		path, t ? "wrong kind of tensor" : "no tensor", name,
		lt_dtype_name(dtype), ndim, ndim == 1 ? "" : "s");
	return NULL;
}

static int
take_shape(struct lt_dataset *d, const struct lt_st_tensor *images,
	const struct lt_st_tensor *labels, struct lt_err *err)
{
	const uint64_t *s = images->shape;
	if (s[0] != labels->shape[0])
		return lt_fail(err, LT_EDATA,
			"%s: %" PRIu64 " images, but %" PRIu64 " labels",
			d->path, s[0], labels->shape[0]);
	if (s[0] == 0 || s[0] >= UINT32_MAX || s[1] == 0 || s[1] > 4 ||
		s[2] == 0 || s[2] > LT_IMAGE_MAX || s[3] == 0 ||
		s[3] > LT_IMAGE_MAX)
		return lt_fail(err, LT_EDATA,
			"%s: images are [%" PRIu64 ",%" PRIu64 ",%" PRIu64
			",%" PRIu64 "], expected 1 to %" PRIu32
			" of 1 to 4 channels, 1 to %d pixels a side",
			d->path, s[0], s[1], s[2], s[3], UINT32_MAX - 1,
			LT_IMAGE_MAX);
	d->n = s[0];
	d->c = (int)s[1];
	d->h = (int)s[2];
	d->w = (int)s[3];
	d->img_size = (size_t)(s[1] * s[2] * s[3]);
	d->pos = images->at;
	return 0;
}

static int
take_stats(struct lt_dataset *d, const struct lt_st *st, const char *key,
	float *v, bool positive, struct lt_err *err)
{
	const char *text = lt_st_meta(st, key);
	bool ok = text && lt_stats_parse(text, v, d->c) == 0;
	for (int i = 0; ok && positive && i < d->c; i++)
		ok = v[i] > 0;
	if (ok)
		return 0;
	return lt_fail(err, LT_EDATA, "%s: %s is %s, expected %d %snumber%s",
		d->path, key, text ? text : "missing", d->c,
		positive ? "positive " : "", d->c == 1 ? "" : "s");
}

/* Replace control characters: names of folders may have tabs, fields of tables
 * must not. */
static char *
printable(const char *s)
{
	char *copy = lt_strdup(s);
	for (char *c = copy; *c; c++)
		if ((unsigned char)*c < 0x20 || *c == 0x7f)
			*c = '?';
	return copy;
}

static int
take_classes(struct lt_dataset *d, const struct lt_st *st, struct lt_err *err)
{
	const char *text = lt_st_meta(st, "lt.classes");
	json_t *list = NULL;
	if (text && lt_st_scan(text, strlen(text), 1, SIZE_MAX) == 0)
		list = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	size_t n = json_array_size(list);
	bool ok = json_is_array(list) && n > 0 && n <= LT_CLASSES_MAX;
	if (ok)
		d->class_name = lt_alloc(n, sizeof(char *));
	for (size_t i = 0; ok && i < n; i++) {
		const char *s = json_string_value(json_array_get(list, i));
		ok = s != NULL;
		if (ok)
			d->class_name[d->classes++] = printable(s);
	}
	json_decref(list);
	if (ok)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: lt.classes is not a JSON array of 1 to %d names", d->path,
		LT_CLASSES_MAX);
}

static int
take_labels(
	struct lt_dataset *d, const struct lt_st_tensor *t, struct lt_err *err)
{
	d->label = lt_alloc(d->n, sizeof(*d->label));
	if (lt_st_pread(d->fd, d->label, t->size, t->at, d->path, err) < 0)
		return -1;
	for (uint64_t i = 0; i < d->n; i++)
		if (d->label[i] < 0 || d->label[i] >= d->classes)
			return lt_fail(err, LT_EDATA,
				"%s: label of sample %" PRIu64 " is %" PRId32
				", expected 0 to %d",
				d->path, i, d->label[i], d->classes - 1);
	return 0;
}

static int
take_all(struct lt_dataset *d, const struct lt_st *st, struct lt_err *err)
{
	if (lt_st_need_kind(st, d->path, "data", err) < 0)
		return -1;
	const struct lt_st_tensor *images =
		need(st, "images", LT_U8, 4, d->path, err);
	const struct lt_st_tensor *labels =
		images ? need(st, "labels", LT_I32, 1, d->path, err) : NULL;
	const char *source = lt_st_meta(st, "lt.source");
	d->source = lt_strdup(source ? source : "");
	d->crc = st->crc;
	if (!labels || take_shape(d, images, labels, err) < 0 ||
		take_stats(d, st, "lt.mean", d->mean, false, err) < 0 ||
		take_stats(d, st, "lt.std", d->std, true, err) < 0 ||
		take_classes(d, st, err) < 0)
		return -1;
	return take_labels(d, labels, err);
}

int
lt_dataset_open(struct lt_dataset *d, const char *path, struct lt_err *err)
{
	struct lt_st st;
	*d = (struct lt_dataset){.path = lt_strdup(path), .fd = -1};
	int r = lt_st_open(&st, path, &d->fd, err);
	if (r == 0)
		r = take_all(d, &st, err);
	lt_st_release(&st);
	if (r < 0)
		lt_dataset_close(d);
	return r;
}

int
lt_dataset_image(const struct lt_dataset *d, uint64_t i, uint8_t *dst,
	struct lt_err *err)
{
	LT_BUG_ON(i >= d->n);
	return lt_st_pread(d->fd, dst, d->img_size, d->pos + i * d->img_size,
		d->path, err);
}

void
lt_dataset_announce(const struct lt_dataset *d, uint64_t i)
{
	LT_BUG_ON(i >= d->n);
	lt_host_will_read(d->fd, d->pos + i * d->img_size, d->img_size);
}

void
lt_dataset_close(struct lt_dataset *d)
{
	for (int i = 0; i < d->classes; i++)
		free(d->class_name[i]);
	free(d->class_name);
	free(d->label);
	free(d->source);
	free(d->path);
	if (d->fd >= 0)
		close(d->fd);
	*d = (struct lt_dataset){.fd = -1};
}
