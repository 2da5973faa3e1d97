/* What a network is that was searched for tickets: its size, and the samples of
 * its trainings.
 */
#ifndef LT_TICKET_FACTS_H
#define LT_TICKET_FACTS_H

#include "base/table.h"
#include "net/graph.h"

/* The network of a checkpoint, which contains its text; the caller's, or NULL
 * with LT_EDATA. */
struct lt_graph *lt_facts_graph(const char *path, struct lt_err *err);

/* The columns after the network's name. */
enum { LT_FACTS_N = 4 };
extern const char *const lt_facts_names[LT_FACTS_N];

/* Write a row: network, parameters, weights (prunable ones), multiply_adds (of
 * one image) and samples (of the index list set).  checkpoint carries the
 * network. */
int lt_facts_table(struct lt_cells *o, const char *network,
	const char *checkpoint, const char *set, struct lt_err *err);

/* Such tables.  The caller owns struct lt_facts and releases it. */
struct lt_facts {
	struct lt_table *t; /* [n] */
	int n;
};

int lt_facts_read(struct lt_facts *f, const char *const *paths, int n,
	struct lt_err *err);
void lt_facts_release(struct lt_facts *f);
/* Have text[LT_FACTS_N] point to the facts of a network, and store its
 * parameters.  Without facts the texts are "NaN" and there are 0 parameters. */
int lt_facts_find(const char **text, double *parameters,
	const struct lt_facts *f, const char *network, struct lt_err *err);

#endif
