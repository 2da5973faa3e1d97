#include "ticket/matching.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "ticket/moments.h"
#include "ticket/paired.h"
#include "ticket/summary.h"

static const char imp[] = "imp", dense[] = "dense";

/* What is equal in tickets that are the same. */
enum { VAL, SET, TRAITS };

struct comparing {
	struct lt_summary s;
	/* Of each row; NaN is missing.  acc is what is compared. */
	double *acc, *iterations, *trait[TRAITS];
	int sparsity;	  /* the column, or -1 */
	double *x;	  /* [seeds]: room */
	double dense_acc; /* mean of the dense network */
	double within, margin;
	const char *value;
	bool less;		/* of acc is better */
	const char *const *key; /* of lt_differences_write */
	int keys;
};

/* A method against another one in a round. */
struct pair {
	const char *method, *against;
	uint64_t round;
	struct lt_paired d;
	/* Of the paper's rule: in this round; in all compared rounds so far. */
	double chance, chance_so_far;
};

struct pairs {
	struct pair *v;
	size_t n, cap;
};

struct group {
	size_t n;
	double mean, std;
};

static int64_t
row_of(const struct comparing *c, const char *method, uint64_t round,
	size_t seed)
{
	return lt_summary_row(&c->s, method, strcmp(method, dense) ? round : 0,
		c->s.seed.text[seed]);
}

/* The accuracies of a method at a round, over seeds. */
static struct group
collect(const struct comparing *c, const char *method, uint64_t round)
{
	size_t n = 0;

	for (size_t i = 0; i < c->s.seed.n; i++) {
		int64_t row = row_of(c, method, round, i);
		c->x[n] = row < 0 ? NAN : c->acc[row];
		n += !isnan(c->x[n]);
	}
	return (struct group){n, lt_mean(c->x, n), lt_deviation(c->x, n)};
}

/* Are these rows of the same ticket?  A trait that both lack is equal. */
static bool
same(const struct comparing *c, int64_t a, int64_t b)
{
	bool equal =
		c->acc[a] == c->acc[b] && c->iterations[a] == c->iterations[b];

	for (int i = 0; i < TRAITS; i++) {
		double x = c->trait[i][a], y = c->trait[i][b];
		equal &= x == y || (isnan(x) && isnan(y));
	}
	return equal;
}

/* Those less those of the other method, of the seeds that have both; judged the
 * other way round where less is better. */
static void
judge(const struct comparing *c, struct pair *p)
{
	size_t n = 0, equal = 0;

	for (size_t i = 0; i < c->s.seed.n; i++) {
		int64_t a = row_of(c, p->method, p->round, i);
		int64_t b = row_of(c, p->against, p->round, i);
		if (a < 0 || b < 0 || isnan(c->acc[a]) || isnan(c->acc[b]))
			continue;
		c->x[n++] =
			c->less ? c->acc[b] - c->acc[a] : c->acc[a] - c->acc[b];
		equal += same(c, a, b);
	}
	p->d = lt_paired_judge(c->x, n, c->margin);
	if (n && equal == n)
		p->d.verdict = LT_SAME;
}

static void
add_pair(struct pairs *all, const struct comparing *c, const char *method,
	const char *against, uint64_t round)
{
	lt_grow(&all->v, &all->cap, all->n + 1, sizeof(*all->v));
	struct pair *p = &all->v[all->n++];
	*p = (struct pair){
		.method = method, .against = against, .round = round};
	judge(c, p);
}

/* The last sparsity of this method and round that is known, as the table has
 * it; NULL if there is no row. */
static const char *
find_sparsity(const struct comparing *c, const char *method, uint64_t round)
{
	const char *found = NULL;

	for (size_t i = 0; i < c->s.table.n; i++) {
		if (c->s.round[i] != round ||
			strcmp(c->s.method.text[c->s.name[i]], method) != 0)
			continue;
		const char *text = lt_table_text(&c->s.table, i, c->sparsity);
		if (!found || !lt_table_missing(text))
			found = text;
	}
	return found;
}

static double
reaches(double x, double limit)
{
	return isnan(x) || isnan(limit) ? NAN : x >= limit - 1e-9;
}

static void
put_group(struct lt_cells *out, size_t n, double mean, double std)
{
	lt_cell_whole(out, n);
	lt_cell_digits(out, mean, 12);
	lt_cell_digits(out, std, 12);
}

#define JUDGED \
	"difference_se difference_low difference_high p p_holm p_margin " \
	"p_margin_holm verdict verdict_holm"

static void
put_judged(struct lt_cells *out, const struct comparing *c,
	const struct lt_paired *d, double p_holm, double p_margin_holm)
{
	const double v[] = {d->se, c->less ? 0 - d->high : d->low,
		c->less ? 0 - d->low : d->high, d->p, p_holm, d->p_margin,
		p_margin_holm};

	for (size_t i = 0; i < sizeof(v) / sizeof(*v); i++)
		lt_cell_digits(out, v[i], 12);
	lt_cell_name(out, lt_verdict_name[d->verdict]);
	lt_cell_name(out,
		lt_verdict_name[lt_paired_again(d, p_holm, p_margin_holm)]);
}

/* A method beside itself has no verdict. */
static void
put_unjudged(struct lt_cells *out)
{
	for (int i = 0; i < 9; i++)
		lt_cell_text(out, "NaN");
}

/* No method is compared with itself, nor are tickets that are the same. */
static bool
compared(const struct pair *p)
{
	return strcmp(p->method, imp) != 0 && p->d.verdict != LT_SAME;
}

static void
put_matching(struct lt_cells *out, const struct comparing *c,
	const struct pair *p, double p_holm, double p_margin_holm)
{
	struct group its = collect(c, p->method, p->round);
	struct group ref = collect(c, imp, p->round);
	double limit = isnan(ref.std) ? ref.mean : ref.mean - ref.std;

	lt_cell_name(out, p->method);
	lt_cell_whole(out, p->round);
	lt_cell_text(out, find_sparsity(c, p->method, p->round));
	put_group(out, its.n, its.mean, its.std);
	put_group(out, ref.n, ref.mean, ref.std);
	lt_cell_digits(out, limit, 12);
	lt_cell_digits(out, compared(p) ? reaches(its.mean, limit) : NAN, 12);
	put_group(out, p->d.n, p->d.mean, p->d.std);
	lt_cell_digits(out, c->dense_acc, 12);
	lt_cell_digits(out, its.mean - c->dense_acc, 12);
	lt_cell_digits(out, reaches(its.mean, c->dense_acc - c->within), 12);
	lt_cell_digits(out, p->chance, 12);
	lt_cell_digits(out, p->chance_so_far, 12);
	if (strcmp(p->method, imp) == 0)
		put_unjudged(out);
	else
		put_judged(out, c, &p->d, p_holm, p_margin_holm);
	lt_cells_end(out);
}

/* The mean search iterations of a method over the seeds that have both. */
static double
iterations(const struct comparing *c, const struct pair *p, const char *method)
{
	size_t n = 0;

	for (size_t i = 0; i < c->s.seed.n; i++) {
		int64_t a = row_of(c, p->method, p->round, i);
		int64_t b = row_of(c, p->against, p->round, i);
		if (a < 0 || b < 0 || isnan(c->acc[a]) || isnan(c->acc[b]))
			continue;
		c->x[n++] = c->iterations[strcmp(method, p->method) ? b : a];
	}
	return lt_mean(c->x, n);
}

/* A method's name, or the values of its keys. */
static void
put_ticket(struct lt_cells *out, const struct comparing *c, const char *name)
{
	const char *end;

	for (int i = 1; i < c->keys && (end = strchr(name, '/')); i++) {
		char *value = lt_strndup(name, (size_t)(end - name));
		lt_cell_name(out, value);
		free(value);
		name = end + 1;
	}
	lt_cell_name(out, name);
}

static void
put_difference(struct lt_cells *out, const struct comparing *c,
	const struct pair *p, double p_holm, double p_margin_holm)
{
	const char *sparsity = find_sparsity(c, p->method, p->round);

	if (!sparsity) /* of the dense network in this round */
		sparsity = find_sparsity(c, p->against, p->round);
	put_ticket(out, c, p->method);
	put_ticket(out, c, p->against);
	if (!c->keys)
		lt_cell_whole(out, p->round);
	lt_cell_text(out, sparsity ? sparsity : "NaN");
	put_group(out, p->d.n, c->less ? 0 - p->d.mean : p->d.mean, p->d.std);
	put_judged(out, c, &p->d, p_holm, p_margin_holm);
	lt_cell_digits(out, iterations(c, p, p->method), 12);
	lt_cell_digits(out, iterations(c, p, p->against), 12);
	lt_cells_end(out);
}

typedef void put_pair(struct lt_cells *out, const struct comparing *c,
	const struct pair *p, double p_holm, double p_margin_holm);

/* Write all pairs; tickets that are the same are no pair to Holm. */
static int
put_pairs(const char *path, const char *header, const struct comparing *c,
	const struct pairs *all, put_pair *put, struct lt_err *err)
{
	double *holm = lt_alloc(all->n, sizeof(*holm));
	double *margin = lt_alloc(all->n, sizeof(*margin));
	struct lt_cells out;
	int r = lt_cells_open(&out, path, err);

	for (size_t i = 0; i < all->n; i++) {
		const struct lt_paired *d = &all->v[i].d;
		holm[i] = d->p;
		margin[i] = d->p_margin;
	}
	lt_holm(holm, all->n);
	lt_holm(margin, all->n);
	if (r == 0)
		lt_cells_header(&out, header);
	for (size_t i = 0; i < all->n && r == 0; i++)
		put(&out, c, &all->v[i], holm[i], margin[i]);
	free(holm);
	free(margin);
	return r < 0 ? -1 : lt_cells_commit(&out, err);
}

static void
release(struct comparing *c)
{
	free(c->acc);
	free(c->iterations);
	for (int i = 0; i < TRAITS; i++)
		free(c->trait[i]);
	free(c->x);
	lt_summary_release(&c->s);
	*c = (struct comparing){0};
}

static int
read_columns(struct comparing *c, struct lt_err *err)
{
	static const char *const trait[TRAITS] = {
		[VAL] = "val_acc", [SET] = "set_size"};
	const struct lt_table *t = &c->s.table;

	c->acc = lt_table_numbers(t, c->value, err);
	if (c->acc)
		c->iterations = lt_table_optional(t, "search_iterations", err);
	if (!c->iterations)
		return -1;
	for (int i = 0; i < TRAITS; i++) {
		c->trait[i] = lt_table_optional(t, trait[i], err);
		if (!c->trait[i])
			return -1;
	}
	c->sparsity = lt_table_find(t, "sparsity");
	c->x = lt_alloc(c->s.seed.n + 1, sizeof(*c->x));
	c->dense_acc = collect(c, dense, 0).mean;
	return 0;
}

static int
read_summary(struct comparing *c, const char *from, struct lt_err *err)
{
	if (lt_summary_read_by(&c->s, from, c->key, c->keys, err) < 0)
		return -1;
	if (read_columns(c, err) == 0)
		return 0;
	release(c);
	return -1;
}

/* All rounds of a method against IMP's, with the chances of the paper's rule.
 */
static void
add_rounds(struct pairs *all, const struct comparing *c, const char *method)
{
	double so_far = 1;

	for (uint64_t r = 1; r <= c->s.last; r++) {
		if (!find_sparsity(c, method, r))
			continue;
		add_pair(all, c, method, imp, r);
		struct pair *p = &all->v[all->n - 1];
		p->chance = NAN;
		if (compared(p))
			p->chance = lt_match_chance(
				collect(c, method, r).n, collect(c, imp, r).n);
		if (!isnan(p->chance))
			so_far *= p->chance;
		p->chance_so_far = isnan(p->chance) ? NAN : so_far;
	}
}

int
lt_matching_write(const char *path, const char *from, double within,
	double margin, struct lt_err *err)
{
	struct comparing c = {
		.within = within, .margin = margin, .value = "test_acc"};
	struct pairs all = {0};

	if (read_summary(&c, from, err) < 0)
		return -1;
	for (size_t i = 0; i < c.s.method.n; i++)
		add_rounds(&all, &c, c.s.method.text[i]);
	int r = put_pairs(path,
		"method round sparsity n test_acc test_acc_std imp_n imp_acc "
		"imp_std threshold matched difference_n difference "
		"difference_std dense_acc dense_difference within "
		"chance chance_so_far " JUDGED,
		&c, &all, put_matching, err);
	free(all.v);
	release(&c);
	return r;
}

/* All rounds of a pair in which some seed has both. */
static void
add_both(struct pairs *all, const struct comparing *c, const char *method,
	const char *against)
{
	for (uint64_t r = c->keys ? 0 : 1; r <= c->s.last; r++) {
		add_pair(all, c, method, against, r);
		all->n -= all->v[all->n - 1].d.n == 0;
	}
}

/* METHOD=AGAINST, split at the first "=". */
static int
split_pair(char **method, const char **against, const char *text,
	struct lt_err *err)
{
	const char *end = strchr(text, '=');

	if (!end || end == text || !end[1])
		return lt_fail(err, LT_EUSAGE,
			"'%s': expected a pair METHOD=AGAINST", text);
	*method = lt_strndup(text, (size_t)(end - text));
	*against = end + 1;
	return 0;
}

/* The header without keys, or with them. */
static char *
header_of(const struct lt_differences *d)
{
	static const char after[] =
		"sparsity n difference difference_std " JUDGED
		" iterations against_iterations";
	char *text = lt_strdup(d->keys ? "" : "method against round ");

	for (int i = 0; i < 2 * d->keys; i++) {
		char *more = lt_asprintf("%s%s%s ", text,
			i < d->keys ? "" : "against_", d->key[i % d->keys]);
		free(text);
		text = more;
	}
	char *all = lt_asprintf("%s%s", text, after);
	free(text);
	return all;
}

int
lt_differences_write(const char *path, const char *from,
	const struct lt_differences *d, struct lt_err *err)
{
	struct comparing c = {.margin = d->margin,
		.value = d->value,
		.less = d->less,
		.key = d->key,
		.keys = d->keys};
	struct pairs all = {0};
	char **method = lt_alloc((size_t)d->pairs, sizeof(*method));
	const char *against = NULL;
	int r = read_summary(&c, from, err);

	for (size_t i = 0; r == 0 && d->method && i < c.s.method.n; i++)
		if (strcmp(c.s.method.text[i], d->method) != 0)
			add_both(&all, &c, d->method, c.s.method.text[i]);
	for (int i = 0; i < d->pairs && r == 0; i++) {
		r = split_pair(&method[i], &against, d->pair[i], err);
		if (r == 0)
			add_both(&all, &c, method[i], against);
	}
	char *header = header_of(d);
	if (r == 0)
		r = put_pairs(path, header, &c, &all, put_difference, err);
	free(header);
	for (int i = 0; i < d->pairs; i++)
		free(method[i]);
	free(method);
	free(all.v);
	release(&c);
	return r;
}
