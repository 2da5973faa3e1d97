/* Which units a mask leaves connected. */
#include "net/reach.h"

#include <string.h>
#include "tap.h"

static struct lt_err err;
static struct lt_graph *g;
static struct lt_mask mask;
static struct lt_reach r;

static void
begin(const char *text)
{
	g = lt_graph_parse(text, "t", &err);
	for (int i = 0; i < g->nparam; i++) {
		const struct lt_param *p = &g->param[i];
		if (!p->prunable)
			continue;
		struct lt_mask_layer *l =
			lt_mask_add(&mask, p->name, p->ndim, p->shape);
		memset(l->keep, 1, l->count);
	}
}

/* Of a layer, weights first to last are gone. */
static void
drop(const char *name, size_t first, size_t last)
{
	memset(lt_mask_find(&mask, name)->keep + first, 0, last - first);
}

static void
expect(size_t no_input, size_t no_output, size_t dead, size_t idle)
{
	lt_reach(&r, g, &mask);
	CHECK_EQ(r.no_input, no_input);
	CHECK_EQ(r.no_output, no_output);
	CHECK_EQ(r.dead, dead);
	CHECK_EQ(r.idle, idle);
}

static void
end(void)
{
	lt_mask_release(&mask);
	lt_graph_free(g);
}

static void
chain(void)
{
	begin("net t\ninput 2 4 4\nc1 = conv input 3 k3 p1 bias\nb = bn c1\n"
	      "r = relu b\nc2 = conv r 2 k1\nf = linear c2 4\noutput f\n");
	expect(0, 0, 0, 0);
	CHECK_EQ(r.units, 9);
	/* Unit 0 of c1 has no weights: c2's two from it are idle. */
	drop("c1.weight", 0, 18);
	expect(1, 0, 1, 2);
	/* Nobody reads unit 1: its 18 are idle too. */
	drop("c2.weight", 1, 2);
	drop("c2.weight", 4, 5);
	expect(1, 1, 2, 18 + 2);
	/* No pixel of c2's unit 0 is read. */
	for (size_t o = 0; o < 4; o++)
		drop("f.weight", o * 32, o * 32 + 16);
	expect(1, 2, 3, 18 + 3);
	drop("f.weight", 0, 128);
	expect(1 + 4, 5, 9, 18 + 18 + 2 + 2);
	/* A mask that names nothing keeps all. */
	lt_mask_release(&mask);
	expect(0, 0, 0, 0);
	end();
}

static void
shortcut(void)
{
	begin("net t\ninput 1 4 4\nc1 = conv input 2 k1\n"
	      "c2 = conv c1 2 k1\na = add c2 c1\n"
	      "p = padch a 4 s2\nc3 = conv p 4 k1 g4\n"
	      "g = gap c3\nf = linear g 2\noutput f\n");
	/* Zero channels of the padding reach two groups, and their weights and
	 * those of f that read them serve nobody. */
	expect(2, 0, 2, 2 + 4);
	/* An empty layer beside a shortcut: its own units alone. */
	drop("c2.weight", 0, 4);
	expect(2 + 2, 0, 4, 6);
	/* Nothing passes by the sum but the shortcut's channel 1. */
	drop("c1.weight", 0, 1);
	expect(2 + 2 + 2, 0, 6, 2 + 4 + 1 + 2);
	end();
}

static void
several(void)
{
	begin("net t\ninput 1 4 4\nc1 = conv input 2 k1\nc2 = conv input 2 k1\n"
	      "j = concat c1 c2\nq = gap j\ns = conv q 4 k1\nx = mul j s\n"
	      "f = linear x 2\nz = conv j 3 k1\nunused z\noutput f\n");
	expect(0, 0, 0, 0);
	CHECK_EQ(r.units, 2 + 2 + 4 + 2);
	/* A factor that is dead leaves a path by the other. */
	drop("s.weight", 0, 16);
	expect(4, 0, 4, 0);
	drop("c2.weight", 0, 2);
	expect(4 + 2, 0, 6, 2 * 2 * 16);
	end();
}

static void
normalized(void)
{
	begin("net t\ninput 1 4 4\nc1 = conv input 4 k1\n"
	      "n = groupnorm c1 g2\nq = gap n\nf = linear q 2\noutput f\n");
	expect(0, 0, 0, 0);
	/* Unit 0 of c1 is dead, but the mean of units 0 and 1 shifts it. */
	drop("c1.weight", 0, 1);
	expect(1, 0, 1, 0);
	/* Unit 3 is read by nobody, but unit 2 depends on it. */
	drop("f.weight", 3, 4);
	drop("f.weight", 7, 8);
	expect(1, 0, 1, 0);
	drop("f.weight", 2, 3);
	drop("f.weight", 6, 7);
	expect(1, 2, 3, 2);
	end();
}

int
main(void)
{
	TEST(chain, "units die without inputs or readers");
	TEST(shortcut, "a shortcut keeps units alive");
	TEST(several, "so does each of several inputs");
	TEST(normalized, "a group norm joins the channels of a group");
	return tap_done();
}
