/* Loss, schedules, batches, the stop rules, and states that lie. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "base/rng.h"
#include "file/pack.h"
#include "file/source.h"
#include "kern/kern.h"
#include "learn/loader.h"
#include "learn/loss.h"
#include "learn/sched.h"
#include "learn/stop.h"
#include "learn/train.h"
#include "scratch.h"
#include "tap.h"

/* ---- loss ---------------------------------------------------------------- */

#define IMAGES 21
#define CLASSES 7

static float *
at(float *logits, int image, int class)
{
	return logits + (image / LT_LANES * CLASSES + class) * LT_LANES +
	       image % LT_LANES;
}

static double
plain_loss(float *logits, const int32_t *label)
{
	double sum = 0;
	for (int i = 0; i < IMAGES; i++) {
		double z = 0;
		for (int c = 0; c < CLASSES; c++)
			z += exp((double)*at(logits, i, c));
		sum += log(z) - (double)*at(logits, i, label[i]);
	}
	return sum / IMAGES;
}

static void
fill_logits(float *logits, int32_t *label)
{
	struct lt_rng r;
	lt_rng_init(&r, 1, LT_STREAM_TEST, 0, 0);
	for (int i = 0; i < 2 * LT_LANES * CLASSES; i++)
		logits[i] = (float)(3 * lt_rng_normal(&r));
	for (int i = 0; i < IMAGES; i++)
		label[i] = (int32_t)lt_rng_below(&r, CLASSES);
}

static void
loss_gradient(void)
{
	float z[2 * CLASSES * LT_LANES], d[2 * CLASSES * LT_LANES];
	int32_t label[IMAGES];
	struct lt_outcome out[IMAGES];
	fill_logits(z, label);
	double loss = lt_loss(out, d, z, label, IMAGES, CLASSES);
	CHECK(fabs(loss - plain_loss(z, label)) < 1e-12);
	for (int i = 0; i < IMAGES; i++)
		for (int c = 0; c < CLASSES; c++) {
			float *p = at(z, i, c), was = *p;
			*p = was + 0x1p-10F;
			double up = plain_loss(z, label);
			*p = was - 0x1p-10F;
			double down = plain_loss(z, label);
			*p = was;
			double want = (up - down) / 0x1p-9;
			CHECK(fabs((double)*at(d, i, c) - want) < 1e-7);
		}
	for (int i = IMAGES; i < 2 * LT_LANES; i++)
		for (int c = 0; c < CLASSES; c++)
			CHECK(*at(d, i, c) == 0);
}

static void
loss_outcomes(void)
{
	float z[2 * CLASSES * LT_LANES] = {0};
	int32_t label[IMAGES] = {0};
	struct lt_outcome out[IMAGES];
	/* Image 0: all equal, label 2.  Image 1: class 3 wins, label 5.
	 * Image 2: far apart. */
	label[0] = 2;
	label[1] = 5;
	*at(z, 1, 3) = 2;
	*at(z, 1, 5) = 1;
	*at(z, 2, 0) = -3e38F;
	*at(z, 2, 1) = 3e38F;
	double loss = lt_loss(out, NULL, z, label, IMAGES, CLASSES);
	CHECK_EQ(out[0].predicted, 0);
	CHECK_EQ(out[0].rank, 2);
	CHECK(fabs(out[0].entropy - log(7)) < 1e-12);
	CHECK(fabs(out[0].margin) < 1e-12);
	CHECK_EQ(out[1].predicted, 3);
	CHECK_EQ(out[1].rank, 1);
	CHECK(out[1].margin < 0);
	CHECK_EQ(out[2].predicted, 1);
	CHECK(isfinite(loss) && out[2].loss > 5e38);
	CHECK(out[2].entropy == 0);
	*at(z, 20, 6) = INFINITY;
	CHECK(!isfinite(lt_loss(out, NULL, z, label, IMAGES, CLASSES)));
	*at(z, 20, 6) = NAN;
	CHECK(!isfinite(lt_loss(out, NULL, z, label, IMAGES, CLASSES)));
}

/* ---- schedules ----------------------------------------------------------- */

static void
points(void)
{
	struct lt_point p;
	CHECK(lt_point_parse(&p, "3") && p.value == 3 && !p.iterations);
	CHECK(lt_point_parse(&p, "500i") && p.value == 500 && p.iterations);
	CHECK_EQ(lt_point_iteration(p, 7), 500);
	CHECK(lt_point_parse(&p, "16777216"));
	CHECK_EQ(lt_point_iteration(p, 4294967295U), 72057594021150720);
	const char *const bad[] = {"", "i", "3x", "-1", "3 ", "1e3", "16777217",
		"99999999999999999999", "1099511627777i", "3ii", "0x3"};
	for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
		CHECK(!lt_point_parse(&p, bad[i]));
}

static void
rates(void)
{
	struct lt_sched s = {.kind = LT_SCHED_MULTISTEP,
		.lr = 0.1,
		.gamma = 0.1,
		.total = 100,
		.per_epoch = 10,
		.warmup = 4,
		.milestone = {50, 75},
		.milestones = 2};
	CHECK(lt_sched_rate(&s, 0) == 0.1 * 0.25);
	CHECK(lt_sched_rate(&s, 3) == 0.1);
	CHECK(lt_sched_rate(&s, 49) == 0.1);
	CHECK(lt_sched_rate(&s, 50) == 0.1 * 0.1);
	CHECK(lt_sched_rate(&s, 75) == 0.1 * 0.1 * 0.1);
	s.kind = LT_SCHED_CONSTANT;
	CHECK(lt_sched_rate(&s, 99) == 0.1);
	s.kind = LT_SCHED_COSINE;
	s.warmup = 0;
	CHECK(lt_sched_rate(&s, 0) == 0.1);
	CHECK(fabs(lt_sched_rate(&s, 50) - 0.05) < 1e-15);
	for (uint64_t i = 0; i < 99; i++)
		CHECK(lt_sched_rate(&s, i + 1) < lt_sched_rate(&s, i));
	CHECK(lt_sched_rate(&s, 99) > 0);
}

/* ---- batches ------------------------------------------------------------- */

#define N 45

static void
make_data(const char *path, int c, int h, int w)
{
	struct lt_synth synth = {.seed = 1,
		.count = N,
		.c = c,
		.h = h,
		.w = w,
		.classes = 4,
		.noise = 0.5};
	struct lt_pack how = {.tool = "test"};
	struct lt_err err;
	uint64_t n;
	struct lt_source *s = lt_source_synth(&synth);
	if (lt_pack(path, &n, s, &how, &err) < 0)
		printf("# %s\n", err.msg);
	lt_source_close(s);
}

static void
order(void)
{
	uint32_t a[N], b[N], seen[N] = {0};
	int moved = 0;
	lt_batch_order(a, N, 3, 5);
	lt_batch_order(b, N, 3, 5);
	CHECK(memcmp(a, b, sizeof a) == 0);
	for (int i = 0; i < N; i++)
		seen[a[i]]++;
	for (int i = 0; i < N; i++)
		CHECK_EQ(seen[i], 1);
	lt_batch_order(b, N, 3, 6);
	for (int i = 0; i < N; i++)
		moved += a[i] != b[i];
	CHECK(moved > N / 2);
	lt_batch_order(b, N, 4, 5);
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
	uint32_t places[N];
	int32_t label[48];
	uint8_t px[2 * 5 * 7];
	int how[N] = {0}, kinds = 0;
	make_data("set", 2, 5, 7);
	CHECK_EQ(lt_dataset_open(&d, "set", &err), 0);
	for (uint32_t i = 0; i < N; i += 2)
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
	for (b.augment = 0;; b.augment = 1) {
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

static const char net[] = "net t\ninput 2 5 7\n"
			  "c = conv input 4 k3 p1\nb = bn c\nr = relu b\n"
			  "g = gap r\nf = linear g 4 bias\noutput f\n";

static void
loader(void)
{
	struct lt_dataset d;
	struct lt_index ix = {0};
	struct lt_model m = {0};
	struct lt_err err;
	const int32_t *label;
	uint32_t places[N];
	int32_t want_label[LT_LANES];
	struct lt_graph *g = lt_graph_parse(net, "test", &err);
	CHECK(g != NULL);
	lt_model_init(&m, g);
	CHECK_EQ(lt_dataset_open(&d, "set", &err), 0);
	lt_index_all(&ix, d.n);
	struct lt_batch_opt b = {.data = &d,
		.index = &ix,
		.norm = {{0, 0}, {1, 1}},
		.augment = true,
		.pad = 1};
	struct lt_exec_opt xo = {.batch = 10, .threads = 2};
	struct lt_exec *x = lt_exec_new(&m, &xo, &err);
	size_t floats = d.img_size * LT_LANES;
	float *want = lt_alloc_aligned(floats, sizeof *want);
	struct lt_loader *l = lt_loader_new(&b, x, 10);
	lt_batch_order(places, N, 0, 0);
	const float *before = NULL;
	lt_loader_start(l, places, 10, 1);
	for (int i = 0; i < 4; i++) {
		CHECK_EQ(lt_loader_take(l, &label, &err), 0);
		CHECK(lt_exec_input(x) != before);
		before = lt_exec_input(x);
		if (i < 3)
			lt_loader_start(l, places + 10 * (i + 1), 10 - i, 1);
		int n = i ? 11 - i : 10;
		lt_batch_load(
			want, want_label, &b, places + 10 * i, n, 1, &err);
		CHECK(memcmp(lt_exec_input(x), want, floats * sizeof *want) ==
			0);
		CHECK(memcmp(label, want_label, (size_t)n * sizeof *label) ==
			0);
	}
	/* Freed with a batch under way; and one that cannot be read. */
	lt_loader_start(l, places, 10, 1);
	lt_loader_free(l);
	l = lt_loader_new(&b, x, 10);
	CHECK_EQ(truncate("set", 3000), 0);
	lt_loader_start(l, places, 10, 1);
	err.msg[0] = 0;
	CHECK(lt_loader_take(l, &label, &err) < 0);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK(strncmp(err.msg, "set: ", 5) == 0);
	lt_loader_free(l);
	lt_exec_free(x);
	free(want);
	lt_model_release(&m);
	lt_graph_free(g);
	lt_index_release(&ix);
	lt_dataset_close(&d);
}

/* ---- the stop rules ------------------------------------------------------ */

/* A layer of ten weights, of which the smallest ones are pruned. */
struct ten {
	struct lt_graph *g;
	struct lt_model m;
};

static void
ten_init(struct ten *t)
{
	struct lt_err err;
	t->g = lt_graph_parse("net t\ninput 1 1 5\nf = linear input 2\n"
			      "output f\n",
		"test", &err);
	lt_model_init(&t->m, t->g);
}

static void
ten_release(struct ten *t)
{
	lt_model_release(&t->m);
	lt_graph_free(t->g);
}

/* Make the weights from first on, cyclically, the smallest. */
static void
ten_set(struct ten *t, int first)
{
	for (int i = 0; i < 10; i++)
		t->m.w[t->g->param[0].offset + (size_t)((first + i) % 10)] =
			(float)(i + 1);
}

static void
pairwise(void)
{
	struct ten t;
	struct lt_stop s;
	struct lt_err err;
	struct lt_stop_opt o = {.rule = LT_STOP_PAIRWISE,
		.by_rate = true,
		.amount = 0.3,
		.eps = 0.3,
		.queue = 2};
	ten_init(&t);
	lt_stop_init(&s, &o);
	/* Candidate masks move by 0, then 2 of 3 places (4 entries), 1 (2). */
	const int first[] = {0, 0, 0, 2, 3, 3, 3};
	const double want[] = {NAN, 0, 0, 0.4, 0.2, 0};
	for (int i = 0; i < 6; i++) {
		ten_set(&t, first[i]);
		int r = lt_stop_check(&s, &t.m, NULL, true, &err);
		CHECK(i == 0 ? isnan(s.last) : s.last == want[i]);
		/* 0.4 starts the record; 0.2 and 0 are below. */
		CHECK_EQ(r, i == 5);
	}
	/* Cold, nothing is recorded; the first distance above eps counts. */
	lt_stop_clear(&s);
	for (int i = 0; i < 7; i++) {
		ten_set(&t, first[i]);
		int r = lt_stop_check(&s, &t.m, NULL, i >= 5, &err);
		CHECK_EQ(r, i == 6);
	}
	lt_stop_release(&s);
	/* Divided by what is kept before: a mask that keeps five. */
	struct lt_mask mask = {0};
	struct lt_mask_layer *l =
		lt_mask_add(&mask, "f.weight", 2, t.g->param[0].shape);
	for (int i = 0; i < 5; i++)
		l->keep[i] = 1;
	o.amount = 0.2;
	lt_stop_init(&s, &o);
	ten_set(&t, 0);
	lt_stop_check(&s, &t.m, &mask, true, &err);
	ten_set(&t, 1);
	lt_stop_check(&s, &t.m, &mask, true, &err);
	CHECK(s.last == 2.0 / 5);
	CHECK_EQ(lt_mask_kept(lt_stop_candidate(&s)), 4);
	lt_stop_release(&s);
	lt_mask_release(&mask);
	ten_release(&t);
}

static void
earlybird(void)
{
	struct ten t;
	struct lt_stop s;
	struct lt_err err;
	struct lt_stop_opt o = {.rule = LT_STOP_EARLYBIRD,
		.amount = 0.5,
		.eps = 0.3,
		.queue = 3,
		.always = true};
	ten_init(&t);
	lt_stop_init(&s, &o);
	/* Distances of the newest from the two before: 2k / 10. */
	const int first[] = {0, 3, 4, 5, 5};
	const double want[] = {NAN, 0.6, 0.8, 0.4, 0.2};
	for (int i = 0; i < 5; i++) {
		ten_set(&t, first[i]);
		int r = lt_stop_check(&s, &t.m, NULL, true, &err);
		CHECK(i == 0 ? isnan(s.last) : s.last == want[i]);
		CHECK_EQ(r, i == 4);
	}
	CHECK_EQ(lt_mask_kept(lt_stop_candidate(&s)), 5);
	lt_stop_release(&s);
	/* With exceed a mask that never moved has not settled. */
	o.always = false;
	lt_stop_init(&s, &o);
	for (int i = 0; i < 5; i++)
		CHECK_EQ(lt_stop_check(&s, &t.m, NULL, true, &err), 0);
	lt_stop_release(&s);
	ten_release(&t);
}

/* ---- states that lie ----------------------------------------------------- */

static struct lt_train_opt run = {.input = "0.st",
	.output = "out.st",
	.data = "data",
	.length = {2, false},
	.to = {1, false},
	.has_to = true,
	.batch = 16,
	.sched = LT_SCHED_CONSTANT,
	.lr = 0.01,
	.gamma = 0.1,
	.momentum = 0.9,
	.stop = {.rule = LT_STOP_EARLYBIRD,
		.amount = 0.5,
		.eps = 1e-9,
		.queue = 3,
		.every = {1, true}},
	.save_state = "state",
	.threads = 1,
	.quiet = true,
	.tool = "test"};

static void
make_input(void)
{
	struct lt_err err;
	struct lt_model m;
	struct lt_st st = {0};
	struct lt_graph *g = lt_graph_parse(net, "test", &err);
	lt_model_init(&m, g);
	lt_model_random(&m, NULL, 1, &err);
	lt_model_to_st(&m, "", &st);
	lt_st_set_meta(&st, "lt.kind", "checkpoint");
	lt_st_set_meta(&st, "lt.net", g->text);
	CHECK_EQ(lt_st_write(&st, "0.st", &err), 0);
	lt_st_release(&st);
	lt_model_release(&m);
	lt_graph_free(g);
}

static const struct lie {
	const char *key, *value; /* metadata */
	const char *drop;	 /* or a tensor, dropped or of other bytes */
	int fill;		 /* -1: dropped */
} lies[] = {
	{"lt.iteration", "7", NULL, 0},
	{"lt.iteration", "-1", NULL, 0},
	{"lt.iteration", "18446744073709551615", NULL, 0},
	{"lt.run.seen", "x", NULL, 0},
	{"lt.run.loss", "nan", NULL, 0},
	{"lt.run.loss", "1e999", NULL, 0},
	{"lt.run.start", "1", NULL, 0},
	{"lt.run.start", "", NULL, 0},
	{"lt.run.settings", "", NULL, 0},
	{"lt.run.settings", "length=2 lr=0.5", NULL, 0},
	{"lt.run.mask", "12345678", NULL, 0},
	{"lt.stop.masks", "3", NULL, 0},
	{"lt.stop.masks", "4000000000", NULL, 0},
	{"lt.stop.distances", "0,0,0,0", NULL, 0},
	{"lt.stop.distances", ",", NULL, 0},
	{"lt.stop.distances", "x", NULL, 0},
	{"lt.stop.last", "much", NULL, 0},
	{"lt.stop.started", "", NULL, 0},
	{NULL, NULL, "run.bits", 7},
	{NULL, NULL, "run.last", 2},
	{NULL, NULL, "run.last", -1},
	{NULL, NULL, "optim.c.weight.momentum", -1},
	{NULL, NULL, "c.weight", -1},
};

static void
drop(struct lt_st *st, const char *name)
{
	struct lt_st_tensor *t = lt_st_find(st, name);
	CHECK(t != NULL);
	free(t->name);
	free(t->data);
	memmove(t, t + 1, (size_t)(st->tensor + st->n - t - 1) * sizeof *t);
	st->n--;
}

static void
tell(const struct lie *lie)
{
	struct lt_st st = {0};
	struct lt_err err = {0};
	CHECK_EQ(lt_st_read(&st, "state", &err), 0);
	if (lie->key)
		lt_st_set_meta(&st, lie->key, lie->value);
	else if (lie->fill < 0)
		drop(&st, lie->drop);
	else
		memset(lt_st_find(&st, lie->drop)->data, lie->fill,
			lt_st_find(&st, lie->drop)->size);
	CHECK_EQ(lt_st_write(&st, "lie", &err), 0);
	lt_st_release(&st);
	int r = lt_train(&run, &err);
	if (!CHECK(r < 0))
		printf("# %s=%s %s\n", lie->key, lie->value, lie->drop);
	CHECK(err.status == LT_EDATA || err.status == LT_EUSAGE);
}

static void
false_states(void)
{
	struct lt_err err = {0};
	make_data("data", 2, 5, 7);
	make_input();
	if (!CHECK_EQ(lt_train(&run, &err), 0))
		printf("# %s\n", err.msg);
	run.input = "state";
	run.has_to = false;
	CHECK_EQ(lt_train(&run, &err), 0);
	/* It has moved on to the end of the schedule: make it anew. */
	run.input = "0.st";
	run.has_to = true;
	CHECK_EQ(lt_train(&run, &err), 0);
	run.input = "lie";
	run.save_state = NULL;
	for (size_t i = 0; i < sizeof lies / sizeof *lies; i++)
		tell(&lies[i]);
}

int
main(void)
{
	scratch_enter();
	TEST(loss_gradient, "the loss and its gradient are cross-entropy's");
	TEST(loss_outcomes, "predictions, ranks, entropy; extremes and NaN");
	TEST(points, "points of a schedule are read strictly");
	TEST(rates, "multi-step, constant and cosine rates, warm-up");
	TEST(order, "an epoch's order is a permutation of seed and epoch");
	TEST(load, "images are normalized, cropped and flipped into lanes");
	TEST(loader, "the loader gives the same batches, and errors");
	TEST(pairwise, "the pairwise rule");
	TEST(earlybird, "the early-bird rule");
	TEST(false_states, "states that lie are refused");
	scratch_leave();
	return tap_done();
}
