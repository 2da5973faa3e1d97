/* Test Anything Protocol for the unit tests.
 *
 *	static void
 *	adds(void)
 *	{
 *		CHECK(1 + 1 == 2);
 *		CHECK_EQ(1 + 1, 2);
 *	}
 *	int
 *	main(void)
 *	{
 *		TEST(adds, "numbers add up");
 *		return tap_done();
 *	}
 *
 * A test is a function; it fails when any CHECK in it fails, and goes on.
 */
#ifndef LT_TESTS_TAP_H
#define LT_TESTS_TAP_H

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

static int tap_count, tap_failures;
static bool tap_bad;

static inline bool
tap_check(bool ok, const char *file, int line, const char *what)
{
	if (!ok) {
		printf("# %s:%d: %s\n", file, line, what);
		tap_bad = true;
	}
	return ok;
}

static inline bool
tap_equal(
	long long a, long long b, const char *file, int line, const char *what)
{
	if (a != b) {
		printf("# %s:%d: %s: %lld is not %lld\n", file, line, what, a,
			b);
		tap_bad = true;
	}
	return a == b;
}

static inline bool
tap_string(const char *a, const char *b, const char *file, int line,
	const char *what)
{
	bool ok = strcmp(a, b) == 0;
	if (!ok) {
		printf("# %s:%d: %s: '%s' is not '%s'\n", file, line, what, a,
			b);
		tap_bad = true;
	}
	return ok;
}

/* Each is an expression that says whether it held. */
#define CHECK(cond) tap_check((cond), __FILE__, __LINE__, #cond)
#define CHECK_EQ(a, b) \
	tap_equal((long long)(a), (long long)(b), __FILE__, __LINE__, \
		#a " == " #b)
#define CHECK_STR(a, b) tap_string((a), (b), __FILE__, __LINE__, #a " == " #b)

static inline void
tap_test(void (*test)(void), const char *title)
{
	tap_bad = false;
	test();
	printf("%sok %d - %s\n", tap_bad ? "not " : "", ++tap_count, title);
	tap_failures += tap_bad;
	fflush(stdout);
}
#define TEST(function, title) tap_test(function, title)

static inline int
tap_done(void)
{
	printf("1..%d\n", tap_count);
	return tap_failures != 0;
}

#endif
