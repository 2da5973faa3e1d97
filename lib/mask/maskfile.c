#include "mask/maskfile.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/num.h"

static const char suffix[] = "_mask";

static bool
has_suffix(const char *name)
{
	size_t n = strlen(name), k = sizeof(suffix) - 1;
	return n > k && strcmp(name + n - k, suffix) == 0;
}

/* For each type of a file: the bits of 1, and the sign bit that zeros may have.
 */
static const struct values {
	const char *type;
	size_t size;
	uint64_t one, sign;
} values[] = {
	{"BOOL", 1, 1, 0},
	{"U8", 1, 1, 0},
	{"I8", 1, 1, 0},
	{"U16", 2, 1, 0},
	{"I16", 2, 1, 0},
	{"U32", 4, 1, 0},
	{"I32", 4, 1, 0},
	{"I64", 8, 1, 0},
	{"F16", 2, 0x3c00, 0x8000},
	{"BF16", 2, 0x3f80, 0x8000},
	{"F32", 4, 0x3f800000, 0x80000000},
	{"F64", 8, 0x3ff0000000000000, 0x8000000000000000},
};

static const struct values *
values_of(const struct lt_st_tensor *t)
{
	const char *type = t->stored ? t->stored : lt_dtype_name(t->dtype);
	size_t i = 0;
	while (strcmp(values[i].type, type) != 0)
		LT_BUG_ON(++i == sizeof(values) / sizeof(*values));
	return &values[i];
}

/* Write the values, 0 or 1, to keep.  Return how many are neither. */
static size_t
read_values(uint8_t *keep, const struct lt_st_tensor *t)
{
	const struct values *k = values_of(t);
	const unsigned char *p = t->data;
	size_t neither = 0;
	for (size_t i = 0; i < t->count; i++) {
		uint64_t v = 0;
		memcpy(&v, p + i * k->size, k->size);
		keep[i] = v == k->one;
		neither += v != k->one && (v & ~k->sign);
	}
	return neither;
}

static char *
parameter_of(const struct lt_st_tensor *t)
{
	size_t len = strlen(t->name);
	return lt_strndup(t->name,
		has_suffix(t->name) ? len - (sizeof(suffix) - 1) : len);
}

/* Add the layer of the parameter that the tensor names, without its bytes. */
static int
claim(struct lt_mask *m, const struct lt_st_tensor *t, const char *path,
	struct lt_err *err)
{
	char *name = parameter_of(t);
	bool there = lt_mask_find(m, name);
	if (!there)
		lt_mask_add_bare(m, name, t->ndim, t->shape);
	free(name);
	if (!there)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: '%s' names a parameter that another mask names too", path,
		t->name);
}

/* Give the layer of the tensor its bytes. */
static int
fill(struct lt_mask *m, const struct lt_st_tensor *t, const char *path,
	struct lt_err *err)
{
	char *name = parameter_of(t);
	struct lt_mask_layer *l = lt_mask_find(m, name);
	free(name);
	l->keep = lt_alloc_scratch(t->count, 1);
	size_t neither = read_values(l->keep, t);
	if (!neither)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: not a mask: of the %zu values of '%s' %zu %s neither 0 "
		"nor 1",
		path, t->count, t->name, neither, neither == 1 ? "is" : "are");
}

static int
take(struct lt_mask *m, const struct lt_st_tensor *t, const char *path,
	struct lt_err *err)
{
	return claim(m, t, path, err) < 0 ? -1 : fill(m, t, path, err);
}

int
lt_mask_from_st(struct lt_mask *m, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	*m = (struct lt_mask){.crc = st->crc};
	for (size_t i = 0; i < st->n; i++) {
		const struct lt_st_tensor *t = &st->tensor[i];
		if (t->dtype != LT_BOOL || !has_suffix(t->name))
			continue;
		if (take(m, t, path, err) < 0) {
			lt_mask_release(m);
			return -1;
		}
	}
	lt_mask_count(m);
	return 0;
}

/* Check the metadata's claims about the content. */
static int
check_count(const struct lt_st *st, const char *key, size_t found,
	const char *path, struct lt_err *err)
{
	uint64_t said;
	const char *text = lt_st_meta(st, key);
	if (!text || (lt_num_u64(text, &said) && said == found))
		return 0;
	return lt_fail(err, LT_EDATA, "%s: %s is '%s', found %zu", path, key,
		text, found);
}

static int
check_meta(const struct lt_mask *m, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	if (check_count(st, "lt.kept", lt_mask_kept(m), path, err) < 0)
		return -1;
	return check_count(st, "lt.total", lt_mask_total(m), path, err);
}

/* The layers of a file of ours, without their bytes. */
static int
claim_file(struct lt_mask *m, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	if (lt_st_need_kind(st, path, "mask", err) < 0)
		return -1;
	for (size_t i = 0; i < st->n; i++) {
		const struct lt_st_tensor *t = &st->tensor[i];
		if (t->dtype != LT_BOOL)
			return lt_fail(err, LT_EDATA,
				"%s: not a mask: tensor '%s' is %s, expected "
				"BOOL",
				path, t->name, lt_dtype_name(t->dtype));
		if (claim(m, t, path, err) < 0)
			return -1;
	}
	return 0;
}

/* Which tensors of another program's file are masks: all, unless some are
 * named "<parameter>_mask".  Then the file holds a whole network, and tensors
 * of floating point and scalars with other names are its weights and counts. */
static bool
is_mask(const struct lt_st_tensor *t, bool network)
{
	return !network || has_suffix(t->name) ||
	       (t->ndim > 0 && !values_of(t)->sign);
}

/* The layers of another program's file; tensors that are no masks are skipped.
 */
static int
claim_foreign(struct lt_mask *m, struct lt_st *st, const char *path,
	struct lt_err *err)
{
	bool network = false;
	if (lt_st_unwrap(st, path, err) < 0)
		return -1;
	for (size_t i = 0; i < st->n; i++)
		network |= has_suffix(st->tensor[i].name);
	for (size_t i = 0; i < st->n; i++) {
		struct lt_st_tensor *t = &st->tensor[i];
		t->skip = !is_mask(t, network);
		if (!t->skip && claim(m, t, path, err) < 0)
			return -1;
	}
	if (m->n)
		return 0;
	return lt_fail(
		err, LT_EDATA, "%s: not a mask: it contains no tensor", path);
}

/* Give all layers their bytes, and check the claims of a file of ours. */
static int
fill_all(struct lt_mask *m, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	const char *method = lt_st_meta(st, "lt.method");
	const char *history = lt_st_meta(st, "lt.history");
	for (size_t i = 0; i < st->n; i++)
		if (!st->tensor[i].skip &&
			fill(m, &st->tensor[i], path, err) < 0)
			return -1;
	lt_mask_count(m);
	m->crc = st->crc;
	if (st->foreign)
		return 0;
	m->method = method ? lt_strdup(method) : NULL;
	m->history = history ? lt_strdup(history) : NULL;
	return check_meta(m, st, path, err);
}

int
lt_mask_from_file(struct lt_mask *m, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	*m = (struct lt_mask){0};
	if (claim_file(m, st, path, err) == 0 &&
		fill_all(m, st, path, err) == 0)
		return 0;
	lt_mask_release(m);
	return -1;
}

struct reading {
	struct lt_mask *m;
	lt_mask_fits *fits;
	const void *arg;
};

static int
look(struct lt_st *st, const char *path, void *arg, struct lt_err *err)
{
	struct reading *r = arg;
	int bad = st->foreign ? claim_foreign(r->m, st, path, err)
			      : claim_file(r->m, st, path, err);
	return bad || !r->fits ? bad : r->fits(r->m, path, r->arg, err);
}

int
lt_mask_read(struct lt_mask *m, const char *path, lt_mask_fits *fits,
	const void *arg, struct lt_err *err)
{
	struct reading r = {m, fits, arg};
	struct lt_st_how how = {.look = look, .arg = &r, .stored = true};
	struct lt_st st;
	*m = (struct lt_mask){0};
	int bad = lt_st_read_how(&st, path, &how, err);
	if (!bad) {
		bad = fill_all(m, &st, path, err);
		lt_st_release(&st);
	}
	if (bad)
		lt_mask_release(m);
	return bad;
}

void
lt_mask_to_st(const struct lt_mask *m, struct lt_st *st)
{
	for (size_t i = 0; i < m->n; i++) {
		const struct lt_mask_layer *l = &m->layer[i];
		char *name = lt_asprintf("%s%s", l->name, suffix);
		lt_st_add(st, name, LT_BOOL, l->ndim, l->shape, l->keep, true);
		free(name);
	}
}

static void
set_count(struct lt_st *st, const char *key, size_t v)
{
	char text[24];
	snprintf(text, sizeof(text), "%zu", v);
	lt_st_set_meta(st, key, text);
}

void
lt_mask_set_counts(const struct lt_mask *m, struct lt_st *st)
{
	set_count(st, "lt.kept", lt_mask_kept(m));
	set_count(st, "lt.total", lt_mask_total(m));
}

int
lt_mask_write(const struct lt_mask *m, const char *path, const char *tool,
	const char *const *key_values, struct lt_err *err)
{
	struct lt_st st = {0};
	lt_mask_to_st(m, &st);
	lt_st_set_meta(&st, "lt.kind", "mask");
	lt_mask_set_counts(m, &st);
	if (m->method)
		lt_st_set_meta(&st, "lt.method", m->method);
	if (m->history)
		lt_st_set_meta(&st, "lt.history", m->history);
	if (tool)
		lt_st_history(&st, tool, key_values);
	int r = lt_st_write(&st, path, err);
	lt_st_release(&st);
	return r;
}
