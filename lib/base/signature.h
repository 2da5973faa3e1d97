/* Files of other kinds, known by their first bytes: for messages. */
#ifndef LT_BASE_SIGNATURE_H
#define LT_BASE_SIGNATURE_H

#include <stddef.h>

/* What a file is that begins with these n bytes, with an article, or NULL.  The
 * first 8 bytes suffice.  The answer is a guess: ask it only about a file that
 * the caller cannot read. */
const char *lt_signature_name(const void *p, size_t n);

#endif
