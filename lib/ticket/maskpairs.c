#include "ticket/maskpairs.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "base/out.h"
#include "base/table.h"

#define ROUND_MAX 9999

struct paths {
	char **v;
	size_t n, cap;
};

static void
release_paths(struct paths *p)
{
	for (size_t i = 0; i < p->n; i++)
		free(p->v[i]);
	free(p->v);
}

static bool
has_bytes(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && st.st_size > 0;
}

static void
add_mask(struct paths *p, const char *summary, uint64_t round)
{
	const char *slash = strrchr(summary, '/');
	char *path = lt_asprintf("%.*s%02" PRIu64 "/ticket.mask.safetensors",
		slash ? (int)(slash + 1 - summary) : 0, summary, round);

	if (!has_bytes(path)) {
		free(path);
		return;
	}
	lt_grow(&p->v, &p->cap, p->n + 1, sizeof(*p->v));
	p->v[p->n++] = path;
}

static int
read_round(uint64_t *round, const struct lt_table *t, size_t row, int column,
	struct lt_err *err)
{
	if (lt_num_u64(lt_table_text(t, row, column), round) &&
		*round <= ROUND_MAX)
		return 0;
	return lt_table_refuse(t, row, column, "a round from 0 to 9999", err);
}

static int
add_masks(struct paths *p, const char *summary,
	const struct lt_mask_choice *choice, struct lt_err *err)
{
	struct lt_table t;
	uint64_t round, last = 0;

	if (lt_table_read(&t, summary, err) < 0)
		return -1;
	int at = t.lost ? 0 : lt_table_column(&t, "round", err);
	int r = at < 0 ? -1 : 0;
	for (size_t i = 0; i < t.n && r == 0; i++) {
		r = read_round(&round, &t, i, at, err);
		if (r < 0)
			break;
		if (choice->round) {
			if (round == *choice->round)
				add_mask(p, summary, round);
			continue;
		}
		for (uint64_t k = choice->own ? round : last + 1;
			k > 0 && k <= round; k++)
			add_mask(p, summary, k);
		last = round;
	}
	lt_table_release(&t);
	return r;
}

int
lt_masks_write(const char *path, const char *const *summary, int n,
	const struct lt_mask_choice *choice, struct lt_err *err)
{
	struct paths p = {0};
	int r = 0;

	for (int i = 0; i < n && r == 0; i++)
		r = add_masks(&p, summary[i], choice, err);
	struct lt_out *o = r == 0 ? lt_out_open(path, err) : NULL;
	r = o ? 0 : -1;
	for (size_t i = 0; o && i < p.n && p.n > 1; i++) {
		lt_out_text(o, p.v[i]);
		lt_out_write(o, "\n", 1);
	}
	if (o)
		r = lt_out_commit(o, err);
	release_paths(&p);
	return r;
}

/* What a mask's path says, for free(). */
static char *
name_of(const char *path, int part)
{
	static const char before[] = "epoch-", after[] = ".mask.safetensors";
	const char *end = path + strlen(path), *begin;
	uint64_t number;

	for (;; part--) {
		for (begin = end; begin > path && begin[-1] != '/'; begin--)
			;
		if (part == 1 || begin == path)
			break;
		end = begin - 1;
	}
	char *name = lt_strndup(
		part == 1 ? begin : "", part == 1 ? (size_t)(end - begin) : 0);
	size_t n = strlen(name), k = sizeof(after) - 1;
	if (strncmp(name, before, sizeof(before) - 1) == 0) {
		n -= sizeof(before) - 1;
		memmove(name, name + sizeof(before) - 1, n + 1);
	}
	if (n >= k && strcmp(name + n - k, after) == 0)
		name[n - k] = '\0';
	if (lt_num_u64(name, &number)) {
		free(name);
		name = lt_asprintf("%" PRIu64, number);
	}
	return name;
}

static void
put_pairs(struct lt_cells *c, const struct lt_table *t, int part,
	const uint64_t *round)
{
	char **name = lt_alloc((size_t)t->columns, sizeof(*name));

	for (int j = 1; j < t->columns; j++)
		name[j] = name_of(t->title[j], part);
	for (size_t i = 0; i < t->n; i++) {
		char *a = name_of(lt_table_text(t, i, 0), part);
		for (int j = 1; j < t->columns; j++) {
			if (round)
				lt_cell_whole(c, *round);
			lt_cell_name(c, a);
			lt_cell_name(c, name[j]);
			lt_cell_text(c, lt_table_text(t, i, j));
			lt_cells_end(c);
		}
		free(a);
	}
	for (int j = 1; j < t->columns; j++)
		free(name[j]);
	free(name);
}

int
lt_mask_pairs_write(const char *path, const char *from, int part,
	const uint64_t *round, struct lt_err *err)
{
	struct lt_table t;
	struct lt_cells c;
	double v;
	int r = lt_table_read(&t, from, err);

	if (r < 0)
		return -1;
	for (size_t i = 0; i < t.n && r == 0; i++)
		for (int j = 1; j < t.columns && r == 0; j++)
			r = lt_table_f64(&t, i, j, &v, err);
	if (r == 0)
		r = lt_cells_open(&c, path, err);
	if (r == 0) {
		lt_cells_header(
			&c, round ? "round a b distance" : "a b distance");
		put_pairs(&c, &t, part, round);
		r = lt_cells_commit(&c, err);
	}
	lt_table_release(&t);
	return r;
}

enum { A, B, ROUND, N, DISTANCE, STD, OVERLAP_COLUMNS };

static void
put_overlap(struct lt_cells *c, const struct lt_table *t, const int *at)
{
	struct lt_names method = {0};

	for (int pass = 0; pass < 2; pass++) {
		size_t methods = pass ? method.n : 1;
		for (size_t m = 0; m < methods; m++) {
			for (size_t i = 0; i < t->n; i++) {
				const char *b = lt_table_text(t, i, at[B]);
				if (strcmp(lt_table_text(t, i, at[A]), "imp") !=
						0 ||
					strcmp(b, "imp") == 0)
					continue;
				if (!pass)
					lt_names_number(&method, b);
				else if (strcmp(b, method.text[m]) == 0) {
					for (int k = B; k < OVERLAP_COLUMNS;
						k++)
						lt_cell_text(
							c, lt_table_text(t, i,
								   at[k]));
					lt_cells_end(c);
				}
			}
		}
	}
	lt_names_release(&method);
}

int
lt_mask_overlap_write(const char *path, const char *from, struct lt_err *err)
{
	static const char *const name[OVERLAP_COLUMNS] = {
		"a", "b", "round", "n", "distance", "distance_std"};
	struct lt_table t;
	struct lt_cells c;
	int at[OVERLAP_COLUMNS], r = lt_table_read(&t, from, err);

	if (r < 0)
		return -1;
	for (int i = 0; i < OVERLAP_COLUMNS && r == 0 && !t.lost; i++) {
		at[i] = lt_table_column(&t, name[i], err);
		r = at[i] < 0 ? -1 : 0;
	}
	if (r == 0)
		r = lt_cells_open(&c, path, err);
	if (r == 0) {
		lt_cells_header(&c, "method round n distance distance_std");
		put_overlap(&c, &t, at);
		r = lt_cells_commit(&c, err);
	}
	lt_table_release(&t);
	return r;
}

/* What the summary says of the trainings. */
struct plan {
	char *eps;		    /* as the rule has it; NULL: relative */
	bool wanted[ROUND_MAX + 1]; /* trainings that were watched */
	uint64_t last;
};

/* The value of "name=..." in a rule, which a comma ends, for free(); or NULL.
 */
static char *
value_in(const char *rule, const char *name)
{
	const char *found = NULL;
	size_t n = strlen(name);

	for (const char *p = rule; (p = strstr(p, name)); p += n)
		found = p + n;
	return found ? lt_strndup(found, strcspn(found, ",")) : NULL;
}

static int
read_plan(
	struct plan *p, const struct lt_table *t, bool own, struct lt_err *err)
{
	int rule_at = lt_table_column(t, "stop_rule", err);
	int round_at = rule_at < 0 ? -1 : lt_table_column(t, "round", err);
	uint64_t round;

	if (round_at < 0)
		return -1;
	for (size_t i = 0; i < t->n; i++) {
		const char *rule = lt_table_text(t, i, rule_at);
		if (!strstr(rule, "eps=") && !strstr(rule, "relative="))
			continue;
		if (read_round(&round, t, i, round_at, err) < 0)
			return -1;
		free(p->eps);
		p->eps = value_in(rule, "eps=");
		for (uint64_t k = own ? round : 0; own ? k == round : k < round;
			k++)
			p->wanted[k] = true;
		if (round > p->last)
			p->last = round;
	}
	return 0;
}

/* Read a table of a training; one that is not there is lost. */
static int
read_of(struct lt_table *t, const char *folder, const char *name,
	struct lt_err *err)
{
	char *path = lt_asprintf("%s/%s", folder, name);
	int r = 0;

	*t = (struct lt_table){.lost = true};
	if (access(path, F_OK) == 0)
		r = lt_table_read(t, path, err);
	free(path);
	return r;
}

/* The iteration of the check that stopped the training; NaN if none did. */
static int
read_stop(double *stop, const char *folder, struct lt_err *err)
{
	struct lt_table t;
	double *stopped = NULL, *iteration = NULL;

	*stop = NAN;
	if (read_of(&t, folder, "stop.tsv", err) < 0)
		return -1;
	stopped = lt_table_optional(&t, "stopped", err);
	iteration = lt_table_optional(&t, "iteration", err);
	int r = stopped && iteration ? 0 : -1;
	for (size_t i = 0; i < t.n && r == 0; i++)
		if (stopped[i] == 1)
			*stop = iteration[i];
	free(stopped);
	free(iteration);
	lt_table_release(&t);
	return r;
}

static int
put_training(struct lt_cells *c, uint64_t round, const char *folder,
	const char *eps, struct lt_err *err)
{
	static const char *const name[] = {"epoch", "iteration", "distance"};
	struct lt_table t;
	double stop, *iteration;
	int at[3];

	if (read_stop(&stop, folder, err) < 0 ||
		read_of(&t, folder, "distances.tsv", err) < 0)
		return -1;
	iteration = lt_table_optional(&t, "iteration", err);
	for (int k = 0; k < 3; k++)
		at[k] = lt_table_find(&t, name[k]);
	for (size_t i = 0; iteration && i < t.n; i++) {
		lt_cell_whole(c, round);
		for (int k = 0; k < 3; k++)
			lt_cell_text(c, lt_table_text(&t, i, at[k]));
		lt_cell_whole(c, iteration[i] == stop);
		lt_cell_text(c, eps ? eps : "NaN");
		lt_cells_end(c);
	}
	int r = iteration ? 0 : -1;
	free(iteration);
	lt_table_release(&t);
	return r;
}

static int
put_trainings(struct lt_cells *c, const struct plan *p,
	const struct lt_watched *w, struct lt_err *err)
{
	int r = 0;

	for (uint64_t k = 0; k <= p->last && r == 0; k++) {
		if (!p->wanted[k])
			continue;
		char *folder = k || !w->zero ? lt_asprintf("%s/%02" PRIu64,
						       w->folder, k)
					     : lt_strdup(w->zero);
		r = put_training(c, k, folder, p->eps, err);
		free(folder);
	}
	return r;
}

int
lt_watched_write(const char *path, const char *summary,
	const struct lt_watched *w, struct lt_err *err)
{
	struct plan *p = lt_alloc(1, sizeof(*p));
	struct lt_table t;
	struct lt_cells c;
	int r = lt_table_read(&t, summary, err);

	if (r == 0 && !t.lost)
		r = read_plan(p, &t, w->own, err);
	if (r == 0)
		r = lt_cells_open(&c, path, err);
	if (r == 0) {
		lt_cells_header(
			&c, "round epoch iteration distance stopped eps");
		r = put_trainings(&c, p, w, err);
		if (r == 0)
			r = lt_cells_commit(&c, err);
		else
			lt_cells_abandon(&c);
	}
	lt_table_release(&t);
	free(p->eps);
	free(p);
	return r;
}
