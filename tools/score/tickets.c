/* What tickets cost and what they can do: rows of summaries, and tables made of
 * other tables. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "actions.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/out.h"
#include "ticket/budget.h"
#include "ticket/row.h"
#include "ticket/gather.h"
#include "ticket/spend.h"
#include "ticket/wallclock.h"

/* LOG or POINT:LOG, where POINT is epochs, or iterations such as 500i. */
static struct lt_log_part
read_part(const char *text)
{
	struct lt_log_part p = {.path = text};
	size_t n = strspn(text, "0123456789");
	size_t unit = text[n] == 'i';

	if (n == 0 || text[n + unit] != ':')
		return p;
	char *digits = lt_strndup(text, n);
	if (!lt_num_u64(digits, &p.from))
		lt_cli_usage(&score_cmd,
			"'%s': expected epochs, or iterations such as 500i, "
			"before the colon",
			text);
	free(digits);
	p.iterations = unit;
	p.path = text + n + unit + 1;
	return p;
}

int
score_row(char **operand, int n, struct lt_err *err)
{
	struct lt_log_part *search =
		lt_alloc((size_t)opt.search.n, sizeof(*search));
	struct lt_log_part retrain;
	struct lt_row row = {.method = opt.method,
		.round = opt.round,
		.rule = opt.rule,
		.set = opt.set,
		.mask = opt.mask,
		.search = search,
		.searches = opt.search.n,
		.pass = opt.pass.v,
		.passes = opt.pass.n,
		.stop = opt.stop,
		.distances = opt.distances,
		.test = opt.test,
		.train = opt.train,
		.start = opt.start,
		.row = opt.row,
		.checkpoint = opt.slim ? opt.slim : opt.checkpoint,
		.slim = opt.slim};

	(void)operand, (void)n;
	if (opt.slim && opt.checkpoint)
		lt_cli_usage(&score_cmd, "row: --slim excludes --checkpoint");
	for (int i = 0; i < opt.search.n; i++)
		search[i] = read_part(opt.search.v[i]);
	if (opt.retrain) {
		retrain = read_part(opt.retrain);
		row.retrain = &retrain;
	}
	int r = lt_row_write(opt.output, &row, err);
	free(search);
	return r;
}

int
score_time(char **operand, int n, struct lt_err *err)
{
	const struct lt_row_time row = {.method = opt.method,
		.round = opt.round,
		.search = opt.search.v,
		.searches = opt.search.n,
		.retrain = opt.retrain};

	(void)operand, (void)n;
	return lt_row_time_write(opt.output, &row, err);
}

const char *
score_value(const char *operand, size_t *length)
{
	size_t n = strspn(operand, "abcdefghijklmnopqrstuvwxyz"
				   "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789_");

	*length = n;
	return n && (*operand < '0' || *operand > '9') && operand[n] == '='
		       ? operand + n + 1
		       : NULL;
}

/* The number of a name, which is added if it is new. */
static int
name_number(const char **name, int *names, const char *text, size_t length)
{
	for (int i = 0; i < *names; i++)
		if (strlen(name[i]) == length &&
			strncmp(name[i], text, length) == 0)
			return i;
	name[*names] = lt_strndup(text, length);
	return (*names)++;
}

int
score_rows(char **operand, int n, struct lt_err *err)
{
	size_t all = (size_t)n, length;
	struct lt_rows_table *table = lt_alloc(all, sizeof(*table));
	const char **name = lt_alloc(all, sizeof(*name));
	const char **now = lt_alloc(all, sizeof(*now));
	int names = 0, tables = 0;

	for (int i = 0; i < n; i++) {
		const char *value = score_value(operand[i], &length);
		if (value) {
			now[name_number(name, &names, operand[i], length)] =
				value;
			continue;
		}
		table[tables++] = (struct lt_rows_table){
			operand[i], lt_memdup(now, all * sizeof(*now))};
	}
	if (!tables)
		lt_cli_usage(&score_cmd, "rows: expected a table");
	int r = lt_rows_write(
		opt.output, opt.by, name, names, table, tables, err);
	for (int i = 0; i < tables; i++)
		free(table[i].value);
	for (int i = 0; i < names; i++)
		free((char *)name[i]);
	free(table);
	free(name);
	free(now);
	return r;
}

int
score_join(char **operand, int n, struct lt_err *err)
{
	struct lt_segment *segment = lt_alloc((size_t)n, sizeof(*segment));
	double until = INFINITY;
	size_t length;
	int segments = 0;

	for (int i = 0; i < n; i++) {
		const char *value = score_value(operand[i], &length);
		if (!value)
			segment[segments++] =
				(struct lt_segment){operand[i], until};
		else if (strncmp(operand[i], "until=", 6) != 0)
			lt_cli_usage(&score_cmd,
				"join: expected until=EPOCH, found '%s'",
				operand[i]);
		else if (!*value)
			until = INFINITY;
		else if (!lt_num_f64(value, &until))
			lt_cli_usage(&score_cmd,
				"join: until=: expected an epoch, found '%s'",
				value);
	}
	if (!segments)
		lt_cli_usage(&score_cmd, "join: expected a table");
	int r = lt_segments_write(opt.output, segment, segments, err);
	free(segment);
	return r;
}

/* search=NAME is=TEXT after=NAME FILE... */
static void
read_clocked(struct lt_clocked *search, int *n, char *operand)
{
	size_t length;
	const char *value = score_value(operand, &length);
	struct lt_clocked *now = &search[*n - 1];

	if (value && strncmp(operand, "search=", 7) == 0) {
		search[(*n)++].name = value;
		return;
	}
	if (*n == 0)
		lt_cli_usage(&score_cmd,
			"wallclock: expected search=NAME first, found '%s'",
			operand);
	if (!value)
		now->path[now->paths++] = operand;
	else if (strncmp(operand, "is=", 3) == 0)
		now->is = value;
	else if (strncmp(operand, "after=", 6) == 0)
		now->after = value;
	else
		lt_cli_usage(&score_cmd,
			"wallclock: expected search=, is= or after=, found "
			"'%s'",
			operand);
}

int
score_wallclock(char **operand, int n, struct lt_err *err)
{
	struct lt_clocked *search = lt_alloc((size_t)n, sizeof(*search));
	const char **path = lt_alloc((size_t)n, sizeof(*path));
	int searches = 0;

	for (int i = 0; i < n; i++) {
		search[searches].path = path + i;
		read_clocked(search, &searches, operand[i]);
	}
	int r = lt_wallclock_write(opt.output, search, searches, err);
	free(search);
	free(path);
	return r;
}

int
score_length(char **operand, int n, struct lt_err *err)
{
	(void)n;
	return lt_length_write(opt.output, operand[0], err);
}

/* A point of the schedule, after its beginning. */
static struct lt_point
point(const char *option, const char *text)
{
	struct lt_point p = {0};

	if (text && (!lt_point_parse(&p, text) || !p.value))
		lt_cli_usage(&score_cmd,
			"--%s: expected epochs, or iterations such as 500i, "
			"after the beginning, found '%s'",
			option, text);
	return p;
}

/* Of the options that say what is spent, each needs others. */
static void
check_spending(void)
{
	lt_cli_needs(&score_cmd, "sparse change batch", opt.spend.n, "--spend");
	lt_cli_needs(&score_cmd, "dst-every dst-end", opt.change, "--change");
	if (opt.spend.n && (!opt.sparse || !opt.batch))
		lt_cli_usage(&score_cmd, "--spend needs --sparse and --batch");
	if (opt.change && !opt.dst_every)
		lt_cli_usage(&score_cmd, "--change needs --dst-every");
}

/* The epochs that take as many multiply-adds as the tables of --spend. */
static int
spend(uint64_t *epochs, size_t samples, const char *list, struct lt_err *err)
{
	struct lt_spend s = {.images = samples,
		.batch = (uint64_t)opt.batch,
		.every = point("dst-every", opt.dst_every),
		.end = point("dst-end", opt.dst_end)};

	if (!samples)
		return lt_fail(err, LT_EDATA,
			"%s: expected at least one sample, found none", list);
	for (int i = 0; i < opt.spend.n; i++)
		if (lt_spend_add(&s, opt.spend.v[i], err) < 0)
			return -1;
	if (lt_spend_costs(&s, opt.sparse, opt.change, err) < 0)
		return -1;
	return lt_spend_epochs(epochs, &s, err);
}

int
score_budget(char **operand, int n, struct lt_err *err)
{
	const struct lt_budget all = {(uint64_t)opt.epochs,
		(char *)opt.milestones, (char *)opt.warmup};
	struct lt_budget b;
	uint64_t epochs;
	size_t samples;

	(void)n;
	check_spending();
	if (lt_budget_part(&epochs, &samples, all.epochs, opt.of, operand[0],
		    err) < 0 ||
		(opt.spend.n && spend(&epochs, samples, operand[0], err) < 0))
		return -1;
	if (epochs < (uint64_t)opt.least)
		epochs = (uint64_t)opt.least;
	if (lt_budget_scale(&b, &all, epochs, err) < 0)
		return -1;
	struct lt_out *o = lt_out_open(opt.output, err);
	if (o)
		lt_out_printf(o, "--epochs %" PRIu64 "%s%s --warmup %s\n",
			b.epochs, b.milestones ? " --milestones " : "",
			b.milestones ? b.milestones : "", b.warmup);
	lt_budget_release(&b);
	return o ? lt_out_commit(o, err) : -1;
}
