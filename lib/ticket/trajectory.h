/* Trajectory length (Raghu et al. 2017, "On the expressive power of deep neural
 * networks", section 2): an arc goes through input space, and its image under
 * the network is as long as the sum of the steps between the images of its
 * points,
 *
 *	l(arc) = sum_j |z(x_(j+1)) - z(x_j)|_2 .
 *
 * x_j is the normalized input at j / (points - 1) of the arc,
 *
 *	x(t) = cos(2 pi turn t) u + sin(2 pi turn t) v ,   0 <= t <= 1.
 *
 * z is what a node gives in evaluation mode, all of it, or its projection to a
 * plane by two orthonormal random directions, the same for a node of that name
 * and size under one seed: so two sets of weights of one network are compared,
 * not two networks.  Of a linear map the length is that of the image's polygon.
 */
#ifndef LT_TICKET_TRAJECTORY_H
#define LT_TICKET_TRAJECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "base/rng.h"
#include "file/dataset.h"
#include "file/index.h"
#include "run/batch.h"
#include "net/model.h"

struct lt_arcs {
	int n;
	size_t size;   /* values of an input: c h w */
	double turn;   /* of the circle: 1/4, 1 */
	double *u, *v; /* [n][size] */
};

/* A quarter of an ellipse from one sample to another, drawn from the list (at
 * least two) without putting back. */
int lt_arcs_between(struct lt_arcs *a, int n, const struct lt_dataset *data,
	const struct lt_index *index, const struct lt_norm *norm, uint64_t seed,
	struct lt_err *err);
/* Circles around 0 in random planes, of radius sqrt(size): values of mean
 * square 1, as those of normalized data. */
void lt_arcs_circles(struct lt_arcs *a, int n, size_t size, uint64_t seed);
void lt_arcs_release(struct lt_arcs *a);
/* x[size] at 0 <= t <= 1. */
void lt_arcs_at(const struct lt_arcs *a, int arc, double t, double *x);
/* Two orthonormal directions of n >= 2 dimensions, evenly distributed. */
void lt_plane_random(double *p, double *q, size_t n, struct lt_rng *r);

struct lt_trajectory_opt {
	int points;   /* of an arc, at least 2 */
	bool project; /* to a plane */
	bool layers;  /* every node; else the output alone */
	bool exact;   /* in double, slowly; layers are so too */
	int batch;    /* points at a time, in double perhaps fewer */
	int threads;
	uint64_t seed; /* of the projections */
};

/* Of a node, arc by arc; path is NULL where there is no plane. */
struct lt_trajectory {
	int node;
	double *length; /* [arcs] */
	double *path;	/* [arcs][points][2] */
};

/* One for each node in the order of the graph, the caller's, *n of them.  The
 * mask (or NULL) is put on the model's weights. */
int lt_trajectories(struct lt_trajectory **t, int *n, struct lt_model *m,
	const struct lt_mask *mask, const struct lt_arcs *a,
	const struct lt_trajectory_opt *o, struct lt_err *err);
void lt_trajectories_free(struct lt_trajectory *t, int n);

#endif
