/* Notes of a run. */
#include "run/report.h"

#include <stdarg.h>
#include <stdio.h>

void
report_note(const struct lt_train_opt *o, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	if (!o->report)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	struct lt_report r = {.kind = LT_REPORT_NOTE, .text = text};
	o->report(o->report_arg, &r);
}
