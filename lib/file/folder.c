/* A folder with one sub-folder a class, of PNG images of one size.  Classes and
 * images are in byte order of their names; names that begin with a dot are
 * passed over.  Grey images among coloured ones become coloured. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include "base/mem.h"
#include "file/dataset.h"
#include "file/png.h"
#include "file/source.h"

struct names {
	char **v;
	size_t n, cap;
};

struct folder {
	char *root;
	struct names file; /* paths below root */
	int32_t *label;	   /* [file.n] */
	size_t label_cap, at;
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

/* The names in a directory, sorted. */
static int
list(struct names *l, const char *path, struct lt_err *err)
{
	DIR *d = opendir(path);
	struct dirent *e;
	if (!d)
		return lt_fail_errno(err, path);
	for (errno = 0; (e = readdir(d)); errno = 0) {
		if (e->d_name[0] == '.')
			continue;
		lt_grow(&l->v, &l->cap, l->n + 1, sizeof(char *));
		l->v[l->n++] = lt_strdup(e->d_name);
	}
	int failed = errno;
	closedir(d);
	errno = failed;
	if (failed)
		return lt_fail_errno(err, path);
	if (l->n)
		qsort(l->v, l->n, sizeof(char *), by_name);
	return 0;
}

static bool
is_folder(const char *path)
{
	struct stat st;
	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

static bool
folder_is(const struct lt_source_from *from)
{
	return is_folder(from->path);
}

static bool
named_png(const char *name)
{
	size_t n = strlen(name);
	return n > 4 && strcasecmp(name + n - 4, ".png") == 0;
}

static void
folder_close(struct lt_source *s)
{
	struct folder *f = s->state;
	names_release(&f->file);
	free(f->label);
	free(f->root);
	free(f);
}

/* Look at an image's header: all have one size. */
static int
note_image(struct lt_source *s, struct folder *f, const char *path,
	struct lt_err *err)
{
	int c, h, w;
	if (lt_png_size(path, &c, &h, &w, err) < 0)
		return -1;
	if (!f->file.n) {
		s->h = h;
		s->w = w;
	}
	if (h != s->h || w != s->w)
		return lt_fail(err, LT_EDATA,
			"%s: the image is %dx%d, expected %dx%d as %s", path, h,
			w, s->h, s->w, f->file.v[0]);
	s->c = c > s->c ? c : s->c;
	return 0;
}

static int
add_class(struct lt_source *s, struct folder *f, const char *name,
	struct lt_err *err)
{
	char *path = lt_asprintf("%s/%s", f->root, name);
	struct names in = {0};
	int r = list(&in, path, err);
	if (r == 0 && in.n == 0)
		r = lt_fail(err, LT_EDATA,
			"%s: empty, expected the PNG images of a class", path);
	for (size_t i = 0; r == 0 && i < in.n; i++) {
		char *file = lt_asprintf("%s/%s", path, in.v[i]);
		if (!named_png(file) || is_folder(file))
			r = lt_fail(err, LT_EDATA,
				"%s: expected only PNG images in a class's "
				"folder",
				file);
		else
			r = note_image(s, f, file, err);
		lt_grow(&f->file.v, &f->file.cap, f->file.n + 1,
			sizeof(char *));
		lt_grow(&f->label, &f->label_cap, f->file.n + 1,
			sizeof(*f->label));
		f->label[f->file.n] = s->classes;
		f->file.v[f->file.n++] = file;
	}
	names_release(&in);
	free(path);
	s->class_name[s->classes++] = lt_strdup(name);
	return r;
}

static int
add_classes(struct lt_source *s, struct folder *f, struct lt_err *err)
{
	struct names classes = {0};
	int r = list(&classes, f->root, err);
	if (r == 0 && (classes.n == 0 || classes.n > LT_CLASSES_MAX))
		r = lt_fail(err, LT_EDATA,
			"%s: %zu entries, expected 1 to %d folders, one a "
			"class",
			f->root, classes.n, LT_CLASSES_MAX);
	s->class_name = lt_alloc(classes.n, sizeof(char *));
	for (size_t i = 0; r == 0 && i < classes.n; i++) {
		char *path = lt_asprintf("%s/%s", f->root, classes.v[i]);
		if (is_folder(path))
			r = add_class(s, f, classes.v[i], err);
		else
			r = lt_fail(err, LT_EDATA,
				"%s: expected only folders here, one a class",
				path);
		free(path);
	}
	names_release(&classes);
	return r;
}

static int
folder_next(
	struct lt_source *s, uint8_t *px, int32_t *label, struct lt_err *err)
{
	struct folder *f = s->state;
	struct lt_image im;
	size_t plane = (size_t)s->h * (size_t)s->w;
	if (f->at == f->file.n)
		return 0;
	if (lt_png_read(&im, f->file.v[f->at], err) < 0)
		return -1;
	if (im.h != s->h || im.w != s->w || im.c > s->c) {
		lt_image_release(&im);
		return lt_fail(err, LT_EDATA, "%s: changed while it was read",
			f->file.v[f->at]);
	}
	for (int c = 0; c < s->c; c++)
		memcpy(px + (size_t)c * plane,
			im.px + (im.c == 1 ? 0 : (size_t)c * plane), plane);
	lt_image_release(&im);
	*label = f->label[f->at++];
	return 1;
}

static int
folder_open(struct lt_source *s, const struct lt_source_from *from,
	struct lt_err *err)
{
	struct folder *f = lt_alloc(1, sizeof(*f));
	s->state = f;
	s->next = folder_next;
	s->close = folder_close;
	if (from->labels)
		return lt_fail(err, LT_EUSAGE,
			"%s is a folder: no label file is expected",
			from->path);
	if (from->coarse)
		return lt_fail(err, LT_EUSAGE,
			"%s is not CIFAR-100: it has no coarse labels",
			from->path);
	if (from->split)
		f->root = lt_asprintf("%s/%s", from->path, from->split);
	if (!f->root || !is_folder(f->root)) {
		free(f->root);
		f->root = lt_strdup(from->path);
	}
	return add_classes(s, f, err);
}

const struct lt_source_kind lt_source_folder = {
	"folder", folder_is, folder_open};
