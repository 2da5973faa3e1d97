/* The actions of lt-score.  tools/lt-score.c has the tables of options and of
 * actions; each file of tools/score has the actions of one family, which check
 * what the table cannot and call the library.
 */
#ifndef LT_SCORE_ACTIONS_H
#define LT_SCORE_ACTIONS_H

#include "base/cli.h"

/* The options of the command line. */
struct score_options {
	const char *output;
	/* networks, searches */
	int select, stages;
	/* row, time */
	const char *method, *rule, *set, *mask, *stop, *distances, *retrain,
		*test, *row, *start, *checkpoint, *slim;
	uint64_t round;
	struct lt_strs search, pass;
	/* rows */
	const char *by;
	/* mean, matching, savings, differences */
	struct lt_strs key, plain, cost, pair;
	const char *of, *matching;
	double within, margin;
	/* masks, pairs, distances */
	const char *folder, *zero;
	int part;
	bool own;
	/* budget */
	int epochs, least, batch;
	const char *milestones, *warmup, *sparse, *change, *dst_every, *dst_end;
	struct lt_strs spend;
	/* early tickets: checks, ppr... to pivot */
	double tolerance, momentum, decay, initial, sparsity;
	int window, steps;
	const char *lr, *s, *v, *kind, *epoch, *pruned, *samples, *ends,
		*columns, *rows, *across, *value, *leave;
	bool natural, cells, less;
	/* stage, paths, facts */
	uint64_t stage;
	const char *network, *nodes;
	struct lt_strs label, facts;
	/* plan */
	int jobs;
	double share;
	const char *speed;
	bool tsv;
	/* and their files */
	const char *train, *length;
	struct lt_strs dense;
	struct lt_common common;
};

extern struct score_options opt;
extern const struct lt_cmd score_cmd;

/* An action.  operand[0..n) follows the action's name; an action that reads
 * tables gets "-" if there is none.  Returns a status of the program, or -1
 * with *err. */
typedef int score_action(char **operand, int n, struct lt_err *err);

/* networks.c */
score_action score_networks, score_searches, score_order;
/* tickets.c */
score_action score_row, score_time, score_rows, score_join, score_wallclock,
	score_length, score_budget;
/* methods.c */
score_action score_mean, score_matching, score_differences, score_savings,
	score_warnings, score_check, score_compare;
/* found.c */
score_action score_sets, score_classes, score_masks, score_pairs, score_overlap,
	score_distances;

/* early.c */
score_action score_ppr, score_ppr_ticket, score_ppr_stops, score_checks,
	score_weights, score_slopes, score_rates, score_cell, score_memory,
	score_prunings, score_gradual, score_cost, score_pivot;
/* stages.c */
score_action score_stage, score_gains, score_paths, score_facts;
/* forecast.c */
score_action score_plan, score_plan_needs;

/* The value of an operand NAME=VALUE, or NULL if it is a file.  A NAME begins
 * with a letter and has letters, digits and _; a file of such a name can be
 * given as ./NAME=VALUE.  *length <- the length of the name. */
const char *score_value(const char *operand, size_t *length);

#endif
