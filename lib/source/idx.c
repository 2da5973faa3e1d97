/* IDX, the format of MNIST and its kin: a big-endian magic number, a count for
 * each dimension, bytes.  Plain or gzip. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/in.h"
#include "base/mem.h"
#include "file/dataset.h"
#include "source/source.h"

#define MAGIC_LABELS 0x00000801u
#define MAGIC_IMAGES 0x00000803u
#define LABELS_MAX (1u << 26) /* they are kept in memory */

struct idx {
	struct lt_in *in;
	uint8_t *label;
	uint32_t n, at;
};

static int
idx_is(const struct lt_source_from *from, struct lt_err *err)
{
	(void)from;
	(void)err;
	return 1; /* the last to be asked; the magic number decides */
}

static int
read_u32(struct lt_in *in, uint32_t *v, struct lt_err *err)
{
	unsigned char b[4];
	if (lt_in_exact(in, b, 4, err) < 0)
		return -1;
	*v = (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 |
	     b[3];
	return 0;
}

/* Magic number and dims counts. */
static int
read_head(struct lt_in *in, uint32_t magic, uint32_t *count, int dims,
	struct lt_err *err)
{
	uint32_t found;
	if (read_u32(in, &found, err) < 0)
		return -1;
	/* The protocols 2 to 5 of pickle begin so. */
	if (found >> 24 == 0x80 && (found >> 16 & 0xff) - 2 <= 3)
		return lt_fail(err, LT_EDATA,
			"%s: is a pickle of Python, as in the Python version "
			"of CIFAR, expected the binary version; "
			"examples/cifar_from_python.py converts the folder",
			lt_in_name(in));
	if (found != magic)
		return lt_fail(err, LT_EDATA,
			"%s: not an IDX file of %s: it begins with %08" PRIx32
			", expected %08" PRIx32,
			lt_in_name(in),
			magic == MAGIC_IMAGES ? "images" : "labels", found,
			magic);
	for (int i = 0; i < dims; i++)
		if (read_u32(in, &count[i], err) < 0)
			return -1;
	return 0;
}

/* Check the count before labels are read, because a small gzip file may hold
 * any number of them. */
static int
check_count(const struct idx *x, uint32_t images, const char *labels,
	struct lt_err *err)
{
	const char *name = lt_in_name(x->in);
	if (images != x->n)
		return lt_fail(err, LT_EDATA,
			"%s: %" PRIu32 " images, but %s has %" PRIu32 " labels",
			name, images, labels, x->n);
	if (images == 0)
		return lt_fail(err, LT_EDATA, "%s: no image", name);
	if (images > LABELS_MAX)
		return lt_fail(err, LT_EDATA,
			"%s: %" PRIu32 " images, expected at most %u", name,
			images, LABELS_MAX);
	return 0;
}

/* n bytes that grow as they arrive. */
static int
read_labels(
	struct idx *x, const char *path, uint32_t images, struct lt_err *err)
{
	struct lt_in *in = lt_in_open(path, err);
	size_t done = 0;
	if (!in)
		return -1;
	int r = read_head(in, MAGIC_LABELS, &x->n, 1, err);
	if (r == 0)
		r = check_count(x, images, path, err);
	while (r == 0 && done < x->n) {
		size_t step = x->n - done < 65536 ? x->n - done : 65536;
		x->label = lt_realloc(x->label, done + step, 1);
		r = lt_in_exact(in, x->label + done, step, err);
		done += step;
	}
	if (r == 0)
		r = lt_in_end(in, err);
	lt_in_close(in);
	return r;
}

static int
idx_next(struct lt_source *s, uint8_t *px, int32_t *label, struct lt_err *err)
{
	struct idx *x = s->state;
	if (x->at == x->n)
		return lt_in_end(x->in, err);
	if (lt_in_exact(x->in, px, (size_t)s->h * (size_t)s->w, err) < 0)
		return -1;
	*label = x->label[x->at++];
	return 1;
}

static void
idx_close(struct lt_source *s)
{
	struct idx *x = s->state;
	lt_in_close(x->in);
	free(x->label);
	free(x);
}

static int
check_shape(struct lt_source *s, const struct idx *x, const uint32_t *count,
	struct lt_err *err)
{
	const char *name = lt_in_name(x->in);
	if (!count[1] || !count[2] || count[1] > LT_IMAGE_MAX ||
		count[2] > LT_IMAGE_MAX ||
		(uint64_t)count[1] * count[2] > LT_PIXELS_MAX)
		return lt_fail(err, LT_EDATA,
			"%s: images are %" PRIu32 "x%" PRIu32
			", expected 1 to %d a side and at most %d pixels",
			name, count[1], count[2], LT_IMAGE_MAX, LT_PIXELS_MAX);
	s->c = 1;
	s->h = (int)count[1];
	s->w = (int)count[2];
	return 0;
}

/* The number of classes, or -1.  Labels beyond from->classes, and classes
 * without an image unless from->gaps allows them, suggest a wrong file. */
static int
check_labels(const struct idx *x, const struct lt_source_from *from,
	struct lt_err *err)
{
	uint64_t count[256] = {0}, beyond = 0;
	int most = 0, first = 256, empty = 0;

	for (uint32_t i = 0; i < x->n; i++)
		count[x->label[i]]++;
	for (int k = 0; k < 256; k++)
		most = count[k] ? k : most;
	for (int k = from->classes; from->classes && k <= most; k++) {
		beyond += count[k];
		first = count[k] && k < first ? k : first;
	}
	if (beyond)
		return lt_fail(err, LT_EDATA,
			"%s: %" PRIu64 " of %" PRIu32 " labels are beyond the "
			"%d classes, the smallest is %d, expected 0 to %d",
			from->labels, beyond, x->n, from->classes, first,
			from->classes - 1);
	for (int k = most; k >= 0; k--)
		if (!count[k]) {
			first = k;
			empty++;
		}
	if (!empty || from->gaps)
		return most + 1;
	lt_fail(err, LT_EDATA,
		"%s: %d of the labels 0 to %d have no image, the first is %d; "
		"if this is intended, give the number of classes",
		from->labels, empty, most, first);
	return lt_fail_mend(err, "classes stats");
}

static int
idx_open(struct lt_source *s, const struct lt_source_from *from,
	struct lt_err *err)
{
	struct idx *x = lt_alloc(1, sizeof(*x));
	uint32_t count[3];
	s->state = x;
	s->next = idx_next;
	s->close = idx_close;
	x->in = lt_in_open(from->path, err);
	if (!x->in || read_head(x->in, MAGIC_IMAGES, count, 3, err) < 0)
		return -1;
	if (!from->labels)
		return lt_fail(err, LT_EUSAGE,
			"%s holds IDX images, expected the label file after it",
			from->path);
	if (check_shape(s, x, count, err) < 0 ||
		read_labels(x, from->labels, count[0], err) < 0)
		return -1;
	int classes = check_labels(x, from, err);
	if (classes < 0)
		return -1;
	lt_source_number_classes(s, from->classes ? from->classes : classes);
	return 0;
}

const struct lt_source_kind lt_source_idx = {"idx", idx_is, idx_open};
