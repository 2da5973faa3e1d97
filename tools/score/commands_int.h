/* Private to commands.c and counts.c: where the reader of commands is. */
#ifndef LT_SCORE_COMMANDS_INT_H
#define LT_SCORE_COMMANDS_INT_H

#include <stdbool.h>
#include <stdint.h>
#include "commands.h"

#define NO_STAGE SIZE_MAX

struct file {
	size_t maker;		 /* the stage that writes it, or NO_STAGE */
	double samples, classes; /* of a list or a data set; NaN: not known */
	double density;		 /* of a mask */
	char *shape;
	bool looked; /* samples is not to be read from it any more */
};

/* A command: words from the name of the program to the last operand. */
struct command {
	char *text;
	size_t size, cap;
	char **w;
	size_t n, w_cap;
};

/* The stages that others wait for because of their seed. */
struct list {
	size_t *v, n, cap;
};

struct reader {
	struct commands *c;
	double share, d0, epochs; /* of the longest training so far */
	struct lt_names files, seeds;
	struct file **file; /* [files.n] */
	size_t file_cap, network_cap, seed_cap;
	struct command cmd;
	char *net, *seed, *search; /* where make is */
	struct list before;	   /* stages that make the data */
	struct list *shared;	   /* [seed_cap], by seeds */
};

/* Of the command: the last argument of an option, or NULL; its number, or 0. */
const char *command_option(const struct reader *r, const char *name);
double command_number(const struct reader *r, const char *name);
/* What is known of a file, which is entered if it is new. */
struct file *study_file(struct reader *r, const char *path);
/* Count what the command shows and writes into *g. */
int count_command(struct reader *r, struct lt_stage *g, struct lt_err *err);

/* Is word one of a list of n? */
bool commands_one_of(const char *word, const char *const *list, size_t n);
#define COMMANDS_ONE_OF(word, list) \
	commands_one_of(word, list, sizeof(list) / sizeof *(list))

#endif
