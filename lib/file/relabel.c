#include "file/relabel.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include "base/rng.h"
#include "file/dataset.h"
#include "file/index.h"
#include "file/st.h"

static void
draw(struct lt_dataset *d, const struct lt_index *ix, uint64_t seed)
{
	for (size_t i = 0; i < ix->n; i++) {
		struct lt_rng r;
		lt_rng_init(&r, seed, LT_STREAM_LABELS, ix->v[i], 0);
		d->label[ix->v[i]] =
			(int32_t)lt_rng_below(&r, (uint64_t)d->classes);
	}
}

static void
describe(struct lt_st *st, const struct lt_relabel *how, uint32_t crc,
	const struct lt_index *ix)
{
	char seed[24], data[16], index[16];

	snprintf(seed, sizeof seed, "%" PRIu64, how->seed);
	snprintf(data, sizeof data, "%08" PRIx32, crc);
	snprintf(index, sizeof index, "%08" PRIx32,
		(uint32_t)crc32_z(
			0, (const void *)ix->v, ix->n * sizeof *ix->v));
	const char *const kv[] = {"labels", "random", "seed", seed, "data",
		data, how->list ? "index" : NULL, index, NULL};
	lt_st_set_meta(st, "lt.labels", how->list ? "partly random" : "random");
	lt_st_set_meta(st, "lt.seed", seed);
	lt_st_history(st, how->tool, kv);
}

/* Copy the images from file to file.  Their seal is checked first, so that no
 * damaged image gets a new seal. */
static int
write_copy(const char *path, const struct lt_relabel *how, struct lt_dataset *d,
	const struct lt_index *ix, struct lt_err *err)
{
	struct lt_st st;
	int fd, r = lt_st_open(&st, how->data, &fd, err);

	if (r < 0)
		return r;
	if (st.crc != d->crc)
		r = lt_fail(err, LT_EIO, "%s: changed while it was read",
			how->data);
	if (r == 0)
		r = lt_st_verify(&st, how->data, err);
	if (r == 0) {
		struct lt_st_tensor *t = lt_st_find(&st, "labels");
		t->data = d->label;
		t->borrowed = true;
		describe(&st, how, d->crc, ix);
		r = lt_st_write(&st, path, err);
	}
	lt_st_release(&st);
	close(fd);
	return r;
}

int
lt_relabel(const char *path, const struct lt_relabel *how, struct lt_err *err)
{
	struct lt_dataset d;
	struct lt_index ix = {0};
	int r = lt_dataset_open(&d, how->data, err);

	if (r < 0)
		return r;
	if (!how->list)
		lt_index_all(&ix, d.n);
	else if (lt_index_read(&ix, how->list, err) < 0 ||
		 lt_index_check(&ix, how->list, d.n, d.path, err) < 0)
		r = -1;
	if (r == 0) {
		draw(&d, &ix, how->seed);
		r = write_copy(path, how, &d, &ix, err);
	}
	lt_index_release(&ix);
	lt_dataset_close(&d);
	return r;
}
