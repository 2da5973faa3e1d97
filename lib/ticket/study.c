#include "ticket/study.h"

#include <stdlib.h>
#include "base/mem.h"

/* Bytes of a row of predictions. */
#define ROW_BYTES 12

size_t
lt_study_add(struct lt_study *s, const struct lt_stage *stage)
{
	lt_grow(&s->stage, &s->cap, s->n + 1, sizeof *s->stage);
	s->stage[s->n] = *stage;
	return s->n++;
}

void
lt_study_wait(struct lt_study *s, size_t before, size_t after)
{
	if (before == after)
		return;
	lt_grow(&s->wait, &s->wait_cap, s->waits + 1, sizeof *s->wait);
	s->wait[s->waits++] = (struct lt_wait){before, after};
}

void
lt_study_release(struct lt_study *s)
{
	lt_names_release(&s->network);
	free(s->stage);
	free(s->wait);
	*s = (struct lt_study){0};
}

/* Add a stage to *e, and return its processor seconds. */
static double
spend(struct lt_expense *e, const struct lt_stage *g,
	const struct lt_measured *m)
{
	double seconds = LT_STAGE_SECONDS;

	if (g->presented + g->forward > 0) {
		seconds += g->presented * lt_measured_at(m, g->density,
						  LT_TRAIN_SECONDS) +
			   g->forward * lt_measured_at(m, g->density,
						LT_FORWARD_SECONDS);
		e->macs += g->presented * lt_measured_at(m, g->density,
						  LT_TRAIN_MACS) +
			   g->forward * lt_measured_at(
						m, g->density, LT_FORWARD_MACS);
	}
	e->trainings += g->training;
	e->presentations += g->presented;
	e->passes += g->forward;
	e->core_seconds += seconds;
	e->disk += g->checkpoints * lt_measured_dense(m, LT_CHECKPOINT_BYTES) +
		   g->masks * lt_measured_sparsest(m, LT_MASK_BYTES) +
		   g->events * lt_measured_dense(m, LT_EVENT_BYTES) +
		   g->rows * ROW_BYTES;
	return seconds;
}

/* Add all stages; seconds[i] is how long stage i takes by its threads. */
static int
spend_all(struct lt_expense *e, double *seconds, const struct lt_study *s,
	const struct lt_measured *m, struct lt_err *err)
{
	for (size_t i = 0; i < s->n; i++) {
		const struct lt_stage *g = &s->stage[i];
		if (g->presented + g->forward > 0 && !m[g->network].n)
			return lt_fail(err, LT_EDATA,
				"%s: expected its speed in the calibration, "
				"found none",
				s->network.text[g->network]);
		seconds[i] = spend(e, g, &m[g->network]) / g->threads;
	}
	return 0;
}

static double
larger(double a, double b)
{
	return a > b ? a : b;
}

/* Bytes of what runs at a time, and of the data sets. */
static void
keep(struct lt_expense *e, const struct lt_study *s,
	const struct lt_measured *m, double jobs)
{
	double memory = 0, state = 0;

	for (size_t i = 0; i < s->n; i++) {
		const struct lt_measured *of = &m[s->stage[i].network];
		memory = larger(memory, lt_measured_dense(of, LT_MEMORY_BYTES));
		state = larger(state, lt_measured_dense(of, LT_STATE_BYTES));
	}
	if (s->n)
		e->disk += s->images *
			   lt_measured_dense(&m[s->stage[s->n - 1].network],
				   LT_IMAGE_BYTES);
	e->disk += jobs * state;
	e->memory = jobs * memory;
}

int
lt_study_expense(struct lt_expense *out, const struct lt_study *s,
	const struct lt_calibration *c, size_t jobs, struct lt_err *err)
{
	struct lt_measured *m = lt_alloc(s->network.n, sizeof *m);
	double *seconds = lt_alloc(s->n, sizeof *seconds);

	*out = (struct lt_expense){.stages = s->n};
	for (size_t i = 0; i < s->network.n; i++)
		lt_measured_init(&m[i], c, s->network.text[i]);
	int r = spend_all(out, seconds, s, m, err);
	if (r == 0) {
		keep(out, s, m, (double)jobs);
		out->seconds =
			lt_makespan(seconds, s->n, s->wait, s->waits, jobs);
		out->least_seconds =
			lt_makespan(seconds, s->n, s->wait, s->waits, s->n + 1);
	}
	for (size_t i = 0; i < s->network.n; i++)
		lt_measured_release(&m[i]);
	free(m);
	free(seconds);
	return r;
}
