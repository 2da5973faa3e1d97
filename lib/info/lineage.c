#include "info/lineage.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "file/dataset.h"
#include "file/index.h"
#include "info/filekind.h"
#include "info/history.h"

/* ---- reading ------------------------------------------------------------- */

static struct lt_origin *
add(struct lt_lineage *l, const char *path, uint32_t crc)
{
	if (l->n == l->cap)
		lt_grow(&l->file, &l->cap, 2 * l->cap + 16, sizeof *l->file);
	struct lt_origin *f = &l->file[l->n++];
	*f = (struct lt_origin){.path = path};
	snprintf(f->crc, sizeof f->crc, "%08" PRIx32, crc);
	return f;
}

static int
read_data(struct lt_origin *f, struct lt_err *err)
{
	struct lt_dataset d;

	if (lt_dataset_open(&d, f->path, err) < 0)
		return -1;
	f->samples = (size_t)d.n;
	f->classes = (size_t)d.classes;
	lt_dataset_close(&d);
	return 0;
}

/* The header alone; of another program's file the checksum needs all of it. */
static int
read_header(struct lt_lineage *l, const char *path, struct lt_err *err)
{
	struct lt_st st;
	int fd;

	if (lt_st_open(&st, path, &fd, err) < 0)
		return -1;
	close(fd);
	if (st.foreign) {
		lt_st_release(&st);
		if (lt_st_read(&st, path, err) < 0)
			return -1;
	}
	struct lt_origin *f = add(l, path, st.crc);
	f->st = st;
	f->history = lt_history_load(&st);
	f->n = json_array_size(f->history);
	const char *kind = lt_st_meta(&st, "lt.kind");
	return kind && strcmp(kind, "data") == 0 ? read_data(f, err) : 0;
}

static int
read_list(struct lt_lineage *l, const char *path, struct lt_err *err)
{
	struct lt_index ix;

	if (lt_index_read(&ix, path, err) < 0)
		return -1;
	add(l, path, lt_index_crc(&ix));
	lt_index_release(&ix);
	return 0;
}

int
lt_lineage_read(
	struct lt_lineage *l, char *const *path, int n, struct lt_err *err)
{
	enum lt_filekind kind;
	int bad = 0;

	*l = (struct lt_lineage){0};
	for (int i = 0; i < n && !bad; i++) {
		bad = lt_filekind_find(path[i], &kind, err);
		if (!bad && kind == LT_FILE_SAFETENSORS)
			bad = read_header(l, path[i], err);
		else if (!bad && i == 0)
			bad = lt_fail(err, LT_EDATA,
				"%s: is %s, which has no history; expected a "
				"checkpoint, state, mask or data set",
				path[i], lt_filekind_name[kind]);
		else if (!bad && kind == LT_FILE_INDEX)
			bad = read_list(l, path[i], err);
	}
	if (bad)
		lt_lineage_release(l);
	return bad;
}

void
lt_lineage_release(struct lt_lineage *l)
{
	for (size_t i = 0; i < l->n; i++) {
		json_decref(l->file[i].history);
		lt_st_release(&l->file[i].st);
	}
	free(l->file);
	*l = (struct lt_lineage){0};
}

/* ---- what a command read ------------------------------------------------- */

json_t *
lt_lineage_command(const struct lt_lineage *l, size_t i)
{
	const struct lt_origin *f = &l->file[i];

	return f->n ? json_array_get(f->history, f->n - 1) : NULL;
}

static bool
names_file(const char *key, const char *value)
{
	static const char *const keys[] = {"checkpoint", "input", "mask",
		"like", "from", "signs", "data", "index", "val-data",
		"val-index", "teacher", "bn-data", "bn-index"};

	if (strlen(value) != 8 || strspn(value, "0123456789abcdef") != 8)
		return false;
	for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
		if (strcmp(key, keys[i]) == 0)
			return true;
	return false;
}

static long
find(const struct lt_lineage *l, const char *crc)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcmp(l->file[i].crc, crc) == 0)
			return (long)i;
	return -1;
}

/* Is this the checksum of the list of all samples of the command's data? */
static bool
is_all(const struct lt_lineage *l, size_t i, const char *key, const char *crc)
{
	const char *data = strcmp(key, "index") == 0	   ? "data"
			   : strcmp(key, "val-index") == 0 ? "val-data"
			   : strcmp(key, "bn-index") == 0  ? "bn-data"
							   : NULL;
	const char *of = data ? json_string_value(json_object_get(
					lt_lineage_command(l, i), data))
			      : NULL;
	long at = of ? find(l, of) : -1;
	struct lt_index ix = {0};
	char all[16];

	if (at < 0 || !l->file[at].samples)
		return false;
	lt_index_all(&ix, l->file[at].samples);
	snprintf(all, sizeof all, "%08" PRIx32, lt_index_crc(&ix));
	lt_index_release(&ix);
	return strcmp(all, crc) == 0;
}

long
lt_lineage_input(
	struct lt_lineage *l, size_t i, const char *key, const char *value)
{
	if (!names_file(key, value) || is_all(l, i, key, value))
		return -1;
	long at = find(l, value);
	if (at >= 0)
		return at;
	struct lt_origin *f = add(l, NULL, 0);
	memcpy(f->crc, value, 9);
	/* A training hands the history of its input on. */
	if (strcmp(key, "input") == 0 && l->file[i].n > 1) {
		f->history = json_incref(l->file[i].history);
		f->n = l->file[i].n - 1;
	}
	return (long)l->n - 1;
}

/* ---- the tree ------------------------------------------------------------ */

static void
put(struct lt_lineage *l, struct lt_out *o, size_t i, const char *label,
	int depth)
{
	struct lt_origin f = l->file[i];
	json_t *command = lt_lineage_command(l, i), *value;
	const char *key;

	lt_out_printf(o, "%*s%s%s", 2 * depth, "", label, *label ? " " : "");
	lt_out_text(o, f.path ? f.path : f.crc);
	lt_out_printf(o, "%s%s\n", f.path ? "" : ", none of the files",
		f.done && command ? " (above)" : "");
	if (f.done || !command)
		return;
	l->file[i].done = true;
	char *line = lt_history_line(command);
	lt_out_printf(o, "%*s", 2 * depth + 2, "");
	lt_out_text(o, line);
	lt_out_printf(o, "\n");
	free(line);
	json_object_foreach(command, key, value)
	{
		const char *crc = json_string_value(value);
		long at = crc ? lt_lineage_input(l, i, key, crc) : -1;
		if (at >= 0)
			put(l, o, (size_t)at, key, depth + 2);
	}
}

void
lt_lineage_tree(struct lt_lineage *l, struct lt_out *o)
{
	put(l, o, 0, "", 0);
}

static void
visit(struct lt_lineage *l, size_t i, lt_lineage_step *step, void *arg)
{
	json_t *command = lt_lineage_command(l, i), *value;
	const char *key;

	if (l->file[i].done || !command)
		return;
	l->file[i].done = true;
	json_object_foreach(command, key, value)
	{
		const char *crc = json_string_value(value);
		long at = crc ? lt_lineage_input(l, i, key, crc) : -1;
		if (at >= 0)
			visit(l, (size_t)at, step, arg);
	}
	step(arg, l, i);
}

void
lt_lineage_steps(struct lt_lineage *l, lt_lineage_step *step, void *arg)
{
	visit(l, 0, step, arg);
}
