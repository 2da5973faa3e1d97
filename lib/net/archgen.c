/* Writing lines of net text, for the generators of built-in networks. */
#include <stdarg.h>
#include <string.h>
#include "base/mem.h"
#include "net/archgen.h"

int
lt_gen_scaled(const struct lt_gen *g, int channels)
{
	double n = (double)channels * g->width + 0.5;

	return n < 1 ? 1 : (int)n;
}

int
lt_gen_need(const struct lt_gen *g, int side, struct lt_err *err)
{
	if (g->h >= side && g->w >= side)
		return 0;
	return lt_fail(err, LT_EUSAGE,
		"%s needs images of %dx%d or more, not %dx%d", g->arch->name,
		side, side, g->h, g->w);
}

static void
became(struct lt_gen *g, const char *name)
{
	char whole[sizeof g->last];
	int n = snprintf(whole, sizeof whole, "%s%s", g->prefix, name);

	LT_BUG_ON(n < 0 || (size_t)n >= sizeof whole);
	memcpy(g->last, whole, sizeof whole);
}

void
lt_gen_node(struct lt_gen *g, const char *name, const char *op, const char *fmt,
	...)
{
	va_list ap;

	fprintf(g->f, "%s%s = %s %s ", g->prefix, name, op, g->last);
	va_start(ap, fmt);
	vfprintf(g->f, fmt, ap);
	va_end(ap);
	fputc('\n', g->f);
	became(g, name);
}

void
lt_gen_join(struct lt_gen *g, const char *name, const char *op, const char *b)
{
	lt_gen_node(g, name, op, "%s", b);
}

void
lt_gen_conv(struct lt_gen *g, const char *name, const struct lt_gen_conv *c)
{
	lt_gen_node(g, name, "conv", "%d k%d s%d p%d g%d%s", c->out, c->k,
		c->stride ? c->stride : 1, c->k / 2, c->groups ? c->groups : 1,
		c->bias ? " bias" : "");
	g->channels = c->out;
}

void
lt_gen_conv_bn(struct lt_gen *g, const char *conv, const char *bn,
	const struct lt_gen_conv *c)
{
	lt_gen_conv(g, conv, c);
	lt_gen_node(g, bn, "bn", "%s", "");
}

void
lt_gen_head(struct lt_gen *g, const char *linear)
{
	*g->prefix = 0;
	lt_gen_node(g, "avgpool", "gap", "%s", "");
	lt_gen_node(g, linear, "linear", "%d bias", g->classes);
	fprintf(g->f, "output %s\n", linear);
}
