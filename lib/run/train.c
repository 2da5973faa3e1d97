/* The training loop. */
#include "run/train.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/clock.h"
#include "base/mem.h"
#include "file/events.h"
#include "mask/maskfile.h"
#include "run/run.h"

/* What steps need beside the run. */
struct pass {
	struct lt_loader *loader;
	struct lt_outcome *out; /* [batch_max] */
	bool loading;		/* the next batch is under way */
};

static void
begin_epoch(struct run *r)
{
	r->loss_sum = 0;
	r->seen = r->right = 0;
	memset(r->bit, 255, r->index.n);
}

/* The batch of iteration at: its places in the index list; its size. */
static const uint32_t *
batch_of(const struct run *r, uint64_t at, int *n)
{
	uint64_t batch = (uint64_t)r->o->batch;
	uint64_t first = at % r->per_epoch * batch;
	uint64_t left = r->index.n - first;

	*n = (int)(left < batch ? left : batch);
	return r->order + first;
}

static void
start_load(struct run *r, struct pass *p, uint64_t at)
{
	int n;
	const uint32_t *places = batch_of(r, at, &n);

	lt_loader_start(p->loader, places, n, at / r->per_epoch);
	p->loading = true;
}

/* Wait for this step's batch, then let the next of the epoch load beside it.
 * An epoch's first batch waits: its order is drawn only now. */
static int
next_batch(struct run *r, struct pass *p, const int32_t **label,
	struct lt_err *err)
{
	if (!p->loading)
		start_load(r, p, r->at);
	p->loading = false;
	if (lt_loader_take(p->loader, label, err) < 0)
		return -1;
	if ((r->at + 1) % r->per_epoch && r->at + 1 < r->to)
		start_load(r, p, r->at + 1);
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
count_batch(struct run *r, const struct lt_outcome *out, const uint32_t *places,
	int n)
{
	for (int i = 0; i < n; i++) {
		bool right = out[i].rank == 0;
		r->bit[places[i]] = right;
		r->right += right;
		r->loss_sum += out[i].loss;
	}
	r->seen += (uint64_t)n;
	r->presentations += (uint64_t)n;
}

/* The training diverged in iteration at, counted from 1.  None of its weights
 * are written, and the state of the last good epoch stays. */
static int
diverged(const struct run *r, uint64_t at, const char *of, const char *tensor,
	struct lt_err *err)
{
	return lt_fail(err, LT_EDIVERGED,
		"%s: epoch %" PRIu64 ", iteration %" PRIu64
		": %s%s is not finite: the training has diverged; is --lr "
		"%.9g too high?",
		r->o->input, (at - 1) / r->per_epoch + 1, at, of, tensor,
		r->o->lr);
}

static int
one_step(struct run *r, struct pass *p, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;
	uint64_t macs = lt_engine_macs(r->x);
	const int32_t *label;
	int n;
	const uint32_t *places = batch_of(r, r->at, &n);
	const char *of, *tensor;

	if (next_batch(r, p, &label, err) < 0)
		return -1;
	lt_engine_forward(r->x, n, true, r->at);
	double t = lt_engine_watch(r->x);
	double loss = lt_loss(p->out, lt_engine_dlogits(r->x),
		lt_engine_logits(r->x), label, n, lt_engine_classes(r->x));
	lt_engine_charge(r->x, t, LT_COST_LOSS);
	if (!lt_engine_finite(r->x, &of, &tensor))
		return diverged(r, r->at + 1, of, tensor, err);
	if (!isfinite(loss))
		return diverged(r, r->at + 1, "the loss", "", err);
	count_batch(r, p->out, places, n);
	r->lr = lt_sched_rate(&r->sched, r->at);
	struct lt_sgd sgd = {(float)r->lr, (float)o->momentum,
		(float)o->weight_decay, o->nesterov};
	lt_engine_backward(r->x);
	lt_engine_step(r->x, &sgd);
	if (!lt_engine_finite(r->x, &of, &tensor))
		return diverged(r, r->at + 1, of, tensor, err);
	r->macs += lt_engine_macs(r->x) - macs;
	r->at++;
	return 0;
}

/* The pass's rows of events: of the samples that it presented. */
static void
write_events(struct run *r)
{
	struct lt_out *o = report_stream(r, EVENTS);
	uint32_t *index = lt_alloc(r->index.n, sizeof *index);
	uint8_t *seen = lt_alloc(r->index.n, 1);
	size_t n = 0;

	for (size_t i = 0; i < r->index.n; i++)
		if (r->bit[i] != 255) {
			index[n] = r->index.v[i];
			seen[n++] = r->bit[i];
		}
	if (o)
		lt_events_pass(o, (uint32_t)((r->at - 1) / r->per_epoch + 1),
			index, seen, n, r->last);
	for (size_t i = 0; i < n; i++)
		r->last[index[i]] = seen[i];
	free(index);
	free(seen);
}

static int
check_stop(struct run *r, struct lt_err *err)
{
	int s = lt_stop_check(&r->stop, &r->m, r->masked ? &r->mask : NULL,
		r->at >= r->sched.warmup, err);

	if (s < 0)
		return lt_fail_prefix(err, r->o->input);
	report_distance(r);
	r->stopped = s;
	return 0;
}

static int
validate(struct run *r, struct lt_evaluation *val, struct lt_err *err)
{
	if (lt_evaluate(val, r->x, &r->val_batch, r->batch_max, NULL, NULL,
		    err) < 0)
		return -1;
	if (!isfinite(val->loss))
		return diverged(r, r->at, "the validation loss", "", err);
	double acc = (double)val->top1 / (double)val->n;
	if (isnan(r->best_acc) || acc > r->best_acc) {
		r->best_acc = acc;
		r->best_at = r->at;
		lt_model_copy(&r->best, &r->m);
	}
	return 0;
}

/* The best validation accuracy is so many epochs ago. */
static bool
lost_patience(const struct run *r, uint64_t epoch)
{
	uint64_t best = (r->best_at + r->per_epoch - 1) / r->per_epoch;

	return r->o->patience && r->validate &&
	       epoch >= best + (uint64_t)r->o->patience;
}

static bool
is_listed(const struct lt_epochs *list, uint64_t epoch)
{
	for (int i = 0; i < list->n; i++)
		if (list->v[i] == epoch)
			return true;
	return false;
}

static int
save_weights(const struct run *r, uint64_t epoch, struct lt_err *err)
{
	if (!is_listed(&r->o->save_epochs, epoch))
		return 0;
	char *path = lt_asprintf(
		"%s%" PRIu64 ".safetensors", r->o->save_prefix, epoch);
	int bad = run_write_checkpoint(r, &r->m, path, r->at, err);
	free(path);
	return bad;
}

static int
save_state(struct run *r, uint64_t epoch, struct lt_err *err)
{
	if (!is_listed(&r->o->save_states, epoch))
		return 0;
	char *path = lt_asprintf(
		"%s%" PRIu64 ".state.safetensors", r->o->save_prefix, epoch);
	int bad = run_save_state(r, path, err);
	free(path);
	return bad;
}

/* An epoch has ended, or been ended by the schedule or the stop rule. */
static int
end_epoch(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;
	struct lt_evaluation val;
	uint64_t epoch = (r->at - 1) / r->per_epoch + 1;
	bool whole = r->at % r->per_epoch == 0;
	bool check = o->stop.rule != LT_STOP_OFF && !o->stop.every.iterations &&
		     epoch % o->stop.every.value == 0;

	if ((r->validate && validate(r, &val, err) < 0) ||
		(check && check_stop(r, err) < 0))
		return -1;
	r->stopped |= lost_patience(r, epoch);
	write_events(r);
	report_epoch(r, r->validate ? &val : NULL);
	double t = lt_engine_watch(r->x);
	if (whole && save_weights(r, epoch, err) < 0)
		return -1;
	begin_epoch(r);
	if (whole && save_state(r, epoch, err) < 0)
		return -1;
	int bad = r->at < r->to && !r->stopped ? run_keep(r, err) : 0;
	lt_engine_charge(r->x, t, LT_COST_SAVE);
	return bad;
}

static int
interrupted(struct run *r, struct lt_err *err)
{
	if (!r->state)
		return lt_fail(err, LT_EIO,
			"%s: stopped at iteration %" PRIu64
			"; without a file to write to (or --state) there is "
			"nothing to go on from",
			r->o->output, r->at);
	if (run_keep(r, err) < 0)
		return -1;
	return lt_fail(err, LT_EAGAIN,
		"%s: stopped at iteration %" PRIu64 " of %" PRIu64
		", state saved; run it again to go on",
		r->o->output, r->at, r->to);
}

/* After a step: checks, the epoch's end, signals.  A run that stops within an
 * epoch saves the state that others continue from before it ends the epoch. */
static int
after_step(struct run *r, struct pass *p, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;
	bool whole = r->at % r->per_epoch == 0;

	if (o->stop.rule != LT_STOP_OFF && o->stop.every.iterations &&
		r->at % o->stop.every.value == 0 && check_stop(r, err) < 0)
		return -1;
	r->stopped |= o->to_stops && r->at == r->to;
	report_batch(r);
	if (r->stopped && drain(p, err) < 0)
		return -1;
	if (r->stopped && !whole && o->save_state &&
		run_save_state(r, o->save_state, err) < 0)
		return -1;
	if ((whole || r->at == r->sched.total || r->stopped) &&
		end_epoch(r, err) < 0)
		return -1;
	if (o->signal && *o->signal && r->at < r->to && !r->stopped)
		return interrupted(r, err);
	return 0;
}

static int
loop(struct run *r, struct lt_err *err)
{
	struct pass p = {0};
	uint64_t drawn = UINT64_MAX;
	int bad = 0;

	p.out = lt_alloc((size_t)r->batch_max, sizeof *p.out);
	p.loader = lt_loader_new(&r->batch, r->x, r->batch_max);
	while (!bad && r->at < r->to && !r->stopped) {
		uint64_t epoch = r->at / r->per_epoch;
		if (epoch != drawn)
			lt_batch_order(r->order, r->index.n, r->o->seed, epoch);
		drawn = epoch;
		bad = one_step(r, &p, err);
		if (!bad)
			bad = after_step(r, &p, err);
	}
	lt_loader_free(p.loader);
	free(p.out);
	return bad;
}

/* ---- what is left behind ------------------------------------------------- */

static int
write_stop_mask(struct run *r, struct lt_err *err)
{
	char crc[16];

	if (!lt_stop_candidate(&r->stop) && check_stop(r, err) < 0)
		return -1;
	snprintf(crc, sizeof crc, "%08x", r->set.core);
	const char *kv[] = {"run", crc, NULL};
	return lt_mask_write(lt_stop_candidate(&r->stop), r->o->stop_mask,
		r->o->tool, kv, err);
}

static int
write_stop_info(const struct run *r, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(r->o->stop_info, err);

	if (!o)
		return -1;
	lt_out_printf(o,
		"stopped\tepoch\titeration\tdistance\n%d\t%" PRIu64
		"\t%" PRIu64,
		r->stopped, (r->at + r->per_epoch - 1) / r->per_epoch, r->at);
	lt_out_number(o, r->stop.last);
	lt_out_printf(o, "\n");
	return lt_out_commit(o, err);
}

static int
write_side(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;
	bool within = r->stopped && r->at % r->per_epoch;

	if ((o->stop_mask && write_stop_mask(r, err) < 0) ||
		(o->stop_info && write_stop_info(r, err) < 0) ||
		(o->best && run_write_checkpoint(
				    r, &r->best, o->best, r->best_at, err) < 0))
		return -1;
	return o->save_state && !within ? run_save_state(r, o->save_state, err)
					: 0;
}

/* The checkpoint last: make takes it for the sign that all is there; but for
 * the profile, which tells what it cost, too.  Killed on the way, the run is
 * taken up again at its end. */
static int
finish(struct run *r, struct lt_err *err)
{
	if (r->o->best && isnan(r->best_acc))
		return lt_fail(err, LT_EDATA,
			"%s: no epoch ended in the segment: there are no best "
			"weights to keep",
			r->o->best);
	double t = lt_engine_watch(r->x);
	if (run_keep(r, err) < 0 || write_side(r, err) < 0 ||
		report_commit(r, err) < 0 ||
		run_write_checkpoint(r, &r->m, r->o->output, r->at, err) < 0)
		return -1;
	lt_engine_charge(r->x, t, LT_COST_SAVE);
	if (report_profile(r, err) < 0)
		return -1;
	if (r->state)
		unlink(r->state);
	return 0;
}

/* A saved state and its streams stay: the run can be tried again, and they show
 * the training before it diverged. */
static void
give_up(struct run *r)
{
	struct lt_err unwanted;

	if (r->saved)
		report_keep(r, &unwanted);
}

static int
train(struct run *r, struct lt_err *err)
{
	int resumed = run_resume(r, err);

	if (resumed < 0)
		return -1;
	if (resumed)
		report_note(r,
			"going on from iteration %" PRIu64 " of %" PRIu64,
			r->at, r->to);
	else if (report_open(r, err) < 0 ||
		 (r->at == 0 && save_weights(r, 0, err) < 0))
		return -1;
	return loop(r, err) < 0 ? -1 : finish(r, err);
}

int
lt_train(const struct lt_train_opt *o, struct lt_err *err)
{
	struct run r = {.o = o, .data.fd = -1, .val_data.fd = -1};

	if (o->profile)
		r.opened = lt_clock();
	int bad = run_open(&r, err);

	if (!bad) {
		bad = train(&r, err);
		if (bad)
			give_up(&r);
	}
	run_close(&r);
	return bad;
}
