/* What a study will cost: lt plan. */
#include <inttypes.h>
#include <stdio.h>
#include "actions.h"
#include "base/out.h"
#include "commands.h"

/* A fact: for people by its text, in a table by its value. */
static void
put_fact(
	struct lt_out *o, const char *name, const char *text, const char *value)
{
	if (opt.tsv)
		lt_out_printf(o, "%s\t%s\n", name, value);
	else
		lt_out_printf(o, "%-22s %s\n", name, text);
}

#define TEXT 64

/* A large number with three digits and the prefix of its unit. */
static void
write_amount(char *text, double v, const char *of)
{
	static const char *const prefix[] = {"", "k", "M", "G", "T", "P", "E"};
	int i = 0;

	for (; v >= 1000 && i < 6; i++)
		v /= 1000;
	snprintf(text, TEXT, "%.3g %s%s", v, prefix[i], of);
}

static void
put_count(struct lt_out *o, const char *name, double v, const char *of)
{
	char text[TEXT], value[TEXT];

	write_amount(text, v, of);
	snprintf(value, TEXT, "%.0f", v);
	put_fact(o, name, text, value);
}

static void
put_stages(struct lt_out *o, const struct lt_expense *e)
{
	char text[TEXT], value[TEXT];

	snprintf(text, TEXT, "%zu, of which %zu are trainings", e->stages,
		e->trainings);
	snprintf(value, TEXT, "%zu", e->stages);
	put_fact(o, "stages", text, value);
	snprintf(value, TEXT, "%zu", e->trainings);
	put_fact(o, "trainings", value, value);
}

/* Minutes and seconds, and hours if there are any. */
static void
put_time(struct lt_out *o, const char *name, double seconds, const char *jobs)
{
	char text[TEXT], value[TEXT];
	/* Commands that contradict each other may take less than no time. */
	uint64_t s = seconds >= 0 && seconds < 1e18 ? (uint64_t)seconds : 0;

	if (s < 3600)
		snprintf(text, TEXT, "%" PRIu64 ":%02" PRIu64 " for %s", s / 60,
			s % 60, jobs);
	else
		snprintf(text, TEXT,
			"%" PRIu64 ":%02" PRIu64 ":%02" PRIu64 " for %s",
			s / 3600, s % 3600 / 60, s % 60, jobs);
	snprintf(value, TEXT, "%.6g", seconds);
	put_fact(o, name, text, value);
}

static void
put_expense(struct lt_out *o, const struct lt_expense *e)
{
	char text[TEXT], value[TEXT], jobs[TEXT];

	if (opt.tsv)
		lt_out_printf(o, "fact\tvalue\n");
	put_stages(o, e);
	put_count(o, "presentations", e->presentations, " in trainings");
	put_count(o, "forward_passes", e->passes,
		" in validation, tests and comparisons");
	write_amount(text, e->macs, "");
	snprintf(value, TEXT, "%.6g", e->macs);
	put_fact(o, "multiply_adds", text, value);
	snprintf(text, TEXT, "%.3g", e->core_seconds / 3600);
	snprintf(value, TEXT, "%.6g", e->core_seconds / 3600);
	put_fact(o, "core_hours", text, value);
	snprintf(text, TEXT, "B for %d at a time", opt.jobs);
	put_count(o, "memory", e->memory, text);
	put_count(o, "disk", e->disk, "B");
	snprintf(jobs, TEXT, "-j%d", opt.jobs);
	put_time(o, "time", e->seconds, jobs);
	put_time(o, "shortest_time", e->least_seconds, "any number of jobs");
}

static int
write_plan(const struct commands *c, struct lt_err *err)
{
	struct lt_calibration speed;
	struct lt_expense e;

	if (lt_calibration_read(&speed, opt.speed, err) < 0)
		return -1;
	int r = lt_study_expense(&e, &c->study, &speed, (size_t)opt.jobs, err);
	lt_calibration_release(&speed);
	struct lt_out *o = r < 0 ? NULL : lt_out_open(opt.output, err);
	if (!o)
		return -1;
	put_expense(o, &e);
	if (c->stops && !opt.tsv)
		lt_out_printf(o, "At most: trainings may stop early.\n");
	if (c->lists && !opt.tsv)
		lt_out_printf(o,
			"Lists that the study finds are taken as %.6g of D0 "
			"(--share).\n",
			opt.share);
	if (c->teachers && !opt.tsv)
		lt_out_printf(o, "Not counted: a forward pass of the teacher "
				 "for each presentation.\n");
	return lt_out_commit(o, err);
}

int
score_plan(char **operand, int n, struct lt_err *err)
{
	struct commands c;

	(void)n;
	int r = commands_read(&c, operand[0], opt.share, err);
	if (r == 0)
		r = write_plan(&c, err);
	commands_release(&c);
	return r;
}

/* A line for each network that is trained: its name, the smallest density, the
 * data set, shape and classes of its images or -, the options of a training,
 * and the words of lt-init. */
static int
write_needs(const struct commands *c, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(opt.output, err);

	if (!o)
		return -1;
	for (size_t i = 0; i < c->init_n; i++) {
		uint32_t k = c->inits[i];
		const struct commands_network *n = &c->network[k];
		if (!n->training)
			continue;
		lt_out_printf(o, "%s\t%.6g\t%s\t", c->study.network.text[k],
			n->least, n->data);
		if (n->shape)
			lt_out_printf(o, "%s\t%.0f", n->shape, n->classes);
		else
			lt_out_printf(o, "-\t-");
		lt_out_printf(o, "\t%s \t%s\n", n->training, n->init);
	}
	return lt_out_commit(o, err);
}

int
score_plan_needs(char **operand, int n, struct lt_err *err)
{
	struct commands c;

	(void)n;
	int r = commands_read(&c, operand[0], opt.share, err);
	if (r == 0)
		r = write_needs(&c, err);
	commands_release(&c);
	return r;
}
