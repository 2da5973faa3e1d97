/* What st.c, stread.c and stwrite.c share about the safetensors header. */
#ifndef LT_FILE_ST_INT_H
#define LT_FILE_ST_INT_H

#include "file/st.h"

#define LT_ST_HEADER_MAX ((size_t)1 << 20)
#define LT_ST_ALIGN 64

struct lt_dtype_info {
	const char *name;
	size_t size; /* bytes an element; its alignment as well */
};
extern const struct lt_dtype_info lt_dtype_table[LT_BOOL + 1];

/* Types of other programs, which the reader converts; name NULL at the end. */
struct lt_st_foreign {
	const char *name;
	size_t size;
	enum lt_dtype to;
	void (*convert)(void *to, const void *from, size_t n);
};
extern const struct lt_st_foreign lt_st_foreign_table[];
/* The row of a tensor's stored type, or NULL if it is one of lt_dtype. */
const struct lt_st_foreign *lt_st_foreign_find(const char *name);

/* Order of tensors in a file: alignment descending, then name. */
int lt_st_order(const struct lt_st_tensor *a, const struct lt_st_tensor *b);
/* The place of the eight digits of key's value in the header's bytes.  NULL if
 * the key is missing, occurs twice, or is not written as lt_st_write writes it.
 */
char *lt_st_digits(char *head, size_t len, const char *key);
/* Check that JSON is nested at most depth deep and that nothing deeper than 2
 * (a shape) has items commas or more.  0 or -1.  This runs before jansson,
 * which takes up to 60 bytes of memory for each byte of text. */
int lt_st_scan(const char *json, size_t len, int depth, size_t items);
/* CRC-32 of length prefix and header, with zeros for the digits of lt.crc32 and
 * lt.header_crc32.  The header is restored. */
uint32_t lt_st_head_crc(char *head, size_t len);
/* CRC-32 of length prefix and header, with zeros for the digits of
 * lt.header_crc32 alone. */
uint32_t lt_st_outer_crc(char *head, size_t len);
/* Continue *crc over a tensor's bytes, in memory or in its file. */
int lt_st_tensor_crc(uint32_t *crc, const struct lt_st_tensor *t,
	const char *path, struct lt_err *err);

#endif
