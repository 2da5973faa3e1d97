#include "ticket/savings.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "ticket/moments.h"
#include "ticket/paired.h"
#include "ticket/summary.h"

enum { BY_MARGIN, BY_IMP, BY_DENSE, BY_NOTHING, CRITERIA };
static const char *const criterion_name[CRITERIA] = {
	"margin", "imp", "dense", "last"};

/* Rows of the matching table, or -1. */
struct verdicts {
	size_t rounds;
	int64_t highest, at_all;
	bool failed;
};

struct saving {
	struct lt_table matching;
	struct lt_names method;
	struct verdicts (*verdict)[CRITERIA]; /* [methods] */
	uint64_t *round;		      /* of matching's rows */
	int round_at, sparsity_at;
	struct lt_summary s;
	double **cost; /* [costs][rows of s] */
	int costs;
};

/* Rounds come in order.  v is NaN, 0 or 1. */
static void
note(struct verdicts *all, size_t row, double v)
{
	if (isnan(v))
		return;
	all->rounds++;
	if (v == 0) {
		all->failed = true;
		return;
	}
	all->at_all = (int64_t)row;
	if (!all->failed)
		all->highest = (int64_t)row;
}

/* 1 if a verdict is that it is as good, 0 if not, NaN if there is none. */
static double
as_good(const char *verdict)
{
	if (lt_table_missing(verdict) ||
		strcmp(verdict, lt_verdict_name[LT_SAME]) == 0)
		return NAN;
	return strcmp(verdict, lt_verdict_name[LT_AS_GOOD]) == 0 ||
	       strcmp(verdict, lt_verdict_name[LT_BETTER]) == 0;
}

/* The columns that are needed, as numbers. */
static int
read_verdicts(struct saving *s, const double *const *v, int method)
{
	int verdict = lt_table_find(&s->matching, "verdict");

	s->verdict = lt_alloc(s->matching.n, sizeof(*s->verdict));
	for (size_t i = 0; i < s->matching.n; i++) {
		const char *name = lt_table_text(&s->matching, i, method);
		size_t known = s->method.n;
		struct verdicts *mine =
			s->verdict[lt_names_number(&s->method, name)];
		for (int k = 0; k < CRITERIA && s->method.n > known; k++)
			mine[k] =
				(struct verdicts){.highest = -1, .at_all = -1};
		s->round[i] = (uint64_t)v[3][i];
		note(&mine[BY_MARGIN], i,
			as_good(lt_table_text(&s->matching, i, verdict)));
		note(&mine[BY_IMP], i, v[0][i]);
		note(&mine[BY_DENSE], i, v[1][i]);
		note(&mine[BY_NOTHING], i,
			strcmp(name, "imp") != 0 && v[2][i] > 0 ? 1 : NAN);
	}
	return 0;
}

static int
check_rounds(const struct saving *s, const double *round, struct lt_err *err)
{
	for (size_t i = 0; i < s->matching.n; i++)
		if (!(round[i] >= 0 && round[i] <= 9999 &&
			    round[i] == floor(round[i])))
			return lt_table_refuse(&s->matching, i, s->round_at,
				"a round from 0 to 9999", err);
	return 0;
}

static int
read_matching(struct saving *s, const char *path, struct lt_err *err)
{
	static const char *const name[] = {
		"matched", "within", "difference_n", "round"};
	double *v[4] = {0};
	int r = lt_table_read(&s->matching, path, err);
	int method = r < 0 ? -1 : lt_table_column(&s->matching, "method", err);

	s->sparsity_at = r < 0 ? -1 : lt_table_find(&s->matching, "sparsity");
	s->round_at = r < 0 ? -1 : lt_table_find(&s->matching, "round");
	s->round = lt_alloc(s->matching.n, sizeof(*s->round));
	r = method < 0 ? -1 : 0;
	for (int i = 0; i < 4 && r == 0; i++) {
		v[i] = lt_table_numbers(&s->matching, name[i], err);
		r = v[i] ? 0 : -1;
	}
	if (r == 0)
		r = check_rounds(s, v[3], err);
	if (r == 0)
		r = read_verdicts(s, (const double *const *)v, method);
	for (int i = 0; i < 4; i++)
		free(v[i]);
	return r;
}

/* The sum of the columns that + separates in text. */
static double *
read_cost(const struct lt_summary *s, const char *text, struct lt_err *err)
{
	double *sum = lt_alloc(s->table.n, sizeof(*sum));
	char *all = lt_strdup(text), *at = NULL;

	for (char *p = strtok_r(all, "+", &at); p && sum;
		p = strtok_r(NULL, "+", &at)) {
		double *v = lt_table_numbers(&s->table, p, err);
		for (size_t i = 0; v && i < s->table.n; i++)
			sum[i] += v[i];
		if (!v) {
			free(sum);
			sum = NULL;
		}
		free(v);
	}
	free(all);
	return sum;
}

/* The row of a ticket that has a result, or -1. */
static int64_t
row_of(const struct saving *s, const char *method, uint64_t round, size_t seed)
{
	int64_t row =
		lt_summary_row(&s->s, method, round, s->s.seed.text[seed]);

	return row >= 0 && s->s.diverged[row] ? -1 : row;
}

static void
put_saving(struct lt_cells *c, const struct saving *s, const char *method,
	int64_t round, const double *cost)
{
	double *part = lt_alloc(s->s.seed.n, sizeof(*part));
	double mine = 0, his = 0;
	size_t n = 0;

	for (size_t i = 0; i < s->s.seed.n && round >= 0; i++) {
		int64_t a = row_of(s, method, (uint64_t)round, i);
		int64_t b = row_of(s, "imp", (uint64_t)round, i);
		if (a < 0 || b < 0 || isnan(cost[a]) || isnan(cost[b]))
			continue;
		mine += cost[a];
		his += cost[b];
		part[n++] = cost[b] == 0 ? NAN : 100 * (1 - cost[a] / cost[b]);
	}
	bool none = n == 0 || his == 0;
	lt_cell_digits(c, n ? mine / (double)n : NAN, 12);
	lt_cell_digits(c, n ? his / (double)n : NAN, 12);
	lt_cell_digits(c, none ? NAN : 100 * (1 - mine / his), 12);
	lt_cell_digits(c, none ? NAN : lt_deviation(part, n), 12);
	free(part);
}

static size_t
shared_seeds(const struct saving *s, const char *method, int64_t round)
{
	size_t n = 0;

	for (size_t i = 0; i < s->s.seed.n && round >= 0; i++)
		n += row_of(s, method, (uint64_t)round, i) >= 0 &&
		     row_of(s, "imp", (uint64_t)round, i) >= 0;
	return n;
}

/* Round and sparsity of a row of the matching table. */
static void
put_round(struct lt_cells *c, const struct saving *s, int64_t row)
{
	const struct lt_table *t = &s->matching;

	lt_cell_text(c,
		row < 0 ? "NaN" : lt_table_text(t, (size_t)row, s->round_at));
	lt_cell_text(
		c, row < 0 ? "NaN"
			   : lt_table_text(t, (size_t)row, s->sparsity_at));
}

static void
put_row(struct lt_cells *c, const struct saving *s, size_t method,
	int criterion)
{
	const struct verdicts *v = &s->verdict[method][criterion];
	const char *name = s->method.text[method];
	int64_t round = v->highest < 0 ? -1 : (int64_t)s->round[v->highest];

	if (strcmp(name, "imp") == 0 && criterion != BY_DENSE)
		return;
	lt_cell_name(c, name);
	lt_cell_name(c, criterion_name[criterion]);
	lt_cell_whole(c, v->rounds);
	put_round(c, s, v->highest);
	put_round(c, s, v->at_all);
	lt_cell_whole(c, shared_seeds(s, name, round));
	for (int i = 0; i < s->costs; i++)
		put_saving(c, s, name, round, s->cost[i]);
	lt_cells_end(c);
}

/* A cost A+B has the name A_and_B. */
static void
put_titles(struct lt_cells *c, const char *const *cost, int costs)
{
	static const char *const before[] = {"", "imp_", "", ""};
	static const char *const after[] = {"", "", "_saving", "_saving_std"};
	static const char *const first[] = {"method", "criterion", "rounds",
		"round", "sparsity", "round_at_all", "sparsity_at_all", "n"};

	for (size_t i = 0; i < sizeof(first) / sizeof(*first); i++)
		lt_cell_name(c, first[i]);
	for (int i = 0; i < costs; i++) {
		char *name = lt_strdup(""), *next;
		for (const char *p = cost[i]; *p; p++) {
			next = *p == '+' ? lt_asprintf("%s_and_", name)
					 : lt_asprintf("%s%c", name, *p);
			free(name);
			name = next;
		}
		for (int k = 0; k < 4; k++) {
			next = lt_asprintf("%s%s%s", before[k], name, after[k]);
			lt_cell_name(c, next);
			free(next);
		}
		free(name);
	}
	lt_cells_end(c);
}

static int
write_savings(const struct saving *s, const char *path, const char *const *cost,
	struct lt_err *err)
{
	struct lt_cells c;

	if (lt_cells_open(&c, path, err) < 0)
		return -1;
	put_titles(&c, cost, s->costs);
	for (size_t i = 0; i < s->method.n; i++)
		for (int k = 0; k < CRITERIA; k++)
			put_row(&c, s, i, k);
	return lt_cells_commit(&c, err);
}

int
lt_savings_write(const char *path, const char *matching, const char *summary,
	const char *const *cost, int costs, struct lt_err *err)
{
	struct saving s = {.costs = costs};
	int r = read_matching(&s, matching, err);

	if (r == 0)
		r = lt_summary_read(&s.s, summary, err);
	s.cost = lt_alloc((size_t)costs, sizeof(*s.cost));
	for (int i = 0; i < costs && r == 0; i++) {
		s.cost[i] = read_cost(&s.s, cost[i], err);
		r = s.cost[i] ? 0 : -1;
	}
	if (r == 0)
		r = write_savings(&s, path, cost, err);
	for (int i = 0; i < costs; i++)
		free(s.cost[i]);
	free(s.cost);
	free(s.round);
	free(s.verdict);
	lt_names_release(&s.method);
	lt_table_release(&s.matching);
	lt_summary_release(&s.s);
	return r;
}
