#include "ticket/budget.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "base/table.h"
#include "file/index.h"

/* The point of a training of all epochs in one of some, as a text for free();
 * NULL on failure. */
static char *
scale_point(const char *text, uint64_t all, uint64_t some, struct lt_err *err)
{
	size_t n = strlen(text);
	const char *suffix = n && text[n - 1] == 'i' ? "i" : "";
	char *digits = lt_strndup(text, n - strlen(suffix));
	uint64_t v, product;
	bool good = lt_num_u64(digits, &v) && lt_mul(&product, v, some);

	free(digits);
	if (good)
		return lt_asprintf("%" PRIu64 "%s", product / all, suffix);
	lt_fail(err, LT_EUSAGE,
		"expected epochs, or iterations such as 500i, found '%s'",
		text);
	return NULL;
}

/* The same of points with commas between them. */
static char *
scale_points(const char *text, uint64_t all, uint64_t some, struct lt_err *err)
{
	char *copy = lt_strdup(text), *at = NULL, *list = NULL;

	for (char *p = strtok_r(copy, ",", &at); p;
		p = strtok_r(NULL, ",", &at)) {
		char *point = scale_point(p, all, some, err);
		char *longer = point ? lt_asprintf("%s%s%s", list ? list : "",
					       list ? "," : "", point)
				     : NULL;
		free(point);
		free(list);
		list = longer;
		if (!list)
			break;
	}
	free(copy);
	return list;
}

static int
count_list(size_t *n, const char *path, struct lt_err *err)
{
	struct lt_index ix = {0};
	int r = lt_index_read(&ix, path, err);

	*n = ix.n;
	lt_index_release(&ix);
	return r;
}

int
lt_budget_part(uint64_t *epochs, size_t *samples, uint64_t all, const char *d0,
	const char *set, struct lt_err *err)
{
	size_t whole;

	if (count_list(&whole, d0, err) < 0 ||
		count_list(samples, set, err) < 0)
		return -1;
	if (whole == 0)
		return lt_fail(err, LT_EDATA,
			"%s: expected at least one sample, found none", d0);
	*epochs = all * *samples / whole;
	return 0;
}

int
lt_budget_scale(struct lt_budget *out, const struct lt_budget *all,
	uint64_t epochs, struct lt_err *err)
{
	bool milestones = all->milestones && *all->milestones;

	*out = (struct lt_budget){.epochs = epochs};
	if (milestones)
		out->milestones = scale_points(
			all->milestones, all->epochs, out->epochs, err);
	if (!milestones || out->milestones)
		out->warmup =
			scale_point(all->warmup, all->epochs, out->epochs, err);
	if (out->warmup)
		return 0;
	lt_budget_release(out);
	return -1;
}

void
lt_budget_release(struct lt_budget *b)
{
	free(b->milestones);
	free(b->warmup);
	*b = (struct lt_budget){0};
}

int
lt_length_write(const char *path, const char *log, struct lt_err *err)
{
	struct lt_table t;
	uint64_t v = 0;
	int r = lt_table_read(&t, log, err);

	if (r < 0)
		return -1;
	int at = t.lost ? 0 : lt_table_column(&t, "iteration", err);
	if (at < 0)
		r = -1;
	else if (t.n && !lt_num_u64(lt_table_text(&t, t.n - 1, at), &v))
		r = lt_table_refuse(&t, t.n - 1, at, "a whole number", err);
	lt_table_release(&t);
	if (r < 0)
		return -1;
	struct lt_out *o = lt_out_open(path, err);
	if (!o)
		return -1;
	lt_out_printf(o, "%" PRIu64 "i\n", v);
	return lt_out_commit(o, err);
}
