/* What the commands of a study show and write.  What is not known before the
 * study is an upper bound.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "commands_int.h"
#include "file/dataset.h"
#include "file/index.h"

/* Options of a training on which its speed depends. */
static const char *const shapes[] = {"--batch", "--augment", "--crop-pad",
	"--lr", "--schedule", "--gamma", "--optimizer", "--momentum", "--beta1",
	"--beta2", "--eps", "--weight-decay", "--label-smoothing", "--threads",
	"--kern-path", "--freeze"};

/* --- Files: lists, data sets and masks. */
struct file *
study_file(struct reader *r, const char *path)
{
	size_t n = r->files.n;
	uint32_t k = lt_names_number(&r->files, path);

	if (k == n) {
		lt_grow(&r->file, &r->file_cap, n + 1, sizeof *r->file);
		r->file[n] = lt_alloc(1, sizeof **r->file);
		*r->file[n] = (struct file){.maker = NO_STAGE,
			.samples = NAN,
			.classes = NAN,
			.density = 1};
	}
	return r->file[k];
}

static bool
ends_in(const char *path, const char *end)
{
	size_t n = strlen(path), m = strlen(end);

	return n >= m && !strcmp(path + n - m, end);
}

/* Count the samples of a list or data set that is there already. */
static int
look(struct file *f, const char *path, struct lt_err *err)
{
	struct lt_index ix = {0};
	struct lt_dataset d;
	int result = 0;

	if (f->looked || access(path, F_OK) < 0)
		return 0;
	f->looked = true;
	if (ends_in(path, ".idx")) {
		result = lt_index_read(&ix, path, err);
		f->samples = (double)ix.n;
		lt_index_release(&ix);
	} else if (ends_in(path, ".data")) {
		result = lt_dataset_open(&d, path, err);
		if (result == 0) {
			f->samples = (double)d.n;
			f->classes = d.classes;
		}
		lt_dataset_close(&d);
	}
	return result;
}

/* The samples that an option names, or those of a list of the share of D0. */
static int
count_samples(double *n, struct reader *r, const char *name, struct lt_err *err)
{
	const char *path = command_option(r, name);
	struct file *f = study_file(r, path ? path : "");

	if (path && look(f, path, err) < 0)
		return -1;
	*n = f->samples;
	if (isnan(*n)) {
		r->c->lists = true;
		*n = floor(r->share * r->d0 + 0.5);
	}
	return 0;
}

/* The share of the weights that the mask of an option keeps. */
static double
density_of(struct reader *r, const char *name)
{
	const char *path = command_option(r, name);

	return path ? study_file(r, path)->density : 1;
}

/* --- What a command shows and writes. */
typedef int counter(struct reader *r, struct lt_stage *g, struct file *product,
	struct lt_err *err);

static int
count_data(struct reader *r, struct lt_stage *g, struct file *product,
	struct lt_err *err)
{
	(void)g;
	if (look(product, command_option(r, "-o"), err) < 0)
		return -1;
	if (isnan(product->samples))
		product->samples = command_number(r, "--count");
	if (isnan(product->classes))
		product->classes = command_number(r, "--classes");
	if (command_option(r, "--shape") && !product->shape)
		product->shape = lt_strdup(command_option(r, "--shape"));
	r->c->study.images += product->samples;
	return 0;
}

/* What a command will write replaces what is there. */
static void
set_samples(struct file *f, double n)
{
	f->samples = n;
	f->looked = true;
}

static bool
is_whole(const char *text)
{
	return text && *text && !text[strspn(text, "0123456789")];
}

static int
count_subset(struct reader *r, struct lt_stage *g, struct file *product,
	struct lt_err *err)
{
	const char *size = command_option(r, "--size"),
		   *rest = command_option(r, "--rest");
	double whole, part;

	(void)g;
	if (strcmp(r->cmd.w[1], "split") != 0) {
		if (is_whole(size)) {
			set_samples(product, command_number(r, "--size"));
			if (!strcmp(r->search, "data"))
				r->d0 = product->samples;
		}
		return 0;
	}
	if (count_samples(&whole, r, "--data", err) < 0)
		return -1;
	part = floor((command_option(r, "--fraction")
				     ? command_number(r, "--fraction") * whole
				     : command_number(r, "--size")) +
		     0.5);
	set_samples(product, part);
	r->d0 = whole - part;
	if (rest)
		set_samples(study_file(r, rest), r->d0);
	return 0;
}

static void
append(char **text, const char *word)
{
	char *longer = lt_asprintf("%s %s", *text, word);

	free(*text);
	*text = longer;
}

static int
count_init(struct reader *r, struct lt_stage *g, struct file *product,
	struct lt_err *err)
{
	struct commands *c = r->c;
	char **text = &c->network[g->network].init;

	(void)product, (void)err;
	g->checkpoints = 1;
	if (*text)
		return 0;
	*text = lt_strdup("");
	for (size_t i = 1; i < r->cmd.n; i++) {
		const char *w = r->cmd.w[i];
		if (!strcmp(w, "-o") || !strcmp(w, "--seed") ||
			!strcmp(w, "--data"))
			i++;
		else if (strcmp(w, "-q") != 0)
			append(text, w);
	}
	c->inits[c->init_n++] = g->network;
	return 0;
}

static int
count_prune(struct reader *r, struct lt_stage *g, struct file *product,
	struct lt_err *err)
{
	const char *data = command_option(r, "--data");
	double d = density_of(r, "--mask");

	product->density = command_option(r, "--sparsity")
				   ? 1 - command_number(r, "--sparsity")
				   : d * (1 - command_number(r, "--rate"));
	g->masks = 1;
	g->density = d;
	if (!data)
		return 0;
	/* Scores by gradients of samples: a backward pass costs two forward
	 * passes. */
	struct file *set = study_file(r, data);
	if (look(set, data, err) < 0)
		return -1;
	if (!isnan(set->classes))
		g->forward = 3 * command_number(r, "--samples-per-class") *
			     set->classes;
	return 0;
}

/* A point of a schedule in epochs, of which each has so many batches. */
static double
epochs_at(const char *text, double batches)
{
	return ends_in(text, "i") ? strtod(text, NULL) / batches
				  : strtod(text, NULL);
}

static double
count_epochs(struct reader *r, double images)
{
	double batch = command_number(r, "--batch");
	double batches = batch > 0 ? floor((images + batch - 1) / batch) : 1;
	const char *from = command_option(r, "--from"),
		   *to = command_option(r, "--to");
	double e = command_option(r, "--epochs") ? command_number(r, "--epochs")
						 : r->epochs;

	r->epochs = fmax(r->epochs, e);
	return (to ? epochs_at(to, batches) : e) -
	       (from ? epochs_at(from, batches) : 0);
}

/* Keep what the speed of the network's trainings depends on. */
static void
keep_training(struct reader *r, struct commands_network *n)
{
	const char *data = command_option(r, "--data");

	if (n->training)
		return;
	n->training = lt_strdup("");
	for (size_t i = 1; i < r->cmd.n; i++) {
		const char *w = r->cmd.w[i];
		if (COMMANDS_ONE_OF(w, shapes) && i + 1 < r->cmd.n) {
			append(&n->training, w);
			append(&n->training, r->cmd.w[i + 1]);
		} else if (!strcmp(w, "--nesterov")) {
			append(&n->training, w);
		}
	}
	n->data = lt_strdup(data ? data : "");
}

static size_t
count_items(const char *list)
{
	size_t n = 1;

	while ((list = strchr(list, ',')))
		list++, n++;
	return n;
}

/* A training that may stop early, and the mask that it writes. */
static void
count_stop(struct reader *r, struct lt_stage *g, double d)
{
	const char *mask = command_option(r, "--stop-mask");
	bool sparsity = command_option(r, "--stop-sparsity");

	if (sparsity || command_option(r, "--stop-rate") ||
		command_option(r, "--patience"))
		r->c->stops = true;
	if (!mask)
		return;
	study_file(r, mask)->density =
		sparsity ? 1 - command_number(r, "--stop-sparsity")
			 : d * (1 - command_number(r, "--stop-rate"));
	g->masks++;
}

static int
count_train(struct reader *r, struct lt_stage *g, struct file *product,
	struct lt_err *err)
{
	const char *saved = command_option(r, "--save-epochs");
	double images, checked = 0;

	(void)product;
	if (count_samples(&images, r, "--index", err) < 0 ||
		(command_option(r, "--val-index") &&
			count_samples(&checked, r, "--val-index", err) < 0))
		return -1;
	double e = count_epochs(r, images);
	g->training = true;
	g->presented = e * images;
	g->forward = e * checked;
	g->density = density_of(r, "--mask");
	g->checkpoints = 1 + (command_option(r, "--best") != NULL) +
			 (saved ? (double)count_items(saved) : 0);
	if (command_option(r, "--events"))
		g->events = g->presented;
	count_stop(r, g, g->density);
	if (command_option(r, "--teacher"))
		r->c->teachers = true;
	keep_training(r, &r->c->network[g->network]);
	return 0;
}

static int
count_eval(struct reader *r, struct lt_stage *g, struct file *product,
	struct lt_err *err)
{
	(void)product;
	g->density = density_of(r, "--mask");
	if (count_samples(&g->forward, r,
		    command_option(r, "--index") ? "--index" : "--data",
		    err) < 0)
		return -1;
	if (command_option(r, "--predictions"))
		g->rows = g->forward;
	return 0;
}

static int
count_disagree(struct reader *r, struct lt_stage *g, struct file *product,
	struct lt_err *err)
{
	double n;

	(void)product;
	if (!command_option(r, "--data"))
		return 0;
	if (count_samples(&n, r,
		    command_option(r, "--index") ? "--index" : "--data",
		    err) < 0)
		return -1;
	g->forward = 2 * n;
	g->density =
		(density_of(r, "--mask-a") + density_of(r, "--mask-b")) / 2;
	return 0;
}

/* At each point of the line the samples are evaluated, and those that give
 * batch norms their statistics are passed over. */
static int
count_connect(struct reader *r, struct lt_stage *g, struct file *product,
	struct lt_err *err)
{
	double points = command_option(r, "--points")
				? command_number(r, "--points")
				: 31;
	double n, passed = 0;

	(void)product;
	if (count_samples(&n, r,
		    command_option(r, "--index") ? "--index" : "--data",
		    err) < 0 ||
		(command_option(r, "--bn-index") &&
			count_samples(&passed, r, "--bn-index", err) < 0))
		return -1;
	g->forward = points * (n + passed);
	g->density = density_of(r, "--mask");
	return 0;
}

static const struct {
	const char *program;
	counter *count;
} counters[] = {
	{"lt-data", count_data},
	{"lt-subset", count_subset},
	{"lt-init", count_init},
	{"lt-prune", count_prune},
	{"lt-train", count_train},
	{"lt-eval", count_eval},
	{"lt-disagree", count_disagree},
	{"lt-connect", count_connect},
};

int
count_command(struct reader *r, struct lt_stage *g, struct lt_err *err)
{
	struct file *product = study_file(r, command_option(r, "-o"));

	for (size_t i = 0; i < sizeof(counters) / sizeof *counters; i++)
		if (!strcmp(r->cmd.w[0], counters[i].program))
			return counters[i].count(r, g, product, err);
	return 0;
}
