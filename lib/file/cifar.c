/* The CIFAR-10 and CIFAR-100 binary folders: records of one label byte (10) or
 * a coarse and a fine one (100), then 3 x 32 x 32 bytes. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/in.h"
#include "base/mem.h"
#include "file/source.h"

#define PIXELS ((size_t)3 * 32 * 32)

static const char *const train10[] = {"data_batch_1.bin", "data_batch_2.bin",
	"data_batch_3.bin", "data_batch_4.bin", "data_batch_5.bin", NULL};
static const char *const test10[] = {"test_batch.bin", NULL};
static const char *const train100[] = {"train.bin", NULL};
static const char *const test100[] = {"test.bin", NULL};

/* One row a way to read such a folder. */
static const struct layout {
	const char *mark; /* the file that tells the kind */
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

struct cifar {
	char *folder;
	const struct layout *layout;
	const char *const *file; /* the one to be opened next */
	struct lt_in *in;
	uint64_t record; /* of the current file */
};

static bool
exists(const char *folder, const char *name)
{
	char *path = lt_asprintf("%s/%s", folder, name);
	bool there = access(path, F_OK) == 0;
	free(path);
	return there;
}

static const struct layout *
find_layout(const struct lt_source_from *from)
{
	const struct layout *found = NULL;
	for (size_t i = 0; i < sizeof(layouts) / sizeof(*layouts); i++)
		if (exists(from->path, layouts[i].mark) &&
			(!found || layouts[i].coarse == from->coarse))
			found = found && found->coarse == from->coarse
					? found
					: &layouts[i];
	return found;
}

static bool
cifar_is(const struct lt_source_from *from)
{
	return find_layout(from) != NULL;
}

static void
cifar_close(struct lt_source *s)
{
	struct cifar *x = s->state;
	lt_in_close(x->in);
	free(x->folder);
	free(x);
}

/* Open the next file: 1, 0 when there is none, -1. */
static int
open_next(struct cifar *x, struct lt_err *err)
{
	if (!*x->file)
		return 0;
	char *path = lt_asprintf("%s/%s", x->folder, *x->file++);
	x->in = lt_in_open(path, err);
	x->record = 0;
	free(path);
	return x->in ? 1 : -1;
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
			lt_in_name(x->in), x->record, got, size);
	if (label[l->label_at] < l->classes)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: label of record %" PRIu64 " is %d, expected 0 to %d",
		lt_in_name(x->in), x->record, label[l->label_at],
		l->classes - 1);
}

static int
cifar_next(struct lt_source *s, uint8_t *px, int32_t *label, struct lt_err *err)
{
	struct cifar *x = s->state;
	size_t k = (size_t)x->layout->label_bytes, got, more = 0;
	uint8_t head[2];
	for (;;) {
		if (!x->in) {
			int r = open_next(x, err);
			if (r <= 0)
				return r;
		}
		if (lt_in_read(x->in, head, k, &got, err) < 0)
			return -1;
		if (got)
			break;
		if (!x->record)
			return lt_fail(err, LT_EDATA,
				"%s: empty, expected records of %zu bytes",
				lt_in_name(x->in), k + PIXELS);
		lt_in_close(x->in);
		x->in = NULL;
	}
	if (got == k && lt_in_read(x->in, px, PIXELS, &more, err) < 0)
		return -1;
	if (check_record(x, head, got + more, err) < 0)
		return -1;
	x->record++;
	*label = head[x->layout->label_at];
	return 1;
}

/* A class name a line, empty lines left out: exactly as many as classes. */
static int
read_names(struct lt_source *s, const struct cifar *x, struct lt_err *err)
{
	char *path = lt_asprintf("%s/%s", x->folder, x->layout->names), *line;
	struct lt_in *in = lt_in_open(path, err);
	size_t len;
	int n = 0, r = in ? 1 : -1;
	free(path);
	while (r > 0 && (r = lt_in_line(in, &line, &len, err)) > 0) {
		if (len && line[len - 1] == '\r')
			line[--len] = '\0';
		if (!len)
			continue;
		if (n < s->classes) {
			free(s->class_name[n]);
			s->class_name[n] = lt_strdup(line);
		}
		n++;
	}
	if (r == 0 && n != s->classes)
		r = lt_fail(err, LT_EDATA, "%s: %d names, expected %d",
			lt_in_name(in), n, s->classes);
	lt_in_close(in);
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
	x->folder = lt_strdup(from->path);
	x->layout = find_layout(from);
	x->file = test ? x->layout->test : x->layout->train;
	if (from->labels)
		return lt_fail(err, LT_EUSAGE,
			"%s is a CIFAR folder: no label file is expected",
			from->path);
	if (from->split && strcmp(from->split, "val") == 0)
		return lt_fail(err, LT_EUSAGE,
			"%s is a CIFAR folder: it has no split 'val'",
			from->path);
	if (from->coarse && !x->layout->coarse)
		return lt_fail(err, LT_EUSAGE,
			"%s is not CIFAR-100: it has no coarse labels",
			from->path);
	s->c = 3;
	s->h = s->w = 32;
	lt_source_number_classes(s, x->layout->classes);
	if (!exists(x->folder, x->layout->names))
		return 0;
	return read_names(s, x, err);
}

const struct lt_source_kind lt_source_cifar = {"cifar", cifar_is, cifar_open};
