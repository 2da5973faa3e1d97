/* Fill a template (lt-page(1)): Markdown with places for what tables hold.
 *
 *	char *page = lt_template_fill("prac.md", "out/report", err);
 *
 * The page is the caller's, NULL after a failure.  A message begins with
 * "TEMPLATE:LINE:".
 */
#ifndef LT_PAGE_TEMPLATE_H
#define LT_PAGE_TEMPLATE_H

#include "base/err.h"

char *lt_template_fill(
	const char *template, const char *folder, struct lt_err *err);

#endif
