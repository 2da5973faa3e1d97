/* What searches found: sets of samples, and masks. */
#include "actions.h"
#include "ticket/maskpairs.h"
#include "ticket/sets.h"

int
score_sets(char **operand, int n, struct lt_err *err)
{
	return lt_sets_write(
		opt.output, opt.of, (const char *const *)operand, n, err);
}

int
score_classes(char **operand, int n, struct lt_err *err)
{
	(void)n;
	return lt_class_shares_write(opt.output, operand[0], err);
}

static const uint64_t *
round_given(void)
{
	return lt_cli_given(&score_cmd, "round") ? &opt.round : NULL;
}

int
score_masks(char **operand, int n, struct lt_err *err)
{
	const struct lt_mask_choice choice = {
		.own = opt.own, .round = round_given()};

	return lt_masks_write(
		opt.output, (const char *const *)operand, n, &choice, err);
}

int
score_pairs(char **operand, int n, struct lt_err *err)
{
	(void)n;
	return lt_mask_pairs_write(
		opt.output, operand[0], opt.part, round_given(), err);
}

int
score_overlap(char **operand, int n, struct lt_err *err)
{
	(void)n;
	return lt_mask_overlap_write(opt.output, operand[0], err);
}

int
score_distances(char **operand, int n, struct lt_err *err)
{
	const struct lt_watched w = {
		.folder = opt.folder, .zero = opt.zero, .own = opt.own};

	(void)n;
	return lt_watched_write(opt.output, operand[0], &w, err);
}
