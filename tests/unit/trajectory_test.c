/* Trajectory lengths: of linear maps by hand, of networks by both engines. */
#include "ticket/trajectory.h"

#include <math.h>
#include <stdlib.h>
#include "base/mem.h"
#include "tap.h"

static struct lt_err err;

static void
check_near(double a, double b, double share)
{
	CHECK(fabs(a - b) <= share * fabs(b));
}

static const struct lt_trajectory_opt exactly = {
	.points = 129, .exact = true, .batch = 16, .threads = 2};

struct bed {
	struct lt_graph *g;
	struct lt_model m;
	struct lt_arcs arcs;
};

static void
bed_init(struct bed *b, const char *text, int arcs)
{
	b->g = lt_graph_parse(text, "t", &err);
	lt_model_init(&b->m, b->g);
	CHECK_EQ(lt_model_random(&b->m, NULL, 5, &err), 0);
	lt_arcs_circles(
		&b->arcs, arcs, (size_t)(b->g->c * b->g->h * b->g->w), 3);
}

static void
bed_release(struct bed *b)
{
	lt_arcs_release(&b->arcs);
	lt_model_release(&b->m);
	lt_graph_free(b->g);
}

/* The output's length of an arc. */
static double
length(struct bed *b, const struct lt_trajectory_opt *o,
	const struct lt_mask *mask, int arc)
{
	struct lt_trajectory *t;
	int n;

	CHECK_EQ(lt_trajectories(&t, &n, &b->m, mask, &b->arcs, o, &err), 0);
	CHECK_EQ(n, 1);
	double l = t[0].length[arc];
	lt_trajectories_free(t, n);
	return l;
}

static void
circles_test(void)
{
	struct lt_arcs a;
	double uu = 0, uv = 0, vv = 0, x[20], y[20];

	lt_arcs_circles(&a, 2, 20, 7);
	for (int i = 0; i < 20; i++) {
		uu += a.u[20 + i] * a.u[20 + i];
		uv += a.u[20 + i] * a.v[20 + i];
		vv += a.v[20 + i] * a.v[20 + i];
	}
	CHECK(fabs(uu - 20) < 1e-12 && fabs(vv - 20) < 1e-12);
	CHECK(fabs(uv) < 1e-12);
	lt_arcs_at(&a, 1, 0, x);
	lt_arcs_at(&a, 1, 1, y);
	for (int i = 0; i < 20; i++)
		CHECK(x[i] == a.u[20 + i] && fabs(x[i] - y[i]) < 1e-14);
	lt_arcs_at(&a, 1, 0.25, x);
	for (int i = 0; i < 20; i++)
		CHECK(fabs(x[i] - a.v[20 + i]) < 1e-14);
	lt_arcs_release(&a);
}

/* A polygon whose corners are those of the image, added up here. */
static double
polygon(const struct bed *b, int arc, int points, const unsigned char *keep)
{
	double x[48], z[3], last[3] = {0}, sum = 0;
	const struct lt_param *w = &b->g->param[0], *bias = &b->g->param[1];

	for (int j = 0; j < points; j++) {
		double d = 0;
		lt_arcs_at(&b->arcs, arc, j / (double)(points - 1), x);
		for (int o = 0; o < 3; o++) {
			z[o] = (double)b->m.w[bias->offset + (size_t)o];
			for (int i = 0; i < 48; i++)
				if (!keep || keep[o * 48 + i])
					z[o] += (double)b->m.w[w->offset +
							       (size_t)(o * 48 +
									i)] *
						x[i];
			d += (z[o] - last[o]) * (z[o] - last[o]);
			last[o] = z[o];
		}
		sum += j ? sqrt(d) : 0;
	}
	return sum;
}

static void
linear_test(void)
{
	struct bed b;
	struct lt_mask mask = {0};
	struct lt_trajectory_opt o = exactly;

	bed_init(&b, "net t\ninput 3 4 4\nf = linear input 3 bias\noutput f\n",
		3);
	for (int arc = 0; arc < 3; arc++) {
		double want = polygon(&b, arc, 129, NULL);
		check_near(length(&b, &o, NULL, arc), want, 1e-14);
		o.exact = false;
		check_near(length(&b, &o, NULL, arc), want, 1e-7);
		o.exact = true;
	}
	struct lt_mask_layer *l =
		lt_mask_add(&mask, "f.weight", 2, (uint64_t[]){3, 48});
	for (int i = 0; i < 144; i++)
		l->keep[i] = i % 3 == 0;
	double want = polygon(&b, 1, 129, l->keep);
	check_near(length(&b, &o, &mask, 1), want, 1e-14);
	lt_mask_release(&mask);
	bed_release(&b);
}

/* Onto the circle's own plane: the circle, as an inscribed polygon. */
static void
circle_test(void)
{
	struct bed b;
	struct lt_trajectory_opt o = exactly;
	double side = 2 * sqrt(48) * sin(acos(-1) / 128);

	bed_init(&b, "net t\ninput 3 4 4\nf = linear input 2\noutput f\n", 1);
	float *w = b.m.w + b.g->param[0].offset;
	for (int i = 0; i < 48; i++) {
		w[i] = (float)(b.arcs.u[i] / sqrt(48));
		w[48 + i] = (float)(b.arcs.v[i] / sqrt(48));
	}
	check_near(length(&b, &o, NULL, 0), 128 * side, 1e-6);
	/* In two dimensions a projection to a plane turns, no more. */
	double whole = length(&b, &o, NULL, 0);
	o.project = true;
	check_near(length(&b, &o, NULL, 0), whole, 1e-14);
	bed_release(&b);
}

static const char small[] =
	"net t\ninput 3 8 8\n"
	"c1 = conv input 6 k3 p1\nb1 = bn c1\nr1 = relu b1\n"
	"c2 = conv r1 6 k3 p1\na = add c2 r1\nr2 = relu a\np = maxpool r2 k2\n"
	"g = gap p\nf = linear g 5 bias\noutput f\n";

static void
network_test(void)
{
	struct bed b;
	struct lt_trajectory_opt o = exactly;
	double before = 0, step = INFINITY;

	bed_init(&b, small, 2);
	for (int i = 0; i < 6; i++)
		b.m.w[b.g->param[2].offset] = 0.5f + 0.1f * (float)i;
	/* Between the points there were come others: never shorter, and longer
	 * by half as much each time, for what is cut off are the corners that
	 * ReLUs make. */
	for (int points = 9; points < 3000; points = 2 * points - 1) {
		o.points = points;
		double l = length(&b, &o, NULL, 1);
		CHECK(l >= before);
		if (points > 20) {
			CHECK(l - before < 0.7 * step);
			step = l - before;
		}
		before = l;
	}
	CHECK(step < 1e-3 * before);
	/* The engine, in batches that do not divide the points. */
	o.points = 100;
	double want = length(&b, &o, NULL, 0);
	o.exact = false;
	for (o.batch = 1; o.batch < 200; o.batch = 3 * o.batch + 4)
		check_near(length(&b, &o, NULL, 0), want, 1e-6);
	o.project = true;
	double flat = length(&b, &o, NULL, 0);
	CHECK(flat > 0 && flat < want);
	bed_release(&b);
}

static void
layers_test(void)
{
	struct bed b;
	struct lt_trajectory_opt o = exactly;
	struct lt_trajectory *t;
	int n;

	bed_init(&b, small, 2);
	o.layers = true;
	CHECK_EQ(lt_trajectories(&t, &n, &b.m, NULL, &b.arcs, &o, &err), 0);
	CHECK_EQ(n, b.g->n);
	CHECK_EQ(t[0].node, 0);
	/* The input's own image is the circle. */
	check_near(t[0].length[1], 128 * 2 * sqrt(192) * sin(acos(-1) / 128),
		1e-12);
	o.layers = false;
	CHECK(t[n - 1].length[1] == length(&b, &o, NULL, 1));
	CHECK(!t[n - 1].path);
	lt_trajectories_free(t, n);
	o.project = true;
	CHECK_EQ(lt_trajectories(&t, &n, &b.m, NULL, &b.arcs, &o, &err), 0);
	double sum = 0;
	const double *at = t[0].path + 2 * 129;
	for (int j = 1; j < 129; j++)
		sum += hypot(at[2 * j] - at[2 * j - 2],
			at[2 * j + 1] - at[2 * j - 1]);
	check_near(t[0].length[1], sum, 1e-14);
	lt_trajectories_free(t, n);
	bed_release(&b);
}

int
main(void)
{
	TEST(circles_test, "circles lie in planes, are round and close");
	TEST(linear_test, "a linear map's is its polygon's, under a mask too");
	TEST(circle_test, "a circle onto its own plane is a circle");
	TEST(network_test, "lengths converge, and both engines agree");
	TEST(layers_test, "every layer has its own");
	return tap_done();
}
