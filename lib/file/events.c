#include "file/events.h"

#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include "base/in.h"
#include "base/mem.h"

static const char header[] = "epoch\tindex\tcorrect";

struct lt_events {
	struct lt_in *in;
	struct lt_event last; /* epoch 0 before the first row */
};

struct lt_events *
lt_events_open(const char *path, struct lt_err *err)
{
	struct lt_events *e = lt_alloc(1, sizeof(*e));
	char *line = NULL;
	size_t len;
	int r = -1;
	e->in = lt_in_open(path, err);
	if (e->in)
		r = lt_in_row(e->in, &line, &len, err);
	if (r > 0 && strcmp(line, header) == 0)
		return e;
	if (r >= 0)
		lt_fail(err, LT_EDATA,
			"%s: expected the header 'epoch index correct' "
			"(tab-separated), found %s",
			lt_in_name(e->in), r ? "another line" : "no line");
	lt_events_close(e);
	return NULL;
}

void
lt_events_close(struct lt_events *e)
{
	if (!e)
		return;
	lt_in_close(e->in);
	free(e);
}

/* Read digits up to the byte stop, and move *s behind it. */
static bool
field(const char **s, char stop, uint64_t max, uint32_t *v)
{
	uint64_t x = 0;
	const char *p = *s;
	if (*p < '0' || *p > '9')
		return false;
	for (; *p >= '0' && *p <= '9'; p++) {
		x = 10 * x + (uint64_t)(*p - '0');
		if (x > max)
			return false;
	}
	if (*p != stop)
		return false;
	*v = (uint32_t)x;
	*s = p + 1;
	return true;
}

int
lt_events_next(struct lt_events *e, struct lt_event *ev, struct lt_err *err)
{
	char *line;
	size_t len;
	uint32_t correct;
	int r = lt_in_row(e->in, &line, &len, err);
	if (r <= 0)
		return r;
	const char *s = line;
	if (!field(&s, '\t', UINT32_MAX, &ev->epoch) || ev->epoch == 0 ||
		!field(&s, '\t', UINT32_MAX - 1, &ev->index) ||
		!field(&s, '\0', 1, &correct))
		return lt_in_fail(e->in, err,
			"expected epoch (from 1), index and correct (0 or 1), "
			"tab-separated");
	ev->correct = (uint8_t)correct;
	if (ev->epoch < e->last.epoch ||
		(ev->epoch == e->last.epoch && ev->index <= e->last.index))
		return lt_in_fail(e->in, err,
			"epoch %" PRIu32 " index %" PRIu32
			" follows epoch %" PRIu32 " index %" PRIu32
			", expected ascending order",
			ev->epoch, ev->index, e->last.epoch, e->last.index);
	e->last = *ev;
	return 1;
}

void
lt_events_header(struct lt_out *o)
{
	lt_out_printf(o, "%s\n", header);
}

void
lt_events_pass(struct lt_out *o, uint32_t epoch, const uint32_t *index,
	const uint8_t *seen, size_t n, uint8_t *last)
{
	for (size_t i = 0; i < n; i++) {
		if (last[index[i]] == seen[i])
			continue;
		last[index[i]] = seen[i];
		lt_out_printf(o, "%" PRIu32 "\t%" PRIu32 "\t%d\n", epoch,
			index[i], seen[i]);
	}
}
