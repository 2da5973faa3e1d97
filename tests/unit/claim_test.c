#include "base/claim.h"

#include <fcntl.h>
#include <stdlib.h>
#include "scratch.h"
#include "tap.h"

static struct lt_err err;

/* Two claims, "a" and "b", and what becomes of them: a status. */
static int
both(enum lt_claim_kind ka, const char *pa, enum lt_claim_kind kb,
	const char *pb)
{
	struct lt_claims c = {0};
	err = (struct lt_err){0};
	lt_claim(&c, ka, "a", pa);
	lt_claim(&c, LT_CLAIM_IN, "other", "other");
	lt_claim(&c, kb, "b", pb);
	int r = lt_claims_check(&c, &err);
	lt_claims_release(&c);
	return r == 0 ? 0 : err.status;
}

static void
kinds(void)
{
	/* [of "f"][of "f" as well]: OUT, SIDE, IN, HELD. */
	static const int want[4][4] = {
		{2, 2, 0, 2},
		{2, 2, 2, 2},
		{0, 2, 0, 0},
		{2, 2, 0, 0},
	};
	scratch_put("f", "x", 1);
	for (int a = 0; a < 4; a++)
		for (int b = 0; b < 4; b++)
			if (!CHECK_EQ(both((enum lt_claim_kind)a, "f",
					      (enum lt_claim_kind)b, "f"),
				    want[a][b]))
				printf("# kinds %d and %d\n", a, b);
	CHECK_EQ(both(LT_CLAIM_OUT, "f", LT_CLAIM_HELD, "g"), 0);
	CHECK_EQ(both(LT_CLAIM_OUT, "f", LT_CLAIM_OUT, NULL), 0);
	CHECK(scratch_holds("f", "x", 1));
	CHECK_EQ(scratch_count(), 1);
}

static void
spellings(void)
{
	static const char *const there[] = {
		"f", "./f", "d/../f", "link", "d/link", "hard", "d/chain"};
	static const char *const not_yet[] = {
		"new", "./new", "d/../new", "dangling", "d//../new"};
	mkdir("d", 0777);
	scratch_put("f", "x", 1);
	CHECK(symlink("f", "link") == 0 && symlink("../f", "d/link") == 0 &&
		symlink("../link", "d/chain") == 0 && link("f", "hard") == 0 &&
		symlink("d/../new", "dangling") == 0);
	for (size_t i = 0; i < sizeof(there) / sizeof(*there); i++) {
		if (!CHECK_EQ(both(LT_CLAIM_OUT, "f", LT_CLAIM_OUT, there[i]),
			    2) ||
			!CHECK_EQ(both(LT_CLAIM_HELD, there[i], LT_CLAIM_OUT,
					  "f"),
				2))
			printf("# %s\n", there[i]);
	}
	for (size_t i = 0; i < sizeof(not_yet) / sizeof(*not_yet); i++)
		if (!CHECK_EQ(both(LT_CLAIM_OUT, "new", LT_CLAIM_SIDE,
				      not_yet[i]),
			    2))
			printf("# %s\n", not_yet[i]);
	CHECK_STR(err.msg, "a and b are the same file: 'd//../new'");
	CHECK_EQ(both(LT_CLAIM_OUT, "new", LT_CLAIM_OUT, "d/new"), 0);
	CHECK_EQ(scratch_count(), 5);
}

static void
streams(void)
{
	CHECK_EQ(both(LT_CLAIM_OUT, "-", LT_CLAIM_SIDE, "-"), 2);
	CHECK_STR(err.msg, "only one of a and b can be standard output");
	CHECK_EQ(both(LT_CLAIM_IN, "-", LT_CLAIM_IN, "-"), 2);
	CHECK_EQ(both(LT_CLAIM_IN, "-", LT_CLAIM_OUT, "-"), 0);
	CHECK_EQ(both(LT_CLAIM_OUT, "/dev/null", LT_CLAIM_OUT, "/dev/null"), 0);
	CHECK(mkfifo("p", 0600) == 0);
	CHECK_EQ(both(LT_CLAIM_OUT, "p", LT_CLAIM_OUT, "./p"), 2);
	CHECK_EQ(both(LT_CLAIM_OUT, "p", LT_CLAIM_OUT, "x"), 0);
	/* A descriptor and the file behind it. */
	char path[32];
	int fd = open("f", O_RDWR | O_CREAT, 0666);
	snprintf(path, sizeof path, "/dev/fd/%d", fd);
	CHECK_EQ(both(LT_CLAIM_OUT, path, LT_CLAIM_OUT, "f"), 2);
	close(fd);
	fd = open("f", O_RDONLY);
	CHECK_EQ(both(LT_CLAIM_OUT, path, LT_CLAIM_OUT, "x"), LT_EIO);
	close(fd);
}

static void
beside(void)
{
	struct lt_claims c = {0};
	lt_claim_beside(&c, LT_CLAIM_SIDE, "a", "d/log", ".", ".state");
	lt_claim_beside(&c, LT_CLAIM_SIDE, "none", "-", ".", ".state");
	lt_claim_beside(&c, LT_CLAIM_SIDE, "none", "/dev/null", ".", ".state");
	lt_claim(&c, LT_CLAIM_OUT, "b", "d/.log.state");
	mkdir("d", 0777);
	CHECK_EQ(lt_claims_check(&c, &err), -1);
	CHECK_EQ(err.status, LT_EUSAGE);
	lt_claims_release(&c);
}

static void
times(void)
{
	static const struct {
		const char *path, *times;
	} pairs[] = {{"d/log.tsv", "d/log.time.tsv"},
		{"log.tsv", "log.time.tsv"},
		{"d.tsv/log", "d.tsv/log.time.tsv"},
		{"a.log", "a.log.time.tsv"}, {"a.tsv.gz", "a.tsv.gz.time.tsv"},
		{"d/.tsv", "d/.tsv.time.tsv"}};

	CHECK(mkdir("d", 0777) == 0 && mkdir("d.tsv", 0777) == 0);
	for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
		struct lt_claims c = {0};
		lt_claim_times(&c, "the times", pairs[i].path);
		lt_claim(&c, LT_CLAIM_OUT, "another", pairs[i].times);
		lt_claim_times(&c, "none", "-");
		lt_claim_times(&c, "none", "/dev/null");
		lt_claim_times(&c, "none", NULL);
		if (!CHECK_EQ(lt_claims_check(&c, &err), -1))
			printf("# %s\n", pairs[i].path);
		CHECK_EQ(err.status, LT_EUSAGE);
		lt_claims_release(&c);
	}
}

/* What cannot be written is found, and nothing is left; what an interrupted
 * run has left stays. */
static void
tried(void)
{
	scratch_put(".f.part", "kept", 4);
	CHECK_EQ(both(LT_CLAIM_OUT, "f", LT_CLAIM_OUT, "g"), 0);
	CHECK(scratch_holds(".f.part", "kept", 4));
	CHECK_EQ(both(LT_CLAIM_OUT, "f", LT_CLAIM_SIDE, "nowhere/x"), LT_EIO);
	CHECK_STR(
		err.msg, "nowhere/x: cannot write: No such file or directory");
	CHECK_EQ(both(LT_CLAIM_OUT, ".", LT_CLAIM_SIDE, "x"), LT_EIO);
	CHECK_EQ(both(LT_CLAIM_OUT, "", LT_CLAIM_SIDE, "x"), LT_EIO);
	CHECK(link(".f.part", ".x.part") == 0);
	CHECK_EQ(both(LT_CLAIM_OUT, "g", LT_CLAIM_SIDE, "x"), LT_EIO);
	CHECK_EQ(scratch_count(), 2);
}

static void
in_empty(void (*test)(void), const char *title)
{
	scratch_empty();
	TEST(test, title);
}

int
main(void)
{
	scratch_enter();
	in_empty(kinds, "which uses of one file exclude each other");
	in_empty(spellings, "a file is the same by any path and link");
	in_empty(streams, "standard streams, FIFOs and descriptors count too");
	in_empty(beside, "files beside others are claimed where there are any");
	in_empty(times, "the times of a table stand beside it");
	in_empty(tried, "every output is tried, nothing is left");
	scratch_leave();
	return tap_done();
}
