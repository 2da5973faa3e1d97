/* Convolution and linear layers: geometry of the strips and of the taps, masks,
 * weights. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "engine/engine_int.h"

/* A strip's staged source and its result should stay in the second-level cache.
 * But a strip should not be so thin that most of it is halo, and with fewer
 * than STRIP_PIXELS pixels the tree over lanes costs too much. */
#define STRIP_BYTES (640 * 1024)
#define STRIP_PIXELS 64
#define GROUP_BYTES (160 * 1024)
/* Below this density listing the kept weights beats multiplying by zeros. */
#define SPARSE_BELOW 0.6
/* With fewer channels Winograd's transforms cost more than they save. */
#define WINO_CHANNELS 16

/* Pixels that the taps span, in a row or a column. */
static int
span_of(const struct layer *l)
{
	return (l->k - 1) * l->dilation + 1;
}

static int
ceil_div(int a, int b)
{
	return (a + b - 1) / b;
}

/* The number of output rows of a strip, given the bytes of a row of the staged
 * source and of the output.  Strips are nearly equal, and only the shape
 * matters. */
static int
strip_rows(const struct layer *l, size_t source, size_t output)
{
	int span = span_of(l), rows = l->oh;
	int halo = span > l->stride ? span - l->stride : 0;
	int fit = ((int)(STRIP_BYTES / source) - halo) / l->stride;
	int store = (int)(STRIP_BYTES / output);
	int least = ceil_div(STRIP_PIXELS, l->ow);

	fit = fit < store ? fit : store;
	fit = fit < least ? least : fit;
	fit = fit > rows ? rows : fit;
	return ceil_div(rows, ceil_div(rows, fit));
}

/* The number of groups that fit in the cache together, but at least as many
 * channels as kernels drain at once.  Only the shape matters. */
static int
groups_per_item(const struct layer *l)
{
	int least = ceil_div(LT_OB, l->o / l->groups);
	size_t px = (size_t)(l->h + 2 * l->pad) * (l->w + 2 * l->pad);
	size_t group = px * l->sg * (l->c / l->groups) * LT_LANES;
	int fit = (int)(GROUP_BYTES / (group * sizeof(float)));

	fit = fit < least ? least : fit;
	return fit < l->groups ? fit : l->groups;
}

/* Sizes of a sum of n_out outputs over n channels a group. */
static void
terms_shape(const struct layer *l, struct terms *t, int n_out)
{
	t->n_out = n_out;
	t->gout = n_out / l->groups;
	t->per = l->per;
}

static struct axis
axis_new(int k)
{
	return (struct axis){0, lt_alloc((size_t)k, sizeof(int)),
		lt_alloc((size_t)k, sizeof(int))};
}

static void
axis_add(struct axis *a, int tap, int at)
{
	a->tap[a->n] = tap;
	a->at[a->n++] = at;
}

static void
axis_release(struct axis *a)
{
	free(a->tap);
	free(a->at);
}

/* Forward: rows, columns and channels of the source ascend. */
static void
forward_terms(const struct layer *l, struct terms *t, bool bf16)
{
	int cg = l->c / l->groups, kk = l->k * l->k;
	size_t line = (size_t)l->src.wp * LT_LANES;
	size_t ch = (size_t)(l->direct ? l->h : l->src.nrows) * line;
	struct axis a = axis_new(l->k);

	if (l->flat > 1) /* a feature is a channel of one pixel */
		ch = line = LT_LANES;
	for (int r = 0; r < l->k; r++)
		axis_add(&a, r, r * l->dilation);
	struct grid g = {cg, a, a, (size_t)kk, (size_t)l->k, ch, line};
	terms_shape(l, t, l->o);
	t->ostride = (size_t)cg * kk;
	t->gw = t->ostride * (size_t)t->gout;
	t->goff = (size_t)cg * ch;
	terms_init(t, &g, bf16);
	if (bf16 && l->groups == 1) {
		struct lt_stage src = tile_source(l);
		tile_terms(t, &g, &src);
	}
	axis_release(&a);
}

/* Tap r of an axis reaches phase ph of the input from output i + d. */
static bool
phase_tap(const struct layer *l, int ph, int r, int *d)
{
	int x = ph + l->pad - r * l->dilation;
	int q = x >= 0 ? x / l->stride : -((-x + l->stride - 1) / l->stride);
	*d = q;
	return x == q * l->stride;
}

/* The taps of an axis that reach phase ph, by where in dy they read, which
 * ascends; the first pixel is at. */
static struct axis
phase_axis(const struct layer *l, int ph, int at)
{
	struct axis a = axis_new(l->k);
	int d;

	for (int r = l->k - 1; r >= 0; r--)
		if (phase_tap(l, ph, r, &d))
			axis_add(&a, r, d + at);
	return a;
}

/* Backward: rows, columns and channels of dy ascend, so that taps descend. */
static void
phase_terms(struct layer *l, int ph, int pw, struct terms *t, bool bf16)
{
	int cg = l->c / l->groups, og = l->o / l->groups, kk = l->k * l->k;
	size_t line = (size_t)l->dy.wp * LT_LANES;
	size_t ch = (size_t)l->dy.nrows * line;
	struct grid g = {og, phase_axis(l, ph, -l->lo),
		phase_axis(l, pw, l->dy.left), (size_t)cg * kk, (size_t)l->k,
		ch, line};

	terms_shape(l, t, l->c);
	t->ostride = (size_t)kk;
	t->gw = (size_t)og * cg * kk;
	t->goff = (size_t)og * ch;
	terms_init(t, &g, bf16);
	if (bf16 && l->groups == 1)
		tile_terms(t, &g, &l->dy);
	axis_release(&g.row);
	axis_release(&g.col);
}

/* First row of dy that strip i stages. */
int
dy_first(const struct layer *l, int i)
{
	int own = i * l->rows, back = i * l->back_rows + l->lo;

	return own < back ? own : back;
}

/* Set the rows and columns of dy that are staged: those of the strip's own
 * output, and those that the gradient of its input reads. */
static void
backward_geometry(struct layer *l, bool bf16)
{
	int lo = 0, hi = 0, d;
	bool any = false;

	for (int ph = 0; ph < l->stride; ph++)
		for (int r = 0; r < l->k; r++)
			if (phase_tap(l, ph, r, &d)) {
				lo = any && lo < d ? lo : d;
				hi = any && hi > d ? hi : d;
				any = true;
			}
	l->lo = lo;
	l->back_rows = ceil_div(ceil_div(l->h, l->stride), l->strips);
	int left = lo < 0 ? -lo : 0, rows = 0;
	int right = ceil_div(l->w, l->stride) + hi;
	for (int i = 0; i < l->strips; i++) {
		int end = (i + 1) * l->rows, back = (i + 1) * l->back_rows + hi;
		end = (end > back ? end : back) - dy_first(l, i);
		rows = rows > end ? rows : end;
	}
	l->dy = (struct lt_stage){l->per * (l->o / l->groups), l->oh, l->ow, 0,
		rows, left, left + (right > l->ow ? right : l->ow),
		LT_FORMAT_F32, false};
	l->back = lt_alloc((size_t)(l->stride * l->stride), sizeof *l->back);
	for (int p = 0; p < l->stride * l->stride; p++)
		phase_terms(l, p / l->stride, p % l->stride, &l->back[p], bf16);
}

/* Set strips, groups of shards, and the part of the source that a strip
 * stages. */
static void
forward_geometry(struct lt_engine *x, struct layer *l)
{
	const struct lt_node *in = &x->g->node[l->in];
	bool flat = lt_op_row(&x->g->node[l->node])->flattens;
	bool bf16 = engine_bf16(x);
	int cols = l->w + 2 * l->pad, px = l->oh * l->ow;

	l->direct = value_plain(l->v) && !l->pad && !bf16 &&
		    x->format[l->v.root] == LT_FORMAT_F32;
	l->sg = px < STRIP_PIXELS ? ceil_div(STRIP_PIXELS, px) : 1;
	if (l->sg > x->max_shards)
		l->sg = x->max_shards;
	l->per = groups_per_item(l);
	int c = l->per * (l->c / l->groups), o = l->per * (l->o / l->groups);
	l->rows = strip_rows(l, (size_t)c * cols * LT_LANES * sizeof(float),
		(size_t)o * l->ow * LT_LANES * sizeof(float));
	l->strips = ceil_div(l->oh, l->rows);
	l->src = (struct lt_stage){c, l->h, l->w, 0,
		(l->rows - 1) * l->stride + span_of(l), l->pad, cols,
		LT_FORMAT_F32, false};
	l->flat = 1;
	if (flat) {
		l->flat = in->h * in->w;
		l->src = (struct lt_stage){in->c, in->h, in->w, 0, in->h, 0,
			in->w, LT_FORMAT_F32, false};
	}
	l->src.format = x->format[l->v.root];
	l->src.rounds = bf16;
	forward_terms(l, &l->fwd, bf16);
	l->wgrad = &l->fwd;
	if (bf16 && !x->opt.eval_only) {
		l->wgrad = lt_alloc(1, sizeof *l->wgrad);
		forward_terms(l, l->wgrad, false);
		tile_taps_init(l);
	}
}

static void
shape_of(struct layer *l, const struct lt_graph *g)
{
	const struct lt_node *n = &g->node[l->node], *in = &g->node[l->in];

	l->o = n->c;
	if (lt_op_row(n)->flattens) {
		l->c = in->c * in->h * in->w;
		l->h = l->w = l->oh = l->ow = l->k = l->stride = 1;
		l->groups = l->dilation = 1;
		return;
	}
	l->c = in->c;
	l->h = in->h;
	l->w = in->w;
	l->oh = n->h;
	l->ow = n->w;
	l->k = n->k;
	l->stride = n->stride;
	l->pad = n->pad;
	l->groups = n->groups;
	l->dilation = n->dilation;
}

void
layer_init(struct lt_engine *x, struct layer *l, int node)
{
	const struct lt_graph *g = x->g;
	const struct lt_node *n = &g->node[node];
	const struct lt_param *p = &g->param[n->param[0]];

	l->node = node;
	l->in = n->in[0];
	l->v = x->value[l->in];
	l->norm = -1;
	shape_of(l, g);
	l->nw = p->count;
	l->weight = x->m->w + p->offset;
	l->grad = p->offset;
	if (n->bias) {
		l->bias_grad = g->param[n->param[1]].offset;
		l->bias = x->m->w + l->bias_grad;
	}
	forward_geometry(x, l);
	if (!x->opt.eval_only)
		backward_geometry(l, engine_bf16(x));
	l->dy.format = x->format[node];
	l->dy.rounds = engine_bf16(x);
	l->wino = !engine_bf16(x) && l->k == 3 && l->stride == 1 &&
		  l->groups == 1 && l->dilation == 1 && l->pad <= 2 &&
		  l->c >= WINO_CHANNELS && l->o >= WINO_CHANNELS;
	layer_set_mask(x, l, NULL);
}

/* The number of phases of the input's gradient, each a sum over taps; 0 at the
 * network's input, whose gradient is not needed. */
static int
data_phases(const struct layer *l)
{
	return l->back && l->in != 0 ? l->stride * l->stride : 0;
}

/* Winograd's kernels run only in layers without a mask. */
bool
layer_wino(const struct layer *l)
{
	return l->wino && !l->masked;
}

/* The weights' gradients are those of the list of kept weights. */
bool
layer_lists_gradients(const struct lt_engine *x, const struct layer *l)
{
	return l->sparse && !(x->whole && l->masked);
}

/* By shape and mask alone. */
static bool
dense_pays(const struct lt_engine *x, const struct layer *l)
{
	if (tile_fits(x, l))
		return tile_pays(l);
	return (double)l->kept >= SPARSE_BELOW * (double)l->nw;
}

void
layer_set_mask(
	struct lt_engine *x, struct layer *l, const struct lt_mask_layer *mask)
{
	free(l->keep);
	l->keep = mask ? lt_memdup(mask->keep, l->nw) : NULL;
	l->masked = mask != NULL;
	l->kept = mask ? lt_mask_layer_kept(mask) : l->nw;
	l->sparse =
		l->groups > 1 || x->opt.path == LT_PATH_SPARSE ||
		(x->opt.path == LT_PATH_AUTO && l->masked && !dense_pays(x, l));
	l->tiles = !l->sparse && tile_fits(x, l);
	for (int p = -1; p < data_phases(l) && !layer_wino(l); p++) {
		struct terms *t = p < 0 ? &l->fwd : &l->back[p];
		if (l->sparse)
			terms_list(t, l->keep, l->kept);
		else if (l->tiles)
			tile_dense(t);
		else
			terms_dense(t);
	}
	if (l->sparse && (layer_wino(l) || l->wgrad != &l->fwd))
		terms_list(l->wgrad, l->keep, l->kept);
}

static bool
layer_folded(const struct lt_engine *x, const struct layer *l)
{
	return l->norm >= 0 && x->bn[l->norm].folded;
}

/* Fold the batch norm behind a layer into the layer's weights for an
 * evaluation; its view then does nothing. */
static void
fold(struct lt_engine *x, struct layer *l)
{
	const struct norm *b = &x->bn[l->norm];
	size_t per = l->nw / (size_t)l->o;

#pragma omp for schedule(static)
	for (int o = 0; o < l->o; o++) {
		float scale = b->scale[o], shift = b->shift[o];
		for (size_t i = (size_t)o * per; i < (size_t)(o + 1) * per; i++)
			l->fold_w[i] = l->weight[i] * scale;
		l->fold_b[o] = l->bias ? fmaf(l->bias[o], scale, shift) : shift;
	}
}

/* Make the buffers that layer_refresh writes.  In training Winograd's weights
 * are made when the layer is computed; in an evaluation threads are at
 * different layers at the same time, so all layers keep theirs. */
void
layer_prepare(struct lt_engine *x, struct layer *l)
{
	if (layer_folded(x, l) && !l->fold_w) {
		l->fold_w = lt_alloc(l->nw, sizeof *l->fold_w);
		l->fold_b = lt_alloc((size_t)l->o, sizeof *l->fold_b);
	}
	if (layer_wino(l)) {
		free(l->u);
		l->u = x->train ? NULL
				: lt_alloc_aligned(lt_wino_floats(l->o, l->c),
					  sizeof(float));
	}
}

static void
wino_refresh(const struct lt_engine *x, struct layer *l, const float *w)
{
	size_t step = (size_t)l->c * 9;

	if (!l->u)
		return;
#pragma omp for schedule(static) nowait
	for (int o = 0; o < l->o; o += LT_OB)
		x->k->wino_weights(l->u + lt_wino_floats(o, l->c),
			w + (size_t)o * step,
			l->o - o < LT_OB ? l->o - o : LT_OB, l->c, step, 9,
			false);
}

void
layer_refresh(struct lt_engine *x, struct layer *l)
{
	bool folded = layer_folded(x, l);
	const float *w = folded ? l->fold_w : l->weight;

	if (folded)
		fold(x, l);
	if (layer_wino(l)) {
		wino_refresh(x, l, w);
		return;
	}
	for (int p = -1; p < (x->train ? data_phases(l) : 0); p++) {
		struct terms *t = p < 0 ? &l->fwd : &l->back[p];
		if (l->tiles)
			tile_refresh(x, t, w);
		else
			terms_refresh(x->k, t, w, l->sparse);
	}
}

void
layer_release(struct layer *l)
{
	if (l->wgrad != &l->fwd) {
		terms_release(l->wgrad);
		free(l->wgrad);
	}
	terms_release(&l->fwd);
	for (int p = 0; l->back && p < l->stride * l->stride; p++)
		terms_release(&l->back[p]);
	free(l->back);
	free(l->tap_at);
	free(l->keep);
	free(l->u);
	free(l->fold_w);
	free(l->fold_b);
}

static void
layer_plan_back(struct planner *p, int node)
{
	struct lt_engine *x = p->x;
	const struct lt_node *n = &x->g->node[node];
	int in = n->in[0];
	struct back_step *s = plan_emit(x, BACK_LAYER, node, p->g[node]);

	s->weights = !plan_frozen(x, n->param[0]) ||
		     (n->bias && !plan_frozen(x, n->param[1]));
	if (p->lazy[node]) {
		s->lazy = true;
		s->norm = x->layer[x->layer_of[node]].norm;
	}
	if (x->wanted[in])
		plan_share(p, s, in);
}

const struct engine_row engine_CONV = {
	.plan_back = layer_plan_back, .sums = true};
const struct engine_row engine_LINEAR = {.plan_back = layer_plan_back};
