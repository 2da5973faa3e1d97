/* Conversion of other programs' types to those that lt computes with.  Files
 * are little-endian, and so are the machines that lt runs on. */
#include <string.h>
#include "base/half.h"
#include "file/st_int.h"

static void
from_f16(void *to, const void *from, size_t n)
{
	const uint16_t *v = from;
	float *out = to;

	for (size_t i = 0; i < n; i++)
		out[i] = lt_half_get(v[i]);
}

static void
from_bf16(void *to, const void *from, size_t n)
{
	const uint16_t *v = from;
	float *out = to;

	for (size_t i = 0; i < n; i++)
		out[i] = lt_bf16_get(v[i]);
}

#define CONVERSION(name, in_type, out_type) \
	static void name(void *to, const void *from, size_t n) \
	{ \
		const in_type *v = from; \
		out_type *out = to; \
		for (size_t i = 0; i < n; i++) \
			out[i] = (out_type)v[i]; \
	}
CONVERSION(from_f64, double, float)
CONVERSION(from_i16, int16_t, int32_t)
CONVERSION(from_i8, int8_t, int32_t)
CONVERSION(from_u16, uint16_t, int32_t)
CONVERSION(from_u32, uint32_t, int64_t)

const struct lt_st_foreign lt_st_foreign_table[] = {
	{"F16", 2, LT_F32, from_f16},
	{"BF16", 2, LT_F32, from_bf16},
	{"F64", 8, LT_F32, from_f64},
	{"I16", 2, LT_I32, from_i16},
	{"I8", 1, LT_I32, from_i8},
	{"U16", 2, LT_I32, from_u16},
	{"U32", 4, LT_I64, from_u32},
	{0},
};

const struct lt_st_foreign *
lt_st_foreign_find(const char *name)
{
	for (const struct lt_st_foreign *f = lt_st_foreign_table; f->name; f++)
		if (name && strcmp(f->name, name) == 0)
			return f;
	return NULL;
}
