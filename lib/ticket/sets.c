#include "ticket/sets.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/names.h"
#include "base/num.h"
#include "base/table.h"
#include "file/index.h"
#include "ticket/subset.h"

struct found_set {
	uint64_t round;
	double cet, cep, both, size;
};

/* The list beside the set; a list that is not there is empty. */
static int
read_beside(struct lt_index *ix, const char *set, const char *name,
	struct lt_err *err)
{
	const char *slash = strrchr(set, '/');
	char *path = lt_asprintf(
		"%.*s%s", slash ? (int)(slash + 1 - set) : 0, set, name);
	int r = access(path, F_OK) == 0 ? lt_index_read(ix, path, err) : 0;

	free(path);
	return r;
}

/* The folder that a set is in has the number of its round. */
static int
read_round(uint64_t *round, const char *set, struct lt_err *err)
{
	const char *slash = strrchr(set, '/'), *name = slash;

	while (name && name > set && name[-1] != '/')
		name--;
	char *folder =
		lt_strndup(name ? name : "", name ? (size_t)(slash - name) : 0);
	bool good = lt_num_u64(folder, round);
	free(folder);
	if (good)
		return 0;
	return lt_fail(err, LT_EUSAGE,
		"%s: expected a list in a folder that has the number of its "
		"round",
		set);
}

static bool
contains(const struct lt_index *set, const struct lt_index *part)
{
	uint32_t which;
	return !lt_subset_outside(&which, part, set);
}

static void
measure(struct found_set *f, const struct lt_index *set,
	const struct lt_index *cet, const struct lt_index *cep)
{
	struct lt_index both = {0};

	lt_subset_intersect(&both, cet, cep);
	f->size = (double)set->n;
	f->cet = (double)cet->n;
	f->cep = (double)cep->n;
	f->both = (double)both.n;
	if (cet->n + cep->n - both.n != set->n || !contains(set, cet) ||
		!contains(set, cep)) {
		f->cep = f->both = 0;
		if (cet->n != set->n || !contains(set, cet))
			f->cet = f->cep = f->both = NAN;
	}
	/* No training takes an empty set: one that diverged has left it. */
	if (set->n == 0)
		f->size = f->cet = f->cep = f->both = NAN;
	lt_index_release(&both);
}

static int
read_set(struct found_set *f, const char *path, struct lt_err *err)
{
	struct lt_index set = {0}, cet = {0}, cep = {0};
	int r = read_round(&f->round, path, err);

	if (r == 0)
		r = lt_index_read(&set, path, err);
	if (r == 0)
		r = read_beside(&cet, path, "cet.idx", err);
	if (r == 0)
		r = read_beside(&cep, path, "cep.idx", err);
	if (r == 0)
		measure(f, &set, &cet, &cep);
	lt_index_release(&set);
	lt_index_release(&cet);
	lt_index_release(&cep);
	return r;
}

static void
put_set(struct lt_cells *c, const struct found_set *f, size_t d0)
{
	lt_cell_whole(c, f->round);
	lt_cell_fixed(c, f->cet, 0);
	lt_cell_fixed(c, f->cep, 0);
	lt_cell_fixed(c, f->both, 0);
	lt_cell_fixed(c, f->size, 0);
	lt_cell_digits(c, d0 ? 100 * f->size / (double)d0 : NAN, 12);
	lt_cells_end(c);
}

int
lt_sets_write(const char *path, const char *d0, const char *const *set, int n,
	struct lt_err *err)
{
	struct found_set *found = lt_alloc((size_t)n, sizeof(*found));
	struct lt_index all = {0};
	struct lt_cells c;
	int r = lt_index_read(&all, d0, err);

	for (int i = 0; i < n && r == 0; i++)
		r = read_set(&found[i], set[i], err);
	if (r == 0)
		r = lt_cells_open(&c, path, err);
	if (r == 0) {
		lt_cells_header(&c, "round cet cep both set_size set_share");
		for (int i = 0; i < n; i++)
			put_set(&c, &found[i], all.n);
		r = lt_cells_commit(&c, err);
	}
	lt_index_release(&all);
	free(found);
	return r;
}

enum { LIST, CLASS, NAME, COUNT, COLUMNS };

/* The counts of the second list, by the numbers of the classes. */
static double *
add_up(struct lt_names *class, double *sum, const struct lt_table *t,
	const int *at, const double *count)
{
	double *part = lt_alloc(t->n + 1, sizeof(*part));

	*sum = 0;
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(lt_table_text(t, i, at[LIST]),
			    lt_table_text(t, 0, at[LIST])) != 0) {
			part[lt_names_number(class,
				lt_table_text(t, i, at[CLASS]))] = count[i];
			*sum += count[i];
		}
	return part;
}

static void
put_classes(struct lt_cells *c, const struct lt_table *t, const int *at,
	const double *count)
{
	struct lt_names class = {0};
	double sum, *part = add_up(&class, &sum, t, at, count);

	lt_cells_header(
		c, "class name d0 set_size share_of_class share_of_set");
	for (size_t i = 0; i < t->n; i++) {
		if (strcmp(lt_table_text(t, i, at[LIST]),
			    lt_table_text(t, 0, at[LIST])) != 0)
			continue;
		int64_t k =
			lt_names_find(&class, lt_table_text(t, i, at[CLASS]));
		double mine = sum > 0 ? k < 0 ? 0 : part[k] : NAN;
		lt_cell_text(c, lt_table_text(t, i, at[CLASS]));
		lt_cell_name(
			c, t->cell[i * (size_t)t->columns + (size_t)at[NAME]]);
		lt_cell_fixed(c, count[i], 0);
		lt_cell_fixed(c, mine, 0);
		lt_cell_digits(
			c, count[i] > 0 ? 100 * mine / count[i] : NAN, 12);
		lt_cell_digits(c, 100 * mine / sum, 12);
		lt_cells_end(c);
	}
	free(part);
	lt_names_release(&class);
}

int
lt_class_shares_write(const char *path, const char *from, struct lt_err *err)
{
	static const char *const name[COLUMNS] = {
		"list", "class", "name", "count"};
	struct lt_table t;
	struct lt_cells c;
	double *count = NULL;
	int at[COLUMNS], r = lt_table_read(&t, from, err);

	if (r < 0)
		return -1;
	for (int i = 0; i < COLUMNS && r == 0; i++) {
		at[i] = lt_table_column(&t, name[i], err);
		r = at[i] < 0 ? -1 : 0;
	}
	if (r == 0) {
		count = lt_table_numbers(&t, "count", err);
		r = count ? lt_cells_open(&c, path, err) : -1;
	}
	if (r == 0) {
		put_classes(&c, &t, at, count);
		r = lt_cells_commit(&c, err);
	}
	free(count);
	lt_table_release(&t);
	return r;
}
