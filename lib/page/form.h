/* Numbers and texts as pages show them.  Thousands are separated by commas
 * everywhere; a missing number is an en dash.  What these return is the
 * caller's.
 */
#ifndef LT_PAGE_FORM_H
#define LT_PAGE_FORM_H

#include <stdbool.h>

/* With this many digits after the point: 1,234.50; sign: "+1.00". */
char *lt_form_fixed(double v, int digits, bool sign);
/* Large numbers with a word: 3.79 million. */
char *lt_form_short(double v);
/* A mean with its deviation and the number of values behind it:
 * "45.33 ± 4.06 % (n = 3)"; of one value "30.40 % (n = 1)".  unit: " %" or "".
 * narrow, for cells of tables: "45.33 ± 4.06 (3)" and "30.40† (1)". */
char *lt_form_mean(double v, double deviation, double n, int digits,
	const char *unit, bool narrow);
/* Text in which nothing is taken for Markdown. */
char *lt_form_escape(const char *text);

#endif
