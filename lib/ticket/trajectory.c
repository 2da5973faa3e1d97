/* The images of arcs under a network, and their lengths. */
#include "ticket/trajectory.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/rng.h"
#include "kern/kern.h"
#include "exact/exact.h"
#include "engine/engine.h"

/* A node's images of points, in order: the plane of projection and the image of
 * the point before. */
struct trace {
	struct lt_trajectory *to;
	size_t size;	  /* values of the node */
	double *p, *q;	  /* NULL: no projection */
	double *z, *last; /* [size], the point and the one before */
};

/* One of the two engines, and room for a batch. */
struct walk {
	const struct lt_graph *g;
	const struct lt_arcs *arcs;
	const struct lt_trajectory_opt *o;
	struct lt_engine *exec;
	struct lt_exact *exact;
	struct trace *trace;
	int traces;
	double *x; /* an input */
};

static void
trace_init(struct trace *s, struct lt_trajectory *t, const struct walk *w)
{
	const struct lt_node *n = &w->g->node[t->node];
	size_t arcs = (size_t)w->arcs->n, points = (size_t)w->o->points;

	s->to = t;
	s->size = (size_t)n->c * (size_t)n->h * (size_t)n->w;
	s->z = lt_alloc(s->size, sizeof *s->z);
	s->last = lt_alloc(s->size, sizeof *s->last);
	t->length = lt_alloc(arcs, sizeof *t->length);
	/* A plane has one; fewer dimensions need none. */
	if (!w->o->project || s->size < 2)
		return;
	struct lt_rng r;
	lt_rng_init(&r, w->o->seed, LT_STREAM_ARC, lt_rng_hash(n->name), 2);
	s->p = lt_alloc(s->size, sizeof *s->p);
	s->q = lt_alloc(s->size, sizeof *s->q);
	lt_plane_random(s->p, s->q, s->size, &r);
	t->path = lt_alloc(arcs * points * 2, sizeof *t->path);
}

static void
trace_release(struct trace *s)
{
	free(s->p);
	free(s->q);
	free(s->z);
	free(s->last);
}

/* s->z is the image of the point. */
static void
trace_point(struct trace *s, const struct walk *w, int arc, int point)
{
	struct lt_trajectory *t = s->to;
	double sum = 0;

	if (t->path) {
		double *at = t->path + ((size_t)arc * (size_t)w->o->points +
					       (size_t)point) *
					       2;
		at[0] = at[1] = 0;
		for (size_t i = 0; i < s->size; i++) {
			at[0] += s->p[i] * s->z[i];
			at[1] += s->q[i] * s->z[i];
		}
		if (point) {
			double dx = at[0] - at[-2], dy = at[1] - at[-1];
			sum = dx * dx + dy * dy;
		}
	} else {
		for (size_t i = 0; i < s->size && point; i++)
			sum += (s->z[i] - s->last[i]) * (s->z[i] - s->last[i]);
		memcpy(s->last, s->z, s->size * sizeof *s->z);
	}
	if (!point)
		t->length[arc] = 0;
	t->length[arc] += sqrt(sum);
}

/* ---- the two engines ----------------------------------------------------- */

static void
put_float(struct walk *w, int i)
{
	size_t shard = w->arcs->size * LT_LANES;
	float *lane = lt_engine_input(w->exec) +
		      (size_t)(i / LT_LANES) * shard + i % LT_LANES;

	for (size_t j = 0; j < w->arcs->size; j++)
		lane[j * LT_LANES] = (float)w->x[j];
}

static void
get_float(const struct walk *w, double *z, size_t size, int i)
{
	const float *lane = lt_engine_logits(w->exec) +
			    (size_t)(i / LT_LANES) * size * LT_LANES +
			    i % LT_LANES;

	for (size_t j = 0; j < size; j++)
		z[j] = (double)lane[j * LT_LANES];
}

/* Between values [c][h w] of an image and [c][image][h w]. */
static double *
exact_at(const struct walk *w, int node, size_t j, int i)
{
	const struct lt_node *n = &w->g->node[node];
	size_t px = (size_t)n->h * (size_t)n->w;

	return lt_exact_values(w->exact, node) +
	       j / px * lt_exact_plane(w->exact, node) + (size_t)i * px +
	       j % px;
}

static void
put(struct walk *w, int i)
{
	if (w->exec) {
		put_float(w, i);
		return;
	}
	for (size_t j = 0; j < w->arcs->size; j++)
		*exact_at(w, 0, j, i) = w->x[j];
}

static void
get(const struct walk *w, const struct trace *s, int i)
{
	if (w->exec) {
		get_float(w, s->z, s->size, i);
		return;
	}
	for (size_t j = 0; j < s->size; j++)
		s->z[j] = *exact_at(w, s->to->node, j, i);
}

static void
forward(struct walk *w, int n)
{
	if (w->exec) {
		int dead = (LT_LANES - n % LT_LANES) % LT_LANES;
		memset(w->x, 0, w->arcs->size * sizeof *w->x);
		for (int i = n; i < n + dead; i++)
			put_float(w, i);
		lt_engine_forward(w->exec, n, false, 0);
	} else {
		lt_exact_forward(w->exact, false);
	}
}

/* ---- along the arcs ------------------------------------------------------ */

static void
walk_all(struct walk *w)
{
	int points = w->o->points, batch = w->o->batch;

	for (int arc = 0; arc < w->arcs->n; arc++)
		for (int first = 0, n; first < points; first += n) {
			n = points - first < batch ? points - first : batch;
			for (int i = 0; i < n; i++) {
				lt_arcs_at(w->arcs, arc,
					(first + i) / (double)(points - 1),
					w->x);
				put(w, i);
			}
			forward(w, n);
			for (int s = 0; s < w->traces; s++)
				for (int i = 0; i < n; i++) {
					get(w, &w->trace[s], i);
					trace_point(&w->trace[s], w, arc,
						first + i);
				}
		}
}

/* In double the values of all nodes are in memory at the same time, which
 * limits the number of points. */
#define EXACT_VALUES ((size_t)1 << 27)

static int
exact_batch(const struct lt_graph *g, int batch)
{
	size_t values = 0;

	for (int i = 0; i < g->n; i++)
		if (!g->node[i].unused)
			values += (size_t)g->node[i].c * (size_t)g->node[i].h *
				  (size_t)g->node[i].w;
	size_t most = EXACT_VALUES / values;
	return most < 1 ? 1 : most < (size_t)batch ? (int)most : batch;
}

static int
open_engine(struct walk *w, struct lt_model *m, const struct lt_mask *mask,
	struct lt_err *err)
{
	const struct lt_trajectory_opt *o = w->o;

	if (mask)
		lt_model_apply_mask(m, mask);
	if (o->exact || o->layers) {
		w->exact = lt_exact_new(w->g, o->batch, o->threads);
		double *to = lt_exact_weights(w->exact);
		for (size_t i = 0; i < w->g->floats; i++)
			to[i] = (double)m->w[i];
		return 0;
	}
	struct lt_engine_opt xo = {
		.batch = o->batch, .threads = o->threads, .eval_only = true};
	w->exec = lt_engine_new(m, &xo, err);
	if (!w->exec)
		return -1;
	lt_engine_set_mask(w->exec, mask);
	return 0;
}

int
lt_trajectories(struct lt_trajectory **t, int *n, struct lt_model *m,
	const struct lt_mask *mask, const struct lt_arcs *a,
	const struct lt_trajectory_opt *o, struct lt_err *err)
{
	struct lt_trajectory_opt own = *o;
	struct walk w = {.g = m->g, .arcs = a, .o = &own};

	if (own.batch > own.points)
		own.batch = own.points;
	if (own.exact || own.layers)
		own.batch = exact_batch(m->g, own.batch);
	*t = lt_alloc((size_t)w.g->n, sizeof **t);
	*n = 0;
	for (int i = 0; i < w.g->n; i++)
		if (o->layers ? !w.g->node[i].unused : i == w.g->output)
			(*t)[(*n)++].node = i;
	if (open_engine(&w, m, mask, err) < 0) {
		lt_trajectories_free(*t, *n);
		return -1;
	}
	w.traces = *n;
	w.trace = lt_alloc((size_t)*n, sizeof *w.trace);
	for (int i = 0; i < *n; i++)
		trace_init(&w.trace[i], &(*t)[i], &w);
	w.x = lt_alloc(a->size, sizeof *w.x);
	walk_all(&w);
	for (int i = 0; i < *n; i++)
		trace_release(&w.trace[i]);
	free(w.trace);
	free(w.x);
	lt_engine_free(w.exec);
	lt_exact_free(w.exact);
	return 0;
}

void
lt_trajectories_free(struct lt_trajectory *t, int n)
{
	for (int i = 0; i < n && t; i++) {
		free(t[i].length);
		free(t[i].path);
	}
	free(t);
}
