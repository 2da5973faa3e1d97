/* Streams: their files, their spools and their rows. */
#include "run/streams.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>
#include "base/in.h"
#include "base/mem.h"
#include "base/outpath.h"
#include "file/events.h"

static const struct {
	const char *suffix; /* of its spool */
	const char *header;
} kind[STREAMS] = {
	[LOG] = {".log",
		"epoch\titeration\tlr\ttrain_loss\ttrain_acc\tval_loss\t"
		"val_acc\tdensity\tmask_distance\tpresentations\tmacs\n"},
	[TIME] = {".time", "epoch\tseconds\tcpu_seconds\timages_per_s\n"},
	[EVENTS] = {".events", "epoch\tindex\tcorrect\n"},
	[DISTANCES] = {".distances", "epoch\titeration\tdistance\n"},
};

#define WAITS 20

struct lt_out *
streams_open_out(const char *path, uint64_t keep, struct lt_err *err)
{
	const struct timespec tick = {.tv_nsec = 50 * 1000 * 1000};
	struct lt_out *o = lt_out_open_at(path, keep, err);

	for (int i = 0; !o && err->status == LT_EAGAIN && i < WAITS; i++) {
		nanosleep(&tick, NULL);
		o = lt_out_open_at(path, keep, err);
	}
	return o;
}

/* Where rows go; NULL: not wanted. */
static struct lt_out *
rows(const struct streams *t, int which)
{
	const struct stream *s = &t->each[which];

	return s->spool ? s->spool : s->out;
}

uint64_t
streams_length(const struct streams *t, int which)
{
	struct lt_out *o = rows(t, which);

	return o ? lt_out_length(o) : t->each[which].kept;
}

/* ---- opening ------------------------------------------------------------- */

static int
open_spool(struct streams *t, int which, struct lt_err *err)
{
	struct stream *s = &t->each[which];
	char *path = lt_outpath_beside(t->state, "", kind[which].suffix);
	char *part = lt_outpath_part(path, ".part");

	s->emitted = 0;
	s->spool = streams_open_out(path, s->kept, err);
	if (s->spool) {
		s->spool_fd = open(part, O_RDONLY | O_CLOEXEC);
		if (s->spool_fd < 0)
			lt_fail_errno(err, part);
	}
	free(path);
	free(part);
	return s->spool && s->spool_fd >= 0 ? 0 : -1;
}

/* True if the stream's final file exists already and is as long as the state
 * says. */
static bool
is_done(const char *path, uint64_t bytes)
{
	struct lt_err err;
	char buf[1 << 14];
	uint64_t sum = 0;
	size_t n = 0;
	struct lt_in *in = lt_in_open(path, &err);

	if (!in)
		return false;
	do {
		if (lt_in_read(in, buf, sizeof buf, &n, &err) < 0)
			break;
		sum += n;
	} while (n);
	lt_in_close(in);
	return !n && sum == bytes;
}

static int
open_stream(struct streams *t, int which, const char *path, bool at_end,
	struct lt_err *err)
{
	struct stream *s = &t->each[which];

	if (!path)
		return 0;
	s->out = streams_open_out(path, s->kept, err);
	if (!s->out)
		return s->kept && at_end && err->status == LT_EDATA &&
				       is_done(path, s->kept)
			       ? 0
			       : -1;
	if (t->state && !lt_out_resumed(s->out) &&
		open_spool(t, which, err) < 0)
		return -1;
	if (!s->kept)
		lt_out_printf(rows(t, which), "%s", kind[which].header);
	return 0;
}

static int
open_log(struct streams *t, const char *path, bool at_end, struct lt_err *err)
{
	const struct stream *log = &t->each[LOG];

	if (open_stream(t, LOG, path, at_end, err) < 0)
		return -1;
	/* Nothing has a place beside a log that is not a file. */
	if (!path || (log->out && !lt_out_resumed(log->out)))
		return 0;
	char *time = lt_outpath_times(path);
	int bad = open_stream(t, TIME, time, at_end, err);
	free(time);
	return bad;
}

int
streams_open(struct streams *t, const struct lt_train_opt *o, bool at_end,
	struct lt_err *err)
{
	if (open_log(t, o->log, at_end, err) < 0 ||
		open_stream(t, EVENTS, o->events, at_end, err) < 0)
		return -1;
	return open_stream(t, DISTANCES, o->stop_distances, at_end, err);
}

/* ---- to safety, and to their ends ---------------------------------------- */

int
streams_sync(struct streams *t, struct lt_err *err)
{
	for (int i = 0; i < STREAMS; i++) {
		struct lt_out *o = rows(t, i);
		if (o && lt_out_sync(o, err) < 0)
			return -1;
	}
	return 0;
}

/* Write to the pipe what was synced of a spool and not written to the pipe
 * yet. */
static int
emit(struct streams *t, struct stream *s, struct lt_err *err)
{
	char buf[1 << 14];

	while (s->emitted < lt_out_length(s->spool)) {
		ssize_t n =
			pread(s->spool_fd, buf, sizeof buf, (off_t)s->emitted);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return lt_fail(err, LT_EIO,
				"%s: cannot read the rows that go to the pipe",
				t->state);
		lt_out_write(s->out, buf, (size_t)n);
		s->emitted += (uint64_t)n;
	}
	return lt_out_sync(s->out, err);
}

int
streams_emit(struct streams *t, struct lt_err *err)
{
	for (int i = 0; i < STREAMS; i++)
		if (t->each[i].spool && emit(t, &t->each[i], err) < 0)
			return -1;
	return 0;
}

int
streams_commit(struct streams *t, struct lt_err *err)
{
	if (streams_sync(t, err) < 0 || streams_emit(t, err) < 0)
		return -1;
	for (int i = 0; i < STREAMS; i++) {
		struct lt_out *o = t->each[i].out;
		t->each[i].out = NULL;
		if (o && lt_out_commit(o, err) < 0)
			return -1;
	}
	return 0;
}

int
streams_keep(struct streams *t, struct lt_err *err)
{
	int bad = 0;

	for (int i = 0; i < STREAMS; i++) {
		struct stream *s = &t->each[i];
		if (s->spool)
			bad |= lt_out_keep(s->spool, err);
		if (s->spool && s->spool_fd >= 0)
			close(s->spool_fd);
		s->spool = NULL;
		if (s->out)
			bad |= lt_out_keep(s->out, err);
		s->out = NULL;
	}
	return bad;
}

static void
drop_spool(struct stream *s)
{
	if (!s->spool)
		return;
	lt_out_abandon(s->spool);
	s->spool = NULL;
	if (s->spool_fd >= 0)
		close(s->spool_fd);
}

void
streams_abandon(struct streams *t)
{
	for (int i = 0; i < STREAMS; i++) {
		drop_spool(&t->each[i]);
		lt_out_abandon(t->each[i].out);
		t->each[i].out = NULL;
	}
}

/* ---- rows ---------------------------------------------------------------- */

void
streams_epoch(struct streams *t, const struct session *s,
	const struct lt_evaluation *val, struct epoch_time time)
{
	struct lt_out *o = rows(t, LOG);
	const struct epoch *e = &s->epoch;
	uint64_t epoch = segment_epoch(&s->part, s->at);

	if (!o)
		return;
	lt_out_printf(o, "%" PRIu64 "\t%" PRIu64, epoch, s->at);
	lt_out_number(o, s->rate);
	lt_out_number(o, e->loss / (double)e->seen);
	lt_out_number(o, session_percent(e->right, e->seen));
	lt_out_number(o, val ? val->loss : NAN);
	lt_out_number(o, val ? session_percent(val->top1, val->n) : NAN);
	lt_out_number(o, lt_engine_density(s->x));
	lt_out_number(o, s->stop.last);
	lt_out_printf(
		o, "\t%" PRIu64 "\t%" PRIu64 "\n", s->presentations, s->macs);
	o = rows(t, TIME);
	if (o)
		lt_out_printf(o, "%" PRIu64 "\t%.3f\t%.3f\t%.1f\n", epoch,
			time.seconds, time.cpu, (double)e->seen / time.seconds);
}

void
streams_distance(struct streams *t, const struct session *s)
{
	struct lt_out *o = rows(t, DISTANCES);

	if (!o)
		return;
	lt_out_printf(o, "%" PRIu64 "\t%" PRIu64,
		segment_epoch(&s->part, s->at), s->at);
	lt_out_number(o, s->stop.last);
	lt_out_printf(o, "\n");
}

void
streams_events(struct streams *t, struct session *s)
{
	struct lt_out *o = rows(t, EVENTS);
	const struct lt_index *ix = &s->in->index;
	uint32_t *index = lt_alloc(ix->n, sizeof *index);
	uint8_t *bit = lt_alloc(ix->n, 1);
	size_t n = 0;

	for (size_t i = 0; i < ix->n; i++)
		if (s->epoch.bit[i] != 255) {
			index[n] = ix->v[i];
			bit[n++] = s->epoch.bit[i];
		}
	if (o)
		lt_events_pass(o, (uint32_t)segment_epoch(&s->part, s->at),
			index, bit, n, s->last);
	for (size_t i = 0; i < n; i++)
		s->last[index[i]] = bit[i];
	free(index);
	free(bit);
}
