/* A layer's kept weights as a picture.  Each pixel is a weight and each row an
 * output unit; black weights are kept (in a mask) or not zero (in a
 * checkpoint).
 */
#ifndef LT_SOURCE_PICTURE_H
#define LT_SOURCE_PICTURE_H

#include <stdbool.h>
#include "base/err.h"
#include "file/st.h"

/* True if the name ends in .png or .pbm, the formats that can be written. */
bool lt_picture_name(const char *out);
/* Write the picture of one layer of st to out.  layer is the name of a tensor,
 * a parameter or a node.  path is the file of st, for messages. */
int lt_picture_write(const char *out, const struct lt_st *st, const char *layer,
	const char *path, struct lt_err *err);

#endif
