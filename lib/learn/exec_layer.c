/* Convolution and linear layers: geometry of the strips, the order of the taps,
 * packed weights and lists of kept ones. */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "learn/exec_int.h"

/* A strip's staged source should stay in the second-level cache beside what is
 * made of it; accumulators of weight gradients likewise. */
#define STRIP_BYTES (384 * 1024)
#define BLOCK_ACCS (16 * 1024)
/* Below this density listing the kept weights beats multiplying by zeros. */
#define SPARSE_BELOW 0.6

static int
ceil_div(int a, int b)
{
	return (a + b - 1) / b;
}

/* How many of rows fit: even strips, a function of the shape alone. */
static int
strip_rows(int rows, size_t row_bytes, int stride, int halo)
{
	int fit = (int)(STRIP_BYTES / row_bytes) - halo;
	int r = fit / stride;
	if (r < 1)
		r = 1;
	if (r > rows)
		r = rows;
	return ceil_div(rows, ceil_div(rows, r));
}

static void
terms_init(struct terms *t, int n_out, int n, int groups)
{
	t->n_out = n_out;
	t->n = n;
	t->gout = n_out / groups;
	t->tw = lt_alloc((size_t)n + 1, sizeof *t->tw);
	t->off = lt_alloc((size_t)n + 1, sizeof *t->off);
	t->ptr = lt_alloc((size_t)n_out + 1, sizeof *t->ptr);
}

/* Forward: (c, r, s) ascending. */
static void
forward_terms(struct layer *l)
{
	int cg = l->c / l->groups, kk = l->k * l->k;
	size_t ch = (size_t)l->in_rows * l->in_cols * LT_LANES;
	struct terms *t = &l->fwd;

	terms_init(t, l->o, cg * kk, l->groups);
	t->ostride = (size_t)t->n;
	t->gw = t->ostride * (size_t)t->gout;
	t->goff = (size_t)cg * ch;
	for (int i = 0; i < t->n; i++) {
		int c = i / kk, r = i % kk / l->k, s = i % l->k;
		t->tw[i] = (uint32_t)i;
		t->off[i] = (int32_t)((size_t)c * ch +
				      ((size_t)r * l->in_cols + s) * LT_LANES);
	}
}

/* Tap r of an axis reaches phase ph of the input from output i + d. */
static bool
phase_tap(const struct layer *l, int ph, int r, int *d)
{
	int x = ph + l->pad - r;
	int q = x >= 0 ? x / l->stride : -((-x + l->stride - 1) / l->stride);
	*d = q;
	return x == q * l->stride;
}

/* Backward: output channel, flipped row, flipped column ascending. */
static void
phase_terms(struct layer *l, int ph, int pw, struct terms *t)
{
	int cg = l->c / l->groups, og = l->o / l->groups, kk = l->k * l->k;
	size_t ch =
		(size_t)(l->back_rows + l->span - 1) * l->dy_cols * LT_LANES;
	int n = 0, dr, ds;

	terms_init(t, l->c, og * kk, l->groups);
	t->ostride = (size_t)kk;
	t->gw = (size_t)og * cg * kk;
	t->goff = (size_t)og * ch;
	for (int o = 0; o < og; o++)
		for (int r = l->k - 1; r >= 0; r--) {
			if (!phase_tap(l, ph, r, &dr))
				continue;
			for (int s = l->k - 1; s >= 0; s--) {
				if (!phase_tap(l, pw, s, &ds))
					continue;
				t->tw[n] = (uint32_t)((size_t)o * cg * kk +
						      (size_t)r * l->k + s);
				t->off[n++] =
					(int32_t)((size_t)o * ch +
						  ((size_t)(dr - l->lo) *
								  l->dy_cols +
							  (size_t)(ds -
								   l->lo)) *
							  LT_LANES);
			}
		}
	t->n = n;
}

static void
backward_geometry(struct layer *l)
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
	l->span = hi - lo + 1;
	l->dy_cols = ceil_div(l->w, l->stride) + l->span - 1;
	int rows = ceil_div(l->h, l->stride);
	l->back_rows = strip_rows(rows,
		(size_t)l->o * l->dy_cols * LT_LANES * sizeof(float), 1,
		l->span - 1);
	l->back_strips = ceil_div(rows, l->back_rows);
	l->back = lt_alloc((size_t)(l->stride * l->stride), sizeof *l->back);
	for (int p = 0; p < l->stride * l->stride; p++)
		phase_terms(l, p / l->stride, p % l->stride, &l->back[p]);
}

static void
shape_of(struct layer *l, const struct lt_graph *g)
{
	const struct lt_node *n = &g->node[l->node], *in = &g->node[l->in];

	l->o = n->c;
	if (n->op == LT_OP_LINEAR) {
		l->c = in->c * in->h * in->w;
		l->h = l->w = l->oh = l->ow = l->k = l->stride = l->groups = 1;
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
}

void
layer_init(struct lt_exec *x, struct layer *l, int node)
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
	l->direct = value_plain(l->v) && (n->op == LT_OP_LINEAR || !l->pad);
	l->in_cols = l->w + 2 * l->pad;
	l->rows = strip_rows(l->oh,
		(size_t)l->c * l->in_cols * LT_LANES * sizeof(float), l->stride,
		l->k > l->stride ? l->k - l->stride : 0);
	l->strips = ceil_div(l->oh, l->rows);
	l->in_rows = l->direct ? l->h : (l->rows - 1) * l->stride + l->k;
	forward_terms(l);
	if (!x->opt.eval_only)
		backward_geometry(l);
	layer_set_mask(x, l, NULL);
}

/* Lists of the kept weights; once a mask. */
static void
terms_list(struct terms *t, const uint8_t *keep, size_t kept)
{
	size_t n = 0;

	free(t->loff);
	free(t->lidx);
	free(t->val);
	t->loff = lt_alloc(kept + 1, sizeof *t->loff);
	t->lidx = lt_alloc(kept + 1, sizeof *t->lidx);
	t->val = lt_alloc(kept + 1, sizeof *t->val);
	for (int o = 0; o < t->n_out; o++) {
		size_t grp = (size_t)(o / t->gout);
		size_t base = grp * t->gw + (size_t)(o % t->gout) * t->ostride;
		t->ptr[o] = (int32_t)n;
		for (int i = 0; i < t->n; i++) {
			size_t w = base + t->tw[i];
			if (keep && !keep[w])
				continue;
			t->loff[n] = t->off[i] + (int32_t)(grp * t->goff);
			t->lidx[n++] = (uint32_t)w;
		}
	}
	t->ptr[t->n_out] = (int32_t)n;
}

static void
terms_dense(struct terms *t)
{
	if (!t->packed)
		t->packed = lt_alloc_aligned(
			(size_t)ceil_div(t->n_out, LT_OB) * LT_OB * t->n + 1,
			sizeof *t->packed);
}

/* Blocks of output channels whose accumulators fit beside a strip. */
static void
make_blocks(struct layer *l)
{
	size_t n = 0;

	free(l->block);
	l->block = lt_alloc((size_t)l->o + 1, sizeof *l->block);
	l->nblock = 0;
	for (int o = 0; o < l->o; o++) {
		size_t more =
			l->sparse ? (size_t)(l->fwd.ptr[o + 1] - l->fwd.ptr[o])
				  : (size_t)l->fwd.n;
		/* Dense blocks begin at multiples of LT_OB. */
		if (n && n + more > BLOCK_ACCS && o % LT_OB == 0) {
			l->block[++l->nblock] = o;
			n = 0;
		}
		n += more;
	}
	l->block[++l->nblock] = l->o;
	l->block_most = BLOCK_ACCS + (size_t)LT_OB * l->fwd.n;
	if (l->block_most > l->nw)
		l->block_most = l->nw;
}

void
layer_set_mask(
	struct lt_exec *x, struct layer *l, const struct lt_mask_layer *mask)
{
	free(l->keep);
	l->keep = mask ? lt_memdup(mask->keep, l->nw) : NULL;
	l->masked = mask != NULL;
	l->kept = 0;
	for (size_t i = 0; i < l->nw; i++)
		l->kept += l->keep ? l->keep[i] : 1;
	l->sparse = l->groups > 1 || x->opt.path == LT_PATH_SPARSE ||
		    (x->opt.path == LT_PATH_AUTO && l->masked &&
			    (double)l->kept < SPARSE_BELOW * (double)l->nw);
	int phases = l->back ? l->stride * l->stride : 0;
	for (int p = -1; p < phases; p++) {
		struct terms *t = p < 0 ? &l->fwd : &l->back[p];
		if (l->sparse)
			terms_list(t, l->keep, l->kept);
		else
			terms_dense(t);
	}
	make_blocks(l);
}

static void
terms_fill(struct terms *t, const float *w, bool sparse)
{
	if (sparse) {
		int32_t n = t->ptr[t->n_out];
		for (int32_t i = 0; i < n; i++)
			t->val[i] = w[t->lidx[i]];
		return;
	}
	for (int o = 0; o < t->n_out; o++) {
		const float *wo = w + (size_t)o * t->ostride;
		float *d = t->packed + (size_t)(o / LT_OB) * t->n * LT_OB +
			   o % LT_OB;
		for (int i = 0; i < t->n; i++)
			d[(size_t)i * LT_OB] = wo[t->tw[i]];
	}
}

void
layer_refresh(struct layer *l, bool backward)
{
	terms_fill(&l->fwd, l->weight, l->sparse);
	if (!backward)
		return;
	for (int p = 0; p < l->stride * l->stride; p++)
		terms_fill(&l->back[p], l->weight, l->sparse);
}

static void
terms_release(struct terms *t)
{
	free(t->tw);
	free(t->off);
	free(t->packed);
	free(t->ptr);
	free(t->loff);
	free(t->lidx);
	free(t->val);
}

void
layer_release(struct layer *l)
{
	terms_release(&l->fwd);
	for (int p = 0; l->back && p < l->stride * l->stride; p++)
		terms_release(&l->back[p]);
	free(l->back);
	free(l->keep);
	free(l->block);
}
