/* A layer's kept weights as a picture: a pixel a weight, a row an output, black
 * where the weight is kept (mask) or not zero (checkpoint).
 */
#ifndef LT_SOURCE_PICTURE_H
#define LT_SOURCE_PICTURE_H

#include <stdbool.h>
#include "base/err.h"
#include "file/st.h"

/* Can a picture be written there: does the name end in .png or .pbm? */
bool lt_picture_name(const char *out);
/* layer names a tensor, a parameter or a node; path is st's, for messages. */
int lt_picture_write(const char *out, const struct lt_st *st, const char *layer,
	const char *path, struct lt_err *err);

#endif
