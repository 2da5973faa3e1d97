#include "info/netinfo.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "info/describe.h"
#include "net/arch.h"
#include "info/netdraw.h"

/* Count the prunable weights that are not zero. */
static size_t
count_kept(const struct lt_graph *g, const struct lt_st *st)
{
	size_t kept = 0;
	for (int i = 0; i < g->nparam; i++) {
		const struct lt_st_tensor *t = lt_st_find(st, g->param[i].name);
		if (!g->param[i].prunable || !t || t->dtype != LT_F32)
			continue;
		const float *w = t->data;
		for (size_t k = 0; k < t->count; k++)
			kept += w[k] != 0;
	}
	return kept;
}

void
lt_netinfo_facts(
	struct lt_answer *a, const struct lt_graph *g, const struct lt_st *st)
{
	size_t weights = lt_graph_weights(g);
	lt_answer_text(a, "net", g->name);
	lt_answer_image(a, "input", g->c, g->h, g->w);
	lt_answer_count(a, "classes", (uint64_t)g->node[g->output].c);
	lt_answer_count(a, "parameters", lt_graph_params(g));
	lt_answer_count(a, "weights", weights);
	lt_answer_count(a, "multiply_adds", lt_graph_all_macs(g));
	if (!st)
		return;
	size_t kept = count_kept(g, st);
	lt_answer_count(a, "kept", kept);
	lt_answer_number(
		a, "density", weights ? (double)kept / (double)weights : 1);
}

static struct lt_graph *
graph_of(const struct lt_st *st, const char *path, struct lt_err *err)
{
	char *source = lt_asprintf("%s: lt.net", path);
	struct lt_graph *g =
		lt_graph_parse(lt_st_meta(st, "lt.net"), source, err);
	free(source);
	return g;
}

int
lt_netinfo_weights(struct lt_answer *a, const struct lt_st *st,
	const char *path, bool table_only, struct lt_err *err)
{
	bool has_net = lt_st_meta(st, "lt.net") != NULL;
	struct lt_graph *g = has_net ? graph_of(st, path, err) : NULL;
	if (has_net && !g)
		return -1;
	size_t n = g ? (size_t)g->nparam : 0;
	const char **first = lt_alloc(n, sizeof(*first));
	for (size_t i = 0; i < n; i++)
		first[i] = g->param[i].name;
	if (!table_only) {
		if (g)
			lt_netinfo_facts(a, g, st);
		lt_describe_meta(a, st);
		lt_answer_gap(a);
	}
	lt_describe_tensors(a, st, first, n);
	free(first);
	lt_graph_free(g);
	return 0;
}

static struct lt_graph *
read_text(const char *path, struct lt_err *err)
{
	char *text = lt_arch_file(path, err);
	struct lt_graph *g = text ? lt_graph_parse(text, path, err) : NULL;

	free(text);
	return g;
}

int
lt_netinfo_text(struct lt_answer *a, const char *path, bool table_only,
	struct lt_err *err)
{
	struct lt_graph *g = read_text(path, err);
	if (!g)
		return -1;
	if (!table_only) {
		lt_netinfo_facts(a, g, NULL);
		lt_answer_gap(a);
	}
	if (table_only || a->json)
		lt_netdraw_tsv(a, g);
	else
		lt_netdraw(a->out, g);
	lt_graph_free(g);
	return 0;
}

/* The network stands in the header. */
static int
skip_all(struct lt_st *st, const char *path, void *arg, struct lt_err *err)
{
	(void)path, (void)arg, (void)err;
	for (size_t i = 0; i < st->n; i++)
		st->tensor[i].skip = true;
	return 0;
}

static struct lt_graph *
read_graph(const char *path, struct lt_err *err)
{
	struct lt_st st;
	struct lt_graph *g = NULL;
	if (lt_st_read_how(
		    &st, path, &(struct lt_st_how){.look = skip_all}, err) < 0)
		return NULL;
	if (lt_st_meta(&st, "lt.net"))
		g = graph_of(&st, path, err);
	else
		lt_fail(err, LT_EDATA, "%s: contains no network (lt.net)",
			path);
	lt_st_release(&st);
	return g;
}

int
lt_netinfo_draw(
	struct lt_out *o, const char *path, bool is_text, struct lt_err *err)
{
	struct lt_graph *g =
		is_text ? read_text(path, err) : read_graph(path, err);
	if (!g)
		return -1;
	lt_netdraw(o, g);
	lt_graph_free(g);
	return 0;
}
