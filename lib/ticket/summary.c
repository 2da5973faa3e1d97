#include "ticket/summary.h"

#include <inttypes.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/num.h"

#define ROUND_MAX 9999

bool *
lt_summary_diverged(const struct lt_table *t)
{
	static const char *const result[] = {
		"test_acc", "learned_acc", "retrain_seconds"};
	bool *out = lt_alloc(t->n, sizeof(*out));

	for (size_t k = 0; k < sizeof(result) / sizeof(*result); k++) {
		int column = lt_table_find(t, result[k]);
		for (size_t i = 0; column >= 0 && i < t->n; i++)
			out[i] |= lt_table_missing(lt_table_text(t, i, column));
	}
	return out;
}

static char *
key_of(const char *method, uint64_t round, const char *seed)
{
	return lt_asprintf("%s\t%" PRIu64 "\t%s", method, round, seed);
}

static int
read_round(struct lt_summary *s, size_t i, int column, struct lt_err *err)
{
	if (!lt_num_u64(lt_table_text(&s->table, i, column), &s->round[i]) ||
		s->round[i] > ROUND_MAX)
		return lt_table_refuse(
			&s->table, i, column, "a round from 0 to 9999", err);
	if (s->round[i] > s->last)
		s->last = s->round[i];
	return 0;
}

/* The columns that name a row: method and round, or the keys. */
static int
find_columns(int *at, const struct lt_table *t, const char *const *key,
	int keys, struct lt_err *err)
{
	for (int i = 0; i < keys; i++) {
		at[i] = lt_table_column(t, key[i], err);
		if (at[i] < 0)
			return -1;
	}
	return 0;
}

/* The values of the columns, with "/" between them; for free(). */
static char *
join(const struct lt_table *t, size_t row, const int *at, int columns)
{
	char *text = lt_strdup(lt_table_text(t, row, at[0]));

	for (int i = 1; i < columns; i++) {
		char *more = lt_asprintf(
			"%s/%s", text, lt_table_text(t, row, at[i]));
		free(text);
		text = more;
	}
	return text;
}

/* round: the column of rounds, or -1. */
static int
read_rows(struct lt_summary *s, const int *at, int columns, int round,
	struct lt_err *err)
{
	const struct lt_table *t = &s->table;
	int seed = lt_table_find(t, "seed");

	s->name = lt_alloc(t->n, sizeof(*s->name));
	s->round = lt_alloc(t->n, sizeof(*s->round));
	s->row = lt_alloc(t->n, sizeof(*s->row));
	for (size_t i = 0; i < t->n; i++) {
		if (round >= 0 && read_round(s, i, round, err) < 0)
			return -1;
		char *method = join(t, i, at, columns);
		char *key =
			key_of(method, s->round[i], lt_table_text(t, i, seed));
		s->name[i] = lt_names_number(&s->method, method);
		lt_names_number(&s->seed, lt_table_text(t, i, seed));
		s->row[lt_names_number(&s->key, key)] = i;
		free(method);
		free(key);
	}
	s->diverged = lt_summary_diverged(t);
	return 0;
}

static int
read_by(struct lt_summary *s, const char *const *key, int keys, bool rounds,
	struct lt_err *err)
{
	int *at = lt_alloc((size_t)keys, sizeof(*at));
	int r = find_columns(at, &s->table, key, keys, err);

	if (r == 0)
		r = read_rows(
			s, at, rounds ? 1 : keys, rounds ? at[1] : -1, err);
	free(at);
	return r;
}

int
lt_summary_read_by(struct lt_summary *s, const char *path,
	const char *const *key, int keys, struct lt_err *err)
{
	static const char *const usual[] = {"method", "round"};

	*s = (struct lt_summary){0};
	int r = lt_table_read(&s->table, path, err);
	if (r == 0)
		r = keys ? read_by(s, key, keys, false, err)
			 : read_by(s, usual, 2, true, err);
	if (r < 0)
		lt_summary_release(s);
	return r;
}

int
lt_summary_read(struct lt_summary *s, const char *path, struct lt_err *err)
{
	return lt_summary_read_by(s, path, NULL, 0, err);
}

void
lt_summary_release(struct lt_summary *s)
{
	lt_table_release(&s->table);
	lt_names_release(&s->method);
	lt_names_release(&s->seed);
	lt_names_release(&s->key);
	free(s->name);
	free(s->round);
	free(s->row);
	free(s->diverged);
	*s = (struct lt_summary){0};
}

int64_t
lt_summary_row(const struct lt_summary *s, const char *method, uint64_t round,
	const char *seed)
{
	char *key = key_of(method, round, seed);
	int64_t i = lt_names_find(&s->key, key);

	free(key);
	return i < 0 ? -1 : (int64_t)s->row[i];
}
