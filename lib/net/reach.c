/* Reachability by two walks over the graph, channel by channel: forward from
 * the input, and backward from the logits. */
#include "net/reach.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

static const uint8_t *
keep_of(const struct lt_paths *w, const struct lt_node *n)
{
	const struct lt_mask_layer *l =
		lt_mask_find(w->mask, w->g->param[n->param[0]].name);

	return l ? l->keep : NULL;
}

/* A function that is called for kept weights of a layer: fn(channel of the
 * input, of the output, how many there are). */
typedef void join_fn(
	struct lt_paths *w, int node, int from, int to, size_t kept, void *arg);

static size_t
count_kept(const uint8_t *keep, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		kept += keep[i];
	return kept;
}

static void
each_join(struct lt_paths *w, int node, join_fn *fn, void *arg)
{
	const struct lt_node *n = &w->g->node[node];
	const struct lt_param *p = &w->g->param[n->param[0]];
	const uint8_t *keep = keep_of(w, n);
	size_t taps = (size_t)lt_op_row(n)->taps(w->g, n);
	size_t per = p->count / (size_t)n->c; /* weights of an output */
	int og = n->c / n->groups;
	int cg = (int)(per / taps);

	for (int to = 0; to < n->c; to++)
		for (int c = 0; c < cg; c++) {
			size_t at = (size_t)to * per + (size_t)c * taps;
			size_t k = keep ? count_kept(keep + at, taps) : taps;
			if (k)
				fn(w, node, to / og * cg + c, to, k, arg);
		}
}

static void
join_down(
	struct lt_paths *w, int node, int from, int to, size_t kept, void *arg)
{
	(void)kept, (void)arg;
	w->down[node][to] |= w->down[w->g->node[node].in[0]][from];
}

static void
join_up(struct lt_paths *w, int node, int from, int to, size_t kept, void *arg)
{
	(void)kept, (void)arg;
	w->up[w->g->node[node].in[0]][from] |= w->up[node][to];
}

static void
count_idle(
	struct lt_paths *w, int node, int from, int to, size_t kept, void *arg)
{
	size_t *idle = arg;

	if (!w->down[w->g->node[node].in[0]][from] || !w->up[node][to])
		*idle += kept;
}

/* A channel that has a path gives it to all channels of its group. */
static void
share(uint8_t *path, const struct lt_node *n)
{
	int per = n->c / n->groups;

	for (int first = 0; first < n->c; first += per)
		if (memchr(path + first, 1, (size_t)per))
			memset(path + first, 1, (size_t)per);
}

static void
pass(struct lt_paths *w, int node, bool down)
{
	const struct lt_node *n = &w->g->node[node];
	const struct lt_op_row *op = lt_op_row(n);

	if (op->taps) {
		each_join(w, node, down ? join_down : join_up, NULL);
		return;
	}
	if (op->mixes && !down)
		share(w->up[node], n);
	for (int j = 0; j < n->nin; j++) {
		int at = op->place ? op->place(w->g, n, j) : 0;
		uint8_t *below = w->down[n->in[j]], *above = w->up[n->in[j]];
		for (int c = 0; c < w->g->node[n->in[j]].c; c++) {
			if (down)
				w->down[node][at + c] |= below[c];
			else
				above[c] |= w->up[node][at + c];
		}
	}
	if (op->mixes && down)
		share(w->down[node], n);
}

static void
count(struct lt_reach *r, struct lt_paths *w, int node)
{
	for (int c = 0; c < w->g->node[node].c; c++) {
		bool down = w->down[node][c], up = w->up[node][c];
		r->units++;
		r->no_input += !down;
		r->no_output += !up;
		r->dead += !down || !up;
	}
	each_join(w, node, count_idle, &r->idle);
}

void
lt_paths_init(struct lt_paths *p, const struct lt_graph *g,
	const struct lt_mask *mask)
{
	size_t n = (size_t)g->n;

	*p = (struct lt_paths){g, mask, lt_alloc(n, sizeof *p->down),
		lt_alloc(n, sizeof *p->up)};
	for (int i = 0; i < g->n; i++) {
		p->down[i] = lt_alloc((size_t)g->node[i].c, 1);
		p->up[i] = lt_alloc((size_t)g->node[i].c, 1);
	}
	memset(p->down[0], 1, (size_t)g->c);
	memset(p->up[g->output], 1, (size_t)g->node[g->output].c);
	for (int i = 1; i < g->n; i++)
		if (!g->node[i].unused)
			pass(p, i, true);
	for (int i = g->n - 1; i > 0; i--)
		if (!g->node[i].unused)
			pass(p, i, false);
}

void
lt_paths_release(struct lt_paths *p)
{
	for (int i = 0; i < p->g->n; i++) {
		free(p->down[i]);
		free(p->up[i]);
	}
	free(p->down);
	free(p->up);
}

void
lt_reach(struct lt_reach *r, const struct lt_graph *g,
	const struct lt_mask *mask)
{
	struct lt_paths p;

	*r = (struct lt_reach){0};
	lt_paths_init(&p, g, mask);
	for (int i = 1; i < g->n; i++)
		if (!g->node[i].unused && lt_op_row(&g->node[i])->taps)
			count(r, &p, i);
	lt_paths_release(&p);
}
