/* Safetensors in memory: named tensors and string metadata.  Checkpoints,
 * states, masks and (small) data sets are all read and written through here.
 *
 *	struct lt_st st = {0};
 *	if (lt_st_read(&st, path, err) < 0) return -1;
 *	const struct lt_st_tensor *t = lt_st_find(&st, "fc.weight");
 *	lt_st_release(&st);
 *
 * The caller owns struct lt_st; it owns its names, strings and, unless
 * borrowed, data.  FORMATS gives the rules: sorted, aligned to 64 bytes, the
 * same content is the same bytes; a file with any lt.* key needs a valid
 * lt.crc32, any other is foreign and is read without it.
 * lt_st_read converts the types of other programs: F16, BF16 and F64 become
 * F32, narrow integers I32, U32 becomes I64.
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
	const char *stored; /* the file's type, "F16", where it is another */
	int ndim;	    /* 0: scalar */
	uint64_t shape[LT_ST_MAXDIM];
	size_t count; /* elements */
	size_t size;  /* bytes; in the file until it is converted */
	void *data;
	bool borrowed; /* data is not ours to free */
	bool skip;     /* set by a look: the bytes are checked and dropped */
	/* When data is NULL: where the bytes are, for pread.  lt_st_open sets
	 * it, lt_st_write reads from there. */
	int file;
	uint64_t at;
};

struct lt_st {
	struct lt_st_tensor *tensor; /* sorted by dtype alignment desc, name */
	size_t n, cap;
	char **meta; /* key, value, key, value ... sorted by key */
	size_t nmeta, meta_cap;
	bool foreign;	   /* had no lt.* key */
	uint32_t crc;	   /* lt.crc32 as read or, after lt_st_write, written */
	uint32_t head_crc; /* the part of it that covers prefix and header */
	uint64_t data_pos; /* offset of the data section in the file read */
	bool unsealed;	   /* read leniently: lt.crc32 missing or wrong */
};

/* Reads by read(2), never mapped; refuses whatever the format forbids.  "-" is
 * standard input.  Data is allocated as the file is known to have it. */
int lt_st_read(struct lt_st *st, const char *path, struct lt_err *err);

/* Called with the header before memory is taken for the data, which a
 * compressed file may make out of nothing.  The tensors are in the order of
 * their data and have data == NULL.  A look may set skip of a tensor, rename it
 * or refuse the file.  A file whose seal is wrong is reported as damaged, and
 * not by what the look said of it. */
typedef int lt_st_look(
	struct lt_st *st, const char *path, void *arg, struct lt_err *err);

struct lt_st_how {
	lt_st_look *look; /* or NULL */
	void *arg;
	bool lenient; /* a seal that is missing or wrong sets st->unsealed only
			 (lt-info --reseal) */
	bool stored;  /* tensors of other programs' types are not converted: a
			 tensor with stored set has its bytes as they are in
			 the file */
};
int lt_st_read_how(struct lt_st *st, const char *path,
	const struct lt_st_how *how, struct lt_err *err);
/* The header alone: tensors have data == NULL; *fd is the caller's to close and
 * stays open for pread (the data-set reader's way).  A regular file only.
 * Checks the file's size and lt.header_crc32 (missing in a data set is an
 * error; other kinds have none), not the data's CRC. */
int lt_st_open(struct lt_st *st, const char *path, int *fd, struct lt_err *err);
/* The length of the file at the beginning of in, by its header, which is looked
 * at and not taken. */
int lt_st_length(uint64_t *length, struct lt_in *in, struct lt_err *err);
/* Position of a tensor's first byte in the file, after lt_st_open. */
uint64_t lt_st_position(const struct lt_st *st, const struct lt_st_tensor *t);
/* After lt_st_open: read all data once and compare with lt.crc32. */
int lt_st_verify(const struct lt_st *st, const char *path, struct lt_err *err);
/* Exactly n bytes at a position; LT_EDATA when the file has become shorter. */
int lt_st_pread(int fd, void *buf, size_t n, uint64_t at, const char *path,
	struct lt_err *err);
/* Sets format=pt, computes lt.crc32 (lt.header_crc32 too for lt.kind=data) and
 * writes.  LT_EUSAGE when path is a terminal. */
int lt_st_write(struct lt_st *st, const char *path, struct lt_err *err);
void lt_st_release(struct lt_st *st);
/* After a change of names. */
void lt_st_sort(struct lt_st *st);
/* Drop the prefixes that PyTorch's wrappers put before names, however many
 * ("module.", "_orig_mod."); the order of the tensors stays.  LT_EDATA for a
 * name that is then there twice. */
int lt_st_unwrap(struct lt_st *st, const char *path, struct lt_err *err);

/* Add a tensor; takes ownership of data (malloc'ed) or borrows it.  A name that
 * is there already is a bug.  The pointer is valid until the next add. */
struct lt_st_tensor *lt_st_add(struct lt_st *st, const char *name,
	enum lt_dtype dtype, int ndim, const uint64_t *shape, void *data,
	bool borrow);
struct lt_st_tensor *lt_st_find(const struct lt_st *st, const char *name);
const char *lt_st_meta(const struct lt_st *st, const char *key); /* or NULL */
void lt_st_set_meta(struct lt_st *st, const char *key, const char *value);
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
