/* Batch norm: statistics, the view that they make of its input, its gradient.
 */
#include <math.h>
#include "base/mem.h"
#include "engine/engine_int.h"

/* ---- plan ---------------------------------------------------------------- */

/* Its number among the nodes that count batches. */
static int
slot_of(const struct lt_graph *g, int node)
{
	int slot = 0;

	for (int i = 0; i < node; i++)
		slot += lt_op_row(&g->node[i])->tracked;
	return slot;
}

static void
norm_plan(struct lt_engine *x, int node)
{
	const struct lt_graph *g = x->g;
	struct norm *b = &x->bn[x->nbn];
	int in = g->node[node].in[0];
	size_t c = (size_t)g->node[node].c;

	/* A batch norm reads a plain tensor; anything else is stored first. */
	if (!value_plain(x->value[in]))
		plan_store(x, in);
	b->node = node;
	b->still = plan_frozen(x, g->node[node].param[2]);
	b->slot = slot_of(g, node);
	b->in = x->value[in].root;
	b->by_conv = engine_row(x, in)->sums;
	b->lazy = b->by_conv && x->readers[in] == 1;
	float **all[] = {
		&b->scale, &b->shift, &b->mean, &b->inv, &b->a, &b->b, &b->c0};
	for (size_t i = 0; i < sizeof all / sizeof *all; i++)
		*all[i] = lt_alloc(c, sizeof(float));
	x->bn_of[node] = x->nbn;
	x->value[node] = (struct value){b->in, x->nbn++, false};
}

static void
norm_plan_back(struct planner *p, int node)
{
	struct lt_engine *x = p->x;
	int in = x->g->node[node].in[0];
	struct back_step *s = plan_emit(x, BACK_OWN, node, p->g[node]);

	s->norm = x->bn_of[node];
	if (x->bn[s->norm].lazy && x->wanted[in]) {
		p->lazy[in] = true;
		p->g[in] = p->g[node];
		x->buf[p->g[node]].refs++;
		p->pending[in]--;
	} else if (x->wanted[in]) {
		plan_share(p, s, in);
	}
}

/* ---- passes -------------------------------------------------------------- */

/* The sum of part[shard][strip][channel] in double: strips ascending, and then
 * shards by the tree.  d is scratch of one double for each shard. */
static double
reduce(const float *part, int shards, int strips, int c, int channel, double *d)
{
	for (int s = 0; s < shards; s++) {
		d[s] = 0;
		for (int i = 0; i < strips; i++)
			d[s] += (double)
				part[((size_t)s * strips + i) * c + channel];
	}
	for (int step = 1; step < shards; step *= 2)
		for (int s = 0; s + step < shards; s += 2 * step)
			d[s] += d[s + step];
	return d[0];
}

static const float *
norm_param(const struct lt_engine *x, const struct norm *b, int which)
{
	const struct lt_node *n = &x->g->node[b->node];

	return x->m->w + x->g->param[n->param[which]].offset;
}

/* The scale of channel c and, below, its shift; 1 and 0 without parameters. */
static double
scale_of(const struct lt_engine *x, const struct norm *b, int c)
{
	return x->g->node[b->node].plain ? 1 : (double)norm_param(x, b, 0)[c];
}

static double
shift_of(const struct lt_engine *x, const struct norm *b, int c)
{
	return x->g->node[b->node].plain ? 0 : (double)norm_param(x, b, 1)[c];
}

static void
standalone_sums(struct lt_engine *x, const void *what, int shard, int c0,
	int c1, float *tmp)
{
	const struct norm *b = what;
	const struct lt_node *n = &x->g->node[b->node];
	size_t cells = plane_cells(x, b->node), at = (size_t)shard * n->c;
	struct lt_drain d = {
		1, cells / LT_LANES, cells, cells, x->format[b->in]};

	for (int c = c0; c < c1; c++) {
		struct lt_bn_sums sums = {norm_param(x, b, 2) + c,
			live_at(x, shard), b->s1 + at + c, b->s2 + at + c};
		x->k->drain(NULL,
			read_plane(x, (struct value){b->in, -1, false}, shard,
				c, tmp),
			&d, &sums);
	}
}

/* Scale and shift from mean and variance of channel c. */
static void
norm_view(const struct lt_engine *x, struct norm *b, int c, double mean,
	double var)
{
	double eps = (double)x->g->node[b->node].eps;
	double inv = 1 / sqrt(var + eps);
	double scale = scale_of(x, b, c) * inv;

	b->mean[c] = (float)mean;
	b->inv[c] = (float)inv;
	b->scale[c] = (float)scale;
	b->shift[c] = (float)(shift_of(x, b, c) - mean * scale);
}

/* Compute the batch's statistics from the sums of y - K, where K is the running
 * mean.  The running variance is updated with the unbiased variance, as in
 * PyTorch; so is the plain mean over batches (momentum=None there). */
static void
take_statistics(struct lt_engine *x, struct norm *b)
{
	const struct lt_node *n = &x->g->node[b->node];
	float *run_mean = (float *)norm_param(x, b, 2);
	float *run_var = (float *)norm_param(x, b, 3);
	double count = (double)x->n * n->h * n->w;
	double mom = x->opt.average ? 1 / (double)(x->m->batches[b->slot] + 1)
				    : (double)n->momentum;

	if (!b->by_conv)
		each_channels(x, n->c, standalone_sums, b);
	for (int c = 0; c < n->c; c++) {
		double m1 =
			reduce(b->s1, x->shards, b->strips, n->c, c, x->tree);
		double m2 =
			reduce(b->s2, x->shards, b->strips, n->c, c, x->tree);
		m1 /= count;
		m2 = m2 / count - m1 * m1;
		double mean = (double)run_mean[c] + m1, var = m2 <= 0 ? 0 : m2;
		double unbiased = count > 1 ? var * count / (count - 1) : var;
		norm_view(x, b, c, mean, var);
		run_mean[c] =
			(float)((1 - mom) * (double)run_mean[c] + mom * mean);
		run_var[c] = (float)((1 - mom) * (double)run_var[c] +
				     mom * unbiased);
		if (!isfinite(run_mean[c]) || !isfinite(run_var[c]))
			x->spoilt = true;
	}
	x->m->batches[b->slot]++;
}

/* Scale and shift from the running statistics. */
static void
use_running(const struct lt_engine *x, struct norm *b)
{
	const float *mean = norm_param(x, b, 2), *var = norm_param(x, b, 3);

	for (int c = 0; c < x->g->node[b->node].c; c++)
		norm_view(x, b, c, (double)mean[c], (double)var[c]);
}

static void
norm_prepare(struct lt_engine *x, int node)
{
	struct norm *b = &x->bn[x->bn_of[node]];

	if (x->train && b->still)
		use_running(x, b);
	else if (x->train)
		take_statistics(x, b);
}

/* dgamma, dbeta, and the three coefficients of dy (Ioffe & Szegedy 2015):
 * dy = gamma inv (g - dbeta/N - (y - mean) inv dgamma/N), or, where mean and
 * inv do not depend on the batch, gamma inv g. */
static void
norm_backward(struct lt_engine *x, const struct back_step *s)
{
	struct norm *b = &x->bn[s->norm];
	const struct lt_node *n = &x->g->node[b->node];
	double count = (double)x->n * n->h * n->w;

	for (int c = 0; c < n->c; c++) {
		double t1 = reduce(
			b->t1, x->shards, b->back_strips, n->c, c, x->tree);
		double t2 = reduce(
			b->t2, x->shards, b->back_strips, n->c, c, x->tree);
		double inv = (double)b->inv[c];
		double a = scale_of(x, b, c) * inv;
		if (!n->plain) {
			float *grad = x->grad + c;
			grad[x->g->param[n->param[1]].offset] =
				(float)t1 * x->unscale;
			grad[x->g->param[n->param[0]].offset] =
				(float)(t2 * inv) * x->unscale;
		}
		b->a[c] = (float)a;
		b->b[c] = b->still ? 0 : (float)(-a * inv * inv * t2 / count);
		b->c0[c] = b->still ? 0 : (float)(-a * t1 / count);
	}
}

/* Before an evaluation: set scale and shift of each batch norm from its running
 * statistics, and fold those that can be folded into the convolutions before
 * them.
 */
void
norms_refresh(struct lt_engine *x)
{
	for (int i = 0; i < x->nbn; i++) {
		struct norm *b = &x->bn[i];
		b->folded = !x->train && b->lazy;
		if (!x->train)
			use_running(x, b);
	}
}

/* dy where it cannot be made on the convolution's staging. */
static const float *
norm_back(const struct lt_engine *x, const struct back_step *s, int shard,
	int c, const struct planes *t)
{
	const struct norm *b = &x->bn[s->norm];
	const struct lt_node *n = &x->g->node[b->node];
	size_t at = c * plane_cells(x, b->node);
	struct lt_stage st = {
		1, n->h, n->w, 0, n->h, 0, n->w, x->format[b->node], false};
	struct lt_bn_back bn = {b->a + c, b->b + c, b->c0 + c, b->mean + c};

	x->k->stage_bn_back(t->a, buffer_at(x, s->g, b->node, shard, at),
		tensor_at(x, b->in, shard, at), &st, &bn, live_at(x, shard));
	return t->a;
}

const struct engine_row engine_BN = {.plan = norm_plan,
	.finish = plan_sums,
	.plan_back = norm_plan_back,
	.prepare = norm_prepare,
	.prepare_back = norm_backward,
	.back = norm_back};
