#include "ticket/promises.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "ticket/moments.h"
#include "ticket/summary.h"

struct promised {
	double found, other, limit; /* other: NaN if there is none */
	bool against;		    /* compared with another ticket */
};

static int
refuse(const char *promise, struct lt_err *err)
{
	return lt_fail(err, LT_EUSAGE,
		"'%s': expected METHOD/ROUND>=NUMBER or "
		"METHOD/ROUND>=METHOD/ROUND+NUMBER",
		promise);
}

/* The mean accuracy of METHOD/ROUND, the text up to end. */
static int
accuracy_of(double *mean, const struct lt_summary *s, const double *acc,
	const char *text, size_t n, const char *promise, struct lt_err *err)
{
	char *method = lt_strndup(text, n), *slash = strrchr(method, '/');
	double *x = lt_alloc(s->seed.n, sizeof(*x));
	uint64_t round = s->last;
	size_t count = 0;
	bool good = slash && slash > method &&
		    (strcmp(slash + 1, "last") == 0 ||
			    lt_num_u64(slash + 1, &round));

	if (good)
		*slash = '\0';
	for (size_t i = 0; i < s->seed.n && good; i++) {
		int64_t row = lt_summary_row(s, method, round, s->seed.text[i]);
		x[count] = row < 0 ? NAN : acc[row];
		count += !isnan(x[count]);
	}
	*mean = lt_mean(x, count);
	free(x);
	free(method);
	return good ? 0 : refuse(promise, err);
}

/* Read what follows ">=". */
static int
read_limit(struct promised *c, const struct lt_summary *s, const double *acc,
	const char *text, const char *promise, struct lt_err *err)
{
	const char *slash = strchr(text, '/');
	double points = 0;

	if (!slash)
		return lt_num_f64(text, &c->limit) ? 0 : refuse(promise, err);
	size_t n = (size_t)(slash - text) + strcspn(slash, "+-");
	if (text[n] && !lt_num_f64(text + n, &points))
		return refuse(promise, err);
	c->against = true;
	if (accuracy_of(&c->other, s, acc, text, n, promise, err) < 0)
		return -1;
	c->limit = c->other + points;
	return 0;
}

static int
read_promise(struct promised *c, const struct lt_summary *s, const double *acc,
	const char *promise, struct lt_err *err)
{
	const char *than = strstr(promise, ">=");

	*c = (struct promised){.other = NAN};
	if (!than)
		return refuse(promise, err);
	if (accuracy_of(&c->found, s, acc, promise, (size_t)(than - promise),
		    promise, err) < 0)
		return -1;
	return read_limit(c, s, acc, than + 2, promise, err);
}

static void
put(struct lt_out *o, const char *promise, const struct promised *c, bool holds)
{
	lt_out_printf(o, "%s", holds ? "checked: " : "FAILED: expected ");
	lt_out_text(o, promise);
	lt_out_printf(o, ", found %.2f", c->found);
	if (c->against)
		lt_out_printf(o, " and %.2f", c->other);
	lt_out_printf(o, "\n");
}

static int
check(bool *hold, const struct lt_summary *s, const char *path,
	const char *const *promise, int n, struct lt_err *err)
{
	double *acc = lt_table_numbers(&s->table, "test_acc", err);
	struct lt_out *o = acc ? lt_out_open(path, err) : NULL;
	struct promised c;
	int r = o ? 0 : -1;

	*hold = true;
	for (int i = 0; i < n && r == 0; i++) {
		r = read_promise(&c, s, acc, promise[i], err);
		/* Sums of decimal fractions are not exact. */
		bool holds = c.found >= c.limit - 1e-9;
		if (r == 0)
			put(o, promise[i], &c, holds);
		*hold &= holds;
	}
	free(acc);
	if (r == 0)
		return lt_out_commit(o, err);
	lt_out_abandon(o);
	return -1;
}

int
lt_promises_write(bool *hold, const char *path, const char *from,
	const char *const *promise, int n, struct lt_err *err)
{
	struct lt_summary s;

	if (lt_summary_read(&s, from, err) < 0)
		return -1;
	int r = check(hold, &s, path, promise, n, err);
	lt_summary_release(&s);
	return r;
}
