#include "ticket/slim.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "exact/exact.h"
#include "net/reach.h"
#include "net/units.h"
#include "ticket/bypass.h"

/* What becomes of a unit.  A larger value prevails. */
enum fate { CUT, LAST, PADDED, LIVES, FIXED };

struct plan {
	const struct lt_graph *g;
	const struct lt_model *m; /* weights that the mask removes are 0 */
	const struct lt_mask *mask;
	struct lt_exact *x; /* values of one image */
	struct lt_paths paths;
	struct lt_units units;
	uint8_t *fate; /* [units.n] */
	int *reader;   /* [units.n] the node of PADDED */
	double **fold; /* [g->n] NULL, or what is added to each output's bias */
};

/* A layer, and where its weights lie. */
struct layer {
	const struct lt_node *n;
	const struct lt_param *p;
	const float *w;
	const uint8_t *keep; /* or NULL */
	int in, cg, og;	     /* channels of a group */
	size_t taps;
};

static bool
is_layer(const struct lt_graph *g, int node)
{
	return lt_op_row(&g->node[node])->taps;
}

static struct layer
layer_of(const struct plan *p, int node)
{
	const struct lt_node *n = &p->g->node[node];
	const struct lt_param *q = &p->g->param[n->param[0]];
	const struct lt_mask_layer *l = lt_mask_find(p->mask, q->name);

	return (struct layer){.n = n,
		.p = q,
		.w = p->m->w + q->offset,
		.keep = l ? l->keep : NULL,
		.in = n->in[0],
		.cg = p->g->node[n->in[0]].c / n->groups,
		.og = n->c / n->groups,
		.taps = (size_t)lt_op_row(n)->taps(p->g, n)};
}

/* The place of the first weight from the c-th input of a group to an output. */
static size_t
weight_at(const struct layer *l, int to, int c)
{
	return ((size_t)to * (size_t)l->cg + (size_t)c) * l->taps;
}

static bool
joins(const struct layer *l, int to, int c)
{
	return !l->keep || memchr(l->keep + weight_at(l, to, c), 1, l->taps);
}

/* A path to a logit leads through this input channel of the layer. */
static bool
passes(const struct plan *p, int node, const struct layer *l, int channel)
{
	int group = channel / l->cg;

	for (int to = group * l->og; to < (group + 1) * l->og; to++)
		if (p->paths.up[node][to] && joins(l, to, channel % l->cg))
			return true;
	return false;
}

static const double *
values(const struct plan *p, int node, int channel)
{
	return lt_exact_values(p->x, node) +
	       (size_t)channel * lt_exact_plane(p->x, node);
}

/* The layer adds the same to an output everywhere from a channel with values
 * that are the same for every image. */
static bool
folds(const struct plan *p, const struct layer *l, int channel)
{
	const struct lt_node *in = &p->g->node[l->in];
	const double *v = values(p, l->in, channel);

	for (int i = 1; i < in->h * in->w; i++)
		if (v[i] != v[0] && !lt_op_row(l->n)->flattens)
			return false;
	return v[0] == 0 || l->n->pad == 0;
}

static void
raise_fate(struct plan *p, int unit, enum fate fate)
{
	if (p->fate[unit] < fate)
		p->fate[unit] = (uint8_t)fate;
}

/* Decide about the units that a layer reads. */
static void
judge_inputs(struct plan *p, int node)
{
	struct layer l = layer_of(p, node);

	for (int c = 0; c < p->g->node[l.in].c; c++) {
		int unit = lt_units_of(&p->units, l.in, c);
		if (!passes(p, node, &l, c))
			continue;
		if (p->paths.down[l.in][c]) {
			raise_fate(p, unit, LIVES);
		} else if (!folds(p, &l, c)) {
			raise_fate(p, unit, PADDED);
			p->reader[unit] = node;
		}
	}
}

/* A node keeps at least one channel. */
static void
keep_last(struct plan *p, int node)
{
	for (int c = 0; c < p->g->node[node].c; c++)
		if (p->fate[lt_units_of(&p->units, node, c)] != CUT)
			return;
	raise_fate(p, lt_units_of(&p->units, node, 0), LAST);
}

static void
judge(struct plan *p)
{
	for (int i = 0; i < p->units.n; i++)
		if (p->units.fixed[i])
			p->fate[i] = FIXED;
	for (int i = 1; i < p->g->n; i++)
		if (is_layer(p->g, i) && !p->g->node[i].unused)
			judge_inputs(p, i);
	for (int i = 1; i < p->g->n; i++)
		keep_last(p, i);
}

static bool
stays(const struct plan *p, int node, int channel)
{
	return p->fate[lt_units_of(&p->units, node, channel)] != CUT;
}

static int
count_kept(const struct plan *p, int node)
{
	int kept = 0;

	for (int c = 0; c < p->g->node[node].c; c++)
		kept += stays(p, node, c);
	return kept;
}

/* What an output gets from the inputs that are cut. */
static double
constant(const struct plan *p, const struct layer *l, int to)
{
	bool flat = lt_op_row(l->n)->flattens;
	double sum = 0;

	for (int c = 0; c < l->cg; c++) {
		int channel = to / l->og * l->cg + c;
		const float *w = l->w + weight_at(l, to, c);
		if (stays(p, l->in, channel) || !folds(p, l, channel))
			continue;
		const double *v = values(p, l->in, channel);
		for (size_t t = 0; t < l->taps; t++)
			sum += (double)w[t] * v[flat ? t : 0];
	}
	return sum;
}

static void
fold(struct plan *p, int node)
{
	struct layer l = layer_of(p, node);
	double *sum = lt_alloc((size_t)l.n->c, sizeof *sum);
	bool any = false;

	for (int to = 0; to < l.n->c; to++) {
		sum[to] = stays(p, node, to) ? constant(p, &l, to) : 0;
		any |= sum[to] != 0;
	}
	if (any)
		p->fold[node] = sum;
	else
		free(sum);
}

/* ---- the new network ------------------------------------------------------
 */

/* Groups are cut whole: as many are left as their share of the channels. */
static int
groups_left(const struct plan *p, int node)
{
	const struct lt_node *n = &p->g->node[node];

	if (n->groups == 1)
		return 1;
	return count_kept(p, node) / (n->c / n->groups);
}

static struct lt_graph *
make_graph(const struct plan *p, struct lt_err *err)
{
	struct lt_graph shell = *p->g;

	shell.node =
		lt_memdup(p->g->node, (size_t)p->g->n * sizeof *p->g->node);
	for (int i = 1; i < shell.n; i++) {
		struct lt_node *n = &shell.node[i];
		n->c = count_kept(p, i);
		n->groups = groups_left(p, i);
		n->bias |= p->fold[i] != NULL;
	}
	char *text = lt_graph_text(&shell);
	struct lt_graph *g = lt_graph_parse(text, "the smaller network", err);
	free(text);
	free(shell.node);
	return g;
}

/* Copy the weights of a layer that are left, or what its mask says of them. */
static void
slice(void *to, const void *from, size_t size, const struct plan *p, int node)
{
	struct layer l = layer_of(p, node);
	size_t bytes = l.taps * size;
	char *next = to;

	for (int o = 0; o < l.n->c; o++)
		for (int c = 0; c < l.cg && stays(p, node, o); c++) {
			if (!stays(p, l.in, o / l.og * l.cg + c))
				continue;
			memcpy(next,
				(const char *)from + weight_at(&l, o, c) * size,
				bytes);
			next += bytes;
		}
}

static void
copy_channels(float *to, const float *from, const struct plan *p, int node)
{
	for (int c = 0; c < p->g->node[node].c; c++)
		if (stays(p, node, c))
			*to++ = from ? from[c] : 0;
}

static void
add_constants(float *bias, const struct plan *p, int node)
{
	for (int c = 0; c < p->g->node[node].c; c++)
		if (stays(p, node, c)) {
			*bias = (float)((double)*bias + p->fold[node][c]);
			bias++;
		}
}

static void
copy_node(struct lt_slim *s, const struct plan *p, int node)
{
	const struct lt_node *old = &p->g->node[node], *new = &s->g->node[node];

	for (int j = 0; j < LT_NODE_PARAMS; j++) {
		if (new->param[j] < 0)
			continue;
		float *to = s->m.w + s->g->param[new->param[j]].offset;
		const float *from =
			old->param[j] < 0
				? NULL
				: p->m->w + p->g->param[old->param[j]].offset;
		if (j == 0 && is_layer(p->g, node))
			slice(to, from, sizeof *to, p, node);
		else
			copy_channels(to, from, p, node);
		if (j == 1 && p->fold[node])
			add_constants(to, p, node);
	}
}

static void
copy_mask(struct lt_slim *s, const struct plan *p, int node)
{
	const struct lt_param *q = &s->g->param[s->g->node[node].param[0]];
	const struct lt_mask_layer *old = lt_mask_find(p->mask, q->name);

	if (old)
		slice(lt_mask_add(&s->mask, q->name, q->ndim, q->shape)->keep,
			old->keep, 1, p, node);
}

/* ---- the report ------------------------------------------------------------
 */

/* A layer of the old network. */
static void
report(struct lt_slim *s, const struct plan *p, const struct lt_node *old)
{
	static const enum lt_slim_why why[] = {[LAST] = LT_SLIM_LAST,
		[PADDED] = LT_SLIM_PADDED,
		[LIVES] = LT_SLIM_COUPLED,
		[FIXED] = LT_SLIM_FIXED};
	struct lt_slim_layer *l = &s->layer[s->n++];
	int node = lt_graph_find(p->g, old->name);

	*l = (struct lt_slim_layer){.name = old->name, .before = old->c};
	if (node < 0) {
		s->dead += (size_t)old->c;
		s->cut += (size_t)old->c;
		return;
	}
	const struct lt_node *n = &p->g->node[node];
	l->after = s->g->node[node].c;
	l->folded = p->fold[node];
	for (int c = 0; c < n->c; c++) {
		int unit = lt_units_of(&p->units, node, c);
		if (p->paths.down[node][c] && p->paths.up[node][c])
			continue;
		s->dead += !n->unused;
		if (p->fate[unit] == CUT) {
			s->cut++;
			continue;
		}
		if (!n->unused)
			l->held[why[p->fate[unit]]]++;
		if (p->fate[unit] == PADDED)
			l->reader = s->g->node[p->reader[unit]].name;
	}
}

static void
build(struct lt_slim *s, const struct plan *p, const struct lt_graph *old)
{
	lt_model_init(&s->m, s->g);
	memcpy(s->m.batches, p->m->batches,
		(size_t)s->g->nbn * sizeof *s->m.batches);
	s->layer = lt_alloc((size_t)old->n, sizeof *s->layer);
	for (int i = 1; i < p->g->n; i++) {
		copy_node(s, p, i);
		if (is_layer(p->g, i))
			copy_mask(s, p, i);
	}
	for (int i = 1; i < old->n; i++)
		if (is_layer(old, i))
			report(s, p, &old->node[i]);
	s->severed = !memchr(p->paths.down[p->g->output], 1,
		(size_t)p->g->node[p->g->output].c);
	lt_mask_count(&s->mask);
}

/* The values of all nodes for an image of zeros. */
static struct lt_exact *
run(const struct lt_model *m, int threads)
{
	struct lt_exact *x = lt_exact_new(m->g, 1, threads);
	double *w = lt_exact_weights(x);

	for (size_t i = 0; i < m->g->floats; i++)
		w[i] = (double)m->w[i];
	memset(lt_exact_input(x), 0,
		(size_t)m->g->c * lt_exact_plane(x, 0) * sizeof *w);
	lt_exact_forward(x, false);
	return x;
}

static void
begin(struct plan *p, const struct lt_model *masked, const struct lt_mask *mask,
	int threads)
{
	*p = (struct plan){.g = masked->g, .m = masked, .mask = mask};
	p->x = run(masked, threads);
	lt_paths_init(&p->paths, p->g, mask);
}

static void
end(struct plan *p)
{
	lt_paths_release(&p->paths);
	lt_exact_free(p->x);
}

/* Cut the units of the plan's network, whose layers were those of old. */
static int
cut(struct lt_slim *s, struct plan *p, const struct lt_graph *old,
	struct lt_err *err)
{
	lt_units_init(&p->units, p->g);
	p->fate = lt_alloc((size_t)p->units.n, sizeof *p->fate);
	p->reader = lt_alloc((size_t)p->units.n, sizeof *p->reader);
	p->fold = lt_alloc((size_t)p->g->n, sizeof *p->fold);
	judge(p);
	for (int i = 1; i < p->g->n; i++)
		if (is_layer(p->g, i) && !p->g->node[i].unused)
			fold(p, i);
	s->g = make_graph(p, err);
	if (s->g)
		build(s, p, old);
	for (int i = 0; i < p->g->n; i++)
		free(p->fold[i]);
	free(p->fold);
	free(p->fate);
	free(p->reader);
	lt_units_release(&p->units);
	return s->g ? 0 : -1;
}

int
lt_slim(struct lt_slim *s, const struct lt_model *m, const struct lt_mask *mask,
	int threads, struct lt_err *err)
{
	struct lt_model masked;
	struct lt_bypass b;
	struct plan p;

	*s = (struct lt_slim){0};
	lt_model_init(&masked, m->g);
	lt_model_copy(&masked, m);
	lt_model_apply_mask(&masked, mask);
	begin(&p, &masked, mask, threads);
	if (lt_bypass(&b, &masked, mask, &p.paths, p.x)) {
		end(&p);
		begin(&p, &b.m, &b.mask, threads);
	}
	int bad = cut(s, &p, m->g, err);
	if (mask->method)
		s->mask.method = lt_strdup(mask->method);
	if (mask->history)
		s->mask.history = lt_strdup(mask->history);
	end(&p);
	lt_bypass_release(&b);
	lt_model_release(&masked);
	if (bad)
		lt_slim_release(s);
	return bad;
}

void
lt_slim_release(struct lt_slim *s)
{
	lt_mask_release(&s->mask);
	lt_model_release(&s->m);
	lt_graph_free(s->g);
	free(s->layer);
	*s = (struct lt_slim){0};
}
