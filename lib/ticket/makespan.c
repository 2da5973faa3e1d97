#include "ticket/makespan.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include "base/err.h"
#include "base/mem.h"

/* A heap: the item with the least key comes out first, of equal keys the one
 * with the lower job. */
struct item {
	double key;
	size_t job;
};

struct heap {
	struct item *v; /* room for every job */
	size_t n;
};

static bool
is_less(struct item a, struct item b)
{
	return a.key < b.key || (a.key == b.key && a.job < b.job);
}

static void
push(struct heap *h, double key, size_t job)
{
	struct item new = {key, job};
	size_t i = h->n++;

	for (; i > 0 && is_less(new, h->v[(i - 1) / 2]); i = (i - 1) / 2)
		h->v[i] = h->v[(i - 1) / 2];
	h->v[i] = new;
}

static size_t
pop(struct heap *h)
{
	size_t job = h->v[0].job, i = 0, child;
	struct item last = h->v[--h->n];

	while ((child = 2 * i + 1) < h->n) {
		if (child + 1 < h->n && is_less(h->v[child + 1], h->v[child]))
			child++;
		if (!is_less(h->v[child], last))
			break;
		h->v[i] = h->v[child];
		i = child;
	}
	h->v[i] = last;
	return job;
}

/* The jobs that wait for job i are next[from[i]] .. next[from[i + 1] - 1], and
 * job i waits for left[i] others. */
struct graph {
	size_t *from, *next, *left;
};

static void
graph_init(struct graph *g, size_t n, const struct lt_wait *wait, size_t waits)
{
	g->from = lt_alloc(n + 2, sizeof *g->from);
	g->next = lt_alloc(waits, sizeof *g->next);
	g->left = lt_alloc(n, sizeof *g->left);
	for (size_t k = 0; k < waits; k++) {
		LT_BUG_ON(
			wait[k].after >= n || wait[k].before >= wait[k].after);
		g->from[wait[k].before + 2]++;
		g->left[wait[k].after]++;
	}
	/* After the sums from[i + 1] is where the list of i begins; filling
	 * the lists moves it to where it ends, which is from[i + 1]. */
	for (size_t i = 2; i < n + 2; i++)
		g->from[i] += g->from[i - 1];
	for (size_t k = 0; k < waits; k++)
		g->next[g->from[wait[k].before + 1]++] = wait[k].after;
}

static void
graph_release(struct graph *g)
{
	free(g->from);
	free(g->next);
	free(g->left);
}

double
lt_makespan(const double *seconds, size_t n, const struct lt_wait *wait,
	size_t waits, size_t slots)
{
	struct heap ready = {lt_alloc(n, sizeof(struct item)), 0};
	struct heap running = {lt_alloc(n, sizeof(struct item)), 0};
	struct graph g;
	double now = 0;

	graph_init(&g, n, wait, waits);
	for (size_t i = 0; i < n; i++)
		if (!g.left[i])
			push(&ready, 0, i);
	while (ready.n || running.n) {
		while (ready.n && running.n < slots) {
			size_t i = pop(&ready);
			push(&running, now + seconds[i], i);
		}
		/* All that end at this time end before another one starts. */
		now = running.v[0].key;
		do {
			size_t i = pop(&running);
			for (size_t k = g.from[i]; k < g.from[i + 1]; k++)
				if (!--g.left[g.next[k]])
					push(&ready, 0, g.next[k]);
		} while (running.n && running.v[0].key <= now);
	}
	graph_release(&g);
	free(ready.v);
	free(running.v);
	return now;
}
