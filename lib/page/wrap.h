/* Lay out a page of Markdown: paragraphs and list items in lines of at most 80
 * characters, and no two blank lines after one another.  Code, tables, heads
 * and pictures stay as they are.  The result is the caller's.
 */
#ifndef LT_PAGE_WRAP_H
#define LT_PAGE_WRAP_H

char *lt_wrap(const char *page);

#endif
