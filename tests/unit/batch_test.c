/* Batches: their order, augmentation and layout; the loader's thread. */
#include <math.h>
#include <semaphore.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>
#include "base/host.h"
#include "base/mem.h"
#include "kern/kern.h"
#include "run/loader.h"
#include "scratch.h"
#include "tap.h"
#include "tiny.h"

static void
order(void)
{
	uint32_t a[TINY], b[TINY], seen[TINY] = {0};
	int moved = 0;
	lt_batch_order(a, TINY, 3, 5);
	lt_batch_order(b, TINY, 3, 5);
	CHECK(memcmp(a, b, sizeof a) == 0);
	for (int i = 0; i < TINY; i++)
		seen[a[i]]++;
	for (int i = 0; i < TINY; i++)
		CHECK_EQ(seen[i], 1);
	lt_batch_order(b, TINY, 3, 6);
	for (int i = 0; i < TINY; i++)
		moved += a[i] != b[i];
	CHECK(moved > TINY / 2);
	lt_batch_order(b, TINY, 4, 5);
	CHECK(memcmp(a, b, sizeof a) != 0);
	lt_batch_order(b, 1, 3, 5);
	CHECK_EQ(b[0], 0);
}

/* Does lane hold px shifted by (dy, dx) and mirrored or not? */
static bool
looks_like(const float *lane, const uint8_t *px, const struct lt_batch_opt *b,
	int dy, int dx, bool flip)
{
	const struct lt_dataset *d = b->data;
	for (int c = 0; c < d->c; c++)
		for (int y = 0; y < d->h; y++)
			for (int x = 0; x < d->w; x++) {
				int sy = y + dy;
				int sx = (flip ? d->w - 1 - x : x) + dx;
				int v = sy >= 0 && sy < d->h && sx >= 0 &&
							sx < d->w
						? px[(c * d->h + sy) * d->w +
							  sx]
						: 0;
				float want =
					((float)v / 255.0F - b->norm.mean[c]) /
					b->norm.std[c];
				int place = (c * d->h + y) * d->w + x;
				if (lane[(size_t)place * LT_LANES] != want)
					return false;
			}
	return true;
}

/* How many (shift, flip) explain an image, and the one that does. */
static int
explain(const float *lane, const uint8_t *px, const struct lt_batch_opt *b,
	int *how)
{
	int found = 0;
	for (int dy = -b->pad; dy <= b->pad; dy++)
		for (int dx = -b->pad; dx <= b->pad; dx++)
			for (int flip = 0; flip < 2; flip++)
				if (looks_like(lane, px, b, dy, dx, flip)) {
					found++;
					*how = (dy + 8) * 100 + (dx + 8) * 2 +
					       flip;
				}
	return found;
}

static void
load(void)
{
	struct lt_dataset d;
	struct lt_index ix = {0};
	struct lt_err err;
	uint32_t places[TINY];
	int32_t label[48];
	uint8_t px[2 * 5 * 7];
	int how[TINY] = {0}, kinds = 0;
	tiny_data("set");
	CHECK_EQ(lt_dataset_open(&d, "set", &err), 0);
	for (uint32_t i = 0; i < TINY; i += 2)
		lt_index_push(&ix, i);
	int n = (int)ix.n - 2;
	lt_batch_order(places, ix.n, 9, 0);
	struct lt_batch_opt b = {.data = &d,
		.index = &ix,
		.norm = {{0.25F, 0.5F}, {0.5F, 0.75F}},
		.seed = 9,
		.pad = 2};
	size_t floats = 2 * d.img_size * LT_LANES;
	float *x = lt_alloc_aligned(floats, sizeof *x);
	for (b.augment = LT_AUGMENT_NONE;; b.augment = LT_AUGMENT_CROP_FLIP) {
		memset(x, 77, floats * sizeof *x);
		CHECK_EQ(lt_batch_load(x, label, &b, places, n, 4, &err), 0);
		for (int i = 0; i < 2 * LT_LANES; i++) {
			const float *lane =
				x +
				(size_t)(i / LT_LANES) * d.img_size * LT_LANES +
				i % LT_LANES;
			if (i >= n) {
				for (size_t k = 0; k < d.img_size; k++)
					CHECK(lane[k * LT_LANES] == 0);
				continue;
			}
			uint32_t sample = ix.v[places[i]];
			CHECK_EQ(label[i], d.label[sample]);
			lt_dataset_image(&d, sample, px, &err);
			if (!b.augment)
				CHECK(looks_like(lane, px, &b, 0, 0, false));
			else
				CHECK(explain(lane, px, &b, &how[i]) >= 1);
		}
		if (b.augment)
			break;
	}
	for (int i = 1; i < n; i++)
		kinds += how[i] != how[0];
	CHECK(kinds > n / 2);
	/* The same sample elsewhere in a batch looks the same; in another
	 * epoch most look otherwise. */
	float *y = lt_alloc_aligned(floats, sizeof *y);
	int other = 0, again;
	lt_batch_load(y, label, &b, places + 3, 1, 4, &err);
	lt_dataset_image(&d, ix.v[places[3]], px, &err);
	CHECK(explain(y, px, &b, &again) >= 1 && again == how[3]);
	for (int i = 0; i < n; i++) {
		lt_batch_load(y, label, &b, places + i, 1, 5, &err);
		lt_dataset_image(&d, ix.v[places[i]], px, &err);
		explain(y, px, &b, &again);
		other += again != how[i];
	}
	CHECK(other > n / 2);
	free(x);
	free(y);
	lt_index_release(&ix);
	lt_dataset_close(&d);
}

static void
loader(void)
{
	struct lt_dataset d;
	struct lt_index ix = {0};
	struct lt_model m = {0};
	struct lt_err err;
	const int32_t *label;
	uint32_t places[TINY];
	int32_t want_label[LT_LANES];
	struct lt_graph *g = lt_graph_parse(tiny_net, "test", &err);
	CHECK(g != NULL);
	lt_model_init(&m, g);
	CHECK_EQ(lt_dataset_open(&d, "set", &err), 0);
	lt_index_all(&ix, d.n);
	struct lt_batch_opt b = {.data = &d,
		.index = &ix,
		.norm = {{0, 0}, {1, 1}},
		.augment = LT_AUGMENT_CROP_FLIP,
		.pad = 1};
	struct lt_engine_opt xo = {.batch = 10, .threads = 2};
	struct lt_engine *x = lt_engine_new(&m, &xo, &err);
	size_t floats = d.img_size * LT_LANES;
	float *want = lt_alloc_aligned(floats, sizeof *want);
	struct lt_loader *l = lt_loader_new(&b, x, 10);
	lt_batch_order(places, TINY, 0, 0);
	const float *before = NULL;
	lt_loader_start(l, places, 10, 0, 1);
	for (int i = 0; i < 4; i++) {
		CHECK_EQ(lt_loader_take(l, &label, &err), 0);
		CHECK(lt_engine_input(x) != before);
		before = lt_engine_input(x);
		if (i < 3)
			lt_loader_start(l, places + 10 * (i + 1), 10 - i, 0, 1);
		int n = i ? 11 - i : 10;
		lt_batch_load(
			want, want_label, &b, places + 10 * i, n, 1, &err);
		CHECK(memcmp(lt_engine_input(x), want, floats * sizeof *want) ==
			0);
		CHECK(memcmp(label, want_label, (size_t)n * sizeof *label) ==
			0);
	}
	/* Freed with a batch under way; and one that cannot be read. */
	lt_loader_start(l, places, 10, 0, 1);
	lt_loader_free(l);
	l = lt_loader_new(&b, x, 10);
	CHECK_EQ(truncate("set", 3000), 0);
	lt_loader_start(l, places, 10, 0, 1);
	err.msg[0] = 0;
	CHECK(lt_loader_take(l, &label, &err) < 0);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK(strncmp(err.msg, "set: ", 5) == 0);
	lt_loader_free(l);
	lt_engine_free(x);
	free(want);
	lt_model_release(&m);
	lt_graph_free(g);
	lt_index_release(&ix);
	lt_dataset_close(&d);
}

/* ---- reading ahead --------------------------------------------------------
 */

#if LT_HOST_LINUX

/* The data set whose reads are watched: each waits until it is allowed. */
static const struct lt_dataset *slow;
static sem_t allowed;
static atomic_int finished, surprises; /* reads; those not announced before */
static atomic_int announced[TINY];

static int
image_at(off_t at)
{
	CHECK_EQ(((uint64_t)at - slow->pos) % slow->img_size, 0);
	return (int)(((uint64_t)at - slow->pos) / slow->img_size);
}

int
posix_fadvise(int fd, off_t at, off_t n, int advice)
{
	if (!slow || fd != slow->fd)
		return 0;
	CHECK_EQ(advice, POSIX_FADV_WILLNEED);
	CHECK_EQ(n, slow->img_size);
	announced[image_at(at)]++;
	return 0;
}

ssize_t
pread(int fd, void *buf, size_t n, off_t at)
{
	bool watched = slow && fd == slow->fd;

	while (watched && sem_wait(&allowed) < 0)
		;
	surprises += watched && !announced[image_at(at)];
	ssize_t got = syscall(SYS_pread64, fd, buf, n, at);
	finished += watched;
	return got;
}

/* Let n images be read, and wait until they are. */
static void
allow(int n)
{
	int want = finished + n;

	for (int i = 0; i < n; i++)
		sem_post(&allowed);
	for (int i = 0; i < 10000 && finished < want; i++)
		usleep(1000);
	CHECK_EQ(finished, want);
}

static void
ahead(void)
{
	struct lt_dataset d;
	struct lt_index ix = {0};
	struct lt_model m = {0};
	struct lt_err err;
	const int32_t *label;
	uint32_t places[TINY];
	struct lt_graph *g = lt_graph_parse(tiny_net, "test", &err);

	lt_model_init(&m, g);
	tiny_data("set2");
	CHECK_EQ(lt_dataset_open(&d, "set2", &err), 0);
	lt_index_all(&ix, d.n);
	struct lt_batch_opt b = {
		.data = &d, .index = &ix, .norm = {{0, 0}, {1, 1}}};
	struct lt_engine_opt xo = {.batch = 10, .threads = 1};
	struct lt_engine *x = lt_engine_new(&m, &xo, &err);
	struct lt_loader *l = lt_loader_new(&b, x, 10);
	lt_batch_order(places, TINY, 0, 0);
	sem_init(&allowed, 0, 0);
	slow = &d;
	lt_loader_start(l, places, 10, 20, 1);
	allow(10);
	CHECK_EQ(lt_loader_take(l, &label, &err), 0);
	/* While the caller computes, and before it takes the next batch, that
	 * batch is read; the one behind it is announced. */
	lt_loader_start(l, places + 10, 10, 10, 1);
	allow(10);
	for (int i = 0; i < TINY; i++)
		CHECK_EQ(announced[places[i]], i < 30);
	CHECK_EQ(lt_loader_take(l, &label, &err), 0);
	/* Another batch than the one that was announced. */
	lt_loader_start(l, places + 35, 10, 0, 1);
	allow(10);
	CHECK_EQ(lt_loader_take(l, &label, &err), 0);
	for (int i = 0; i < TINY; i++)
		CHECK_EQ(announced[places[i]], i < 30 || i >= 35);
	CHECK_EQ(surprises, 0);
	slow = NULL;
	lt_loader_free(l);
	lt_engine_free(x);
	lt_model_release(&m);
	lt_graph_free(g);
	lt_index_release(&ix);
	lt_dataset_close(&d);
	sem_destroy(&allowed);
}

#endif

/* ---- boxes scaled to the whole ------------------------------------------- */

#define RAMP_H 48
#define RAMP_W 64

/* Channel 0 rises by 3 a column, channel 1 by 5 a row. */
static void
ramp_data(struct lt_dataset *d, int32_t *label)
{
	static char path[] = "ramp";
	uint8_t px[2 * RAMP_H * RAMP_W];
	for (int i = 0; i < RAMP_H * RAMP_W; i++) {
		px[i] = (uint8_t)(3 * (i % RAMP_W));
		px[RAMP_H * RAMP_W + i] = (uint8_t)(5 * (i / RAMP_W));
	}
	*d = (struct lt_dataset){.path = path,
		.n = 1,
		.c = 2,
		.h = RAMP_H,
		.w = RAMP_W,
		.classes = 1,
		.label = label,
		.fd = memfd_create("ramp", 0),
		.img_size = sizeof px};
	CHECK_EQ(pwrite(d->fd, px, sizeof px, 0), (long)sizeof px);
}

/* The middle of row or column 1 and the last but one, in source pixels. */
static double
extent(const float *lane, int from, int step, int n, double rise)
{
	double a = lane[(size_t)(from + step) * LT_LANES];
	double b = lane[(size_t)(from + (n - 2) * step) * LT_LANES];
	return (b - a) * 255 / rise * n / (n - 3);
}

static void
boxes(void)
{
	struct lt_dataset d;
	struct lt_index ix = {0};
	struct lt_err err;
	int32_t label = 0;
	uint32_t place = 0;
	double least = 1, most = 0, thin = 9, wide = 0, sum = 0;
	int flips = 0;
	ramp_data(&d, &label);
	lt_index_push(&ix, 0);
	struct lt_batch_opt b = {.data = &d,
		.index = &ix,
		.norm = {{0, 0}, {1, 1}},
		.seed = 3,
		.augment = LT_AUGMENT_RESIZED};
	float *x = lt_alloc_aligned(d.img_size * LT_LANES, sizeof *x);
	float *y = lt_alloc_aligned(d.img_size * LT_LANES, sizeof *y);
	for (uint64_t epoch = 0; epoch < 400; epoch++) {
		CHECK_EQ(lt_batch_load(x, &label, &b, &place, 1, epoch, &err),
			0);
		double w = extent(x, 0, 1, RAMP_W, 3);
		double h = extent(x, RAMP_H * RAMP_W, RAMP_W, RAMP_H, 5);
		flips += w < 0;
		w = w < 0 ? -w : w;
		double share = w * h / (RAMP_H * RAMP_W);
		sum += share;
		least = share < least ? share : least;
		most = share > most ? share : most;
		thin = w / h < thin ? w / h : thin;
		wide = w / h > wide ? w / h : wide;
	}
	/* Sides are whole pixels, and values bytes. */
	CHECK(least > 0.06 && least < 0.13);
	CHECK(most > 0.85 && most < 1.03);
	CHECK(thin > 0.68 && thin < 0.8 && wide > 1.25 && wide < 1.45);
	/* 0.44, as tall boxes do not fit; three standard errors */
	CHECK(fabs(sum / 400 - 0.44) < 0.04);
	CHECK(flips > 150 && flips < 250);
	lt_batch_load(y, &label, &b, &place, 1, 399, &err);
	CHECK(memcmp(x, y, d.img_size * LT_LANES * sizeof *x) == 0);
	free(x);
	free(y);
	close(d.fd);
	lt_index_release(&ix);
}

int
main(void)
{
	scratch_enter();
	TEST(order, "an epoch's order is a permutation of seed and epoch");
	TEST(boxes, "boxes have the areas and sides that are drawn");
	TEST(load, "images are normalized, cropped and flipped into lanes");
	TEST(loader, "the loader gives the same batches, and errors");
#if LT_HOST_LINUX
	TEST(ahead, "the loader reads while the caller computes, and further");
#endif
	scratch_leave();
	return tap_done();
}
