/* Training drops values or whole images at random.  The
 * factors, 0 or 1 / (1 - RATE), are drawn for each batch and kept. */
#include "base/rng.h"
#include "engine/engine_int.h"

static const struct lt_view plain = {NULL, NULL, false};

/* The numbers of image i of a shard. */
static void
numbers_of(
	const struct lt_engine *x, int node, int shard, int i, struct lt_rng *r)
{
	uint64_t place = (uint64_t)shard * LT_LANES + (uint64_t)i;

	lt_rng_init(r, x->opt.seed, LT_STREAM_DROPOUT, x->iteration,
		(uint64_t)node << 32 | place);
}

static float
factor(struct lt_rng *r, float rate)
{
	return lt_rng_f32(r) < rate ? 0 : 1.0f / (1.0f - rate);
}

static size_t
dropout_keeps(const struct lt_engine *x, int node)
{
	return x->opt.eval_only ? 0 : node_cells(x, node);
}

static void
dropout_begin(struct lt_engine *x, int node, int shard, float *scratch)
{
	size_t px = node_cells(x, node) / LT_LANES;
	float *f = x->kept_by[node] + (size_t)shard * px * LT_LANES;
	float rate = x->g->node[node].rate;
	struct lt_rng r;

	(void)scratch;
	for (int i = 0; x->train && i < LT_LANES; i++) {
		numbers_of(x, node, shard, i, &r);
		for (size_t p = 0; p < px; p++)
			f[p * LT_LANES + i] = factor(&r, rate);
	}
}

static const float *
factors_at(const struct lt_engine *x, int node, int shard, int c)
{
	return x->kept_by[node] + (size_t)shard * node_cells(x, node) +
	       (size_t)c * plane_cells(x, node);
}

static void
dropout_forward(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch)
{
	struct planes t = planes_of(x, node, scratch);
	size_t cells = plane_cells(x, node);

	for (int c = c0; c < c1; c++) {
		float *dst = plane_place(x, node, shard, c, t.tmp);
		const float *src =
			read_plane(x, input_value(x, node, 0), shard, c, t.a);
		if (x->train)
			x->k->mul(
				dst, src, factors_at(x, node, shard, c), cells);
		write_plane(x, node, shard, c, x->train ? dst : src);
	}
}

static const float *
dropout_back(const struct lt_engine *x, const struct back_step *s, int shard,
	int c, const struct planes *t)
{
	x->k->mul(t->own, read_gradient(x, s->g, s->node, shard, c, t->a),
		factors_at(x, s->node, shard, c), plane_cells(x, s->node));
	return t->own;
}

static size_t
dropconnect_keeps(const struct lt_engine *x, int node)
{
	(void)node;
	return x->opt.eval_only ? 0 : LT_LANES;
}

static void
dropconnect_begin(struct lt_engine *x, int node, int shard, float *scratch)
{
	float *f = x->kept_by[node] + (size_t)shard * LT_LANES;
	struct lt_rng r;

	(void)scratch;
	for (int i = 0; x->train && i < LT_LANES; i++) {
		numbers_of(x, node, shard, i, &r);
		f[i] = factor(&r, x->g->node[node].rate);
	}
}

static void
dropconnect_forward(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch)
{
	size_t cells = plane_cells(x, node);
	struct lt_drain d = {
		c1 - c0, cells / LT_LANES, cells, cells, x->format[node]};
	struct lt_view view;
	const void *src = input_at(x, node, 0, shard, c0, &view);

	if (!x->train) {
		copy_channels(x, node, shard, c0, c1, scratch);
		return;
	}
	x->k->spread(tensor_at(x, node, shard, c0 * cells), src,
		x->kept_by[node] + (size_t)shard * LT_LANES, 0, &d, &view);
}

static const float *
dropconnect_back(const struct lt_engine *x, const struct back_step *s,
	int shard, int c, const struct planes *t)
{
	size_t cells = plane_cells(x, s->node);
	struct lt_drain d = {1, cells / LT_LANES, cells, cells, LT_FORMAT_F32};

	x->k->spread(t->own, read_gradient(x, s->g, s->node, shard, c, t->a),
		x->kept_by[s->node] + (size_t)shard * LT_LANES, 0, &d, &plain);
	return t->own;
}

const struct engine_row engine_DROPOUT = {.keeps = dropout_keeps,
	.begin = dropout_begin,
	.forward = dropout_forward,
	.back = dropout_back};

const struct engine_row engine_DROPCONNECT = {.keeps = dropconnect_keeps,
	.begin = dropconnect_begin,
	.forward = dropconnect_forward,
	.back = dropconnect_back};
