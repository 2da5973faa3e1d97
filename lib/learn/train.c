/* The training loop. */
#include <inttypes.h>
#include <libgen.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include "base/mem.h"
#include "file/events.h"
#include "learn/run.h"

/* ---- setting out --------------------------------------------------------- */

static int
read_index(struct lt_index *ix, const char *path, const struct lt_dataset *d,
	struct lt_err *err)
{
	if (!path)
		lt_index_all(ix, d->n);
	else if (lt_index_read(ix, path, err) < 0 ||
		 lt_index_check(ix, path, d->n, d->path, err) < 0)
		return -1;
	if (ix->n)
		return 0;
	return lt_fail(err, LT_EDATA, "%s: no samples to train or validate on",
		path ? path : d->path);
}

static int
open_data(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;

	if (lt_dataset_open(&r->data, o->data, err) < 0 ||
		lt_evaluate_fits(r->g, o->input, &r->data, err) < 0 ||
		read_index(&r->index, o->index, &r->data, err) < 0)
		return -1;
	r->validate = o->val_data || o->val_index;
	if (!r->validate)
		return 0;
	if (o->val_data) {
		if (lt_dataset_open(&r->val_data, o->val_data, err) < 0)
			return -1;
		r->own_val_data = true;
		if (lt_evaluate_fits(r->g, o->input, &r->val_data, err) < 0)
			return -1;
	} else {
		r->val_data = r->data;
	}
	return read_index(&r->val_index, o->val_index, &r->val_data, err);
}

static int
set_norm(struct run *r, struct lt_norm *nm, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;

	memcpy(nm->mean, r->data.mean, sizeof nm->mean);
	memcpy(nm->std, r->data.std, sizeof nm->std);
	if (o->mean && !lt_norm_parse(nm->mean, o->mean, r->data.c))
		return lt_fail(err, LT_EUSAGE,
			"--mean: expected %d numbers, found '%s'", r->data.c,
			o->mean);
	if (o->std && !lt_norm_parse(nm->std, o->std, r->data.c))
		return lt_fail(err, LT_EUSAGE,
			"--std: expected %d numbers, found '%s'", r->data.c,
			o->std);
	for (int c = 0; c < r->data.c; c++)
		if (!(nm->std[c] > 0))
			return lt_fail(err, LT_EUSAGE,
				"--std: %.9g is not positive",
				(double)nm->std[c]);
	return 0;
}

static int
set_batches(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;

	r->batch = (struct lt_batch_opt){.data = &r->data,
		.index = &r->index,
		.seed = o->seed,
		.augment = o->augment,
		.pad = o->pad,
		.threads = o->threads};
	if (set_norm(r, &r->batch.norm, err) < 0)
		return -1;
	r->val_batch = r->batch;
	r->val_batch.data = &r->val_data;
	r->val_batch.index = &r->val_index;
	r->val_batch.augment = false;
	return 0;
}

static void
set_schedule(struct run *r)
{
	const struct lt_train_opt *o = r->o;
	size_t b = (size_t)o->batch;

	r->per_epoch = (r->index.n + b - 1) / b;
	r->sched = (struct lt_sched){.kind = o->sched,
		.lr = o->lr,
		.gamma = o->gamma,
		.total = lt_point_iteration(o->length, r->per_epoch),
		.per_epoch = r->per_epoch,
		.warmup = lt_point_iteration(o->warmup, r->per_epoch),
		.milestones = o->milestones};
	for (int i = 0; i < o->milestones; i++)
		r->sched.milestone[i] =
			lt_point_iteration(o->milestone[i], r->per_epoch);
	r->to = o->has_to ? lt_point_iteration(o->to, r->per_epoch)
			  : r->sched.total;
	r->from = o->has_from ? lt_point_iteration(o->from, r->per_epoch) : 0;
	r->at = r->from;
}

static uint32_t
hex_meta(const struct lt_st *st, const char *key)
{
	const char *s = lt_st_meta(st, key);

	return s ? (uint32_t)strtoul(s, NULL, 16) : 0;
}

static bool
is_state(const struct lt_st *st)
{
	const char *kind = lt_st_meta(st, "lt.kind");

	return kind && !strcmp(kind, "state");
}

/* Of a state, its own mask; else that of --mask. */
static int
set_mask(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;

	r->input_crc = r->in.crc;
	if (is_state(&r->in)) {
		r->input_crc = hex_meta(&r->in, "lt.run.input");
		if (lt_mask_from_st(&r->mask, &r->in, o->input, err) < 0)
			return -1;
		r->mask.crc = hex_meta(&r->in, "lt.run.mask");
		r->masked = r->mask.n > 0;
		if (!o->mask)
			return 0;
		struct lt_mask m = {0};
		int bad = lt_mask_read(&m, o->mask, err);
		if (!bad && m.crc != r->mask.crc)
			bad = lt_fail(err, LT_EDATA, "%s is not the mask of %s",
				o->mask, o->input);
		lt_mask_release(&m);
		return bad;
	}
	if (!o->mask)
		return 0;
	if (lt_mask_read(&r->mask, o->mask, err) < 0)
		return -1;
	r->masked = true;
	return lt_model_check_mask(r->g, &r->mask, o->mask, o->input, err);
}

static int
set_engine(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;
	struct lt_exec_opt x = {.batch = o->batch,
		.threads = o->threads,
		.path = o->path,
		.seed = o->seed};

	r->x = lt_exec_new(&r->m, &x, err);
	if (!r->x)
		return -1;
	lt_exec_set_mask(r->x, r->masked ? &r->mask : NULL);
	r->order = lt_alloc(r->index.n, sizeof *r->order);
	r->bit = lt_alloc(r->index.n, 1);
	r->last = lt_alloc(r->data.n, 1);
	memset(r->bit, 255, r->index.n);
	memset(r->last, 255, r->data.n);
	r->best_acc = NAN;
	lt_model_init(&r->best, r->g);
	lt_stop_init(&r->stop, &o->stop);
	return 0;
}

/* Where the input leaves off, and whether the segment makes sense. */
static int
set_position(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;

	run_fingerprint(r);
	if (is_state(&r->in)) {
		if (hex_meta(&r->in, "lt.config") != r->core)
			return lt_fail(err, LT_EDATA,
				"%s is the state of a run with other settings, "
				"data or mask",
				o->input);
		if (run_from_state(r, &r->in, o->input, err) < 0)
			return -1;
		if (o->has_from && r->from != r->at)
			return lt_fail(err, LT_EUSAGE,
				"--from is iteration %" PRIu64 ", %s is at "
				"%" PRIu64,
				r->from, o->input, r->at);
		r->from = r->at;
		run_fingerprint(r);
	}
	if (r->from > r->to || r->to > r->sched.total)
		return lt_fail(err, LT_EUSAGE,
			"the segment [%" PRIu64 ", %" PRIu64 ") is not within "
			"the schedule's %" PRIu64 " iterations",
			r->from, r->to, r->sched.total);
	return 0;
}

static int
run_open(struct run *r, struct lt_err *err)
{
	if (lt_model_read(&r->m, &r->g, &r->in, r->o->input, NULL, err) < 0 ||
		open_data(r, err) < 0 || set_batches(r, err) < 0 ||
		set_mask(r, err) < 0)
		return -1;
	set_schedule(r);
	return set_engine(r, err) < 0 ? -1 : set_position(r, err);
}

static void
run_close(struct run *r)
{
	report_abandon(r);
	lt_exec_free(r->x);
	lt_stop_release(&r->stop);
	lt_model_release(&r->m);
	lt_model_release(&r->best);
	lt_mask_release(&r->mask);
	lt_graph_free(r->g);
	lt_st_release(&r->in);
	lt_index_release(&r->index);
	lt_index_release(&r->val_index);
	if (r->own_val_data)
		lt_dataset_close(&r->val_data);
	lt_dataset_close(&r->data);
	free(r->order);
	free(r->bit);
	free(r->last);
}

/* ---- the loop ------------------------------------------------------------ */

static void
begin_epoch(struct run *r)
{
	r->loss_sum = 0;
	r->seen = r->right = 0;
	memset(r->bit, 255, r->index.n);
}

static int
one_step(struct run *r, int32_t *label, struct lt_outcome *out,
	struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;
	uint64_t first = r->at % r->per_epoch * (uint64_t)o->batch;
	uint64_t left = r->index.n - first, macs = lt_exec_macs(r->x);
	int n = left < (uint64_t)o->batch ? (int)left : o->batch;
	const uint32_t *places = r->order + first;

	if (lt_batch_load(lt_exec_input(r->x), label, &r->batch, places, n,
		    r->at / r->per_epoch, err) < 0)
		return -1;
	lt_exec_forward(r->x, n, true, r->at);
	double loss = lt_loss(out, lt_exec_dlogits(r->x), lt_exec_logits(r->x),
		label, n, lt_exec_classes(r->x));
	if (!isfinite(loss))
		return lt_fail(err, LT_EDATA,
			"the loss is not finite at iteration %" PRIu64
			" (epoch %" PRIu64 "): stopped before the update; is "
			"--lr %.9g too high?",
			r->at, r->at / r->per_epoch + 1, o->lr);
	for (int i = 0; i < n; i++) {
		r->bit[places[i]] = out[i].rank == 0;
		r->right += out[i].rank == 0;
		r->loss_sum += out[i].loss;
	}
	r->lr = lt_sched_rate(&r->sched, r->at);
	struct lt_sgd sgd = {(float)r->lr, (float)o->momentum,
		(float)o->weight_decay, o->nesterov};
	lt_exec_backward(r->x);
	lt_exec_step(r->x, &sgd);
	r->macs += lt_exec_macs(r->x) - macs;
	r->seen += (uint64_t)n;
	r->presentations += (uint64_t)n;
	r->at++;
	return 0;
}

/* The pass's row of events: of the samples that it presented. */
static void
write_events(struct run *r)
{
	uint32_t *index = lt_alloc(r->index.n, sizeof *index);
	uint8_t *seen = lt_alloc(r->index.n, 1);
	size_t n = 0;

	for (size_t i = 0; i < r->index.n; i++)
		if (r->bit[i] != 255) {
			index[n] = r->index.v[i];
			seen[n++] = r->bit[i];
		}
	if (r->events)
		lt_events_pass(r->events,
			(uint32_t)((r->at - 1) / r->per_epoch + 1), index, seen,
			n, r->last);
	free(index);
	free(seen);
}

static int
check_stop(struct run *r, struct lt_err *err)
{
	int s = lt_stop_check(&r->stop, &r->m, r->masked ? &r->mask : NULL,
		r->at >= r->sched.warmup, err);

	if (s < 0)
		return -1;
	report_distance(r);
	r->stopped = s;
	return 0;
}

static int
validate(struct run *r, struct lt_evaluation *val, struct lt_err *err)
{
	if (lt_evaluate(
		    val, r->x, &r->val_batch, r->o->batch, NULL, NULL, err) < 0)
		return -1;
	double acc = (double)val->top1 / (double)val->n;
	if (isnan(r->best_acc) || acc > r->best_acc) {
		r->best_acc = acc;
		r->best_epoch = r->at;
		lt_model_copy(&r->best, &r->m);
	}
	return 0;
}

static int
save_named(const struct run *r, uint64_t epoch, struct lt_err *err)
{
	for (int i = 0; i < r->o->save_epochs; i++) {
		if (r->o->save_epoch[i] != epoch)
			continue;
		char *path = lt_asprintf(
			"%s%" PRIu64 ".safetensors", r->o->save_prefix, epoch);
		int bad = run_write_checkpoint(r, &r->m, path, r->at, err);
		free(path);
		return bad;
	}
	return 0;
}

static int
end_epoch(struct run *r, const char *state, struct lt_err *err)
{
	struct lt_evaluation val;
	uint64_t epoch = (r->at - 1) / r->per_epoch + 1;
	const struct lt_train_opt *o = r->o;
	bool check = o->stop.rule != LT_STOP_OFF && !o->stop_every.iterations &&
		     epoch % o->stop_every.value == 0;

	if ((r->validate && validate(r, &val, err) < 0) ||
		(check && check_stop(r, err) < 0))
		return -1;
	write_events(r);
	report_epoch(r, r->validate ? &val : NULL);
	if (r->at % r->per_epoch == 0 && save_named(r, epoch, err) < 0)
		return -1;
	begin_epoch(r);
	return state && r->at < r->to && !r->stopped
		       ? run_save_state(r, state, err)
		       : 0;
}

static int
interrupted(struct run *r, const char *state, struct lt_err *err)
{
	if (!state)
		return lt_fail(err, LT_EIO,
			"stopped at iteration %" PRIu64 "; what streams to "
			"standard output cannot be resumed",
			r->at);
	if (run_save_state(r, state, err) < 0 || report_keep(r, err) < 0)
		return -1;
	return lt_fail(err, LT_EAGAIN,
		"stopped at iteration %" PRIu64 " of %" PRIu64
		", state saved; run it again to go on",
		r->at, r->to);
}

static int
loop(struct run *r, const char *state, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;
	int32_t *label = lt_alloc((size_t)o->batch, sizeof *label);
	struct lt_outcome *out = lt_alloc((size_t)o->batch, sizeof *out);
	bool by_iteration =
		o->stop.rule != LT_STOP_OFF && o->stop_every.iterations;
	int bad = 0;

	for (bool fresh = true; r->at < r->to && !r->stopped && !bad;
		fresh = false) {
		if (fresh || r->at % r->per_epoch == 0)
			lt_batch_order(r->order, r->index.n, o->seed,
				r->at / r->per_epoch);
		bad = one_step(r, label, out, err);
		if (bad)
			break;
		if (by_iteration && r->at % o->stop_every.value == 0)
			bad = check_stop(r, err);
		report_batch(r);
		if (!bad && (r->at % r->per_epoch == 0 ||
				    r->at == r->sched.total || r->stopped))
			bad = end_epoch(r, state, err);
		if (!bad && o->signal && *o->signal && r->at < r->to &&
			!r->stopped)
			bad = interrupted(r, state, err);
	}
	free(label);
	free(out);
	return bad;
}

/* ---- what is left behind ------------------------------------------------- */

static int
write_stop_mask(struct run *r, struct lt_err *err)
{
	char crc[16];

	if (!lt_stop_candidate(&r->stop) && check_stop(r, err) < 0)
		return -1;
	snprintf(crc, sizeof crc, "%08x", r->core);
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
	if (isnan(r->stop.last))
		lt_out_printf(o, "\tnan\n");
	else
		lt_out_printf(o, "\t%.9g\n", r->stop.last);
	return lt_out_commit(o, err);
}

/* The checkpoint last: make takes it for the sign that all is there.  Killed on
 * the way, the run is taken up again at its end. */
static int
finish(struct run *r, const char *state, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;

	if (o->best && isnan(r->best_acc))
		return lt_fail(err, LT_EDATA,
			"no epoch ended in the segment: there are no best "
			"weights to keep");
	if ((state && run_save_state(r, state, err) < 0) ||
		(o->stop_mask && write_stop_mask(r, err) < 0) ||
		(o->stop_info && write_stop_info(r, err) < 0) ||
		(o->best && run_write_checkpoint(r, &r->best, o->best,
				    r->best_epoch, err) < 0) ||
		(o->save_state && run_save_state(r, o->save_state, err) < 0) ||
		report_commit(r, err) < 0 ||
		run_write_checkpoint(r, &r->m, o->output, r->at, err) < 0)
		return -1;
	if (state)
		unlink(state);
	return 0;
}

/* "DIR/.NAME.state"; NULL where a stream cannot be taken up again. */
static char *
state_path(const struct lt_train_opt *o)
{
	bool streams = (o->events && !strcmp(o->events, "-")) ||
		       (o->log && !strcmp(o->log, "-")) ||
		       !strcmp(o->output, "-");

	if (streams)
		return NULL;
	if (o->state)
		return lt_strdup(o->state);
	char *a = lt_strdup(o->output), *b = lt_strdup(o->output);
	char *path = lt_asprintf("%s/.%s.state", dirname(a), basename(b));
	free(a);
	free(b);
	return path;
}

int
lt_train(const struct lt_train_opt *o, struct lt_err *err)
{
	struct run r = {.o = o};
	char *state = state_path(o);
	int bad = run_open(&r, err), resumed = 0;

	if (!bad && state)
		resumed = run_resume(&r, state, err);
	if (!bad && resumed < 0)
		bad = -1;
	if (!bad)
		bad = report_open(&r, err);
	if (!bad && resumed)
		report_note(&r,
			"going on from iteration %" PRIu64 " of %" PRIu64, r.at,
			r.to);
	if (!bad && !resumed && r.at == 0)
		bad = save_named(&r, 0, err);
	if (!bad)
		bad = loop(&r, state, err);
	if (!bad)
		bad = finish(&r, state, err);
	run_close(&r);
	free(state);
	return bad;
}
