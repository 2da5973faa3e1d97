/* The way of a run, and its loop. */
#include "run/train.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/num.h"
#include "engine/loss.h"
#include "mask/maskfile.h"
#include "run/checkpoint.h"
#include "run/evaluate.h"
#include "run/keep.h"
#include "run/loader.h"
#include "run/report.h"
#include "run/state.h"
#include "run/watch.h"

/* The resources of a run, in the order in which it opens them. */
struct run {
	const struct lt_train_opt *o;
	struct watch watch;
	struct inputs in;
	struct session s;
	struct keep keep;
	struct streams streams;
};

/* ---- one step ------------------------------------------------------------ */

/* The resources that steps need beside the session. */
struct pass {
	struct lt_loader *loader;
	uint32_t *order;	/* [index.n] of the running epoch */
	uint64_t drawn;		/* the epoch that order belongs to */
	struct lt_outcome *out; /* [batch_max] */
	bool loading;		/* the next batch is under way */
};

/* The batch of iteration at: its places in the index list; its size. */
static const uint32_t *
batch_of(const struct session *s, const struct pass *p, uint64_t at, int *n)
{
	uint64_t batch = (uint64_t)s->set.opt.batch;
	uint64_t first = at % s->part.per_epoch * batch;
	uint64_t left = s->in->index.n - first;

	*n = (int)(left < batch ? left : batch);
	return p->order + first;
}

static void
start_load(const struct session *s, struct pass *p, uint64_t at)
{
	int n;
	const uint32_t *places = batch_of(s, p, at, &n);

	size_t behind = (size_t)(places - p->order) + (size_t)n;
	lt_loader_start(p->loader, places, n, s->in->index.n - behind,
		at / s->part.per_epoch);
	p->loading = true;
}

/* Wait for this step's batch, then let the next of the epoch load beside it.
 * An epoch's first batch waits: its order is drawn only now. */
static int
next_batch(const struct session *s, struct pass *p, const int32_t **label,
	struct lt_err *err)
{
	if (!p->loading)
		start_load(s, p, s->at);
	p->loading = false;
	if (lt_loader_take(p->loader, label, err) < 0)
		return -1;
	if ((s->at + 1) % s->part.per_epoch && s->at + 1 < s->part.to)
		start_load(s, p, s->at + 1);
	return 0;
}

/* No batch is under way any more; the engine's inputs are free. */
static int
drain(struct pass *p, struct lt_err *err)
{
	const int32_t *label;

	if (!p->loading)
		return 0;
	p->loading = false;
	return lt_loader_take(p->loader, &label, err);
}

static void
count_batch(struct session *s, const struct lt_outcome *out,
	const uint32_t *places, int n)
{
	struct epoch *e = &s->epoch;

	for (int i = 0; i < n; i++) {
		bool right = out[i].rank == 0;
		e->bit[places[i]] = right;
		e->right += right;
		e->loss += out[i].loss;
	}
	e->seen += (uint64_t)n;
	s->presentations += (uint64_t)n;
}

/* The training diverged in iteration at, counted from 1.  None of its weights
 * are written, and the state of the last good epoch stays. */
static int
diverged(const struct session *s, uint64_t at, const char *of,
	const char *tensor, struct lt_err *err)
{
	lt_fail(err, LT_EDIVERGED,
		"%s: epoch %" PRIu64 ", iteration %" PRIu64
		": %s%s is not finite: the training has diverged; the "
		"learning rate %.9g may be too high",
		s->set.opt.input, segment_epoch(&s->part, at), at, of, tensor,
		s->set.opt.lr);
	return lt_fail_mend(err, "lr");
}

/* Whether the mask changes after the iterations done. */
static bool
is_change(const struct session *s)
{
	return lt_dst_due(&s->set.opt.dst, &s->part.sched, s->at);
}

/* Change the mask and put it in force; grad: of this iteration, or NULL.  The
 * gradients of an iteration that takes no step are checked here. */
static int
change_mask(struct session *s, const float *grad, struct lt_err *err)
{
	const struct lt_train_opt *o = &s->set.opt;
	const struct lt_graph *g = s->in->g;

	for (int i = g->nparam - 1; grad && i >= 0; i--)
		if (!lt_num_finite(
			    grad + g->param[i].offset, g->param[i].count))
			return diverged(s, s->at + 1, "the gradient of ",
				g->param[i].name, err);
	lt_dst_change(&s->in->mask, &s->in->model, s->scale, grad,
		lt_dst_share(&o->dst, &s->part.sched, s->at), o->seed, s->at);
	lt_engine_set_mask(s->x, &s->in->mask);
	return 0;
}

/* The multiply-adds of this process so far. */
static uint64_t
all_macs(const struct session *s)
{
	return lt_engine_macs(s->x) + teacher_macs(&s->in->teacher);
}

static int
one_step(struct session *s, struct pass *p, struct lt_err *err)
{
	const struct lt_train_opt *o = &s->set.opt;
	uint64_t macs = all_macs(s);
	const int32_t *label;
	int n;
	const uint32_t *places = batch_of(s, p, s->at, &n);
	const char *of, *tensor;
	bool grows = o->dst.rule == LT_DST_RIGL && is_change(s);

	if (next_batch(s, p, &label, err) < 0)
		return -1;
	lt_engine_forward(s->x, n, true, s->at);
	double t = lt_engine_watch(s->x);
	struct lt_target target = {.smoothing = o->label_smoothing,
		.teacher = teacher_logits(&s->in->teacher, s->x, n),
		.share = o->teacher_share,
		.temperature = o->teacher_temperature};
	double loss = lt_loss_to(p->out, lt_engine_dlogits(s->x),
		lt_engine_logits(s->x), label, n, lt_engine_classes(s->x),
		&target);
	lt_engine_charge(s->x, t, LT_COST_LOSS);
	if (!lt_engine_finite(s->x, &of, &tensor))
		return diverged(s, s->at + 1, of, tensor, err);
	if (!isfinite(loss))
		return diverged(s, s->at + 1, "the loss", "", err);
	count_batch(s, p->out, places, n);
	s->rate = lt_sched_rate(&s->part.sched, s->at);
	if (grows)
		lt_engine_backward_whole(s->x);
	else
		lt_engine_backward(s->x);
	if (grows && change_mask(s, lt_engine_grad(s->x), err) < 0)
		return -1;
	if (!grows)
		lt_optim_step(&o->optim, s->x, s->rate, ++s->steps);
	if (!lt_engine_finite(s->x, &of, &tensor))
		return diverged(s, s->at + 1, of, tensor, err);
	s->macs += all_macs(s) - macs;
	s->at++;
	if (o->dst.rule == LT_DST_SET && is_change(s))
		return change_mask(s, NULL, err);
	return 0;
}

/* ---- between steps ------------------------------------------------------- */

static int
check_stop(struct run *r, struct lt_err *err)
{
	struct session *s = &r->s;
	int stop = lt_stop_check(&s->stop, &s->in->model, inputs_mask(s->in),
		s->at >= s->part.sched.warmup, err);

	if (stop < 0)
		return lt_fail_prefix(err, r->o->input);
	streams_distance(&r->streams, s);
	s->stopped = stop;
	return 0;
}

static int
validate(struct session *s, struct lt_evaluation *val, struct lt_err *err)
{
	if (lt_evaluate(val, s->x, &s->in->val_batch, s->batch_max, NULL, NULL,
		    err) < 0)
		return -1;
	if (!isfinite(val->loss))
		return diverged(s, s->at, "the validation loss", "", err);
	double accuracy = (double)val->top1 / (double)val->n;
	if (isnan(s->best.accuracy) || accuracy > s->best.accuracy) {
		s->best.accuracy = accuracy;
		s->best.at = s->at;
		lt_model_copy(&s->best.model, &s->in->model);
	}
	return 0;
}

/* The best validation accuracy is so many epochs ago. */
static bool
lost_patience(const struct session *s, uint64_t epoch)
{
	uint64_t each = s->part.per_epoch;
	uint64_t best = (s->best.at + each - 1) / each;
	int patience = s->set.opt.patience;

	return patience && s->in->validate &&
	       epoch >= best + (uint64_t)patience;
}

static bool
is_listed(const struct lt_epochs *list, uint64_t epoch)
{
	for (int i = 0; i < list->n; i++)
		if (list->v[i] == epoch)
			return true;
	return false;
}

/* Write what the options want after this epoch: its weights, its state. */
static int
save_weights(const struct session *s, uint64_t epoch, struct lt_err *err)
{
	const struct lt_train_opt *o = &s->set.opt;

	if (!is_listed(&o->save_epochs, epoch))
		return 0;
	char *path =
		lt_asprintf("%s%" PRIu64 ".safetensors", o->save_prefix, epoch);
	int bad = checkpoint_write(s, &s->in->model, path, s->at, err);
	free(path);
	return bad;
}

static int
save_state(const struct session *s, uint64_t epoch, struct lt_err *err)
{
	const struct lt_train_opt *o = &s->set.opt;

	if (!is_listed(&o->save_states, epoch))
		return 0;
	char *path = lt_asprintf(
		"%s%" PRIu64 ".state.safetensors", o->save_prefix, epoch);
	int bad = state_write(s, path, err);
	free(path);
	return bad;
}

/* The rows of an epoch, and the report of it. */
static void
record_epoch(struct run *r, const struct lt_evaluation *val)
{
	streams_events(&r->streams, &r->s);
	struct epoch_time took = watch_epoch(&r->watch, &r->s, val);
	streams_epoch(&r->streams, &r->s, val, took);
}

/* An epoch has ended, or the schedule or the stop rule has ended it. */
static int
end_epoch(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;
	struct session *s = &r->s;
	struct lt_evaluation val;
	uint64_t epoch = segment_epoch(&s->part, s->at);
	bool whole = s->at % s->part.per_epoch == 0;
	bool check = o->stop.rule != LT_STOP_OFF && !o->stop.every.iterations &&
		     epoch % o->stop.every.value == 0;

	if ((s->in->validate && validate(s, &val, err) < 0) ||
		(check && check_stop(r, err) < 0))
		return -1;
	s->stopped |= lost_patience(s, epoch);
	record_epoch(r, s->in->validate ? &val : NULL);
	double t = lt_engine_watch(s->x);
	if (whole && save_weights(s, epoch, err) < 0)
		return -1;
	session_begin_epoch(s);
	if (whole && save_state(s, epoch, err) < 0)
		return -1;
	int bad = s->at < s->part.to && !s->stopped
			  ? keep_save(&r->keep, s, &r->streams, err)
			  : 0;
	lt_engine_charge(s->x, t, LT_COST_SAVE);
	return bad;
}

static int
interrupted(struct run *r, struct lt_err *err)
{
	const struct session *s = &r->s;

	if (!r->keep.path) {
		lt_fail(err, LT_EIO,
			"%s: stopped at iteration %" PRIu64
			"; a run can continue only from a state in a file",
			r->o->output, s->at);
		return lt_fail_mend(err, "state");
	}
	if (keep_save(&r->keep, s, &r->streams, err) < 0)
		return -1;
	return lt_fail(err, LT_EAGAIN,
		"%s: stopped at iteration %" PRIu64 " of %" PRIu64
		", state saved; run the command again to continue",
		r->o->output, s->at, s->part.to);
}

/* After a step: checks, the epoch's end, signals.  A run that stops within an
 * epoch saves the state that others continue from before it ends the epoch. */
static int
after_step(struct run *r, struct pass *p, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;
	struct session *s = &r->s;
	bool whole = s->at % s->part.per_epoch == 0;

	if (o->stop.rule != LT_STOP_OFF && o->stop.every.iterations &&
		s->at % o->stop.every.value == 0 && check_stop(r, err) < 0)
		return -1;
	s->stopped |= o->to_stops && s->at == s->part.to;
	watch_step(&r->watch, s);
	if (s->stopped && drain(p, err) < 0)
		return -1;
	if (s->stopped && !whole && o->save_state &&
		state_write(s, o->save_state, err) < 0)
		return -1;
	if ((whole || s->at == s->part.sched.total || s->stopped) &&
		end_epoch(r, err) < 0)
		return -1;
	if (o->signal && *o->signal && s->at < s->part.to && !s->stopped)
		return interrupted(r, err);
	return 0;
}

static int
loop(struct run *r, struct lt_err *err)
{
	struct session *s = &r->s;
	size_t samples = s->in->index.n;
	struct pass p = {.drawn = UINT64_MAX};
	int bad = 0;

	p.order = lt_alloc(samples, sizeof *p.order);
	p.out = lt_alloc((size_t)s->batch_max, sizeof *p.out);
	p.loader = lt_loader_new(&s->in->batch, s->x, s->batch_max);
	watch_start(&r->watch, s);
	while (!bad && s->at < s->part.to && !s->stopped) {
		uint64_t epoch = s->at / s->part.per_epoch;
		if (epoch != p.drawn)
			lt_batch_order(p.order, samples, r->o->seed, epoch);
		p.drawn = epoch;
		bad = one_step(s, &p, err);
		if (!bad)
			bad = after_step(r, &p, err);
	}
	lt_loader_free(p.loader);
	free(p.order);
	free(p.out);
	return bad;
}

/* ---- the outputs --------------------------------------------------------- */

static int
write_stop_mask(struct run *r, struct lt_err *err)
{
	const struct session *s = &r->s;
	char crc[16];

	if (!lt_stop_candidate(&s->stop) && check_stop(r, err) < 0)
		return -1;
	snprintf(crc, sizeof crc, "%08x", s->set.core);
	const char *kv[] = {"run", crc, NULL};
	return lt_mask_write(lt_stop_candidate(&s->stop), r->o->stop_mask,
		r->o->tool, kv, err);
}

static int
write_stop_info(const struct session *s, const char *path, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(path, err);
	uint64_t each = s->part.per_epoch;

	if (!o)
		return -1;
	lt_out_printf(o,
		"stopped\tepoch\titeration\tdistance\n%d\t%" PRIu64
		"\t%" PRIu64,
		s->stopped, (s->at + each - 1) / each, s->at);
	lt_out_number(o, s->stop.last);
	lt_out_printf(o, "\n");
	return lt_out_commit(o, err);
}

static int
write_dst_mask(const struct session *s, const char *path, struct lt_err *err)
{
	const struct lt_train_opt *o = &s->set.opt;
	struct lt_mask mask = s->in->mask;
	char crc[16];

	snprintf(crc, sizeof crc, "%08x", s->set.core);
	const char *kv[] = {"run", crc, NULL};
	char *method = lt_strdup(lt_dst_name[o->dst.rule]);
	mask.method = method;
	mask.history = NULL; /* a state has none */
	int bad = lt_mask_write(&mask, path, o->tool, kv, err);
	free(method);
	return bad;
}

static int
write_side(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;
	const struct session *s = &r->s;
	bool within = s->stopped && s->at % s->part.per_epoch;

	if ((o->stop_mask && write_stop_mask(r, err) < 0) ||
		(o->stop_info && write_stop_info(s, o->stop_info, err) < 0) ||
		(o->dst_mask && write_dst_mask(s, o->dst_mask, err) < 0) ||
		(o->best && checkpoint_write(s, &s->best.model, o->best,
				    s->best.at, err) < 0))
		return -1;
	return o->save_state && !within ? state_write(s, o->save_state, err)
					: 0;
}

/* The checkpoint comes last, for make takes it for the sign that all is there;
 * only the profile follows, which has the time that the checkpoint took.  A run
 * that is killed on the way goes on at its end. */
static int
finish(struct run *r, struct lt_err *err)
{
	struct session *s = &r->s;

	if (r->o->best && isnan(s->best.accuracy))
		return lt_fail(err, LT_EDATA,
			"%s: no epoch ended in the segment, so there are no "
			"best weights",
			r->o->best);
	double t = lt_engine_watch(s->x);
	if (keep_save(&r->keep, s, &r->streams, err) < 0 ||
		write_side(r, err) < 0 || streams_commit(&r->streams, err) < 0)
		return -1;
	keep_unlock(&r->keep);
	if (checkpoint_write(s, &s->in->model, r->o->output, s->at, err) < 0)
		return -1;
	lt_engine_charge(s->x, t, LT_COST_SAVE);
	if (watch_finish(&r->watch, s, err) < 0)
		return -1;
	keep_remove(&r->keep);
	return 0;
}

/* ---- the way ------------------------------------------------------------- */

static int
open_all(struct run *r, struct lt_err *err)
{
	if (inputs_open(&r->in, r->o, err) < 0 ||
		session_init(&r->s, &r->in, r->o, err) < 0 ||
		keep_open(&r->keep, r->o, err) < 0)
		return -1;
	r->streams.state = r->keep.path;
	return watch_profile(&r->watch, &r->s, err);
}

/* Streams begin, or the run continues from the state that it kept. */
static int
begin(struct run *r, struct lt_err *err)
{
	struct session *s = &r->s;
	int resumed = keep_resume(&r->keep, s, &r->streams, err);

	if (resumed < 0)
		return -1;
	if (!resumed) {
		bool done = s->at == s->part.to || s->stopped;
		if (streams_open(&r->streams, r->o, done, err) < 0)
			return -1;
		return s->at == 0 ? save_weights(s, 0, err) : 0;
	}
	report_note(r->o, "going on from iteration %" PRIu64 " of %" PRIu64,
		s->at, s->part.to);
	return 0;
}

/* After a failure a saved state and its streams stay: the run can be tried
 * again, and they show the training before it diverged. */
static void
close_all(struct run *r, bool failed)
{
	struct lt_err unwanted;

	if (failed && r->keep.saved)
		streams_keep(&r->streams, &unwanted);
	streams_abandon(&r->streams);
	watch_release(&r->watch);
	keep_close(&r->keep);
	session_release(&r->s);
	inputs_close(&r->in);
}

int
lt_train(const struct lt_train_opt *o, struct lt_err *err)
{
	struct run r = {.o = o};
	int bad = -1;

	watch_init(&r.watch, o);
	if (open_all(&r, err) == 0 && begin(&r, err) == 0 && loop(&r, err) == 0)
		bad = finish(&r, err);
	close_all(&r, bad);
	return bad;
}
