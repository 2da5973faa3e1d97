#include "base/num.h"

#include <math.h>
#include <stdlib.h>
#include "tap.h"

static void
u64(void)
{
	uint64_t v = 7;
	CHECK(lt_num_u64("0", &v) && v == 0);
	CHECK(lt_num_u64("0000012", &v) && v == 12);
	CHECK(lt_num_u64("18446744073709551615", &v) && v == UINT64_MAX);
	static const char *const bad[] = {"", "-1", "+1", " 1", "1 ", "1x",
		"0x10", "1.0", "1e3", "18446744073709551616",
		"99999999999999999999999", "\xd9\xa1"};
	v = 7;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (!CHECK(!lt_num_u64(bad[i], &v)))
			printf("# '%s' was taken\n", bad[i]);
	}
	CHECK(v == 7);
}

static void
i64(void)
{
	int64_t v = 7;
	CHECK(lt_num_i64("-9223372036854775808", &v) && v == INT64_MIN);
	CHECK(lt_num_i64("9223372036854775807", &v) && v == INT64_MAX);
	CHECK(lt_num_i64("-0", &v) && v == 0);
	CHECK(!lt_num_i64("9223372036854775808", &v));
	CHECK(!lt_num_i64("-9223372036854775809", &v));
	CHECK(!lt_num_i64("-", &v));
	CHECK(!lt_num_i64("--1", &v));
	CHECK(!lt_num_i64("", &v));
}

static void
f64(void)
{
	double v = 7;
	CHECK(lt_num_f64("0.1", &v) && v == 0.1);
	CHECK(lt_num_f64("-1.5e-3", &v) && v == -1.5e-3);
	CHECK(lt_num_f64(".5", &v) && v == 0.5);
	CHECK(lt_num_f64("5.", &v) && v == 5);
	CHECK(lt_num_f64("+2E2", &v) && v == 200);
	CHECK(lt_num_f64("1e-400", &v) && v == 0);
	CHECK(lt_num_f64("1.7976931348623157e308", &v));
	static const char *const bad[] = {"", ".", "-", "e1", "1e", "1e+",
		"1.2.3", " 1", "1 ", "inf", "-inf", "nan", "0x1p3", "1e400",
		"-1e400", "1,5", "1f"};
	v = 7;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (!CHECK(!lt_num_f64(bad[i], &v)))
			printf("# '%s' was taken\n", bad[i]);
	}
	CHECK(v == 7);
}

static void
list(void)
{
	uint64_t *v = NULL;
	int n = 0;
	if (CHECK(lt_num_list("1,5,20", &v, &n)) && CHECK_EQ(n, 3))
		CHECK(v[0] == 1 && v[1] == 5 && v[2] == 20);
	free(v);
	v = NULL;
	if (CHECK(lt_num_list("20,1", &v, &n)) && CHECK_EQ(n, 2))
		CHECK(v[0] == 20 && v[1] == 1);
	free(v);
	static const char *const bad[] = {"", ",", "1,", ",1", "1,,2", "1;2",
		"1, 2", "-1", "1,18446744073709551616"};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		if (!CHECK(!lt_num_list(bad[i], &v, &n)))
			printf("# '%s' was taken\n", bad[i]);
	}
}

int
main(void)
{
	TEST(u64, "unsigned numbers are digits only and do not wrap");
	TEST(i64, "signed numbers end at their limits");
	TEST(f64, "real numbers are finite decimals, to the last character");
	TEST(list, "lists of numbers have no empty member");
	return tap_done();
}
