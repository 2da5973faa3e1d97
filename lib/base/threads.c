/* The number of threads that a program may start. */
#include "base/threads.h"

#include <omp.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include "base/mem.h"

struct gate {
	pthread_mutex_t lock;
	pthread_cond_t open;
	bool is_open;
};

static void *
wait_at(void *arg)
{
	struct gate *g = arg;

	pthread_mutex_lock(&g->lock);
	while (!g->is_open)
		pthread_cond_wait(&g->open, &g->lock);
	pthread_mutex_unlock(&g->lock);
	return NULL;
}

/* How many of n threads the system lets us start at the same time.  OpenMP's
 * library ends the program if it gets fewer than it was asked for. */
static int
startable(int n)
{
	struct gate g = {
		PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false};
	pthread_t *t = lt_alloc((size_t)n, sizeof *t);
	int started = 0;

	while (started < n &&
		pthread_create(&t[started], NULL, wait_at, &g) == 0)
		started++;
	pthread_mutex_lock(&g.lock);
	g.is_open = true;
	pthread_cond_broadcast(&g.open);
	pthread_mutex_unlock(&g.lock);
	for (int i = 0; i < started; i++)
		pthread_join(t[i], NULL);
	free(t);
	return started;
}

int
lt_threads(int asked)
{
	int most = 4 * omp_get_num_procs();

	if (!asked)
		asked = omp_get_max_threads();
	if (most < 16)
		most = 16;
	if (asked < most)
		most = asked;
	/* One more: batches are loaded beside the computation. */
	int n = most > 1 ? startable(most) : 1;
	n = n > 1 ? n : 1;
	omp_set_num_threads(n);
	return n;
}
