/* Safetensors in memory: tensors, metadata, history, seals. */
#include "file/st.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "base/mem.h"
#include "file/st_int.h"

const struct lt_dtype_info lt_dtype_table[LT_BOOL + 1] = {
	[LT_F32] = {"F32", 4},
	[LT_I64] = {"I64", 8},
	[LT_I32] = {"I32", 4},
	[LT_U8] = {"U8", 1},
	[LT_BOOL] = {"BOOL", 1},
};

size_t
lt_dtype_size(enum lt_dtype d)
{
	return lt_dtype_table[d].size;
}

const char *
lt_dtype_name(enum lt_dtype d)
{
	return lt_dtype_table[d].name;
}

int
lt_st_order(const struct lt_st_tensor *a, const struct lt_st_tensor *b)
{
	size_t x = lt_dtype_size(a->dtype), y = lt_dtype_size(b->dtype);
	return x != y ? (x < y) - (x > y) : strcmp(a->name, b->name);
}

static int
by_order(const void *a, const void *b)
{
	return lt_st_order(a, b);
}

void
lt_st_sort(struct lt_st *st)
{
	if (st->n)
		qsort(st->tensor, st->n, sizeof(*st->tensor), by_order);
}

struct lt_st_tensor *
lt_st_find(const struct lt_st *st, const char *name)
{
	for (size_t i = 0; i < st->n; i++)
		if (strcmp(st->tensor[i].name, name) == 0)
			return &st->tensor[i];
	return NULL;
}

struct lt_st_tensor *
lt_st_add(struct lt_st *st, const char *name, enum lt_dtype dtype, int ndim,
	const uint64_t *shape, void *data, bool borrow)
{
	LT_BUG_ON(ndim < 0 || ndim > LT_ST_MAXDIM || !*name);
	LT_BUG_ON(lt_st_find(st, name));
	struct lt_st_tensor t = {.name = lt_strdup(name),
		.dtype = dtype,
		.ndim = ndim,
		.data = data,
		.borrowed = borrow,
		.file = -1};
	uint64_t count = 1, size;
	for (int i = 0; i < ndim; i++) {
		t.shape[i] = shape[i];
		LT_BUG_ON(!lt_mul(&count, count, shape[i]));
	}
	LT_BUG_ON(!lt_mul(&size, count, lt_dtype_size(dtype)));
	t.count = count;
	t.size = size;
	lt_grow(&st->tensor, &st->cap, st->n + 1, sizeof(t));
	size_t at = st->n;
	while (at > 0 && lt_st_order(&st->tensor[at - 1], &t) > 0)
		at--;
	memmove(st->tensor + at + 1, st->tensor + at, (st->n - at) * sizeof(t));
	st->tensor[at] = t;
	st->n++;
	return &st->tensor[at];
}

uint64_t
lt_st_position(const struct lt_st *st, const struct lt_st_tensor *t)
{
	(void)st;
	return t->at;
}

/* The place of key among the metadata, or the place where it belongs. */
static size_t
meta_place(const struct lt_st *st, const char *key, bool *there)
{
	size_t i = 0;
	int order = 1;
	while (i < st->nmeta && (order = strcmp(st->meta[2 * i], key)) < 0)
		i++;
	*there = i < st->nmeta && order == 0;
	return i;
}

const char *
lt_st_meta(const struct lt_st *st, const char *key)
{
	bool there;
	size_t i = meta_place(st, key, &there);
	return there ? st->meta[2 * i + 1] : NULL;
}

/* JSON must be UTF-8, so other bytes of file and class names become '?'. */
static char *
utf8(const char *s)
{
	char *copy = lt_strdup(s);
	json_t *j = json_string(s);
	for (char *c = copy; !j && *c; c++)
		if (*c & 0x80)
			*c = '?';
	json_decref(j);
	return copy;
}

void
lt_st_set_meta(struct lt_st *st, const char *key, const char *value)
{
	bool there;
	char *copy = utf8(value);
	size_t i = meta_place(st, key, &there);
	if (there) {
		free(st->meta[2 * i + 1]);
		st->meta[2 * i + 1] = copy;
		return;
	}
	lt_grow(&st->meta, &st->meta_cap, 2 * st->nmeta + 2, sizeof(char *));
	memmove(st->meta + 2 * i + 2, st->meta + 2 * i,
		2 * (st->nmeta - i) * sizeof(char *));
	st->meta[2 * i] = utf8(key);
	st->meta[2 * i + 1] = copy;
	st->nmeta++;
}

int
lt_st_need_kind(const struct lt_st *st, const char *path, const char *kind,
	struct lt_err *err)
{
	const char *found = lt_st_meta(st, "lt.kind");
	if (!found && !st->foreign)
		return lt_fail(err, LT_EDATA,
			"%s: has no metadata lt.kind, expected kind %s", path,
			kind);
	if (!found)
		found = "checkpoint";
	if (strcmp(found, kind) == 0)
		return 0;
	return lt_fail(err, LT_EDATA, "%s: has kind %s, expected kind %s", path,
		found, kind);
}

void
lt_st_release(struct lt_st *st)
{
	for (size_t i = 0; i < st->n; i++) {
		free(st->tensor[i].name);
		if (!st->tensor[i].borrowed)
			free(st->tensor[i].data);
	}
	for (size_t i = 0; i < 2 * st->nmeta; i++)
		free(st->meta[i]);
	free(st->tensor);
	free(st->meta);
	*st = (struct lt_st){0};
}

int
lt_st_scan(const char *json, size_t len, int depth, size_t items)
{
	bool text = false;
	int deep = 0;
	size_t commas[16] = {0};
	LT_BUG_ON(depth >= 16);
	for (size_t i = 0; i < len; i++) {
		char c = json[i];
		if (text) {
			i += c == '\\';
			text = c != '"';
		} else if (c == '"') {
			text = true;
		} else if (c == '{' || c == '[') {
			if (++deep > depth)
				return -1;
			commas[deep < 0 ? 0 : deep] = 0;
		} else if (c == '}' || c == ']') {
			deep--;
		} else if (c == ',' && deep > 2 && ++commas[deep] >= items) {
			return -1;
		}
	}
	return 0;
}

void
lt_st_format_meta(struct lt_st *st, const char *key, const char *fmt, ...)
{
	char text[64];
	va_list ap;

	va_start(ap, fmt);
	int n = vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	LT_BUG_ON(n < 0 || n >= (int)sizeof text);
	lt_st_set_meta(st, key, text);
}

uint32_t
lt_st_meta_hex(const struct lt_st *st, const char *key)
{
	const char *s = lt_st_meta(st, key);

	return s ? (uint32_t)strtoul(s, NULL, 16) : 0;
}

/* ------------------------------------------------------------- history -- */

static json_t *
history_entry(const char *tool, const char *const *key_values)
{
	json_t *e = json_object();
	json_object_set_new(e, "tool", json_string(tool));
	json_object_set_new(e, "version", json_string(LT_VERSION));
	for (; key_values && *key_values; key_values += 2) {
		char *v = utf8(key_values[1]);
		json_object_set_new(e, key_values[0], json_string(v));
		free(v);
	}
	return e;
}

void
lt_st_history(struct lt_st *st, const char *tool, const char *const *key_values)
{
	const char *old = lt_st_meta(st, "lt.history");
	json_t *list = NULL, *entry = history_entry(tool, key_values);
	if (old && lt_st_scan(old, strlen(old), 4, SIZE_MAX) == 0)
		list = json_loads(old, JSON_REJECT_DUPLICATES, NULL);
	if (!json_is_array(list)) {
		json_decref(list);
		list = json_array();
	}
	size_t n = json_array_size(list);
	if (n && json_equal(json_array_get(list, n - 1), entry))
		json_decref(entry);
	else
		json_array_append_new(list, entry);
	char *text = json_dumps(list, JSON_COMPACT);
	LT_BUG_ON(!text);
	lt_st_set_meta(st, "lt.history", text);
	free(text);
	json_decref(list);
}

/* --------------------------------------------------------------- seals -- */

/* Quotes inside a JSON string are escaped, so the bytes "key":" can only be the
 * end of a key. */
char *
lt_st_digits(char *head, size_t len, const char *key)
{
	char *mark = lt_asprintf("\"%s\":\"", key);
	size_t n = strlen(mark);
	char *at = memmem(head, len, mark, n);
	if (at) {
		at += n;
		size_t left = len - (size_t)(at - head);
		if (left < 9 || at[8] != '"' || memmem(at, left, mark, n))
			at = NULL;
	}
	for (int i = 0; at && i < 8; i++)
		if (!strchr("0123456789abcdef", at[i]) || !at[i])
			at = NULL;
	free(mark);
	return at;
}

static uint32_t
crc_head(const char *head, size_t len)
{
	unsigned char prefix[8];
	for (int i = 0; i < 8; i++)
		prefix[i] = (unsigned char)((uint64_t)len >> 8 * i);
	uLong crc = crc32_z(0, prefix, sizeof(prefix));
	return (uint32_t)crc32_z(crc, (const unsigned char *)head, len);
}

uint32_t
lt_st_outer_crc(char *head, size_t len)
{
	char *digits = lt_st_digits(head, len, "lt.header_crc32"), keep[8];
	if (!digits)
		return crc_head(head, len);
	memcpy(keep, digits, 8);
	memset(digits, '0', 8);
	uint32_t crc = crc_head(head, len);
	memcpy(digits, keep, 8);
	return crc;
}

uint32_t
lt_st_head_crc(char *head, size_t len)
{
	char *digits = lt_st_digits(head, len, "lt.crc32"), keep[8];
	if (!digits)
		return lt_st_outer_crc(head, len);
	memcpy(keep, digits, 8);
	memset(digits, '0', 8);
	uint32_t crc = lt_st_outer_crc(head, len);
	memcpy(digits, keep, 8);
	return crc;
}

int
lt_st_tensor_crc(uint32_t *crc, const struct lt_st_tensor *t, const char *path,
	struct lt_err *err)
{
	/* zlib takes a NULL pointer, which an empty tensor may have, for a
	 * request to begin anew. */
	if (!t->size)
		return 0;
	if (t->data) {
		*crc = (uint32_t)crc32_z(*crc, t->data, t->size);
		return 0;
	}
	size_t step = (size_t)1 << 20;
	unsigned char *buf = lt_alloc(step, 1);
	int r = 0;
	for (size_t done = 0; r == 0 && done < t->size; done += step) {
		size_t n = t->size - done < step ? t->size - done : step;
		r = lt_st_pread(t->file, buf, n, t->at + done, path, err);
		if (r == 0)
			*crc = (uint32_t)crc32_z(*crc, buf, n);
	}
	free(buf);
	return r;
}

/* The prefixes that DataParallel and torch.compile put before every name. */
static const char *const wrapper[] = {"module.", "_orig_mod."};

static const char *
without_wrappers(const char *name)
{
	for (int w = 0; w < 2; w++) {
		size_t k = strlen(wrapper[w]);
		if (!strncmp(name, wrapper[w], k) && name[k])
			return without_wrappers(name + k);
	}
	return name;
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

int
lt_st_unwrap(struct lt_st *st, const char *path, struct lt_err *err)
{
	bool any = false;

	for (size_t i = 0; i < st->n; i++) {
		char *name = st->tensor[i].name;
		const char *rest = without_wrappers(name);
		any |= rest != name;
		memmove(name, rest, strlen(rest) + 1);
	}
	if (!any)
		return 0;
	const char **sorted = lt_alloc(st->n, sizeof *sorted), *twice = NULL;
	for (size_t i = 0; i < st->n; i++)
		sorted[i] = st->tensor[i].name;
	qsort(sorted, st->n, sizeof *sorted, by_name);
	for (size_t i = 1; i < st->n && !twice; i++)
		if (!strcmp(sorted[i], sorted[i - 1]))
			twice = sorted[i];
	free(sorted);
	if (twice)
		return lt_fail(err, LT_EDATA,
			"%s: '%s' occurs twice, with and without a wrapper's "
			"prefix",
			path, twice);
	return 0;
}
