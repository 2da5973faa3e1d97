/* A thread that loads the next batch. */
#include "run/loader.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include "base/mem.h"

/* Images that are announced before the batch that has them begins. */
#define AHEAD 256
#define AHEAD_BYTES ((size_t)64 << 20)

struct lt_loader {
	struct lt_batch_opt b;
	struct lt_engine *x;
	int which; /* the buffer that start fills */
	int32_t *label[2];

	pthread_t thread;
	bool threaded; /* else start loads at once */
	pthread_mutex_t lock;
	pthread_cond_t change;
	bool wanted, quit; /* under lock; wanted: a batch is under way */

	const uint32_t *places;
	size_t left; /* places behind these n */
	int n, result;
	uint64_t epoch;
	struct lt_err err;
	/* The end of the batch before, and of what is announced. */
	const uint32_t *behind, *announced;
};

/* Announce each image once: of this batch those that are not yet, and some of
 * the images that come next, but only as many as memory surely has room for. */
static void
announce(struct lt_loader *l)
{
	const struct lt_dataset *d = l->b.data;
	size_t most = AHEAD_BYTES / d->img_size;
	const uint32_t *from =
		l->places == l->behind ? l->announced : l->places;

	most = most < AHEAD ? most : AHEAD;
	l->behind = l->places + l->n;
	l->announced = l->behind + (l->left < most ? l->left : most);
	for (; from < l->announced; from++)
		lt_dataset_announce(d, l->b.index->v[*from]);
}

static void
load(struct lt_loader *l)
{
	announce(l);
	l->result = lt_batch_load(lt_engine_input_at(l->x, l->which),
		l->label[l->which], &l->b, l->places, l->n, l->epoch, &l->err);
}

static void *
work(void *arg)
{
	struct lt_loader *l = arg;

	pthread_mutex_lock(&l->lock);
	for (;;) {
		while (!l->wanted && !l->quit)
			pthread_cond_wait(&l->change, &l->lock);
		if (!l->wanted)
			break;
		pthread_mutex_unlock(&l->lock);
		load(l);
		pthread_mutex_lock(&l->lock);
		l->wanted = false;
		pthread_cond_broadcast(&l->change);
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

/* Signals are the main thread's. */
static bool
launch(struct lt_loader *l)
{
	sigset_t all, old;

	sigfillset(&all);
	pthread_sigmask(SIG_SETMASK, &all, &old);
	bool ok = pthread_create(&l->thread, NULL, work, l) == 0;
	pthread_sigmask(SIG_SETMASK, &old, NULL);
	return ok;
}

struct lt_loader *
lt_loader_new(const struct lt_batch_opt *b, struct lt_engine *x, int batch)
{
	struct lt_loader *l = lt_alloc(1, sizeof *l);

	l->b = *b;
	l->x = x;
	for (int i = 0; i < 2; i++)
		l->label[i] = lt_alloc((size_t)batch, sizeof **l->label);
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->change, NULL);
	l->threaded = launch(l);
	return l;
}

static void
await(struct lt_loader *l)
{
	pthread_mutex_lock(&l->lock);
	while (l->wanted)
		pthread_cond_wait(&l->change, &l->lock);
	pthread_mutex_unlock(&l->lock);
}

void
lt_loader_free(struct lt_loader *l)
{
	if (!l)
		return;
	if (l->threaded) {
		pthread_mutex_lock(&l->lock);
		l->quit = true;
		pthread_cond_broadcast(&l->change);
		pthread_mutex_unlock(&l->lock);
		pthread_join(l->thread, NULL);
	}
	pthread_mutex_destroy(&l->lock);
	pthread_cond_destroy(&l->change);
	free(l->label[0]);
	free(l->label[1]);
	free(l);
}

void
lt_loader_start(struct lt_loader *l, const uint32_t *places, int n, size_t left,
	uint64_t epoch)
{
	LT_BUG_ON(l->places);
	l->places = places;
	l->n = n;
	l->left = left;
	l->epoch = epoch;
	if (!l->threaded) {
		double t = lt_engine_watch(l->x);
		load(l);
		lt_engine_charge(l->x, t, LT_COST_LOAD);
		return;
	}
	pthread_mutex_lock(&l->lock);
	l->wanted = true;
	pthread_cond_broadcast(&l->change);
	pthread_mutex_unlock(&l->lock);
}

int
lt_loader_take(struct lt_loader *l, const int32_t **label, struct lt_err *err)
{
	LT_BUG_ON(!l->places);
	double t = lt_engine_watch(l->x);
	await(l);
	lt_engine_charge(l->x, t, LT_COST_LOAD);
	l->places = NULL;
	if (l->result < 0) {
		if (err)
			*err = l->err;
		return -1;
	}
	*label = l->label[l->which];
	lt_engine_use_input(l->x, l->which);
	l->which = !l->which;
	return 0;
}
