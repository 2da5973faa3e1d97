/* The commands that make a file, for lt-info --remake. */
#ifndef LT_TOOLS_INFO_REMAKE_H
#define LT_TOOLS_INFO_REMAKE_H

#include "base/out.h"
#include "info/lineage.h"

/* Write the commands as lines of sh, those first whose files others read.  A
 * command that its history does not record whole is a comment. */
void remake(struct lt_lineage *l, struct lt_out *o);

#endif
