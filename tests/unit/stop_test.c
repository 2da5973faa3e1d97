/* The rules of an early stop. */
#include <math.h>
#include <string.h>
#include "run/stop.h"
#include "tap.h"

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

/* Distances are 2k / 10 of masks that move by k of 3 places.  The first two
 * after warm-up, 0.6 and 0.4, are the reference: half of their mean is 0.25. */
static void
relative(void)
{
	struct ten t;
	struct lt_stop s;
	struct lt_err err;
	struct lt_stop_opt o = {.rule = LT_STOP_PAIRWISE,
		.by_rate = true,
		.amount = 0.3,
		.eps = 0.08,
		.relative = 0.5,
		.queue = 2};
	const int first[] = {0, 1, 4, 6, 7, 9, 0, 1, 1};
	const double want[] = {NAN, 0.2, 0.6, 0.4, 0.2, 0.4, 0.2, 0.2, 0};

	ten_init(&t);
	lt_stop_init(&s, &o);
	for (int i = 0; i < 8; i++) {
		ten_set(&t, first[i]);
		int r = lt_stop_check(&s, &t.m, NULL, i >= 2, &err);
		CHECK(i == 0 ? isnan(s.last) : s.last == want[i]);
		/* One below 0.25 is not enough, nor with 0.4 behind it. */
		CHECK_EQ(r, i == 7);
	}
	CHECK(s.firsts == 2 && s.first_sum == 1);
	lt_stop_release(&s);
	/* A distance of the threshold itself is not below it: 0.4 x 0.5 is 0.2.
	 */
	o.relative = 0.4;
	lt_stop_init(&s, &o);
	for (int i = 0; i < 9; i++) {
		ten_set(&t, first[i]);
		CHECK_EQ(lt_stop_check(&s, &t.m, NULL, i >= 2, &err), 0);
	}
	ten_set(&t, first[8]);
	CHECK_EQ(lt_stop_check(&s, &t.m, NULL, true, &err), 1);
	/* Masks that never moved have not settled. */
	lt_stop_clear(&s);
	for (int i = 0; i < 9; i++)
		CHECK_EQ(lt_stop_check(&s, &t.m, NULL, true, &err), 0);
	lt_stop_release(&s);
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
	/* Of a mask that never moves the rule waits for three. */
	lt_stop_clear(&s);
	for (int i = 0; i < 3; i++)
		CHECK_EQ(lt_stop_check(&s, &t.m, NULL, true, &err), i == 2);
	/* Cold, it does not stop. */
	lt_stop_clear(&s);
	for (int i = 0; i < 4; i++)
		CHECK_EQ(lt_stop_check(&s, &t.m, NULL, i == 3, &err), i == 3);
	lt_stop_release(&s);
	/* Masks that keep three differ in 4 entries: 4 / 6. */
	o.amount = 0.7;
	lt_stop_init(&s, &o);
	ten_set(&t, 0);
	lt_stop_check(&s, &t.m, NULL, true, &err);
	ten_set(&t, 2);
	lt_stop_check(&s, &t.m, NULL, true, &err);
	CHECK(s.last == 4.0 / 6);
	lt_stop_release(&s);
	o.amount = 0.5;
	/* With exceed a mask that never moved has not settled. */
	o.always = false;
	lt_stop_init(&s, &o);
	for (int i = 0; i < 5; i++)
		CHECK_EQ(lt_stop_check(&s, &t.m, NULL, true, &err), 0);
	lt_stop_release(&s);
	ten_release(&t);
}

/* Does the rule stop at the last of n masks?  Mask i prunes the weights from
 * first[i] on. */
static int
stops(const struct lt_stop_opt *o, const int *first, int n)
{
	struct ten t;
	struct lt_stop s;
	struct lt_err err;
	int r = 0;

	ten_init(&t);
	lt_stop_init(&s, o);
	for (int i = 0; i < n; i++) {
		ten_set(&t, first[i]);
		r = lt_stop_check(&s, &t.m, NULL, true, &err);
	}
	lt_stop_release(&s);
	ten_release(&t);
	return r;
}

/* A distance that equals eps is neither below it nor above it. */
static void
edges(void)
{
	struct lt_stop_opt o = {.rule = LT_STOP_PAIRWISE,
		.by_rate = true,
		.amount = 0.3,
		.queue = 1,
		.always = true};
	/* Pairwise distances 0.4, then 0. */
	const int two[] = {0, 2, 2};

	o.eps = 0.4;
	CHECK_EQ(stops(&o, two, 2), 0);
	o.eps = nextafter(0.4, 1);
	CHECK_EQ(stops(&o, two, 2), 1);
	o.always = false;
	o.eps = 0.4;
	CHECK_EQ(stops(&o, two, 3), 0);
	o.eps = nextafter(0.4, 0);
	CHECK_EQ(stops(&o, two, 3), 1);

	o = (struct lt_stop_opt){.rule = LT_STOP_EARLYBIRD,
		.amount = 0.5,
		.queue = 2,
		.always = true};
	/* Early-bird's distances of masks that keep five: 0.4, then 0. */
	o.eps = 0.4;
	CHECK_EQ(stops(&o, two, 2), 0);
	o.eps = nextafter(0.4, 1);
	CHECK_EQ(stops(&o, two, 2), 1);
	o.always = false;
	o.eps = 0.4;
	CHECK_EQ(stops(&o, two, 3), 0);
	o.eps = nextafter(0.4, 0);
	CHECK_EQ(stops(&o, two, 3), 1);
}

/* Five units, two of c and three of d: distances count them, not their weights,
 * 1 + 3 of each of c and 2 + 2 of each of d. */
static void
units(void)
{
	struct lt_model m;
	struct lt_stop s;
	struct lt_err err;
	struct lt_stop_opt o = {.rule = LT_STOP_EARLYBIRD,
		.amount = 0.4,
		.eps = 0.1,
		.queue = 2,
		.always = true,
		.unit = lt_unit_bn_scale,
		.method = "bn-scale"};
	struct lt_graph *g = lt_graph_parse(
		"net t\ninput 1 2 2\nc = conv input 2 k1\nbc = bn c\n"
		"d = conv bc 3 k1\nbd = bn d\nq = gap bd\nf = linear q 2\n"
		"output f\n",
		"test", &err);
	const float in_c[3][2] = {{1, 5}, {1, 5}, {1, 6}};
	const float in_d[3][3] = {{2, -4, 3}, {-4, 2, 3}, {-5, 2, 3}};

	lt_model_init(&m, g);
	float *c = m.w + g->param[lt_graph_find_param(g, "bc.weight")].offset;
	float *d = m.w + g->param[lt_graph_find_param(g, "bd.weight")].offset;
	lt_stop_init(&s, &o);
	CHECK(!strcmp(s.settings, "2/0/0.40000000000000002/0.10000000000000001/"
				  "2/1/0///method=bn-scale"));
	for (int i = 0; i < 3; i++) {
		memcpy(c, in_c[i], sizeof in_c[i]);
		memcpy(d, in_d[i], sizeof in_d[i]);
		/* Unit 0 of c goes, and of d unit 0, then 1: two differ. */
		CHECK_EQ(lt_stop_check(&s, &m, NULL, true, &err), i == 2);
		CHECK(i == 0 ? isnan(s.last) : s.last == (i == 1 ? 2 / 5. : 0));
		CHECK_EQ(lt_mask_kept(lt_stop_candidate(&s)), 1 + 2 + 4);
	}
	CHECK(!strcmp(lt_stop_candidate(&s)->method, "bn-scale"));

	/* Of the three that are left under this mask, c's goes first and then
	 * the last of d. */
	struct lt_mask force = *lt_stop_candidate(&s);
	s.masks = 0;
	lt_stop_release(&s);
	o.rule = LT_STOP_PAIRWISE;
	o.by_rate = true;
	o.amount = 1 / 3.;
	lt_stop_init(&s, &o);
	for (int i = 0; i < 2; i++) {
		c[1] = (float[]){1, 9}[i];
		CHECK_EQ(lt_stop_check(&s, &m, &force, true, &err), 0);
	}
	CHECK(s.last == 2 / 3.);
	lt_stop_release(&s);
	lt_mask_release(&force);
	lt_model_release(&m);
	lt_graph_free(g);
}

int
main(void)
{
	TEST(edges, "a distance that equals the threshold");
	TEST(pairwise, "the pairwise rule");
	TEST(relative, "a relative threshold follows the first distances");
	TEST(earlybird, "the early-bird rule");
	TEST(units, "candidates of whole units");
	return tap_done();
}
