/* Tables of predictions (lt-log(5)) with the columns index, label, predicted,
 * loss, entropy, margin, el2n and, if asked for, grand, ascending by index.
 * lt-eval writes them; lt-disagree reads the first six.
 */
#ifndef LT_FILE_PREDICTIONS_H
#define LT_FILE_PREDICTIONS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/out.h"

#define LT_PREDICTED_NONE UINT32_MAX

struct lt_prediction {
	uint32_t index;
	uint32_t label;
	uint32_t predicted;  /* LT_PREDICTED_NONE is written as NaN, which the
				reader refuses */
	float loss, entropy; /* natural logarithms */
	float margin;	     /* probability of the label minus the best other */
	float el2n;	     /* engine/loss.h; the reader leaves it 0 */
	float grand;	     /* ticket/grand.h; likewise */
};

struct lt_predictions; /* a reader */

struct lt_predictions *lt_predictions_open(
	const char *path, struct lt_err *err);
/* Read the next row: 1, 0 at the end, -1 if a row is malformed or out of order.
 */
int lt_predictions_next(struct lt_predictions *p, struct lt_prediction *row,
	struct lt_err *err);
void lt_predictions_close(struct lt_predictions *p);

/* grand: with this column. */
void lt_predictions_header(struct lt_out *o, bool grand);
void lt_predictions_row(
	struct lt_out *o, const struct lt_prediction *row, bool grand);

#endif
