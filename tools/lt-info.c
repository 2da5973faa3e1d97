/* lt-info: describe a file of ours. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "base/answer.h"
#include "base/cli.h"
#include "base/out.h"
#include "file/dataset.h"
#include "info/describe.h"
#include "info/differ.h"
#include "info/filekind.h"
#include "mask/maskfile.h"
#include "source/picture.h"
#include "file/st.h"
#include "info/netinfo.h"
#include "info/lineage.h"
#include "info/remake.h"

static struct {
	const char *output, *picture, *layer, *nm;
	struct lt_strs meta;
	bool check, diff, history, remake, cpu, reseal, net, graph, tsv, json;
	struct lt_common common;
} opt = {.output = "-"};

static struct lt_nm pattern; /* of --nm */

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.output, "FILE", "-",
		"write to FILE; - is standard output"},
	{0, "check", LT_OPT_FLAG, &opt.check, NULL, NULL,
		"check each file completely; exit with status 1 if one is "
		"damaged"},
	{0, "diff", LT_OPT_FLAG, &opt.diff, NULL, NULL,
		"print where two checkpoints, states or masks differ; exit "
		"with status 1 if they do"},
	{0, "history", LT_OPT_FLAG, &opt.history, NULL, NULL,
		"print the commands that made the first file, as a tree; look "
		"for what they read among the other files"},
	{0, "remake", LT_OPT_FLAG, &opt.remake, NULL, NULL,
		"print these commands in the order in which sh can run them"},
	{0, "cpu", LT_OPT_FLAG, &opt.cpu, NULL, NULL,
		"print which kernels the processor runs; no FILE"},
	{0, "meta", LT_OPT_STRS, &opt.meta, "KEY", NULL,
		"print only the value of the metadata KEY; may be repeated"},
	{0, "net", LT_OPT_FLAG, &opt.net, NULL, NULL,
		"print only the net text of a checkpoint"},
	{0, "graph", LT_OPT_FLAG, &opt.graph, NULL, NULL,
		"draw only the network of net text or of a checkpoint"},
	{0, "tsv", LT_OPT_FLAG, &opt.tsv, NULL, NULL, "print only the table"},
	{0, "json", LT_OPT_FLAG, &opt.json, NULL, NULL,
		"print a line with a JSON object for each file"},
	{0, "picture", LT_OPT_STR, &opt.picture, "FILE", NULL,
		"draw the kept weights of a layer as .png or .pbm"},
	{0, "layer", LT_OPT_STR, &opt.layer, "NAME", NULL, "draw this layer"},
	{0, "nm", LT_OPT_STR, &opt.nm, "N:M", NULL,
		"print only what each M consecutive inputs of a mask keep; "
		"exit with status 1 if some keep more than N"},
	{0, "reseal", LT_OPT_FLAG, &opt.reseal, NULL, NULL,
		"copy a file that another program rewrote, and renew its "
		"checksums"},
	LT_OPT_COMMON(&opt.common),
	LT_OPT_END,
};

static const struct lt_cmd cmd = {"lt-info", "[OPTION]... FILE...",
	"Describe files: checkpoints, masks, data sets, lists, tables.",
	.options = options};

/* Safetensors, with fd >= 0 for a data set, whose images stay in the file. */
struct loaded {
	struct lt_st st;
	int fd;
};

static void
unload(struct loaded *l)
{
	lt_st_release(&l->st);
	if (l->fd >= 0)
		close(l->fd);
}

static int
load(struct loaded *l, const char *path, struct lt_err *err)
{
	if (lt_st_open(&l->st, path, &l->fd, err) == 0) {
		const char *kind = lt_st_meta(&l->st, "lt.kind");
		if (kind && strcmp(kind, "data") == 0)
			return 0;
		unload(l);
	}
	l->fd = -1;
	return lt_st_read(&l->st, path, err);
}

static int
describe_mask(struct lt_answer *a, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	struct lt_mask m;
	if (lt_mask_from_file(&m, st, path, err) < 0)
		return -1;
	if (!opt.tsv) {
		lt_describe_meta(a, st);
		lt_answer_gap(a);
	}
	lt_describe_mask(a, &m, NULL, 0);
	lt_mask_release(&m);
	return 0;
}

static int
describe_data(struct lt_answer *a, const struct lt_st *st, const char *path,
	struct lt_err *err)
{
	struct lt_dataset d;
	if (lt_dataset_open(&d, path, err) < 0)
		return -1;
	if (!opt.tsv) {
		lt_describe_data(a, &d);
		lt_describe_meta(a, st);
		lt_answer_gap(a);
	}
	lt_describe_classes(a, &d);
	lt_dataset_close(&d);
	return opt.check ? lt_st_verify(st, path, err) : 0;
}

static int
describe_safetensors(struct lt_answer *a, const char *path, struct lt_err *err)
{
	struct loaded l;
	if (load(&l, path, err) < 0)
		return -1;
	const char *kind = lt_st_meta(&l.st, "lt.kind");
	if (!opt.tsv)
		lt_answer_text(a, "kind",
			kind	       ? kind
			: l.st.foreign ? "safetensors of another program"
				       : "safetensors");
	int r = kind && strcmp(kind, "mask") == 0
			? describe_mask(a, &l.st, path, err)
		: kind && strcmp(kind, "data") == 0
			? describe_data(a, &l.st, path, err)
			: lt_netinfo_weights(a, &l.st, path, opt.tsv, err);
	unload(&l);
	return r;
}

static int
describe_kind(struct lt_answer *a, const char *path, struct lt_err *err)
{
	enum lt_filekind kind;
	if (lt_filekind_find(path, &kind, err) < 0)
		return -1;
	if (opt.graph)
		return lt_netinfo_draw(a->out, path, kind == LT_FILE_NET, err);
	if (kind == LT_FILE_SAFETENSORS)
		return describe_safetensors(a, path, err);
	if (kind != LT_FILE_NET && opt.tsv)
		lt_out_printf(a->out, "fact\tvalue\n");
	if (kind != LT_FILE_NET || !opt.tsv)
		lt_answer_text(a, "kind", lt_filekind_name[kind]);
	if (kind == LT_FILE_NET)
		return lt_netinfo_text(a, path, opt.tsv, err);
	return lt_describe_other(a, kind, path, err);
}

/* The groups of --nm.  1 if some keep too many. */
static int
describe_groups(struct lt_out *o, const char *path, struct lt_err *err)
{
	struct lt_answer a = {.out = o};
	struct lt_mask m;
	size_t over = 0;

	if (lt_mask_read(&m, path, NULL, NULL, err) < 0)
		return -1;
	int bad = lt_describe_groups(&a, &over, &m, pattern, path, err);
	if (!bad)
		lt_answer_end(&a);
	lt_mask_release(&m);
	return bad ? -1 : over > 0;
}

/* name: of the file, where path is a copy of a pipe. */
static int
describe(struct lt_out *o, const char *path, const char *name,
	struct lt_err *err)
{
	struct lt_answer a = {.out = o, .json = opt.json};

	if (a.json)
		lt_answer_text(&a, "file", name);
	int r = describe_kind(&a, path, err);
	if (r == 0)
		lt_answer_end(&a);
	lt_answer_release(&a);
	return r;
}

static int
print_meta(struct lt_out *o, const char *path, struct lt_err *err)
{
	struct loaded l;
	int r = load(&l, path, err);
	for (int i = 0; r == 0 && i < opt.meta.n; i++) {
		const char *v = lt_st_meta(&l.st, opt.meta.v[i]);
		if (v)
			lt_out_printf(o, "%s\n", v);
		else
			r = lt_fail(err, LT_EDATA, "%s: no metadata '%s'", path,
				opt.meta.v[i]);
	}
	if (r == 0 && opt.net) {
		const char *v = lt_st_meta(&l.st, "lt.net");
		if (v)
			lt_out_printf(o, "%s", v);
		else
			r = lt_fail(err, LT_EDATA,
				"%s: contains no network (lt.net)", path);
	}
	unload(&l);
	return r;
}

static int
write_picture(const char *path, struct lt_err *err)
{
	struct loaded l;
	int r = load(&l, path, err);
	if (r == 0)
		r = lt_picture_write(opt.picture, &l.st, opt.layer, path, err);
	unload(&l);
	return r;
}

static int
reseal(const char *path, struct lt_err *err)
{
	struct lt_st st;
	struct lt_mask m = {0};
	if (lt_st_read_how(
		    &st, path, &(struct lt_st_how){.lenient = true}, err) < 0)
		return -1;
	const char *kind = lt_st_meta(&st, "lt.kind");
	int r = 0;
	if (!kind)
		r = lt_fail(err, LT_EDATA,
			"%s: has no lt.kind, expected a file that lt wrote",
			path);
	else if (strcmp(kind, "mask") == 0)
		r = lt_mask_from_st(&m, &st, path, err);
	if (r == 0 && m.n)
		lt_mask_set_counts(&m, &st);
	if (r == 0)
		r = lt_st_write(&st, opt.output, err);
	lt_mask_release(&m);
	lt_st_release(&st);
	return r;
}

/* Read all of a file and report whether it is whole.  Return 0, 1 or the
 * status of a failed read. */
static int
check(struct lt_out *o, const char *path, const char *name)
{
	struct lt_err err;
	struct lt_out *none = lt_out_open("/dev/null", &err);
	int r = none ? describe(none, path, name, &err) : -1;
	if (r == 0) {
		r = lt_out_commit(none, &err);
		none = NULL;
	}
	lt_out_abandon(none);
	if (r == 0) {
		lt_out_text(o, name);
		lt_out_printf(o, ": ok\n");
	} else
		lt_cli_fail(&cmd, &err);
	return r == 0			? LT_EOK
	       : err.status == LT_EDATA ? lt_cli_no()
					: err.status;
}

/* Read what --diff compares. */
static int
read_compared(struct lt_st *st, const char *path, struct lt_err *err)
{
	if (lt_st_read(st, path, err) < 0)
		return -1;
	const char *kind = lt_st_meta(st, "lt.kind");
	if (!kind || strcmp(kind, "data") != 0)
		return 0;
	lt_st_release(st);
	return lt_fail(err, LT_EDATA,
		"%s: has kind data, expected a checkpoint, a state or a mask",
		path);
}

/* The differences of two files, to --output. */
static int
diff(char **path, struct lt_err *err)
{
	struct lt_st x = {0}, y = {0};
	size_t rows = 0;
	int bad = -1;

	if (read_compared(&x, path[0], err) < 0 ||
		read_compared(&y, path[1], err) < 0)
		goto out;
	struct lt_answer a = {.out = lt_out_open(opt.output, err)};
	if (!a.out)
		goto out;
	rows = lt_describe_diff(&a, &x, &y);
	lt_answer_end(&a);
	bad = lt_out_commit(a.out, err);
out:
	lt_st_release(&x);
	lt_st_release(&y);
	return bad < 0 ? lt_cli_fail(&cmd, err) : rows ? lt_cli_no() : LT_EOK;
}

/* How the first file was made, to --output. */
static int
tell_history(char **path, int n, struct lt_err *err)
{
	struct lt_lineage l;

	if (lt_lineage_read(&l, path, n, err) < 0)
		return -1;
	struct lt_out *o = lt_out_open(opt.output, err);
	if (o && opt.remake)
		remake(&l, o);
	else if (o)
		lt_lineage_tree(&l, o);
	lt_lineage_release(&l);
	return o ? lt_out_commit(o, err) : -1;
}

/* The kernels of this machine. */
static int
describe_cpu(struct lt_out *o, struct lt_err *err)
{
	struct lt_answer a = {.out = o, .json = opt.json};
	int r = lt_describe_cpu(&a, err);

	if (r == 0)
		lt_answer_end(&a);
	else
		lt_answer_release(&a);
	return r;
}

/* All files, to --output; with --check to the end, else to the first that
 * fails.  A pipe is copied to standard input, to be read from its start. */
static int
inform_all(char **path, int n, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(opt.output, err);
	int worst = LT_EOK, r = o ? 0 : -1;
	bool plain = opt.meta.n || opt.net;
	if (r == 0 && opt.cpu)
		r = describe_cpu(o, err);
	for (int i = 0; r == 0 && i < n; i++) {
		const char *p = path[i];
		r = lt_filekind_hold(&p, err);
		if (r == 0 && opt.check) {
			int status = check(o, p, path[i]);
			worst = status > worst ? status : worst;
			continue;
		}
		if (r == 0 && n > 1 && !plain && !opt.json) {
			lt_out_printf(o, "%sfile\t", i ? "\n" : "");
			lt_out_text(o, p);
			lt_out_printf(o, "\n");
		}
		if (r == 0 && opt.nm) {
			int over = describe_groups(o, p, err);
			worst = over > 0 ? lt_cli_no() : worst;
			r = over < 0 ? -1 : 0;
		} else if (r == 0)
			r = plain ? print_meta(o, p, err)
				  : describe(o, p, path[i], err);
	}
	if (r == 0)
		r = lt_out_commit(o, err);
	else
		lt_out_abandon(o);
	return r == 0 ? worst : lt_cli_fail(&cmd, err);
}

static void
check_options(char **path, int n)
{
	int modes = opt.check + opt.diff + opt.history + opt.remake + opt.cpu +
		    opt.reseal + opt.tsv + opt.graph + (opt.json && !opt.cpu) +
		    (opt.picture != NULL) + (opt.meta.n || opt.net) +
		    (opt.nm != NULL);
	if (opt.cpu && n > 0)
		lt_cli_usage(&cmd, "expected no file with --cpu");
	if (n < 1 && !opt.cpu)
		lt_cli_usage(&cmd, "expected a file");
	if (modes > 1)
		lt_cli_usage(&cmd,
			"--check, --diff, --history, --remake, --cpu, --meta "
			"or --net, --graph, "
			"--tsv, "
			"--json, --picture, --nm and --reseal exclude each "
			"other");
	if (opt.nm && !lt_nm_parse(&pattern, opt.nm))
		lt_cli_usage(&cmd,
			"--nm: expected N:M with 1 <= N < M <= %d, found '%s'",
			LT_NM_MOST, opt.nm);
	if (opt.diff && n != 2)
		lt_cli_usage(&cmd, "--diff: expected two files, found %d", n);
	if (n > 1 && (opt.reseal || opt.picture || opt.tsv))
		lt_cli_usage(&cmd, "expected one file, found %d", n);
	if (!opt.picture != !opt.layer)
		lt_cli_usage(
			&cmd, "--picture and --layer must be given together");
	if (opt.picture && !lt_picture_name(opt.picture))
		lt_cli_usage(&cmd,
			"--picture: expected a name in .png or .pbm, found "
			"'%s'",
			opt.picture);
	lt_cli_needs(&cmd, "output", !opt.picture, "no --picture");
	if (opt.reseal && !lt_cli_given(&cmd, "output"))
		lt_cli_usage(&cmd, "--reseal needs --output");
	for (int i = 1; i < n; i++)
		if (strcmp(path[i], "-") == 0)
			lt_cli_usage(&cmd,
				"standard input (-) must be the first file");
}

static void
claim_files(char **path, int n)
{
	struct lt_claims c = {0};

	for (int i = 0; i < n; i++)
		lt_claim(&c, LT_CLAIM_IN, "FILE", path[i]);
	if (!opt.picture)
		lt_claim(&c, LT_CLAIM_OUT, "--output", opt.output);
	lt_claim(&c, LT_CLAIM_SIDE, "--picture", opt.picture);
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	struct lt_err err;
	int n = lt_cli_parse(&cmd, argc, argv);
	check_options(argv, n);
	claim_files(argv, n);
	if (opt.diff)
		return diff(argv, &err);
	if (!opt.reseal && !opt.picture && !opt.history && !opt.remake)
		return inform_all(argv, n, &err);
	int r = opt.reseal    ? reseal(argv[0], &err)
		: opt.picture ? write_picture(argv[0], &err)
			      : tell_history(argv, n, &err);
	return r < 0 ? lt_cli_fail(&cmd, &err) : LT_EOK;
}
