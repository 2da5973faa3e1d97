#include "page/form.h"

#include <ctype.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

#define DASH "\xe2\x80\x93"
#define DAGGER "\xe2\x80\xa0"

/* Put commas into the whole part of a plain decimal number. */
static char *
separate(const char *s)
{
	size_t sign = *s == '-' || *s == '+', n = sign, at = 0;
	char *out = lt_alloc(2 * strlen(s) + 1, 1);

	while (isdigit((unsigned char)s[n]))
		n++;
	for (size_t i = 0; i < n; i++) {
		if (i > sign && (n - i) % 3 == 0)
			out[at++] = ',';
		out[at++] = s[i];
	}
	strcpy(out + at, s + n);
	return out;
}

/* True if the number is written with the digit 0 alone. */
static bool
all_zero(const char *s)
{
	return !s[strcspn(s, "123456789")];
}

char *
lt_form_fixed(double v, int digits, bool sign)
{
	if (isnan(v))
		return lt_strdup(DASH);
	if (isinf(v))
		return lt_strdup(v > 0 ? "inf" : "-inf");
	char *plain = lt_asprintf(sign ? "%+.*f" : "%.*f", digits, v);
	if (*plain == '-' && all_zero(plain)) {
		free(plain);
		plain = lt_asprintf(sign ? "%+.*f" : "%.*f", digits, 0.0);
	}
	char *out = separate(plain);
	free(plain);
	return out;
}

char *
lt_form_short(double v)
{
	static const struct {
		double from;
		const char *word;
	} units[] = {{1e12, "trillion"}, {1e9, "billion"}, {1e6, "million"}};

	for (size_t i = 0; i < sizeof units / sizeof *units; i++)
		if (fabs(v) >= units[i].from) {
			char *s = lt_form_fixed(v / units[i].from, 2, false);
			char *out = lt_asprintf("%s %s", s, units[i].word);
			free(s);
			return out;
		}
	return lt_form_fixed(v, 0, false);
}

char *
lt_form_mean(double v, double deviation, double n, int digits, const char *unit,
	bool narrow)
{
	char *mean = lt_form_fixed(v, digits, false), *out;

	if (isnan(v))
		return mean;
	if (isnan(deviation)) {
		out = narrow ? lt_asprintf("%s%s" DAGGER " (1)", mean, unit)
			     : lt_asprintf("%s%s (n = 1)", mean, unit);
	} else {
		char *around = lt_form_fixed(deviation, digits, false);
		out = lt_asprintf(narrow ? "%s \xc2\xb1 %s%s (%.0f)"
					 : "%s \xc2\xb1 %s%s (n = %.0f)",
			mean, around, unit, n);
		free(around);
	}
	free(mean);
	return out;
}

/* An underscore between letters is no mark of emphasis. */
static bool
marks(const char *text, size_t i)
{
	if (text[i] == '_')
		return !(i > 0 && isalnum((unsigned char)text[i - 1]) &&
			 isalnum((unsigned char)text[i + 1]));
	return strchr("\\`*[]<>|~&", text[i]) != NULL;
}

char *
lt_form_escape(const char *text)
{
	size_t n = strlen(text), at = 0;
	char *out = lt_alloc(2 * n + 1, 1);

	for (size_t i = 0; i < n; i++) {
		if (marks(text, i))
			out[at++] = '\\';
		out[at++] = text[i];
	}
	return out;
}
