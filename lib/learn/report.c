/* What a run says while it goes: the log, its times, events, mask distances,
 * and a line for whoever watches.  Times go nowhere but to FILE.time and the
 * terminal. */
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include "base/mem.h"
#include "file/events.h"
#include "learn/run.h"

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

void
report_note(const struct run *r, const char *fmt, ...)
{
	va_list ap;

	if (r->o->quiet)
		return;
	va_start(ap, fmt);
	fprintf(stderr, "%s: ", r->o->tool);
	vfprintf(stderr, fmt, ap);
	fputc('\n', stderr);
	va_end(ap);
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

	if (r->o->quiet || !isatty(2) || (t = now()) - r->shown < 0.25)
		return;
	r->shown = t;
	double speed = (double)(r->at - r->began_at) / (t - r->began);
	double left = speed > 0 ? (double)(r->to - r->at) / speed : 0;
	fprintf(stderr,
		"\repoch %" PRIu64 "/%" PRIu64 "  batch %" PRIu64 "/%" PRIu64
		"  loss %.4f  acc %.2f %%  %.0f images/s  %d:%02d left \033[K",
		(r->at - 1) / r->per_epoch + 1, epochs(r),
		(r->at - 1) % r->per_epoch + 1, r->per_epoch,
		r->loss_sum / (double)r->seen, percent(r->right, r->seen),
		speed * r->o->batch, (int)(left / 60), (int)left % 60);
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

void
report_epoch(struct run *r, const struct lt_evaluation *val)
{
	double t = now(), seconds = t - r->epoch_began;
	uint64_t epoch = (r->at - 1) / r->per_epoch + 1;

	r->epoch_began = t;
	say_epoch(r, val, seconds);
	if (!r->log)
		return;
	lt_out_printf(r->log, "%" PRIu64 "\t%" PRIu64 "\t%.9g\t%.9g\t%.9g",
		epoch, r->at, r->lr, r->loss_sum / (double)r->seen,
		percent(r->right, r->seen));
	if (val)
		lt_out_printf(r->log, "\t%.9g\t%.9g", val->loss,
			percent(val->top1, val->n));
	else
		lt_out_printf(r->log, "\tnan\tnan");
	lt_out_printf(r->log, "\t%.9g", lt_exec_density(r->x));
	if (isnan(r->stop.last))
		lt_out_printf(r->log, "\tnan");
	else
		lt_out_printf(r->log, "\t%.9g", r->stop.last);
	lt_out_printf(r->log, "\t%" PRIu64 "\t%" PRIu64 "\n", r->presentations,
		r->macs);
	if (r->time)
		lt_out_printf(r->time, "%" PRIu64 "\t%.3f\t%.1f\n", epoch,
			seconds, (double)r->seen / seconds);
}

void
report_distance(struct run *r)
{
	if (!r->distances)
		return;
	lt_out_printf(r->distances, "%" PRIu64 "\t%" PRIu64,
		(r->at - 1) / r->per_epoch + 1, r->at);
	if (isnan(r->stop.last))
		lt_out_printf(r->distances, "\tnan\n");
	else
		lt_out_printf(r->distances, "\t%.9g\n", r->stop.last);
}

/* A stream at its saved length, or new with its header line.  A run that was
 * killed between its last step and its end may have renamed it already. */
static int
open_stream(const struct run *r, struct lt_out **o, const char *path,
	uint64_t keep, const char *header, struct lt_err *err)
{
	*o = keep ? lt_out_open_at(path, keep, err) : lt_out_open(path, err);
	if (!*o)
		return keep && err->status == LT_EDATA &&
				       (r->at == r->to || r->stopped)
			       ? 0
			       : -1;
	if (!keep)
		lt_out_printf(*o, "%s", header);
	return 0;
}

int
report_open(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;

	r->began = r->epoch_began = now();
	r->began_at = r->at;
	if (o->log && open_stream(r, &r->log, o->log, r->kept[0],
			      "epoch\titeration\tlr\ttrain_loss\ttrain_"
			      "acc\tval_loss\t"
			      "val_acc\tdensity\tmask_"
			      "distance\tpresentations\tmacs\n",
			      err) < 0)
		return -1;
	if (o->log && strcmp(o->log, "-") != 0) {
		char *path = lt_asprintf("%s.time", o->log);
		int bad = open_stream(r, &r->time, path, r->kept[1],
			"epoch\tseconds\timages_per_s\n", err);
		free(path);
		if (bad)
			return -1;
	}
	if (o->events && open_stream(r, &r->events, o->events, r->kept[2],
				 "epoch\tindex\tcorrect\n", err) < 0)
		return -1;
	if (o->stop_distances &&
		open_stream(r, &r->distances, o->stop_distances, r->kept[3],
			"epoch\titeration\tdistance\n", err) < 0)
		return -1;
	return 0;
}

static int
each_stream(struct run *r, int (*f)(struct lt_out *, struct lt_err *),
	bool frees, struct lt_err *err)
{
	struct lt_out **all[] = {&r->log, &r->time, &r->events, &r->distances};
	int bad = 0;

	for (int i = 0; i < 4; i++) {
		struct lt_out *o = *all[i];
		if (!o || bad)
			continue;
		if (frees)
			*all[i] = NULL;
		bad = f(o, err);
	}
	return bad;
}

int
report_sync(struct run *r, struct lt_err *err)
{
	return each_stream(r, lt_out_sync, false, err);
}

int
report_commit(struct run *r, struct lt_err *err)
{
	return each_stream(r, lt_out_commit, true, err);
}

int
report_keep(struct run *r, struct lt_err *err)
{
	return each_stream(r, lt_out_keep, true, err);
}

void
report_abandon(struct run *r)
{
	lt_out_abandon(r->log);
	lt_out_abandon(r->time);
	lt_out_abandon(r->events);
	lt_out_abandon(r->distances);
	r->log = r->time = r->events = r->distances = NULL;
}
