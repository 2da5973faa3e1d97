#include "ticket/forget.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "file/events.h"

/* Samples by index, in a hash table with open addressing.  An array as long as
 * the largest index will not do, because a file may say any index. */
struct slot {
	struct lt_forget_sample s;
	bool used, correct; /* correct: the last answer */
};

struct table {
	struct slot *slot;
	size_t n, cap; /* cap is a power of two, at least twice n */
};

static size_t
place(const struct table *t, uint32_t index)
{
	/* Fibonacci hashing: consecutive indices spread evenly. */
	uint64_t h = index * (uint64_t)0x9e3779b97f4a7c15;
	size_t i = (size_t)(h >> 32) & (t->cap - 1);
	while (t->slot[i].used && t->slot[i].s.index != index)
		i = (i + 1) & (t->cap - 1);
	return i;
}

static void
double_table(struct table *t)
{
	struct table old = *t;
	t->cap = old.cap ? old.cap * 2 : 1024;
	t->slot = lt_alloc(t->cap, sizeof(*t->slot));
	for (size_t i = 0; i < old.cap; i++) {
		if (old.slot[i].used)
			t->slot[place(t, old.slot[i].s.index)] = old.slot[i];
	}
	free(old.slot);
}

/* The answer to one presentation. */
static void
note(struct table *t, const struct lt_event *ev)
{
	if (2 * (t->n + 1) > t->cap)
		double_table(t);
	struct slot *s = &t->slot[place(t, ev->index)];
	if (!s->used) {
		t->n++;
		s->used = true;
		s->s.index = ev->index;
	}
	if (s->correct && !ev->correct)
		s->s.count++;
	if (ev->correct && !s->s.learned)
		s->s.learned = ev->epoch;
	s->correct = ev->correct;
}

/* Count the events of one file, whose passes must come after *last. */
static int
read_segment(
	struct table *t, uint32_t *last, const char *path, struct lt_err *err)
{
	struct lt_events *e = lt_events_open(path, err);
	if (!e)
		return -1;
	struct lt_event ev;
	const uint32_t before = *last;
	int r;
	while ((r = lt_events_next(e, &ev, err)) > 0) {
		if (ev.epoch <= before) {
			r = lt_fail(err, LT_EDATA,
				"%s: expected passes after %u, where the "
				"segment before it ends, found pass %u",
				strcmp(path, "-") == 0 ? "standard input"
						       : path,
				before, ev.epoch);
			break;
		}
		*last = ev.epoch;
		note(t, &ev);
	}
	lt_events_close(e);
	return r;
}

static int
by_index(const void *a, const void *b)
{
	const struct lt_forget_sample *x = a, *y = b;
	return (x->index > y->index) - (x->index < y->index);
}

static void
sort_table(struct lt_forget *f, const struct table *t)
{
	f->v = lt_alloc(t->n, sizeof(*f->v));
	f->n = 0;
	for (size_t i = 0; i < t->cap; i++) {
		if (t->slot[i].used)
			f->v[f->n++] = t->slot[i].s;
	}
	qsort(f->v, f->n, sizeof(*f->v), by_index);
}

int
lt_forget_read(struct lt_forget *f, const char *const *paths, int n,
	struct lt_err *err)
{
	struct table t = {0};
	uint32_t last = 0;
	int r = 0;
	for (int i = 0; i < n && r == 0; i++)
		r = read_segment(&t, &last, paths[i], err);
	if (r == 0)
		sort_table(f, &t);
	free(t.slot);
	return r;
}

/* Merge two sorted runs. */
static void
add_run(struct lt_forget *sum, const struct lt_forget *a,
	const struct lt_forget *b)
{
	size_t i = 0, j = 0;
	sum->v = lt_alloc(a->n + b->n, sizeof(*sum->v));
	sum->n = 0;
	while (i < a->n || j < b->n) {
		bool from_a = j == b->n ||
			      (i < a->n && a->v[i].index <= b->v[j].index);
		bool from_b = i == a->n ||
			      (j < b->n && b->v[j].index <= a->v[i].index);
		struct lt_forget_sample s = from_a ? a->v[i] : b->v[j];
		if (from_a && from_b) {
			uint32_t other = b->v[j].learned;
			s.count += b->v[j].count;
			if (!s.learned || (other && other < s.learned))
				s.learned = other;
		}
		i += from_a;
		j += from_b;
		sum->v[sum->n++] = s;
	}
}

void
lt_forget_total(struct lt_forget *sum, const struct lt_forget *runs, int n)
{
	*sum = (struct lt_forget){0};
	for (int i = 0; i < n; i++) {
		struct lt_forget both;
		add_run(&both, sum, &runs[i]);
		lt_forget_release(sum);
		*sum = both;
	}
}

int
lt_forget_above(const struct lt_forget_sample *s, uint64_t threshold)
{
	return !s->learned || s->count > threshold;
}

void
lt_forget_select(
	struct lt_index *ix, const struct lt_forget *f, uint64_t threshold)
{
	for (size_t i = 0; i < f->n; i++) {
		if (lt_forget_above(&f->v[i], threshold))
			lt_index_push(ix, f->v[i].index);
	}
}

const struct lt_forget_sample *
lt_forget_find(const struct lt_forget *f, uint32_t index)
{
	const struct lt_forget_sample key = {.index = index};
	if (!f->n)
		return NULL;
	return bsearch(&key, f->v, f->n, sizeof(*f->v), by_index);
}

void
lt_forget_release(struct lt_forget *f)
{
	free(f->v);
	*f = (struct lt_forget){0};
}
