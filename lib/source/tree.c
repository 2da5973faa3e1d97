#include "source/tree.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include "base/in.h"
#include "base/mem.h"
#include "file/dataset.h"

/* Limits on the images of a set, and on the lines of its annotations; each
 * takes about 100 bytes of memory. */
#define FILES_MAX ((size_t)1 << 24)
#define ANNOTATED_MAX ((size_t)1 << 20)

struct names {
	char **v;
	size_t n, cap;
};

static void
names_release(struct names *l)
{
	for (size_t i = 0; i < l->n; i++)
		free(l->v[i]);
	free(l->v);
	*l = (struct names){0};
}

static int
by_name(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

static void
names_add(struct names *l, const char *name)
{
	lt_grow(&l->v, &l->cap, l->n + 1, sizeof(char *));
	l->v[l->n++] = lt_strdup(name);
}

static void
names_sort(struct names *l)
{
	if (l->n)
		qsort(l->v, l->n, sizeof(char *), by_name);
}

/* The names in a directory, at most max, sorted. */
static int
list(struct names *l, const char *path, size_t max, struct lt_err *err)
{
	DIR *d = opendir(path);
	struct dirent *e;

	if (!d)
		return lt_fail_errno(err, path);
	for (errno = 0; l->n <= max && (e = readdir(d)); errno = 0)
		if (e->d_name[0] != '.')
			names_add(l, e->d_name);
	int failed = l->n <= max ? errno : 0;
	closedir(d);
	errno = failed;
	if (failed)
		return lt_fail_errno(err, path);
	if (l->n > max)
		return lt_fail(err, LT_EDATA,
			"%s: more than %zu entries, expected at most that many",
			path, max);
	names_sort(l);
	return 0;
}

static bool
is_folder(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
exists(const char *folder, const char *name)
{
	struct stat st;
	char *path = lt_asprintf("%s/%s", folder, name);
	bool there = lstat(path, &st) == 0;

	free(path);
	return there;
}

static bool
ends_in(const char *name, const char *end)
{
	size_t n = strlen(name), k = strlen(end);

	return n > k && strcasecmp(name + n - k, end) == 0;
}

/* The reason why a path is not an image's, or 0. */
static int
check_file(const char *path, struct lt_err *err)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return lt_fail_errno(err, path);
	if (S_ISDIR(st.st_mode)) {
		lt_fail(err, LT_EDATA,
			"%s: a folder, expected images or the name of a "
			"part",
			path);
		return lt_fail_mend(err, "split");
	}
	if (!S_ISREG(st.st_mode))
		return lt_fail(err, LT_EDATA, "%s: not a regular file", path);
	if (!ends_in(path, ".png") && !ends_in(path, ".jpg") &&
		!ends_in(path, ".jpeg"))
		return lt_fail(err, LT_EDATA,
			"%s: expected only PNG and JPEG images in a class's "
			"folder",
			path);
	return 0;
}

/* Report err and return 0 if bad files are to be skipped, else -1. */
static int
pass_over(struct lt_tree *t, const struct lt_source_from *from,
	const struct lt_err *err)
{
	if (!from->skip_bad)
		return -1;
	from->bad(err->msg);
	t->skipped++;
	return 0;
}

/* An image below root; file becomes the tree's. */
static int
add_file(struct lt_tree *t, char *file, int label,
	const struct lt_source_from *from, struct lt_err *err)
{
	char *path = lt_asprintf("%s/%s", t->root, file);
	int r = check_file(path, err);

	free(path);
	if (r < 0) {
		free(file);
		return pass_over(t, from, err);
	}
	lt_grow(&t->file, &t->cap, t->n + 1, sizeof(char *));
	lt_grow(&t->label, &t->label_cap, t->n + 1, sizeof(*t->label));
	t->label[t->n] = label;
	t->file[t->n++] = file;
	return 0;
}

/* The images of class label in a folder below root. */
static int
add_images(struct lt_tree *t, const char *below, int label, bool inside,
	const struct lt_source_from *from, struct lt_err *err)
{
	char *path = lt_asprintf("%s/%s", t->root, below);
	char *inner = lt_asprintf("%s/images", below);
	char *deeper = lt_asprintf("%s/%s", t->root, inner);
	struct names in = {0};
	size_t before = t->n;
	/* Look one folder deeper and no further: images may be a link to
	 * itself. */
	bool nested = !inside && is_folder(deeper);
	int r = list(&in, path, FILES_MAX - t->n, err);

	for (size_t i = 0; r == 0 && i < in.n; i++) {
		if (nested && strcmp(in.v[i], "images") == 0)
			r = add_images(t, inner, label, true, from, err);
		else if (!nested || !ends_in(in.v[i], ".txt"))
			r = add_file(t, lt_asprintf("%s/%s", below, in.v[i]),
				label, from, err);
	}
	if (r == 0 && t->n == before)
		r = lt_fail(err, LT_EDATA,
			"%s: empty, expected the images of a class", path);
	names_release(&in);
	free(deeper);
	free(inner);
	free(path);
	return r;
}

static int
check_classes(const char *path, size_t n, struct lt_err *err)
{
	if (n > 0 && n <= LT_CLASSES_MAX)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: %zu entries, expected 1 to %d folders, one a class", path,
		n, LT_CLASSES_MAX);
}

/* ---- Tiny-ImageNet ------------------------------------------------------- */

#define WNIDS "wnids.txt"
#define ANNOTATIONS "val_annotations.txt"

/* The first word of a line, or the second, up to a tab; NULL if it is not
 * there. */
static char *
word(char *line, int which)
{
	for (; which; which--) {
		line = strchr(line, '\t');
		if (!line)
			return NULL;
		line++;
	}
	size_t n = strcspn(line, "\t\r");
	return n ? lt_strndup(line, n) : NULL;
}

/* Take that word of each line; returns the number of lines, or -1. */
static int
read_words(struct names *l, const char *path, int which, struct lt_err *err)
{
	struct lt_in *in =
		lt_source_regular(path, err) < 0 ? NULL : lt_in_open(path, err);
	char *line;
	size_t len;
	int r = in ? 1 : -1;

	while (r > 0 && (r = lt_in_line(in, &line, &len, err)) > 0) {
		char *w = word(line, which);
		if (!w || strchr(w, '/')) {
			r = lt_in_fail(in, err, "expected %s",
				which ? "a file, a tab and a class" : "a name");
		} else if (l->n == ANNOTATED_MAX) {
			r = lt_in_fail(in, err, "expected at most %zu lines",
				ANNOTATED_MAX);
		} else {
			lt_grow(&l->v, &l->cap, l->n + 1, sizeof(char *));
			l->v[l->n++] = w;
			continue;
		}
		free(w);
	}
	lt_in_close(in);
	return r;
}

/* Sort the class names and keep each once: those of the set's list or, without
 * one, those seen. */
static int
tiny_classes(struct lt_tree *t, const struct names *seen, const char *set,
	struct lt_err *err)
{
	struct names all = {0};
	char *path = lt_asprintf("%s/" WNIDS, set);
	int r = 0;

	if (exists(set, WNIDS))
		r = read_words(&all, path, 0, err);
	else
		for (size_t i = 0; i < seen->n; i++)
			names_add(&all, seen->v[i]);
	names_sort(&all);
	size_t n = 0;
	for (size_t i = 0; i < all.n; i++) {
		if (n && strcmp(all.v[n - 1], all.v[i]) == 0)
			free(all.v[i]);
		else
			all.v[n++] = all.v[i];
	}
	t->class_name = all.v;
	t->classes = (int)n;
	if (r == 0)
		r = check_classes(path, n, err);
	free(path);
	return r;
}

static bool
is_class(const struct lt_tree *t, const char *name)
{
	return bsearch(&name, t->class_name, (size_t)t->classes, sizeof(char *),
		by_name);
}

/* A file and its class as one name, which sorts by class, then by file. */
static int
annotated(struct lt_tree *t, struct names *files, const struct names *classes,
	const char *path, struct lt_err *err)
{
	if (files->n != classes->n)
		return lt_fail(
			err, LT_EDATA, "%s: changed while it was read", path);
	for (size_t i = 0; i < files->n; i++) {
		char **c = bsearch(&classes->v[i], t->class_name,
			(size_t)t->classes, sizeof(char *), by_name);
		if (!c)
			return lt_fail(err, LT_EDATA,
				"%s:%zu: no class '%s' in " WNIDS, path, i + 1,
				classes->v[i]);
		char *both = lt_asprintf("%05d images/%s",
			(int)(c - t->class_name), files->v[i]);
		free(files->v[i]);
		files->v[i] = both;
	}
	names_sort(files);
	return 0;
}

/* root is the part itself, set the folder of the whole set. */
static int
add_annotated(struct lt_tree *t, const char *set,
	const struct lt_source_from *from, struct lt_err *err)
{
	struct names files = {0}, classes = {0};
	char *path = lt_asprintf("%s/" ANNOTATIONS, t->root);
	int r = read_words(&files, path, 0, err);

	if (r == 0)
		r = read_words(&classes, path, 1, err);
	if (r == 0)
		r = tiny_classes(t, &classes, set, err);
	if (r == 0)
		r = annotated(t, &files, &classes, path, err);
	for (size_t i = 0; r == 0 && i < files.n; i++)
		r = add_file(t, lt_strdup(files.v[i] + 6),
			(int)strtol(files.v[i], NULL, 10), from, err);
	names_release(&files);
	names_release(&classes);
	free(path);
	return r;
}

/* ---- a folder a class ---------------------------------------------------- */

/* There is no such folder, or all of its entries begin with a dot. */
static bool
is_empty(const char *path)
{
	struct names in = {0};
	struct lt_err err;
	bool empty = list(&in, path, 0, &err) == 0 || !in.n;

	names_release(&in);
	return empty;
}

/* The files that sorting a part of Tiny-ImageNet into folders leaves behind. */
static bool
is_left_behind(const char *root, const char *name, const char *path)
{
	if (!exists(root, ANNOTATIONS))
		return false;
	return strcmp(name, ANNOTATIONS) == 0 ||
	       (strcmp(name, "images") == 0 && is_folder(path) &&
		       is_empty(path));
}

/* True if the images were moved from root/images into folders by class. */
static bool
is_sorted(const char *root)
{
	char *images = lt_asprintf("%s/images", root);
	struct names in = {0};
	struct lt_err err;
	bool sorted = false;

	if (is_empty(images) && list(&in, root, LT_CLASSES_MAX, &err) == 0)
		for (size_t i = 0; i < in.n; i++) {
			char *path = lt_asprintf("%s/%s", root, in.v[i]);
			sorted |= strcmp(in.v[i], "images") != 0 &&
				  is_folder(path);
			free(path);
		}
	names_release(&in);
	free(images);
	return sorted;
}

/* 0 if an entry of root is a class's folder, else -1 with the reason. */
static int
check_folder(const struct lt_tree *t, const char *name, const char *path,
	bool listed, struct lt_err *err)
{
	/* An archiver's, with a file of attributes for each image. */
	if (!is_folder(path) || strcmp(name, "__MACOSX") == 0)
		return lt_fail(err, LT_EDATA,
			"%s: expected only folders here, one a class", path);
	if (listed && !is_class(t, name))
		return lt_fail(err, LT_EDATA,
			"%s: expected only the classes that " WNIDS " names",
			path);
	return 0;
}

/* The folders of classes among the entries of root, which stay in in. */
static int
keep_folders(struct lt_tree *t, struct names *in, bool listed,
	const struct lt_source_from *from, struct lt_err *err)
{
	size_t n = 0;
	int r = 0;

	for (size_t i = 0; i < in->n; i++) {
		char *path = lt_asprintf("%s/%s", t->root, in->v[i]);
		bool take = r == 0 && !is_left_behind(t->root, in->v[i], path);
		if (take && check_folder(t, in->v[i], path, listed, err) < 0) {
			take = false;
			r = pass_over(t, from, err);
		}
		free(path);
		if (take)
			in->v[n++] = in->v[i];
		else
			free(in->v[i]);
	}
	in->n = n;
	return r;
}

/* The images of class i; in has the folders that are there. */
static int
add_class(struct lt_tree *t, int i, const struct names *in,
	const struct lt_source_from *from, struct lt_err *err)
{
	char *name = t->class_name[i];

	if (in->n && bsearch(&name, in->v, in->n, sizeof(char *), by_name))
		return add_images(t, name, i, false, from, err);
	lt_fail(err, LT_EDATA,
		"%s: no folder of class '%s', which " WNIDS " names", t->root,
		name);
	return pass_over(t, from, err);
}

/* root is the part itself, set the folder of the whole set.  If the set has a
 * list of classes, the list numbers them, in the same way in all parts. */
static int
add_classes(struct lt_tree *t, const char *set,
	const struct lt_source_from *from, struct lt_err *err)
{
	struct names in = {0};
	bool listed = exists(set, WNIDS);
	int r = list(&in, t->root, LT_CLASSES_MAX, err);

	if (r == 0 && listed)
		r = tiny_classes(t, NULL, set, err);
	if (r == 0)
		r = keep_folders(t, &in, listed, from, err);
	if (r == 0)
		r = check_classes(t->root, in.n, err);
	for (size_t i = 0; r == 0 && !listed && i < in.n; i++) {
		lt_grow(&t->class_name, &t->class_cap, i + 1, sizeof(char *));
		t->class_name[i] = lt_strdup(in.v[i]);
		t->classes = (int)i + 1;
	}
	for (int i = 0; r == 0 && i < t->classes; i++)
		r = add_class(t, i, &in, from, err);
	names_release(&in);
	return r;
}

/* ---- all ----------------------------------------------------------------- */

/* The folder of the part that --split names, or the whole. */
static int
find_root(struct lt_tree *t, const struct lt_source_from *from,
	struct lt_err *err)
{
	bool tiny = exists(from->path, WNIDS);
	const char *split = from->split ? from->split : tiny ? "train" : NULL;

	if (tiny && strcmp(split, "test") == 0)
		return lt_fail(err, LT_EDATA,
			"%s: the part 'test' of Tiny-ImageNet has no labels; "
			"'val' has",
			from->path);
	if (split) {
		t->root = lt_asprintf("%s/%s", from->path, split);
		if (is_folder(t->root))
			return 0;
		free(t->root);
	}
	t->root = lt_strdup(from->path);
	return 0;
}

int
lt_tree_read(struct lt_tree *t, const struct lt_source_from *from,
	struct lt_err *err)
{
	*t = (struct lt_tree){0};
	if (find_root(t, from, err) < 0)
		return -1;
	if (exists(t->root, ANNOTATIONS) && !is_sorted(t->root))
		return add_annotated(t, from->path, from, err);
	return add_classes(t, from->path, from, err);
}

void
lt_tree_release(struct lt_tree *t)
{
	for (size_t i = 0; i < t->n; i++)
		free(t->file[i]);
	for (int i = 0; i < t->classes; i++)
		free(t->class_name[i]);
	free(t->file);
	free(t->label);
	free(t->class_name);
	free(t->root);
	*t = (struct lt_tree){0};
}

char *
lt_tree_path(const struct lt_tree *t, size_t i)
{
	return lt_asprintf("%s/%s", t->root, t->file[i]);
}
