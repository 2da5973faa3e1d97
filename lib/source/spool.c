#include "source/spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/host.h"
#include "base/mem.h"
#include "base/out.h"
#include "base/outpath.h"
#include "file/st.h"

struct lt_spool {
	struct lt_source *s;
	size_t size; /* of an image */
	FILE *nameless;
	/* With names: images, entries, and the file of the images to read. */
	struct lt_out *images, *packed;
	int fd;
	char *images_name, *packed_name;
	uint64_t *entry; /* not yet written: of images not yet synced */
	size_t entries, cap, waiting; /* waiting: images among them */
	bool kept;		      /* packed has entries */
	/* What an earlier packing left: labels, and the next one to give. */
	int32_t *label;
	uint64_t found, again;
};

/* ---- without a name ------------------------------------------------------ */

/* Create an unnamed file in a folder; it disappears with its descriptor. */
static int
unnamed_in(const char *folder)
{
	int fd = lt_host_unnamed(folder);
	if (fd >= 0)
		return fd;
	char *path = lt_asprintf("%s/.lt-pack-XXXXXX", folder);
	fd = mkostemp(path, O_CLOEXEC);
	if (fd >= 0)
		unlink(path);
	free(path);
	return fd;
}

static bool
is_stream(const char *path)
{
	struct stat st;

	return strcmp(path, "-") == 0 ||
	       (stat(path, &st) == 0 && !S_ISREG(st.st_mode));
}

static int
open_nameless(struct lt_spool *p, const char *path, struct lt_err *err)
{
	const char *tmp = getenv("TMPDIR");
	char *folder = is_stream(path) ? lt_strdup(tmp && *tmp ? tmp : "/tmp")
				       : lt_outpath_folder(path);
	int fd = unnamed_in(folder);

	p->nameless = fd >= 0 ? fdopen(fd, "w+b") : NULL;
	if (!p->nameless) {
		lt_fail_errno(err, folder);
		if (fd >= 0)
			close(fd);
	}
	free(folder);
	return p->nameless ? 0 : -1;
}

/* ---- with a name --------------------------------------------------------- */

static void
take_entry(void *arg, uint64_t entry)
{
	struct lt_spool *p = arg;

	lt_grow(&p->entry, &p->cap, p->entries + 1, sizeof *p->entry);
	p->entry[p->entries++] = entry;
}

/* A part as entries, at most so many; an unfinished one at its end counts for
 * nothing. */
static uint64_t *
read_entries(const char *part, uint64_t most, uint64_t *n)
{
	int fd = open(part, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	struct stat st = {0};
	uint64_t *entry = NULL;

	*n = 0;
	if (fd < 0)
		return NULL;
	if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size >= 8) {
		struct lt_err ignored;
		*n = (uint64_t)st.st_size / sizeof *entry;
		*n = *n < most ? *n : most;
		entry = lt_alloc_scratch(*n, sizeof *entry);
		if (lt_st_pread(fd, entry, *n * sizeof *entry, 0, part,
			    &ignored) < 0)
			*n = 0;
	}
	close(fd);
	return entry;
}

static uint64_t
size_of(const char *path)
{
	struct stat st;

	return lstat(path, &st) == 0 && st.st_size > 0 ? (uint64_t)st.st_size
						       : 0;
}

/* Find how many images of an earlier packing can be taken, and the number of
 * their files' entries.  Entries are written after their images, so all of
 * these should be there; if not, nothing is taken. */
static uint64_t
find_earlier(struct lt_spool *p, const char *images, const char *packed)
{
	struct lt_source *s = p->s;
	uint64_t n, have = 0, taken;
	uint64_t *entry = read_entries(packed, s->files, &n);

	for (uint64_t i = 0; i < n; i++)
		have += entry[i] & LT_FILE_IMAGE;
	if (size_of(images) / p->size < have)
		n = 0;
	p->label = lt_alloc(n ? n : 1, sizeof *p->label);
	taken = n ? s->begin(s, entry, n, p->label) : 0;
	for (uint64_t i = 0; i < taken; i++)
		p->found += entry[i] & LT_FILE_IMAGE;
	free(entry);
	return taken;
}

static int
open_named(struct lt_spool *p, const char *path, struct lt_err *err)
{
	p->images_name = lt_outpath_beside(path, "", ".images");
	p->packed_name = lt_outpath_beside(path, "", ".packed");
	char *images = lt_outpath_part(p->images_name, ".part");
	char *packed = lt_outpath_part(p->packed_name, ".part");
	uint64_t taken = find_earlier(p, images, packed);

	/* Of a process that still packs, the first file is locked. */
	p->images = lt_out_open_at(p->images_name, p->found * p->size, err);
	if (p->images)
		p->packed = lt_out_open_at(
			p->packed_name, taken * sizeof *p->entry, err);
	if (p->packed)
		p->fd = open(images, O_RDONLY | O_CLOEXEC);
	if (p->packed && p->fd < 0)
		lt_fail_errno(err, images);
	free(images);
	free(packed);
	p->kept = taken > 0;
	p->s->note = take_entry;
	p->s->note_arg = p;
	return p->fd < 0 ? -1 : 0;
}

/* Sync images, and then the entries of their files. */
static int
checkpoint(struct lt_spool *p, struct lt_err *err)
{
	if (lt_out_sync(p->images, err) < 0)
		return -1;
	lt_out_write(p->packed, p->entry, p->entries * sizeof *p->entry);
	if (lt_out_sync(p->packed, err) < 0)
		return -1;
	p->kept |= p->entries > 0;
	p->entries = p->waiting = 0;
	return 0;
}

/* ---- the interface ------------------------------------------------------- */

struct lt_spool *
lt_spool_open(const char *path, struct lt_source *s, struct lt_err *err)
{
	struct lt_spool *p = lt_alloc(1, sizeof *p);
	bool named = s->files > LT_SPOOL_EACH && !is_stream(path);

	*p = (struct lt_spool){.s = s,
		.size = (size_t)s->c * (size_t)s->h * (size_t)s->w,
		.fd = -1};
	if ((named ? open_named : open_nameless)(p, path, err) == 0)
		return p;
	lt_spool_close(p, false);
	return NULL;
}

static int
add(struct lt_spool *p, const uint8_t *px, struct lt_err *err)
{
	if (p->nameless) {
		if (fwrite(px, 1, p->size, p->nameless) == p->size)
			return 0;
		return lt_fail(err, LT_EIO, "cannot write a temporary file: %s",
			strerror(errno));
	}
	lt_out_write(p->images, px, p->size);
	return ++p->waiting == LT_SPOOL_EACH ? checkpoint(p, err) : 0;
}

int
lt_spool_next(
	struct lt_spool *p, uint8_t *px, int32_t *label, struct lt_err *err)
{
	if (p->again < p->found) {
		*label = p->label[p->again];
		uint64_t at = p->again++ * p->size;
		return lt_st_pread(
			       p->fd, px, p->size, at, p->images_name, err) < 0
			       ? -1
			       : 1;
	}
	int r = lt_source_next(p->s, px, label, err);
	if (r > 0 && add(p, px, err) < 0)
		r = -1;
	return r;
}

int
lt_spool_flush(struct lt_spool *p, struct lt_err *err)
{
	if (!p->nameless)
		return checkpoint(p, err);
	if (fflush(p->nameless) == 0)
		return 0;
	return lt_fail(err, LT_EIO, "cannot write a temporary file: %s",
		strerror(errno));
}

int
lt_spool_fd(const struct lt_spool *p)
{
	return p->nameless ? fileno(p->nameless) : p->fd;
}

void
lt_spool_close(struct lt_spool *p, bool done)
{
	struct lt_err ignored;

	if (!p)
		return;
	bool keep = !done && p->kept;
	/* What follows the last sync is worth keeping, too. */
	if (keep && p->entries)
		checkpoint(p, &ignored);
	if (p->images && keep)
		lt_out_keep(p->images, &ignored);
	else
		lt_out_abandon(p->images);
	if (p->packed && keep)
		lt_out_keep(p->packed, &ignored);
	else
		lt_out_abandon(p->packed);
	if (p->nameless)
		fclose(p->nameless);
	if (p->fd >= 0)
		close(p->fd);
	p->s->note = NULL;
	free(p->images_name);
	free(p->packed_name);
	free(p->entry);
	free(p->label);
	free(p);
}
