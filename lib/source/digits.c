#include "source/digits.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>

/* A row of pixels is an octal digit, the left one its highest bit. */
static const struct {
	char letter;
	char row[LT_DIGIT_H + 1];
} font[] = {
	{'0', "75557"},
	{'1', "26227"},
	{'2', "71747"},
	{'3', "71717"},
	{'4', "55711"},
	{'5', "74717"},
	{'6', "74757"},
	{'7', "71122"},
	{'8', "75757"},
	{'9', "75717"},
	{'.', "00002"},
	{'-', "00700"},
	{'+', "02720"},
	{'e', "74647"},
	{'i', "20222"},
	{'n', "00655"},
	{'f', "32722"},
};

bool
lt_digit_ink(char letter, int x, int y)
{
	for (size_t i = 0; i < sizeof(font) / sizeof(*font); i++)
		if (font[i].letter == letter)
			return (font[i].row[y] - '0') >> (LT_DIGIT_W - 1 - x) &
			       1;
	return true;
}

const char *
lt_digits_text(char buf[LT_DIGITS_TEXT], double v)
{
	if (isnan(v))
		return "-";
	bool whole = v == rint(v) && fabs(v) < 1e6;
	/* 0 + v: no "-0". */
	snprintf(buf, LT_DIGITS_TEXT, whole ? "%.0f" : "%.3g", 0 + v);
	return buf;
}
