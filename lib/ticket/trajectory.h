/* Trajectory length (Raghu et al. 2017, "On the expressive power of deep neural
 * networks", section 2): the length of the image, under the network, of an arc
 * in input space.  It is the sum of the distances between the images of
 * neighbouring points of the arc,
 *
 *	l(arc) = sum_j |z(x_(j+1)) - z(x_j)|_2 .
 *
 * x_j is the normalized input x(t) at t = j / (points - 1),
 *
 *	x(t) = cos(2 pi turn t) u + sin(2 pi turn t) v ,   0 <= t <= 1.
 *
 * z is the output of a node in evaluation mode, or its projection to a plane by
 * two orthonormal random directions.  The directions depend on the seed and on
 * the node's name and size, so lengths may be compared between weights of one
 * network, not between networks.  For a linear map the length is that of the
 * polygon through the images of the points.
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
	size_t size;   /* values of an input: c x h x w */
	double turn;   /* part of a circle: 1/4 or 1 */
	double *u, *v; /* [n][size] */
};

/* Make n quarters of ellipses, each from one sample to another.  Both are drawn
 * without replacement from the list, which has at least two. */
int lt_arcs_between(struct lt_arcs *a, int n, const struct lt_dataset *data,
	const struct lt_index *index, const struct lt_norm *norm, uint64_t seed,
	struct lt_err *err);
/* Make n circles around 0 in random planes, of radius sqrt(size), so that the
 * mean square of the values is 1, as it is for normalized data. */
void lt_arcs_circles(struct lt_arcs *a, int n, size_t size, uint64_t seed);
void lt_arcs_release(struct lt_arcs *a);
/* x[size] <- the point of an arc at 0 <= t <= 1. */
void lt_arcs_at(const struct lt_arcs *a, int arc, double t, double *x);
/* Draw two orthonormal directions in n >= 2 dimensions, uniformly. */
void lt_plane_random(double *p, double *q, size_t n, struct lt_rng *r);

struct lt_trajectory_opt {
	int points;   /* points of an arc, at least 2 */
	bool project; /* project outputs to a plane */
	bool layers;  /* measure every node, else the output alone */
	bool exact;   /* compute in double, slowly; layers implies it */
	int batch;    /* points at a time; in double there may be fewer */
	int threads;
	uint64_t seed; /* seed of the projections */
};

/* The lengths at one node; path is NULL without a projection. */
struct lt_trajectory {
	int node;
	double *length; /* [arcs] */
	double *path;	/* [arcs][points][2] */
};

/* Measure *n nodes, in the order of the graph; *t is the caller's.  If mask is
 * not NULL, it is applied to the model's weights. */
int lt_trajectories(struct lt_trajectory **t, int *n, struct lt_model *m,
	const struct lt_mask *mask, const struct lt_arcs *a,
	const struct lt_trajectory_opt *o, struct lt_err *err);
void lt_trajectories_free(struct lt_trajectory *t, int n);

#endif
