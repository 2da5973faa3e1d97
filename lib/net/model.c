/* A graph's weights in memory, and under a mask. Files: modelfile.c. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "mask/maskfile.h"
#include "net/model.h"

void
lt_model_init(struct lt_model *m, const struct lt_graph *g)
{
	m->g = g;
	m->w = lt_alloc_aligned(g->floats, sizeof *m->w);
	m->batches = lt_alloc((size_t)g->nbn, sizeof *m->batches);
}

void
lt_model_copy(struct lt_model *dst, const struct lt_model *src)
{
	LT_BUG_ON(dst->g->floats != src->g->floats);
	memcpy(dst->w, src->w, src->g->floats * sizeof *src->w);
	for (int i = 0; i < src->g->nbn; i++)
		dst->batches[i] = src->batches[i];
}

void
lt_model_release(struct lt_model *m)
{
	free(m->w);
	free(m->batches);
	*m = (struct lt_model){0};
}

const char *
lt_shape_text(char buf[LT_SHAPE_TEXT], int ndim, const uint64_t *shape)
{
	size_t n = 0;

	buf[n++] = '[';
	for (int i = 0; i < ndim; i++)
		n += (size_t)snprintf(buf + n, LT_SHAPE_TEXT - n, "%s%" PRIu64,
			i ? "," : "", shape[i]);
	snprintf(buf + n, LT_SHAPE_TEXT - n, "]");
	return buf;
}

static int
same_shape(const struct lt_mask_layer *l, const struct lt_param *p)
{
	return l->ndim == p->ndim &&
	       !memcmp(l->shape, p->shape, (size_t)p->ndim * sizeof *p->shape);
}

int
lt_model_check_mask(const struct lt_graph *g, const struct lt_mask *mask,
	const char *mask_path, const char *model_path, struct lt_err *err)
{
	char a[LT_SHAPE_TEXT], b[LT_SHAPE_TEXT];

	for (size_t i = 0; i < mask->n; i++) {
		const struct lt_mask_layer *l = &mask->layer[i];
		int p = lt_graph_find_param(g, l->name);
		if (p < 0 || !g->param[p].prunable)
			return lt_fail(err, LT_EDATA,
				"%s: masks '%s', which %s (%s) %s", mask_path,
				l->name, model_path, g->name,
				p < 0 ? "does not have" : "does not prune");
		if (!same_shape(l, &g->param[p]))
			return lt_fail(err, LT_EDATA,
				"%s: '%s' is %s, in %s %s", mask_path, l->name,
				lt_shape_text(a, l->ndim, l->shape), model_path,
				lt_shape_text(b, g->param[p].ndim,
					g->param[p].shape));
	}
	return 0;
}

struct fitting {
	const struct lt_graph *g;
	const char *path;
};

static int
fits(const struct lt_mask *mask, const char *path, const void *arg,
	struct lt_err *err)
{
	const struct fitting *f = arg;

	return lt_model_check_mask(f->g, mask, path, f->path, err);
}

int
lt_model_read_mask(struct lt_mask *mask, const char *path,
	const struct lt_graph *g, const char *model_path, struct lt_err *err)
{
	struct fitting f = {g, model_path};

	return lt_mask_read(mask, path, fits, &f, err);
}

void
lt_model_apply_mask(struct lt_model *m, const struct lt_mask *mask)
{
	for (int i = 0; i < m->g->nparam; i++) {
		const struct lt_param *p = &m->g->param[i];
		const struct lt_mask_layer *l = lt_mask_find(mask, p->name);
		float *w = m->w + p->offset;
		for (size_t j = 0; l && j < p->count; j++)
			if (!l->keep[j])
				w[j] = 0;
	}
}
