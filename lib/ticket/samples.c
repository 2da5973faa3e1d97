#include "ticket/samples.h"

#include <stdlib.h>
#include "base/mem.h"
#include "run/evaluate.h"
#include "ticket/subset.h"

/* Count the classes with fewer than per_class samples. */
static int
count_few(const struct lt_samples *s, int per_class)
{
	int few = 0;
	size_t *count = lt_alloc((size_t)s->data.classes, sizeof *count);

	lt_subset_count(count, &s->drawn, s->data.label, s->data.classes);
	for (int c = 0; c < s->data.classes; c++)
		few += count[c] < (size_t)per_class;
	free(count);
	return few;
}

static int
read_index(struct lt_index *all, const struct lt_samples_from *from,
	const struct lt_dataset *d, struct lt_err *err)
{
	if (!from->index) {
		lt_index_all(all, d->n);
		return 0;
	}
	if (lt_index_read(all, from->index, err) < 0)
		return -1;
	return lt_index_check(all, from->index, d->n, from->data, err);
}

int
lt_samples_open(struct lt_samples *s, const struct lt_samples_from *from,
	const struct lt_graph *g, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	const struct lt_dataset *d = &s->data;
	struct lt_index all = {0};

	*s = (struct lt_samples){.data = {.fd = -1}};
	if (lt_dataset_open(&s->data, from->data, err) < 0 ||
		lt_evaluate_fits(g, path, d, err) < 0 ||
		lt_norm_from(&s->norm, st, path, d, err) < 0)
		return -1;
	int bad = read_index(&all, from, d, err);
	if (!bad && !all.n)
		bad = lt_fail(err, LT_EDATA, "%s: there is no sample",
			from->index ? from->index : from->data);
	if (!bad) {
		lt_subset_balanced(&s->drawn, &all, (size_t)from->per_class,
			d->label, d->classes, from->seed);
		s->few = count_few(s, from->per_class);
	}
	lt_index_release(&all);
	return bad;
}

void
lt_samples_release(struct lt_samples *s)
{
	lt_index_release(&s->drawn);
	lt_dataset_close(&s->data);
}
