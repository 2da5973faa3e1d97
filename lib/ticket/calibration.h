/* What a presentation costs on a machine: a table with the columns network and
 * density and those below.  A network has a row for each density that was
 * measured, from 1 down.
 *
 * The caller owns struct lt_calibration and releases it.
 */
#ifndef LT_TICKET_CALIBRATION_H
#define LT_TICKET_CALIBRATION_H

#include "base/err.h"
#include "base/table.h"

/* Processor seconds and multiply-adds of a presentation in a training, and of a
 * forward pass; bytes of a checkpoint, a mask, a state, the events of a
 * presentation, a process, and an image of a data set. */
enum lt_calibrated {
	LT_TRAIN_SECONDS,
	LT_TRAIN_MACS,
	LT_FORWARD_SECONDS,
	LT_FORWARD_MACS,
	LT_CHECKPOINT_BYTES,
	LT_MASK_BYTES,
	LT_STATE_BYTES,
	LT_EVENT_BYTES,
	LT_MEMORY_BYTES,
	LT_IMAGE_BYTES,
	LT_CALIBRATED
};

struct lt_calibration {
	struct lt_table t;
	int network;		      /* column */
	double *density;	      /* [t.n] */
	double *value[LT_CALIBRATED]; /* [t.n] each */
};

/* The rows of one network; n is 0 if there are none. */
struct lt_measured {
	const struct lt_calibration *c;
	size_t *row, n;
};

/* Numbers below 0 and missing ones are LT_EDATA, and so is a missing column
 * unless there is no row. */
int lt_calibration_read(
	struct lt_calibration *c, const char *path, struct lt_err *err);
void lt_calibration_release(struct lt_calibration *c);

/* The caller releases *m, which borrows c. */
void lt_measured_init(struct lt_measured *m, const struct lt_calibration *c,
	const char *network);
void lt_measured_release(struct lt_measured *m);
/* A value of the dense network and of the sparsest one that was measured; 0 if
 * there are none. */
double lt_measured_dense(const struct lt_measured *m, enum lt_calibrated what);
double lt_measured_sparsest(
	const struct lt_measured *m, enum lt_calibrated what);
/* A value at a density: on the line between the two nearest, or that of the
 * sparsest one below all. */
double lt_measured_at(
	const struct lt_measured *m, double density, enum lt_calibrated what);

#endif
