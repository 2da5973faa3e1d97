/* No kernel hides a NaN: what relu, maxima, averages and SGD make of one, and
 * of infinities and signed zeros, worked out by hand, at every lane, for every
 * variant; then a whole network, in every format and in double precision.
 */
#include <float.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/half.h"
#include "base/mem.h"
#include "base/rng.h"
#include "kern/kern.h"
#include "exact/exact.h"
#include "engine/engine.h"
#include "run/optimizer.h"
#include "tap.h"

#define L LT_LANES

static const struct lt_kern *k;

/* The same number: of zeros the sign counts, of NaN nothing. */
static bool
is(float got, float want)
{
	return isnan(want) ? isnan(got)
			   : got == want && !signbit(got) == !signbit(want);
}

static void
put(void *p, enum lt_format format, size_t i, float x)
{
	if (format == LT_FORMAT_F16)
		((uint16_t *)p)[i] = lt_half_put(x);
	else if (format == LT_FORMAT_BF16)
		((uint16_t *)p)[i] = lt_bf16_put(x);
	else
		((float *)p)[i] = x;
}

static float
get(const void *p, enum lt_format format, size_t i)
{
	if (format == LT_FORMAT_F32)
		return ((const float *)p)[i];
	uint16_t h = ((const uint16_t *)p)[i];
	return format == LT_FORMAT_F16 ? lt_half_get(h) : lt_bf16_get(h);
}

static const struct lt_view plain = {NULL, NULL, false};
static const struct lt_view rectified = {NULL, NULL, true};

/* A number and what relu makes of it. */
static const struct {
	float x, y;
} relus[] = {{NAN, NAN}, {-NAN, NAN}, {INFINITY, INFINITY}, {-INFINITY, 0},
	{-0.0f, 0}, {0, 0}, {-1, 0}, {2, 2}, {-0x1p-14f, 0},
	{0x1p-14f, 0x1p-14f}};
#define RELUS (sizeof relus / sizeof *relus)

/* Number i at one lane of a pixel, 1 at the others. */
static void
pixel_of(void *p, enum lt_format format, int lane, size_t i)
{
	for (int j = 0; j < L; j++)
		put(p, format, (size_t)j, j == lane ? relus[i].x : 1);
}

static void
check_pixel(const void *p, enum lt_format format, int lane, float want)
{
	for (int j = 0; j < L; j++)
		CHECK(is(get(p, format, (size_t)j), j == lane ? want : 1));
}

static void
relu_at(int lane, enum lt_format format)
{
	const struct lt_stage s = {1, 1, 1, 0, 1, 0, 1, format, false};
	const struct lt_drain d = {1, 1, L, L, format};
	const float one = 1, none = 0;
	const struct lt_view scaled = {&one, &none, true};
	float x[L], y[L], zero[L] = {0};

	for (size_t i = 0; i < RELUS; i++) {
		pixel_of(x, format, lane, i);
		k->stage(y, x, &s, &rectified);
		check_pixel(y, LT_FORMAT_F32, lane, relus[i].y);
		k->stage(y, x, &s, &scaled);
		check_pixel(y, LT_FORMAT_F32, lane, relus[i].y);
		k->add(y, x, zero, &d, &rectified, &plain, false);
		check_pixel(y, format, lane, relus[i].y);
		k->add(y, zero, x, &d, &plain, &plain, true);
		check_pixel(y, format, lane, relus[i].y);
	}
}

/* The gradient 7 is handed on where relu let its number pass. */
static void
relu_back_at(int lane, enum lt_format format)
{
	const struct lt_drain d = {1, 1, L, L, format};
	float x[L], y[L], g[L], t1;

	for (int j = 0; j < L; j++)
		g[j] = j == lane ? 7 : 1;
	for (size_t i = 0; i < RELUS; i++) {
		const struct lt_drain_back b = {
			.v = x, .view = plain, .t1 = &t1};
		float want = isnan(relus[i].y) || relus[i].y > 0 ? 7 : 0;
		pixel_of(x, format, lane, i);
		k->drain_back(y, g, &d, &b);
		check_pixel(y, format, lane, want);
		CHECK(t1 == want + L - 1);
	}
	g[lane] = NAN;
	const struct lt_drain_back b = {.t1 = &t1};
	k->drain_back(y, g, &d, &b);
	check_pixel(y, format, lane, NAN);
	CHECK(isnan(t1));
}

static void
relus_hand_on(void)
{
	for (int lane = 0; lane < L; lane++)
		for (int f = LT_FORMAT_F32; f <= LT_FORMAT_BF16; f++) {
			relu_at(lane, (enum lt_format)f);
			relu_back_at(lane, (enum lt_format)f);
		}
}

/* One window of k x k pixels: its values at one lane, the maximum and which of
 * them it is, the mean times 4 or 9. */
static const struct {
	int k;
	float x[9], max, sum;
	int at;
} windows[] = {
	{2, {1, 2, 3, 4}, 4, 10, 3},
	{2, {1, 4, 4, 2}, 4, 11, 1},
	{2, {NAN, 2, 3, 4}, NAN, NAN, 0},
	{2, {1, NAN, 3, 4}, NAN, NAN, 1},
	{2, {1, 2, NAN, 4}, NAN, NAN, 2},
	{2, {1, 2, 3, NAN}, NAN, NAN, 3},
	{2, {1, NAN, INFINITY, NAN}, NAN, NAN, 1},
	{2, {NAN, INFINITY, NAN, 4}, NAN, NAN, 0},
	{2, {-INFINITY, -INFINITY, NAN, -INFINITY}, NAN, NAN, 2},
	{2, {-INFINITY, -INFINITY, -INFINITY, -INFINITY}, -INFINITY, -INFINITY,
		0},
	{2, {1, INFINITY, 3, INFINITY}, INFINITY, INFINITY, 1},
	{2, {0, -0.0f, -0.0f, 0}, 0, 0, 0},
	{2, {-0.0f, 0, 0, -0.0f}, -0.0f, 0, 0},
	{3, {1, 2, 3, 4, 9, 6, 7, 8, 5}, 9, 45, 4},
	{3, {1, 2, 3, 4, 9, 6, 7, 8, NAN}, NAN, NAN, 8},
	{3, {1, 2, 3, 4, NAN, 6, NAN, 8, 9}, NAN, NAN, 4},
};
#define WINDOWS (sizeof windows / sizeof *windows)

static void
window_at(size_t i, int lane)
{
	float x[9 * L] = {0}, y[L], dy[L], dx[9 * L] = {0};
	int n = windows[i].k * windows[i].k;
	struct lt_pool p = {1, windows[i].k, windows[i].k, 1, 1, windows[i].k,
		windows[i].k, 0, 1};
	struct lt_pool whole = p;

	whole.share = 1;
	for (int j = 0; j < n * L; j++)
		x[j] = j % L == lane ? windows[i].x[j / L] : 1;
	for (int j = 0; j < L; j++)
		dy[j] = 7;
	k->maxpool(y, x, &p, &plain);
	check_pixel(y, false, lane, windows[i].max);
	k->maxpool_back(dx, dy, x, &p, &plain);
	for (int j = 0; j < n * L; j++)
		CHECK(dx[j] ==
			(j / L == (j % L == lane ? windows[i].at : 0) ? 7 : 0));
	k->avgpool(y, x, &whole, &plain);
	CHECK(is(y[lane], windows[i].sum));
	CHECK(y[(lane + 1) % L] == (float)n);
	k->adaptpool(y, x, &p, &plain);
	CHECK(isnan(windows[i].sum) ? isnan(y[lane])
				    : !(fabsf(y[lane] * (float)n -
						windows[i].sum) > 1e-5f));
	k->subsample(y, x, &p, &plain);
	CHECK(is(y[lane], windows[i].x[0]));
}

static void
pools_hand_on(void)
{
	for (size_t i = 0; i < WINDOWS; i++)
		for (int lane = 0; lane < L; lane++)
			window_at(i, lane);
}

/* Of n weights, one of w, m, g is x at one place, the others small. */
static bool
step_with(
	int which, float x, size_t n, size_t at, bool list, float lr, float mu)
{
	float v[3][3 * L];
	uint32_t kept[3 * L];

	for (size_t i = 0; i < n; i++) {
		v[0][i] = v[1][i] = v[2][i] = 0.5f;
		kept[i] = (uint32_t)i;
	}
	v[which][at] = x;
	return list ? k->sgd_kept(
			      v[0], v[1], v[2], kept, n, lr, mu, 1e-4f, false)
		    : k->sgd(v[0], v[1], v[2], n, lr, mu, 1e-4f, true);
}

static void
steps_tell(void)
{
	static const float bad[] = {NAN, -NAN, INFINITY, -INFINITY};

	for (size_t n = 1; n <= 2 * L + 3; n++)
		for (size_t at = 0; at < n; at++)
			for (int list = 0; list < 2; list++)
				for (int which = 0; which < 3; which++) {
					CHECK(step_with(which, -FLT_MAX / 4, n,
						at, list, 0.1f, 0.9f));
					for (int b = 0; b < 4; b++)
						CHECK(!step_with(which, bad[b],
							n, at, list, 0.1f,
							0.9f));
				}
	/* A rate and a momentum of 0 hide nothing. */
	CHECK(!step_with(2, INFINITY, 5, 3, false, 0, 0));
	CHECK(!step_with(1, NAN, 5, 3, true, 0, 0));
	/* A step that is too large for a float. */
	CHECK(!step_with(2, FLT_MAX, L, 7, false, 4, 0));
	CHECK(!step_with(2, FLT_MAX, L, 7, true, 4, 0));
	CHECK(step_with(2, FLT_MAX, L, 7, false, 0.5f, 0));
}

/* ---- a whole network ---- */

static const char text[] =
	"net t\ninput 3 8 8\nc1 = conv input 16 k3 p1\nb1 = bn c1\nr1 = relu "
	"b1\n"
	"c2 = conv r1 16 k3 p1\nb2 = bn c2\na2 = add b2 r1\nr2 = relu a2\n"
	"m2 = maxpool r2 k2\nu2 = silu m2\nq2 = gap u2\n"
	"e2 = conv q2 16 k1 bias\ns2 = sigmoid e2\nx2 = mul u2 s2\n"
	"d2 = conv x2 16 k3 p2 d2\nn2 = bn d2 plain\nv1 = groupnorm n2 g4\n"
	"v2 = relu6 v1\nv3 = leakyrelu v2 slope=0.1\nv4 = gelu v3\n"
	"v5 = tanh v4\nv6 = hardswish v5\n"
	"p3 = avgpool v6 k2\nt3 = adaptpool p3 k1\nf3 = linear t3 8 bias\n"
	"r3 = relu f3\nf4 = linear r3 4 bias\noutput f4\n";

/* Weights that keep all values small, and one of them a NaN or infinite. */
static void
fill(float *w, const struct lt_graph *g, int spoilt, float with)
{
	struct lt_rng rng;

	lt_rng_init(&rng, 1, LT_STREAM_TEST, 2, 0);
	for (int i = 0; i < g->nparam; i++) {
		const struct lt_param *p = &g->param[i];
		for (size_t j = 0; j < p->count; j++)
			w[p->offset + j] = 0.2f + 0.3f * lt_rng_f32(&rng);
		if (i == spoilt)
			w[p->offset + p->count / 2] = with;
	}
}

static bool
engine_hides(const struct lt_graph *g, int spoilt, bool half, bool train)
{
	struct lt_err err;
	struct lt_model m;
	struct lt_engine_opt o = {
		.batch = 20, .threads = 1, .half = half, .kern = k->name};
	bool hides = false;

	lt_model_init(&m, g);
	fill(m.w, g, spoilt, NAN);
	struct lt_engine *x = lt_engine_new(&m, &o, &err);
	for (int i = 0; i < 2 * 3 * 64 * L; i++)
		lt_engine_input(x)[i] = (float)(i % 7) * 0.25f;
	lt_engine_forward(x, 20, train, 0);
	for (int i = 0; i < 20; i++) {
		bool any = false;
		for (int c = 0; c < 4; c++)
			any |= isnan(lt_engine_logits(
				x)[(i / L * 4 + c) * L + i % L]);
		hides |= !any;
	}
	lt_engine_free(x);
	lt_model_release(&m);
	return hides;
}

static bool
exact_hides(const struct lt_graph *g, int spoilt, bool train)
{
	struct lt_exact *x = lt_exact_new(g, 2, 1);
	float *w = lt_alloc(g->floats, sizeof *w);
	bool hides = false;

	fill(w, g, spoilt, NAN);
	for (size_t i = 0; i < g->floats; i++)
		lt_exact_weights(x)[i] = (double)w[i];
	for (size_t i = 0; i < 3 * lt_exact_plane(x, 0); i++)
		lt_exact_input(x)[i] = (double)(i % 7) * 0.25;
	lt_exact_forward(x, train);
	for (size_t i = 0; i < 2; i++) {
		bool any = false;
		for (size_t c = 0; c < 4; c++)
			any |= isnan(lt_exact_logits(
				x)[c * lt_exact_plane(x, g->output) + i]);
		hides |= !any;
	}
	free(w);
	lt_exact_free(x);
	return hides;
}

/* Training does not look at running variances. */
static bool
unread(const struct lt_param *p, bool train, bool exact)
{
	return train && (p->role == LT_ROLE_BN_VAR ||
				(exact && p->role == LT_ROLE_BN_MEAN));
}

static void
networks_hand_on(void)
{
	struct lt_err err;
	struct lt_graph *g = lt_graph_parse(text, "t", &err);

	for (int i = 0; i < g->nparam; i++)
		for (int train = 0; train < 2; train++) {
			for (int half = 0; half < 2; half++)
				CHECK(unread(&g->param[i], train, false) ||
					!engine_hides(g, i, half, train));
			CHECK(unread(&g->param[i], train, true) ||
				!exact_hides(g, i, train));
		}
	CHECK(engine_hides(g, -1, false, true) && exact_hides(g, -1, true));
	lt_graph_free(g);
}

/* A step, and what the engine says of it. */
static void
one_step(struct lt_engine *x, const char *of, const char *tensor)
{
	const char *got_of, *got;

	lt_engine_forward(x, 20, true, 0);
	for (int i = 0; i < 2 * 4 * L; i++)
		lt_engine_dlogits(x)[i] = i % 3 ? 0.01f : -0.01f;
	lt_engine_backward(x);
	lt_optim_step(&(struct lt_optim){.momentum = 0.9}, x, 0.1, 1);
	CHECK_EQ(lt_engine_finite(x, &got_of, &got), !tensor);
	CHECK_STR(got_of, tensor ? of : "");
	CHECK_STR(got, tensor ? tensor : "");
}

/* What is spoilt before a step, and what is found after it. */
static void
finds(const char *spoil, float with, const char *of, const char *tensor)
{
	struct lt_err err;
	struct lt_graph *g = lt_graph_parse(text, "t", &err);
	struct lt_model m;

	lt_model_init(&m, g);
	fill(m.w, g, -1, 0);
	struct lt_engine *x = lt_engine_new(&m,
		&(struct lt_engine_opt){
			.batch = 20, .threads = 3, .kern = k->name},
		&err);
	for (int i = 0; i < 2 * 3 * 64 * L; i++)
		lt_engine_input(x)[i] = (float)(i % 7) * 0.25f;
	one_step(x, "", NULL);
	const struct lt_param *p = &g->param[lt_graph_find_param(g, spoil)];
	m.w[p->offset + p->count - 1] = with;
	lt_engine_touch(x);
	one_step(x, of, tensor);
	lt_engine_free(x);
	lt_model_release(&m);
	lt_graph_free(g);
}

static void
engine_names(void)
{
	/* The sum over a batch norm's input is the first that is spoilt. */
	finds("c1.weight", NAN, "", "b1.running_mean");
	finds("c2.weight", INFINITY, "", "b2.running_mean");
	finds("b1.running_var", INFINITY, "", "b1.running_var");
	finds("e2.weight", NAN, "", "n2.running_mean");
	/* Beyond the batch norms the last layer's gradient is. */
	finds("v1.weight", NAN, "the gradient of ", "f4.weight");
	/* A gradient does not depend on the last layer's bias. */
	finds("f4.bias", NAN, "", "f4.bias");
}

static const struct {
	void (*run)(void);
	const char *title;
} each[] = {
	{relus_hand_on, "relu and its gradient hand NaN on"},
	{pools_hand_on, "pools and their gradients hand NaN on"},
	{steps_tell, "SGD says whether a weight is not finite"},
	{networks_hand_on, "no operator of a network hides NaN"},
	{engine_names, "the engine names the first tensor"},
};

int
main(void)
{
	static const char *const names[] = {"ref", "v3", "v4", "neon"};
	char title[120];
	const char *why;

	for (size_t i = 0; i < 4 * (sizeof each / sizeof *each); i++) {
		k = lt_kern_get(names[i % 4], &why);
		snprintf(title, sizeof title, "%s: %s", names[i % 4],
			each[i / 4].title);
		if (k)
			TEST(each[i / 4].run, title);
		else
			printf("ok %d - %s # skip %s\n", ++tap_count, title,
				why);
	}
	return tap_done();
}
