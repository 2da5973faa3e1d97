#include "ticket/paths.h"

#include <stdlib.h>
#include <string.h>
#include "base/at.h"
#include "base/mem.h"
#include "base/words.h"

/* The columns of the table. */
enum { CHECKPOINT, NODE, T, X, Y, COLUMNS };
static const char *const names[COLUMNS] = {"checkpoint", "node", "t", "x", "y"};

static bool
is_wanted(const struct lt_words *nodes, const char *output, const char *node)
{
	for (size_t i = 0; i < nodes->n; i++)
		if (strcmp(nodes->v[i], node) == 0)
			return true;
	return strcmp(output, node) == 0;
}

/* Write the part of "STAGE=FILE" before the sign, if FILE is this one. */
static bool
put_stage(struct lt_cells *o, const struct lt_paths *p, const char *file)
{
	for (int i = 0; i < p->stages; i++) {
		const char *sign = strchr(p->stage[i], '=');
		if (!sign || strcmp(sign + 1, file) != 0)
			continue;
		char *name =
			lt_strndup(p->stage[i], (size_t)(sign - p->stage[i]));
		lt_cell_name(o, name);
		free(name);
		return true;
	}
	return false;
}

int
lt_paths_table(struct lt_cells *o, const struct lt_paths *p,
	const struct lt_table *t, struct lt_err *err)
{
	struct lt_words nodes;
	const char *output;
	int at[COLUMNS], r = 0;

	for (int i = 0; i < COLUMNS; i++)
		if ((at[i] = lt_table_column(t, names[i], err)) < 0)
			return -1;
	if (lt_at_text(&output, t, lt_at_last(t), "node", err) < 0)
		return -1;
	lt_words_init(&nodes, p->nodes);
	lt_cells_header(o, "network stage node t x y");
	for (size_t i = 0; r == 0 && i < t->n; i++) {
		const char *node = lt_table_text(t, i, at[NODE]);
		if (!is_wanted(&nodes, output, node))
			continue;
		lt_cell_name(o, p->network);
		if (!put_stage(o, p, lt_table_text(t, i, at[CHECKPOINT])))
			r = lt_table_refuse(t, i, at[CHECKPOINT],
				"a checkpoint whose stage is given", err);
		lt_cell_name(o, node);
		for (int k = T; k <= Y; k++)
			lt_cell_text(o, lt_table_text(t, i, at[k]));
		lt_cells_end(o);
	}
	lt_words_release(&nodes);
	return r;
}
