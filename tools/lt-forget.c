/* lt-forget: count forgetting events. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/cli.h"
#include "base/mem.h"
#include "base/out.h"
#include "ticket/forget.h"

static struct {
	const char *output;
	uint64_t threshold;
	bool table, chain;
	struct lt_common common;
} opt = {.output = "-"};

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.output, "FILE", "-",
		"write to FILE; - is standard output"},
	{'t', "threshold", LT_OPT_U64, &opt.threshold, "N", "0",
		"list samples forgotten more than N times"},
	{0, "table", LT_OPT_FLAG, &opt.table, NULL, NULL,
		"write a table of counts instead of an index list"},
	{0, "continue", LT_OPT_FLAG, &opt.chain, NULL, NULL,
		"treat the files as consecutive segments of one run"},
	LT_OPT_COMMON(&opt.common),
	LT_OPT_END,
};

static const struct lt_cmd cmd = {"lt-forget", "[OPTION]... [EVENTS]...",
	"List the training samples that a network forgot or never learned.",
	.options = options};

static void
claim_files(const char *const *paths, int n)
{
	struct lt_claims c = {0};

	for (int i = 0; i < n; i++)
		lt_claim(&c, LT_CLAIM_IN, "EVENTS", paths[i]);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.output);
	lt_cli_claims(&cmd, &c);
}

static void
put_learned(struct lt_out *o, const struct lt_forget *run, uint32_t index)
{
	const struct lt_forget_sample *s = lt_forget_find(run, index);
	if (!s)
		lt_out_printf(o, "\tNaN");
	else if (!s->learned)
		lt_out_printf(o, "\tinf");
	else
		lt_out_printf(o, "\t%" PRIu32, s->learned);
}

/* Without --threshold every sample, with it those that would be listed. */
static int
write_table(const struct lt_forget *sum, const struct lt_forget *runs, int n,
	struct lt_err *err)
{
	struct lt_out *o = lt_out_open(opt.output, err);
	if (!o)
		return -1;
	bool all = !lt_cli_given(&cmd, "threshold");
	lt_out_printf(o, "index\tcount");
	for (int r = 0; r < n; r++) {
		if (n == 1)
			lt_out_printf(o, "\tlearned");
		else
			lt_out_printf(o, "\tlearned%d", r + 1);
	}
	lt_out_printf(o, "\n");
	for (size_t i = 0; i < sum->n; i++) {
		const struct lt_forget_sample *s = &sum->v[i];
		if (!all && !lt_forget_above(s, opt.threshold))
			continue;
		lt_out_printf(o, "%" PRIu32 "\t", s->index);
		if (s->learned)
			lt_out_printf(o, "%" PRIu64, s->count);
		else
			lt_out_printf(o, "inf");
		for (int r = 0; r < n; r++)
			put_learned(o, &runs[r], s->index);
		lt_out_printf(o, "\n");
	}
	return lt_out_commit(o, err);
}

static int
write_list(const struct lt_forget *sum, struct lt_err *err)
{
	struct lt_index ix = {0};
	lt_forget_select(&ix, sum, opt.threshold);
	int r = lt_index_write(&ix, opt.output, err);
	lt_index_release(&ix);
	return r;
}

int
main(int argc, char **argv)
{
	struct lt_err err;
	int n = lt_cli_parse(&cmd, argc, argv);
	static const char *const standard_input[] = {"-"};
	const char *const *paths = (const char *const *)argv;
	if (n == 0) {
		paths = standard_input;
		n = 1;
	}
	claim_files(paths, n);
	int runs = opt.chain ? 1 : n, r = 0;
	struct lt_forget *run = lt_alloc((size_t)runs, sizeof(*run)), sum = {0};
	for (int i = 0; i < runs && r == 0; i++)
		r = lt_forget_read(&run[i], &paths[i], opt.chain ? n : 1, &err);
	if (r == 0) {
		lt_forget_total(&sum, run, runs);
		r = opt.table ? write_table(&sum, run, runs, &err)
			      : write_list(&sum, &err);
	}
	lt_forget_release(&sum);
	for (int i = 0; i < runs; i++)
		lt_forget_release(&run[i]);
	free(run);
	return r < 0 ? lt_cli_fail(&cmd, &err) : LT_EOK;
}
