/* Settings of makefiles, their types, and values against them. */
#include "file/makecheck.h"
#include "file/maketype.h"
#include "scratch.h"
#include "tap.h"

static const char text[] = "## One\n"
			   "A ?= 1#\t[whole >0 <=B by search] first\n"
			   "B ?= $(A) 2 #[nothing or real]\n"
			   "A ?= 3# second\n"
			   "C?=x\\#y# help [of it]\n"
			   "include $(wildcard x y)more.mk none.mk\n"
			   "small := 1\n"
			   "  A.B = 4\r\n"
			   "D := no\n"
			   "\tF ?= 2#\t[whole]\n";

static void
put(const char *name, const char *s)
{
	scratch_put(name, s, strlen(s));
}

static void
reads(void)
{
	struct lt_makevars s = {0};
	struct lt_err err;

	put("all.mk", text);
	put("more.mk", "## Two\nE ?=#\t[path]");
	CHECK_EQ(lt_makevars_read(&s, "all.mk", NULL, 0, &err), 0);
	CHECK_EQ(s.n, 4);
	CHECK_EQ(s.files, 2);
	const struct lt_makevar *a = lt_makevars_find(&s, "A");
	CHECK(a == s.v);
	CHECK_STR(a->value, "1");
	CHECK_STR(a->type, "whole >0 <=B");
	CHECK_STR(a->owner, "search");
	CHECK_STR(a->help, "first");
	CHECK_STR(a->group, "One");
	CHECK_STR(a->file, "all.mk");
	CHECK_EQ(a->line, 2);
	CHECK_STR(s.v[1].value, "$(A) 2");
	CHECK_STR(s.v[1].type, "nothing or real");
	CHECK(!s.v[1].owner);
	CHECK_STR(s.v[2].value, "x\\#y");
	CHECK_STR(s.v[2].help, "help [of it]");
	CHECK(!s.v[2].type);
	CHECK_STR(s.v[3].name, "E");
	CHECK_STR(s.v[3].group, "Two");
	CHECK_STR(s.v[3].file, "more.mk");
	CHECK(!lt_makevars_find(&s, "F"));
	CHECK(lt_makevars_assigned(&s, "small"));
	CHECK(!lt_makevars_assigned(&s, "smal"));
	/* A=1, A=3, C, E, A.B, D: no value that refers to another variable. */
	CHECK_EQ(s.sets, 6);
	CHECK_STR(s.set[4].name, "A.B");
	CHECK_STR(s.set[4].value, "4");
	CHECK(s.set[0].weak && !s.set[4].weak);
	/* The same file again. */
	CHECK_EQ(lt_makevars_read(&s, "./all.mk", NULL, 0, &err), 0);
	CHECK_EQ(s.files, 2);
	lt_makevars_release(&s);
	scratch_empty();
}

/* An include counts unless a comparison decides on it. */
static void
conditionals(void)
{
	struct lt_makevars s = {0};
	struct lt_err err;

	put("a.mk", "ifndef x\nifeq (1,1)\nA ?= 1#\t[whole]\ninclude b.mk\n"
		    "ifdef y\ninclude b.mk\nendif\nelse\ninclude b.mk\nendif\n"
		    "include c.mk\nendif\nendif\n");
	put("b.mk", "B ?= 1#\t[whole]\n");
	put("c.mk", "C ?= 1#\t[whole]\n");
	CHECK_EQ(lt_makevars_read(&s, "a.mk", NULL, 0, &err), 0);
	CHECK(lt_makevars_find(&s, "A"));
	CHECK(!lt_makevars_find(&s, "B"));
	CHECK(lt_makevars_find(&s, "C"));
	lt_makevars_release(&s);
	scratch_empty();
}

static const char *
bound(const void *arg, const char *name)
{
	return strcmp(name, arg) == 0 ? "5" : NULL;
}

static const char *
criterion(size_t i)
{
	static const char *const names[] = {"grasp", "snip", NULL};

	return names[i];
}

static void
types(void)
{
	static const struct {
		const char *type, *value;
		bool ok;
	} cases[] = {{"whole", "0", true}, {"whole", "00", false},
		{"whole", "999999999999999999", true},
		{"whole", "1000000000000000000", false}, {"whole", " 1", false},
		{"whole >=2", "1", false}, {"whole >=2", "2", true},
		{"whole <B", "5", false}, {"whole <B", "4", true},
		{"whole <=B", "5", true}, {"whole <=B", "6", false},
		{"whole <=C", "6", true}, {"real", "1.", true},
		{"real", ".5e+3", true}, {"real", ".", false},
		{"real", "1e999", false}, {"real", "0x1", false},
		{"real", "-1", false}, {"real >0 <1", "1e-9", true},
		{"span", "i", false}, {"span", "5i", true},
		{"span", "5ii", false},
		{"milestones <=B", "1,2i,5,2000i", true},
		{"milestones <=B", "1,6", false}, {"milestones", "2,1", false},
		{"milestones", "1,1i,0", false}, {"milestones", "", false},
		{"criterion", "snip", true}, {"criterion", "snop", false},
		{"nothing or criterion", "", true},
		{"a, b or whole", "b", true}, {"a, b or whole", "3", true},
		{"a, b or whole", "a,", false},
		{"conv,linear, conv or linear", "conv,linear", true},
		{"conv,linear, conv or linear", "linear,conv", false},
		{"wholes >0", "1  2 ", true}, {"wholes >0", "1 0", false},
		{"wholes", "1\t2", false}, {"names", " ", false},
		{"pruning", "3:.5", true}, {"pruning", "3:1e-1", false},
		{"pruning", ":1", false}, {"pattern", "2:4", true},
		{"pattern", "4:4", false}, {"pattern", "0:4", false},
		{"pattern", "2", false}, {"pattern", "2:4:8", false},
		{"layers", "all,^last", true},
		{"layers", "layer1.0.bn1,fc.bias", true}, {"layers", "", false},
		{"layers", "a,", false}, {"layers", "^", false},
		{"layers", "a^b", false}, {"layers", "a b", false},
		{"layers", "^^a", false},
		{"factors", "last:10,layer1.0:.5", true},
		{"factors", "^last:1e-3", true}, {"factors", "last", false},
		{"factors", "last:0", false}, {"factors", "last:x", false},
		{"factors", ":1", false}, {"factors", "a:1,", false},
		{"factors", "a:1:2", false}, {"factors", "a:1e999", false},
		{"window", "25-75", true}, {"window", "-1", false},
		{"window", "é", false}};
	struct lt_maketype_ask ask = {
		.criterion = criterion, .value = bound, .arg = "B"};

	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		struct lt_err err = {0};
		int bad = lt_maketype_check(
			cases[i].type, "N", cases[i].value, &ask, &err);
		if (!CHECK_EQ(bad, cases[i].ok ? 0 : -1))
			printf("# [%s] %s\n", cases[i].type, cases[i].value);
		CHECK(!bad || err.status == LT_EDATA);
	}
}

static void
messages(void)
{
	struct lt_maketype_ask ask = {
		.criterion = criterion, .value = bound, .arg = "B"};
	struct lt_err err;

	lt_maketype_check("whole >=1 <=B", "N", "6", &ask, &err);
	CHECK_STR(err.msg,
		"N=6: expected a whole number at least 1 and at most B=5");
	lt_maketype_check("all, real <1 or criterion", "N", "alk", &ask, &err);
	CHECK_STR(err.msg,
		"N=alk: expected one of: all grasp snip; or a number below 1; "
		"did you mean all?");
}

static void
values(void)
{
	static const struct lt_makegiven given[] = {
		{"A", "7"}, {"p.A", "8"}, {"A", "9"}};
	struct lt_makevars s = {0};
	struct lt_makecheck c = {.vars = &s, .given = given, .n = 3};
	struct lt_err err;

	put("all.mk", "A ?= 1#\t[whole by search]\nB := 2\nB ?= 3#\t[whole]\n"
		      "C ?= $(B)#\t[whole]\nq.A ?= 5\n");
	CHECK_EQ(lt_makevars_read(&s, "all.mk", NULL, 0, &err), 0);
	CHECK_STR(lt_makecheck_value(&c, NULL, "A"), "9");
	CHECK_STR(lt_makecheck_value(&c, "p", "A"), "8");
	CHECK_STR(lt_makecheck_value(&c, "q", "A"), "5");
	CHECK_STR(lt_makecheck_value(&c, "r", "A"), "9");
	CHECK_STR(lt_makecheck_value(&c, NULL, "B"), "2");
	CHECK_STR(lt_makecheck_value(&c, NULL, "C"), "$(B)");
	CHECK(!lt_makecheck_value(&c, NULL, "D"));
	lt_makevars_release(&s);
	scratch_empty();
}

int
main(void)
{
	scratch_enter();
	TEST(reads, "declarations, assignments and includes are read");
	TEST(conditionals, "an include within a comparison is not followed");
	TEST(types, "values fit their types or do not");
	TEST(messages, "a message has alternatives, bounds and what was meant");
	TEST(values, "the value in force is an owner's, what was given, or the "
		     "first in a makefile");
	scratch_leave();
	return tap_done();
}
