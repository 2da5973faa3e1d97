#include "file/predictions.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/tsv.h"

enum { INDEX, LABEL, PREDICTED, LOSS, ENTROPY, MARGIN, COLUMNS };
static const char *const names[COLUMNS] = {
	"index", "label", "predicted", "loss", "entropy", "margin"};

struct lt_predictions {
	struct lt_tsv *tsv;
	char *name;
	int column[COLUMNS];
	uint64_t next; /* the least index that may follow */
};

struct lt_predictions *
lt_predictions_open(const char *path, struct lt_err *err)
{
	struct lt_predictions *p = lt_alloc(1, sizeof(*p));
	p->name = lt_strdup(strcmp(path, "-") == 0 ? "standard input" : path);
	p->tsv = lt_tsv_open(path, err);
	bool ok = p->tsv != NULL;
	for (int i = 0; ok && i < COLUMNS; i++) {
		p->column[i] = lt_tsv_column(p->tsv, names[i], err);
		ok = p->column[i] >= 0;
	}
	if (ok)
		return p;
	lt_predictions_close(p);
	return NULL;
}

void
lt_predictions_close(struct lt_predictions *p)
{
	if (!p)
		return;
	lt_tsv_close(p->tsv);
	free(p->name);
	free(p);
}

/* A row has three counts and three numbers, which may be NaN. */
static int
fields(struct lt_predictions *p, uint64_t *count, double *number,
	struct lt_err *err)
{
	for (int i = INDEX; i <= PREDICTED; i++)
		if (lt_tsv_u64(p->tsv, p->column[i], &count[i], err) < 0)
			return -1;
	for (int i = LOSS; i <= MARGIN; i++)
		if (lt_tsv_f64(p->tsv, p->column[i], &number[i - LOSS], err) <
			0)
			return -1;
	return 0;
}

int
lt_predictions_next(
	struct lt_predictions *p, struct lt_prediction *row, struct lt_err *err)
{
	uint64_t count[3];
	double number[3];
	int r = lt_tsv_next(p->tsv, err);
	if (r <= 0)
		return r;
	if (fields(p, count, number, err) < 0)
		return -1;
	for (int i = INDEX; i <= PREDICTED; i++)
		if (count[i] >= UINT32_MAX)
			return lt_fail(err, LT_EDATA,
				"%s: %s %" PRIu64 " is too large", p->name,
				names[i], count[i]);
	if (count[INDEX] < p->next)
		return lt_fail(err, LT_EDATA,
			"%s: index %" PRIu64 " is out of order, expected "
			"ascending and unique",
			p->name, count[INDEX]);
	p->next = count[INDEX] + 1;
	*row = (struct lt_prediction){.index = (uint32_t)count[INDEX],
		.label = (uint32_t)count[LABEL],
		.predicted = (uint32_t)count[PREDICTED],
		.loss = (float)number[0],
		.entropy = (float)number[1],
		.margin = (float)number[2]};
	return 1;
}

void
lt_predictions_header(struct lt_out *o, bool grand)
{
	for (int i = 0; i < COLUMNS; i++)
		lt_out_printf(o, "%s\t", names[i]);
	lt_out_printf(o, "el2n%s\n", grand ? "\tgrand" : "");
}

void
lt_predictions_row(
	struct lt_out *o, const struct lt_prediction *row, bool grand)
{
	lt_out_printf(o, "%" PRIu32 "\t%" PRIu32, row->index, row->label);
	if (row->predicted == LT_PREDICTED_NONE)
		lt_out_printf(o, "\tNaN");
	else
		lt_out_printf(o, "\t%" PRIu32, row->predicted);
	lt_out_number(o, (double)row->loss);
	lt_out_number(o, (double)row->entropy);
	lt_out_number(o, (double)row->margin);
	lt_out_number(o, (double)row->el2n);
	if (grand)
		lt_out_number(o, (double)row->grand);
	lt_out_printf(o, "\n");
}
