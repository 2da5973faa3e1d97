/* Numbers in pictures: a font of 3 x 5 pixels. */
#ifndef LT_SOURCE_DIGITS_H
#define LT_SOURCE_DIGITS_H

#include <stdbool.h>

#define LT_DIGIT_W 3
#define LT_DIGIT_H 5

/* Is this pixel of a letter of "%g" ink?  x and y from its upper left corner;
 * a letter that a number does not have is all ink. */
bool lt_digit_ink(char letter, int x, int y);

/* Short, as the caption of a picture: whole numbers as they are, others with
 * three digits; "-" for nan. */
#define LT_DIGITS_TEXT 16
const char *lt_digits_text(char buf[LT_DIGITS_TEXT], double v);

#endif
