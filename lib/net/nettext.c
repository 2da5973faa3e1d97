/* Net text (lt-net(5)) to graph: words, attributes, shapes, parameters. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/in.h"
#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"
#include "net/model.h"
#include "net/nettext.h"

int
lt_net_fail(const struct lt_net_reader *r, int word, const char *fmt, ...)
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
split(struct lt_net_reader *r, char *line)
{
	char *p = line;

	r->n = r->next = 0;
	for (;;) {
		while (*p == ' ' || *p == '\t')
			p++;
		if (!*p || *p == '#')
			return 0;
		if (r->n == LT_NET_WORDS)
			return lt_net_fail(
				r, r->n, "more than %d words", LT_NET_WORDS);
		r->word[r->n++] = (struct lt_net_word){p, (int)(p - line) + 1};
		while (*p && *p != ' ' && *p != '\t' && *p != '#')
			if ((unsigned char)*p++ < 0x20)
				return lt_net_fail(r, r->n - 1,
					p[-1] == '\r'
						? "a carriage return; lines "
						  "end in a newline alone"
						: "control character");
		if (*p == '#')
			*p = 0;
		else if (*p)
			*p++ = 0;
	}
}

static int
take_int(struct lt_net_reader *r, const char *what, int *out)
{
	uint64_t v;

	if (r->next >= r->n)
		return lt_net_fail(r, r->next, "%s is missing", what);
	if (!lt_num_u64(r->word[r->next].s, &v) || v < 1 || v > LT_NET_SIDE)
		return lt_net_fail(r, r->next, "%s: expected 1..%d, found '%s'",
			what, LT_NET_SIDE, r->word[r->next].s);
	r->next++;
	*out = (int)v;
	return 0;
}

/* The node that a word names, or -1 with the nearest name, else, if there is an
 * operator, with what it takes. */
static int
find_node(const struct lt_net_reader *r, int word, const struct lt_op_row *op)
{
	struct lt_near near = {.to = r->word[word].s};
	char hint[LT_NEAR_TEXT];
	int at = lt_graph_find(r->g, near.to);

	if (at >= 0)
		return at;
	for (int i = 0; i < r->g->n; i++)
		lt_near_try(&near, r->g->node[i].name);
	if (near.best || !op)
		return lt_net_fail(r, word, "no node '%.128s' above%s", near.to,
			lt_near_text(hint, &near));
	return lt_net_fail(r, word, "no node '%.128s' above (%s %s)", near.to,
		op->name, op->attributes);
}

static int
take_node(struct lt_net_reader *r, struct lt_node *n)
{
	const struct lt_op_row *op = lt_op_row(n);

	if (r->next >= r->n)
		return lt_net_fail(r, r->next, "'%s' needs %s input (%s %s)",
			op->name, n->nin ? "a second" : "an", op->name,
			op->attributes);
	int at = find_node(r, r->next, op);
	if (at < 0)
		return -1;
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

/* Where an attribute's value goes. */
static void
put_value(struct lt_node *n, const struct lt_attr *a, double v)
{
	void *at = (char *)n + a->field;

	if (a->kind == LT_ATTR_FLAG)
		*(bool *)at = v != 0;
	else if (a->kind == LT_ATTR_REAL || a->kind == LT_ATTR_RATE)
		*(float *)at = (float)v;
	else
		*(int *)at = (int)v;
}

/* The operand that stands behind the inputs. */
static int
take_operand(
	struct lt_net_reader *r, struct lt_node *n, const struct lt_attr *a)
{
	double rate;

	if (a->kind == LT_ATTR_OUT)
		return take_int(r, "the number of outputs", &n->c);
	if (r->next >= r->n || !lt_num_f64(r->word[r->next].s, &rate) ||
		rate < 0 || rate >= 1)
		return lt_net_fail(r, r->next, "'%s' needs a rate in [0, 1)",
			lt_op_row(n)->name);
	put_value(n, a, rate);
	r->next++;
	return 0;
}

/* Whether a word is the attribute, whose value is at *value then: a number or,
 * of a flag, nothing. */
static bool
is_attribute(const struct lt_attr *a, const char *word, const char **value)
{
	size_t n = strlen(a->word);
	uint64_t v;

	*value = word + n;
	if (strncmp(word, a->word, n) != 0)
		return false;
	if (a->kind == LT_ATTR_FLAG)
		return !**value;
	if (a->kind == LT_ATTR_REAL)
		return *(*value)++ == '=';
	return a->kind == LT_ATTR_LETTER && lt_num_u64(*value, &v);
}

/* The number of an attribute; false when it is out of range. */
static bool
value_of(const struct lt_attr *a, const char *value, double *v)
{
	uint64_t whole;

	*v = 1;
	if (a->kind == LT_ATTR_FLAG)
		return true;
	if (a->kind == LT_ATTR_REAL)
		return lt_num_f64(value, v) && *v >= a->least && *v <= 1;
	lt_num_u64(value, &whole);
	*v = (double)whole;
	return *v >= a->least && whole <= LT_NET_SIDE;
}

static int
take_attribute(struct lt_net_reader *r, struct lt_node *n, bool *given)
{
	const struct lt_op_row *op = lt_op_row(n);
	const char *word = r->word[r->next].s, *value;
	int i = 0;
	double v;

	while (op->attr[i].word && !is_attribute(&op->attr[i], word, &value))
		i++;
	const struct lt_attr *a = &op->attr[i];
	if (!a->word || (a->kind == LT_ATTR_FLAG && given[i]))
		return lt_net_fail(r, r->next,
			"'%s' does not take '%s' (%s %s)", op->name, word,
			op->name, op->attributes);
	if (given[i])
		return lt_net_fail(r, r->next, "'%s' is given twice", a->word);
	if (!value_of(a, value, &v))
		return lt_net_fail(r, r->next, "'%s' is out of range", word);
	put_value(n, a, v);
	given[i] = true;
	r->next++;
	return 0;
}

static int
take_attributes(struct lt_net_reader *r, struct lt_node *n)
{
	const struct lt_attr *a = lt_op_row(n)->attr;
	bool given[LT_OP_ATTRS] = {false};

	while (r->next < r->n)
		if (take_attribute(r, n, given) < 0)
			return -1;
	for (int i = 0; i < LT_OP_ATTRS && a[i].word; i++) {
		if (given[i] || lt_attr_operand(&a[i]))
			continue;
		if (a[i].preset == LT_PRESET_NONE)
			return lt_net_fail(r, r->next,
				"'%s' needs a size, as k3", lt_op_row(n)->name);
		put_value(n, &a[i], lt_attr_preset(&a[i], n));
	}
	return 0;
}

static int
take_inputs(struct lt_net_reader *r, struct lt_node *n)
{
	const struct lt_op_row *op = lt_op_row(n);

	while (n->nin < op->least_in ||
		(op->least_in < op->most_in && r->next < r->n)) {
		if (n->nin == op->most_in)
			return lt_net_fail(
				r, r->next, "more than %d inputs", op->most_in);
		if (take_node(r, n) < 0)
			return -1;
	}
	return 0;
}

static int
take_operands(struct lt_net_reader *r, struct lt_node *n)
{
	const struct lt_attr *a = lt_op_row(n)->attr;

	if (take_inputs(r, n) < 0)
		return -1;
	for (; a->word && lt_attr_operand(a); a++)
		if (take_operand(r, n, a) < 0)
			return -1;
	return 0;
}

/* Room for one more node, which stands in this line. */
static void
add_node(struct lt_net_reader *r, const struct lt_node *n)
{
	size_t need = (size_t)r->g->n + 1;

	lt_grow(&r->g->node, &r->node_cap, need, sizeof *r->g->node);
	lt_grow(&r->node_line, &r->line_cap, need, sizeof *r->node_line);
	r->g->node[need - 1] = *n;
	r->node_line[need - 1] = r->line;
}

static int
find_op(const struct lt_net_reader *r, int word)
{
	struct lt_near near = {.to = r->word[word].s};
	char hint[LT_NEAR_TEXT];

	for (int i = 1; i < LT_OP_COUNT; i++) { /* 0 is the image */
		if (!strcmp(lt_op_rows[i]->name, near.to))
			return i;
		lt_near_try(&near, lt_op_rows[i]->name);
	}
	return lt_net_fail(r, word, "no operator '%.128s'%s", near.to,
		near.best ? lt_near_text(hint, &near)
			  : " (lt-net(5) has them all)");
}

/* Refuse a line of no known kind; the message suggests a first word. */
static int
no_line(const struct lt_net_reader *r)
{
	static const char *const first[] = {
		"net", "init", "input", "unused", "output"};
	struct lt_near near = {.to = r->word[0].s};
	char hint[LT_NEAR_TEXT];

	for (size_t i = 0; i < sizeof first / sizeof *first; i++)
		lt_near_try(&near, first[i]);
	return lt_net_fail(r, 0,
		"expected 'name = operator ...', 'net', 'init', 'input', "
		"'unused' or 'output'%s",
		lt_near_text(hint, &near));
}

/* name = operator inputs... attributes... */
static int
read_node(struct lt_net_reader *r)
{
	struct lt_graph *g = r->g;
	struct lt_node n = {
		.param = {-1, -1, -1, -1}, .stride = 1, .groups = 1};

	if (r->n < 2 || strcmp(r->word[1].s, "="))
		return no_line(r);
	if (!r->input)
		return lt_net_fail(r, 0, "a node before the 'input' line");
	if (r->n < 3)
		return lt_net_fail(r, 2, "an operator is missing");
	if (!name_ok(r->word[0].s))
		return lt_net_fail(
			r, 0, "a name is 1 to 128 of A-Z a-z 0-9 _ . -");
	int same = lt_graph_find(g, r->word[0].s);
	if (same >= 0)
		return lt_net_fail(r, 0, "'%s' is already defined in line %d",
			r->word[0].s, r->node_line[same]);
	int op = find_op(r, 2);
	if (op < 0)
		return -1;
	n.op = (enum lt_op)op;
	r->next = 3;
	if (take_operands(r, &n) < 0 || take_attributes(r, &n) < 0 ||
		lt_net_shape(r, &n) < 0)
		return -1;
	if (g->n == LT_NET_NODES)
		return lt_net_fail(r, 0, "more than %d nodes", LT_NET_NODES);
	n.name = lt_strdup(r->word[0].s);
	add_node(r, &n);
	if (lt_net_params(r, &g->node[g->n]) < 0) {
		free(n.name);
		return -1;
	}
	g->n++;
	return 0;
}

static int
read_input(struct lt_net_reader *r)
{
	struct lt_graph *g = r->g;

	r->next = 1;
	if (r->input)
		return lt_net_fail(r, 0, "a second 'input'");
	if (take_int(r, "channels", &g->c) < 0 ||
		take_int(r, "rows", &g->h) < 0 ||
		take_int(r, "columns", &g->w) < 0)
		return -1;
	if (r->next < r->n)
		return lt_net_fail(r, r->next, "after 'input C H W'");
	if ((uint64_t)g->c * (uint64_t)g->h > LT_NET_PIXELS / (uint64_t)g->w)
		return lt_net_fail(r, 1, "the input is too large");
	struct lt_node n = {.name = lt_strdup("input"),
		.c = g->c,
		.h = g->h,
		.w = g->w,
		.stride = 1,
		.groups = 1,
		.param = {-1, -1, -1, -1}};
	add_node(r, &n);
	g->n = 1;
	r->input = true;
	return 0;
}

static int
read_word(struct lt_net_reader *r, char **to)
{
	if (*to)
		return lt_net_fail(r, 0, "a second '%s'", r->word[0].s);
	if (r->n != 2 || !name_ok(r->word[1].s))
		return lt_net_fail(r, 1, "'%s' takes one name", r->word[0].s);
	*to = lt_strdup(r->word[1].s);
	return 0;
}

static int
read_init(struct lt_net_reader *r)
{
	if (read_word(r, &r->g->init) < 0)
		return -1;
	struct lt_near near = {.to = r->g->init};
	char hint[LT_NEAR_TEXT];
	for (const char *const *s = lt_init_names; *s; s++) {
		if (!strcmp(*s, r->g->init))
			return 0;
		lt_near_try(&near, *s);
	}
	return lt_net_fail(r, 1, "no initialization '%s'%s", r->g->init,
		near.best ? lt_near_text(hint, &near)
			  : " (lt-init lists them)");
}

static int
read_output(struct lt_net_reader *r)
{
	struct lt_graph *g = r->g;

	if (r->n != 2)
		return lt_net_fail(r, 1, "'output' takes one node");
	g->output = find_node(r, 1, NULL);
	if (g->output < 0)
		return -1;
	if (!g->output)
		return lt_net_fail(r, 1, "the image cannot be the output");
	const struct lt_node *n = &g->node[g->output];
	if (n->h != 1 || n->w != 1)
		return lt_net_fail(r, 1,
			"the output is %dx%dx%d, expected classes x1x1 (a gap "
			"or linear node makes it so)",
			n->c, n->h, n->w);
	r->output = true;
	return 0;
}

/* A node of a state dict that nothing computes. */
static int
read_unused(struct lt_net_reader *r)
{
	if (r->n != 2)
		return lt_net_fail(r, 1, "'unused' takes one node");
	int at = find_node(r, 1, NULL);
	if (at < 0)
		return -1;
	if (!at)
		return lt_net_fail(r, 1, "the image cannot be unused");
	r->g->node[at].unused = true;
	return 0;
}

static int
read_line(struct lt_net_reader *r)
{
	const char *w = r->word[0].s;

	if (r->output)
		return lt_net_fail(r, 0, "after the 'output' line");
	if (r->n > 1 && !strcmp(r->word[1].s, "="))
		return read_node(r);
	if (!strcmp(w, "net"))
		return read_word(r, &r->g->name);
	if (!strcmp(w, "init"))
		return read_init(r);
	if (!strcmp(w, "input"))
		return read_input(r);
	if (!strcmp(w, "unused"))
		return read_unused(r);
	if (!strcmp(w, "output"))
		return read_output(r);
	return read_node(r);
}

static int
bad_node(struct lt_net_reader *r, int node, const char *what)
{
	r->n = 0;
	r->line = r->node_line[node];
	return lt_net_fail(r, 0, "node '%s' %s", r->g->node[node].name, what);
}

/* Every node must reach the output or a node that is declared unused; any
 * other node is probably a mistake. */
static int
check_used(struct lt_net_reader *r)
{
	struct lt_graph *g = r->g;
	bool *used = lt_alloc((size_t)g->n, sizeof *used);
	int stray = 0, wrong = 0;

	used[g->output] = true;
	for (int i = g->output; i > 0; i--)
		for (int j = 0; used[i] && j < g->node[i].nin; j++)
			used[g->node[i].in[j]] = true;
	for (int i = g->n - 1; i > 0; i--) {
		struct lt_node *n = &g->node[i];
		wrong = n->unused && used[i] ? i : wrong;
		stray = n->unused || used[i] ? stray : i;
		g->nunused += n->unused;
		for (int j = 0; n->unused && j < n->nin; j++)
			if (!used[n->in[j]])
				g->node[n->in[j]].unused = true;
	}
	free(used);
	if (wrong)
		return bad_node(
			r, wrong, "is 'unused' but the output needs it");
	return stray ? bad_node(r, stray, "does not reach the output") : 0;
}

static int
read_text(struct lt_net_reader *r, char *text)
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
		return lt_net_fail(r, 0, "no 'net' line");
	if (!r->output)
		return lt_net_fail(r, 0, "no 'output' line");
	return check_used(r);
}

struct lt_graph *
lt_graph_parse(const char *text, const char *source, struct lt_err *err)
{
	struct lt_net_reader r = {.source = source, .err = err};

	if (strnlen(text, LT_NET_TEXT) == LT_NET_TEXT) {
		lt_fail(err, LT_EDATA, "%s: net text over %zu bytes", source,
			LT_NET_TEXT);
		return NULL;
	}
	const char *mark = lt_in_mark(text, strlen(text));
	if (mark) {
		lt_fail(err, LT_EDATA, "%s: expected plain UTF-8, found %s",
			source, mark);
		return NULL;
	}
	char *copy = lt_strdup(text);
	r.g = lt_alloc(1, sizeof *r.g);
	int bad = read_text(&r, copy);
	free(copy);
	free(r.node_line);
	if (bad) {
		lt_graph_free(r.g);
		return NULL;
	}
	r.g->text = lt_graph_text(r.g);
	return r.g;
}
