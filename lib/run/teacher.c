/* The teacher of a run. */
#include "run/teacher.h"

#include <string.h>
#include "run/evaluate.h"

/* The teacher reads the images as the run normalizes them, which must be how it
 * was trained. */
static int
check_norm(const struct lt_train_opt *o, const struct lt_st *st,
	const struct lt_norm *norm, int channels, struct lt_err *err)
{
	size_t size = (size_t)channels * sizeof *norm->mean;
	struct lt_norm own;
	int has = lt_norm_own(&own, st, o->teacher, channels, err);

	if (has < 0)
		return -1;
	if (!has || (!memcmp(own.mean, norm->mean, size) &&
			    !memcmp(own.std, norm->std, size)))
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: the teacher was trained on images of mean %s, std %s; "
		"expected the normalization of this run",
		o->teacher, lt_st_meta(st, "lt.mean"),
		lt_st_meta(st, "lt.std"));
}

int
teacher_open(struct teacher *t, const struct lt_train_opt *o,
	const struct lt_dataset *data, const struct lt_norm *norm, int classes,
	struct lt_err *err)
{
	struct lt_st st = {0};
	int bad = -1;

	if (!o->teacher)
		return 0;
	if (lt_model_open(&t->m, &t->g, &st, o->teacher, NULL, 0, err) < 0) {
		lt_fail_mend(err, ""); /* the network's options are not its */
		goto out;
	}
	if (lt_evaluate_fits(t->g, o->teacher, data, err) < 0 ||
		check_norm(o, &st, norm, t->g->c, err) < 0)
		goto out;
	int own = t->g->node[t->g->output].c;
	t->crc = st.crc;
	bad = own == classes
		      ? 0
		      : lt_fail(err, LT_EDATA,
				"%s: the teacher distinguishes %d classes; "
				"expected %d, as %s does",
				o->teacher, own, classes, o->input);
out:
	lt_st_release(&st);
	return bad;
}

int
teacher_start(struct teacher *t, const struct lt_train_opt *o, int batch,
	struct lt_err *err)
{
	struct lt_engine_opt x = {.batch = batch,
		.compute = o->compute,
		.threads = o->threads,
		.eval_only = true};

	if (!t->g)
		return 0;
	t->x = lt_engine_new(&t->m, &x, err);
	return t->x ? 0 : -1;
}

void
teacher_close(struct teacher *t)
{
	lt_engine_free(t->x);
	lt_model_release(&t->m);
	lt_graph_free(t->g);
	*t = (struct teacher){0};
}

const float *
teacher_logits(struct teacher *t, struct lt_engine *x, int n)
{
	if (!t->x)
		return NULL;
	const struct lt_graph *g = t->g;
	size_t shards = (size_t)(n + LT_LANES - 1) / LT_LANES;
	size_t values =
		shards * LT_LANES * (size_t)g->c * (size_t)g->h * (size_t)g->w;

	memcpy(lt_engine_input(t->x), lt_engine_input(x),
		values * sizeof(float));
	lt_engine_forward(t->x, n, false, 0);
	return lt_engine_logits(t->x);
}

uint64_t
teacher_macs(const struct teacher *t)
{
	return t->x ? lt_engine_macs(t->x) : 0;
}
