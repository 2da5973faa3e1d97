#include "ticket/calibration.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

static const char *const names[LT_CALIBRATED] = {
	[LT_TRAIN_SECONDS] = "train_seconds",
	[LT_TRAIN_MACS] = "train_macs",
	[LT_FORWARD_SECONDS] = "forward_seconds",
	[LT_FORWARD_MACS] = "forward_macs",
	[LT_CHECKPOINT_BYTES] = "checkpoint_bytes",
	[LT_MASK_BYTES] = "mask_bytes",
	[LT_STATE_BYTES] = "state_bytes",
	[LT_EVENT_BYTES] = "event_bytes",
	[LT_MEMORY_BYTES] = "memory_bytes",
	[LT_IMAGE_BYTES] = "image_bytes",
};

/* The numbers of a column, none below 0; NULL on failure. */
static double *
read_column(const struct lt_table *t, const char *name, struct lt_err *err)
{
	double *v = lt_table_numbers(t, name, err);

	for (size_t i = 0; v && i < t->n; i++) {
		if (v[i] >= 0 && v[i] * 0 == 0)
			continue;
		lt_table_refuse(t, i, lt_table_find(t, name),
			"a number from 0 up", err);
		free(v);
		return NULL;
	}
	return v;
}

int
lt_calibration_read(
	struct lt_calibration *c, const char *path, struct lt_err *err)
{
	*c = (struct lt_calibration){0};
	if (lt_table_read(&c->t, path, err) < 0)
		return -1;
	if (!c->t.n)
		return 0;
	c->network = lt_table_column(&c->t, "network", err);
	bool good = c->network >= 0 &&
		    (c->density = read_column(&c->t, "density", err));
	for (int i = 0; good && i < LT_CALIBRATED; i++)
		good = (c->value[i] = read_column(&c->t, names[i], err));
	if (good)
		return 0;
	lt_calibration_release(c);
	return -1;
}

void
lt_calibration_release(struct lt_calibration *c)
{
	lt_table_release(&c->t);
	free(c->density);
	for (int i = 0; i < LT_CALIBRATED; i++)
		free(c->value[i]);
	*c = (struct lt_calibration){0};
}

void
lt_measured_init(struct lt_measured *m, const struct lt_calibration *c,
	const char *network)
{
	*m = (struct lt_measured){
		.c = c, .row = lt_alloc(c->t.n, sizeof *m->row)};
	for (size_t i = 0; i < c->t.n; i++)
		if (!strcmp(lt_table_text(&c->t, i, c->network), network))
			m->row[m->n++] = i;
}

void
lt_measured_release(struct lt_measured *m)
{
	free(m->row);
	*m = (struct lt_measured){0};
}

double
lt_measured_dense(const struct lt_measured *m, enum lt_calibrated what)
{
	return m->n ? m->c->value[what][m->row[0]] : 0;
}

double
lt_measured_sparsest(const struct lt_measured *m, enum lt_calibrated what)
{
	return m->n ? m->c->value[what][m->row[m->n - 1]] : 0;
}

double
lt_measured_at(
	const struct lt_measured *m, double density, enum lt_calibrated what)
{
	size_t k = 0;

	if (!m->n)
		return 0;
	while (k + 1 < m->n && m->c->density[m->row[k]] > density)
		k++;
	double low = m->c->density[m->row[k]], b = m->c->value[what][m->row[k]];
	if (k == 0 || low > density)
		return b;
	double high = m->c->density[m->row[k - 1]];
	double a = m->c->value[what][m->row[k - 1]];
	return b + (a - b) * (density - low) / (high - low);
}
