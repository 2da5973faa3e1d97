/* The history of a file (lt.history): the commands that led to it, oldest
 * first, each with its settings and the checksums of its inputs.
 */
#ifndef LT_INFO_HISTORY_H
#define LT_INFO_HISTORY_H

#include <jansson.h>
#include "file/st.h"

/* The history as an array of objects, or NULL: there is none, or it is none
 * that lt wrote.  The caller releases it with json_decref. */
json_t *lt_history_load(const struct lt_st *st);
/* The program of an entry, or "?". */
const char *lt_history_tool(const json_t *entry);
/* An entry as "lt-init version=0.1.0 seed=1"; the caller's to free. */
char *lt_history_line(json_t *entry);

#endif
