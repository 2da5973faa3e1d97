/* lt-slim: a smaller network without the units that a mask leaves dead. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/cli.h"
#include "base/out.h"
#include "base/threads.h"
#include "mask/maskfile.h"
#include "net/arch.h"
#include "ticket/slim.h"

static struct lt_common common;
static struct {
	const char *out, *mask, *net, *left, *table;
} opt;

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.out, "FILE", NULL,
		"write the smaller checkpoint to FILE"},
	{0, "net", LT_OPT_STR, &opt.net, "NET", NULL,
		"network of a checkpoint that contains none"},
	{'m', "mask", LT_OPT_STR, &opt.mask, "FILE", NULL,
		"cut the units that this mask leaves dead; without it, the "
		"mask of a saved state"},
	{0, "mask-output", LT_OPT_STR, &opt.left, "FILE", NULL,
		"write the mask of the weights that are left to FILE"},
	{0, "table", LT_OPT_STR, &opt.table, "FILE", NULL,
		"write a table of the layers' units to FILE"},
	LT_OPT_COMMON(&common),
	LT_OPT_END,
};

static const struct lt_cmd cmd = {"lt-slim",
	"[OPTION]... [-m MASK] -o FILE CHECKPOINT",
	"Cut the units that a mask leaves dead out of the network of "
	"CHECKPOINT.",
	.options = options};

/* The network at path, its metadata and its mask. */
struct input {
	const char *path;
	struct lt_graph *g;
	struct lt_model m;
	struct lt_st st;
	struct lt_mask mask;
};

/* The mask of --mask, or that of a state. */
static int
read_mask(struct input *in, struct lt_err *err)
{
	const char *kind = lt_st_meta(&in->st, "lt.kind");

	if (opt.mask)
		return lt_model_read_mask(
			&in->mask, opt.mask, in->g, in->path, err);
	if (kind && !strcmp(kind, "state")) {
		if (lt_mask_from_st(&in->mask, &in->st, in->path, err) < 0)
			return -1;
		if (in->mask.n > 0)
			return lt_model_check_mask(
				in->g, &in->mask, in->path, in->path, err);
	}
	lt_fail(err, LT_EDATA, "%s: contains no mask, and none is given",
		in->path);
	lt_fail_mend(err, "mask");
	return -1;
}

static int
read_input(struct input *in, struct lt_err *err)
{
	if (lt_model_open(&in->m, &in->g, &in->st, in->path, opt.net,
		    LT_MODEL_REST, err) < 0)
		return -1;
	return read_mask(in, err);
}

static int
write_model(const struct lt_slim *s, const struct input *in, struct lt_err *err)
{
	static const char *const same[] = {"lt.epoch", "lt.iteration",
		"lt.seed", "lt.mean", "lt.std", "lt.history"};
	struct lt_st st = {0};
	char from[16], mask[16], cut[32];

	lt_model_to_st(&s->m, "", &st);
	lt_st_set_meta(&st, "lt.kind", "checkpoint");
	lt_st_set_meta(&st, "lt.net", s->g->text);
	for (size_t i = 0; i < sizeof same / sizeof *same; i++) {
		const char *v = lt_st_meta(&in->st, same[i]);
		if (v)
			lt_st_set_meta(&st, same[i], v);
	}
	snprintf(from, sizeof from, "%08x", in->st.crc);
	snprintf(mask, sizeof mask, "%08x",
		opt.mask ? in->mask.crc : in->st.crc);
	snprintf(cut, sizeof cut, "%zu", s->cut);
	const char *history[] = {
		"checkpoint", from, "mask", mask, "cut", cut, NULL};
	lt_st_history(&st, "lt-slim", history);
	int bad = lt_st_write(&st, opt.out, err);
	lt_st_release(&st);
	return bad;
}

static int
write_table(const struct lt_slim *s, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(opt.table, err);

	if (!o)
		return -1;
	lt_out_printf(o, "layer\tunits\tkept\tcoupled\tpadded\tlast\toutput\t"
			 "bias\n");
	for (size_t i = 0; i < s->n; i++) {
		const struct lt_slim_layer *l = &s->layer[i];
		lt_out_printf(o, "%s\t%d\t%d", l->name, l->before, l->after);
		for (int w = 0; w < LT_SLIM_WHYS; w++)
			lt_out_printf(o, "\t%d", l->held[w]);
		lt_out_printf(o, "\t%d\n", l->folded);
	}
	return lt_out_commit(o, err);
}

/* Say how many dead units of a layer stay, and why. */
static void
warn_held(const struct lt_slim_layer *l)
{
	const int *held = l->held;

	if (held[LT_SLIM_COUPLED])
		lt_cli_warn(&cmd, &common,
			"'%s': %d dead units stay, because living channels of "
			"their sum, product or group depend on the same place",
			l->name, held[LT_SLIM_COUPLED]);
	if (held[LT_SLIM_PADDED])
		lt_cli_warn(&cmd, &common,
			"'%s': %d dead units stay, because their constant is "
			"not 0 and '%s' reads it with zeros around it",
			l->name, held[LT_SLIM_PADDED], l->reader);
	if (held[LT_SLIM_LAST])
		lt_cli_warn(&cmd, &common,
			"'%s': all units are dead; those of one channel stay",
			l->name);
	if (held[LT_SLIM_FIXED])
		lt_cli_warn(&cmd, &common,
			"'%s': %d dead units stay, because they are outputs of "
			"the network",
			l->name, held[LT_SLIM_FIXED]);
}

/* The network has dead units, but all stay: there is nothing to write. */
static int
refuse(const struct lt_slim *s, const char *path, struct lt_err *err)
{
	size_t held[LT_SLIM_WHYS] = {0};

	for (size_t i = 0; i < s->n; i++)
		for (int w = 0; w < LT_SLIM_WHYS; w++)
			held[w] += (size_t)s->layer[i].held[w];
	return lt_fail(err, LT_EDATA,
		"%s: none of %zu dead units can be cut: %zu stand beside "
		"living channels, %zu have a constant that a padded "
		"convolution reads, %zu are the last of their layer, %zu are "
		"outputs of the network",
		path, s->dead, held[LT_SLIM_COUPLED], held[LT_SLIM_PADDED],
		held[LT_SLIM_LAST], held[LT_SLIM_FIXED]);
}

static int
write_left(const struct lt_slim *s, const struct input *in, struct lt_err *err)
{
	char from[16];

	snprintf(from, sizeof from, "%08x", in->st.crc);
	const char *history[] = {"checkpoint", from, NULL};
	return lt_mask_write(&s->mask, opt.left, "lt-slim", history, err);
}

static int
slim(struct input *in, struct lt_err *err)
{
	struct lt_slim s;
	int bad = -1;

	if (lt_slim(&s, &in->m, &in->mask, common.threads, err) < 0)
		return -1;
	if (s.dead > 0 && s.cut == 0) {
		refuse(&s, in->path, err);
		goto out;
	}
	if (s.severed)
		lt_cli_warn(&cmd, &common,
			"%s: no path leads from the input to a logit, which "
			"are constants now; one dead unit of each layer stays",
			in->path);
	for (size_t i = 0; i < s.n && !s.severed; i++)
		warn_held(&s.layer[i]);
	if ((opt.table && write_table(&s, err) < 0) ||
		(opt.left && write_left(&s, in, err) < 0))
		goto out;
	bad = write_model(&s, in, err);
out:
	lt_slim_release(&s);
	return bad;
}

static void
claim_files(const char *checkpoint)
{
	struct lt_claims c = {0};

	lt_claim(&c, LT_CLAIM_IN, "CHECKPOINT", checkpoint);
	lt_claim(&c, LT_CLAIM_IN, "--mask", opt.mask);
	lt_arch_claim(&c, LT_CLAIM_IN, "--net", opt.net);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.out);
	lt_claim(&c, LT_CLAIM_OUT, "--mask-output", opt.left);
	lt_claim(&c, LT_CLAIM_SIDE, "--table", opt.table);
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	struct lt_err err;
	int n = lt_cli_parse(&cmd, argc, argv);

	if (n != 1)
		lt_cli_usage(&cmd, "expected one checkpoint, found %d", n);
	if (!opt.out)
		lt_cli_usage(&cmd, "-o FILE is needed");
	if (!strcmp(opt.out, "-") && isatty(1))
		lt_cli_usage(
			&cmd, "a checkpoint cannot be written to a terminal");
	claim_files(argv[0]);
	common.threads = lt_threads(common.threads);
	struct input in = {.path = argv[0]};
	int bad = read_input(&in, &err);
	if (!bad)
		bad = slim(&in, &err);
	lt_mask_release(&in.mask);
	lt_model_release(&in.m);
	lt_graph_free(in.g);
	lt_st_release(&in.st);
	return bad ? lt_cli_fail(&cmd, &err) : 0;
}
