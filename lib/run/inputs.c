/* Opening and checking what a run reads. */
#include "run/inputs.h"

#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "base/num.h"
#include "mask/maskfile.h"
#include "run/evaluate.h"
#include "run/report.h"

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
open_data(struct inputs *in, const struct lt_train_opt *o, struct lt_err *err)
{
	if (lt_dataset_open(&in->data, o->data, err) < 0 ||
		lt_evaluate_fits(in->g, o->input, &in->data, err) < 0 ||
		read_index(&in->index, o->index, &in->data, err) < 0)
		return -1;
	in->validate = o->val_data || o->val_index;
	if (!in->validate)
		return 0;
	if (o->val_data) {
		if (lt_dataset_open(&in->val_data, o->val_data, err) < 0)
			return -1;
		in->own_val_data = true;
		if (lt_evaluate_fits(in->g, o->input, &in->val_data, err) < 0)
			return -1;
	} else {
		in->val_data = in->data;
	}
	return read_index(&in->val_index, o->val_index, &in->val_data, err);
}

/* The normalization that the weights were trained with, unless the options give
 * another; all files that the run writes carry it. */
static int
set_norm(struct inputs *in, const struct lt_train_opt *o, struct lt_err *err)
{
	struct lt_norm *nm = &in->batch.norm;

	if (lt_norm_from(nm, &in->file, o->input, &in->data, err) < 0 ||
		lt_norm_set(nm, o->mean, o->std, in->data.c, err) < 0)
		return -1;
	char *note = lt_norm_note(nm, &in->data, o->input);
	if (note)
		report_note(o, "%s", note);
	free(note);
	return 0;
}

static int
set_batches(struct inputs *in, const struct lt_train_opt *o, struct lt_err *err)
{
	in->batch = (struct lt_batch_opt){.data = &in->data,
		.index = &in->index,
		.seed = o->seed,
		.augment = o->augment,
		.pad = o->pad};
	if (set_norm(in, o, err) < 0)
		return -1;
	in->val_batch = in->batch;
	in->val_batch.data = &in->val_data;
	in->val_batch.index = &in->val_index;
	in->val_batch.augment = LT_AUGMENT_NONE;
	return 0;
}

int
inputs_take_mask(struct inputs *in, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	lt_mask_release(&in->mask);
	if (lt_mask_from_st(&in->mask, st, path, err) < 0 ||
		lt_model_check_mask(in->g, &in->mask, path, path, err) < 0)
		return -1;
	in->mask.crc = lt_st_meta_hex(st, "lt.run.mask");
	in->masked = in->mask.n > 0;
	return 0;
}

/* The mask of a state, which the option's mask replaces later. */
static int
own_mask(struct inputs *in, const char *path, struct lt_err *err)
{
	in->crc = lt_st_meta_hex(&in->file, "lt.run.input");
	if (inputs_take_mask(in, &in->file, path, err) < 0)
		return -1;
	in->mask_before = in->mask.crc;
	return 0;
}

static int
set_mask(struct inputs *in, const struct lt_train_opt *o, struct lt_err *err)
{
	struct lt_mask m = {0};

	if (in->is_state && own_mask(in, o->input, err) < 0)
		return -1;
	if (!o->mask) {
		if (in->masked || o->dst.rule == LT_DST_OFF)
			return 0;
		lt_fail(err, LT_EUSAGE,
			"%s: no mask that dynamic sparse training could change",
			o->input);
		return lt_fail_mend(err, "mask");
	}
	if (lt_model_read_mask(&m, o->mask, in->g, o->input, err) < 0)
		return -1;
	/* A state goes on under the mask that it began with, or under what a
	 * dynamic training made of that mask. */
	if (in->masked && m.crc == in->mask_before) {
		lt_mask_release(&m);
		return 0;
	}
	lt_mask_release(&in->mask);
	in->mask = m;
	in->masked = true;
	return 0;
}

int
inputs_open(struct inputs *in, const struct lt_train_opt *o, struct lt_err *err)
{
	*in = (struct inputs){.data.fd = -1, .val_data.fd = -1};
	if (lt_model_open(&in->model, &in->g, &in->file, o->input, o->net,
		    LT_MODEL_REST, err) < 0)
		return -1;
	const char *kind = lt_st_meta(&in->file, "lt.kind");
	in->is_state = kind && !strcmp(kind, "state");
	in->crc = in->file.crc;
	if (!lt_st_meta(&in->file, "lt.net"))
		in->crc = (uint32_t)crc32_z(in->crc, (const void *)in->g->text,
			strlen(in->g->text));
	if (open_data(in, o, err) < 0 || set_batches(in, o, err) < 0 ||
		teacher_open(&in->teacher, o, &in->data, &in->batch.norm,
			in->g->node[in->g->output].c, err) < 0)
		return -1;
	return set_mask(in, o, err);
}

const struct lt_mask *
inputs_mask(const struct inputs *in)
{
	return in->masked ? &in->mask : NULL;
}

void
inputs_close(struct inputs *in)
{
	teacher_close(&in->teacher);
	lt_model_release(&in->model);
	lt_mask_release(&in->mask);
	lt_graph_free(in->g);
	lt_st_release(&in->file);
	lt_index_release(&in->index);
	lt_index_release(&in->val_index);
	if (in->own_val_data)
		lt_dataset_close(&in->val_data);
	lt_dataset_close(&in->data);
}
