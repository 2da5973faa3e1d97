#include "file/npy.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

bool
lt_npy_is(const void *data, size_t size)
{
	return size >= 6 && memcmp(data, "\x93NUMPY", 6) == 0;
}

/* Find the value of 'key' in the dictionary: the text after its colon. */
static const char *
value_of(const char *dict, const char *key)
{
	char *quoted = lt_asprintf("'%s':", key);
	const char *at = strstr(dict, quoted);
	if (at)
		at += strlen(quoted);
	while (at && *at == ' ')
		at++;
	free(quoted);
	return at;
}

/* "'<i8'" */
static bool
parse_descr(struct lt_npy *a, const char *s)
{
	if (!s || s[0] != '\'' || !s[1] || !strchr("<>|=", s[1]) || !s[2] ||
		!strchr("iu", s[2]) || !s[3] || !strchr("1248", s[3]) ||
		s[4] != '\'')
		return false;
	a->order = s[1];
	a->kind = s[2];
	a->width = (size_t)(s[3] - '0');
	return true;
}

/* "(123,)" */
static bool
parse_shape(struct lt_npy *a, const char *s)
{
	if (!s || *s++ != '(' || *s < '0' || *s > '9')
		return false;
	for (a->n = 0; *s >= '0' && *s <= '9'; s++)
		if (!lt_mul(&a->n, a->n, 10) ||
			!lt_add(&a->n, a->n, (uint64_t)(*s - '0')))
			return false;
	return s[0] == ',' && s[1] == ')';
}

#define HEADER_MAX ((size_t)65536)

static bool
parse_dict(struct lt_npy *a, const char *dict)
{
	const char *fortran = value_of(dict, "fortran_order");
	return parse_descr(a, value_of(dict, "descr")) &&
	       parse_shape(a, value_of(dict, "shape")) && fortran &&
	       (strncmp(fortran, "False", 5) == 0 ||
		       strncmp(fortran, "True", 4) == 0);
}

/* Take shape and type: 1, 0 for another kind of array, -1. */
static int
read_header(struct lt_npy *a, struct lt_in *in, struct lt_err *err)
{
	unsigned char p[12] = {0};
	size_t got, fixed, len = 0;
	if (lt_in_read(in, p, 10, &got, err) < 0)
		return -1;
	if (got < 10 || !lt_npy_is(p, got) || p[6] < 1 || p[6] > 3)
		return 0;
	fixed = p[6] == 1 ? 10 : 12;
	if (fixed > 10 && lt_in_exact(in, p + 10, 2, err) < 0)
		return -1;
	for (size_t i = fixed; i-- > 8;)
		len = len << 8 | p[i];
	if (len > HEADER_MAX)
		return 0;
	char *dict = lt_alloc(len + 1, 1);
	int r = lt_in_exact(in, dict, len, err);
	if (r == 0)
		r = parse_dict(a, dict);
	free(dict);
	return r;
}

int
lt_npy_begin(struct lt_npy *a, struct lt_in *in, struct lt_err *err)
{
	uint64_t bytes;
	*a = (struct lt_npy){0};
	int r = read_header(a, in, err);
	if (r < 0)
		return -1;
	if (r == 0)
		return lt_fail(err, LT_EDATA,
			"%s: not an .npy file with one dimension of integers",
			lt_in_name(in));
	if (!lt_mul(&bytes, a->n, a->width))
		return lt_fail(err, LT_EDATA,
			"%s: its header says %" PRIu64 " numbers of %zu bytes",
			lt_in_name(in), a->n, a->width);
	return 0;
}

static bool
number(const struct lt_npy *a, const unsigned char *p, uint32_t *v)
{
	uint64_t x = 0;
	for (size_t i = 0; i < a->width; i++) {
		size_t at = a->order == '>' ? i : a->width - 1 - i;
		x = x << 8 | p[at];
	}
	bool negative = a->kind == 'i' && x >> (8 * a->width - 1);
	*v = (uint32_t)x;
	return !negative && x < UINT32_MAX;
}

/* Read more numbers into buf. */
static int
refill(struct lt_npy *a, struct lt_in *in, struct lt_err *err)
{
	size_t got, want = sizeof(a->buf);
	if (want / a->width > a->n - a->at)
		want = (size_t)(a->n - a->at) * a->width;
	if (lt_in_read(in, a->buf, want, &got, err) < 0)
		return -1;
	if (got < want)
		return lt_fail(err, LT_EDATA,
			"%s: its header says %" PRIu64
			" numbers of %zu bytes, found %" PRIu64 " bytes",
			lt_in_name(in), a->n, a->width, a->at * a->width + got);
	a->begin = 0;
	a->have = got;
	return 0;
}

int
lt_npy_next(struct lt_npy *a, struct lt_in *in, uint32_t *v, struct lt_err *err)
{
	if (a->at == a->n)
		return lt_in_end(in, err);
	if (a->begin == a->have && refill(a, in, err) < 0)
		return -1;
	if (!number(a, a->buf + a->begin, v))
		return lt_fail(err, LT_EDATA,
			"%s: number %" PRIu64
			" is no sample index (0 to %" PRIu32 ")",
			lt_in_name(in), a->at, UINT32_MAX - 1);
	a->begin += a->width;
	a->at++;
	return 1;
}
