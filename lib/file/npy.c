#include "file/npy.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

struct array {
	char order, kind; /* '<' or '>', 'i' or 'u' */
	size_t width;	  /* bytes a number */
	uint64_t n;
};

bool
lt_npy_is(const void *data, size_t size)
{
	return size >= 6 && memcmp(data, "\x93NUMPY", 6) == 0;
}

/* The value of 'key' in the dictionary: the text after its colon. */
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
parse_descr(struct array *a, const char *s)
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
parse_shape(struct array *a, const char *s)
{
	if (!s || *s++ != '(' || *s < '0' || *s > '9')
		return false;
	for (a->n = 0; *s >= '0' && *s <= '9'; s++)
		if (!lt_mul(&a->n, a->n, 10) ||
			!lt_add(&a->n, a->n, (uint64_t)(*s - '0')))
			return false;
	return s[0] == ',' && s[1] == ')';
}

/* Length of what precedes the data, or 0. */
static size_t
parse_header(struct array *a, const unsigned char *p, size_t size)
{
	size_t fixed = size > 6 && p[6] == 1 ? 10 : 12, len = 0;
	if (size < fixed || p[6] < 1 || p[6] > 3)
		return 0;
	for (size_t i = fixed; i-- > 8;)
		len = len << 8 | p[i];
	if (len > size - fixed || len > 65536)
		return 0;
	char *dict = lt_strndup((const char *)p + fixed, len);
	const char *fortran = value_of(dict, "fortran_order");
	bool ok = parse_descr(a, value_of(dict, "descr")) &&
		  parse_shape(a, value_of(dict, "shape")) && fortran &&
		  (strncmp(fortran, "False", 5) == 0 ||
			  strncmp(fortran, "True", 4) == 0);
	free(dict);
	return ok ? fixed + len : 0;
}

static bool
number(const struct array *a, const unsigned char *p, uint32_t *v)
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

int
lt_npy_indices(const void *data, size_t size, const char *name, uint32_t **v,
	size_t *n, struct lt_err *err)
{
	struct array a = {0};
	const unsigned char *p = data;
	uint64_t bytes;
	size_t head = lt_npy_is(data, size) ? parse_header(&a, p, size) : 0;
	if (!head)
		return lt_fail(err, LT_EDATA,
			"%s: not an .npy file with one dimension of integers",
			name);
	if (!lt_mul(&bytes, a.n, a.width) || bytes != size - head)
		return lt_fail(err, LT_EDATA,
			"%s: its header says %" PRIu64
			" numbers of %zu bytes, found %zu bytes",
			name, a.n, a.width, size - head);
	uint32_t *out = lt_alloc(a.n, sizeof(*out));
	for (uint64_t i = 0; i < a.n; i++)
		if (!number(&a, p + head + i * a.width, &out[i])) {
			free(out);
			return lt_fail(err, LT_EDATA,
				"%s: number %" PRIu64
				" is no sample index (0 to %" PRIu32 ")",
				name, i, UINT32_MAX - 1);
		}
	*v = out;
	*n = a.n;
	return 0;
}
