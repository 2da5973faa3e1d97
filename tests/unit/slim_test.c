/* Networks without dead units: their widths are worked out by hand, and their
 * logits are those of the masked network in double precision. */
#include "ticket/slim.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "exact/exact.h"
#include "net/prunable.h"
#include "net/unitmask.h"
#include "net/units.h"
#include "tap.h"

static struct lt_err err;
static struct lt_graph *g;
static struct lt_model m;
static struct lt_mask mask;
static struct lt_slim s;

/* Random weights and statistics; all weights are kept. */
static void
begin(const char *text)
{
	g = lt_graph_parse(text, "t", &err);
	if (!g)
		printf("# %s\n", err.msg);
	lt_model_init(&m, g);
	CHECK(lt_model_random(&m, NULL, 1, &err) == 0);
	for (int i = 0; i < g->nparam; i++) {
		const struct lt_param *p = &g->param[i];
		float *w = m.w + p->offset;
		for (size_t j = 0; j < p->count && !p->prunable; j++)
			w[j] = 0.25F + 0.125F * (float)((j * 5 + 3) % 7);
		if (p->prunable)
			memset(lt_mask_add(&mask, p->name, p->ndim, p->shape)
					->keep,
				1, p->count);
	}
}

static void
end(void)
{
	lt_mask_release(&mask);
	lt_model_release(&m);
	lt_graph_free(g);
}

/* Of a layer, weights first to last are gone. */
static void
drop(const char *name, size_t first, size_t last)
{
	memset(lt_mask_find(&mask, name)->keep + first, 0, last - first);
}

/* Remove the row of an output, or the column of an input. */
static void
drop_row(const char *name, size_t row)
{
	struct lt_mask_layer *l = lt_mask_find(&mask, name);
	size_t per = l->count / l->shape[0];

	memset(l->keep + row * per, 0, per);
}

static void
drop_column(const char *name, size_t column, size_t taps)
{
	struct lt_mask_layer *l = lt_mask_find(&mask, name);
	size_t per = l->count / l->shape[0];

	for (size_t o = 0; o < l->shape[0]; o++)
		memset(l->keep + o * per + column * taps, 0, taps);
}

/* The logits of an image, for which the caller has room. */
static void
logits(double *out, const struct lt_model *of)
{
	struct lt_exact *x = lt_exact_new(of->g, 1, 1);
	int classes = of->g->node[of->g->output].c;

	for (size_t i = 0; i < of->g->floats; i++)
		lt_exact_weights(x)[i] = (double)of->w[i];
	for (int c = 0; c < of->g->c; c++)
		for (int i = 0; i < of->g->h * of->g->w; i++)
			lt_exact_input(x)[(size_t)c * lt_exact_plane(x, 0) +
					  (size_t)i] =
				sin(1.7 * i + c) + 0.3 * c;
	lt_exact_forward(x, false);
	for (int i = 0; i < classes; i++)
		out[i] = lt_exact_logits(
			x)[(size_t)i * lt_exact_plane(x, of->g->output)];
	lt_exact_free(x);
}

/* Slim; the logits stay, and the node's line becomes want. */
static void
slim(size_t dead, size_t cut)
{
	double a[16], b[16];

	CHECK(lt_slim(&s, &m, &mask, 1, &err) == 0);
	CHECK_EQ(s.dead, dead);
	CHECK_EQ(s.cut, cut);
	lt_model_apply_mask(&m, &mask);
	logits(a, &m);
	logits(b, &s.m);
	for (int i = 0; i < g->node[g->output].c; i++)
		CHECK(fabs(a[i] - b[i]) <= 1e-6 * (1 + fabs(a[i])));
}

static void
expect_text(const char *want)
{
	if (strcmp(s.g->text, want) != 0)
		printf("# found:\n%s", s.g->text);
	CHECK(!strcmp(s.g->text, want));
	lt_slim_release(&s);
	end();
}

static void
chain(void)
{
	begin("net t\ninput 2 4 4\nc1 = conv input 3 k3 p1 bias\nb = bn c1\n"
	      "r = relu b\nc2 = conv r 4 k3 p1\nf = linear c2 4\noutput f\n");
	/* Nobody reads unit 1 of c1, nor c2's unit 3, whose bias stays behind;
	 * a weight of a living unit is gone, too. */
	drop_column("c2.weight", 1, 9);
	drop_column("f.weight", 3, 16);
	drop("f.weight", 0, 1);
	slim(2, 2);
	CHECK_EQ(lt_mask_total(&s.mask), 2 * 18 + 3 * 18 + 3 * 16 * 4);
	CHECK_EQ(lt_mask_kept(&s.mask), lt_mask_total(&s.mask) - 1);
	CHECK_EQ(lt_mask_find(&s.mask, "f.weight")->keep[0], 0);
	/* Unit 2 of c1 is unit 1 now. */
	CHECK(s.m.w[s.g->param[lt_graph_find_param(s.g, "c1.bias")].offset +
		      1] ==
		m.w[g->param[lt_graph_find_param(g, "c1.bias")].offset + 2]);
	expect_text("net t\ninput 2 4 4\nc1 = conv input 2 k3 p1 bias\n"
		    "b = bn c1\nr = relu b\nc2 = conv r 3 k3 p1\n"
		    "f = linear c2 4\noutput f\n");
}

static void
constants(void)
{
	/* Without weights, unit 0 of c1 is a constant above 0 behind its batch
	 * norm.  c2 has no padding: it gets a bias.  Unit 1 of c2 goes into f's
	 * bias. */
	begin("net t\ninput 2 5 5\nc1 = conv input 3 k3 p1\nb = bn c1\n"
	      "r = relu b\nc2 = conv r 4 k3\nt = tanh c2\nf = linear t 4\n"
	      "output f\n");
	drop_row("c1.weight", 0);
	drop_row("c2.weight", 1);
	slim(2, 1 + 1);
	CHECK(s.layer[1].folded);
	CHECK(!s.layer[0].folded);
	expect_text("net t\ninput 2 5 5\nc1 = conv input 2 k3 p1\nb = bn c1\n"
		    "r = relu b\nc2 = conv r 3 k3 bias\nt = tanh c2\n"
		    "f = linear t 4\noutput f\n");
}

static void
padding(void)
{
	static const char net[] =
		"net t\ninput 2 5 5\nc1 = conv input 3 k3 p1\nb = bn c1\n"
		"r = relu b\nc2 = conv r 4 k3 p1\nq = gap c2\n"
		"f = linear q 4 bias\noutput f\n";
	struct lt_graph *same = lt_graph_parse(net, "t", &err);

	/* The constant is less at the border of c2's output. */
	begin(net);
	drop_row("c1.weight", 0);
	slim(1, 0);
	CHECK_EQ(s.layer[0].held[LT_SLIM_PADDED], 1);
	CHECK(!strcmp(s.layer[0].reader, "c2"));
	expect_text(same->text);
	/* A ReLU makes it 0: there is no border. */
	begin(net);
	drop_row("c1.weight", 0);
	m.w[g->param[lt_graph_find_param(g, "b.bias")].offset] = -9;
	slim(1, 1);
	CHECK_EQ(s.g->node[lt_graph_find(s.g, "c1")].c, 2);
	lt_slim_release(&s);
	end();
	lt_graph_free(same);
}

static void
shortcut(void)
{
	begin("net t\ninput 2 6 6\nc1 = conv input 4 k3 p1\nb1 = bn c1\n"
	      "c2 = conv b1 3 k3 p1\nr2 = relu c2\nc3 = conv r2 4 k3 p1\n"
	      "b3 = bn c3\na = add b3 b1\np = padch a 8 s2\n"
	      "c4 = conv a 8 k3 s2 p1\nd = add c4 p\nq = gap d\n"
	      "f = linear q 5 bias\noutput f\n");
	/* Nobody reads channel 1 of the sum a, nor channels 1, 3 and 6 of d.
	 * Channel 3 of d is channel 1 of a; 1 and 6 are zeros of the padch. */
	drop_column("c2.weight", 1, 9);
	drop_column("c4.weight", 1, 9);
	drop_column("f.weight", 1, 1);
	drop_column("f.weight", 3, 1);
	drop_column("f.weight", 6, 1);
	/* Channel 2 of c3 is dead, but a's is not. */
	drop_row("c3.weight", 2);
	/* Channel 0 of d is dead in c4, and the zero channel's pair lives. */
	drop_column("f.weight", 0, 1);
	slim(1 + 2 + 1 + 3, 1 + 1 + 3);
	CHECK_EQ(s.layer[2].held[LT_SLIM_COUPLED], 1);
	CHECK_EQ(s.layer[3].held[LT_SLIM_COUPLED], 1);
	expect_text("net t\ninput 2 6 6\nc1 = conv input 3 k3 p1\nb1 = bn c1\n"
		    "c2 = conv b1 3 k3 p1\nr2 = relu c2\n"
		    "c3 = conv r2 3 k3 p1\nb3 = bn c3\na = add b3 b1\n"
		    "p = padch a 5 s2\nc4 = conv a 5 k3 s2 p1\nd = add c4 p\n"
		    "q = gap d\nf = linear q 5 bias\noutput f\n");
}

static void
concatenated(void)
{
	begin("net t\ninput 2 6 6\nc1 = conv input 3 k3 p1\n"
	      "c2 = conv c1 4 k3 p1\nj = concat c1 c2 c1\nb = bn j\n"
	      "c3 = conv b 4 k1\nq = gap c3\nf = linear q 3 bias\noutput f\n");
	/* Channel 1 of c2 is channel 4 of j; channel 2 of c1 is channels 2 and
	 * 9, and c2 reads it: gone in all three readers. */
	drop_column("c3.weight", 4, 1);
	drop_column("c3.weight", 2, 1);
	drop_column("c3.weight", 9, 1);
	drop_column("c2.weight", 2, 9);
	/* Channel 0 of c1 is still read as channel 7. */
	drop_column("c3.weight", 0, 1);
	drop_column("c2.weight", 0, 9);
	slim(2, 2);
	CHECK_EQ(s.g->node[lt_graph_find(s.g, "j")].c, 2 + 3 + 2);
	expect_text("net t\ninput 2 6 6\nc1 = conv input 2 k3 p1\n"
		    "c2 = conv c1 3 k3 p1\nj = concat c1 c2 c1\nb = bn j\n"
		    "c3 = conv b 4 k1\nq = gap c3\nf = linear q 3 bias\n"
		    "output f\n");
}

/* Squeeze-and-excite around a depthwise convolution. */
static void
excited(void)
{
	begin("net t\ninput 1 6 6\ne = conv input 6 k1\nb = bn e\ns = silu b\n"
	      "d = conv s 6 k3 p1 g6\nbd = bn d\nq = gap bd\n"
	      "c1 = conv q 3 k1 bias\nr = relu c1\nc2 = conv r 6 k1 bias\n"
	      "z = sigmoid c2\nx = mul bd z\np = conv x 4 k1\nbp = bn p\n"
	      "h = gap bp\nf = linear h 3 bias\noutput f\n");
	/* Channel 4: in e, d, bd, c2 and x; p and c1 read it. */
	drop_column("p.weight", 4, 1);
	drop_column("c1.weight", 4, 1);
	/* Channel 2: p does not read it, but c1 does. */
	drop_column("p.weight", 2, 1);
	/* Unit 1 of the squeeze. */
	drop_column("c2.weight", 1, 1);
	/* Dead: e, d, c2 at 4; c1 at 1; c2 at 2. */
	slim(3 + 1 + 1, 3 + 1);
	CHECK_EQ(s.layer[3].held[LT_SLIM_COUPLED], 1);
	expect_text("net t\ninput 1 6 6\ne = conv input 5 k1\nb = bn e\n"
		    "s = silu b\nd = conv s 5 k3 p1 g5\nbd = bn d\n"
		    "q = gap bd\nc1 = conv q 2 k1 bias\nr = relu c1\n"
		    "c2 = conv r 5 k1 bias\nz = sigmoid c2\nx = mul bd z\n"
		    "p = conv x 4 k1\nbp = bn p\nh = gap bp\n"
		    "f = linear h 3 bias\noutput f\n");
}

static void
grouped(void)
{
	begin("net t\ninput 1 6 6\nc1 = conv input 6 k1\n"
	      "c2 = conv c1 9 k3 p1 g3\nn = groupnorm c2 g3\nq = gap n\n"
	      "f = linear q 3 bias\nz = conv c1 5 k3\nunused z\noutput f\n");
	/* Group 1 is outputs 3 to 5 and inputs 2 and 3; of group 0 a channel
	 * alone is not read. */
	for (size_t c = 3; c < 6; c++)
		drop_column("f.weight", c, 1);
	drop_column("c2.weight", 0, 9);
	slim(2 + 3 + 2, 2 + 3);
	expect_text("net t\ninput 1 6 6\nc1 = conv input 4 k1\n"
		    "c2 = conv c1 6 k3 p1 g2\nn = groupnorm c2 g2\nq = gap n\n"
		    "f = linear q 3 bias\nz = conv c1 5 k3\nunused z\n"
		    "output f\n");
}

static void
last(void)
{
	begin("net t\ninput 2 4 4\nc1 = conv input 4 k3 p1\n"
	      "c2 = conv c1 3 k3 p1\nc3 = conv c2 4 k3 p1\nq = gap c3\n"
	      "f = linear q 3 bias\noutput f\n");
	/* No path is left: the logits are the biases. */
	for (size_t c = 0; c < 3; c++)
		drop_column("c3.weight", c, 9);
	slim(4 + 3 + 4 + 3, 3 + 2 + 3);
	for (int i = 0; i < 3; i++)
		CHECK_EQ(s.layer[i].held[LT_SLIM_LAST], 1);
	CHECK_EQ(s.layer[3].held[LT_SLIM_FIXED], 3);
	CHECK(s.severed);
	expect_text("net t\ninput 2 4 4\nc1 = conv input 1 k3 p1\n"
		    "c2 = conv c1 1 k3 p1\nc3 = conv c2 1 k3 p1\nq = gap c3\n"
		    "f = linear q 3 bias\noutput f\n");
}

static void
empty_branch(void)
{
	begin("net t\ninput 2 4 4\nc1 = conv input 4 k3 p1\n"
	      "c2 = conv c1 3 k3 p1\nc3 = conv c2 4 k3 p1\na = add c3 c1\n"
	      "q = gap a\nf = linear q 3 bias\noutput f\n");
	/* The branch adds 0, and class 1 has no weights. */
	for (size_t c = 0; c < 3; c++)
		drop_column("c3.weight", c, 9);
	drop_row("f.weight", 1);
	slim(3 + 4 + 1, 3 + 4);
	CHECK_EQ(s.n, 4);
	CHECK(!strcmp(s.layer[1].name, "c2"));
	CHECK_EQ(s.layer[1].before, 3);
	CHECK_EQ(s.layer[1].after, 0);
	CHECK_EQ(s.layer[3].held[LT_SLIM_FIXED], 1);
	CHECK(!s.severed);
	CHECK_EQ(s.mask.n, 2);
	expect_text("net t\ninput 2 4 4\nc1 = conv input 4 k3 p1\n"
		    "q = gap c1\nf = linear q 3 bias\noutput f\n");
}

/* Two residual blocks; the shortcut of the second one is a layer.  What is not
 * used hangs from the first block. */
static const char two_blocks[] =
	"net t\ninput 2 6 6\nc0 = conv input 4 k3 p1\nr0 = relu c0\n"
	"c1 = conv r0 3 k3 p1\nb1 = bn c1\nr1 = relu b1\n"
	"c2 = conv r1 4 k3 p1\nb2 = bn c2\na = add b2 r0\nra = relu a\n"
	"c3 = conv ra 5 k3 s2 p1\nb3 = bn c3\nr3 = relu b3\n"
	"c4 = conv r3 6 k3 p1\nb4 = bn c4\ncs = conv ra 6 k1 s2\n"
	"bs = bn cs\nd = add bs b4\nq = gap d\nf = linear q 3 bias\n"
	"output f\n";

/* The layer keeps nothing. */
static void
drop_layer(const char *name)
{
	struct lt_mask_layer *l = lt_mask_find(&mask, name);

	memset(l->keep, 0, l->count);
}

static float
value(const struct lt_model *of, const char *name, size_t at)
{
	return of
		->w[of->g->param[lt_graph_find_param(of->g, name)].offset + at];
}

static void
constant_branch(void)
{
	/* Each block adds what its batch norm makes of 0: the first one to a
	 * ReLU, which has no bias, the second one to a batch norm. */
	begin(two_blocks);
	drop_layer("c2.weight");
	drop_layer("c4.weight");
	m.batches[4] = 7;
	slim(3 + 4 + 5 + 6, 3 + 4 + 5 + 6);
	CHECK_EQ(s.g->nbn, 1);
	CHECK_EQ(s.m.batches[0], 7);
	/* Scale 0.25 + 0.125 x 3, variance the same, mean and shift, too. */
	double b2 = 0.625 - 0.625 * 0.625 / sqrt(0.625 + 1e-5);
	CHECK(fabs((double)value(&s.m, "a.bias", 0) - b2) < 1e-6);
	CHECK(value(&s.m, "a.weight", 3) == 1);
	CHECK(fabs((double)value(&s.m, "bs.bias", 0) - 0.625 - b2) < 1e-6);
	CHECK(!lt_mask_find(&s.mask, "a.weight"));
	expect_text("net t\ninput 2 6 6\nc0 = conv input 4 k3 p1\n"
		    "r0 = relu c0\na = conv r0 4 k1 g4 bias\nra = relu a\n"
		    "cs = conv ra 6 k1 s2\nbs = bn cs\nq = gap bs\n"
		    "f = linear q 3 bias\noutput f\n");
	/* The first layer of a branch is empty, and its channels die with it
	 * because batch norm and ReLU make 0 of them. */
	begin(two_blocks);
	drop_layer("c1.weight");
	for (size_t i = 0; i < 3; i++)
		m.w[g->param[lt_graph_find_param(g, "b1.bias")].offset + i] =
			-9;
	slim(3 + 4, 3 + 4);
	CHECK_EQ(s.layer[1].after, 0);
	lt_slim_release(&s);
	end();
}

static void
bordered_branch(void)
{
	char *same;

	/* The constant of b1 is less at the border of c2's output. */
	begin(two_blocks);
	same = g->text;
	drop_layer("c1.weight");
	slim(3 + 4, 0);
	CHECK_EQ(s.layer[1].held[LT_SLIM_PADDED], 3);
	CHECK_EQ(s.layer[2].held[LT_SLIM_COUPLED], 4);
	CHECK(!strcmp(s.g->text, same));
	lt_slim_release(&s);
	end();
}

static void
branch_elsewhere(void)
{
	/* The block's branch is read by a layer that is not used, too, and the
	 * sum is the output. */
	begin("net t\ninput 2 1 1\nc1 = conv input 3 k1 bias\n"
	      "c2 = conv c1 3 k1 bias\na = add c2 c1\nz = conv c2 2 k1\n"
	      "unused z\noutput a\n");
	drop_layer("c2.weight");
	slim(3, 0);
	CHECK(!strcmp(s.g->text, g->text));
	lt_slim_release(&s);
	end();
	begin("net t\ninput 2 1 1\nc1 = conv input 3 k1 bias\n"
	      "c2 = conv c1 3 k1 bias\na = add c1 c2\nz = conv c1 2 k1\n"
	      "unused z\noutput a\n");
	drop_layer("c2.weight");
	slim(3, 3);
	expect_text("net t\ninput 2 1 1\nc1 = conv input 3 k1 bias\n"
		    "a = conv c1 3 k1 g3 bias\nz = conv c1 2 k1\nunused z\n"
		    "output a\n");
}

static void
constant_is_read(void)
{
	/* Channel 0 of b1 is a constant, which d alone reads through r.  The
	 * branch c2 adds a constant to b1, which must not take it up: r would
	 * see it. */
	begin("net t\ninput 1 1 1\nc1 = conv input 2 k1\nb1 = bn c1\n"
	      "c2 = conv b1 2 k1 bias\na = add c2 b1\nr = relu b1\n"
	      "d = conv r 1 k1\nj = concat a d\nf = linear j 2\noutput f\n");
	drop_row("c1.weight", 0);
	drop("c2.weight", 0, 4);
	drop("d.weight", 1, 2);
	slim(1 + 2 + 1, 1 + 2);
	expect_text("net t\ninput 1 1 1\nc1 = conv input 1 k1\nb1 = bn c1\n"
		    "a = conv b1 1 k1 bias\nr = relu b1\n"
		    "d = conv r 1 k1 bias\nj = concat a d\n"
		    "f = linear j 2 bias\noutput f\n");
}

/* mask <- that of a criterion, within the mask that is there. */
static int
prune(lt_unit_score *score, bool by_layer, bool by_rate, double amount,
	const char *exclude)
{
	struct lt_unit_prune_opt o = {.method = "m",
		.score = score,
		.by_layer = by_layer,
		.by_rate = by_rate,
		.amount = amount};
	struct lt_mask old = mask;
	size_t n;
	struct lt_prunable *p = lt_prunable_of(&m, &n, NULL, exclude, &err);

	int bad = lt_unit_prune(&mask, &m, p, n, &old, &o, &err);
	if (bad)
		mask = old;
	else
		lt_mask_release(&old);
	free(p);
	return bad;
}

static void
fill(const char *name, const float *v)
{
	const struct lt_param *p = &g->param[lt_graph_find_param(g, name)];

	memcpy(m.w + p->offset, v, p->count * sizeof *v);
}

static const char blocks[] =
	"net t\ninput 1 6 6\nc1 = conv input 3 k3 p1\nb1 = bn c1\n"
	"c2 = conv b1 4 k3 p1\nb2 = bn c2\nc3 = conv b2 3 k1\nb3 = bn c3\n"
	"a = add b3 b1\nq = gap a\nf = linear q 2 bias\noutput f\n";

static size_t
kept(const char *name)
{
	return lt_mask_layer_kept(lt_mask_find(&mask, name));
}

static void
by_scale(void)
{
	begin(blocks);
	/* Seven units: the channels of the sum have the larger of two scales,
	 * 0.5, 0.7 and 0.6; those of c2 have 0.4, 0.55, 0.3 and 0.65. */
	fill("b1.weight", (float[]){0.1F, 0.7F, -0.6F});
	fill("b3.weight", (float[]){-0.5F, 0.2F, 0.6F});
	fill("b2.weight", (float[]){0.4F, -0.55F, 0.3F, 0.65F});
	/* round(0.4 x 7) = 3 go: 0.3, 0.4, 0.5. */
	CHECK(prune(lt_unit_bn_scale, false, true, 0.4, NULL) == 0);
	CHECK_EQ(kept("c1.weight"), 2 * 9);
	CHECK_EQ(kept("c2.weight"), 2 * 2 * 9);
	CHECK_EQ(kept("c3.weight"), 2 * 2);
	CHECK_EQ(kept("f.weight"), 2 * 2);
	CHECK_EQ(lt_mask_find(&mask, "c1.weight")->keep[0], 0);
	/* Of seven 4 shall be gone: one more, 0.55. */
	CHECK(prune(lt_unit_bn_scale, false, false, 4 / 7., NULL) == 0);
	CHECK_EQ(kept("c2.weight"), 2 * 9);
	CHECK(prune(lt_unit_bn_scale, false, false, 0.3, NULL) < 0);
	CHECK(!strcmp(err.msg, "the sparsity of the mask is 0.571428571 "
			       "already, above 0.3"));
	CHECK_EQ(err.status, LT_EUSAGE);
	/* What is removed is just what is dead. */
	slim(1 + 3 + 1, 1 + 3 + 1);
	CHECK_EQ(lt_mask_kept(&s.mask), lt_mask_total(&s.mask));
	expect_text("net t\ninput 1 6 6\nc1 = conv input 2 k3 p1\nb1 = bn c1\n"
		    "c2 = conv b1 1 k3 p1\nb2 = bn c2\nc3 = conv b2 2 k1\n"
		    "b3 = bn c3\na = add b3 b1\nq = gap a\n"
		    "f = linear q 2 bias\noutput f\n");
}

static void
by_norm(void)
{
	float c2[4][3][9] = {0};

	begin(blocks);
	/* Norms: 1, 3, 2 of c1 and 0.5, 1, 4 of c3, so 1, 3, 4 of the sum;
	 * those of c2 are 40, 20, 30, 10. */
	fill("c1.weight", (float[27]){-1, [10] = 3, [20] = -2});
	fill("c3.weight", (float[12]){0.5F, [5] = -1, [9] = 2, [10] = -2});
	for (int i = 0; i < 4; i++) {
		c2[i][1][3] = (float[]){40, -20, 30, 10}[i];
		c2[i][0][0] = 100;
		lt_mask_find(&mask, "c2.weight")->keep[i * 27] = 0;
	}
	fill("c2.weight", c2[0][0]);
	/* Half of each: round(1.5) = 2 of three, 2 of four. */
	CHECK(prune(lt_unit_filter_norm, true, true, 0.5, NULL) == 0);
	CHECK_EQ(kept("c1.weight"), 9);
	CHECK_EQ(kept("c2.weight"), 2 * 9);
	CHECK_EQ(lt_mask_find(&mask, "c1.weight")->keep[18], 1);
	CHECK_EQ(lt_mask_find(&mask, "c2.weight")->keep[2 * 9], 1);
	CHECK_EQ(lt_mask_find(&mask, "c2.weight")->keep[27 + 2 * 9], 0);
	CHECK_EQ(lt_mask_find(&mask, "c2.weight")->keep[54 + 2 * 9], 1);
	end();
}

static void
left_out(void)
{
	begin(blocks);
	/* Without f the sum's channels stay: they are read by it.  Of c2's four
	 * units half go. */
	lt_mask_release(&mask);
	fill("b2.weight", (float[]){0.4F, -0.55F, 0.3F, 0.65F});
	CHECK(prune(lt_unit_bn_scale, false, true, 0.5, "last") == 0);
	CHECK_EQ(kept("c1.weight"), 27);
	CHECK_EQ(kept("c2.weight"), 2 * 27);
	CHECK_EQ(kept("c3.weight"), 3 * 2);
	CHECK(!lt_mask_find(&mask, "f.weight"));
	lt_mask_release(&mask);
	CHECK(prune(lt_unit_bn_scale, false, true, 0.5, "c1,c3") < 0);
	CHECK_EQ(err.status, LT_EDATA);
	end();
}

int
main(void)
{
	TEST(chain, "units that nobody reads are cut");
	TEST(constants, "constants go into biases");
	TEST(padding, "a constant behind padding stays, unless it is 0");
	TEST(shortcut, "sums keep their terms' channels together");
	TEST(concatenated, "a concatenation moves channels");
	TEST(excited, "products and depthwise layers follow");
	TEST(grouped, "groups are cut whole");
	TEST(last, "one channel of each node stays, and all logits");
	TEST(empty_branch, "a branch that adds 0 is gone");
	TEST(constant_branch, "a branch that adds a constant becomes biases");
	TEST(bordered_branch, "a branch whose constant has a border stays");
	TEST(branch_elsewhere, "a branch that is read elsewhere stays");
	TEST(constant_is_read,
		"a constant that is read elsewhere stays as it is");
	TEST(by_scale, "units are ranked by their largest scale");
	TEST(by_norm,
		"units of a layer are ranked by the norms of their filters");
	TEST(left_out, "units with weights that are left out stay");
	return tap_done();
}
