#include "ticket/searches.h"

#include <inttypes.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "base/tsv.h"

#define STAGE_MAX 2147483647
#define NAME_BYTES 255
#define ROWS_MAX (1 << 20) /* stages of all tables */

struct row {
	uint32_t network, seed; /* numbers of their names */
	int table;
	uint64_t line;
	struct lt_search_stage v;
};

struct rows {
	struct lt_names network, seed;
	struct row *v;
	size_t n, cap;
};

/* The last two may be missing. */
enum column {
	NETWORK,
	SEED,
	STAGE,
	SPARSITY,
	VAL_ACC,
	TEST_ACC,
	LENGTH,
	TRAIN_ACC,
	ALL
};

static int
read_name(struct lt_names *s, uint32_t *number, struct lt_tsv *t, int column,
	struct lt_err *err)
{
	const char *text = lt_tsv_text(t, column);

	if (!*text)
		return lt_tsv_refuse(t, column, "a name", err);
	if (strlen(text) > NAME_BYTES)
		return lt_tsv_refuse(
			t, column, "a name of at most 255 bytes", err);
	*number = lt_names_number(s, text);
	return 0;
}

static int
read_stage(struct row *r, struct lt_tsv *t, int column, struct lt_err *err)
{
	uint64_t stage;

	if (lt_tsv_u64(t, column, &stage, err) < 0)
		return -1;
	if (stage > STAGE_MAX)
		return lt_tsv_refuse(
			t, column, "a whole number from 0 to 2147483647", err);
	r->v.stage = (uint32_t)stage;
	return 0;
}

static int
read_percent(double *v, struct lt_tsv *t, int column, struct lt_err *err)
{
	if (lt_tsv_f64(t, column, v, err) < 0)
		return -1;
	if (*v < 0 || *v > 100)
		return lt_tsv_refuse(
			t, column, "a percentage from 0 to 100, or NaN", err);
	/* -0 becomes 0, so that it does not matter which one is read first. */
	*v = fabs(*v);
	return 0;
}

/* An infinite length counts as not measured. */
static int
read_length(double *v, struct lt_tsv *t, int column, struct lt_err *err)
{
	*v = NAN;
	if (column < 0)
		return 0;
	if (lt_tsv_f64(t, column, v, err) < 0)
		return -1;
	if (*v < 0)
		return lt_tsv_refuse(
			t, column, "a length of at least 0, or NaN", err);
	*v = isinf(*v) ? NAN : fabs(*v);
	return 0;
}

static int
read_row(struct rows *rows, struct row *r, struct lt_tsv *t, const int *column,
	struct lt_err *err)
{
	double *const percent[] = {
		&r->v.sparsity, &r->v.val_acc, &r->v.test_acc};
	int bad;

	r->line = lt_tsv_line(t);
	bad = read_name(&rows->network, &r->network, t, column[NETWORK], err);
	if (!bad)
		bad = read_name(&rows->seed, &r->seed, t, column[SEED], err);
	if (!bad)
		bad = read_stage(r, t, column[STAGE], err);
	for (int i = 0; i < 3 && !bad; i++)
		bad = read_percent(percent[i], t, column[SPARSITY + i], err);
	if (!bad)
		bad = read_length(&r->v.length, t, column[LENGTH], err);
	r->v.train_acc = NAN;
	if (!bad && column[TRAIN_ACC] >= 0)
		bad = read_percent(&r->v.train_acc, t, column[TRAIN_ACC], err);
	return bad;
}

static int
find_columns(int *column, struct lt_tsv *t, struct lt_err *err)
{
	static const char *const name[ALL] = {"network", "seed", "stage",
		"sparsity", "val_acc", "test_acc", "length", "train_acc"};

	for (int i = 0; i < LENGTH; i++) {
		column[i] = lt_tsv_column(t, name[i], err);
		if (column[i] < 0)
			return -1;
	}
	for (int i = LENGTH; i < ALL; i++)
		column[i] = lt_tsv_column(t, name[i], NULL);
	return 0;
}

static int
by_reading(const struct row *a, const struct row *b)
{
	if (a->table != b->table)
		return a->table < b->table ? -1 : 1;
	return (a->line > b->line) - (a->line < b->line);
}

static int
by_key(const struct row *a, const struct row *b)
{
	if (a->network != b->network)
		return a->network < b->network ? -1 : 1;
	if (a->seed != b->seed)
		return a->seed < b->seed ? -1 : 1;
	return (a->v.stage > b->v.stage) - (a->v.stage < b->v.stage);
}

static int
by_place(const void *a, const void *b)
{
	int order = by_key(a, b);
	return order ? order : by_reading(a, b);
}

static bool
equal(double a, double b)
{
	return a == b || (isnan(a) && isnan(b));
}

static bool
equal_values(const struct lt_search_stage *a, const struct lt_search_stage *b)
{
	return equal(a->sparsity, b->sparsity) &&
	       equal(a->val_acc, b->val_acc) &&
	       equal(a->test_acc, b->test_acc) && equal(a->length, b->length) &&
	       equal(a->train_acc, b->train_acc);
}

static const char *
shown(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

static int
refuse_again(const struct rows *rows, const struct row *first,
	const struct row *again, const char *const *paths, struct lt_err *err)
{
	return lt_fail(err, LT_EDATA,
		"%s:%" PRIu64
		": network '%s', seed '%s', stage %u: expected the values of "
		"%s:%" PRIu64 ", found others",
		shown(paths[again->table]), again->line,
		rows->network.text[again->network],
		rows->seed.text[again->seed], again->v.stage,
		shown(paths[first->table]), first->line);
}

/* Of sorted rows, keep the first of each place.  If others contradict it,
 * again is the one of them that was read first. */
static int
drop_repeated(struct rows *rows, const char *const *paths, struct lt_err *err)
{
	size_t kept = 0;
	struct row first = {0}, again = {0}; /* again.line 0: none */

	for (size_t i = 0; i < rows->n; i++) {
		struct row *r = &rows->v[i], *k = &rows->v[kept ? kept - 1 : 0];
		if (!kept || by_key(k, r) != 0) {
			rows->v[kept++] = *r;
		} else if (!equal_values(&k->v, &r->v) &&
			   (!again.line || by_reading(r, &again) < 0)) {
			first = *k;
			again = *r;
		}
	}
	rows->n = kept;
	return again.line ? refuse_again(rows, &first, &again, paths, err) : 0;
}

/* Before the rows grow, repeated stages are removed, so that memory follows the
 * number of stages. */
static int
make_room(struct rows *rows, const char *const *paths, struct lt_err *err)
{
	if (rows->n) {
		qsort(rows->v, rows->n, sizeof *rows->v, by_place);
		if (drop_repeated(rows, paths, err) < 0)
			return -1;
	}
	if (rows->n > ROWS_MAX)
		return lt_fail(err, LT_EDATA,
			"%s: expected at most %d stages, found more",
			shown(paths[0]), ROWS_MAX);
	if (2 * rows->n >= rows->cap)
		lt_grow(&rows->v, &rows->cap, 2 * rows->cap + 1024,
			sizeof *rows->v);
	return 0;
}

static int
read_table(struct rows *rows, int table, const char *const *paths,
	struct lt_err *err)
{
	struct lt_tsv *t = lt_tsv_open(paths[table], err);
	int column[ALL], bad;

	if (!t)
		return -1;
	bad = find_columns(column, t, err);
	while (!bad) {
		struct row r = {.table = table};
		bad = lt_tsv_next(t, err);
		if (bad <= 0)
			break;
		bad = read_row(rows, &r, t, column, err);
		if (!bad && rows->n == rows->cap)
			bad = make_room(rows, paths, err);
		if (bad)
			break;
		rows->v[rows->n++] = r;
	}
	lt_tsv_close(t);
	return bad;
}

static int
by_seed(const void *a, const void *b)
{
	const struct lt_search *x = a, *y = b;

	if (x->number != y->number)
		return x->number < y->number ? -1 : 1;
	return strcmp(x->seed, y->seed);
}

static void
sort_searches(struct lt_search *v, size_t n)
{
	bool all = true;

	for (size_t i = 0; i < n; i++)
		all = all && lt_num_u64(v[i].seed, &v[i].number);
	for (size_t i = 0; i < n && !all; i++)
		v[i].number = 0;
	qsort(v, n, sizeof *v, by_seed);
}

/* Sorted rows, each place once, cut where the search changes, and where the
 * network does. */
static void
cut(struct lt_searches *s, const struct rows *rows)
{
	size_t searches = 0;

	s->group = lt_alloc(rows->network.n, sizeof *s->group);
	s->search = lt_alloc(rows->n, sizeof *s->search);
	s->stage = lt_alloc(rows->n, sizeof *s->stage);
	for (size_t i = 0; i < rows->n; i++) {
		const struct row *r = &rows->v[i];
		bool new_network = !i || r->network != r[-1].network;
		s->stage[i] = r->v;
		if (new_network)
			s->group[s->n++] = (struct lt_search_group){
				.network = rows->network.text[r->network],
				.search = &s->search[searches]};
		struct lt_search_group *g = &s->group[s->n - 1];
		if (new_network || r->seed != r[-1].seed) {
			s->search[searches++] = (struct lt_search){
				.seed = rows->seed.text[r->seed],
				.stage = &s->stage[i]};
			g->n++;
		}
		s->search[searches - 1].n++;
		if (r->v.stage > g->stages)
			g->stages = r->v.stage;
	}
	searches = 0;
	for (size_t i = 0; i < s->n; searches += s->group[i++].n)
		sort_searches(&s->search[searches], s->group[i].n);
}

/* Move the texts from rows to s. */
static void
keep_names(struct lt_searches *s, struct rows *rows)
{
	struct lt_names *const from[] = {&rows->network, &rows->seed};

	s->text = lt_alloc(from[0]->n + from[1]->n, sizeof *s->text);
	for (int i = 0; i < 2; i++) {
		for (size_t j = 0; j < from[i]->n; j++)
			s->text[s->texts++] = from[i]->text[j];
		free(from[i]->text);
		free(from[i]->slot);
	}
}

int
lt_searches_read(struct lt_searches *s, const char *const *paths, int n,
	struct lt_err *err)
{
	struct rows rows = {0};
	int bad = 0;

	*s = (struct lt_searches){0};
	for (int i = 0; i < n && !bad; i++)
		bad = read_table(&rows, i, paths, err);
	if (!bad && rows.n) {
		qsort(rows.v, rows.n, sizeof *rows.v, by_place);
		bad = drop_repeated(&rows, paths, err);
	}
	if (!bad)
		cut(s, &rows);
	keep_names(s, &rows);
	free(rows.v);
	if (bad)
		lt_searches_release(s);
	return bad;
}

void
lt_searches_release(struct lt_searches *s)
{
	for (size_t i = 0; i < s->texts; i++)
		free(s->text[i]);
	free(s->text);
	free(s->group);
	free(s->search);
	free(s->stage);
	*s = (struct lt_searches){0};
}
