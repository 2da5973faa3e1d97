/* The stages of a study, from the commands that make prints.
 *
 * A stage waits for the stages that write the files that its command names.  A
 * search also waits for all that its seed shares, and that for the data.
 */
#include <ctype.h>
#include <limits.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/in.h"
#include "base/mem.h"
#include "base/num.h"
#include "commands_int.h"

static const char *const writes[] = {"-o", "--rest", "--events", "--log",
	"--best", "--cost", "--predictions", "--path", "--save-state",
	"--stop-info", "--stop-distances", "--stop-mask"};
bool
commands_one_of(const char *word, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(word, list[i]))
			return true;
	return false;
}

/* --- Words of a command. */

/* The last argument of an option, or NULL. */
const char *
command_option(const struct reader *r, const char *name)
{
	for (size_t i = r->cmd.n - 1; i-- > 1;)
		if (!strcmp(r->cmd.w[i], name))
			return r->cmd.w[i + 1];
	return NULL;
}

/* Its number; 0 without one. */
double
command_number(const struct reader *r, const char *name)
{
	const char *text = command_option(r, name);
	double v;

	return text && lt_num_f64(text, &v) ? v : 0;
}

static void
split(struct command *c)
{
	char *at = NULL;

	c->n = 0;
	for (char *p = strtok_r(c->text, " \t", &at); p;
		p = strtok_r(NULL, " \t", &at)) {
		lt_grow(&c->w, &c->w_cap, c->n + 1, sizeof *c->w);
		c->w[c->n++] = p;
	}
}

static void
replace(char **text, const char *value)
{
	free(*text);
	*text = lt_strdup(value);
}

/* --- The order of stages. */
static void
push(struct list *l, size_t v)
{
	lt_grow(&l->v, &l->cap, l->n + 1, sizeof *l->v);
	l->v[l->n++] = v;
}

/* The stages that the seed's searches wait for. */
static struct list *
shared_by_seed(struct reader *r)
{
	char *name = lt_asprintf("%s\t%s", r->net, r->seed);
	uint32_t k = lt_names_number(&r->seeds, name);
	size_t n = r->seed_cap;

	free(name);
	lt_grow(&r->shared, &r->seed_cap, k + 1, sizeof *r->shared);
	for (; n < r->seed_cap; n++)
		r->shared[n] = (struct list){0};
	return &r->shared[k];
}

static void
wait_for(struct reader *r, size_t stage)
{
	struct lt_study *s = &r->c->study;
	struct list *shared;

	for (size_t i = 1; i < r->cmd.n; i++) {
		int64_t k = lt_names_find(&r->files, r->cmd.w[i]);
		if (k >= 0 && r->file[k]->maker != NO_STAGE)
			lt_study_wait(s, r->file[k]->maker, stage);
	}
	if (!strcmp(r->search, "data")) {
		push(&r->before, stage);
		return;
	}
	shared = shared_by_seed(r);
	if (!strcmp(r->search, "dense")) {
		push(shared, stage);
		shared = &r->before;
	}
	for (size_t i = 0; i < shared->n; i++)
		lt_study_wait(s, shared->v[i], stage);
}

/* Enter the stage as the maker of what its command writes. */
static void
enter_files(struct reader *r, size_t stage)
{
	for (size_t i = 1; i + 1 < r->cmd.n; i++) {
		const char *w = r->cmd.w[i], *path = r->cmd.w[i + 1];
		if (!COMMANDS_ONE_OF(w, writes) || !strcmp(path, "/dev/null"))
			continue;
		/* These two may be other options of a program that writes
		 * nothing there. */
		if ((!strcmp(w, "--cost") || !strcmp(w, "--predictions")) &&
			!strchr(path, '/'))
			continue;
		study_file(r, path)->maker = stage;
	}
}

/* The number of the network where make is. */
static uint32_t
find_network(struct reader *r)
{
	struct commands *c = r->c;
	uint32_t k = lt_names_number(&c->study.network, r->net);
	size_t n = r->network_cap;

	lt_grow(&c->network, &r->network_cap, k + 1, sizeof *c->network);
	c->inits = lt_realloc(c->inits, r->network_cap, sizeof *c->inits);
	for (; n < r->network_cap; n++)
		c->network[n] =
			(struct commands_network){.least = NAN, .classes = NAN};
	return k;
}

/* A command of the suite; one whose product another stage makes is none. */
static int
read_stage(struct reader *r, struct lt_err *err)
{
	const char *product = command_option(r, "-o");
	struct lt_stage g = {.density = NAN};

	if (product && !strcmp(product, "/dev/null"))
		product = command_option(r, "--predictions");
	if (!product || study_file(r, product)->maker != NO_STAGE)
		return 0;
	size_t stage = lt_study_add(&r->c->study, &g);
	g.network = find_network(r);
	double threads = command_number(r, "--threads");
	g.threads = threads > 1 && threads < INT_MAX ? (int)threads : 1;
	wait_for(r, stage);
	enter_files(r, stage);
	if (count_command(r, &g, err) < 0)
		return -1;
	struct commands_network *n = &r->c->network[g.network];
	n->least = fmin(n->least, g.density);
	r->c->study.stage[stage] = g;
	return 0;
}

/* NET=, SEED= and SEARCH= of a make that the plan starts, without quotes. */
static void
read_place(struct reader *r)
{
	struct {
		const char *name;
		char **value;
	} places[] = {{"NET=", &r->net}, {"SEED=", &r->seed},
		{"SEARCH=", &r->search}};

	for (size_t i = 0; i < r->cmd.n; i++)
		for (size_t k = 0; k < 3; k++) {
			size_t length = strlen(places[k].name);
			if (strncmp(r->cmd.w[i], places[k].name, length) != 0)
				continue;
			char *to = r->cmd.w[i];
			for (char *p = to + length; *p; p++)
				if (*p != '\'')
					*to++ = *p;
			*to = '\0';
			replace(places[k].value, r->cmd.w[i]);
		}
}

static bool
is_program(const char *word)
{
	size_t n = strspn(word, "abcdefghijklmnopqrstuvwxyz-");

	return !strncmp(word, "lt-", 3) && n > 3 && !word[n];
}

/* Add a line to the command; a backslash at its end continues it. */
static int
read_line(struct reader *r, const char *line, size_t length, struct lt_err *err)
{
	struct command *c = &r->cmd;
	bool more = length && line[length - 1] == '\\';

	lt_grow(&c->text, &c->cap, c->size + length + 1, 1);
	memcpy(c->text + c->size, line, length + 1);
	c->size += length;
	if (more) {
		c->text[c->size - 1] = ' ';
		return 0;
	}
	c->size = 0;
	bool indented = isblank((unsigned char)*c->text);
	split(c);
	if (!indented && c->n && is_program(c->w[0]))
		return read_stage(r, err);
	read_place(r);
	return 0;
}

/* What a stage of the study says of the data sets of trainings. */
static void
describe_data(struct reader *r)
{
	for (size_t i = 0; i < r->c->study.network.n; i++) {
		struct commands_network *n = &r->c->network[i];
		const struct file *f = n->data ? study_file(r, n->data) : NULL;
		if (!f || !f->shape)
			continue;
		n->shape = lt_strdup(f->shape);
		n->classes = f->classes;
	}
}

static void
reader_release(struct reader *r)
{
	for (size_t i = 0; i < r->files.n; i++) {
		free(r->file[i]->shape);
		free(r->file[i]);
	}
	for (size_t i = 0; i < r->seed_cap; i++)
		free(r->shared[i].v);
	lt_names_release(&r->files);
	lt_names_release(&r->seeds);
	free(r->file);
	free(r->shared);
	free(r->before.v);
	free(r->cmd.text);
	free(r->cmd.w);
	free(r->net);
	free(r->seed);
	free(r->search);
}

int
commands_read(
	struct commands *c, const char *path, double share, struct lt_err *err)
{
	struct reader r = {.c = c,
		.share = share,
		.net = lt_strdup("-"),
		.seed = lt_strdup("-"),
		.search = lt_strdup("data")};
	struct lt_in *in = lt_in_open(path, err);
	size_t length;
	char *line;
	int more = -1;

	*c = (struct commands){0};
	while (in && (more = lt_in_line(in, &line, &length, err)) > 0)
		if (read_line(&r, line, length, err) < 0) {
			more = -1;
			break;
		}
	lt_in_close(in);
	if (more == 0)
		describe_data(&r);
	reader_release(&r);
	return more;
}

void
commands_release(struct commands *c)
{
	for (size_t i = 0; i < c->study.network.n; i++) {
		struct commands_network *n = &c->network[i];
		free(n->init);
		free(n->training);
		free(n->data);
		free(n->shape);
	}
	free(c->network);
	free(c->inits);
	lt_study_release(&c->study);
	*c = (struct commands){0};
}
