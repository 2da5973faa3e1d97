/* The stages of a study, from the commands that "make -n -B" prints for it.
 *
 *	struct commands c;
 *	if (commands_read(&c, "plan", 1, err) < 0) return -1;
 *	... c.study, c.network[0 .. c.study.network.n)
 *	commands_release(&c);
 */
#ifndef LT_SCORE_COMMANDS_H
#define LT_SCORE_COMMANDS_H

#include "ticket/study.h"

/* What the speed of a network depends on. */
struct commands_network {
	double least; /* smallest density of its masks; NaN: it shows nothing */
	char *init;   /* the words of lt-init that make it; NULL: none */
	char *training; /* the options of its first training; NULL: none */
	/* The data set of that training, and its shape and classes if a stage
	 * of the study makes it; else NULL and NaN. */
	char *data, *shape;
	double classes;
};

struct commands {
	struct lt_study study;
	struct commands_network *network; /* [study.network.n] */
	uint32_t *inits; /* those that lt-init makes, in order */
	size_t init_n;
	/* What is an upper bound: trainings that may stop early; lists that
	 * only the study finds, which are taken as a share of D0. */
	bool stops, lists;
	bool teachers; /* of trainings, whose passes are not counted */
};

/* share: of D0, for lists that only the study finds.  The caller releases *c,
 * also after a failure. */
int commands_read(
	struct commands *c, const char *path, double share, struct lt_err *err);
void commands_release(struct commands *c);

#endif
