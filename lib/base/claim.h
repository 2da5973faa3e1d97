/* The files that one command line names, compared and tried before any work
 * begins: no two outputs may be the same file, no output may replace an input
 * that is still needed, and each output must be writable.
 *
 *	struct lt_claims c = {0};
 *	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.out);
 *	lt_claim(&c, LT_CLAIM_IN, "CHECKPOINT", argv[0]);
 *	lt_claim(&c, LT_CLAIM_HELD, "--data", opt.data);
 *	int bad = lt_claims_check(&c, err);
 *	lt_claims_release(&c);
 *
 * Files are the same when they have the same device and inode, however they
 * are spelled or linked.  Strings are borrowed until the release.
 */
#ifndef LT_BASE_CLAIM_H
#define LT_BASE_CLAIM_H

#include <stddef.h>
#include "base/err.h"

enum lt_claim_kind {
	LT_CLAIM_OUT,  /* an output that may replace an LT_CLAIM_IN */
	LT_CLAIM_SIDE, /* an output that may replace no input */
	LT_CLAIM_IN,   /* an input, read whole before any output appears */
	LT_CLAIM_HELD, /* an input that is read to the end, or read again by a
			  run that goes on */
	LT_CLAIM_KINDS,
};

struct lt_claims {
	struct lt_claim *v;
	size_t n, cap;
};

/* what: how messages call it.  A path that is NULL claims nothing. */
void lt_claim(struct lt_claims *c, enum lt_claim_kind kind, const char *what,
	const char *path);
/* The file that lt_outpath_beside makes of path; nothing beside what is not a
 * regular file. */
void lt_claim_beside(struct lt_claims *c, enum lt_claim_kind kind,
	const char *what, const char *path, const char *before,
	const char *after);
/* LT_EUSAGE: two claims that exclude each other; LT_EIO: an output that cannot
 * be written.  Leaves nothing behind. */
int lt_claims_check(struct lt_claims *c, struct lt_err *err);
void lt_claims_release(struct lt_claims *c);

#endif
