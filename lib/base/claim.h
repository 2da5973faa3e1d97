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
 * Two paths name the same file if device and inode agree, whatever the spelling
 * and the links.  Strings are borrowed until the release.
 */
#ifndef LT_BASE_CLAIM_H
#define LT_BASE_CLAIM_H

#include <stddef.h>
#include "base/err.h"

enum lt_claim_kind {
	LT_CLAIM_OUT,  /* an output that may replace an LT_CLAIM_IN */
	LT_CLAIM_SIDE, /* an output that may replace no input */
	LT_CLAIM_IN,   /* an input, read whole before any output appears */
	LT_CLAIM_HELD, /* an input that is still read while outputs appear, or
			  that a resumed run reads again */
	LT_CLAIM_KINDS,
};

struct lt_claims {
	struct lt_claim *v;
	size_t n, cap;
};

/* Record a claim.  Messages call the file by the name what.  If path is NULL,
 * nothing is claimed. */
void lt_claim(struct lt_claims *c, enum lt_claim_kind kind, const char *what,
	const char *path);
/* Claim the file whose name lt_outpath_beside makes from path.  If path names a
 * pipe or a device, nothing is claimed. */
void lt_claim_beside(struct lt_claims *c, enum lt_claim_kind kind,
	const char *what, const char *path, const char *before,
	const char *after);
/* Claim in the same way, as LT_CLAIM_SIDE, the table of times that stands
 * beside the table path (lt_outpath_times). */
void lt_claim_times(struct lt_claims *c, const char *what, const char *path);
/* Returns 0, or -1 with LT_EUSAGE if two claims exclude each other, or LT_EIO
 * if an output cannot be written.  The check leaves no file behind. */
int lt_claims_check(struct lt_claims *c, struct lt_err *err);
void lt_claims_release(struct lt_claims *c);

#endif
