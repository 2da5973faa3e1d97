/* Notes to the caller of a run, through the callback of struct lt_train_opt.
 */
#ifndef LT_RUN_REPORT_H
#define LT_RUN_REPORT_H

#include "run/train.h"

/* Report one line, unless the caller wants no reports. */
void report_note(const struct lt_train_opt *o, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
