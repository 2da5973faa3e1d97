/* Random initializations (lt-init(1)): a table of rules for each parameter. */
#include <math.h>
#include <string.h>
#include "base/rng.h"
#include "net/model.h"

enum rule {
	ZERO,
	FAN_IN,	 /* N(0, 2 / fan_in): He et al. 2015 */
	FAN_OUT, /* N(0, 2 / fan_out) */
	UNIFORM, /* U(-b, b), b = 1 / sqrt(fan_in): PyTorch's a = sqrt(5) */
	GLOROT,	 /* N(0, 2 / (fan_in + fan_out)): Glorot & Bengio 2010 */
	SMALL,	 /* N(0, 0.01^2) */
};

static const struct {
	const char *name;
	enum rule conv, linear, bias;
} inits[] = {
	/* The CIFAR ResNets of PrAC's code; biases as PyTorch leaves them. */
	{"kaiming-normal-in", FAN_IN, FAN_IN, UNIFORM},
	/* torchvision's ResNets. */
	{"kaiming-normal-out", FAN_OUT, UNIFORM, UNIFORM},
	/* torchvision's VGGs. */
	{"vgg", FAN_OUT, SMALL, ZERO},
	{"default", UNIFORM, UNIFORM, UNIFORM},
	/* The LeNets and Conv-N of Frankle & Carbin. */
	{"glorot-normal", GLOROT, GLOROT, ZERO},
};
#define INITS (sizeof inits / sizeof *inits)

const char *const lt_init_names[] = {"kaiming-normal-in", "kaiming-normal-out",
	"vgg", "default", "glorot-normal", NULL};

static void
fans(const struct lt_graph *g, const struct lt_param *p, double *in,
	double *out)
{
	const struct lt_node *n = &g->node[p->node];
	const struct lt_param *w = &g->param[n->param[0]];
	double taps = w->ndim == 4 ? (double)(w->shape[2] * w->shape[3]) : 1;

	*in = (double)w->shape[1] * taps;
	*out = (double)w->shape[0] * taps / (double)n->groups;
}

/* Numbers that a thread draws at a time. */
#define CHUNK ((size_t)1 << 15)

static void
fill(float *w, size_t n, const struct lt_rng *r, enum rule rule, double in,
	double out)
{
	double bound = 1 / sqrt(in);
	double sd = rule == FAN_IN    ? sqrt(2 / in)
		    : rule == FAN_OUT ? sqrt(2 / out)
		    : rule == GLOROT  ? sqrt(2 / (in + out))
				      : 0.01;

	if (rule == ZERO) {
		memset(w, 0, n * sizeof *w);
		return;
	}
#pragma omp parallel for schedule(static) if (n > CHUNK)
	for (size_t at = 0; at < n; at += CHUNK) {
		size_t m = n - at < CHUNK ? n - at : CHUNK;
		if (rule == UNIFORM)
			lt_rng_uniforms(w + at, m, r, at, bound);
		else
			lt_rng_normals(w + at, m, r, at, sd);
	}
}

static void
fill_constant(float *w, size_t n, float value)
{
	for (size_t i = 0; i < n; i++)
		w[i] = value;
}

int
lt_model_random(
	struct lt_model *m, const char *init, uint64_t seed, struct lt_err *err)
{
	const struct lt_graph *g = m->g;
	size_t k = 0;

	if (!init)
		init = g->init ? g->init : "default";
	while (k < INITS && strcmp(inits[k].name, init) != 0)
		k++;
	if (k == INITS)
		return lt_fail(err, LT_EUSAGE,
			"no initialization '%s' (there are kaiming-normal-in, "
			"kaiming-normal-out, vgg, default, glorot-normal)",
			init);
	for (int i = 0; i < g->nparam; i++) {
		const struct lt_param *p = &g->param[i];
		float *w = m->w + p->offset;
		struct lt_rng r;
		double in, out;
		if (p->role >= LT_ROLE_BN_GAMMA) {
			fill_constant(w, p->count,
				p->role == LT_ROLE_BN_GAMMA ||
					p->role == LT_ROLE_BN_VAR);
			continue;
		}
		fans(g, p, &in, &out);
		lt_rng_init(&r, seed, LT_STREAM_INIT, lt_rng_hash(p->name), 0);
		fill(w, p->count, &r,
			p->role == LT_ROLE_BIAS ? inits[k].bias
			: p->ndim == 4		? inits[k].conv
						: inits[k].linear,
			in, out);
	}
	return 0;
}

void
lt_model_signs(struct lt_model *m)
{
	for (int i = 0; i < m->g->nparam; i++) {
		const struct lt_param *p = &m->g->param[i];
		float *w = m->w + p->offset;
		double sum = 0;
		if (!p->prunable)
			continue;
		for (size_t j = 0; j < p->count; j++)
			sum += (double)w[j] * (double)w[j];
		float s = (float)sqrt(sum / (double)p->count);
		for (size_t j = 0; j < p->count; j++)
			w[j] = w[j] > 0 ? s : w[j] < 0 ? -s : 0;
	}
}
