/* The nearest name. */
#include "base/near.h"
#include <string.h>
#include "tap.h"

static const char *
nearest(const char *to, int *distance)
{
	static const char *const name[] = {
		"relu", "conv", "linear", "layer1.0.conv1.weight", "a"};
	struct lt_near n = {.to = to};

	for (size_t i = 0; i < sizeof name / sizeof *name; i++)
		lt_near_try(&n, name[i]);
	*distance = n.distance;
	return n.best ? n.best : "";
}

static void
finds(void)
{
	static const struct {
		const char *to, *best;
		int distance;
	} cases[] = {{"relu", "relu", 0}, {"rely", "relu", 1},
		{"rleu", "relu", 1}, {"rel", "relu", 1}, {"crelu", "relu", 1},
		{"silu", "", 0}, {"ln", "", 0}, {"b", "", 0}, {"", "", 0},
		{"ReLU", "relu", 0}, {"lenear", "linear", 1},
		{"module.layer1.0.conv1.weight", "layer1.0.conv1.weight", 7}};
	int d;

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		CHECK_STR(nearest(cases[i].to, &d), cases[i].best);
		CHECK_EQ(d, cases[i].distance);
	}
}

static void
long_names(void)
{
	char name[200];
	struct lt_near n = {.to = name};

	memset(name, 'x', sizeof name - 1);
	name[sizeof name - 1] = 0;
	lt_near_try(&n, name);
	CHECK(!n.best);
	name[128] = 0;
	lt_near_try(&n, name);
	CHECK(n.best == name);
}

static void
text(void)
{
	struct lt_near n = {.to = "rely"};
	char buf[LT_NEAR_TEXT];

	CHECK_STR(lt_near_text(buf, &n), "");
	lt_near_try(&n, "relu");
	CHECK_STR(lt_near_text(buf, &n), " (did you mean 'relu'?)");
}

int
main(void)
{
	TEST(finds, "letters inserted, removed, changed and swapped count");
	TEST(long_names, "names that are too long are left out");
	TEST(text, "the hint names the nearest");
	return tap_done();
}
