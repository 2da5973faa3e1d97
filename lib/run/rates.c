#include "run/rates.h"

#include <float.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/num.h"
#include "net/named.h"

/* One word of scales, "NAME:X". */
static int
take_scale(double *scale, bool *use, const struct lt_graph *g, const char *word,
	struct lt_err *err)
{
	const char *colon = strrchr(word, ':');
	double x = 0;

	if (!colon || !lt_num_f64(colon + 1, &x) || !(x > 0 && x <= FLT_MAX))
		return lt_fail(err, LT_EUSAGE,
			"expected NAME:X, where X is a number above 0, found "
			"'%s'",
			word);
	if (lt_named_params(use, g, word, (size_t)(colon - word), err) < 0)
		return -1;
	for (int i = 0; i < g->nparam; i++)
		if (use[i])
			scale[i] = x;
	return 0;
}

static int
take_scales(double *scale, bool *use, const struct lt_graph *g,
	const char *list, struct lt_err *err)
{
	char *copy = lt_strdup(list), *rest = copy, *word;
	int bad = 0;

	while (!bad && (word = strsep(&rest, ",")))
		bad = take_scale(scale, use, g, word, err);
	free(copy);
	return bad;
}

static int
take_frozen(double *scale, bool *use, const struct lt_graph *g,
	const char *list, struct lt_err *err)
{
	bool trained = false;

	if (lt_named_params(use, g, list, strlen(list), err) < 0)
		return -1;
	for (int i = 0; i < g->nparam; i++) {
		if (use[i])
			scale[i] = 0;
		trained |= scale[i] > 0 && g->param[i].trainable &&
			   !g->node[g->param[i].node].unused;
	}
	if (trained)
		return 0;
	return lt_fail(err, LT_EUSAGE,
		"'%s' freezes all parameters of network %s; expected some to "
		"train",
		list, g->name);
}

double *
lt_rates(const struct lt_graph *g, const char *freeze, const char *scales,
	struct lt_err *err)
{
	size_t n = (size_t)g->nparam;
	double *scale = lt_alloc(n, sizeof *scale);
	bool *use = lt_alloc(n, sizeof *use);

	for (size_t i = 0; i < n; i++)
		scale[i] = 1;
	int bad = scales ? take_scales(scale, use, g, scales, err) : 0;
	if (!bad && freeze)
		bad = take_frozen(scale, use, g, freeze, err);
	free(use);
	if (!bad)
		return scale;
	free(scale);
	return NULL;
}
