#include "ticket/row.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/mem.h"
#include "base/table.h"
#include "file/index.h"
#include "ticket/facts.h"

#define HEADER \
	"method round sparsity set_size search_iterations search_forward " \
	"retrain_iterations presentations multiply_adds " \
	"forward_multiply_adds stop_epoch val_acc test_acc mask_distance " \
	"stop_rule train_acc gap start_acc best_epoch epochs"
#define SIZE " parameters image_multiply_adds"

struct cost {
	double iterations, presentations, macs;
};

/* Texts are cells as their tables have them, on the heap; NULL is missing. */
struct figures {
	double sparsity, set;
	struct cost search, retrain;
	double images, pass_macs;
	double best_epoch, epochs;
	double parameters, image_macs;
	char *stop, *best, *test, *widest, *train, *start;
};

/* Read the table and find its columns, which blanks separate in names.  A lost
 * table has none. */
static int
read_columns(struct lt_table *t, int *column, const char *path,
	const char *const *names, int n, struct lt_err *err)
{
	for (int i = 0; i < n; i++)
		column[i] = -1;
	if (lt_table_read(t, path, err) < 0)
		return -1;
	for (int i = 0; i < n && !t->lost; i++) {
		column[i] = lt_table_column(t, names[i], err);
		if (column[i] < 0) {
			lt_table_release(t);
			return -1;
		}
	}
	return 0;
}

static int
read_mask(struct figures *f, const char *path, struct lt_err *err)
{
	static const char *const names[] = {"name", "count", "kept"};
	struct lt_table t;
	double count, kept;
	int at[3], r = read_columns(&t, at, path, names, 3, err);

	if (r < 0)
		return -1;
	if (t.lost)
		f->sparsity = NAN;
	for (size_t i = 0; i < t.n && r == 0; i++) {
		if (strcmp(lt_table_text(&t, i, at[0]), "total") != 0)
			continue;
		r = lt_table_f64(&t, i, at[1], &count, err);
		if (r == 0)
			r = lt_table_f64(&t, i, at[2], &kept, err);
		if (r == 0)
			f->sparsity = 100 * (1 - kept / count);
	}
	lt_table_release(&t);
	return r;
}

/* No training takes an empty set: one that diverged has left it. */
static int
read_set(struct figures *f, const char *path, struct lt_err *err)
{
	struct lt_index ix = {0};
	int r = lt_index_read(&ix, path, err);

	f->set = ix.n ? (double)ix.n : NAN;
	lt_index_release(&ix);
	return r;
}

/* The larger of two cells as numbers; a missing one is smaller than all. */
static int
larger(char **most, const struct lt_table *t, size_t row, int column,
	struct lt_err *err)
{
	double x = NAN, y;

	if (lt_table_f64(t, row, column, &y, err) < 0)
		return -1;
	if (*most)
		x = strtod(*most, NULL);
	if (isnan(y) || x >= y)
		return 0;
	free(*most);
	*most = lt_strdup(lt_table_text(t, row, column));
	return 0;
}

static int
largest(char **most, const struct lt_table *t, int column, struct lt_err *err)
{
	for (size_t i = 0; i < t->n; i++)
		if (larger(most, t, i, column, err) < 0)
			return -1;
	return 0;
}

enum { EPOCH, ITERATION, PRESENTATIONS, MACS, VAL_ACC, LOG_COLUMNS };

/* The iterations at the point where the log began. */
static int
find_start(double *start, const struct lt_table *t, const int *at,
	const struct lt_log_part *log, struct lt_err *err)
{
	double epoch, iteration;

	*start = (double)log->from;
	if (log->iterations)
		return 0;
	if (lt_table_f64(t, 0, at[EPOCH], &epoch, err) < 0 ||
		lt_table_f64(t, 0, at[ITERATION], &iteration, err) < 0)
		return -1;
	*start = *start * iteration / epoch;
	return 0;
}

static int
add_log(struct cost *sum, const struct lt_table *t, const int *at,
	const struct lt_log_part *log, struct lt_err *err)
{
	double start, v[MACS + 1];

	if (t->lost) {
		*sum = (struct cost){NAN, NAN, NAN};
		return 0;
	}
	if (t->n == 0)
		return lt_fail(err, LT_EDATA,
			"%s: expected at least one row, found none", t->name);
	if (find_start(&start, t, at, log, err) < 0)
		return -1;
	for (int i = ITERATION; i <= MACS; i++)
		if (lt_table_f64(t, t->n - 1, at[i], &v[i], err) < 0)
			return -1;
	sum->iterations += v[ITERATION] - start;
	sum->presentations += v[PRESENTATIONS];
	sum->macs += v[MACS];
	return 0;
}

/* The largest val_acc, the first epoch that has it, and the last epoch. */
static int
find_best(struct figures *f, const struct lt_table *t, const int *at,
	struct lt_err *err)
{
	double v, most = NAN, epoch = NAN;

	for (size_t i = 0; i < t->n; i++) {
		if (lt_table_f64(t, i, at[VAL_ACC], &v, err) < 0 ||
			lt_table_f64(t, i, at[EPOCH], &epoch, err) < 0)
			return -1;
		if (isnan(v) || v <= most)
			continue;
		most = v;
		f->best_epoch = epoch;
	}
	f->epochs = epoch;
	return largest(&f->best, t, at[VAL_ACC], err);
}

/* best: NULL, or where to keep what is best of the log. */
static int
read_log(struct cost *sum, struct figures *best, const struct lt_log_part *log,
	struct lt_err *err)
{
	static const char *const names[LOG_COLUMNS] = {
		"epoch", "iteration", "presentations", "macs", "val_acc"};
	struct lt_table t;
	int at[LOG_COLUMNS];

	if (read_columns(&t, at, log->path, names, best ? LOG_COLUMNS : VAL_ACC,
		    err) < 0)
		return -1;
	int r = add_log(sum, &t, at, log, err);
	if (r == 0 && best)
		r = find_best(best, &t, at, err);
	lt_table_release(&t);
	return r;
}

static int
read_pass(struct figures *f, const char *path, struct lt_err *err)
{
	static const char *const names[] = {"images", "macs"};
	struct lt_table t;
	double images, macs;
	int at[2], r = read_columns(&t, at, path, names, 2, err);

	if (r < 0)
		return -1;
	if (t.lost)
		f->images = f->pass_macs = NAN;
	for (size_t i = 0; i < t.n && r == 0; i++) {
		r = lt_table_f64(&t, i, at[0], &images, err);
		if (r == 0)
			r = lt_table_f64(&t, i, at[1], &macs, err);
		f->images += r ? 0 : images;
		f->pass_macs += r ? 0 : macs;
	}
	lt_table_release(&t);
	return r;
}

/* The epoch of the check that stopped the training, if one did. */
static int
read_stop(struct figures *f, const char *path, struct lt_err *err)
{
	static const char *const names[] = {"stopped", "epoch"};
	struct lt_table t;
	double stopped;
	int at[2], r = read_columns(&t, at, path, names, 2, err);

	if (r < 0)
		return -1;
	for (size_t i = 0; i < t.n && r == 0; i++) {
		r = lt_table_f64(&t, i, at[0], &stopped, err);
		if (r == 0 && stopped == 1) {
			free(f->stop);
			f->stop = lt_strdup(lt_table_text(&t, i, at[1]));
		}
	}
	lt_table_release(&t);
	return r;
}

static int
read_distances(struct figures *f, const char *path, struct lt_err *err)
{
	static const char *const names[] = {"distance"};
	struct lt_table t;
	int at, r = read_columns(&t, &at, path, names, 1, err);

	if (r < 0)
		return -1;
	r = largest(&f->widest, &t, at, err);
	lt_table_release(&t);
	return r;
}

/* The accuracy of lt-eval's table. */
static int
read_accuracy(char **top1, const char *path, struct lt_err *err)
{
	static const char *const names[] = {"top1"};
	struct lt_table t;
	double v;
	int at, r = read_columns(&t, &at, path, names, 1, err);

	if (r < 0)
		return -1;
	if (t.n)
		r = lt_table_f64(&t, t.n - 1, at, &v, err);
	if (t.n && r == 0)
		*top1 = lt_strdup(lt_table_text(&t, t.n - 1, at));
	lt_table_release(&t);
	return r;
}

static int
read_row(struct figures *f, const char *path, struct lt_err *err)
{
	static const char *const names[] = {"set_size", "search_iterations",
		"presentations", "multiply_adds", "search_forward",
		"forward_multiply_adds"};
	double *const to[] = {&f->set, &f->search.iterations,
		&f->search.presentations, &f->search.macs, &f->images,
		&f->pass_macs};
	struct lt_table t;
	int at[6], r = read_columns(&t, at, path, names, 6, err);

	if (r < 0)
		return -1;
	for (int i = 0; i < 6 && r == 0; i++) {
		*to[i] = NAN;
		if (t.n)
			r = lt_table_f64(&t, t.n - 1, at[i], to[i], err);
	}
	lt_table_release(&t);
	return r;
}

/* Kept weights of a layer, by its mask's table; SIZE_MAX if that has none. */
static int
find_kept(size_t *kept, const struct lt_table *t, const int *at,
	const char *name, struct lt_err *err)
{
	double v;

	*kept = SIZE_MAX;
	for (size_t i = 0; i < t->n; i++) {
		if (strcmp(lt_table_text(t, i, at[0]), name) != 0)
			continue;
		if (lt_table_f64(t, i, at[1], &v, err) < 0)
			return -1;
		*kept = (size_t)v;
	}
	return 0;
}

static int
add_size(struct figures *f, const struct lt_graph *g, const struct lt_table *t,
	const int *at, struct lt_err *err)
{
	f->parameters = (double)lt_graph_params(g);
	for (int i = 1; i < g->n; i++) {
		size_t kept;
		if (!lt_op_row(&g->node[i])->taps)
			continue;
		const struct lt_param *p = &g->param[g->node[i].param[0]];
		if (find_kept(&kept, t, at, p->name, err) < 0)
			return -1;
		if (kept != SIZE_MAX)
			f->parameters -= (double)p->count - (double)kept;
		f->image_macs += (double)lt_graph_macs(g, i, kept);
	}
	return 0;
}

/* A training that diverged has left no checkpoint but an empty file. */
static bool
is_lost(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size == 0;
}

static int
read_size(struct figures *f, const struct lt_row *row, struct lt_err *err)
{
	static const char *const names[] = {"name", "kept"};
	struct lt_table t = {0};
	int at[2] = {0}, r = 0;

	if (is_lost(row->checkpoint)) {
		f->parameters = f->image_macs = NAN;
		return 0;
	}

	struct lt_graph *g = lt_facts_graph(row->checkpoint, err);
	if (!g)
		return -1;
	if (row->mask && !row->slim)
		r = read_columns(&t, at, row->mask, names, 2, err);
	if (r == 0) {
		if (t.lost)
			f->parameters = f->image_macs = NAN;
		else
			r = add_size(f, g, &t, at, err);
		lt_table_release(&t);
	}
	lt_graph_free(g);
	return r;
}

static int
read_all(struct figures *f, const struct lt_row *row, struct lt_err *err)
{
	int r = row->row ? read_row(f, row->row, err) : 0;

	if (r == 0 && row->set)
		r = read_set(f, row->set, err);
	if (r == 0 && row->mask)
		r = read_mask(f, row->mask, err);
	for (int i = 0; i < row->searches && r == 0; i++)
		r = read_log(&f->search, NULL, &row->search[i], err);
	for (int i = 0; i < row->passes && r == 0; i++)
		r = read_pass(f, row->pass[i], err);
	if (r == 0 && row->stop)
		r = read_stop(f, row->stop, err);
	if (r == 0 && row->distances)
		r = read_distances(f, row->distances, err);
	if (r == 0 && row->retrain)
		r = read_log(&f->retrain, f, row->retrain, err);
	if (r == 0 && row->test)
		r = read_accuracy(&f->test, row->test, err);
	if (r == 0 && row->train)
		r = read_accuracy(&f->train, row->train, err);
	if (r == 0 && row->checkpoint)
		r = read_size(f, row, err);
	return r == 0 && row->start ? read_accuracy(&f->start, row->start, err)
				    : r;
}

/* Training accuracy less test accuracy. */
static double
gap(const struct figures *f)
{
	return f->train && f->test
		       ? strtod(f->train, NULL) - strtod(f->test, NULL)
		       : NAN;
}

static void
put(struct lt_cells *c, const struct lt_row *row, const struct figures *f)
{
	const double whole[] = {f->set, f->search.iterations, f->images,
		f->retrain.iterations, f->search.presentations, f->search.macs,
		f->pass_macs};
	const char *const text[] = {f->stop, f->best, f->test, f->widest};

	lt_cells_header(c, row->checkpoint ? HEADER SIZE : HEADER);
	lt_cell_name(c, row->method);
	lt_cell_whole(c, row->round);
	lt_cell_digits(c, f->sparsity, 9);
	for (size_t i = 0; i < sizeof(whole) / sizeof(*whole); i++)
		lt_cell_fixed(c, whole[i], 0);
	for (size_t i = 0; i < sizeof(text) / sizeof(*text); i++)
		lt_cell_text(c, text[i] ? text[i] : "NaN");
	lt_cell_name(c, row->rule);
	lt_cell_text(c, f->train ? f->train : "NaN");
	lt_cell_digits(c, gap(f), 9);
	lt_cell_text(c, f->start ? f->start : "NaN");
	lt_cell_digits(c, f->best_epoch, 9);
	lt_cell_digits(c, f->epochs, 9);
	if (row->checkpoint) {
		lt_cell_fixed(c, f->parameters, 0);
		lt_cell_fixed(c, f->image_macs, 0);
	}
	lt_cells_end(c);
}

int
lt_row_write(const char *path, const struct lt_row *row, struct lt_err *err)
{
	struct figures f = {.best_epoch = NAN, .epochs = NAN};
	struct lt_cells c;
	int r = read_all(&f, row, err);

	if (r == 0)
		r = lt_cells_open(&c, path, err);
	if (r == 0) {
		put(&c, row, &f);
		r = lt_cells_commit(&c, err);
	}
	free(f.stop);
	free(f.best);
	free(f.test);
	free(f.widest);
	free(f.train);
	free(f.start);
	return r;
}

/* sum[0] seconds, sum[1] of the processors. */
static int
add_times(double *sum, const char *path, struct lt_err *err)
{
	static const char *const names[] = {"seconds", "cpu_seconds"};
	struct lt_table t = {.lost = true};
	double v;
	int at[2], r = 0;

	if (!lt_table_absent(path))
		r = read_columns(&t, at, path, names, 2, err);
	if (r < 0)
		return -1;
	if (t.lost)
		sum[0] = sum[1] = NAN;
	for (size_t i = 0; i < t.n && r == 0; i++)
		for (int j = 0; j < 2 && r == 0; j++) {
			r = lt_table_f64(&t, i, at[j], &v, err);
			sum[j] += r ? 0 : v;
		}
	lt_table_release(&t);
	return r;
}

int
lt_row_time_write(
	const char *path, const struct lt_row_time *row, struct lt_err *err)
{
	double search[2] = {0}, retrain[2] = {0};
	struct lt_cells c;

	for (int i = 0; i < row->searches; i++)
		if (add_times(search, row->search[i], err) < 0)
			return -1;
	if (row->retrain && add_times(retrain, row->retrain, err) < 0)
		return -1;
	if (lt_cells_open(&c, path, err) < 0)
		return -1;
	lt_cells_header(&c, "method round search_seconds retrain_seconds "
			    "search_cpu_seconds retrain_cpu_seconds");
	lt_cell_name(&c, row->method);
	lt_cell_whole(&c, row->round);
	for (int j = 0; j < 2; j++) {
		lt_cell_fixed(&c, search[j], 1);
		lt_cell_fixed(&c, retrain[j], 1);
	}
	lt_cells_end(&c);
	return lt_cells_commit(&c, err);
}
