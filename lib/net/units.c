/* Units as the classes of a union-find over all channels of all nodes. */
#include "net/units.h"

#include <stdlib.h>
#include "base/mem.h"

/* The channel that stands for the class of a channel: its first one. */
static int
find(int *up, int i)
{
	while (up[i] != i)
		i = up[i] = up[up[i]];
	return i;
}

static void
join(struct lt_units *u, int a, int b)
{
	a = find(u->unit, a);
	b = find(u->unit, b);
	u->unit[a > b ? a : b] = a < b ? a : b;
}

/* Join the channels of each group: the outputs, and the inputs that they are
 * computed from. */
static void
join_groups(struct lt_units *u, int node)
{
	const struct lt_node *n = &u->g->node[node];
	int in = n->in[0], c = u->g->node[in].c;

	for (int i = 0; i < c; i++)
		join(u, u->first[in] + i,
			u->first[node] +
				i / (c / n->groups) * (n->c / n->groups));
	for (int i = 0; i < n->c; i++)
		join(u, u->first[node] + i,
			u->first[node] + i - i % (n->c / n->groups));
}

/* Zero channels in front of an input's and behind them: floor(zeros / 2) must
 * stay in front, whatever is cut. */
static void
join_zeros(struct lt_units *u, int node, int front, int c)
{
	int behind = u->g->node[node].c - front - c;

	for (int i = 0; i < front && i < behind; i++)
		join(u, u->first[node] + i, u->first[node] + front + c + i);
}

static void
join_node(struct lt_units *u, int node)
{
	const struct lt_node *n = &u->g->node[node];
	const struct lt_op_row *op = lt_op_row(n);

	if (op->taps ? n->groups > 1 : op->mixes)
		join_groups(u, node);
	for (int j = 0; j < n->nin && !op->taps; j++) {
		int at = op->place ? op->place(u->g, n, j) : 0;
		int c = u->g->node[n->in[j]].c;
		for (int i = 0; i < c; i++)
			join(u, u->first[n->in[j]] + i,
				u->first[node] + at + i);
		if (n->nin == 1)
			join_zeros(u, node, at, c);
	}
}

static void
fix(struct lt_units *u, int node)
{
	for (int i = 0; i < u->g->node[node].c; i++)
		u->fixed[lt_units_of(u, node, i)] = true;
}

/* Classes become numbers. */
static void
number(struct lt_units *u, int channels)
{
	/* A class's first channel comes before its others, so its entry is a
	 * number already when theirs are read; a number is at most the place of
	 * the channel that it replaces. */
	int *root = lt_alloc((size_t)channels, sizeof *root);

	for (int i = 0; i < channels; i++)
		root[i] = find(u->unit, i);
	for (int i = 0; i < channels; i++)
		u->unit[i] = root[i] == i ? u->n++ : u->unit[root[i]];
	free(root);
}

void
lt_units_init(struct lt_units *u, const struct lt_graph *g)
{
	int channels = 0;

	*u = (struct lt_units){
		.g = g, .first = lt_alloc((size_t)g->n, sizeof *u->first)};
	for (int i = 0; i < g->n; i++) {
		u->first[i] = channels;
		channels += g->node[i].c;
	}
	u->unit = lt_alloc((size_t)channels, sizeof *u->unit);
	for (int i = 0; i < channels; i++)
		u->unit[i] = i;
	for (int i = 1; i < g->n; i++)
		join_node(u, i);
	number(u, channels);
	u->fixed = lt_alloc((size_t)u->n, sizeof *u->fixed);
	fix(u, 0);
	fix(u, g->output);
	for (int i = 1; i < g->n; i++)
		if (g->node[i].unused && lt_op_row(&g->node[i])->taps)
			fix(u, i);
}

void
lt_units_release(struct lt_units *u)
{
	free(u->fixed);
	free(u->first);
	free(u->unit);
	*u = (struct lt_units){0};
}
