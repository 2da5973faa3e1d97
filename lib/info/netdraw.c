#include "info/netdraw.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

/* ---- what a node has ---- */

static size_t
count_params(const struct lt_graph *g, const struct lt_node *n, bool prunable)
{
	size_t sum = 0;

	for (int i = 0; i < 4; i++) {
		const struct lt_param *p =
			n->param[i] < 0 ? NULL : &g->param[n->param[i]];
		if (p && (prunable ? p->prunable : p->trainable))
			sum += p->count;
	}
	return sum;
}

static void
put_shape(char buf[40], const struct lt_node *n)
{
	snprintf(buf, 40, "%dx%dx%d", n->c, n->h, n->w);
}

/* 14728266 is 14,728,266; 0 is nothing. */
static void
put_count(char buf[32], uint64_t v)
{
	char plain[24];
	int n = snprintf(plain, sizeof plain, "%" PRIu64, v), k = 0;

	for (int i = 0; v && i < n; i++) {
		if (i && (n - i) % 3 == 0)
			buf[k++] = ',';
		buf[k++] = plain[i];
	}
	buf[k] = 0;
}

/* ---- lanes ---- */

/* The lane of each node, and the last node that reads it.  After that node is
 * drawn, the lane is free for others. */
struct lanes {
	const struct lt_graph *g;
	int *of, *last;
	int *held; /* [width] the node whose value is in the lane, or -1 */
	int width; /* lanes in use at once */
};

static void
lanes_init(struct lanes *l, const struct lt_graph *g)
{
	size_t n = (size_t)g->n;

	*l = (struct lanes){.g = g,
		.of = lt_alloc(n, sizeof(int)),
		.last = lt_alloc(n, sizeof(int)),
		.held = lt_alloc(n, sizeof(int))};
	for (int i = 0; i < g->n; i++) {
		l->held[i] = -1;
		l->last[i] = i;
		for (int j = 0; j < g->node[i].nin; j++)
			l->last[g->node[i].in[j]] = i;
	}
}

static void
lanes_release(struct lanes *l)
{
	free(l->of);
	free(l->last);
	free(l->held);
}

/* Choose the lane of node i: the leftmost of those that end here, else a free
 * lane to the right of its first input's. */
static int
choose(const struct lanes *l, int i)
{
	const struct lt_node *n = &l->g->node[i];
	int at = -1;

	for (int j = 0; j < n->nin; j++) {
		int lane = l->of[n->in[j]];
		if (l->last[n->in[j]] == i && (at < 0 || lane < at))
			at = lane;
	}
	if (at >= 0)
		return at;
	for (at = n->nin ? l->of[n->in[0]] : 0; l->held[at] >= 0; at++)
		;
	return at;
}

/* Row i's picture, two letters a lane, if to is not NULL. */
static void
draw(const struct lanes *l, int i, char *to)
{
	const struct lt_node *n = &l->g->node[i];
	int lo = l->of[i], hi = lo;

	for (int j = 0; j < n->nin; j++) {
		int lane = l->of[n->in[j]];
		lo = lane < lo ? lane : lo;
		hi = lane > hi ? lane : hi;
	}
	for (int k = 0; k < l->width; k++) {
		bool within = lo <= k && k <= hi;
		to[2 * k] = l->held[k] >= 0 ? '|' : within ? '-' : ' ';
		to[2 * k + 1] = within && k < hi ? '-' : ' ';
	}
	for (int j = 0; j < n->nin; j++)
		to[2 * l->of[n->in[j]]] = l->last[n->in[j]] == i ? '\'' : '+';
	to[2 * l->of[i]] = n->unused ? 'x' : 'o';
	to[2 * l->width] = 0;
}

/* Draw the lines from row i to the next. */
static void
go_on(struct lanes *l, int i)
{
	const struct lt_node *n = &l->g->node[i];

	for (int j = 0; j < n->nin; j++)
		if (l->last[n->in[j]] == i)
			l->held[l->of[n->in[j]]] = -1;
	if (l->last[i] > i)
		l->held[l->of[i]] = i;
}

/* ---- rows ---- */

/* The words of a row and the widths of columns: node, operator, shape,
 * parameters, multiply-adds. */
#define COLUMNS 5
struct row {
	char *lanes;
	char node[160], op[96], shape[40], params[32], macs[32];
};

static void
put_row(struct lt_out *o, const struct row *r, const int width[COLUMNS])
{
	char line[1024];

	snprintf(line, sizeof line, "%-*s  %-*s  %*s  %*s  %*s", width[0],
		r->node, width[1], r->op, width[2], r->shape, width[3],
		r->params, width[4], r->macs);
	size_t n = strlen(line);
	while (n > 0 && line[n - 1] == ' ')
		line[--n] = 0;
	lt_out_printf(o, "%s %s\n", r->lanes, line);
}

static void
widen(const struct row *r, int width[COLUMNS])
{
	const char *word[] = {r->node, r->op, r->shape, r->params, r->macs};

	for (int i = 0; i < COLUMNS; i++) {
		int n = (int)strlen(word[i]);
		width[i] = n > width[i] ? n : width[i];
	}
}

static void
fill(struct row *r, const struct lt_graph *g, int i)
{
	const struct lt_node *n = &g->node[i];
	char *words = lt_node_words(g, i, false);

	snprintf(r->node, sizeof r->node, "%s", n->name);
	snprintf(r->op, sizeof r->op, "%s%s", words,
		n->unused ? " (unused)" : "");
	put_shape(r->shape, n);
	put_count(r->params, count_params(g, n, false));
	put_count(r->macs, lt_graph_macs(g, i, SIZE_MAX));
	free(words);
}

static uint64_t
all_macs(const struct lt_graph *g)
{
	uint64_t sum = 0;

	for (int i = 0; i < g->n; i++)
		sum += lt_graph_macs(g, i, SIZE_MAX);
	return sum;
}

void
lt_netdraw(struct lt_out *o, const struct lt_graph *g)
{
	struct row head = {NULL, "node", "operator", "shape", "parameters",
		"multiply-adds"};
	struct row total = {.node = "total"}, row;
	int width[COLUMNS] = {0};
	struct lanes l;

	lanes_init(&l, g);
	put_count(total.params, lt_graph_params(g));
	put_count(total.macs, all_macs(g));
	widen(&head, width);
	widen(&total, width);
	for (int i = 0; i < g->n; i++) {
		l.of[i] = choose(&l, i);
		l.width = l.of[i] >= l.width ? l.of[i] + 1 : l.width;
		go_on(&l, i);
		fill(&row, g, i);
		widen(&row, width);
	}
	char *lanes = lt_alloc(2 * (size_t)l.width + 1, 1);
	head.lanes = total.lanes = row.lanes = lanes;
	memset(lanes, ' ', 2 * (size_t)l.width);
	put_row(o, &head, width);
	for (int i = 0; i < g->n; i++) {
		draw(&l, i, lanes);
		go_on(&l, i);
		fill(&row, g, i);
		put_row(o, &row, width);
	}
	memset(lanes, ' ', 2 * (size_t)l.width);
	put_row(o, &total, width);
	free(lanes);
	lanes_release(&l);
}

/* "a,b"; the caller's to free. */
static char *
input_names(const struct lt_graph *g, const struct lt_node *n)
{
	char *names = lt_strdup("");

	for (int j = 0; j < n->nin; j++) {
		char *more = lt_asprintf(
			"%s%s%s", names, j ? "," : "", g->node[n->in[j]].name);
		free(names);
		names = more;
	}
	return names;
}

void
lt_netdraw_tsv(struct lt_answer *a, const struct lt_graph *g)
{
	lt_answer_table(a,
		"node\toperator\tinputs\tshape\tparameters\tweights\t"
		"multiply_adds");
	for (int i = 0; i < g->n; i++) {
		const struct lt_node *n = &g->node[i];
		char *words = lt_node_words(g, i, false);
		char *inputs = input_names(g, n);
		lt_answer_text(a, "node", n->name);
		lt_answer_text(a, "operator", words);
		if (n->nin)
			lt_answer_text(a, "inputs", inputs);
		else
			lt_answer_missing(a, "inputs");
		lt_answer_image(a, "shape", n->c, n->h, n->w);
		lt_answer_count(a, "parameters", count_params(g, n, false));
		lt_answer_count(a, "weights", count_params(g, n, true));
		lt_answer_count(
			a, "multiply_adds", lt_graph_macs(g, i, SIZE_MAX));
		lt_answer_row(a);
		free(words);
		free(inputs);
	}
}
