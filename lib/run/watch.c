/* Times and reports.  A report costs one reading of the clock in each step;
 * without a receiver it costs nothing. */
#include "run/watch.h"

#include <math.h>
#include "base/clock.h"
#include "engine/peak.h"
#include "run/profile.h"

void
watch_init(struct watch *w, const struct lt_train_opt *o)
{
	*w = (struct watch){.opened = o->profile ? lt_clock() : 0};
}

int
watch_profile(struct watch *w, const struct session *s, struct lt_err *err)
{
	const char *path = s->set.opt.profile;

	if (!path)
		return 0;
	w->profile = streams_open_out(path, 0, err);
	if (!w->profile)
		return -1;
	lt_engine_profile(s->x, true);
	w->before = lt_clock() - w->opened;
	return 0;
}

void
watch_start(struct watch *w, const struct session *s)
{
	w->began = w->epoch_began = lt_clock();
	w->epoch_cpu = lt_cpu_clock();
	w->began_at = s->at;
	w->began_seen = s->presentations;
}

static struct lt_report
report_of(const struct watch *w, const struct session *s)
{
	const struct segment *p = &s->part;
	const struct epoch *e = &s->epoch;

	return (struct lt_report){.epoch = segment_epoch(p, s->at),
		.epochs = segment_epochs(p),
		.step = (s->at - 1) % p->per_epoch + 1,
		.steps = p->per_epoch,
		.done = s->at - w->began_at,
		.images = s->presentations - w->began_seen,
		.left = p->to - s->at,
		.rate = s->rate,
		.loss = e->loss / (double)e->seen,
		.accuracy = session_percent(e->right, e->seen),
		.val_loss = NAN,
		.val_accuracy = NAN,
		.distance = s->stop.last};
}

void
watch_step(const struct watch *w, const struct session *s)
{
	const struct lt_train_opt *o = &s->set.opt;

	if (!o->report)
		return;
	struct lt_report r = report_of(w, s);
	r.kind = LT_REPORT_STEP;
	r.seconds = lt_clock() - w->began;
	o->report(o->report_arg, &r);
}

struct epoch_time
watch_epoch(struct watch *w, const struct session *s,
	const struct lt_evaluation *val)
{
	const struct lt_train_opt *o = &s->set.opt;
	double t = lt_clock(), cpu = lt_cpu_clock();
	struct epoch_time took = {t - w->epoch_began, cpu - w->epoch_cpu};

	w->epoch_began = t;
	w->epoch_cpu = cpu;
	if (!o->report)
		return took;
	struct lt_report r = report_of(w, s);
	r.kind = LT_REPORT_EPOCH;
	r.seconds = took.seconds;
	if (val) {
		r.val_loss = val->loss;
		r.val_accuracy = session_percent(val->top1, val->n);
	}
	o->report(o->report_arg, &r);
	return took;
}

int
watch_finish(struct watch *w, const struct session *s, struct lt_err *err)
{
	struct lt_out *o = w->profile;
	const char *why;

	if (!o)
		return 0;
	double seconds = lt_clock() - w->opened;
	lt_profile_print(o, s->x, s->in->g, seconds, w->before,
		lt_peak(lt_kern_get(NULL, &why), s->set.opt.threads));
	w->profile = NULL;
	return lt_out_commit(o, err);
}

void
watch_release(struct watch *w)
{
	lt_out_abandon(w->profile);
	w->profile = NULL;
}
