/* Tables of checks along the dense run: the validation accuracy of copies that
 * were pruned at once and trained for one epoch, what all of that has cost, and
 * what the rules of ticket/ppr.h say.
 */
#ifndef LT_TICKET_CHECKS_H
#define LT_TICKET_CHECKS_H

#include "base/table.h"
#include "ticket/ppr.h"

struct lt_check {
	const char *lr;	   /* its learning rate, as the table shall have it */
	const char *epoch; /* of the dense run, as the table shall have it */
	double number;	   /* the same as a number */
	const char *path;  /* log of the one epoch, as lt-train writes it */
};

struct lt_checks {
	const char *const *dense; /* [n_dense]: the dense run's log, or the logs
				     of its segments */
	int n_dense;
	const struct lt_check *v; /* [n]: rate after rate */
	size_t n;
};

/* Write a row for each check: epoch, lr, val_acc, dense_val_acc of the dense
 * run at that epoch, and iteration, presentations and macs: the dense run's
 * until then and those of all checks until then.  A check that diverged has no
 * row, and the sums after it are NaN. */
int lt_checks_table(
	struct lt_cells *o, const struct lt_checks *c, struct lt_err *err);

/* One curve of such a table. */
struct lt_curve {
	struct lt_table t;
	size_t *row; /* [n]: of the table, ascending epochs */
	double *accuracy, *median;
	size_t n;
};

/* Read the checks of one rate, or all of them if lr is NAN.  LT_EDATA if epochs
 * do not ascend or an accuracy is no number from 0 to 100. */
int lt_curve_read(
	struct lt_curve *c, const char *path, double lr, struct lt_err *err);
void lt_curve_release(struct lt_curve *c);
/* Write a row for the offline rule and one for the online rule: rule, ticket
 * (epoch of its check), epoch (of the check at which the rule knew it), stopped
 * (1 if the dense run can stop there), val_acc and median of the ticket's
 * check. A rule without a ticket has NaN. */
int lt_curve_table(struct lt_cells *o, const struct lt_curve *c,
	const struct lt_ppr_rule *rule, struct lt_err *err);
/* Write the epoch of the ticket alone: that of the online rule, or else of the
 * offline rule.  LT_EDATA if there are too few checks for one. */
int lt_curve_pick(struct lt_cells *o, const struct lt_curve *c,
	const struct lt_ppr_rule *rule, struct lt_err *err);
/* Can the dense run stop at the last check or before? */
bool lt_curve_stops(const struct lt_curve *c, const struct lt_ppr_rule *rule);

#endif
