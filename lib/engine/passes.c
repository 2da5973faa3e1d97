/* A node that no layer computes, forward and backward: its operator's row says
 * how, channel by channel. */
#include "engine/engine_int.h"

/* ---- forward ------------------------------------------------------------ */

void
copy_channels(struct lt_engine *x, int node, int shard, int c0, int c1,
	float *scratch)
{
	for (int c = c0; c < c1; c++)
		write_plane(x, node, shard, c,
			read_plane(
				x, input_value(x, node, 0), shard, c, scratch));
}

static void
forward_channels(struct lt_engine *x, const void *what, int shard, int c0,
	int c1, float *scratch)
{
	int node = *(const int *)what;
	forward_fn *fn = engine_row(x, node)->forward;

	if (c0 < c1)
		(fn ? fn : copy_channels)(x, node, shard, c0, c1, scratch);
}

void
node_forward_shard(struct lt_engine *x, int node, int shard, float *scratch)
{
	const struct engine_row *row = engine_row(x, node);

	if (!x->stored[node])
		return;
	if (row->begin)
		row->begin(x, node, shard, scratch);
	forward_channels(x, &node, shard, 0, x->g->node[node].c, scratch);
}

void
node_forward(struct lt_engine *x, int node)
{
	const struct engine_row *row = engine_row(x, node);

	if (row->prepare)
		row->prepare(x, node);
	if (!x->stored[node])
		return;
	if (row->begin)
		each_shard(x, row->begin, node);
	each_channels(x, x->g->node[node].c, forward_channels, &node);
}

static void
narrow_channels(struct lt_engine *x, const void *what, int shard, int c0,
	int c1, float *s)
{
	size_t cells = plane_cells(x, 0);

	(void)s;
	for (int c = c0; c < c1; c++)
		write_plane(x, 0, shard, c,
			(const float *)what + (size_t)shard * node_cells(x, 0) +
				c * cells);
}

/* The input as a tensor, where that is not of float32. */
void
input_narrow(struct lt_engine *x)
{
	if (x->format[0] != LT_FORMAT_F32)
		each_channels(x, x->g->c, narrow_channels, x->input[x->which]);
}

/* ---- backward ------------------------------------------------------------ */

/* The node whose gradient the step writes. */
static int
step_target(const struct lt_engine *x, const struct back_step *s)
{
	return s->kind == BACK_OWN ? x->g->node[s->node].in[s->input] : s->node;
}

static void
backward_channels(struct lt_engine *x, const void *what, int shard, int c0,
	int c1, float *scratch)
{
	const struct back_step *s = what;
	back_fn *back = engine_row(x, s->node)->back;
	struct planes t = planes_of(x, s->node, scratch);
	int node = step_target(x, s);
	size_t cells = plane_cells(x, node);

	for (int c = c0; c < c1; c++) {
		const float *src = s->kind == BACK_OWN
					   ? back(x, s, shard, c, &t)
					   : read_gradient(x, s->g, s->node,
						     shard, c, t.a);
		struct drain_to to = {.node = node,
			.dst = s->kind == BACK_FINISH ? s->g : s->dst,
			.add = s->add,
			.shard = shard,
			.c0 = c,
			.c = 1,
			.npx = cells / LT_LANES,
			.src_ch = cells,
			.strips = 1};
		drain_gradient(x, &s->fin, &to, src);
	}
}

void
step_backward(struct lt_engine *x, const struct back_step *s)
{
	const struct engine_row *row = engine_row(x, s->node);

	if (s->kind == BACK_OWN && row->prepare_back)
		row->prepare_back(x, s);
	if (s->kind != BACK_OWN || s->dst >= 0)
		each_channels(x, x->g->node[step_target(x, s)].c,
			backward_channels, s);
}
