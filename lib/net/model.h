/* The weights of a graph in one flat array, and reading and writing them.  The
 * caller owns struct lt_model and releases it; the graph must outlive it.
 */
#ifndef LT_NET_MODEL_H
#define LT_NET_MODEL_H

#include "net/graph.h"
#include "mask/mask.h"
#include "file/st.h"

struct lt_model {
	const struct lt_graph *g;
	float *w;	  /* [g->floats], 64-byte aligned; parameter p begins at
			     p->offset; padding is 0 */
	int64_t *batches; /* [g->nbn] num_batches_tracked, in node order */
};

/* Make a model whose weights are 0. */
void lt_model_init(struct lt_model *m, const struct lt_graph *g);
/* Copy the values of a model of the same graph; dst is initialized. */
void lt_model_copy(struct lt_model *dst, const struct lt_model *src);
void lt_model_release(struct lt_model *m);

/* Draw random weights.  init is a name of lt_init_names[], or NULL for the
 * network's own initialization.  Each parameter depends only on the seed and
 * its name.  LT_EUSAGE if the name is unknown. */
extern const char *const lt_init_names[]; /* ends with NULL */
int lt_model_random(struct lt_model *m, const char *init, uint64_t seed,
	struct lt_err *err);

/* Replace each convolution or linear weight w by sign(w) s, where s is the root
 * mean square of its layer's weights: the standard deviation of an
 * initialization whose mean is 0 (Zhou et al. 2019, "Deconstructing Lottery
 * Tickets", section 4).  A weight of 0 stays 0. */
void lt_model_signs(struct lt_model *m);

enum {
	LT_MODEL_ANY = 1,  /* accept values that are not finite, to look at a
			      network that diverged */
	LT_MODEL_REST = 2, /* keep the data of the other tensors of a state in
			      st too */
};
/* Read a checkpoint or state.  lt.net is parsed into *g, which is the caller's,
 * and m is filled.  A file without lt.net needs net != NULL; the prefixes of
 * PyTorch's wrappers ("module.") are removed from its names.
 *
 * LT_EDATA, before memory is taken for data, if a tensor is missing, extra or
 * of another shape; the message names the first one, and the nearest name of
 * that shape.  LT_EDATA too if a weight or running statistic is not finite or a
 * running variance is below 0.  Other tensors of a state, and integers in a
 * foreign file, are ignored.
 *
 * st keeps the metadata and the network's tensors; the caller releases it.  how
 * is 0 or a sum of LT_MODEL_*. */
int lt_model_read(struct lt_model *m, struct lt_graph **g, struct lt_st *st,
	const char *path, const struct lt_graph *net, unsigned how,
	struct lt_err *err);
/* The same, with the name of a built-in network or of a file of net text
 * instead of a graph; NULL: none. */
int lt_model_open(struct lt_model *m, struct lt_graph **g, struct lt_st *st,
	const char *path, const char *net, unsigned how, struct lt_err *err);
/* Fill m from the tensors whose names are prefix and a parameter's name; values
 * are checked as above. */
int lt_model_from_st(struct lt_model *m, const struct lt_st *st,
	const char *prefix, const char *path, struct lt_err *err);
/* Append the tensors to st, which borrows them.  Their names begin with prefix
 * ("" for a checkpoint). */
void lt_model_to_st(
	const struct lt_model *m, const char *prefix, struct lt_st *st);

/* "[16,3,3,3]"; returns buf.  ndim <= LT_ST_MAXDIM. */
#define LT_SHAPE_TEXT (21 * LT_ST_MAXDIM + 2)
const char *lt_shape_text(
	char buf[LT_SHAPE_TEXT], int ndim, const uint64_t *shape);

/* Check that mask fits the graph: each of its layers names a prunable parameter
 * of the same shape.  Else LT_EDATA, which names both files. */
int lt_model_check_mask(const struct lt_graph *g, const struct lt_mask *mask,
	const char *mask_path, const char *model_path, struct lt_err *err);
/* Read a mask and check that it fits the graph, which came from the file
 * model_path.  Shapes are compared before memory is taken for values. */
int lt_model_read_mask(struct lt_mask *mask, const char *path,
	const struct lt_graph *g, const char *model_path, struct lt_err *err);
/* Set the weights that mask removes to exactly +0. */
void lt_model_apply_mask(struct lt_model *m, const struct lt_mask *mask);

#endif
