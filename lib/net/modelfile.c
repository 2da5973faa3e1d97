/* A graph's weights from and to tensors under PyTorch's state-dict names. */
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/near.h"
#include "net/model.h"

/* A tensor by name; files from elsewhere may say "module." before it. */
static const struct lt_st_tensor *
find(const struct lt_st *st, const char *prefix, const char *name)
{
	char *full = lt_asprintf("%s%s", prefix, name);
	const struct lt_st_tensor *t = lt_st_find(st, full);

	free(full);
	if (t || *prefix)
		return t;
	full = lt_asprintf("module.%s", name);
	t = lt_st_find(st, full);
	free(full);
	return t;
}

static bool known(const struct lt_graph *g, const char *name);

static bool
same_shape(const struct lt_st_tensor *t, const struct lt_param *p)
{
	return t->ndim == p->ndim &&
	       !memcmp(t->shape, p->shape, (size_t)p->ndim * sizeof *p->shape);
}

/* A parameter that the file lacks; what it has instead, perhaps. */
static void
no_tensor(const struct lt_graph *g, const struct lt_param *p,
	const struct lt_st *st, const char *prefix, const char *path,
	struct lt_err *err)
{
	struct lt_near n = {.to = p->name};
	char near[LT_NEAR_TEXT], shape[LT_SHAPE_TEXT];

	for (size_t i = 0; !*prefix && i < st->n; i++)
		if (same_shape(&st->tensor[i], p) &&
			!known(g, st->tensor[i].name))
			lt_near_try(&n, st->tensor[i].name);
	lt_fail(err, LT_EDATA,
		"%s: no tensor '%s%s' %s, which network %s has%s", path, prefix,
		p->name, lt_shape_text(shape, p->ndim, p->shape), g->name,
		lt_near_text(near, &n));
}

/* The tensor of a parameter, or NULL. */
static const struct lt_st_tensor *
find_param(const struct lt_graph *g, const struct lt_param *p,
	const struct lt_st *st, const char *prefix, const char *path,
	struct lt_err *err)
{
	const struct lt_st_tensor *t = find(st, prefix, p->name);
	char want[LT_SHAPE_TEXT], got[LT_SHAPE_TEXT];

	if (!t) {
		no_tensor(g, p, st, prefix, path, err);
		return NULL;
	}
	if (lt_dtype_float(t->dtype) && same_shape(t, p))
		return t;
	lt_fail(err, LT_EDATA, "%s: '%s' is %s %s, expected F32 %s", path,
		t->name, lt_dtype_name(t->dtype),
		lt_shape_text(got, t->ndim, t->shape),
		lt_shape_text(want, p->ndim, p->shape));
	return NULL;
}

/* num_batches_tracked of the batch norms, in node order; may be missing. */
static int
take_batches(struct lt_model *m, const struct lt_st *st, const char *prefix,
	const char *path, struct lt_err *err)
{
	int bn = 0;

	for (int i = 0; i < m->g->n; i++) {
		const struct lt_node *n = &m->g->node[i];
		if (n->op != LT_OP_BN)
			continue;
		char *name = lt_asprintf("%s.num_batches_tracked", n->name);
		const struct lt_st_tensor *t = find(st, prefix, name);
		free(name);
		if (t && (t->dtype != LT_I64 || t->count != 1))
			return lt_fail(err, LT_EDATA, "%s: '%s' is not one I64",
				path, t->name);
		m->batches[bn] = 0;
		if (t)
			memcpy(&m->batches[bn], t->data, sizeof *m->batches);
		bn++;
	}
	return 0;
}

int
lt_model_from_st(struct lt_model *m, const struct lt_st *st, const char *prefix,
	const char *path, struct lt_err *err)
{
	for (int i = 0; i < m->g->nparam; i++) {
		const struct lt_param *p = &m->g->param[i];
		const struct lt_st_tensor *t =
			find_param(m->g, p, st, prefix, path, err);
		if (!t)
			return -1;
		lt_st_floats(m->w + p->offset, t);
	}
	return take_batches(m, st, prefix, path, err);
}

static bool
known(const struct lt_graph *g, const char *name)
{
	static const char tracked[] = ".num_batches_tracked";
	size_t n = strlen(name), k = sizeof tracked - 1;

	if (!strncmp(name, "module.", 7))
		return known(g, name + 7);
	if (lt_graph_find_param(g, name) >= 0)
		return true;
	if (n <= k || strcmp(name + n - k, tracked) != 0)
		return false;
	char *node = lt_strndup(name, n - k);
	int at = lt_graph_find(g, node);
	free(node);
	return at >= 0 && g->node[at].op == LT_OP_BN;
}

/* Names of the network that the file does not have, and this may stand for. */
static void
extra_tensor(const struct lt_graph *g, const struct lt_st *st,
	const struct lt_st_tensor *t, const char *path, struct lt_err *err)
{
	const char *name = t->name + (strncmp(t->name, "module.", 7) ? 0 : 7);
	struct lt_near n = {.to = name};
	char near[LT_NEAR_TEXT];

	for (int i = 0; i < g->nparam; i++)
		if (same_shape(t, &g->param[i]) &&
			!find(st, "", g->param[i].name))
			lt_near_try(&n, g->param[i].name);
	lt_fail(err, LT_EDATA, "%s: tensor '%s' is not of network %s%s", path,
		t->name, g->name, lt_near_text(near, &n));
}

static int
check_extra(const struct lt_graph *g, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	for (size_t i = 0; i < st->n; i++)
		if (!known(g, st->tensor[i].name)) {
			extra_tensor(g, st, &st->tensor[i], path, err);
			return -1;
		}
	return 0;
}

/* The network that the text claims is in the file, before memory is taken for
 * it. */
static int
check_params(const struct lt_graph *g, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	for (int i = 0; i < g->nparam; i++)
		if (!find_param(g, &g->param[i], st, "", path, err))
			return -1;
	return 0;
}

static struct lt_graph *
graph_of(const struct lt_st *st, const char *path, const struct lt_graph *net,
	struct lt_err *err)
{
	const char *text = lt_st_meta(st, "lt.net");
	char *source = lt_asprintf("%s: lt.net", path);
	struct lt_graph *g = NULL;

	if (text)
		g = lt_graph_parse(text, source, err);
	else if (net)
		g = lt_graph_parse(net->text, "net", err);
	else
		lt_fail(err, LT_EDATA,
			"%s: carries no network (lt.net); lt-init --from makes "
			"a checkpoint of weights from elsewhere",
			path);
	free(source);
	return g;
}

int
lt_model_read(struct lt_model *m, struct lt_graph **g, struct lt_st *st,
	const char *path, const struct lt_graph *net, struct lt_err *err)
{
	if (lt_st_read(st, path, err) < 0)
		return -1;
	const char *kind = lt_st_meta(st, "lt.kind");
	bool state = kind && !strcmp(kind, "state");
	if (!state && lt_st_need_kind(st, path, "checkpoint", err) < 0)
		return -1;
	*g = graph_of(st, path, net, err);
	if (!*g)
		return -1;
	if ((state || check_extra(*g, st, path, err) == 0) &&
		check_params(*g, st, path, err) == 0) {
		lt_model_init(m, *g);
		if (lt_model_from_st(m, st, "", path, err) == 0)
			return 0;
		lt_model_release(m);
	}
	lt_graph_free(*g);
	*g = NULL;
	return -1;
}

void
lt_model_to_st(const struct lt_model *m, const char *prefix, struct lt_st *st)
{
	int bn = 0;

	for (int i = 0; i < m->g->nparam; i++) {
		const struct lt_param *p = &m->g->param[i];
		char *name = lt_asprintf("%s%s", prefix, p->name);
		lt_st_add(st, name, LT_F32, p->ndim, p->shape, m->w + p->offset,
			true);
		free(name);
	}
	for (int i = 0; i < m->g->n; i++) {
		if (m->g->node[i].op != LT_OP_BN)
			continue;
		char *name = lt_asprintf(
			"%s%s.num_batches_tracked", prefix, m->g->node[i].name);
		lt_st_add(st, name, LT_I64, 0, NULL, &m->batches[bn++], true);
		free(name);
	}
}
