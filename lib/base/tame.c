#include "base/tame.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Bytes of the character at p, 0 if it is not UTF-8; *c is its number.  A NUL
 * ends a character early, so that nothing behind the text is read. */
static size_t
decode(const unsigned char *p, uint32_t *c)
{
	static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t n = *p < 0x80	     ? 1
		   : *p >> 5 == 0x06 ? 2
		   : *p >> 4 == 0x0e ? 3
		   : *p >> 3 == 0x1e ? 4
				     : 0;

	*c = n > 1 ? *p & (0x7fu >> n) : *p;
	for (size_t i = 1; i < n; i++) {
		if (p[i] >> 6 != 2)
			return 0;
		*c = *c << 6 | (p[i] & 0x3f);
	}
	if (n > 1 && (*c < least[n] || *c > 0x10ffff || *c >> 11 == 0x1b))
		return 0;
	return n;
}

/* 0x061c, 0x200e, 0x200f: marks of direction; 0x2028, 0x2029: separators of
 * lines; the rest embeds, overrides and isolates. */
static bool
is_harmful(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f) || c == 0x061c ||
	       c == 0x200e || c == 0x200f || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2066 && c <= 0x2069);
}

void
lt_tame(char *s, const char *keep)
{
	unsigned char *p = (unsigned char *)s;
	uint32_t c;

	while (*p) {
		size_t n = decode(p, &c);
		bool bad =
			!n || (is_harmful(c) && !(n == 1 && strchr(keep, *p)));
		n = n ? n : 1;
		if (bad)
			memset(p, '?', n);
		p += n;
	}
}
