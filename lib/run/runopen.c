/* Setting a run out: inputs, engine, schedule, where it begins. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <zlib.h>
#include "base/mem.h"
#include "base/num.h"
#include "base/outpath.h"
#include "mask/maskfile.h"
#include "run/run.h"

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

/* Weights are trained on under the normalization that they were trained with;
 * it goes into every file that the run writes. */
static int
set_norm(struct run *r, struct lt_norm *nm, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;

	if (lt_norm_from(nm, &r->in, o->input, &r->data, err) < 0 ||
		lt_norm_set(nm, o->mean, o->std, r->data.c, err) < 0)
		return -1;
	char *note = lt_norm_note(nm, &r->data, o->input);
	if (note)
		report_note(r, "%s", note);
	free(note);
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
		.pad = o->pad};
	if (set_norm(r, &r->batch.norm, err) < 0)
		return -1;
	r->val_batch = r->batch;
	r->val_batch.data = &r->val_data;
	r->val_batch.index = &r->val_index;
	r->val_batch.augment = LT_AUGMENT_NONE;
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

static bool
is_state(const struct lt_st *st)
{
	const char *kind = lt_st_meta(st, "lt.kind");

	return kind && !strcmp(kind, "state");
}

/* A mask from --mask, in place of what was in force. */
static int
read_mask(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;
	struct lt_mask m = {0};

	if (lt_model_read_mask(&m, o->mask, r->g, o->input, err) < 0)
		return -1;
	lt_mask_release(&r->mask);
	r->mask = m;
	r->masked = true;
	return 0;
}

/* Of a state, its own mask for now; else that of --mask. */
static int
set_mask(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;

	r->input_crc = r->in.crc;
	if (!lt_st_meta(&r->in, "lt.net")) /* then it depends on --net, too */
		r->input_crc = (uint32_t)crc32_z(r->in.crc,
			(const void *)r->g->text, strlen(r->g->text));
	if (is_state(&r->in)) {
		r->input_crc = run_hex_meta(&r->in, "lt.run.input");
		if (lt_mask_from_st(&r->mask, &r->in, o->input, err) < 0 ||
			lt_model_check_mask(
				r->g, &r->mask, o->input, o->input, err) < 0)
			return -1;
		r->mask.crc = run_hex_meta(&r->in, "lt.run.mask");
		r->masked = r->mask.n > 0;
		return 0;
	}
	return o->mask ? read_mask(r, err) : 0;
}

static int
set_engine(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;
	size_t most = r->index.n > r->val_index.n ? r->index.n : r->val_index.n;

	r->batch_max = (size_t)o->batch < most ? o->batch : (int)most;
	struct lt_engine_opt x = {.batch = r->batch_max,
		.half = o->half,
		.threads = o->threads,
		.path = o->path,
		.seed = o->seed};
	r->x = lt_engine_new(&r->m, &x, err);
	if (!r->x)
		return -1;
	lt_engine_set_mask(r->x, r->masked ? &r->mask : NULL);
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

/* A state that is given with another mask: from here on it is another run,
 * whose best weights and early stop are those under its own mask. */
static void
begin_under_mask(struct run *r)
{
	r->input_crc = r->in.crc;
	r->start = r->at;
	r->best_acc = NAN;
	r->stopped = false;
	lt_stop_clear(&r->stop);
	report_note(r, "%s: under another mask from iteration %" PRIu64 " on",
		r->o->input, r->at);
}

/* A state: where it leaves off.  Weights and momentum go in under the mask that
 * is in force then. */
static int
continue_state(struct run *r, struct lt_err *err)
{
	const struct lt_train_opt *o = r->o;
	const char *start = lt_st_meta(&r->in, "lt.run.start");
	uint32_t mask = r->mask.crc;

	if (!start || !lt_num_u64(start, &r->start))
		return lt_fail(err, LT_EDATA, "%s: no number in 'lt.run.start'",
			o->input);
	run_fingerprint(r);
	if (lt_settings_same(&r->set, &r->in, o->input, err) < 0 ||
		(o->mask && read_mask(r, err) < 0) ||
		run_from_state(r, &r->in, o->input, err) < 0)
		return -1;
	if (r->mask.crc != mask)
		begin_under_mask(r);
	if (o->has_from && r->from != r->at)
		return lt_fail(err, LT_EUSAGE,
			"--from is iteration %" PRIu64 ", %s is at %" PRIu64,
			r->from, o->input, r->at);
	r->from = r->at;
	return 0;
}

/* Where the segment begins, and whether it makes sense. */
static int
set_position(struct run *r, struct lt_err *err)
{
	r->start = r->from;
	if (is_state(&r->in) && continue_state(r, err) < 0)
		return -1;
	run_fingerprint(r);
	if (r->from > r->to || r->to > r->sched.total)
		return lt_fail(err, LT_EUSAGE,
			"the segment [%" PRIu64 ", %" PRIu64 ") is not within "
			"the schedule's %" PRIu64 " iterations",
			r->from, r->to, r->sched.total);
	return 0;
}

/* "DIR/.NAME.state" of a file; NULL for what cannot be read back: a run that
 * writes there could not be taken up. */
static char *
state_path(const struct lt_train_opt *o)
{
	struct lt_outpath where;
	const char *path = o->state ? o->state : o->output;
	bool file = true;

	if (lt_outpath_find(&where, path) == 0) {
		file = where.fd < 0 && !where.special;
		free(where.path);
	}
	if (!file)
		return NULL;
	return o->state ? lt_strdup(o->state)
			: lt_outpath_part(o->output, ".state");
}

#define WAITS 20

struct lt_out *
run_open_out(const char *path, uint64_t keep, struct lt_err *err)
{
	const struct timespec tick = {.tv_nsec = 50 * 1000 * 1000};
	struct lt_out *o = lt_out_open_at(path, keep, err);

	for (int i = 0; !o && err->status == LT_EAGAIN && i < WAITS; i++) {
		nanosleep(&tick, NULL);
		o = lt_out_open_at(path, keep, err);
	}
	return o;
}

/* One run at a time, from its first step to its last. */
static int
lock_state(struct run *r, struct lt_err *err)
{
	r->state = state_path(r->o);
	if (!r->state)
		return 0;
	char *path = lt_outpath_beside(r->state, "", ".lock");
	r->lock = run_open_out(path, 0, err);
	free(path);
	if (!r->lock && err->status == LT_EAGAIN)
		return lt_fail(err, LT_EAGAIN,
			"%s: another process is training it (%s.lock)",
			r->o->output, r->state);
	return r->lock ? 0 : -1;
}

int
run_open(struct run *r, struct lt_err *err)
{
	if (lt_model_open(&r->m, &r->g, &r->in, r->o->input, r->o->net,
		    LT_MODEL_REST, err) < 0 ||
		open_data(r, err) < 0 || set_batches(r, err) < 0 ||
		set_mask(r, err) < 0)
		return -1;
	set_schedule(r);
	if (set_engine(r, err) < 0 || set_position(r, err) < 0)
		return -1;
	return lock_state(r, err) < 0 ? -1 : report_watch(r, err);
}

void
run_close(struct run *r)
{
	report_abandon(r);
	lt_out_abandon(r->lock);
	lt_engine_free(r->x);
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
	lt_settings_release(&r->set);
	free(r->state);
}
