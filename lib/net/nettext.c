/* Net text (lt-net(5)) to graph: words, attributes, shapes, parameters. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/num.h"
#include "net/graph.h"

#define MAX_WORDS 32
#define MAX_NODES 10000
#define MAX_SIDE 65536
#define MAX_PIXELS ((uint64_t)1 << 28)	/* of one node's output */
#define MAX_WEIGHTS ((uint64_t)1 << 31) /* of one parameter */
#define MAX_TEXT ((size_t)1 << 20)

struct word {
	char *s;
	int col;
};

struct reader {
	struct lt_graph *g;
	const char *source;
	struct lt_err *err;
	size_t node_cap, param_cap;
	int line;
	struct word word[MAX_WORDS];
	int n;	  /* words in the line */
	int next; /* the next to be taken */
	bool input, output;
};

__attribute__((format(printf, 3, 4))) static int
fail(const struct reader *r, int word, const char *fmt, ...)
{
	char msg[512];
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(msg, sizeof msg, fmt, ap);
	va_end(ap);
	int col = word < r->n ? r->word[word].col
		  : r->n      ? r->word[r->n - 1].col +
				   (int)strlen(r->word[r->n - 1].s)
			 : 1;
	return lt_fail(
		r->err, LT_EDATA, "%s:%d:%d: %s", r->source, r->line, col, msg);
}

/* Cut the line into words in place; '#' starts a comment. */
static int
split(struct reader *r, char *line)
{
	char *p = line;

	r->n = r->next = 0;
	for (;;) {
		while (*p == ' ' || *p == '\t')
			p++;
		if (!*p || *p == '#')
			return 0;
		if (r->n == MAX_WORDS)
			return fail(r, r->n, "more than %d words", MAX_WORDS);
		r->word[r->n++] = (struct word){p, (int)(p - line) + 1};
		while (*p && *p != ' ' && *p != '\t' && *p != '#')
			if ((unsigned char)*p++ < 0x20)
				return fail(r, r->n - 1, "control character");
		if (*p == '#')
			*p = 0;
		else if (*p)
			*p++ = 0;
	}
}

static int
take_int(struct reader *r, const char *what, int *out)
{
	uint64_t v;

	if (r->next >= r->n)
		return fail(r, r->next, "%s is missing", what);
	if (!lt_num_u64(r->word[r->next].s, &v) || v < 1 || v > MAX_SIDE)
		return fail(r, r->next, "%s: expected 1..%d, found '%s'", what,
			MAX_SIDE, r->word[r->next].s);
	r->next++;
	*out = (int)v;
	return 0;
}

static int
take_node(struct reader *r, struct lt_node *n)
{
	if (r->next >= r->n)
		return fail(r, r->next, "'%s' needs an input",
			lt_op_table[n->op].name);
	int at = lt_graph_find(r->g, r->word[r->next].s);
	if (at < 0)
		return fail(
			r, r->next, "no node '%s' above", r->word[r->next].s);
	r->next++;
	n->in[n->nin++] = at;
	return 0;
}

static bool
name_ok(const char *s)
{
	size_t n = strlen(s);

	return n >= 1 && n <= 128 &&
	       strspn(s, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			 "0123456789_.-") == n;
}

/* k3 s2 p1 g4: a letter that the operator allows, once, and a number. */
static int
letter_attribute(struct reader *r, struct lt_node *n, bool *known)
{
	const char *w = r->word[r->next].s;
	const char *allowed = n->op == LT_OP_CONV    ? "kspg"
			      : n->op == LT_OP_PADCH ? "s"
			      : n->op == LT_OP_MAXPOOL || n->op == LT_OP_AVGPOOL
				      ? "ksp"
				      : "";
	uint64_t v;

	*known = *w && strchr(allowed, *w) && lt_num_u64(w + 1, &v);
	if (!*known)
		return 0;
	int *to = *w == 'k'   ? &n->k
		  : *w == 's' ? &n->stride
		  : *w == 'p' ? &n->pad
			      : &n->groups;
	if (*to >= 0)
		return fail(r, r->next, "'%c' is given twice", *w);
	if (v > MAX_SIDE || (v < 1 && *w != 'p'))
		return fail(r, r->next, "'%s' is out of range", w);
	*to = (int)v;
	r->next++;
	return 0;
}

static int
float_attribute(struct reader *r, struct lt_node *n)
{
	const char *w = r->word[r->next].s, *eq = strchr(w, '=');
	bool eps = !strncmp(w, "eps=", 4), mom = !strncmp(w, "momentum=", 9);
	double v;

	if (n->op != LT_OP_BN || !(eps || mom))
		return fail(r, r->next, "'%s' does not take '%s' (%s %s)",
			lt_op_table[n->op].name, w, lt_op_table[n->op].name,
			lt_op_table[n->op].attributes);
	if (!lt_num_f64(eq + 1, &v) || v < (eps ? 1e-12 : 0) || v > 1)
		return fail(r, r->next, "'%s' is out of range", w);
	*(eps ? &n->eps : &n->momentum) = (float)v;
	r->next++;
	return 0;
}

static int
take_attributes(struct reader *r, struct lt_node *n)
{
	bool has_bias = n->op == LT_OP_CONV || n->op == LT_OP_LINEAR;

	n->k = n->stride = n->pad = n->groups = -1;
	n->eps = 1e-5f;
	n->momentum = 0.1f;
	while (r->next < r->n) {
		bool known;
		if (has_bias && !n->bias &&
			!strcmp(r->word[r->next].s, "bias")) {
			n->bias = true;
			r->next++;
			continue;
		}
		if (letter_attribute(r, n, &known) < 0)
			return -1;
		if (!known && float_attribute(r, n) < 0)
			return -1;
	}
	bool window = n->op == LT_OP_CONV || n->op == LT_OP_MAXPOOL ||
		      n->op == LT_OP_AVGPOOL;
	if (window && n->k < 0)
		return fail(r, r->next, "'%s' needs a size, as k3",
			lt_op_table[n->op].name);
	if (n->stride < 0)
		n->stride = window && n->op != LT_OP_CONV ? n->k : 1;
	n->k = n->k < 0 ? 0 : n->k;
	n->pad = n->pad < 0 ? 0 : n->pad;
	n->groups = n->groups < 0 ? 1 : n->groups;
	return 0;
}

static int
window_shape(
	const struct reader *r, struct lt_node *n, const struct lt_node *in)
{
	if (n->k > in->h + 2 * n->pad || n->k > in->w + 2 * n->pad)
		return fail(r, 2,
			"a window of %d does not fit %dx%d with "
			"padding %d",
			n->k, in->h, in->w, n->pad);
	if (n->op != LT_OP_CONV && 2 * n->pad > n->k)
		return fail(r, 2, "padding %d is more than half of the window",
			n->pad);
	n->h = (in->h + 2 * n->pad - n->k) / n->stride + 1;
	n->w = (in->w + 2 * n->pad - n->k) / n->stride + 1;
	return 0;
}

static int
join_shape(const struct reader *r, struct lt_node *n)
{
	const struct lt_node *a = &r->g->node[n->in[0]];

	n->c = a->c;
	for (int j = 1; j < n->nin; j++) {
		const struct lt_node *b = &r->g->node[n->in[j]];
		bool same = a->h == b->h && a->w == b->w &&
			    (n->op == LT_OP_CONCAT || a->c == b->c);
		if (!same)
			return fail(r, 3 + j,
				"'%s' is %dx%dx%d, '%s' is %dx%dx%d", a->name,
				a->c, a->h, a->w, b->name, b->c, b->h, b->w);
		if (n->op == LT_OP_CONCAT)
			n->c += b->c;
	}
	return 0;
}

/* Output shape; n->c holds the OUT of conv, linear, padch. */
static int
infer_shape(const struct reader *r, struct lt_node *n)
{
	const struct lt_node *in = &r->g->node[n->in[0]];
	int out = n->c;

	n->c = in->c;
	n->h = in->h;
	n->w = in->w;
	switch (n->op) {
	case LT_OP_CONV:
		n->c = out;
		if (in->c % n->groups || out % n->groups)
			return fail(r, 2,
				"%d groups do not divide %d and %d "
				"channels",
				n->groups, in->c, out);
		return window_shape(r, n, in);
	case LT_OP_MAXPOOL:
	case LT_OP_AVGPOOL:
		return window_shape(r, n, in);
	case LT_OP_LINEAR:
		n->c = out;
		n->h = n->w = 1;
		return 0;
	case LT_OP_GAP:
		n->h = n->w = 1;
		return 0;
	case LT_OP_PADCH:
		if (out < in->c)
			return fail(r, 4,
				"%d channels do not hold the "
				"input's %d",
				out, in->c);
		n->c = out;
		n->h = (in->h - 1) / n->stride + 1;
		n->w = (in->w - 1) / n->stride + 1;
		return 0;
	case LT_OP_ADD:
	case LT_OP_CONCAT:
		return join_shape(r, n);
	default:
		return 0;
	}
}

static void
add_param(struct reader *r, struct lt_node *n, int slot, enum lt_role role,
	const char *suffix, int ndim, const uint64_t *shape)
{
	struct lt_graph *g = r->g;

	lt_grow(&g->param, &r->param_cap, (size_t)g->nparam + 1,
		sizeof *g->param);
	struct lt_param *p = &g->param[g->nparam];
	*p = (struct lt_param){.name = lt_asprintf("%s.%s", n->name, suffix),
		.node = g->n,
		.role = role,
		.ndim = ndim,
		.count = 1,
		.offset = g->floats,
		.trainable = role != LT_ROLE_BN_MEAN && role != LT_ROLE_BN_VAR,
		.prunable = role == LT_ROLE_WEIGHT};
	for (int i = 0; i < ndim; i++) {
		p->shape[i] = shape[i];
		p->count *= shape[i];
	}
	g->floats += (p->count + 15) / 16 * 16;
	n->param[slot] = g->nparam++;
}

static int
add_params(struct reader *r, struct lt_node *n)
{
	const struct lt_node *in = &r->g->node[n->in[0]];
	uint64_t c = (uint64_t)n->c, k = (uint64_t)n->k, size;
	uint64_t conv[] = {c, (uint64_t)(in->c / n->groups), k, k};
	uint64_t lin[] = {
		c, (uint64_t)in->c * (uint64_t)in->h * (uint64_t)in->w};

	size = n->op == LT_OP_CONV ? c * conv[1] * k * k : c * lin[1];
	if ((n->op == LT_OP_CONV || n->op == LT_OP_LINEAR) &&
		(k > 4096 || size > MAX_WEIGHTS))
		return fail(r, 0, "'%s' has too many weights", n->name);
	if (n->op == LT_OP_CONV)
		add_param(r, n, 0, LT_ROLE_WEIGHT, "weight", 4, conv);
	if (n->op == LT_OP_LINEAR)
		add_param(r, n, 0, LT_ROLE_WEIGHT, "weight", 2, lin);
	if (n->bias)
		add_param(r, n, 1, LT_ROLE_BIAS, "bias", 1, &c);
	if (n->op == LT_OP_BN) {
		add_param(r, n, 0, LT_ROLE_BN_GAMMA, "weight", 1, &c);
		add_param(r, n, 1, LT_ROLE_BN_BETA, "bias", 1, &c);
		add_param(r, n, 2, LT_ROLE_BN_MEAN, "running_mean", 1, &c);
		add_param(r, n, 3, LT_ROLE_BN_VAR, "running_var", 1, &c);
		r->g->nbn++;
	}
	return 0;
}

static int
take_operands(struct reader *r, struct lt_node *n)
{
	double rate;

	if (n->op == LT_OP_CONCAT) {
		while (r->next < r->n) {
			if (n->nin == LT_NODE_MAXIN)
				return fail(r, r->next, "more than %d inputs",
					LT_NODE_MAXIN);
			if (take_node(r, n) < 0)
				return -1;
		}
		return n->nin < 2 ? fail(r, r->next, "concat of one") : 0;
	}
	if (take_node(r, n) < 0)
		return -1;
	if (n->op == LT_OP_ADD)
		return take_node(r, n);
	if (n->op == LT_OP_DROPOUT) {
		if (r->next >= r->n || !lt_num_f64(r->word[r->next].s, &rate) ||
			rate < 0 || rate >= 1)
			return fail(
				r, r->next, "dropout needs a rate in [0, 1)");
		n->rate = (float)rate;
		r->next++;
		return 0;
	}
	if (n->op == LT_OP_CONV || n->op == LT_OP_LINEAR ||
		n->op == LT_OP_PADCH)
		return take_int(r, "the number of outputs", &n->c);
	return 0;
}

static int
find_op(const char *name)
{
	for (int i = LT_OP_INPUT + 1; i < LT_OP_COUNT; i++)
		if (!strcmp(lt_op_table[i].name, name))
			return i;
	return -1;
}

/* name = operator inputs... attributes... */
static int
read_node(struct reader *r)
{
	struct lt_graph *g = r->g;
	struct lt_node n = {.param = {-1, -1, -1, -1}};

	if (!r->input)
		return fail(r, 0, "a node before the 'input' line");
	if (r->n < 3 || strcmp(r->word[1].s, "="))
		return fail(r, 0,
			"expected 'name = operator ...', 'net', "
			"'init', 'input' or 'output'");
	if (!name_ok(r->word[0].s))
		return fail(r, 0, "a name is 1 to 128 of A-Z a-z 0-9 _ . -");
	if (lt_graph_find(g, r->word[0].s) >= 0)
		return fail(r, 0, "'%s' is there already", r->word[0].s);
	int op = find_op(r->word[2].s);
	if (op < 0)
		return fail(r, 2, "no operator '%s'", r->word[2].s);
	n.op = (enum lt_op)op;
	r->next = 3;
	if (take_operands(r, &n) < 0 || take_attributes(r, &n) < 0 ||
		infer_shape(r, &n) < 0)
		return -1;
	if ((uint64_t)n.c * (uint64_t)n.h > MAX_PIXELS / (uint64_t)n.w)
		return fail(r, 0, "'%s' would be %dx%dx%d", r->word[0].s, n.c,
			n.h, n.w);
	if (g->n == MAX_NODES)
		return fail(r, 0, "more than %d nodes", MAX_NODES);
	n.name = lt_strdup(r->word[0].s);
	lt_grow(&g->node, &r->node_cap, (size_t)g->n + 1, sizeof *g->node);
	g->node[g->n] = n;
	if (add_params(r, &g->node[g->n]) < 0) {
		free(n.name);
		return -1;
	}
	g->n++;
	return 0;
}

static int
read_input(struct reader *r)
{
	struct lt_graph *g = r->g;

	r->next = 1;
	if (r->input)
		return fail(r, 0, "a second 'input'");
	if (take_int(r, "channels", &g->c) < 0 ||
		take_int(r, "rows", &g->h) < 0 ||
		take_int(r, "columns", &g->w) < 0)
		return -1;
	if (r->next < r->n)
		return fail(r, r->next, "after 'input C H W'");
	if ((uint64_t)g->c * (uint64_t)g->h > MAX_PIXELS / (uint64_t)g->w)
		return fail(r, 1, "the input is too large");
	lt_grow(&g->node, &r->node_cap, 1, sizeof *g->node);
	g->node[0] = (struct lt_node){.name = lt_strdup("input"),
		.op = LT_OP_INPUT,
		.c = g->c,
		.h = g->h,
		.w = g->w,
		.stride = 1,
		.groups = 1,
		.param = {-1, -1, -1, -1}};
	g->n = 1;
	r->input = true;
	return 0;
}

static int
read_word(struct reader *r, char **to)
{
	if (*to)
		return fail(r, 0, "a second '%s'", r->word[0].s);
	if (r->n != 2 || !name_ok(r->word[1].s))
		return fail(r, 1, "'%s' takes one name", r->word[0].s);
	*to = lt_strdup(r->word[1].s);
	return 0;
}

static int
read_output(struct reader *r)
{
	struct lt_graph *g = r->g;

	if (r->n != 2)
		return fail(r, 1, "'output' takes one node");
	g->output = lt_graph_find(g, r->word[1].s);
	if (g->output < 1)
		return fail(r, 1, "no node '%s' above", r->word[1].s);
	const struct lt_node *n = &g->node[g->output];
	if (n->h != 1 || n->w != 1)
		return fail(r, 1,
			"the output is %dx%dx%d, expected classes "
			"x1x1",
			n->c, n->h, n->w);
	r->output = true;
	return 0;
}

static int
read_line(struct reader *r)
{
	const char *w = r->word[0].s;

	if (r->output)
		return fail(r, 0, "after the 'output' line");
	if (r->n > 1 && !strcmp(r->word[1].s, "="))
		return read_node(r);
	if (!strcmp(w, "net"))
		return read_word(r, &r->g->name);
	if (!strcmp(w, "init"))
		return read_word(r, &r->g->init);
	if (!strcmp(w, "input"))
		return read_input(r);
	if (!strcmp(w, "output"))
		return read_output(r);
	return read_node(r);
}

/* Every node must reach the output: a stray one is a slip of the pen. */
static int
check_used(struct reader *r)
{
	const struct lt_graph *g = r->g;
	bool *used = lt_alloc((size_t)g->n, sizeof *used);
	int bad = 0;

	used[g->output] = true;
	for (int i = g->output; i > 0; i--)
		for (int j = 0; used[i] && j < g->node[i].nin; j++)
			used[g->node[i].in[j]] = true;
	for (int i = g->n - 1; i > 0; i--)
		if (!used[i])
			bad = i;
	free(used);
	r->n = 0;
	return bad ? lt_fail(r->err, LT_EDATA,
			     "%s: node '%s' does not reach the output",
			     r->source, g->node[bad].name)
		   : 0;
}

static int
read_text(struct reader *r, char *text)
{
	for (char *line = text; line;) {
		char *end = strchr(line, '\n');
		if (end)
			*end = 0;
		r->line++;
		if (split(r, line) < 0 || (r->n && read_line(r) < 0))
			return -1;
		line = end ? end + 1 : NULL;
	}
	r->n = 0;
	if (!r->g->name)
		return fail(r, 0, "no 'net' line");
	if (!r->output)
		return fail(r, 0, "no 'output' line");
	return check_used(r);
}

struct lt_graph *
lt_graph_parse(const char *text, const char *source, struct lt_err *err)
{
	struct reader r = {.source = source, .err = err};

	if (strnlen(text, MAX_TEXT) == MAX_TEXT) {
		lt_fail(err, LT_EDATA, "%s: net text over %zu bytes", source,
			MAX_TEXT);
		return NULL;
	}
	char *copy = lt_strdup(text);
	r.g = lt_alloc(1, sizeof *r.g);
	int bad = read_text(&r, copy);
	free(copy);
	if (bad) {
		lt_graph_free(r.g);
		return NULL;
	}
	r.g->text = lt_graph_text(r.g);
	return r.g;
}
