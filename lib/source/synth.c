/* The synthetic data set.  A prototype is two octaves of value noise: normal
 * numbers on a grid, smoothly interpolated.  No function of libm is used, so
 * that a seed gives the same bytes everywhere. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/rng.h"
#include "source/source.h"

#define MODES 2	 /* prototypes a class */
#define COARSE 4 /* cells a side of the first octave */
#define FINE 8
#define NODES ((COARSE + 1) * (COARSE + 1) + (FINE + 1) * (FINE + 1))
#define LINES (COARSE + 1 + FINE + 1) /* of nodes */

/* Second place of the random numbers of LT_STREAM_SYNTH. */
enum { SAMPLE, GRID, LABELS };

/* The place of a pixel on the grid of an octave, along one axis.  It is the
 * same for every sample. */
struct place {
	int cell;
	double weight; /* of the next node, smoothed */
};

struct state {
	struct lt_synth p;
	uint64_t at;
	int reach;	/* largest shift, pixels */
	double *grid;	/* [classes][MODES][c][NODES] */
	uint32_t *perm; /* [classes]: labels of a block of samples */
	struct place *row[2], *column[2]; /* [h + 2 reach], [w + 2 reach] */
	/* Samples that are drawn ahead, by all threads at once. */
	size_t ahead, used, room; /* how many there are, were taken, fit */
	uint8_t *px;		  /* [room][c][h][w] */
	int32_t *label;		  /* [room] */
};

/* The scratch memory of a painting thread. */
struct brush {
	double *across; /* [2][LINES][w] */
	double *line;	/* [3][w] */
};

#define AHEAD 1024		      /* samples that are drawn at once */
#define AHEAD_BYTES ((size_t)4 << 20) /* and no more than that, or one */

static struct place *
places(int pixels, int cells)
{
	struct place *p = lt_alloc((size_t)pixels, sizeof(*p));
	for (int i = 0; i < pixels; i++) {
		double x = (i + 0.5) / pixels * cells, f = floor(x);
		p[i].cell = (int)f;
		p[i].weight = (x - f) * (x - f) * (3 - 2 * (x - f));
	}
	return p;
}

/* Each line of an octave's nodes, interpolated at w columns. */
static void
cross(double *to, const double *grid, int cells, const struct place *x, int w)
{
	for (int k = 0; k <= cells; k++)
		for (int i = 0; i < w; i++) {
			const double *g = grid + k * (cells + 1) + x[i].cell;
			*to++ = g[0] + x[i].weight * (g[1] - g[0]);
		}
}

/* A prototype's lines of both octaves at the w columns from dx on. */
static void
cross_both(double *to, const struct state *t, const double *grid, int dx)
{
	int w = t->p.w;

	cross(to, grid, COARSE, t->column[0] + dx, w);
	cross(to + (COARSE + 1) * w, grid + (COARSE + 1) * (COARSE + 1), FINE,
		t->column[1] + dx, w);
}

/* A prototype at row y of its canvas, from cross_both's lines. */
static void
prototype(double *to, const struct state *t, const double *across, int y)
{
	int w = t->p.w;
	struct place a = t->row[0][y], b = t->row[1][y];
	const double *top = across + a.cell * w;
	const double *fine = across + (COARSE + 1 + b.cell) * w;

	for (int i = 0; i < w; i++)
		to[i] = (top[i] + a.weight * (top[w + i] - top[i])) +
			0.7 * (fine[i] + b.weight * (fine[w + i] - fine[i]));
}

static const double *
grid_of(const struct state *t, int class, int mode, int c)
{
	size_t i = ((size_t) class * MODES + (size_t)mode) * (size_t)t->p.c +
		   (size_t)c;
	return t->grid + i * NODES;
}

/* In each block of as many samples as there are classes, each label occurs
 * once.
 */
static int
label_of(struct state *t, uint64_t i)
{
	uint64_t k = (uint64_t)t->p.classes;
	struct lt_rng r;
	if (i % k == 0 || i == t->p.first) {
		lt_rng_init(&r, t->p.seed, LT_STREAM_SYNTH, i / k, LABELS);
		for (uint32_t j = 0; j < k; j++)
			t->perm[j] = j;
		lt_rng_shuffle_u32(&r, t->perm, k);
	}
	return (int)t->perm[i % k];
}

/* The parameters that differ from sample to sample of a class. */
struct look {
	const double *own, *other; /* grids of one channel */
	double contrast, bright, mix, noise;
	int dy, dx; /* corner of the picture on the canvas, from 0 */
};

static void
paint(const struct state *t, const struct brush *b, const struct look *l,
	struct lt_rng *r, uint8_t *px)
{
	size_t w = (size_t)t->p.w;
	double *own = b->line, *other = own + w, *noise = other + w;
	double *across = b->across, *others = across + LINES * w;

	cross_both(across, t, l->own, l->dx);
	if (l->mix > 0)
		cross_both(others, t, l->other, l->dx);
	for (int y = 0; y < t->p.h; y++, px += w) {
		prototype(own, t, across, y + l->dy);
		for (size_t x = 0; x < w; x++)
			own[x] *= 1 - l->mix;
		if (l->mix > 0)
			prototype(other, t, others, y + l->dy);
		for (size_t x = 0; l->mix > 0 && x < w; x++)
			own[x] += l->mix * other[x];
		lt_rng_next_normals(noise, w, r);
		for (size_t x = 0; x < w; x++) {
			double v = l->contrast * own[x] + l->bright +
				   l->noise * noise[x];
			v = 128 + 45 * v + 0.5;
			px[x] = (uint8_t)(int)(v < 0 ? 0 : v > 255 ? 255 : v);
		}
	}
}

/* Sample number i, whose label is own. */
static void
draw_sample(const struct state *t, const struct brush *b, uint64_t i, int own,
	uint8_t *px)
{
	struct lt_rng r;
	struct look l;
	int other = own;

	lt_rng_init(&r, t->p.seed, LT_STREAM_SYNTH, i, SAMPLE);
	int mode = (int)lt_rng_below(&r, MODES);
	int other_mode = (int)lt_rng_below(&r, MODES);
	if (t->p.classes > 1)
		other = (int)lt_rng_below(&r, (uint64_t)t->p.classes - 1);
	other += t->p.classes > 1 && other >= own;
	uint64_t shifts = 2 * (uint64_t)t->reach + 1;
	l.dy = (int)lt_rng_below(&r, shifts);
	l.dx = (int)lt_rng_below(&r, shifts);
	l.contrast = 0.6 + 0.6 * lt_rng_f64(&r);
	l.bright = 0.3 * lt_rng_normal(&r);
	double hard = lt_rng_f64(&r);
	l.mix = other == own ? 0 : 0.48 * hard * hard;
	l.noise = t->p.noise * (0.5 + lt_rng_f64(&r));
	size_t plane = (size_t)t->p.h * (size_t)t->p.w;
	for (int c = 0; c < t->p.c; c++) {
		l.own = grid_of(t, own, mode, c);
		l.other = grid_of(t, other, other_mode, c);
		paint(t, b, &l, &r, px + (size_t)c * plane);
	}
}

/* The next samples.  Each is a function of the seed and its number, so threads
 * change no byte. */
static void
draw_ahead(struct state *t)
{
	uint64_t left = t->p.first + t->p.count - t->at;
	size_t size = (size_t)t->p.c * (size_t)t->p.h * (size_t)t->p.w;

	t->used = 0;
	t->ahead = left < t->room ? (size_t)left : t->room;
	for (size_t i = 0; i < t->ahead; i++)
		t->label[i] = label_of(t, t->at + i);
#pragma omp parallel
	{
		struct brush b = {
			lt_alloc(2 * LINES * (size_t)t->p.w, sizeof(double)),
			lt_alloc(3 * (size_t)t->p.w, sizeof(double))};
#pragma omp for schedule(static)
		for (size_t i = 0; i < t->ahead; i++)
			draw_sample(t, &b, t->at + i, t->label[i],
				t->px + i * size);
		free(b.across);
		free(b.line);
	}
	t->at += t->ahead;
}

static int
synth_next(struct lt_source *s, uint8_t *px, int32_t *label, struct lt_err *err)
{
	struct state *t = s->state;
	size_t size = (size_t)t->p.c * (size_t)t->p.h * (size_t)t->p.w;

	(void)err;
	if (t->used == t->ahead)
		draw_ahead(t);
	if (!t->ahead)
		return 0;
	memcpy(px, t->px + t->used * size, size);
	*label = t->label[t->used++];
	return 1;
}

static void
synth_close(struct lt_source *s)
{
	struct state *t = s->state;
	free(t->grid);
	free(t->perm);
	free(t->px);
	free(t->label);
	for (int i = 0; i < 2; i++) {
		free(t->row[i]);
		free(t->column[i]);
	}
	free(t);
}

struct lt_source *
lt_source_synth(const struct lt_synth *p)
{
	struct lt_source *s = lt_alloc(1, sizeof(*s));
	struct state *t = lt_alloc(1, sizeof(*t));
	size_t per_class = (size_t)MODES * (size_t)p->c * NODES;
	int side = p->h < p->w ? p->h : p->w;
	s->what = lt_strdup("synth");
	s->state = t;
	s->next = synth_next;
	s->close = synth_close;
	s->c = p->c;
	s->h = p->h;
	s->w = p->w;
	lt_source_number_classes(s, p->classes);
	t->p = *p;
	t->at = p->first;
	t->reach = (side + 4) / 8;
	for (int i = 0; i < 2; i++) {
		t->row[i] = places(p->h + 2 * t->reach, i ? FINE : COARSE);
		t->column[i] = places(p->w + 2 * t->reach, i ? FINE : COARSE);
	}
	size_t size = (size_t)p->c * (size_t)p->h * (size_t)p->w;
	t->room = AHEAD_BYTES / size;
	t->room = t->room < 1 ? 1 : t->room > AHEAD ? AHEAD : t->room;
	t->px = lt_alloc(t->room, size);
	t->label = lt_alloc(t->room, sizeof *t->label);
	t->perm = lt_alloc((size_t)p->classes, sizeof(*t->perm));
	t->grid = lt_alloc((size_t)p->classes * per_class, sizeof(double));
	for (int k = 0; k < p->classes; k++) {
		struct lt_rng r;
		lt_rng_init(&r, p->seed, LT_STREAM_SYNTH, (uint64_t)k, GRID);
		for (size_t i = 0; i < per_class; i++)
			t->grid[(size_t)k * per_class + i] = lt_rng_normal(&r);
	}
	return s;
}
