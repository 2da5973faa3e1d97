/* Operators that copy or combine their inputs, in double precision. */
#include <string.h>
#include "exact/exact_row.h"

static size_t
pixels(const struct pass *p, int node)
{
	const struct lt_node *n = &p->x->g->node[node];

	return (size_t)p->x->n * (size_t)n->h * (size_t)n->w;
}

/* Copy the input: for dropout, and as a part of other operators. */
static void
copy(const struct pass *p)
{
	memcpy(p->y, plane(p, p->x->a, 0, p->c), p->px * sizeof *p->y);
}

static void
add_to(double *dx, const double *dy, size_t n)
{
	for (size_t i = 0; dx && i < n; i++)
		dx[i] += dy[i];
}

static void
copy_back(const struct pass *p)
{
	add_to(plane(p, p->x->d, 0, p->c), p->dy, p->px);
}

static void
add(const struct pass *p)
{
	copy(p);
	add_to(p->y, plane(p, p->x->a, 1, p->c), p->px);
}

static void
add_back(const struct pass *p)
{
	for (int j = 0; j < 2; j++)
		add_to(plane(p, p->x->d, j, p->c), p->dy, p->px);
}

/* How many values of the first factor share one value of the second. */
static size_t
share(const struct pass *p)
{
	return p->px / pixels(p, p->n->in[1]);
}

static void
mul(const struct pass *p)
{
	const double *a = plane(p, p->x->a, 0, p->c);
	const double *b = plane(p, p->x->a, 1, p->c);
	size_t per = share(p);

	for (size_t i = 0; i < p->px; i++)
		p->y[i] = a[i] * b[i / per];
}

static void
mul_back(const struct pass *p)
{
	const double *a = plane(p, p->x->a, 0, p->c);
	const double *b = plane(p, p->x->a, 1, p->c);
	double *da = plane(p, p->x->d, 0, p->c);
	double *db = plane(p, p->x->d, 1, p->c);
	size_t per = share(p);

	for (size_t i = 0; da && i < p->px; i++)
		da[i] += p->dy[i] * b[i / per];
	for (size_t i = 0; db && i < p->px; i++)
		db[i / per] += p->dy[i] * a[i];
}

/* The input that channel *c of a concatenation comes from; *c <- its channel
 * there. */
static int
part_of(const struct pass *p, int *c)
{
	int j = 0;

	for (*c = p->c; *c >= p->x->g->node[p->n->in[j]].c; j++)
		*c -= p->x->g->node[p->n->in[j]].c;
	return j;
}

static void
concat(const struct pass *p)
{
	int c, j = part_of(p, &c);

	memcpy(p->y, plane(p, p->x->a, j, c), p->px * sizeof *p->y);
}

static void
concat_back(const struct pass *p)
{
	int c, j = part_of(p, &c);

	add_to(plane(p, p->x->d, j, c), p->dy, p->px);
}

const struct exact_row exact_ADD = {PASS(add)};
const struct exact_row exact_MUL = {PASS(mul)};
const struct exact_row exact_CONCAT = {PASS(concat), .alone = true};
const struct exact_row exact_DROPOUT = {PASS(copy)};
const struct exact_row exact_DROPCONNECT = {PASS(copy)};
