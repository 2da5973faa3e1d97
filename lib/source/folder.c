/* Folders of PNG and JPEG images (source/tree.h).  All threads read headers
 * first and then images, which are handed out in order.  Grey images among
 * coloured ones become coloured. */
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include "base/mem.h"
#include "base/rng.h"
#include "file/dataset.h"
#include "source/image.h"
#include "source/source.h"
#include "source/tree.h"

#define SLOTS 256	       /* images read at once, if they are small */
#define SLOT_BYTES (64u << 20) /* and of larger ones, so many bytes */

struct slot {
	int c, h, w, bad;
	unsigned odd;
	uint64_t mark;
	struct lt_err err;
};

struct folder {
	struct lt_tree tree;
	struct lt_source_from from;
	struct slot *slot; /* [slots] */
	size_t slots;
	uint8_t *px;	     /* [slots] images */
	size_t size;	     /* of one */
	size_t at, end, got; /* next to be given; behind the last read; slot */
};

static int
folder_is(const struct lt_source_from *from, struct lt_err *err)
{
	return lt_source_has(from->path, S_IFDIR, err);
}

static void
folder_close(struct lt_source *s)
{
	struct folder *f = s->state;

	lt_tree_release(&f->tree);
	free(f->slot);
	free(f->px);
	free(f);
}

/* Handle a file that cannot be read: report it and continue with skip_bad, else
 * fail. */
static int
pass_over(struct lt_source *s, const struct lt_err *bad, struct lt_err *err)
{
	const struct folder *f = s->state;

	*err = *bad;
	if (!f->from.skip_bad)
		return -1;
	f->from.bad(bad->msg);
	s->skipped++;
	return 0;
}

/* ---- headers: the size of all, and whether any is in colour ---------------
 */

static int
note_size(struct lt_source *s, struct folder *f, size_t i,
	const struct slot *it, const struct slot *first, struct lt_err *err)
{
	s->c = it->c > s->c ? it->c : s->c;
	if (f->from.h || (it->h == first->h && it->w == first->w))
		return 0;
	lt_fail(err, LT_EDATA,
		"%s/%s: the image is %dx%d, expected %dx%d as %s/%s, or a size "
		"to which all are scaled",
		f->tree.root, f->tree.file[i], it->h, it->w, first->h, first->w,
		f->tree.root, f->tree.file[0]);
	return lt_fail_mend(err, "size");
}

/* Remove from the tree the files that are no images. */
static int
read_headers(struct lt_source *s, struct folder *f, struct lt_err *err)
{
	struct lt_tree *t = &f->tree;
	struct slot first = {0};
	size_t kept = 0, n;

	for (size_t at = 0; at < t->n; at += n) {
		n = t->n - at < SLOTS ? t->n - at : SLOTS;
#pragma omp parallel for schedule(dynamic) \
	num_threads(f->from.threads) default(none) shared(f, t, at, n)
		for (size_t i = 0; i < n; i++) {
			struct slot *it = &f->slot[i];
			char *path = lt_tree_path(t, at + i);
			it->bad = lt_image_size(
				path, &it->c, &it->h, &it->w, &it->err);
			if (!it->bad && !f->from.h &&
				(int64_t)it->h * it->w > LT_PIXELS_MAX) {
				lt_fail(&it->err, LT_EDATA,
					"%s: the image is %dx%d, expected at "
					"most %d pixels, or a size to which it "
					"is scaled",
					path, it->h, it->w, LT_PIXELS_MAX);
				it->bad = lt_fail_mend(&it->err, "size");
			}
			free(path);
		}
		for (size_t i = 0; i < n; i++) {
			const struct slot *it = &f->slot[i];
			if (it->bad && pass_over(s, &it->err, err) < 0)
				return -1;
			if (it->bad) {
				free(t->file[at + i]);
				t->file[at + i] = NULL;
				continue;
			}
			first = kept ? first : *it;
			t->label[kept] = t->label[at + i];
			char *file = t->file[at + i];
			t->file[at + i] = NULL;
			t->file[kept++] = file;
			if (note_size(s, f, kept - 1, it, &first, err) < 0)
				return -1;
		}
	}
	t->n = kept;
	s->h = f->from.h ? f->from.h : first.h;
	s->w = f->from.w ? f->from.w : first.w;
	return kept ? 0
		    : lt_fail(err, LT_EDATA,
			      "%s: none of the images can be read", t->root);
}

/* ---- images ---------------------------------------------------------------
 */

static int
fit(const struct lt_source *s, const struct folder *f, struct lt_image *im,
	const char *path, struct lt_err *err)
{
	if (f->from.whole)
		lt_image_squeeze(im, s->h, s->w);
	else if (f->from.h)
		lt_image_fit(im, f->from.resize, s->h, s->w);
	if (im->h == s->h && im->w == s->w && im->c <= s->c)
		return 0;
	return lt_fail(err, LT_EDATA, "%s: changed while it was read", path);
}

_Static_assert(LT_ODDITIES < LT_FILE_BITS, "an entry has room for oddities");

/* A mark of what an image is made from and how: from the file's name below the
 * root, its size and time.  0 if the file cannot be found. */
static uint64_t
mark_of(const struct lt_source *s, const struct folder *f, size_t i,
	const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return 0;
	char *text = lt_asprintf("%jd %jd.%09ld %d %dx%dx%d %d %d %d %s",
		(intmax_t)st.st_size, (intmax_t)st.st_mtim.tv_sec,
		st.st_mtim.tv_nsec, f->tree.label[i], s->c, s->h, s->w,
		f->from.h, f->from.resize, f->from.whole, f->tree.file[i]);
	uint64_t mark = lt_rng_hash(text) << LT_FILE_BITS;
	free(text);
	return mark;
}

/* Into the slot, and px.  The mark is taken first: a file that changes
 * meanwhile does not fit its mark later. */
static void
read_one(const struct lt_source *s, const struct folder *f, size_t i,
	uint8_t *px, struct slot *it)
{
	size_t plane = (size_t)s->h * (size_t)s->w;
	char *path = lt_tree_path(&f->tree, i);
	struct lt_image im;

	it->mark = s->note ? mark_of(s, f, i, path) : 0;
	int r = lt_image_read(&im, path, &it->err);
	if (r == 0)
		r = fit(s, f, &im, path, &it->err);
	for (int c = 0; r == 0 && c < s->c; c++)
		memcpy(px + (size_t)c * plane,
			im.px + (im.c == 1 ? 0 : (size_t)c * plane), plane);
	it->odd = im.odd;
	it->bad = r;
	lt_image_release(&im);
	free(path);
}

/* Image i was read. */
static void
count_odd(struct lt_source *s, const struct folder *f, size_t i, unsigned odd)
{
	for (int k = 0; k < LT_ODDITIES; k++)
		if (odd & 1u << k && !s->odd[k].n++)
			s->odd[k].first = lt_tree_path(&f->tree, i);
}

static void
read_ahead(const struct lt_source *s, struct folder *f)
{
	size_t left = f->tree.n - f->end;
	size_t n = left < f->slots ? left : f->slots;

#pragma omp parallel for schedule(dynamic) \
	num_threads(f->from.threads) default(none) shared(s, f, n)
	for (size_t i = 0; i < n; i++)
		read_one(s, f, f->end + i, f->px + i * f->size, &f->slot[i]);
	f->end += n;
	f->got = 0;
}

static int
folder_next(
	struct lt_source *s, uint8_t *px, int32_t *label, struct lt_err *err)
{
	struct folder *f = s->state;

	for (; f->at < f->tree.n; f->at++, f->got++) {
		if (f->at == f->end)
			read_ahead(s, f);
		if (!f->slot[f->got].bad)
			break;
		if (pass_over(s, &f->slot[f->got].err, err) < 0)
			return -1;
		if (s->note)
			s->note(s->note_arg, f->slot[f->got].mark);
	}
	if (f->at == f->tree.n)
		return 0;
	memcpy(px, f->px + f->got * f->size, f->size);
	const struct slot *it = &f->slot[f->got];
	count_odd(s, f, f->at, it->odd);
	if (s->note)
		s->note(s->note_arg, it->mark | it->odd << 1 | LT_FILE_IMAGE);
	*label = f->tree.label[f->at];
	f->at++;
	f->got++;
	return 1;
}

static uint64_t
folder_begin(
	struct lt_source *s, const uint64_t *entry, uint64_t n, int32_t *label)
{
	const uint64_t low = (1u << LT_FILE_BITS) - 1;
	struct folder *f = s->state;

	for (; f->at < n && f->at < f->tree.n; f->at++) {
		char *path = lt_tree_path(&f->tree, f->at);
		uint64_t mark = mark_of(s, f, f->at, path);
		free(path);
		if (!mark || mark != (entry[f->at] & ~low))
			break;
		unsigned bits = (unsigned)(entry[f->at] & low);
		if (bits & LT_FILE_IMAGE)
			*label++ = f->tree.label[f->at];
		else
			s->skipped++;
		count_odd(s, f, f->at, bits >> 1);
	}
	f->end = f->at;
	return f->at;
}

static int
folder_open(struct lt_source *s, const struct lt_source_from *from,
	struct lt_err *err)
{
	struct folder *f = lt_alloc(1, sizeof(*f));

	s->state = f;
	s->next = folder_next;
	s->close = folder_close;
	f->from = *from;
	f->from.threads = from->threads > 0 ? from->threads : 1;
	f->slot = lt_alloc(SLOTS, sizeof(*f->slot));
	if (from->labels)
		return lt_fail(err, LT_EUSAGE,
			"%s is a folder: no label file is expected",
			from->path);
	if (from->coarse)
		return lt_fail(err, LT_EUSAGE,
			"%s is not CIFAR-100: it has no coarse labels",
			from->path);
	if (lt_tree_read(&f->tree, from, err) < 0)
		return -1;
	s->skipped = f->tree.skipped;
	if (read_headers(s, f, err) < 0)
		return -1;
	s->class_name = lt_alloc((size_t)f->tree.classes, sizeof(char *));
	for (; s->classes < f->tree.classes; s->classes++)
		s->class_name[s->classes] =
			lt_strdup(f->tree.class_name[s->classes]);
	s->files = f->tree.n;
	s->begin = folder_begin;
	f->size = (size_t)s->c * (size_t)s->h * (size_t)s->w;
	f->slots = SLOT_BYTES / f->size;
	f->slots = f->slots < 1 ? 1 : f->slots > SLOTS ? SLOTS : f->slots;
	f->px = lt_alloc_scratch(f->slots, f->size);
	return 0;
}

const struct lt_source_kind lt_source_folder = {
	"folder", folder_is, folder_open};
