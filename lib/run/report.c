/* What a run says while it goes: the log, its times, events, mask distances,
 * and a line for whoever watches.  Times go nowhere but to FILE.time and the
 * terminal. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/in.h"
#include "base/mem.h"
#include "base/outpath.h"
#include "base/tame.h"
#include "file/events.h"
#include "engine/peak.h"
#include "run/profile.h"
#include "run/run.h"

void
report_note(const struct run *r, const char *fmt, ...)
{
	char text[1024];
	va_list ap;

	if (r->o->quiet)
		return;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	lt_tame(text, "");
	fprintf(stderr, "%s: %s\n", r->o->tool, text);
}

static double
percent(uint64_t part, uint64_t all)
{
	return all ? 100.0 * (double)part / (double)all : NAN;
}

/* Epochs of the schedule, the last may be a part. */
static uint64_t
epochs(const struct run *r)
{
	return (r->sched.total + r->per_epoch - 1) / r->per_epoch;
}

void
report_batch(struct run *r)
{
	double t;

	if (r->o->quiet || !isatty(2) || (t = lt_clock()) - r->shown < 0.25)
		return;
	r->shown = t;
	double ran = t - r->began;
	double speed = (double)(r->presentations - r->began_seen) / ran;
	double left =
		ran * (double)(r->to - r->at) / (double)(r->at - r->began_at);
	fprintf(stderr,
		"\repoch %" PRIu64 "/%" PRIu64 "  batch %" PRIu64 "/%" PRIu64
		"  loss %.4f  acc %.2f %%  %.0f images/s  %d:%02d left \033[K",
		(r->at - 1) / r->per_epoch + 1, epochs(r),
		(r->at - 1) % r->per_epoch + 1, r->per_epoch,
		r->loss_sum / (double)r->seen, percent(r->right, r->seen),
		speed, (int)(left / 60), (int)left % 60);
}

static void
say_epoch(const struct run *r, const struct lt_evaluation *val, double seconds)
{
	if (r->o->quiet)
		return;
	fprintf(stderr,
		"%sepoch %" PRIu64 "/%" PRIu64
		"  lr %.4g  loss %.4f  acc %.2f %%",
		isatty(2) ? "\r\033[K" : "", (r->at - 1) / r->per_epoch + 1,
		epochs(r), r->lr, r->loss_sum / (double)r->seen,
		percent(r->right, r->seen));
	if (val)
		fprintf(stderr, "  val loss %.4f  acc %.2f %%", val->loss,
			percent(val->top1, val->n));
	if (!isnan(r->stop.last))
		fprintf(stderr, "  mask distance %.4f", r->stop.last);
	fprintf(stderr, "  %.1f s\n", seconds);
}

struct lt_out *
report_stream(const struct run *r, int which)
{
	const struct stream *s = &r->stream[which];

	return s->spool ? s->spool : s->out;
}

void
report_epoch(struct run *r, const struct lt_evaluation *val)
{
	double t = lt_clock(), seconds = t - r->epoch_began;
	double cpu = lt_cpu_clock(), cpu_seconds = cpu - r->epoch_cpu;
	uint64_t epoch = (r->at - 1) / r->per_epoch + 1;
	struct lt_out *o = report_stream(r, LOG);

	r->epoch_began = t;
	r->epoch_cpu = cpu;
	say_epoch(r, val, seconds);
	if (!o)
		return;
	lt_out_printf(o, "%" PRIu64 "\t%" PRIu64, epoch, r->at);
	lt_out_number(o, r->lr);
	lt_out_number(o, r->loss_sum / (double)r->seen);
	lt_out_number(o, percent(r->right, r->seen));
	lt_out_number(o, val ? val->loss : NAN);
	lt_out_number(o, val ? percent(val->top1, val->n) : NAN);
	lt_out_number(o, lt_engine_density(r->x));
	lt_out_number(o, r->stop.last);
	lt_out_printf(
		o, "\t%" PRIu64 "\t%" PRIu64 "\n", r->presentations, r->macs);
	o = report_stream(r, TIME);
	if (o)
		lt_out_printf(o, "%" PRIu64 "\t%.3f\t%.3f\t%.1f\n", epoch,
			seconds, cpu_seconds, (double)r->seen / seconds);
}

void
report_distance(struct run *r)
{
	struct lt_out *o = report_stream(r, DISTANCES);

	if (!o)
		return;
	lt_out_printf(o, "%" PRIu64 "\t%" PRIu64,
		(r->at - 1) / r->per_epoch + 1, r->at);
	lt_out_number(o, r->stop.last);
	lt_out_printf(o, "\n");
}

/* ---- streams ------------------------------------------------------------- */

/* What a pipe was given cannot be read back: with a state, rows go to a spool
 * beside it, and from there to the pipe. */
static int
open_spool(struct run *r, struct stream *s, int which, struct lt_err *err)
{
	static const char *const name[STREAMS] = {
		".log", ".time", ".events", ".distances"};
	char *path = lt_outpath_beside(r->state, "", name[which]);
	char *part = lt_outpath_part(path, ".part");

	s->emitted = 0;
	s->spool = run_open_out(path, s->kept, err);
	if (s->spool) {
		s->spool_fd = open(part, O_RDONLY | O_CLOEXEC);
		if (s->spool_fd < 0)
			lt_fail_errno(err, part);
	}
	free(path);
	free(part);
	return s->spool && s->spool_fd >= 0 ? 0 : -1;
}

/* Is the stream's file there already, as long as the state says? */
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

/* A stream at its saved length, or new with its header line.  A run that was
 * killed between its last step and its end may have renamed it already. */
static int
open_stream(struct run *r, int which, const char *path, const char *header,
	struct lt_err *err)
{
	struct stream *s = &r->stream[which];
	bool at_end = r->at == r->to || r->stopped;

	s->out = run_open_out(path, s->kept, err);
	if (!s->out)
		return s->kept && at_end && err->status == LT_EDATA &&
				       is_done(path, s->kept)
			       ? 0
			       : -1;
	if (r->state && !lt_out_resumed(s->out) &&
		open_spool(r, s, which, err) < 0)
		return -1;
	if (!s->kept)
		lt_out_printf(report_stream(r, which), "%s", header);
	return 0;
}

static int
open_log(struct run *r, struct lt_err *err)
{
	const char *path = r->o->log;

	if (open_stream(r, LOG, path,
		    "epoch\titeration\tlr\ttrain_loss\ttrain_acc\tval_loss\t"
		    "val_acc\tdensity\tmask_distance\tpresentations\tmacs\n",
		    err) < 0)
		return -1;
	/* Beside what is no file there is nothing. */
	if (r->stream[LOG].out && !lt_out_resumed(r->stream[LOG].out))
		return 0;
	char *time = lt_outpath_beside(path, "", ".time");
	int bad = open_stream(r, TIME, time,
		"epoch\tseconds\tcpu_seconds\timages_per_s\n", err);
	free(time);
	return bad;
}

int
report_open(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;

	r->began = r->epoch_began = lt_clock();
	r->epoch_cpu = lt_cpu_clock();
	r->began_at = r->at;
	r->began_seen = r->presentations;
	if ((o->log && open_log(r, err) < 0) ||
		(o->events && open_stream(r, EVENTS, o->events,
				      "epoch\tindex\tcorrect\n", err) < 0) ||
		(o->stop_distances &&
			open_stream(r, DISTANCES, o->stop_distances,
				"epoch\titeration\tdistance\n", err) < 0))
		return -1;
	return 0;
}

int
report_sync(struct run *r, struct lt_err *err)
{
	for (int i = 0; i < STREAMS; i++) {
		struct lt_out *o = report_stream(r, i);
		if (o && lt_out_sync(o, err) < 0)
			return -1;
	}
	return 0;
}

/* What was synced of the spools and is not emitted yet. */
int
report_emit(struct run *r, struct lt_err *err)
{
	char buf[1 << 14];

	for (int i = 0; i < STREAMS; i++) {
		struct stream *s = &r->stream[i];
		if (!s->spool)
			continue;
		while (s->emitted < lt_out_length(s->spool)) {
			ssize_t n = pread(s->spool_fd, buf, sizeof buf,
				(off_t)s->emitted);
			if (n < 0 && errno == EINTR)
				continue;
			if (n <= 0)
				return lt_fail(err, LT_EIO,
					"%s: cannot read back what streams",
					r->state);
			lt_out_write(s->out, buf, (size_t)n);
			s->emitted += (uint64_t)n;
		}
		if (lt_out_sync(s->out, err) < 0)
			return -1;
	}
	return 0;
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

int
report_commit(struct run *r, struct lt_err *err)
{
	if (report_sync(r, err) < 0 || report_emit(r, err) < 0)
		return -1;
	for (int i = 0; i < STREAMS; i++) {
		struct lt_out *o = r->stream[i].out;
		r->stream[i].out = NULL;
		if (o && lt_out_commit(o, err) < 0)
			return -1;
	}
	return 0;
}

/* Closed as they are, for a run to go on with. */
int
report_keep(struct run *r, struct lt_err *err)
{
	int bad = 0;

	for (int i = 0; i < STREAMS; i++) {
		struct stream *s = &r->stream[i];
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

void
report_abandon(struct run *r)
{
	for (int i = 0; i < STREAMS; i++) {
		drop_spool(&r->stream[i]);
		lt_out_abandon(r->stream[i].out);
		r->stream[i].out = NULL;
	}
	lt_out_abandon(r->profile);
	r->profile = NULL;
}

/* ---- the profile --------------------------------------------------------- */

int
report_watch(struct run *r, struct lt_err *err)
{
	if (!r->o->profile)
		return 0;
	r->profile = run_open_out(r->o->profile, 0, err);
	if (!r->profile)
		return -1;
	lt_engine_profile(r->x, true);
	r->started = lt_clock() - r->opened;
	return 0;
}

int
report_profile(struct run *r, struct lt_err *err)
{
	struct lt_out *o = r->profile;
	const char *why;

	if (!o)
		return 0;
	double seconds = lt_clock() - r->opened;
	lt_profile_print(o, r->x, r->g, seconds, r->started,
		lt_peak(lt_kern_get(NULL, &why), r->o->threads));
	r->profile = NULL;
	return lt_out_commit(o, err);
}
