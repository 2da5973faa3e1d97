/* The CIFAR-10 and CIFAR-100 binary folders, or the archives that they come in:
 * records of one label byte (10) or a coarse and a fine one (100), then
 * 3 x 32 x 32 bytes. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/in.h"
#include "base/mem.h"
#include "source/source.h"
#include "source/tar.h"

#define PIXELS ((size_t)3 * 32 * 32)

static const char *const train10[] = {"data_batch_1.bin", "data_batch_2.bin",
	"data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", NULL};
static const char *const test10[] = {"test_batch.bin", NULL};
static const char *const train100[] = {"train.bin", NULL};
static const char *const test100[] = {"test.bin", NULL};

/* Each row is a way to read such a folder. */
static const struct layout {
	const char *mark; /* a folder with this file has this layout */
	bool coarse;
	int classes, label_bytes, label_at;
	const char *names; /* file with a class name a line; may be missing */
	const char *const *train, *const *test;
} layouts[] = {
	{"data_batch_1.bin", false, 10, 1, 0, "batches.meta.txt", train10,
		test10},
	{"test_batch.bin", false, 10, 1, 0, "batches.meta.txt", train10,
		test10},
	{"train.bin", false, 100, 2, 1, "fine_label_names.txt", train100,
		test100},
	{"train.bin", true, 20, 2, 0, "coarse_label_names.txt", train100,
		test100},
	{"test.bin", false, 100, 2, 1, "fine_label_names.txt", train100,
		test100},
	{"test.bin", true, 20, 2, 0, "coarse_label_names.txt", train100,
		test100},
};

/* One of the files, in a folder or in an archive. */
struct part {
	struct lt_in *in;
	struct lt_tar *tar;
};

struct cifar {
	char *path;    /* folder or archive */
	char **inside; /* files of an archive, or NULL */
	size_t ninside;
	const struct layout *layout;
	const char *const *file; /* the one to be opened next */
	struct part part;
	uint64_t record; /* of the current file */
	/* Set if the file system could not say whether a file exists. */
	struct lt_err fault;
};

static bool
part_open(struct part *p, const struct cifar *x, const char *name,
	struct lt_err *err)
{
	if (x->inside) {
		p->tar = lt_tar_open(x->path, name, err);
		return p->tar;
	}
	char *path = lt_asprintf("%s/%s", x->path, name);
	p->in = lt_source_regular(path, err) < 0 ? NULL : lt_in_open(path, err);
	free(path);
	return p->in;
}

static int
part_read(struct part *p, void *buf, size_t n, size_t *got, struct lt_err *err)
{
	return p->tar ? lt_tar_read(p->tar, buf, n, got, err)
		      : lt_in_read(p->in, buf, n, got, err);
}

static const char *
part_name(const struct part *p)
{
	return p->tar ? lt_tar_name(p->tar) : lt_in_name(p->in);
}

static void
part_close(struct part *p)
{
	lt_tar_close(p->tar);
	lt_in_close(p->in);
	*p = (struct part){0};
}

/* True if there is a file of this type.  If that is not known, false with
 * x->fault set. */
static bool
has(struct cifar *x, const char *name, mode_t type)
{
	char *path = lt_asprintf("%s/%s", x->path, name);
	bool is = lt_source_has(path, type, &x->fault) > 0;

	free(path);
	return is;
}

static bool
exists(struct cifar *x, const char *name)
{
	bool there = false;

	for (size_t i = 0; x->inside && i < x->ninside; i++)
		there |= strcmp(x->inside[i], name) == 0;
	return x->inside ? there : has(x, name, 0);
}

static bool
failed(const struct cifar *x, struct lt_err *err)
{
	if (x->fault.status)
		*err = x->fault;
	return x->fault.status;
}

static const struct layout *
find_layout(struct cifar *x, bool coarse)
{
	const struct layout *found = NULL;
	for (size_t i = 0; i < sizeof(layouts) / sizeof(*layouts); i++)
		if (exists(x, layouts[i].mark) &&
			(!found || layouts[i].coarse == coarse))
			found = found && found->coarse == coarse ? found
								 : &layouts[i];
	return found;
}

/* 1, 0 or -1. */
static int
is_archive(const char *path, struct lt_err *err)
{
	int regular = lt_source_has(path, S_IFREG, err);

	return regular > 0 ? lt_tar_is(path, err) : regular;
}

/* The folders that the archives unpack to. */
static const char *const unpacked[] = {
	"cifar-10-batches-bin", "cifar-100-binary"};
/* The folders of the Python version, and a file of each. */
static const char *const python[][2] = {
	{"cifar-10-batches-py", "data_batch_1"},
	{"cifar-100-python", "train"},
};

/* Find the folder of the batches: path, or the only folder in it with a known
 * name; the result is the caller's.  NULL if there is none or if there are
 * several; *n is how many there are, -1 if that is not known. */
static char *
find_folder(const char *path, bool coarse, int *n, struct lt_err *err)
{
	char *found = lt_strdup(path);
	struct cifar x = {.path = found};

	*n = 1;
	if (find_layout(&x, coarse) && !x.fault.status)
		return found;
	free(found);
	found = NULL;
	*n = 0;
	for (size_t i = 0; i < sizeof(unpacked) / sizeof(*unpacked); i++) {
		x.path = lt_asprintf("%s/%s", path, unpacked[i]);
		if (find_layout(&x, coarse) && !(*n)++)
			found = x.path;
		else
			free(x.path);
	}
	if (failed(&x, err))
		*n = -1;
	if (*n != 1) {
		free(found);
		found = NULL;
	}
	return found;
}

/* Is there a file of the Python version, in the folder or archive itself or in
 * a folder of a known name? */
static bool
is_python(struct cifar *x)
{
	bool is = false;

	for (size_t i = 0; i < sizeof(python) / sizeof(*python); i++) {
		char *inner = lt_asprintf("%s/%s", python[i][0], python[i][1]);
		const char *meta = i ? "meta" : "batches.meta";
		is |= exists(x, inner);
		is |= exists(x, python[i][1]) && exists(x, meta) &&
		      (x->inside || !has(x, meta, S_IFDIR));
		free(inner);
	}
	return is;
}

static int
cifar_is(const struct lt_source_from *from, struct lt_err *err)
{
	struct cifar x = {.path = (char *)from->path};
	int n;

	free(find_folder(from->path, from->coarse, &n, err));
	if (n)
		return n > 0 ? 1 : -1;
	bool is = is_python(&x);
	if (failed(&x, err))
		return -1;
	return is ? 1 : is_archive(from->path, err);
}

static void
cifar_close(struct lt_source *s)
{
	struct cifar *x = s->state;
	part_close(&x->part);
	for (size_t i = 0; i < x->ninside; i++)
		free(x->inside[i]);
	free(x->inside);
	free(x->path);
	free(x);
}

/* Open the next file: 1, 0 when there is none, -1. */
static int
open_next(struct cifar *x, struct lt_err *err)
{
	if (!*x->file)
		return 0;
	x->record = 0;
	return part_open(&x->part, x, *x->file++, err) ? 1 : -1;
}

static int
check_record(const struct cifar *x, const uint8_t *label, size_t got,
	struct lt_err *err)
{
	const struct layout *l = x->layout;
	size_t size = (size_t)l->label_bytes + PIXELS;
	if (got != size)
		return lt_fail(err, LT_EDATA,
			"%s: truncated: record %" PRIu64
			" has %zu bytes, expected %zu",
			part_name(&x->part), x->record, got, size);
	if (label[l->label_at] < l->classes)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: label of record %" PRIu64 " is %d, expected 0 to %d",
		part_name(&x->part), x->record, label[l->label_at],
		l->classes - 1);
}

/* The label bytes of the next record: 1, 0 at the end of all, -1. */
static int
next_record(struct cifar *x, uint8_t *head, size_t *got, struct lt_err *err)
{
	size_t k = (size_t)x->layout->label_bytes;

	for (;;) {
		if (!x->part.in && !x->part.tar) {
			int r = open_next(x, err);
			if (r <= 0)
				return r;
		}
		if (part_read(&x->part, head, k, got, err) < 0)
			return -1;
		if (*got)
			return 1;
		if (!x->record)
			return lt_fail(err, LT_EDATA,
				"%s: empty, expected records of %zu bytes",
				part_name(&x->part), k + PIXELS);
		part_close(&x->part);
	}
}

static int
cifar_next(struct lt_source *s, uint8_t *px, int32_t *label, struct lt_err *err)
{
	struct cifar *x = s->state;
	size_t got = 0, more = 0;
	uint8_t head[2];
	int r = next_record(x, head, &got, err);

	if (r <= 0)
		return r;
	if (got == (size_t)x->layout->label_bytes &&
		part_read(&x->part, px, PIXELS, &more, err) < 0)
		return -1;
	if (check_record(x, head, got + more, err) < 0)
		return -1;
	x->record++;
	*label = head[x->layout->label_at];
	return 1;
}

#define NAMES 65536 /* bytes of a list of names */

/* A class name a line, empty lines left out: exactly as many as classes. */
static int
read_names(struct lt_source *s, const struct cifar *x, struct lt_err *err)
{
	char *text = lt_alloc(NAMES + 1, 1), *save = NULL;
	struct part p = {0};
	size_t len = 0;
	int n = 0, r = -1;

	if (part_open(&p, x, x->layout->names, err))
		r = part_read(&p, text, NAMES, &len, err);
	if (r == 0 && len == NAMES)
		r = lt_fail(err, LT_EDATA, "%s: too long for a list of names",
			part_name(&p));
	for (char *line = r ? NULL : strtok_r(text, "\r\n", &save); line;
		line = strtok_r(NULL, "\r\n", &save)) {
		if (n < s->classes) {
			free(s->class_name[n]);
			s->class_name[n] = lt_strdup(line);
		}
		n++;
	}
	if (r == 0 && n != s->classes)
		r = lt_fail(err, LT_EDATA, "%s: %d names, expected %d",
			part_name(&p), n, s->classes);
	part_close(&p);
	free(text);
	return r;
}

static int
cifar_open(struct lt_source *s, const struct lt_source_from *from,
	struct lt_err *err)
{
	struct cifar *x = lt_alloc(1, sizeof(*x));
	bool test = from->split && strcmp(from->split, "test") == 0;
	s->state = x;
	s->next = cifar_next;
	s->close = cifar_close;
	x->path = lt_strdup(from->path);
	int archive = is_archive(from->path, err);
	if (archive < 0 || (archive && lt_tar_list(x->path, &x->inside,
					       &x->ninside, err) < 0))
		return -1;
	if (!x->inside) {
		int n;
		char *folder = find_folder(from->path, from->coarse, &n, err);
		if (n < 0)
			return -1;
		if (n > 1)
			return lt_fail(err, LT_EDATA,
				"%s: contains %s and %s, expected one of them: "
				"give its path",
				from->path, unpacked[0], unpacked[1]);
		free(folder ? x->path : NULL);
		x->path = folder ? folder : x->path;
	}
	x->layout = find_layout(x, from->coarse);
	bool pickled = !x->layout && is_python(x);
	if (failed(x, err))
		return -1;
	if (pickled)
		return lt_fail(err, LT_EDATA,
			"%s: is the Python version of CIFAR, expected the "
			"binary version; examples/cifar_from_python.py "
			"converts it",
			from->path);
	if (!x->layout)
		return lt_fail(err, LT_EDATA,
			"%s: contains no data_batch_1.bin and no train.bin, "
			"expected the binary version of CIFAR-10 or CIFAR-100",
			from->path);
	x->file = test ? x->layout->test : x->layout->train;
	if (from->labels)
		return lt_fail(err, LT_EUSAGE,
			"%s is a CIFAR set: no label file is expected",
			from->path);
	if (from->split && strcmp(from->split, "val") == 0)
		return lt_fail(err, LT_EUSAGE,
			"%s is a CIFAR set: it has no split 'val'", from->path);
	if (from->coarse && !x->layout->coarse)
		return lt_fail(err, LT_EUSAGE,
			"%s is not CIFAR-100: it has no coarse labels",
			from->path);
	s->c = 3;
	s->h = s->w = 32;
	lt_source_number_classes(s, x->layout->classes);
	bool named = exists(x, x->layout->names);
	if (failed(x, err))
		return -1;
	return named ? read_names(s, x, err) : 0;
}

const struct lt_source_kind lt_source_cifar = {"cifar", cifar_is, cifar_open};
