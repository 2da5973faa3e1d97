/* The weights of a graph: one flat array, and the way to and from files.
 * The caller owns struct lt_model; the graph must outlive it.
 */
#ifndef LT_NET_MODEL_H
#define LT_NET_MODEL_H

#include "net/graph.h"
#include "mask/mask.h"
#include "file/st.h"

struct lt_model {
	const struct lt_graph *g;
	float *w; /* [g->floats], 64-byte aligned; param p at p->offset; padding
		     is 0 */
	int64_t *batches; /* [g->nbn] num_batches_tracked, in node order */
};

void lt_model_init(struct lt_model *m, const struct lt_graph *g); /* zeros */
void lt_model_copy(struct lt_model *dst, const struct lt_model *src);
void lt_model_release(struct lt_model *m);

/* Random initialization: init is a name of lt_init_names[] or NULL for the
 * network's own.  Each parameter is a function of (seed, its name). */
extern const char *const lt_init_names[]; /* ends with NULL */
int lt_model_random(struct lt_model *m, const char *init, uint64_t seed,
	struct lt_err *err);

enum {
	LT_MODEL_ANY = 1,  /* values may be anything: to look at a network that
			      diverged */
	LT_MODEL_REST = 2, /* st has data for tensors beside the network's, too:
			      what a state keeps */
};
/* Read a checkpoint or state: parses lt.net into *g (the caller's) and fills m.
 * A file without lt.net needs net != NULL.  Wrappers' prefixes ("module.") are
 * taken off its names.  Missing, extra or misshapen tensors are LT_EDATA naming
 * the first one, and the nearest name of its shape, before memory is taken for
 * data; so are weights and running statistics that are not finite and running
 * variances below 0.  The other tensors of a state are left alone, so are
 * integers in a file from elsewhere.  st keeps the metadata and the network's
 * tensors for the caller, who releases it.  how is 0 or some of LT_MODEL_*. */
int lt_model_read(struct lt_model *m, struct lt_graph **g, struct lt_st *st,
	const char *path, const struct lt_graph *net, unsigned how,
	struct lt_err *err);
/* The same with a network by its name, built in or a file; NULL for none. */
int lt_model_open(struct lt_model *m, struct lt_graph **g, struct lt_st *st,
	const char *path, const char *net, unsigned how, struct lt_err *err);
/* Fill m from tensors named prefix + parameter name; values are checked. */
int lt_model_from_st(struct lt_model *m, const struct lt_st *st,
	const char *prefix, const char *path, struct lt_err *err);
/* Append the tensors (borrowed) under prefix ("" for a checkpoint). */
void lt_model_to_st(
	const struct lt_model *m, const char *prefix, struct lt_st *st);

/* "[16,3,3,3]"; returns buf.  ndim <= LT_ST_MAXDIM. */
#define LT_SHAPE_TEXT (21 * LT_ST_MAXDIM + 2)
const char *lt_shape_text(
	char buf[LT_SHAPE_TEXT], int ndim, const uint64_t *shape);

/* Check that mask fits the graph: each layer names a prunable parameter of the
 * same shape; else LT_EDATA naming both. */
int lt_model_check_mask(const struct lt_graph *g, const struct lt_mask *mask,
	const char *mask_path, const char *model_path, struct lt_err *err);
/* Read a mask that fits the graph, which came from the file model_path: shapes
 * are compared before memory is taken for values. */
int lt_model_read_mask(struct lt_mask *mask, const char *path,
	const struct lt_graph *g, const char *model_path, struct lt_err *err);
/* w <- m * w, masked weights exactly +0. */
void lt_model_apply_mask(struct lt_model *m, const struct lt_mask *mask);

#endif
