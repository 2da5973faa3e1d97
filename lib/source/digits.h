/* Numbers as captions of pictures: a font of 3 x 5 pixels. */
#ifndef LT_SOURCE_DIGITS_H
#define LT_SOURCE_DIGITS_H

#include <stdbool.h>

#define LT_DIGIT_W 3
#define LT_DIGIT_H 5

/* True if the pixel (x, y), counted from the upper left corner, of this letter
 * is ink.  Letters are those that "%g" prints; any other is all ink. */
bool lt_digit_ink(char letter, int x, int y);

/* Write v as a short caption: whole numbers in full, others with three digits,
 * NaN as "-".  Returns buf. */
#define LT_DIGITS_TEXT 16
const char *lt_digits_text(char buf[LT_DIGITS_TEXT], double v);

#endif
