/* A graph's weights from and to tensors under PyTorch's state-dict names. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/near.h"
#include "net/arch.h"
#include "net/model.h"

static const struct lt_st_tensor *
find(const struct lt_st *st, const char *prefix, const char *name)
{
	char *full = lt_asprintf("%s%s", prefix, name);
	const struct lt_st_tensor *t = lt_st_find(st, full);

	free(full);
	return t;
}

static bool
has_shape(const struct lt_st_tensor *t, const struct lt_param *p)
{
	return t->dtype == LT_F32 && t->ndim == p->ndim &&
	       !memcmp(t->shape, p->shape, (size_t)p->ndim * sizeof *p->shape);
}

/* For a tensor that is missing, find the one with its shape and the nearest
 * name among those that the network does not know. */
static void
fail_missing(const struct lt_graph *g, const struct lt_param *p,
	const struct lt_st *st, const char *prefix, const char *path,
	struct lt_err *err)
{
	char shape[LT_SHAPE_TEXT];
	const char *best = NULL;
	int nearest = 0;

	for (size_t i = 0; i < st->n && !*prefix; i++) {
		const struct lt_st_tensor *t = &st->tensor[i];
		if (!has_shape(t, p) || lt_graph_find_param(g, t->name) >= 0)
			continue;
		int d = lt_near_distance(p->name, t->name);
		if (best && d >= nearest)
			continue;
		best = t->name;
		nearest = d;
	}
	lt_fail(err, LT_EDATA,
		"%s: no tensor '%s%s' %s, which network %s has; %s%s%s", path,
		prefix, p->name, lt_shape_text(shape, p->ndim, p->shape),
		g->name, best ? "nearest of this shape is '" : "",
		best ? best : "no other has this shape", best ? "'" : "");
}

/* Does t fit the layer that makes the logits but for the number of classes? */
static bool
has_other_classes(const struct lt_graph *g, const struct lt_st_tensor *t,
	const struct lt_param *p)
{
	return p->node == g->output && t->ndim == p->ndim &&
	       t->shape[0] != p->shape[0] &&
	       !memcmp(t->shape + 1, p->shape + 1,
		       (size_t)(p->ndim - 1) * sizeof *p->shape);
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
		fail_missing(g, p, st, prefix, path, err);
		return NULL;
	}
	if (has_shape(t, p))
		return t;
	lt_fail(err, LT_EDATA, "%s: '%s' is %s %s, expected F32 %s%s", path,
		t->name, lt_dtype_name(t->dtype),
		lt_shape_text(got, t->ndim, t->shape),
		lt_shape_text(want, p->ndim, p->shape),
		has_other_classes(g, t, p)
			? ", because it was trained for another number of "
			  "classes"
			: "");
	return NULL;
}

/* Read a count of batches, which other programs may store as they store
 * weights. -1 if it is no count. */
static int64_t
count_of(const struct lt_st_tensor *t)
{
	int64_t v = -1;
	int32_t k;
	float f;

	if (t->dtype == LT_I64) {
		memcpy(&v, t->data, sizeof v);
	} else if (t->dtype == LT_I32) {
		memcpy(&k, t->data, sizeof k);
		v = k;
	} else if (t->dtype == LT_F32) {
		memcpy(&f, t->data, sizeof f);
		/* Half precision makes large counts infinite. */
		v = f >= 0 && f < 1e18F ? (int64_t)f : 0;
	}
	return v;
}

static int
not_one_count(
	const struct lt_st_tensor *t, const char *path, struct lt_err *err)
{
	return lt_fail(
		err, LT_EDATA, "%s: '%s' is not one count", path, t->name);
}

/* num_batches_tracked of the batch norms, in node order; may be missing. */
static int
take_batches(struct lt_model *m, const struct lt_st *st, const char *prefix,
	const char *path, struct lt_err *err)
{
	int bn = 0;

	for (int i = 0; i < m->g->n; i++) {
		const struct lt_node *n = &m->g->node[i];
		if (!lt_op_row(n)->tracked)
			continue;
		char *name = lt_asprintf("%s.num_batches_tracked", n->name);
		const struct lt_st_tensor *t = find(st, prefix, name);
		free(name);
		if (t && (t->count != 1 || count_of(t) < 0))
			return not_one_count(t, path, err);
		m->batches[bn++] = t ? count_of(t) : 0;
	}
	return 0;
}

/* The value counts against parameter p. */
static bool
is_bad(const struct lt_param *p, float v)
{
	return !isfinite(v) || (p->role == LT_ROLE_BN_VAR && v < 0);
}

static size_t
count_bad(const struct lt_model *m, const struct lt_param *p, size_t *first)
{
	const float *w = m->w + p->offset;
	size_t bad = 0;

	for (size_t i = 0; i < p->count; i++)
		if (is_bad(p, w[i]) && !bad++)
			*first = i;
	return bad;
}

/* Check that every weight and statistic is finite and every variance at least
 * 0. */
static int
check_values(const struct lt_model *m, const char *prefix, const char *path,
	struct lt_err *err)
{
	const struct lt_param *p = NULL;
	size_t n = 0, at = 0, skip;
	int others = 0;
	char more[48] = "";

	for (int i = 0; i < m->g->nparam; i++) {
		const struct lt_param *q = &m->g->param[i];
		size_t bad = count_bad(m, q, p ? &skip : &at);
		others += bad && p;
		if (!bad || p)
			continue;
		p = q;
		n = bad;
	}
	if (!p)
		return 0;
	if (others)
		snprintf(more, sizeof more, "; %d other tensor%s like it",
			others, others > 1 ? "s are" : " is");
	float v = m->w[p->offset + at];
	return lt_fail(err, LT_EDATA,
		"%s: '%s%s': expected %s, found %zu of %zu that are not, the "
		"first is %s%s",
		path, prefix, p->name,
		p->role == LT_ROLE_BN_VAR ? "finite variances of at least 0"
					  : "finite values",
		n, p->count,
		isnan(v)   ? "not a number"
		: isinf(v) ? "infinite"
			   : "negative",
		more);
}

static int
fill(struct lt_model *m, const struct lt_st *st, const char *prefix,
	const char *path, struct lt_err *err)
{
	for (int i = 0; i < m->g->nparam; i++) {
		const struct lt_param *p = &m->g->param[i];
		const struct lt_st_tensor *t =
			find_param(m->g, p, st, prefix, path, err);
		if (!t)
			return -1;
		memcpy(m->w + p->offset, t->data, p->count * sizeof(float));
	}
	return take_batches(m, st, prefix, path, err);
}

int
lt_model_from_st(struct lt_model *m, const struct lt_st *st, const char *prefix,
	const char *path, struct lt_err *err)
{
	if (fill(m, st, prefix, path, err) < 0)
		return -1;
	return check_values(m, prefix, path, err);
}

static bool
ends(const char *name, const char *with)
{
	size_t n = strlen(name), k = strlen(with);

	return n >= k && !strcmp(name + n - k, with);
}

/* True if the name is that of a batch norm's num_batches_tracked. */
static bool
is_tracked(const struct lt_graph *g, const char *name)
{
	static const char tracked[] = ".num_batches_tracked";

	if (!ends(name, tracked))
		return false;
	char *node = lt_strndup(name, strlen(name) - (sizeof tracked - 1));
	int at = lt_graph_find(g, node);
	free(node);
	return at >= 0 && lt_op_row(&g->node[at])->tracked;
}

static bool
known(const struct lt_graph *g, const char *name)
{
	return lt_graph_find_param(g, name) >= 0 || is_tracked(g, name);
}

/* True for tensors that programs leave in state dicts beside a network's
 * weights: indices and counts, including those that profilers add to
 * modules. */
static bool
harmless(const struct lt_st *st, const struct lt_st_tensor *t)
{
	return st->foreign &&
	       (t->dtype != LT_F32 ||
		       (t->count == 1 &&
			       (ends(t->name, "total_ops") ||
				       ends(t->name, "total_params"))));
}

/* Accept tensors beside the network's own: those of a state, and harmless ones
 * of a foreign file. */
static int
check_extra(const struct lt_graph *g, const struct lt_st *st, const char *path,
	bool state, struct lt_err *err)
{
	for (size_t i = 0; i < st->n; i++) {
		struct lt_st_tensor *t = &st->tensor[i];
		char shape[LT_SHAPE_TEXT];
		if (known(g, t->name))
			continue;
		if (!state && !harmless(st, t))
			return lt_fail(err, LT_EDATA,
				"%s: tensor '%s' %s does not belong to network "
				"%s, whose tensors are complete",
				path, t->name,
				lt_shape_text(shape, t->ndim, t->shape),
				g->name);
	}
	return 0;
}

static int
check_params(const struct lt_graph *g, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	for (int i = 0; i < g->nparam; i++)
		if (!find_param(g, &g->param[i], st, "", path, err))
			return -1;
	for (size_t i = 0; i < st->n; i++) {
		const struct lt_st_tensor *t = &st->tensor[i];
		if (is_tracked(g, t->name) && t->count != 1)
			return not_one_count(t, path, err);
	}
	return 0;
}

static struct lt_graph *
graph_of(const struct lt_st *st, const char *path, const struct lt_graph *net,
	struct lt_err *err)
{
	const char *text = lt_st_meta(st, "lt.net");

	if (!text && net)
		return lt_graph_parse(net->text, "net", err);
	if (!text) {
		lt_fail(err, LT_EDATA,
			"%s: contains no network (lt.net), and none is given; "
			"lt-init makes a checkpoint that contains one",
			path);
		lt_fail_mend(err, "net");
		return NULL;
	}
	char *source = lt_asprintf("%s: lt.net", path);
	struct lt_graph *g = lt_graph_parse(text, source, err);
	free(source);
	return g;
}

struct reading {
	const struct lt_graph *net; /* for a file without lt.net, or NULL */
	struct lt_graph *g;	    /* the result */
	unsigned how;
};

/* The look at a file's header: check that it has everything that its network
 * needs, in the right shapes, and skip the rest unless the caller wants it. */
static int
look(struct lt_st *st, const char *path, void *arg, struct lt_err *err)
{
	struct reading *r = arg;
	const char *kind = lt_st_meta(st, "lt.kind");
	bool state = kind && !strcmp(kind, "state");

	if (!state && (lt_st_need_kind(st, path, "checkpoint", err) < 0 ||
			      lt_st_unwrap(st, path, err) < 0))
		return -1;
	r->g = graph_of(st, path, r->net, err);
	if (!r->g || check_params(r->g, st, path, err) < 0 ||
		check_extra(r->g, st, path, state, err) < 0)
		return -1;
	for (size_t i = 0; i < st->n; i++)
		st->tensor[i].skip = !(r->how & LT_MODEL_REST) &&
				     !known(r->g, st->tensor[i].name);
	return 0;
}

int
lt_model_read(struct lt_model *m, struct lt_graph **g, struct lt_st *st,
	const char *path, const struct lt_graph *net, unsigned how,
	struct lt_err *err)
{
	struct reading r = {.net = net, .how = how};

	*g = NULL;
	if (lt_st_read_how(st, path,
		    &(struct lt_st_how){.look = look, .arg = &r}, err) == 0) {
		lt_model_init(m, r.g);
		*g = r.g;
		if (fill(m, st, "", path, err) == 0 &&
			(how & LT_MODEL_ANY ||
				check_values(m, "", path, err) == 0))
			return 0;
		lt_model_release(m);
	}
	lt_graph_free(r.g);
	*g = NULL;
	return -1;
}

int
lt_model_open(struct lt_model *m, struct lt_graph **g, struct lt_st *st,
	const char *path, const char *net, unsigned how, struct lt_err *err)
{
	struct lt_graph *own = net ? lt_arch_graph(net, err) : NULL;

	*st = (struct lt_st){0};
	if (net && !own)
		return -1;
	int bad = lt_model_read(m, g, st, path, own, how, err);
	lt_graph_free(own);
	return bad;
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
		if (!lt_op_row(&m->g->node[i])->tracked)
			continue;
		char *name = lt_asprintf(
			"%s%s.num_batches_tracked", prefix, m->g->node[i].name);
		lt_st_add(st, name, LT_I64, 0, NULL, &m->batches[bn++], true);
		free(name);
	}
}
