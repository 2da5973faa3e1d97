/* Writing safetensors: the same content is the same bytes. */
#include <inttypes.h>
#include <jansson.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "file/st.h"
#include "file/st_int.h"

struct text {
	char *p;
	size_t n, cap;
};

static void
put(struct text *t, const char *s)
{
	size_t k = strlen(s);
	lt_grow(&t->p, &t->cap, t->n + k + 1, 1);
	memcpy(t->p + t->n, s, k + 1);
	t->n += k;
}

static void
put_u64(struct text *t, const char *before, uint64_t v)
{
	char s[24];
	snprintf(s, sizeof(s), "%" PRIu64, v);
	put(t, before);
	put(t, s);
}

static void
put_string(struct text *t, const char *s)
{
	json_t *j = json_string(s);
	char *quoted = j ? json_dumps(j, JSON_ENCODE_ANY | JSON_COMPACT) : NULL;
	LT_BUG_ON(!quoted);
	put(t, quoted);
	free(quoted);
	json_decref(j);
}

static void
put_tensor(struct text *h, const struct lt_st_tensor *t, uint64_t begin)
{
	put(h, ",");
	put_string(h, t->name);
	put(h, ":{\"dtype\":\"");
	put(h, lt_dtype_name(t->dtype));
	put(h, "\",\"shape\":[");
	for (int i = 0; i < t->ndim; i++)
		put_u64(h, i ? "," : "", t->shape[i]);
	put_u64(h, "],\"data_offsets\":[", begin);
	put_u64(h, ",", begin + t->size);
	put(h, "]}");
}

/* The header, padded so that the data begin on 64 bytes. */
static int
header(struct text *h, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	uint64_t begin = 0;
	put(h, "{\"__metadata__\":{");
	for (size_t i = 0; i < st->nmeta; i++) {
		put(h, i ? "," : "");
		put_string(h, st->meta[2 * i]);
		put(h, ":");
		put_string(h, st->meta[2 * i + 1]);
	}
	put(h, "}");
	for (size_t i = 0; i < st->n; i++) {
		put_tensor(h, &st->tensor[i], begin);
		begin += st->tensor[i].size;
	}
	put(h, "}");
	while ((h->n + 8) % LT_ST_ALIGN)
		put(h, " ");
	if (h->n <= LT_ST_HEADER_MAX)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: its header would have %zu bytes, at most %zu fit: too "
		"many tensors, or too long a history",
		path, h->n, LT_ST_HEADER_MAX);
}

/* Write a seal into header and metadata.  A file that was read leniently may
 * have another key that looks like a seal's. */
static int
set_seal(struct lt_st *st, struct text *h, const char *key, uint32_t crc,
	const char *path, struct lt_err *err)
{
	char s[9], *digits = lt_st_digits(h->p, h->n, key);
	if (!digits)
		return lt_fail(err, LT_EDATA,
			"%s: cannot have a checksum: another key of its "
			"metadata ends in \"%s",
			path, key);
	snprintf(s, sizeof(s), "%08" PRIx32, crc);
	memcpy(digits, s, 8);
	lt_st_set_meta(st, key, s);
	return 0;
}

static int
seal(struct lt_st *st, struct text *h, const char *path, struct lt_err *err)
{
	uint32_t crc = lt_st_head_crc(h->p, h->n);
	for (size_t i = 0; i < st->n; i++)
		if (lt_st_tensor_crc(&crc, &st->tensor[i], path, err) < 0)
			return -1;
	st->crc = crc;
	if (set_seal(st, h, "lt.crc32", crc, path, err) < 0)
		return -1;
	if (!lt_st_meta(st, "lt.header_crc32"))
		return 0;
	return set_seal(st, h, "lt.header_crc32", lt_st_outer_crc(h->p, h->n),
		path, err);
}

static int
copy_file(struct lt_out *o, const struct lt_st_tensor *t, const char *path,
	struct lt_err *err)
{
	size_t step = (size_t)1 << 20;
	unsigned char *buf = lt_alloc(step, 1);
	int r = 0;
	for (size_t done = 0; r == 0 && done < t->size; done += step) {
		size_t n = t->size - done < step ? t->size - done : step;
		r = lt_st_pread(t->file, buf, n, t->at + done, path, err);
		if (r == 0)
			lt_out_write(o, buf, n);
	}
	free(buf);
	return r;
}

static int
write_all(struct lt_out *o, const struct lt_st *st, const struct text *h,
	const char *path, struct lt_err *err)
{
	unsigned char prefix[8];
	for (int i = 0; i < 8; i++)
		prefix[i] = (unsigned char)((uint64_t)h->n >> 8 * i);
	lt_out_write(o, prefix, sizeof(prefix));
	lt_out_write(o, h->p, h->n);
	for (size_t i = 0; i < st->n; i++) {
		const struct lt_st_tensor *t = &st->tensor[i];
		if (t->data)
			lt_out_write(o, t->data, t->size);
		else if (t->size && copy_file(o, t, path, err) < 0)
			return -1;
	}
	return 0;
}

static int
write_out(const struct lt_st *st, const struct text *h, const char *path,
	struct lt_err *err)
{
	struct lt_out *o = lt_out_open_binary(path, "the output", err);
	if (!o)
		return -1;
	if (write_all(o, st, h, path, err) < 0) {
		lt_out_abandon(o);
		return -1;
	}
	return lt_out_commit(o, err);
}

int
lt_st_write(struct lt_st *st, const char *path, struct lt_err *err)
{
	struct text h = {0};
	const char *kind = lt_st_meta(st, "lt.kind");
	lt_st_set_meta(st, "format", "pt");
	lt_st_set_meta(st, "lt.crc32", "00000000");
	if ((kind && strcmp(kind, "data") == 0) ||
		lt_st_meta(st, "lt.header_crc32"))
		lt_st_set_meta(st, "lt.header_crc32", "00000000");
	int r = header(&h, st, path, err);
	if (r == 0)
		r = seal(st, &h, path, err);
	if (r == 0)
		r = write_out(st, &h, path, err);
	free(h.p);
	return r;
}
