/* The teacher of a run: a trained network whose logits are a target beside the
 * labels (Hinton, Vinyals and Dean 2015, "Distilling the Knowledge in a Neural
 * Network").  It sees the images as the run presents them, normalized and
 * augmented, in evaluation mode.  It never changes; a state has only its
 * checksum, among the settings.
 *
 *	teacher_open(&t, o, &data, &norm, classes, err);
 *	teacher_start(&t, o, batch, err);
 *	const float *logits = teacher_logits(&t, x, n);
 *	teacher_close(&t);
 *
 * A run without a teacher has a zeroed struct.
 */
#ifndef LT_RUN_TEACHER_H
#define LT_RUN_TEACHER_H

#include "run/train.h"

struct teacher {
	struct lt_graph *g;
	struct lt_model m;
	struct lt_engine *x;
	uint32_t crc; /* of its file; 0: there is no teacher */
};

/* Read the teacher, if the options name one.  LT_EDATA if it does not accept
 * the images of data, was trained on images normalized otherwise than by norm,
 * or has another number of classes. */
int teacher_open(struct teacher *t, const struct lt_train_opt *o,
	const struct lt_dataset *data, const struct lt_norm *norm, int classes,
	struct lt_err *err);
/* Prepare for up to batch images at a time. */
int teacher_start(struct teacher *t, const struct lt_train_opt *o, int batch,
	struct lt_err *err);
void teacher_close(struct teacher *t);

/* The teacher's logits of the n images that are the input of x,
 * [shards][classes][16]; NULL: there is no teacher. */
const float *teacher_logits(struct teacher *t, struct lt_engine *x, int n);
/* The multiply-adds of the teacher in this process so far. */
uint64_t teacher_macs(const struct teacher *t);

#endif
