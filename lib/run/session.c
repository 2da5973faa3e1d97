/* Building a session from its inputs. */
#include "run/session.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/num.h"
#include "run/rates.h"
#include "run/state.h"
#include "run/report.h"

/* The mask of a state is the one under which it was trained. */
static void
set_settings(struct session *s, const struct lt_train_opt *o)
{
	const struct inputs *in = s->in;

	s->set = (struct lt_settings){.opt = *o,
		.data = in->data.crc,
		.index = lt_index_crc(&in->index),
		.validate = in->validate,
		.val_data = in->validate ? in->val_data.crc : 0,
		.val_index = in->validate ? lt_index_crc(&in->val_index) : 0,
		.masked = in->masked,
		.mask = in->is_state ? in->mask_before : in->mask.crc,
		.input = in->crc,
		.teacher = in->teacher.crc,
		.start = s->part.from,
		.from = s->part.from,
		.to = s->part.to,
		.norm = in->batch.norm,
		.channels = in->data.c,
		.stop = s->stop.settings};
	if (!lt_augment_pads(o->augment))
		s->set.opt.pad = 0;
}

static int
make_engine(struct session *s, const struct lt_train_opt *o, struct lt_err *err)
{
	struct inputs *in = s->in;
	size_t most =
		in->index.n > in->val_index.n ? in->index.n : in->val_index.n;

	if (o->freeze || o->lr_scale) {
		s->scale = lt_rates(in->g, o->freeze, o->lr_scale, err);
		if (!s->scale)
			return -1;
	}
	s->batch_max = (size_t)o->batch < most ? o->batch : (int)most;
	struct lt_engine_opt x = {.batch = s->batch_max,
		.compute = o->compute,
		.half = o->half,
		.threads = o->threads,
		.scale = s->scale,
		.path = o->path,
		.seed = o->seed};
	s->x = lt_engine_new(&in->model, &x, err);
	if (!s->x || teacher_start(&in->teacher, o, s->batch_max, err) < 0)
		return -1;
	lt_engine_set_mask(s->x, inputs_mask(in));
	return 0;
}

/* A state that is given with another mask: from here on it is another training,
 * whose best weights and early stop are those under its own mask. */
static void
begin_under_mask(struct session *s, const struct lt_train_opt *o)
{
	s->set.input = s->in->file.crc;
	s->set.mask = s->in->mask.crc;
	s->set.start = s->at;
	s->best.accuracy = NAN;
	s->stopped = false;
	lt_stop_clear(&s->stop);
	report_note(o,
		"%s: training under another mask from iteration %" PRIu64,
		o->input, s->at);
}

/* Where the state that is the input leaves off.  Its weights and moments go in
 * under the mask that is in force now. */
static int
continue_state(
	struct session *s, const struct lt_train_opt *o, struct lt_err *err)
{
	const struct lt_st *st = &s->in->file;
	const char *start = lt_st_meta(st, "lt.run.start");

	if (!start || !lt_num_u64(start, &s->set.start))
		return lt_fail(err, LT_EDATA,
			"%s: 'lt.run.start' is not a number", o->input);
	lt_settings_seal(&s->set);
	if (lt_settings_same(&s->set, st, o->input, err) < 0 ||
		state_read(s, st, o->input, err) < 0)
		return -1;
	if (s->in->mask.crc != s->in->mask_before)
		begin_under_mask(s, o);
	if (o->has_from && s->part.from != s->at) {
		lt_fail(err, LT_EUSAGE,
			"the segment begins at iteration %" PRIu64
			", but %s is at %" PRIu64,
			s->part.from, o->input, s->at);
		return lt_fail_mend(err, "from");
	}
	s->part.from = s->set.from = s->at;
	return 0;
}

/* A dynamic training may change nothing, which its user should know. */
static void
note_still_mask(const struct session *s, const struct lt_train_opt *o)
{
	const struct lt_mask *mask = &s->in->mask;
	const char *name = o->mask ? o->mask : o->input;
	bool moves = false;

	if (o->dst.rule == LT_DST_OFF)
		return;
	for (size_t i = 0; i < mask->n; i++)
		moves |= lt_dst_moves(&mask->layer[i], s->in->g, s->scale);
	if (!moves)
		report_note(o,
			"%s: the mask will not change: each of its layers "
			"keeps all weights or none, or is not trained",
			name);
	else if (o->dst.fraction == 0)
		report_note(o,
			"%s: the mask will not change: the share of the "
			"weights to drop is 0",
			name);
	else if (!lt_dst_changes(&o->dst, &s->part.sched))
		report_note(o,
			"%s: the mask will not change: no change is due "
			"before changes end",
			name);
}

/* The first batch norm of one value in each channel of an image, or NULL. */
static const char *
single_norm(const struct session *s)
{
	const struct lt_graph *g = s->in->g;

	for (int i = 0; i < g->nparam; i++) {
		const struct lt_node *n = &g->node[g->param[i].node];
		if (g->param[i].role == LT_ROLE_BN_VAR && !n->unused &&
			n->h * n->w == 1 && !(s->scale && s->scale[i] == 0))
			return n->name;
	}
	return NULL;
}

/* The variance of one value is 0.  PyTorch refuses such a batch. */
static void
note_single_image(const struct session *s, const struct lt_train_opt *o)
{
	size_t n = s->in->index.n, batch = (size_t)s->batch_max;
	const char *norm = single_norm(s);

	if (norm && (n - 1) % batch == 0)
		report_note(o,
			"the last batch of an epoch has one image, whose "
			"values '%s' normalizes to 0: this draws running "
			"variances towards 0",
			norm);
}

int
session_init(struct session *s, struct inputs *in, const struct lt_train_opt *o,
	struct lt_err *err)
{
	*s = (struct session){.in = in, .best.accuracy = NAN};
	segment_init(&s->part, o, in->index.n);
	s->at = s->part.from;
	lt_stop_init(&s->stop, &o->stop);
	if (make_engine(s, o, err) < 0)
		return -1;
	s->epoch.bit = lt_alloc(in->index.n, 1);
	s->last = lt_alloc(in->data.n, 1);
	memset(s->last, 255, in->data.n);
	session_begin_epoch(s);
	lt_model_init(&s->best.model, in->g);
	set_settings(s, o);
	if (in->is_state && continue_state(s, o, err) < 0)
		return -1;
	lt_settings_seal(&s->set);
	note_still_mask(s, o);
	note_single_image(s, o);
	return segment_check(&s->part, err);
}

void
session_release(struct session *s)
{
	lt_engine_free(s->x);
	free(s->scale);
	lt_stop_release(&s->stop);
	lt_model_release(&s->best.model);
	lt_settings_release(&s->set);
	free(s->epoch.bit);
	free(s->last);
}

void
session_begin_epoch(struct session *s)
{
	s->epoch.loss = 0;
	s->epoch.seen = s->epoch.right = 0;
	memset(s->epoch.bit, 255, s->in->index.n);
}

double
session_percent(uint64_t part, uint64_t all)
{
	return all ? 100.0 * (double)part / (double)all : NAN;
}
