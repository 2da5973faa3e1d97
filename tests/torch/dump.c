/* What the engine computes, for comparison with PyTorch:
 *
 *	dump MODE OUT CHECKPOINT DATA GRADS SMALL STEPS BATCH [MASK]
 *
 * computes in MODE, f32 or bf16, and writes OUT (safetensors): "logits" of
 * the first BATCH samples in evaluation; "grad<i>.<parameter>" for i < GRADS,
 * the gradient at the checkpoint's weights of the loss over batch i of SMALL
 * samples; "after.<name>", the checkpoint's tensors after STEPS steps
 * (learning rate 1e-3, momentum 0.9, weight decay 1e-4) of BATCH samples, if
 * any.  Batch i of n has the samples from i * n on, in the order of the data
 * set.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "run/batch.h"
#include "engine/engine.h"
#include "engine/loss.h"
#include "run/optimizer.h"

static struct lt_err err;
static struct lt_st out;

struct run {
	struct lt_dataset data;
	struct lt_index all;
	struct lt_batch_opt how;
	struct lt_graph *g;
	struct lt_model m, start;
	struct lt_engine *x;
	int most; /* samples in the larger kind of batch */
	uint32_t *place;
	int32_t *label;
	struct lt_outcome *outcome;
};

static void
need(bool ok)
{
	if (ok)
		return;
	fprintf(stderr, "dump: %s\n", err.msg);
	exit(err.status);
}

static int
number(const char *text)
{
	uint64_t v;

	if (!lt_num_u64(text, &v) || v > 1000000) {
		lt_fail(&err, LT_EUSAGE, "'%s' is no count", text);
		need(false);
	}
	return (int)v;
}

static void
set_mask(struct run *r, const char *path, const char *checkpoint)
{
	struct lt_mask mask = {0};

	need(lt_model_read_mask(&mask, path, r->g, checkpoint, &err) == 0);
	lt_engine_set_mask(r->x, &mask);
	lt_mask_release(&mask);
}

static void
run_open(struct run *r, const char *mode, const char *checkpoint,
	const char *data, const char *mask)
{
	struct lt_st st = {0};
	struct lt_engine_opt opt = {.batch = r->most,
		.compute = strcmp(mode, "bf16") ? LT_COMPUTE_F32
						: LT_COMPUTE_BF16};

	need(lt_model_read(&r->m, &r->g, &st, checkpoint, NULL, 0, &err) == 0);
	lt_st_release(&st);
	need(lt_dataset_open(&r->data, data, &err) == 0);
	r->x = lt_engine_new(&r->m, &opt, &err);
	need(r->x != NULL);
	if (mask)
		set_mask(r, mask, checkpoint);
	lt_model_init(&r->start, r->g);
	lt_model_copy(&r->start, &r->m);
	r->all.n = r->data.n;
	r->all.v = lt_alloc(r->all.n, sizeof *r->all.v);
	for (size_t i = 0; i < r->all.n; i++)
		r->all.v[i] = (uint32_t)i;
	r->how = (struct lt_batch_opt){.data = &r->data, .index = &r->all};
	memcpy(r->how.norm.mean, r->data.mean, sizeof r->data.mean);
	memcpy(r->how.norm.std, r->data.std, sizeof r->data.std);
	r->place = lt_alloc((size_t)r->most, sizeof *r->place);
	r->label = lt_alloc((size_t)r->most, sizeof *r->label);
	r->outcome = lt_alloc((size_t)r->most, sizeof *r->outcome);
}

static void
run_close(struct run *r)
{
	lt_engine_free(r->x);
	lt_dataset_close(&r->data);
	lt_model_release(&r->m);
	lt_model_release(&r->start);
	lt_graph_free(r->g);
	free(r->all.v);
	free(r->place);
	free(r->label);
	free(r->outcome);
}

/* Batch number batch of n samples. */
static void
forward(struct run *r, int batch, int n, bool train)
{
	uint64_t first = (uint64_t)batch * (uint64_t)n;

	if (first + (uint64_t)n > r->data.n) {
		lt_fail(&err, LT_EDATA, "the data set has no batch %d of %d",
			batch, n);
		need(false);
	}
	for (int i = 0; i < n; i++)
		r->place[i] = (uint32_t)first + (uint32_t)i;
	need(lt_batch_load(lt_engine_input(r->x), r->label, &r->how, r->place,
		     n, 0, &err) == 0);
	lt_engine_forward(r->x, n, train, (uint64_t)batch);
}

static void
gradient(struct run *r, int batch, int n)
{
	forward(r, batch, n, true);
	lt_loss(r->outcome, lt_engine_dlogits(r->x), lt_engine_logits(r->x),
		r->label, n, lt_engine_classes(r->x));
	lt_engine_backward(r->x);
}

static void
put_logits(struct run *r, int n)
{
	size_t classes = (size_t)lt_engine_classes(r->x);
	uint64_t shape[] = {(uint64_t)n, classes};
	float *v = lt_alloc((size_t)n * classes, sizeof *v);

	forward(r, 0, n, false);
	const float *logits = lt_engine_logits(r->x);
	for (size_t i = 0; i < (size_t)n; i++)
		for (size_t c = 0; c < classes; c++)
			v[i * classes + c] =
				logits[(i / LT_LANES * classes + c) * LT_LANES +
					i % LT_LANES];
	lt_st_add(&out, "logits", LT_F32, 2, shape, v, false);
}

static void
put_gradient(struct run *r, int batch, int n)
{
	const float *grad = lt_engine_grad(r->x);

	gradient(r, batch, n);
	for (int i = 0; i < r->g->nparam; i++) {
		const struct lt_param *p = &r->g->param[i];
		if (!p->trainable)
			continue;
		char *name = lt_asprintf("grad%d.%s", batch, p->name);
		float *v = lt_memdup(grad + p->offset, p->count * sizeof *v);
		lt_st_add(&out, name, LT_F32, p->ndim, p->shape, v, false);
		free(name);
	}
	lt_model_copy(&r->m, &r->start);
	lt_engine_touch(r->x);
}

int
main(int argc, char **argv)
{
	static const struct lt_optim sgd = {
		.momentum = 0.9, .weight_decay = 1e-4};
	struct run r = {0};
	int count[4]; /* GRADS SMALL STEPS BATCH */

	if (argc < 9 || argc > 10)
		return LT_EUSAGE;
	for (int i = 0; i < 4; i++)
		count[i] = number(argv[5 + i]);
	r.most = count[1] > count[3] ? count[1] : count[3];
	run_open(&r, argv[1], argv[3], argv[4], argc == 10 ? argv[9] : NULL);
	put_logits(&r, count[3]);
	for (int i = 0; i < count[0]; i++)
		put_gradient(&r, i, count[1]);
	for (int i = 0; i < count[2]; i++) {
		gradient(&r, i, count[3]);
		lt_optim_step(&sgd, r.x, 1e-3, 1);
	}
	lt_model_to_st(&r.m, "after.", &out);
	need(lt_st_write(&out, argv[2], &err) == 0);
	lt_st_release(&out);
	run_close(&r);
	return 0;
}
