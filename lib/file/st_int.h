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

/* What others write and the reader converts; name NULL at the end. */
struct lt_st_foreign {
	const char *name;
	size_t size;
	enum lt_dtype to;
	void (*convert)(void *to, const void *from, size_t n);
};
extern const struct lt_st_foreign lt_st_foreign_table[];
/* The row of a tensor's stored type; NULL when it is one of ours. */
const struct lt_st_foreign *lt_st_foreign_find(const char *name);

/* Order of tensors in a file: alignment descending, then name. */
int lt_st_order(const struct lt_st_tensor *a, const struct lt_st_tensor *b);
/* Place of the eight digits of key in the header's bytes, or NULL: the key is
 * missing, there twice, or not written as we write it. */
char *lt_st_digits(char *head, size_t len, const char *key);
/* Is JSON no deeper than depth, with less than items commas in anything at a
 * depth above 2 (shapes)?  Looked at before jansson sees it, which takes up to
 * 60 bytes of memory a byte.  0 or -1. */
int lt_st_scan(const char *json, size_t len, int depth, size_t items);
/* CRC-32 of length prefix and header with zeros for the digits of lt.crc32 and
 * lt.header_crc32; the header is as before afterwards. */
uint32_t lt_st_head_crc(char *head, size_t len);
/* CRC-32 of length prefix and header, zeros for those of lt.header_crc32. */
uint32_t lt_st_outer_crc(char *head, size_t len);
/* crc continued over a tensor's bytes in memory or in its file. */
int lt_st_tensor_crc(uint32_t *crc, const struct lt_st_tensor *t,
	const char *path, struct lt_err *err);

#endif
