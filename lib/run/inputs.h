/* The inputs of a run, opened and checked: the network with its weights, data
 * sets, index lists, normalization, mask.  The caller owns struct inputs, which
 * must not move once it is open.
 */
#ifndef LT_RUN_INPUTS_H
#define LT_RUN_INPUTS_H

#include "run/teacher.h"
#include "run/train.h"

struct inputs {
	struct lt_st file; /* the checkpoint or state: its metadata and, for a
			      state, all tensors */
	bool is_state;
	struct lt_graph *g;
	struct lt_model model; /* a session trains these weights */
	/* CRC-32 of the checkpoint that the training began with, and of the
	 * network's text where the checkpoint has none. */
	uint32_t crc;
	struct lt_dataset data, val_data;
	bool own_val_data; /* false: val_data is data */
	struct lt_index index, val_index;
	bool validate;
	struct lt_batch_opt batch, val_batch; /* point into this struct */
	struct teacher teacher;
	struct lt_mask mask; /* the mask in force */
	bool masked;	     /* there is one */
	/* The CRC-32 of the mask that a state was trained under. */
	uint32_t mask_before;
};

/* After a failure the struct is unusable, but inputs_close must still be
 * called. */
int inputs_open(
	struct inputs *in, const struct lt_train_opt *o, struct lt_err *err);
void inputs_close(struct inputs *in);
/* Replace the mask in force by that of a state, which was read from path. */
int inputs_take_mask(struct inputs *in, const struct lt_st *st,
	const char *path, struct lt_err *err);
/* The mask in force, or NULL. */
const struct lt_mask *inputs_mask(const struct inputs *in);

#endif
