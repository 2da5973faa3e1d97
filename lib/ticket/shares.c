#include "ticket/shares.h"

#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/out.h"
#include "ticket/subset.h"

static size_t *
count_classes(const struct lt_index *ix, const struct lt_dataset *d)
{
	size_t *count = lt_alloc((size_t)d->classes, sizeof(*count));
	lt_subset_count(count, ix, d->label, d->classes);
	return count;
}

/* Write a tab and part / whole, or NaN if whole is 0. */
static void
put_part(struct lt_out *o, size_t part, size_t whole)
{
	if (whole)
		lt_out_printf(o, "\t%.9g", (double)part / (double)whole);
	else
		lt_out_printf(o, "\tNaN");
}

/* of[class], or NULL */
static void
put_rows(struct lt_out *o, const char *name, const struct lt_index *ix,
	const size_t *of, const struct lt_dataset *d)
{
	size_t *count = count_classes(ix, d);
	for (int c = 0; c < d->classes; c++) {
		lt_out_text(o, name);
		lt_out_printf(o, "\t%d\t", c);
		lt_out_text(o, d->class_name[c]);
		lt_out_printf(o, "\t%zu", count[c]);
		put_part(o, count[c], ix->n);
		if (of)
			put_part(o, count[c], of[c]);
		lt_out_printf(o, "\n");
	}
	free(count);
}

static int
put_list(struct lt_out *o, const char *path, const struct lt_index *all,
	const size_t *of, const struct lt_universe *u, struct lt_err *err)
{
	struct lt_index ix = {0};
	int r = lt_universe_read(&ix, u, path, err);
	if (r == 0 && of)
		r = lt_universe_within(&ix, path, all, u, err);
	if (r == 0)
		put_rows(o, path, &ix, of, u->data);
	lt_index_release(&ix);
	return r;
}

int
lt_shares_write(const char *path, char *const *lists, int n,
	const struct lt_universe *u, struct lt_err *err)
{
	struct lt_index all = {0};
	size_t *of = NULL;
	int r = -1;
	struct lt_out *o = lt_out_open(path, err);
	if (!o || lt_universe_all(&all, u, err) < 0)
		goto out;
	if (u->of)
		of = count_classes(&all, u->data);
	lt_out_printf(o, "list\tclass\tname\tcount\tshare%s\n",
		of ? "\tcoverage" : "");
	if (n == 0)
		put_rows(o, "all", &all, of, u->data);
	r = 0;
	for (int i = 0; i < n && r == 0; i++)
		r = put_list(o, lists[i], &all, of, u, err);
	if (r == 0) {
		r = lt_out_commit(o, err);
		o = NULL;
	}
out:
	lt_out_abandon(o);
	free(of);
	lt_index_release(&all);
	return r;
}
