/* Reading safetensors: every claim of a header is checked against the file
 * before memory is taken for it. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>
#include "base/in.h"
#include "base/mem.h"
#include "base/signature.h"
#include "file/st.h"
#include "file/st_int.h"

#define DEPTH 4

struct reader {
	struct lt_st *st;
	const char *path;
	struct lt_err *err;
	char *head; /* the header's bytes */
	size_t len;
	uint64_t size; /* of the data section, as the header has it */
	bool converts; /* takes the types of lt_st_foreign_table */
	struct lt_st_how how;
};

static int
parse_length(const unsigned char prefix[8], struct reader *r)
{
	uint64_t len = 0;
	for (int i = 7; i >= 0; i--)
		len = len << 8 | prefix[i];
	const char *other = lt_signature_name(prefix, 8);
	/* A short header may have a length that looks like a signature. */
	if (len > LT_ST_HEADER_MAX && other)
		return lt_fail(r->err, LT_EDATA, "%s: not safetensors but %s",
			r->path, other);
	if (len > LT_ST_HEADER_MAX)
		return lt_fail(r->err, LT_EDATA,
			"%s: not safetensors: the header would have %" PRIu64
			" bytes, expected at most %zu",
			r->path, len, LT_ST_HEADER_MAX);
	r->len = len;
	r->st->data_pos = 8 + len;
	return 0;
}

/* A JSON integer that is not negative. */
static bool
whole(const json_t *j, uint64_t *v)
{
	if (!json_is_integer(j) || json_integer_value(j) < 0)
		return false;
	*v = (uint64_t)json_integer_value(j);
	return true;
}

static int
bad_tensor(struct reader *r, const char *name, const char *what)
{
	return lt_fail(
		r->err, LT_EDATA, "%s: tensor '%s': %s", r->path, name, what);
}

static int
parse_dtype(struct reader *r, struct lt_st_tensor *t, const json_t *j)
{
	const char *name = json_string_value(j);
	for (int d = LT_F32; name && d <= LT_BOOL; d++)
		if (strcmp(name, lt_dtype_table[d].name) == 0) {
			t->dtype = (enum lt_dtype)d;
			return 0;
		}
	const struct lt_st_foreign *f = lt_st_foreign_find(name);
	if (f && r->converts) {
		t->dtype = f->to;
		t->stored = f->name;
		return 0;
	}
	return lt_fail(r->err, LT_EDATA,
		"%s: tensor '%s': dtype is %s, expected F32, I64, I32, U8, "
		"BOOL%s",
		r->path, t->name, name ? name : "not a string",
		r->converts ? ", F16, BF16, F64, I16, I8, U16 or U32" : "");
}

static int
parse_shape(struct reader *r, struct lt_st_tensor *t, const json_t *j)
{
	uint64_t count = 1, size;
	size_t n = json_array_size(j);
	if (!json_is_array(j) || n > LT_ST_MAXDIM)
		return bad_tensor(r, t->name,
			"shape is not an array of at most 8 numbers");
	for (size_t i = 0; i < n; i++) {
		if (!whole(json_array_get(j, i), &t->shape[i]))
			return bad_tensor(r, t->name,
				"shape contains something other than counts");
		if (!lt_mul(&count, count, t->shape[i]))
			return bad_tensor(r, t->name, "shape is too large");
	}
	const struct lt_st_foreign *f = lt_st_foreign_find(t->stored);
	if (!lt_mul(&size, count, f ? f->size : lt_dtype_size(t->dtype)) ||
		size > INT64_MAX)
		return bad_tensor(r, t->name, "shape is too large");
	t->ndim = (int)n;
	t->count = count;
	t->size = size;
	return 0;
}

static int
parse_offsets(struct reader *r, struct lt_st_tensor *t, const json_t *j)
{
	uint64_t begin, end;
	if (!json_is_array(j) || json_array_size(j) != 2 ||
		!whole(json_array_get(j, 0), &begin) ||
		!whole(json_array_get(j, 1), &end))
		return bad_tensor(
			r, t->name, "data_offsets is not a pair of counts");
	if (end < begin)
		return bad_tensor(r, t->name, "data_offsets are reversed");
	if (end - begin != t->size)
		return lt_fail(r->err, LT_EDATA,
			"%s: tensor '%s': data_offsets span %" PRIu64
			" bytes, expected %zu from its shape",
			r->path, t->name, end - begin, t->size);
	t->at = begin;
	return 0;
}

static int
parse_tensor(struct reader *r, const char *name, const json_t *j)
{
	struct lt_st *st = r->st;
	if (!*name || !json_is_object(j) || json_object_size(j) != 3)
		return bad_tensor(r, name,
			"expected exactly dtype, shape and data_offsets");
	lt_grow(&st->tensor, &st->cap, st->n + 1, sizeof(*st->tensor));
	struct lt_st_tensor *t = &st->tensor[st->n++];
	*t = (struct lt_st_tensor){.name = lt_strdup(name), .file = -1};
	static const struct {
		const char *key;
		int (*parse)(
			struct reader *, struct lt_st_tensor *, const json_t *);
	} part[] = {
		{"dtype", parse_dtype},
		{"shape", parse_shape},
		{"data_offsets", parse_offsets},
	};
	for (int i = 0; i < 3; i++) {
		const json_t *v = json_object_get(j, part[i].key);
		if (!v)
			return lt_fail(r->err, LT_EDATA,
				"%s: tensor '%s': no %s", r->path, name,
				part[i].key);
		if (part[i].parse(r, t, v) < 0)
			return -1;
	}
	return 0;
}

static int
by_key(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static int
parse_meta(struct reader *r, json_t *j)
{
	struct lt_st *st = r->st;
	const char *key;
	json_t *v;
	if (!json_is_object(j))
		return lt_fail(r->err, LT_EDATA,
			"%s: __metadata__ is not an object", r->path);
	st->meta_cap = 2 * json_object_size(j);
	st->meta = lt_alloc(st->meta_cap + 1, sizeof(char *));
	json_object_foreach(j, key, v)
	{
		if (!json_is_string(v))
			return lt_fail(r->err, LT_EDATA,
				"%s: metadata '%s' is not a string", r->path,
				key);
		st->meta[2 * st->nmeta] = lt_strdup(key);
		st->meta[2 * st->nmeta + 1] = lt_strdup(json_string_value(v));
		st->nmeta++;
		if (strncmp(key, "lt.", 3) == 0)
			st->foreign = false;
	}
	/* Pairs of pointers, by the first of each. */
	if (st->nmeta)
		qsort(st->meta, st->nmeta, 2 * sizeof(char *), by_key);
	return 0;
}

static int
by_place(const void *a, const void *b)
{
	const struct lt_st_tensor *x = a, *y = b;
	if (x->at != y->at)
		return x->at < y->at ? -1 : 1;
	return (x->size > y->size) - (x->size < y->size);
}

/* Check that tensors fill the data section from its first byte, without gaps
 * and overlaps.  They end up in the order of the file. */
static int
check_layout(struct reader *r)
{
	struct lt_st *st = r->st;
	if (st->n)
		qsort(st->tensor, st->n, sizeof(*st->tensor), by_place);
	for (size_t i = 0; i < st->n; i++) {
		struct lt_st_tensor *t = &st->tensor[i];
		if (t->at != r->size)
			return lt_fail(r->err, LT_EDATA,
				"%s: tensor '%s': %s: data begin at byte "
				"%" PRIu64 ", expected %" PRIu64,
				r->path, t->name,
				t->at > r->size ? "gap" : "overlap", t->at,
				r->size);
		if (!lt_add(&r->size, r->size, t->size) ||
			r->size > INT64_MAX - st->data_pos)
			return bad_tensor(r, t->name, "offsets are too large");
		t->at += st->data_pos;
	}
	return 0;
}

static int
parse_root(struct reader *r, json_t *root)
{
	const char *key;
	json_t *v;
	json_object_foreach(root, key, v)
	{
		int ok = strcmp(key, "__metadata__") == 0
				 ? parse_meta(r, v)
				 : parse_tensor(r, key, v);
		if (ok < 0)
			return -1;
	}
	return check_layout(r);
}

static int
parse_header(struct reader *r)
{
	json_error_t why;
	r->st->foreign = true;
	if (!r->len || r->head[0] != '{')
		return lt_fail(r->err, LT_EDATA,
			"%s: not safetensors: the header does not begin with "
			"'{'",
			r->path);
	if (lt_st_scan(r->head, r->len, DEPTH, LT_ST_MAXDIM + 1) < 0)
		return lt_fail(r->err, LT_EDATA,
			"%s: header is nested deeper than %d or has an array "
			"longer than %d",
			r->path, DEPTH, LT_ST_MAXDIM);
	json_t *root =
		json_loadb(r->head, r->len, JSON_REJECT_DUPLICATES, &why);
	if (!root)
		return lt_fail(r->err, LT_EDATA,
			"%s: header is not JSON: byte %d: %s", r->path,
			8 + why.position, why.text);
	int ok = parse_root(r, root);
	json_decref(root);
	return ok;
}

/* ---------------------------------------------------------------- seals -- */

static int
broken_seal(struct reader *r, const char *why)
{
	return lt_fail(r->err, LT_EDATA,
		"%s: damaged, or rewritten by another program: %s", r->path,
		why);
}

/* The eight digits of a key that must be there and agree with crc. */
static int
check_digits(struct reader *r, const char *key, uint32_t crc, uint32_t *found)
{
	char *digits = lt_st_digits(r->head, r->len, key), text[9], why[80];
	const char *meta = lt_st_meta(r->st, key);
	if (!digits || !meta || strncmp(meta, digits, 8) != 0) {
		snprintf(why, sizeof(why), "no valid %s", key);
		return broken_seal(r, why);
	}
	memcpy(text, digits, 8);
	text[8] = '\0';
	*found = (uint32_t)strtoul(text, NULL, 16);
	if (*found == crc)
		return 0;
	snprintf(why, sizeof(why), "%s is %s, expected %08" PRIx32, key, text,
		crc);
	return broken_seal(r, why);
}

/* Check the seal as far as the header allows; the data are checked later. */
static int
check_header_seal(struct reader *r, bool data)
{
	struct lt_st *st = r->st;
	uint32_t found;
	const char *kind = lt_st_meta(st, "lt.kind");
	st->head_crc = lt_st_head_crc(r->head, r->len);
	if (st->foreign)
		return 0;
	if (!lt_st_meta(st, "lt.header_crc32") &&
		(!data || !kind || strcmp(kind, "data") != 0))
		return 0;
	return check_digits(
		r, "lt.header_crc32", lt_st_outer_crc(r->head, r->len), &found);
}

/* -------------------------------------------------------------- reading -- */

static int
too_short(struct reader *r, const struct lt_st_tensor *t, size_t found)
{
	return lt_fail(r->err, LT_EDATA,
		"%s: truncated: tensor '%s' has %zu bytes, expected %zu",
		r->path, t->name, found, t->size);
}

/* Skip the tensor's bytes, but continue the CRC over them. */
static int
skip_bytes(struct reader *r, struct lt_in *in, const struct lt_st_tensor *t,
	uint32_t *crc)
{
	size_t step = (size_t)1 << 20, done = 0, got = step;
	unsigned char *buf = lt_alloc(step, 1);
	int bad = 0;
	while (!bad && done < t->size && got == step) {
		size_t n = t->size - done < step ? t->size - done : step;
		bad = lt_in_read(in, buf, n, &got, r->err);
		if (!bad)
			*crc = (uint32_t)crc32_z(*crc, buf, got);
		done += bad ? 0 : got;
	}
	free(buf);
	return bad || done == t->size ? bad : too_short(r, t, done);
}

/* Read the tensor's bytes into a buffer that grows as they really arrive. */
static int
read_bytes(struct reader *r, struct lt_in *in, struct lt_st_tensor *t)
{
	size_t cap = 0, done = 0, got = 1;
	while (done < t->size) {
		cap = cap ? 2 * cap : (size_t)1 << 20;
		if (cap > t->size)
			cap = t->size;
		t->data = lt_realloc(t->data, cap, 1);
		if (lt_in_read(in, (char *)t->data + done, cap - done, &got,
			    r->err) < 0)
			return -1;
		done += got;
		if (done < cap)
			return too_short(r, t, done);
	}
	return 0;
}

/* Convert a tensor that was read to one of our types. */
static void
convert(struct lt_st_tensor *t)
{
	const struct lt_st_foreign *f = lt_st_foreign_find(t->stored);
	if (!f)
		return;
	void *raw = t->data;
	t->size = t->count * lt_dtype_size(t->dtype);
	t->data = lt_alloc(t->size, 1);
	f->convert(t->data, raw, t->count);
	free(raw);
}

/* Read all data in the order of the file and continue the CRC. */
static int
read_data(struct reader *r, struct lt_in *in, uint32_t *crc)
{
	struct lt_st *st = r->st;
	for (size_t i = 0; i < st->n; i++) {
		struct lt_st_tensor *t = &st->tensor[i];
		int bad = t->skip ? skip_bytes(r, in, t, crc)
				  : read_bytes(r, in, t);
		if (bad < 0)
			return -1;
		if (!t->skip && lt_st_tensor_crc(crc, t, r->path, r->err) < 0)
			return -1;
	}
	return lt_in_end(in, r->err);
}

/* Let the caller look at the header.  If it refuses a file of ours, the file is
 * read to its end without taking memory: if the seal is wrong, damage is the
 * reason to report. */
static int
look(struct reader *r, struct lt_in *in)
{
	struct lt_st *st = r->st;
	struct lt_err first, *err = r->err;
	uint32_t crc = st->head_crc;
	r->err = &first;
	int bad =
		r->how.look ? r->how.look(st, r->path, r->how.arg, r->err) : 0;
	r->err = err;
	if (!bad)
		return 0;
	if (!st->foreign) {
		for (size_t i = 0; i < st->n; i++)
			st->tensor[i].skip = true;
		if (read_data(r, in, &crc) < 0 ||
			check_digits(r, "lt.crc32", crc, &st->crc) < 0)
			return -1;
	}
	*err = first;
	return -1;
}

static int
read_file(struct reader *r, struct lt_in *in)
{
	unsigned char prefix[8];
	struct lt_st *st = r->st;
	bool lenient = r->how.lenient;
	if (lt_in_exact(in, prefix, 8, r->err) < 0 ||
		parse_length(prefix, r) < 0)
		return -1;
	r->head = lt_alloc(r->len + 1, 1);
	if (lt_in_exact(in, r->head, r->len, r->err) < 0 || parse_header(r) < 0)
		return -1;
	if (check_header_seal(r, true) < 0) {
		if (!lenient)
			return -1;
		st->unsealed = true;
	}
	uint32_t crc = st->head_crc;
	if (look(r, in) < 0 || read_data(r, in, &crc) < 0)
		return -1;
	for (size_t i = 0; i < st->n && !r->how.stored; i++)
		if (!st->tensor[i].skip)
			convert(&st->tensor[i]);
	lt_st_sort(st);
	if (st->foreign) {
		st->crc = crc;
		return 0;
	}
	if (check_digits(r, "lt.crc32", crc, &st->crc) < 0) {
		if (!lenient)
			return -1;
		st->unsealed = true;
	}
	return 0;
}

int
lt_st_read_how(struct lt_st *st, const char *path, const struct lt_st_how *how,
	struct lt_err *err)
{
	struct lt_in *in = lt_in_open(path, err);
	*st = (struct lt_st){0};
	if (!in)
		return -1;
	struct reader r = {.st = st,
		.path = lt_in_name(in),
		.err = err,
		.converts = true,
		.how = *how};
	int ok = read_file(&r, in);
	free(r.head);
	lt_in_close(in);
	if (ok < 0)
		lt_st_release(st);
	return ok;
}

int
lt_st_read(struct lt_st *st, const char *path, struct lt_err *err)
{
	return lt_st_read_how(st, path, &(struct lt_st_how){0}, err);
}

int
lt_st_length(uint64_t *length, struct lt_in *in, struct lt_err *err)
{
	struct lt_st st = {0};
	struct reader r = {.st = &st, .path = lt_in_name(in), .err = err};
	const char *p;
	unsigned char prefix[8] = {0};
	size_t n;
	int ok = lt_in_peek(in, &p, 8, &n, err);
	if (ok == 0) {
		memcpy(prefix, p, n);
		ok = parse_length(prefix, &r);
	}
	if (ok == 0)
		ok = lt_in_peek(in, &p, 8 + r.len, &n, err);
	if (ok == 0 && n < 8 + r.len)
		ok = lt_fail(err, LT_EDATA,
			"%s: truncated: the header has %zu bytes, expected "
			"%" PRIu64,
			r.path, n, 8 + (uint64_t)r.len);
	if (ok == 0) {
		r.head = lt_memdup(p + 8, r.len);
		ok = parse_header(&r);
		*length = st.data_pos + r.size;
		free(r.head);
	}
	lt_st_release(&st);
	return ok;
}

/* -------------------------------------------------------------- opening -- */

int
lt_st_pread(int fd, void *buf, size_t n, uint64_t at, const char *path,
	struct lt_err *err)
{
	for (size_t done = 0; done < n;) {
		ssize_t got = pread(
			fd, (char *)buf + done, n - done, (off_t)(at + done));
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return lt_fail(err, LT_EIO, "%s: cannot read: %s", path,
				strerror(errno));
		if (got == 0)
			return lt_fail(err, LT_EDATA,
				"%s: truncated: expected %zu bytes at byte "
				"%" PRIu64 ", found %zu",
				path, n, at, done);
		done += (size_t)got;
	}
	return 0;
}

/* Open a regular file, without waiting for the writer of a FIFO. */
static int
open_regular(const char *path, uint64_t *size, struct lt_err *err)
{
	struct stat sb;
	int fd = open(strcmp(path, "-") == 0 ? "/dev/stdin" : path,
		O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return lt_fail_errno(err, path);
	if (fstat(fd, &sb) < 0 || !S_ISREG(sb.st_mode)) {
		close(fd);
		return lt_fail(err, LT_EDATA,
			"%s: is not a regular file, expected one: a data set "
			"is read by position",
			path);
	}
	*size = (uint64_t)sb.st_size;
	return fd;
}

static int
open_header(struct reader *r, int fd, uint64_t size)
{
	unsigned char prefix[8];
	struct lt_st *st = r->st;
	if (lt_st_pread(fd, prefix, 8, 0, r->path, r->err) < 0)
		return -1;
	if (prefix[0] == 0x1f && prefix[1] == 0x8b)
		return lt_fail(r->err, LT_EDATA,
			"%s: is compressed, expected a plain file: a data set "
			"is read by position",
			r->path);
	if (parse_length(prefix, r) < 0)
		return -1;
	r->head = lt_alloc(r->len + 1, 1);
	if (lt_st_pread(fd, r->head, r->len, 8, r->path, r->err) < 0 ||
		parse_header(r) < 0 || check_header_seal(r, true) < 0)
		return -1;
	if (size != st->data_pos + r->size)
		return lt_fail(r->err, LT_EDATA,
			"%s: %s: the file has %" PRIu64
			" bytes, its header says %" PRIu64,
			r->path,
			size < st->data_pos + r->size ? "truncated"
						      : "too long",
			size, st->data_pos + r->size);
	const char *crc = lt_st_meta(st, "lt.crc32");
	if (crc)
		st->crc = (uint32_t)strtoul(crc, NULL, 16);
	for (size_t i = 0; i < st->n; i++)
		st->tensor[i].file = fd;
	return 0;
}

int
lt_st_open(struct lt_st *st, const char *path, int *fd, struct lt_err *err)
{
	uint64_t size = 0;
	struct reader r = {.st = st, .path = path, .err = err};
	*st = (struct lt_st){0};
	*fd = open_regular(path, &size, err);
	if (*fd < 0)
		return -1;
	int ok = open_header(&r, *fd, size);
	free(r.head);
	if (ok < 0) {
		close(*fd);
		*fd = -1;
		lt_st_release(st);
		return -1;
	}
	lt_st_sort(st);
	return 0;
}

int
lt_st_verify(const struct lt_st *st, const char *path, struct lt_err *err)
{
	uint32_t crc = st->head_crc;
	struct lt_st_tensor *order =
		lt_memdup(st->tensor, st->n * sizeof(*order));
	if (st->n)
		qsort(order, st->n, sizeof(*order), by_place);
	int r = 0;
	for (size_t i = 0; r == 0 && i < st->n; i++)
		r = lt_st_tensor_crc(&crc, &order[i], path, err);
	free(order);
	if (r < 0 || st->foreign || crc == st->crc)
		return r;
	return lt_fail(err, LT_EDATA,
		"%s: damaged, or rewritten by another program: lt.crc32 is "
		"%08" PRIx32 ", expected %08" PRIx32,
		path, st->crc, crc);
}
