/* The settings of a run: one table names each of them once.  The table writes
 * the fingerprint, by which a state knows its run, and the entry in the history
 * of every file that the run writes.
 *
 *	struct lt_settings s = {.opt = options, .data = crc, ...};
 *	lt_settings_seal(&s);
 *	if (lt_settings_same(&s, &state, path, err) < 0) ...
 *	lt_settings_history(&s, &checkpoint);
 *	lt_settings_release(&s);
 *
 * The caller owns struct lt_settings and releases it; the strings of opt and
 * stop are borrowed.
 */
#ifndef LT_RUN_SETTINGS_H
#define LT_RUN_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "file/st.h"
#include "run/normalize.h"
#include "run/train.h"

struct lt_settings {
	struct lt_train_opt opt; /* a setting without effect is 0 */
	/* CRC-32 of the inputs, 0 where there is none. */
	uint32_t data, index, val_data, val_index, mask, input, teacher;
	bool validate, masked;
	/* Iterations: start is where the checkpoint that the training began
	 * with was taken up; the segment is [from, to). */
	uint64_t start, from, to;
	struct lt_norm norm;
	int channels;
	const char *stop; /* the stop rule in one word */

	/* The settings that decide the weights, as "key=value key=value ...",
	 * and the CRC-32 of that text.  All states of one training share them,
	 * whatever their segments and outputs. */
	char *text;
	uint32_t core;
	/* The CRC-32 of that text and of everything else that makes a segment:
	 * its ends, the stop rule, the outputs, and the version of the program,
	 * because another one may compute in another way.  Only a state with
	 * this CRC is resumed. */
	uint32_t full;
};

/* Fill text, core and full from the rest.  Call it again after a change. */
void lt_settings_seal(struct lt_settings *s);
void lt_settings_release(struct lt_settings *s);
/* Check that st is a state of a training with these settings.  Else LT_EDATA;
 * path names the state, and the message has the first setting that differs. */
int lt_settings_same(const struct lt_settings *s, const struct lt_st *st,
	const char *path, struct lt_err *err);
/* Add the settings to lt.history, for people who read the file.  They are the
 * same for every segment of a training, so that segments merge into one
 * entry. */
void lt_settings_history(const struct lt_settings *s, struct lt_st *st);

#endif
