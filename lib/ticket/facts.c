#include "ticket/facts.h"

#include <inttypes.h>
#include <stdlib.h>
#include "base/at.h"
#include "base/mem.h"
#include "file/index.h"
#include "file/st.h"

const char *const lt_facts_names[LT_FACTS_N] = {
	"parameters", "weights", "multiply_adds", "samples"};

struct lt_graph *
lt_facts_graph(const char *path, struct lt_err *err)
{
	struct lt_graph *g = NULL;
	struct lt_st st;

	if (lt_st_read(&st, path, err) < 0)
		return NULL;
	const char *text = lt_st_meta(&st, "lt.net");
	if (text) {
		char *source = lt_asprintf("%s: lt.net", path);
		g = lt_graph_parse(text, source, err);
		free(source);
	} else {
		lt_fail(err, LT_EDATA,
			"%s: expected a checkpoint that contains its network, "
			"found no lt.net",
			path);
	}
	lt_st_release(&st);
	return g;
}

int
lt_facts_table(struct lt_cells *o, const char *network, const char *checkpoint,
	const char *set, struct lt_err *err)
{
	struct lt_index ix;
	struct lt_graph *g;
	uint64_t macs = 0;

	if (lt_index_read(&ix, set, err) < 0)
		return -1;
	size_t samples = ix.n;
	lt_index_release(&ix);
	g = lt_facts_graph(checkpoint, err);
	if (!g)
		return -1;
	for (int i = 0; i < g->n; i++)
		macs += lt_graph_macs(g, i, SIZE_MAX);
	lt_cell_name(o, "network");
	for (int i = 0; i < LT_FACTS_N; i++)
		lt_cell_name(o, lt_facts_names[i]);
	lt_cells_end(o);
	lt_cell_name(o, network);
	lt_cell_whole(o, lt_graph_params(g));
	lt_cell_whole(o, lt_graph_weights(g));
	lt_cell_whole(o, macs);
	lt_cell_whole(o, samples);
	lt_cells_end(o);
	lt_graph_free(g);
	return 0;
}

int
lt_facts_read(
	struct lt_facts *f, const char *const *paths, int n, struct lt_err *err)
{
	*f = (struct lt_facts){.t = lt_alloc((size_t)n, sizeof *f->t), .n = n};
	for (int i = 0; i < n; i++) {
		if (lt_table_read(&f->t[i], paths[i], err) < 0) {
			lt_facts_release(f);
			return -1;
		}
	}
	return 0;
}

void
lt_facts_release(struct lt_facts *f)
{
	for (int i = 0; i < f->n; i++)
		lt_table_release(&f->t[i]);
	free(f->t);
	*f = (struct lt_facts){0};
}

static int
read_facts(const char **text, double *parameters, const struct lt_table *t,
	size_t row, struct lt_err *err)
{
	for (int i = 0; i < LT_FACTS_N; i++)
		if (lt_at_text(&text[i], t, row, lt_facts_names[i], err) < 0)
			return -1;
	return lt_at_numbers(parameters, t, row, lt_facts_names[0], err);
}

int
lt_facts_find(const char **text, double *parameters, const struct lt_facts *f,
	const char *network, struct lt_err *err)
{
	size_t row;

	*parameters = 0;
	for (int i = 0; i < LT_FACTS_N; i++)
		text[i] = "NaN";
	for (int i = 0; i < f->n; i++) {
		if (lt_at_where(&row, &f->t[i], "network", network, err) < 0)
			return -1;
		if (row != LT_AT_NONE)
			return read_facts(text, parameters, &f->t[i], row, err);
	}
	return 0;
}
