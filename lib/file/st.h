/* Safetensors in memory: named tensors and string metadata.  Checkpoints,
 * states, masks and (small) data sets are all read and written through here.
 *
 *	struct lt_st st = {0};
 *	if (lt_st_read(&st, path, err) < 0) return -1;
 *	const struct lt_st_tensor *t = lt_st_find(&st, "fc.weight");
 *	lt_st_release(&st);
 *
 * The caller owns struct lt_st, which owns its names, strings and data, except
 * borrowed data.  lt-checkpoint(5) gives the rules of the format: tensors are
 * sorted, data begin at a multiple of 64 bytes, and equal content gives equal
 * bytes.  The seal of a file is its lt.crc32: a file with any lt.* key needs a
 * valid one; any other file is foreign and is read without a seal.
 * lt_st_read converts the types of other programs: F16, BF16 and F64 become
 * F32, narrow integers become I32, U32 becomes I64.
 */
#ifndef LT_FILE_ST_H
#define LT_FILE_ST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "base/in.h"
#include "base/out.h"

enum lt_dtype { LT_F32, LT_I64, LT_I32, LT_U8, LT_BOOL };
#define LT_ST_MAXDIM 8

struct lt_st_tensor {
	char *name;
	enum lt_dtype dtype;
	const char *stored; /* the type in the file, "F16", if it is not one of
			       lt_dtype; else NULL */
	int ndim;	    /* 0: scalar */
	uint64_t shape[LT_ST_MAXDIM];
	size_t count;  /* elements */
	size_t size;   /* bytes: those in the file, after conversion of data */
	void *data;    /* or NULL: the bytes are in the file */
	bool borrowed; /* lt_st_release does not free data */
	bool skip;     /* set by a look: the bytes are checked and dropped */
	/* If data is NULL: descriptor and position of the bytes.  lt_st_open
	 * sets them; lt_st_write copies from there. */
	int file;
	uint64_t at;
};

struct lt_st {
	struct lt_st_tensor *tensor; /* sorted by dtype alignment desc, name */
	size_t n, cap;
	char **meta; /* key, value, key, value ... sorted by key */
	size_t nmeta, meta_cap;
	bool foreign;	   /* the file has no lt.* key */
	uint32_t crc;	   /* lt.crc32 as read or, after lt_st_write, written */
	uint32_t head_crc; /* the CRC of length prefix and header alone */
	uint64_t data_pos; /* offset of the data section in the file read */
	bool unsealed;	   /* read leniently: lt.crc32 is missing or wrong */
};

/* Read a whole file; "-" is standard input.  What the format forbids is
 * LT_EDATA. The file is read and never mapped, so an output may replace it.
 * Memory for data grows as bytes really arrive. */
int lt_st_read(struct lt_st *st, const char *path, struct lt_err *err);

/* A caller's check of the header.  It is called before memory is taken for the
 * data, because a small compressed file may claim a lot of data.  The tensors
 * are in the order of their data and have data == NULL.  A look may set skip of
 * a tensor, rename a tensor, or refuse the file.  If it refuses a file whose
 * seal is wrong, the message says that the file is damaged. */
typedef int lt_st_look(
	struct lt_st *st, const char *path, void *arg, struct lt_err *err);

struct lt_st_how {
	lt_st_look *look; /* or NULL */
	void *arg;
	bool lenient; /* a missing or wrong seal only sets st->unsealed
			 (lt-info --reseal) */
	bool stored;  /* do not convert types of other programs: a tensor with
			 stored set has the bytes of the file */
};
int lt_st_read_how(struct lt_st *st, const char *path,
	const struct lt_st_how *how, struct lt_err *err);
/* Read the header of a regular file; tensors have data == NULL.  *fd stays open
 * for pread and is the caller's to close; data sets are read in this way.  The
 * file's size is checked, and lt.header_crc32, which a data set must have and
 * other kinds do not; the CRC of the data is not checked. */
int lt_st_open(struct lt_st *st, const char *path, int *fd, struct lt_err *err);
/* The length of the file that begins at in's position, as its header implies.
 * The header stays unread. */
int lt_st_length(uint64_t *length, struct lt_in *in, struct lt_err *err);
/* Position of a tensor's first byte in the file, after lt_st_open. */
uint64_t lt_st_position(const struct lt_st *st, const struct lt_st_tensor *t);
/* After lt_st_open: read all data once and compare with lt.crc32. */
int lt_st_verify(const struct lt_st *st, const char *path, struct lt_err *err);
/* Read exactly n bytes at a position; LT_EDATA if the file ends before them. */
int lt_st_pread(int fd, void *buf, size_t n, uint64_t at, const char *path,
	struct lt_err *err);
/* Set format=pt, compute lt.crc32 (and lt.header_crc32 if lt.kind is data) and
 * write the file.  LT_EUSAGE if path is a terminal. */
int lt_st_write(struct lt_st *st, const char *path, struct lt_err *err);
void lt_st_release(struct lt_st *st);
/* Restore the order of the tensors after a change of names. */
void lt_st_sort(struct lt_st *st);
/* Remove all prefixes that PyTorch's wrappers put before names ("module.",
 * "_orig_mod."); the order of the tensors stays.  LT_EDATA if two names become
 * equal. */
int lt_st_unwrap(struct lt_st *st, const char *path, struct lt_err *err);

/* Add a tensor.  st takes over data, which malloc returned, or borrows it.  The
 * name must be new.  The result is valid until the next add. */
struct lt_st_tensor *lt_st_add(struct lt_st *st, const char *name,
	enum lt_dtype dtype, int ndim, const uint64_t *shape, void *data,
	bool borrow);
struct lt_st_tensor *lt_st_find(const struct lt_st *st, const char *name);
const char *lt_st_meta(const struct lt_st *st, const char *key); /* or NULL */
void lt_st_set_meta(struct lt_st *st, const char *key, const char *value);
/* The same with a formatted value of at most 63 bytes. */
void lt_st_format_meta(struct lt_st *st, const char *key, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
/* A value of hexadecimal digits; 0 when the key is missing. */
uint32_t lt_st_meta_hex(const struct lt_st *st, const char *key);
/* lt.kind must be kind ("checkpoint", "state", "mask", "data"), else LT_EDATA
 * "FILE: is a mask, expected a checkpoint".  Foreign files count as
 * checkpoints. */
int lt_st_need_kind(const struct lt_st *st, const char *path, const char *kind,
	struct lt_err *err);
size_t lt_dtype_size(enum lt_dtype d);
const char *lt_dtype_name(enum lt_dtype d); /* "F32" ... */

/* Append one entry to the JSON array in lt.history (made when missing): tool,
 * version and alternating key, value strings, NULL at the end; an entry equal
 * to the last one is not repeated. */
void lt_st_history(
	struct lt_st *st, const char *tool, const char *const *key_values);

#endif
