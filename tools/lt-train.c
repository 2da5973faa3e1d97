/* lt-train: train a segment of a schedule, dense or under a mask. */
#include <float.h>
#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/cli.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/tame.h"
#include "base/threads.h"
#include "run/train.h"
#include "net/arch.h"

static struct lt_common common;
static struct {
	const char *epochs, *iterations, *from, *to, *milestones, *warmup;
	const char *stop_every, *dst_every, *dst_end;
	const char *save_epochs, *save_states;
	struct lt_pick schedule, optimizer, augment;
	int path, compute, store, stop_rule, stop_start, stop_method, dst;
	double stop_rate, stop_sparsity;
	bool no_history;
} opt = {.schedule = {.name = lt_sched_name},
	.optimizer = {.name = lt_optimizer_name},
	.augment = {.name = lt_augment_name},
	.epochs = "182",
	.milestones = "91,136",
	.warmup = "0",
	.stop_every = "1",
	.dst_every = "100i"};
static struct lt_train_opt o = {.history = true, .tool = "lt-train"};

/* clang-format off */
static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &o.output, "FILE", NULL,
		"write the last weights to FILE"},
	{'d', "data", LT_OPT_STR, &o.data, "FILE", NULL,
		"train on this data set"},
	{'i', "index", LT_OPT_STR, &o.index, "LIST", NULL,
		"train only on the samples of LIST"},
	{0, "val-data", LT_OPT_STR, &o.val_data, "FILE", NULL,
		"validate on this data set (default: --data)"},
	{0, "val-index", LT_OPT_STR, &o.val_index, "LIST", NULL,
		"validate on the samples of LIST"},
	{0, "net", LT_OPT_STR, &o.net, "NET", NULL,
		"network of a checkpoint that contains none"},
	{'m', "mask", LT_OPT_STR, &o.mask, "FILE", NULL,
		"train under this mask; removed weights stay 0"},
	{0, "dst", LT_OPT_CHOICE, &opt.dst, "set|rigl", NULL,
		"change the mask while training; each layer keeps as many "
		"weights"},
	{0, "dst-every", LT_OPT_STR, &opt.dst_every, "X", "100i",
		"change the mask every X epochs, or, given 100i, every 100 "
		"iterations"},
	{0, "dst-fraction", LT_OPT_UNIT, &o.dst.fraction, "X", "0.3",
		"drop this share of the kept weights at first; it falls to 0 "
		"along a cosine"},
	{0, "dst-end", LT_OPT_STR, &opt.dst_end, "X", NULL,
		"change the mask only before this point (default: three "
		"quarters of the schedule)"},
	{0, "dst-mask", LT_OPT_STR, &o.dst_mask, "FILE", NULL,
		"write the mask of the last weights"},
	{'e', "epochs", LT_OPT_STR, &opt.epochs, "N", "182",
		"length of the whole schedule in epochs"},
	{0, "iterations", LT_OPT_STR, &opt.iterations, "N", NULL,
		"length of the whole schedule in iterations"},
	{0, "from", LT_OPT_STR, &opt.from, "X", "0",
		"begin after X epochs, or, given 500i, after 500 iterations"},
	{0, "to", LT_OPT_STR, &opt.to, "X", NULL,
		"end after X epochs (default: the whole schedule)"},
	{'b', "batch", LT_OPT_POS, &o.batch, "N", "128",
		"number of images in a step"},
	{0, "lr", LT_OPT_NONNEG, &o.lr, "X", "0.1",
		"learning rate; 0.001 with adam and adamw"},
	{0, "lr-scale", LT_OPT_STR, &o.lr_scale, "LIST", NULL,
		"multiply the rate of some layers: NAME:X,NAME:X"},
	{0, "freeze", LT_OPT_STR, &o.freeze, "NAMES", NULL,
		"keep these layers as they are"},
	{0, "schedule", LT_OPT_PICK, &opt.schedule, NULL, "multistep",
		"schedule of the learning rate"},
	{0, "milestones", LT_OPT_STR, &opt.milestones, "LIST", "91,136",
		"multistep: epochs after which the rate drops"},
	{0, "gamma", LT_OPT_NONNEG, &o.gamma, "X", "0.1",
		"multistep: multiply the rate by X at each drop"},
	{0, "warmup", LT_OPT_STR, &opt.warmup, "X", "0",
		"raise the rate linearly from 0 for X epochs"},
	{0, "optimizer", LT_OPT_PICK, &opt.optimizer, NULL, "sgd",
		"optimizer"},
	{0, "momentum", LT_OPT_UNIT, &o.optim.momentum, "X", "0.9",
		"sgd: momentum"},
	{0, "nesterov", LT_OPT_FLAG, &o.optim.nesterov, NULL, NULL,
		"sgd: use Nesterov's momentum"},
	{0, "beta1", LT_OPT_UNIT, &o.optim.beta1, "X", "0.9",
		"adam, adamw: decay of the first moment"},
	{0, "beta2", LT_OPT_UNIT, &o.optim.beta2, "X", "0.999",
		"adam, adamw: decay of the second moment"},
	{0, "eps", LT_OPT_NONNEG, &o.optim.eps, "X", "1e-08",
		"adam, adamw: number added to the root of the second moment"},
	{0, "weight-decay", LT_OPT_NONNEG, &o.optim.weight_decay, "X", "0.0001",
		"weight decay of all parameters"},
	{0, "scale-l1", LT_OPT_NONNEG, &o.optim.scale_l1, "X", "0",
		"L1 penalty on the scales of batch norms and group norms"},
	{0, "label-smoothing", LT_OPT_UNIT, &o.label_smoothing, "X", "0",
		"share of the target that is divided among all classes"},
	{0, "teacher", LT_OPT_STR, &o.teacher, "FILE", NULL,
		"learn from the logits of this checkpoint, too"},
	{0, "teacher-share", LT_OPT_UNIT, &o.teacher_share, "X", "0.9",
		"share of the teacher in the loss"},
	{0, "teacher-temperature", LT_OPT_NONNEG, &o.teacher_temperature, "X",
		"4", "divide the logits of both networks by X in that share"},
	{0, "augment", LT_OPT_PICK, &opt.augment, NULL, "none",
		"crop and flip the images at random"},
	{0, "crop-pad", LT_OPT_INT, &o.pad, "N", "4",
		"pad the images by N pixels before the crop"},
	{0, "mean", LT_OPT_STR, &o.mean, "LIST", NULL,
		"normalize by these means (default: INPUT's, else the data "
		"set's)"},
	{0, "std", LT_OPT_STR, &o.std, "LIST", NULL,
		"normalize by these standard deviations"},
	{0, "best", LT_OPT_STR, &o.best, "FILE", NULL,
		"write the weights with the best validation accuracy"},
	{0, "save-epochs", LT_OPT_STR, &opt.save_epochs, "LIST", NULL,
		"write the weights after these epochs"},
	{0, "save-states", LT_OPT_STR, &opt.save_states, "LIST", NULL,
		"write the state after these epochs, from which a run can "
		"continue"},
	{0, "save-prefix", LT_OPT_STR, &o.save_prefix, "PREFIX", NULL,
		"write them to PREFIX<epoch>.safetensors, "
		"PREFIX<epoch>.state.safetensors"},
	{0, "state", LT_OPT_STR, &o.state, "FILE", NULL,
		"keep the state of the run in FILE (default: .NAME.state "
		"beside -o)"},
	{0, "save-state", LT_OPT_STR, &o.save_state, "FILE", NULL,
		"write the state at the end of the segment"},
	{0, "log", LT_OPT_STR, &o.log, "FILE", NULL,
		"write a row for each epoch to FILE, its times to "
		"NAME.time.tsv"},
	{0, "events", LT_OPT_STR, &o.events, "FILE", NULL,
		"write changes in the predictions of each sample"},
	{0, "to-stops", LT_OPT_FLAG, &o.to_stops, NULL, NULL,
		"if --to is within an epoch, end the epoch there as a stop "
		"rule does"},
	{0, "patience", LT_OPT_POS, &o.patience, "N", NULL,
		"stop after N epochs without a better validation accuracy"},
	{0, "stop-rate", LT_OPT_UNIT, &opt.stop_rate, "X", NULL,
		"stop when the mask that removes this share of the weights has "
		"settled"},
	{0, "stop-sparsity", LT_OPT_UNIT, &opt.stop_sparsity, "X", NULL,
		"stop when the mask of this sparsity has settled"},
	{0, "stop-method", LT_OPT_CHOICE, &opt.stop_method, "magnitude|bn-scale",
		"magnitude",
		"criterion of these masks: weights by magnitude, or units by "
		"batch-norm scales"},
	{0, "stop-rule", LT_OPT_CHOICE, &opt.stop_rule,
		"pairwise|earlybird", NULL,
		"rule of PrAC (default with --stop-rate) or of early-bird "
		"(default with --stop-sparsity)"},
	{0, "stop-eps", LT_OPT_NONNEG, &o.stop.eps, "X", "0.08",
		"a mask has settled when its distances are below X"},
	{0, "stop-relative", LT_OPT_UNIT, &o.stop.relative, "X", NULL,
		"pairwise: a mask has settled when its distances are below X "
		"times the first ones"},
	{0, "stop-queue", LT_OPT_POS, &o.stop.queue, "N", "5",
		"compare N distances in a row (earlybird: N masks)"},
	{0, "stop-start", LT_OPT_CHOICE, &opt.stop_start, "exceed|always", NULL,
		"count distances from the first one above --stop-eps, or from "
		"the start"},
	{0, "stop-every", LT_OPT_STR, &opt.stop_every, "X", "1",
		"check every X epochs, or, given 100i, every 100 iterations"},
	{0, "stop-layers", LT_OPT_STR, &o.stop.layers, "KINDS", "conv,linear",
		"kinds of layers that the mask covers, as in lt-prune"},
	{0, "stop-exclude", LT_OPT_STR, &o.stop.exclude, "NAMES", NULL,
		"layers that the mask does not cover"},
	{0, "stop-mask", LT_OPT_STR, &o.stop_mask, "FILE", NULL,
		"write the mask of the last check"},
	{0, "stop-info", LT_OPT_STR, &o.stop_info, "FILE", NULL,
		"write whether and when the run stopped"},
	{0, "stop-distances", LT_OPT_STR, &o.stop_distances, "FILE", NULL,
		"write the mask distance of every check"},
	{0, "profile", LT_OPT_STR, &o.profile, "FILE", NULL,
		"write how long each part of the run took"},
	{0, "compute", LT_OPT_CHOICE, &opt.compute, "f32|bf16", "f32",
		"multiply weights and activations in single precision or in "
		"bfloat16"},
	{0, "store", LT_OPT_CHOICE, &opt.store, "f32|f16", "f32",
		"store activations and their gradients in single or half "
		"precision"},
	{0, "kern-path", LT_OPT_CHOICE, &opt.path, "auto|dense|sparse", "auto",
		"kernels to use under a mask; the output is the same"},
	{0, "no-history", LT_OPT_FLAG, &opt.no_history, NULL, NULL,
		"omit lt.history from the checkpoint"},
	LT_OPT_COMMON(&common),
	LT_OPT_END,
};
/* clang-format on */

static const struct lt_cmd cmd = {"lt-train",
	"[OPTION]... -d DATA -o FILE INPUT",
	"Train INPUT, a checkpoint or a saved state.", .options = options};

static volatile sig_atomic_t caught;

static void
on_signal(int sig)
{
	caught = sig;
}

/* SIGINT once: save and stop; the second time the default kills. */
static void
catch_signals(void)
{
	struct sigaction a = {.sa_handler = on_signal, .sa_flags = SA_RESTART};

	/* A reader of a stream that goes away makes a write fail: then the
	 * state is saved and reported. */
	signal(SIGPIPE, SIG_IGN);
	sigaction(SIGTERM, &a, NULL);
	sigaction(SIGUSR1, &a, NULL);
	a.sa_flags = SA_RESTART | SA_RESETHAND;
	sigaction(SIGINT, &a, NULL);
}

/* ---- reports ------------------------------------------------------------- */

/* Update the line of progress on a terminal, a few times a second. */
static void
show_step(const struct lt_report *r)
{
	static double shown;

	if (!isatty(2) || r->seconds - shown < 0.25)
		return;
	shown = r->seconds;
	double left = r->seconds * (double)r->left / (double)r->done;
	fprintf(stderr,
		"\repoch %" PRIu64 "/%" PRIu64 "  batch %" PRIu64 "/%" PRIu64
		"  loss %.4f  acc %.2f %%  %.0f images/s  %d:%02d left \033[K",
		r->epoch, r->epochs, r->step, r->steps, r->loss, r->accuracy,
		(double)r->images / r->seconds, (int)(left / 60),
		(int)left % 60);
}

static void
show_epoch(const struct lt_report *r)
{
	fprintf(stderr,
		"%sepoch %" PRIu64 "/%" PRIu64
		"  lr %.4g  loss %.4f  acc %.2f %%",
		isatty(2) ? "\r\033[K" : "", r->epoch, r->epochs, r->rate,
		r->loss, r->accuracy);
	if (!isnan(r->val_loss))
		fprintf(stderr, "  val loss %.4f  acc %.2f %%", r->val_loss,
			r->val_accuracy);
	if (!isnan(r->distance))
		fprintf(stderr, "  mask distance %.4f", r->distance);
	fprintf(stderr, "  %.1f s\n", r->seconds);
}

static void
show_note(const struct lt_report *r)
{
	char *text = lt_strdup(r->text);

	lt_tame(text, "");
	fprintf(stderr, "%s: %s\n", cmd.name, text);
	free(text);
}

static void
show(void *unused, const struct lt_report *r)
{
	(void)unused;
	switch (r->kind) {
	case LT_REPORT_NOTE:
		show_note(r);
		break;
	case LT_REPORT_STEP:
		show_step(r);
		break;
	case LT_REPORT_EPOCH:
		show_epoch(r);
		break;
	}
}

/* ---- options ------------------------------------------------------------- */

static struct lt_point
point(const char *option, const char *s, bool positive)
{
	struct lt_point p;

	if (!lt_point_parse(&p, s) || (positive && !p.value))
		lt_cli_usage(&cmd,
			"--%s: expected epochs, or iterations as 500i, found "
			"'%s'",
			option, s);
	return p;
}

static void
take_length(void)
{
	if (opt.iterations && lt_cli_given(&cmd, "epochs"))
		lt_cli_usage(
			&cmd, "--epochs and --iterations exclude each other");
	o.length = opt.iterations ? point("iterations", opt.iterations, true)
				  : point("epochs", opt.epochs, true);
	o.length.iterations |= opt.iterations != NULL;
	o.has_from = opt.from != NULL;
	o.has_to = opt.to != NULL;
	if (o.has_from)
		o.from = point("from", opt.from, false);
	if (o.has_to)
		o.to = point("to", opt.to, false);
}

static void
take_schedule(void)
{
	char *list = lt_strdup(opt.milestones), *rest = list, *s;

	o.sched = (enum lt_sched_kind)opt.schedule.i;
	lt_cli_needs(&cmd, "milestones gamma", o.sched == LT_SCHED_MULTISTEP,
		"--schedule multistep");
	o.warmup = point("warmup", opt.warmup, false);
	while (*list && (s = strsep(&rest, ","))) {
		if (o.milestones == LT_MAX_MILESTONES)
			lt_cli_usage(&cmd, "--milestones: expected at most %d",
				LT_MAX_MILESTONES);
		o.milestone[o.milestones++] = point("milestones", s, false);
	}
	free(list);
	if (o.sched != LT_SCHED_MULTISTEP)
		o.milestones = 0;
}

/* Refuse the settings of an optimizer that was not chosen; "--momentum needs
 * --optimizer sgd". */
static void
refuse_settings(const char *settings)
{
	char *what = NULL;

	for (int i = 0; i < LT_OPTIMS; i++) {
		if (strcmp(lt_optimizers[i].settings, settings) != 0)
			continue;
		char *more = lt_asprintf("%s%s", what ? what : "--optimizer ",
			lt_optimizers[i].name);
		free(what);
		what = lt_asprintf("%s or ", more);
		free(more);
	}
	what[strlen(what) - strlen(" or ")] = '\0';
	lt_cli_needs(&cmd, settings, false, what);
	free(what);
}

static void
take_optimizer(void)
{
	const struct lt_optimizer *chosen = &lt_optimizers[opt.optimizer.i];

	o.optim.kind = (enum lt_optim_kind)opt.optimizer.i;
	if (!lt_cli_given(&cmd, "lr"))
		o.lr = chosen->rate;
	for (int i = 0; i < LT_OPTIMS; i++)
		if (strcmp(lt_optimizers[i].settings, chosen->settings) != 0)
			refuse_settings(lt_optimizers[i].settings);
	lt_cli_needs(
		&cmd, "nesterov", o.optim.momentum > 0, "--momentum above 0");
	if (o.optim.beta1 >= 1 || o.optim.beta2 >= 1)
		lt_cli_usage(&cmd,
			"--%s: expected a number from 0 to below 1, found %.9g",
			o.optim.beta1 >= 1 ? "beta1" : "beta2",
			o.optim.beta1 >= 1 ? o.optim.beta1 : o.optim.beta2);
	if (!isnormal((float)o.optim.eps))
		lt_cli_usage(&cmd,
			"--eps: expected a number from %.3g to %.3g, found "
			"%.9g",
			(double)FLT_MIN, (double)FLT_MAX, o.optim.eps);
}

static void
take_stop(void)
{
	bool rate = lt_cli_given(&cmd, "stop-rate");
	bool sparsity = lt_cli_given(&cmd, "stop-sparsity");
	bool ruled = lt_cli_given(&cmd, "stop-rule");

	if (rate && sparsity)
		lt_cli_usage(&cmd,
			"--stop-rate and --stop-sparsity exclude each other");
	lt_cli_needs(&cmd,
		"stop-method stop-rule stop-eps stop-relative stop-queue "
		"stop-start "
		"stop-every stop-layers stop-exclude stop-mask stop-info "
		"stop-distances",
		rate || sparsity, "--stop-rate or --stop-sparsity");
	o.stop.by_rate = rate;
	o.stop.amount = rate ? opt.stop_rate : opt.stop_sparsity;
	if (rate || sparsity)
		o.stop.rule = (ruled ? !opt.stop_rule : rate)
				      ? LT_STOP_PAIRWISE
				      : LT_STOP_EARLYBIRD;
	if (opt.stop_method) {
		o.stop.method = "bn-scale";
		o.stop.unit = lt_unit_bn_scale;
	}
	bool earlybird = o.stop.rule == LT_STOP_EARLYBIRD;
	o.stop.always =
		lt_cli_given(&cmd, "stop-start") ? opt.stop_start : earlybird;
	o.stop.every = point("stop-every", opt.stop_every, true);
	if (o.stop.queue > LT_STOP_QUEUE || (earlybird && o.stop.queue < 2))
		lt_cli_usage(&cmd, "--stop-queue: expected %d to %d",
			earlybird ? 2 : 1, LT_STOP_QUEUE);
	if (o.stop.relative > 0 && o.stop.rule != LT_STOP_PAIRWISE)
		lt_cli_usage(&cmd, "--stop-relative needs the pairwise rule of "
				   "--stop-rate or --stop-sparsity");
	if (o.stop.relative > 0 && (lt_cli_given(&cmd, "stop-eps") ||
					   lt_cli_given(&cmd, "stop-start")))
		lt_cli_usage(&cmd, "--stop-relative replaces --stop-eps and "
				   "--stop-start, and excludes them");
	if (o.to_stops && (!o.has_to || o.stop.rule != LT_STOP_OFF))
		lt_cli_usage(
			&cmd, "--to-stops needs --to, and excludes stop rules");
}

static void
take_dst(void)
{
	bool given = lt_cli_given(&cmd, "dst");

	lt_cli_needs(&cmd, "dst-every dst-fraction dst-end dst-mask", given,
		"--dst");
	if (!given)
		return;
	o.dst.rule = (enum lt_dst_rule)(LT_DST_SET + opt.dst);
	o.dst.every = point("dst-every", opt.dst_every, true);
	if (opt.dst_end)
		o.dst.end = point("dst-end", opt.dst_end, true);
}

/* Temperatures whose squares and quotients of logits single precision holds. */
#define COLDEST 0.01
#define HOTTEST 1000.0

static void
take_teacher(void)
{
	lt_cli_needs(&cmd, "teacher-share teacher-temperature", o.teacher,
		"--teacher FILE");
	if (o.teacher_share <= 0)
		lt_cli_usage(&cmd,
			"--teacher-share: expected a number above 0 and at "
			"most 1, found %.9g",
			o.teacher_share);
	if (o.teacher_temperature < COLDEST || o.teacher_temperature > HOTTEST)
		lt_cli_usage(&cmd,
			"--teacher-temperature: expected a number from %g to "
			"%g, found %.9g",
			COLDEST, HOTTEST, o.teacher_temperature);
}

static struct lt_epochs
epochs(const char *name, const char *text)
{
	struct lt_epochs list = {0};

	if (text && !lt_num_list(text, &list.v, &list.n))
		lt_cli_usage(
			&cmd, "--%s: expected numbers, found '%s'", name, text);
	for (int i = 0; i < list.n && !o.length.iterations; i++)
		if (list.v[i] > o.length.value)
			lt_cli_usage(&cmd,
				"--%s: the schedule has %" PRIu64
				" epochs, expected none after them, found "
				"%" PRIu64,
				name, o.length.value, list.v[i]);
	return list;
}

static void
take_outputs(void)
{
	if (!o.output || !o.data)
		lt_cli_usage(&cmd, "-o FILE and --data FILE are needed");
	if (!strcmp(o.output, "-") && isatty(1))
		lt_cli_usage(
			&cmd, "a checkpoint cannot be written to a terminal");
	if ((!opt.save_epochs && !opt.save_states) != !o.save_prefix)
		lt_cli_usage(&cmd, "--save-prefix needs --save-epochs or "
				   "--save-states, and they need it");
	o.save_epochs = epochs("save-epochs", opt.save_epochs);
	o.save_states = epochs("save-states", opt.save_states);
	if ((o.best || o.patience) && !o.val_data && !o.val_index)
		lt_cli_usage(&cmd,
			"--best and --patience need --val-index or --val-data");
}

static void
claim_saved(struct lt_claims *c, const struct lt_epochs *list, const char *what,
	const char *ending)
{
	char after[64];

	for (int i = 0; i < list->n; i++) {
		snprintf(after, sizeof after, "%" PRIu64 "%s", list->v[i],
			ending);
		lt_claim_beside(
			c, LT_CLAIM_SIDE, what, o.save_prefix, "", after);
	}
}

/* A run that continues after a kill reads all of its inputs again except INPUT,
 * which only the last of its outputs may replace. */
static void
claim_files(void)
{
	struct lt_claims c = {0};

	lt_claim(&c, LT_CLAIM_IN, "INPUT", o.input);
	lt_claim(&c, LT_CLAIM_HELD, "--data", o.data);
	lt_claim(&c, LT_CLAIM_HELD, "--index", o.index);
	lt_claim(&c, LT_CLAIM_HELD, "--val-index", o.val_index);
	lt_claim(&c, LT_CLAIM_HELD, "--val-data", o.val_data);
	lt_claim(&c, LT_CLAIM_HELD, "--mask", o.mask);
	lt_claim(&c, LT_CLAIM_HELD, "--teacher", o.teacher);
	lt_arch_claim(&c, LT_CLAIM_HELD, "--net", o.net);
	lt_claim(&c, LT_CLAIM_OUT, "--output", o.output);
	lt_claim(&c, LT_CLAIM_OUT, "--save-state", o.save_state);
	lt_claim(&c, LT_CLAIM_SIDE, "--state", o.state);
	if (!o.state)
		lt_claim_beside(&c, LT_CLAIM_SIDE, "the state of --output",
			o.output, ".", ".state");
	lt_claim(&c, LT_CLAIM_SIDE, "--best", o.best);
	lt_claim(&c, LT_CLAIM_SIDE, "--log", o.log);
	lt_claim_times(&c, "the times of --log", o.log);
	lt_claim(&c, LT_CLAIM_SIDE, "--events", o.events);
	lt_claim(&c, LT_CLAIM_SIDE, "--stop-mask", o.stop_mask);
	lt_claim(&c, LT_CLAIM_SIDE, "--stop-info", o.stop_info);
	lt_claim(&c, LT_CLAIM_SIDE, "--stop-distances", o.stop_distances);
	lt_claim(&c, LT_CLAIM_SIDE, "--dst-mask", o.dst_mask);
	lt_claim(&c, LT_CLAIM_SIDE, "--profile", o.profile);
	claim_saved(&c, &o.save_epochs, "--save-epochs", ".safetensors");
	claim_saved(&c, &o.save_states, "--save-states", ".state.safetensors");
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	struct lt_err err;

	lt_cli_wait_passively(argv);
	if (lt_cli_parse(&cmd, argc, argv) != 1)
		lt_cli_usage(&cmd, "expected one checkpoint or state");
	o.input = argv[0];
	o.seed = common.seed;
	o.report = common.quiet ? NULL : show;
	o.threads = lt_threads(common.threads);
	if (o.pad > LT_PAD_MAX)
		lt_cli_usage(&cmd, "--crop-pad: expected at most %d, found %d",
			LT_PAD_MAX, o.pad);
	o.history = !opt.no_history;
	o.signal = &caught;
	o.augment = (enum lt_augment)opt.augment.i;
	lt_cli_needs(&cmd, "crop-pad", lt_augment_pads(o.augment),
		"--augment crop-flip or crop");
	o.compute = (enum lt_compute)opt.compute;
	lt_cli_needs(
		&cmd, "store", o.compute == LT_COMPUTE_F32, "--compute f32");
	o.half = opt.store;
	o.path = (enum lt_path)opt.path;
	take_length();
	take_schedule();
	take_optimizer();
	take_stop();
	take_dst();
	take_teacher();
	take_outputs();
	claim_files();
	catch_signals();
	if (!lt_train(&o, &err))
		return 0;
	int status = lt_cli_fail(&cmd, &err);
	if (caught == SIGINT)
		raise(SIGINT);
	return status;
}
