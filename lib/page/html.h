/* Make a whole page of the HTML that cmark-gfm makes of Markdown: head and
 * style, a list of its sections, captions of tables ("Table: ..." before one)
 * and pictures ("Figure: ..." after one), scopes of table heads.
 */
#ifndef LT_PAGE_HTML_H
#define LT_PAGE_HTML_H

#include <stdbool.h>
#include "base/err.h"

struct lt_html {
	const char *body;	    /* cmark-gfm's output */
	const char *name;	    /* its name, for messages */
	const char *folder;	    /* of the files that the page links to */
	const char *style, *script; /* texts, or NULL */
	bool embed; /* put pictures and linked files into the page */
};

/* The page is the caller's.  NULL with LT_EDATA if the page links to a file
 * that the folder does not have. */
char *lt_html_page(const struct lt_html *h, struct lt_err *err);

#endif
