/* lt-init: a network's initialization theta_0 as a checkpoint, or its text. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/cli.h"
#include "base/threads.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "file/dataset.h"
#include "net/arch.h"
#include "net/head.h"
#include "run/normalize.h"
#include "net/model.h"

static const char *
form_name(size_t i)
{
	return i < LT_FORM_COUNT ? lt_form_names[i] : NULL;
}

static struct lt_common common;
static struct {
	const char *out, *data, *input, *init, *from, *mean, *std;
	int classes, shortcut, head;
	double width;
	uint64_t params, macs;
	bool print, names, list, no_bias, signs;
	struct lt_pick form;
} opt = {.form = {.name = form_name}};

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.out, "FILE", NULL,
		"write the checkpoint, the text or the names to FILE"},
	{'d', "data", LT_OPT_STR, &opt.data, "FILE", NULL,
		"take the classes and the input shape of this data set"},
	{0, "classes", LT_OPT_POS, &opt.classes, "N", NULL,
		"number of classes (default: the network's own)"},
	{0, "input", LT_OPT_STR, &opt.input, "CxHxW", NULL,
		"shape of the images (default: the network's own)"},
	{0, "width", LT_OPT_NONNEG, &opt.width, "X", "1",
		"multiply the channels by X"},
	{0, "params", LT_OPT_U64, &opt.params, "N", NULL,
		"choose the width that gives about N parameters"},
	{0, "macs", LT_OPT_U64, &opt.macs, "N", NULL,
		"choose the width that gives about N multiply-adds for an "
		"image"},
	{0, "shortcut", LT_OPT_CHOICE, &opt.shortcut, "A|B", "A",
		"form of the shortcuts where a residual network widens"},
	{0, "form", LT_OPT_PICK, &opt.form, NULL, "cifar",
		"form of the network"},
	{0, "no-bias", LT_OPT_FLAG, &opt.no_bias, NULL, NULL,
		"omit biases of layers that a batch norm follows"},
	{0, "init", LT_OPT_STR, &opt.init, "NAME", NULL,
		"initialization (default: the network's own)"},
	{0, "from", LT_OPT_STR, &opt.from, "FILE", NULL,
		"take the weights from FILE: of another program, or a "
		"checkpoint"},
	{0, "head", LT_OPT_POS, &opt.head, "K", NULL,
		"give the network of --from a new last layer of K classes "
		"(default without NET: as many as --data has)"},
	{0, "signs", LT_OPT_FLAG, &opt.signs, NULL, NULL,
		"keep only the signs of the weights of a checkpoint, NET"},
	{0, "mean", LT_OPT_STR, &opt.mean, "LIST", NULL,
		"record these means for normalizing images"},
	{0, "std", LT_OPT_STR, &opt.std, "LIST", NULL,
		"record these standard deviations"},
	{'p', "print", LT_OPT_FLAG, &opt.print, NULL, NULL,
		"write the net text instead of a checkpoint"},
	{0, "names", LT_OPT_FLAG, &opt.names, NULL, NULL,
		"write a table of the state dict instead: names and shapes"},
	{'l', "list", LT_OPT_FLAG, &opt.list, NULL, NULL,
		"list built-in networks and initializations"},
	LT_OPT_COMMON(&common),
	LT_OPT_END,
};

static const struct lt_cmd cmd = {"lt-init", "[OPTION]... -o FILE NET",
	"Initialize NET, a built-in network or a net text file (lt-net(5)).",
	.options = options};

static void
list(void)
{
	printf("kind\tname\tinit\tdescription\tforms\n");
	for (const struct lt_arch *a = lt_arch_table; a->name; a++)
		printf("network\t%s\t%s\t%s\t%s\n", a->name, a->init, a->help,
			a->takes & LT_ARCH_FORM ? "cifar,torchvision"
						: "cifar");
	for (const char *const *s = lt_init_names; *s; s++)
		printf("init\t%s\tNaN\tNaN\tNaN\n", *s);
}

static void
read_input(struct lt_arch_opt *a)
{
	uint64_t v[3];
	int n = lt_num_dims(opt.input, v, 3);
	bool ok = n == 3;

	for (int i = 0; i < n; i++)
		ok = ok && v[i] >= 1 && v[i] <= 65536;
	if (!ok)
		lt_cli_usage(
			&cmd, "--input: expected CxHxW, found '%s'", opt.input);
	a->c = (int)v[0];
	a->h = (int)v[1];
	a->w = (int)v[2];
}

/* Take the shape and the classes from --data; --input and --classes replace
 * them. */
static int
shape_of_data(struct lt_arch_opt *a, struct lt_err *err)
{
	struct lt_dataset d;
	int bad = lt_dataset_open(&d, opt.data, err);

	if (!bad && !opt.classes)
		a->classes = d.classes;
	if (!bad && !opt.input) {
		a->c = d.c;
		a->h = d.h;
		a->w = d.w;
	}
	lt_dataset_close(&d);
	return bad;
}

static char *
built_in_text(const char *name, struct lt_err *err)
{
	struct lt_arch_opt a = {.classes = opt.classes,
		.width = opt.width,
		.no_bias = opt.no_bias,
		.form = (enum lt_form)opt.form.i};

	if (opt.width <= 0 || opt.width > LT_WIDTH_MOST)
		lt_cli_usage(&cmd, "--width must be above 0 and at most %d",
			LT_WIDTH_MOST);
	if (opt.input)
		read_input(&a);
	if (lt_cli_given(&cmd, "shortcut"))
		a.shortcut = "AB"[opt.shortcut];
	if (opt.data && shape_of_data(&a, err))
		return NULL;
	if (lt_cli_given(&cmd, "params") &&
		lt_arch_fit(&a, name, LT_SIZE_PARAMS, opt.params, err) < 0)
		return NULL;
	if (lt_cli_given(&cmd, "macs") &&
		lt_arch_fit(&a, name, LT_SIZE_MACS, opt.macs, err) < 0)
		return NULL;
	return lt_arch_text(name, &a, err);
}

static char *
net_text(const char *name, struct lt_err *err)
{
	static const char *const shape[] = {"data", "classes", "input", "width",
		"params", "macs", "shortcut", "form", "no-bias"};

	if (!lt_arch_is_file(name))
		return built_in_text(name, err);
	for (size_t i = 0; i < sizeof shape / sizeof *shape; i++)
		if (lt_cli_given(&cmd, shape[i]))
			lt_cli_usage(&cmd,
				"--%s is for built-in networks; edit %s",
				shape[i], name);
	return lt_arch_file(name, err);
}

static int
write_text(const struct lt_graph *g, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(opt.out ? opt.out : "-", err);

	if (!o)
		return -1;
	lt_out_printf(o, "%s", g->text);
	return lt_out_commit(o, err);
}

/* A table with a row for each tensor, in the order of PyTorch's modules. */
static int
write_names(const struct lt_graph *g, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(opt.out ? opt.out : "-", err);

	if (!o)
		return -1;
	lt_out_printf(o, "name\tshape\n");
	for (int i = 0; i < g->nparam; i++) {
		const struct lt_param *p = &g->param[i];
		lt_out_printf(o, "%s\t", p->name);
		for (int d = 0; d < p->ndim; d++)
			lt_out_printf(
				o, "%s%" PRIu64, d ? "x" : "", p->shape[d]);
		lt_out_printf(o, "\n");
		if (p->role == LT_ROLE_BN_VAR)
			lt_out_printf(o, "%s.num_batches_tracked\tscalar\n",
				g->node[p->node].name);
	}
	return lt_out_commit(o, err);
}

/* The normalization that --mean and --std give, or FILE carries; 1, 0: none. */
static int
take_norm(struct lt_norm *nm, const struct lt_st *from, int channels,
	struct lt_err *err)
{
	if (!opt.mean)
		return from ? lt_norm_own(nm, from, opt.from, channels, err)
			    : 0;
	return lt_norm_set(nm, opt.mean, opt.std, channels, err) < 0 ? -1 : 1;
}

/* nm: the normalization of the network's images, or NULL; before: the history
 * of the file that the weights come from, or NULL. */
static int
write_model(const struct lt_model *m, const char *seed, const char *before,
	const char *const *history, const struct lt_norm *nm,
	struct lt_err *err)
{
	struct lt_st st = {0};
	char *mean = nm ? lt_stats_text(nm->mean, m->g->c) : NULL;
	char *std = nm ? lt_stats_text(nm->std, m->g->c) : NULL;

	lt_model_to_st(m, "", &st);
	lt_st_set_meta(&st, "lt.kind", "checkpoint");
	lt_st_set_meta(&st, "lt.net", m->g->text);
	lt_st_set_meta(&st, "lt.epoch", "0");
	lt_st_set_meta(&st, "lt.iteration", "0");
	lt_st_set_meta(&st, "lt.seed", seed);
	if (nm) {
		lt_st_set_meta(&st, "lt.mean", mean);
		lt_st_set_meta(&st, "lt.std", std);
	}
	if (before)
		lt_st_set_meta(&st, "lt.history", before);
	lt_st_history(&st, "lt-init", history);
	int bad = lt_st_write(&st, opt.out, err);
	lt_st_release(&st);
	free(mean);
	free(std);
	return bad;
}

static int
write_random(const struct lt_graph *g, struct lt_err *err)
{
	struct lt_model m;
	struct lt_norm nm;
	int own = take_norm(&nm, NULL, g->c, err);

	if (own < 0)
		return -1;
	char *seed = lt_asprintf("%llu", (unsigned long long)common.seed);
	const char *init = opt.init ? opt.init : g->init ? g->init : "default";
	const char *history[] = {
		"net", g->name, "init", init, "seed", seed, NULL};

	lt_model_init(&m, g);
	lt_threads(common.threads);
	int bad = lt_model_random(&m, opt.init, common.seed, err);
	if (!bad)
		bad = write_model(
			&m, seed, NULL, history, own ? &nm : NULL, err);
	lt_model_release(&m);
	free(seed);
	return bad;
}

/* Weights that another program trained, as float32 and with the network. */
static int
write_from(const struct lt_graph *net, struct lt_err *err)
{
	struct lt_model m;
	struct lt_graph *g;
	struct lt_st from = {0};
	struct lt_norm nm;
	char crc[16];
	int own = 0;
	int bad = lt_model_read(&m, &g, &from, opt.from, net, 0, err);

	if (bad) {
		lt_st_release(&from);
		return -1;
	}
	snprintf(crc, sizeof crc, "%08x", from.crc);
	const char *history[] = {"net", g->name, "from", crc, NULL};
	if (lt_st_meta(&from, "lt.net"))
		bad = lt_fail(err, LT_EDATA,
			"%s: contains its network; expected no NET, or "
			"weights of another program",
			opt.from);
	else if ((own = take_norm(&nm, &from, g->c, err)) < 0)
		bad = -1;
	if (!bad)
		bad = write_model(
			&m, "0", NULL, history, own ? &nm : NULL, err);
	lt_st_release(&from);
	lt_model_release(&m);
	lt_graph_free(g);
	return bad;
}

/* The trained weights m for another task; --init and --seed draw a new head. */
static int
write_moved(const struct lt_model *m, const struct lt_st *from,
	const struct lt_head *to, struct lt_err *err)
{
	struct lt_graph *g = lt_head_graph(m->g, to, err);
	struct lt_model new;
	struct lt_norm nm;
	char crc[16], head[16], drawn[24];
	const char *seed = lt_st_meta(from, "lt.seed");
	int own;

	if (!g)
		return -1;
	lt_model_init(&new, g);
	lt_threads(common.threads);
	snprintf(crc, sizeof crc, "%08x", from->crc);
	snprintf(head, sizeof head, "%d", to->classes);
	snprintf(drawn, sizeof drawn, "%" PRIu64, common.seed);
	const char *init = opt.init ? opt.init : g->init ? g->init : "default";
	const char *history[] = {"net", g->name, "from", crc,
		to->classes ? "head" : NULL, head, "init", init, "seed", drawn,
		NULL};
	int bad = lt_model_random(&new, opt.init, common.seed, err);
	if (!bad) {
		lt_head_fill(&new, m, to);
		own = take_norm(&nm, from, g->c, err);
		bad = own < 0 ? -1
			      : write_model(&new,
					to->classes ? drawn
					: seed	    ? seed
						    : "0",
					lt_st_meta(from, "lt.history"), history,
					own ? &nm : NULL, err);
	}
	lt_model_release(&new);
	lt_graph_free(g);
	return bad;
}

/* The task that --head, --data and --input describe.  A name describes the
 * network that was trained, and --data and --input then belong to it. */
static int
read_task(struct lt_head *to, const char *name, struct lt_err *err)
{
	struct lt_arch_opt a = {0};

	if (!name && opt.input)
		read_input(&a);
	if (!name && opt.data && shape_of_data(&a, err))
		return -1;
	*to = (struct lt_head){.classes = opt.head ? opt.head : a.classes,
		.c = a.c,
		.h = a.h,
		.w = a.w};
	return 0;
}

/* Trained weights: the file at --from, with its own network or that of name. */
static int
write_pretrained(const char *name, struct lt_err *err)
{
	struct lt_head to;
	char *text = NULL;
	struct lt_graph *net = NULL, *g = NULL;
	struct lt_model m = {0};
	struct lt_st from = {0};
	int bad = -1;

	if (read_task(&to, name, err) < 0)
		return -1;
	if (name && (text = net_text(name, err)))
		net = lt_graph_parse(text, name, err);
	free(text);
	if ((!name || net) &&
		lt_model_read(&m, &g, &from, opt.from, net, 0, err) == 0) {
		if (name && lt_st_meta(&from, "lt.net"))
			lt_fail(err, LT_EUSAGE,
				"%s: contains its network; expected no NET, "
				"found '%s'",
				opt.from, name);
		else
			bad = write_moved(&m, &from, &to, err);
	}
	lt_st_release(&from);
	lt_model_release(&m);
	lt_graph_free(g);
	lt_graph_free(net);
	return bad;
}

/* The checkpoint at path with the signs of its weights alone. */
static int
write_signs(const char *path, struct lt_err *err)
{
	struct lt_graph *g = NULL;
	struct lt_model m = {0};
	struct lt_st st = {0};
	struct lt_norm nm;
	char crc[16];
	int own, bad = -1;

	if (lt_model_open(&m, &g, &st, path, NULL, 0, err) == 0 &&
		(own = take_norm(&nm, NULL, g->c, err)) >= 0 &&
		(own || (own = lt_norm_own(&nm, &st, path, g->c, err)) >= 0)) {
		const char *seed = lt_st_meta(&st, "lt.seed");
		snprintf(crc, sizeof crc, "%08x", st.crc);
		const char *history[] = {"net", g->name, "signs", crc, NULL};
		lt_model_signs(&m);
		bad = write_model(&m, seed ? seed : "0", NULL, history,
			own ? &nm : NULL, err);
	}
	lt_st_release(&st);
	lt_model_release(&m);
	lt_graph_free(g);
	return bad;
}

/* Options whose values a checkpoint has. */
static const char *const of_checkpoint[] = {"classes", "width", "params",
	"macs", "shortcut", "form", "no-bias", "print", "names"};
/* Others that --signs excludes. */
static const char *const not_signs[] = {
	"data", "input", "init", "from", "head", "seed"};

/* Refuse these options; what is "--signs", for example. */
static void
take_none(const char *what, const char *const *no, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (lt_cli_given(&cmd, no[i]))
			lt_cli_usage(&cmd, "%s takes no --%s", what, no[i]);
}
#define TAKE_NONE(what, no) take_none(what, no, sizeof(no) / sizeof *(no))

/* Make a network from its name or file, and write what was asked for. */
static int
write_net(const char *name, struct lt_err *err)
{
	char *text = net_text(name, err);

	if (!text)
		return -1;
	const char *source = strcmp(name, "-") ? name : "standard input";
	struct lt_graph *g = lt_graph_parse(text, source, err);
	free(text);
	if (!g)
		return -1;
	int bad = opt.print   ? write_text(g, err)
		  : opt.names ? write_names(g, err)
		  : opt.from  ? write_from(g, err)
			      : write_random(g, err);
	lt_graph_free(g);
	return bad;
}

static void
claim_files(const char *net)
{
	struct lt_claims c = {0};

	if (opt.signs)
		lt_claim(&c, LT_CLAIM_IN, "CHECKPOINT", net);
	else if (net)
		lt_arch_claim(&c, LT_CLAIM_IN, "NET", net);
	lt_claim(&c, LT_CLAIM_IN, "--data", opt.data);
	lt_claim(&c, LT_CLAIM_IN, "--from", opt.from);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.out ? opt.out : "-");
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	struct lt_err err;
	int n = lt_cli_parse(&cmd, argc, argv);

	if (opt.list && n > 0)
		lt_cli_usage(&cmd, "--list takes no network");
	lt_cli_needs(&cmd, "init", !opt.print && !opt.names,
		"a checkpoint as output, not --print or --names");
	if (opt.list) {
		list();
		if (fflush(stdout) == 0)
			return 0;
		lt_fail_errno(&err, "standard output");
		return lt_cli_fail(&cmd, &err);
	}
	lt_cli_needs(&cmd, "head", opt.from, "--from");
	if (n != 1 && !(opt.from && n == 0))
		lt_cli_usage(&cmd, "expected one network, found %d", n);
	bool text_only = opt.print || opt.names;
	if (opt.signs) {
		TAKE_NONE("--signs", of_checkpoint);
		TAKE_NONE("--signs", not_signs);
	}
	if (opt.from && n == 0)
		TAKE_NONE("--from without NET", of_checkpoint);
	bool new_head = opt.head || (opt.data && n == 0);
	if (lt_cli_given(&cmd, "width") + lt_cli_given(&cmd, "params") +
			lt_cli_given(&cmd, "macs") >
		1)
		lt_cli_usage(&cmd, "--width, --params and --macs exclude each "
				   "other");
	if (opt.print && opt.names)
		lt_cli_usage(&cmd, "--print and --names exclude each other");
	if (opt.from && (text_only || (opt.init && !new_head)))
		lt_cli_usage(&cmd, "--from excludes --print and --names, and "
				   "--init without a new last layer (--head)");
	if (!opt.mean != !opt.std || (opt.mean && text_only))
		lt_cli_usage(&cmd, "--mean and --std must be given together, "
				   "and only for a checkpoint");
	if (!opt.out && !text_only)
		lt_cli_usage(&cmd, "-o FILE is needed");
	if (opt.out && !text_only && !strcmp(opt.out, "-") && isatty(1))
		lt_cli_usage(
			&cmd, "a checkpoint cannot be written to a terminal");
	claim_files(argv[0]);
	int bad = opt.signs	   ? write_signs(argv[0], &err)
		  : opt.head || !n ? write_pretrained(n ? argv[0] : NULL, &err)
				   : write_net(argv[0], &err);
	return bad ? lt_cli_fail(&cmd, &err) : 0;
}
