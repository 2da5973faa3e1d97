/* Pools and strided copies of one shard, one window after the other. */
#ifndef LT_KERN_TMPL_POOL_H
#define LT_KERN_TMPL_POOL_H

/* A pooling of planes and the window it is at, cut to the pixels inside. */
struct window {
	const struct lt_pool *p;
	const struct lt_view *view;
	const float *src; /* forward's input */
	float *dx;	  /* backward's output */
	struct glass glass;
	size_t base; /* of the channel's plane, and the first of VW lanes */
	int h0, h1, w0, w1;
	bool shares; /* windows are an adaptive pool's */
	float share;
};

/* For the pixels of window g in row, column order; at is each one's place. */
#define EACH_PIXEL(g, at) \
	for (int h_ = (g)->h0; h_ < (g)->h1; h_++) \
		for (size_t at = place(g, h_, (g)->w0), \
			    end_ = place(g, h_, (g)->w1); \
			at < end_; at += LT_LANES)

INLINE size_t
place(const struct window *g, int h, int w)
{
	return g->base + ((size_t)h * g->p->w + w) * LT_LANES;
}

/* Floor and ceiling of even shares. */
static void
share_move(struct window *g, int oh, int ow)
{
	const struct lt_pool *p = g->p;
	g->h0 = oh * p->h / p->oh;
	g->h1 = ((oh + 1) * p->h + p->oh - 1) / p->oh;
	g->w0 = ow * p->w / p->ow;
	g->w1 = ((ow + 1) * p->w + p->ow - 1) / p->ow;
	g->share = 1.0f / (float)((g->h1 - g->h0) * (g->w1 - g->w0));
}

static void
window_move(struct window *g, int oh, int ow)
{
	const struct lt_pool *p = g->p;
	if (g->shares) {
		share_move(g, oh, ow);
		return;
	}
	int h = oh * p->stride - p->pad, w = ow * p->stride - p->pad;
	g->h0 = h < 0 ? 0 : h;
	g->h1 = h + p->k > p->h ? p->h : h + p->k;
	g->w0 = w < 0 ? 0 : w;
	g->w1 = w + p->k > p->w ? p->w : w + p->k;
}

/* out is given VW lanes of the window's output, in is VW lanes of its
 * gradient: the one or the other is used.  plain: the view does nothing. */
typedef void window_fn(
	float *out, const float *in, const struct window *g, const bool plain);

INLINE void
windows(struct window *g, float *out, const float *in, window_fn *fn,
	const bool plain)
{
	const struct lt_pool *p = g->p;
	size_t plane = (size_t)p->h * p->w * LT_LANES, at = 0;
	for (int i = 0; i < p->c * p->oh; i++) {
		int c = i / p->oh, oh = i % p->oh;
		if (!plain)
			g->glass = glass_of(g->view, c);
		for (int ow = 0; ow < p->ow; ow++) {
			window_move(g, oh, ow);
			for (int k = 0; k < LT_LANES; k += VW, at += VW) {
				g->base = c * plane + k;
				fn(out ? out + at : NULL, in ? in + at : NULL,
					g, plain);
			}
		}
	}
}

INLINE void
each_window(struct window *g, float *out, const float *in, window_fn *fn)
{
	if (g->view && (g->view->scale || g->view->relu))
		windows(g, out, in, fn, false);
	else
		windows(g, out, in, fn, true);
}

INLINE vec
look(const struct window *g, size_t at, const bool plain)
{
	vec v = vload(g->src + at);
	return plain ? v : seen(v, &g->glass, g->view->scale, g->view->relu);
}

/* A window of so many pixels. */
INLINE void
max_of(float *out, const struct window *g, const bool plain, const int rows,
	const int cols)
{
	vec best = look(g, place(g, g->h0, g->w0), plain);
	for (int r = 0; r < rows; r++) {
		size_t at = place(g, g->h0 + r, g->w0);
		for (int c = 0; c < cols; c++)
			best = vpeak(look(g, at + c * LT_LANES, plain), best);
	}
	vstore(out, best);
}

/* The place of the first maximum is counted in floats, which are exact. */
INLINE void
max_of_back(const float *in, const struct window *g, const bool plain,
	const int rows, const int cols)
{
	vec best = look(g, place(g, g->h0, g->w0), plain), dy = vload(in);
	vec first = vall(0.0f);
	for (int r = 0; r < rows; r++) {
		size_t at = place(g, g->h0 + r, g->w0);
		for (int c = 0; c < cols; c++) {
			vec v = look(g, at + c * LT_LANES, plain);
			vec n = vall((float)(r * cols + c));
			first = vif_over(v, best, n, first);
			best = vpeak(v, best);
		}
	}
	for (int r = 0; r < rows; r++) {
		float *dx = g->dx + place(g, g->h0 + r, g->w0);
		for (int c = 0; c < cols; c++, dx += LT_LANES) {
			vec n = vall((float)(r * cols + c)), d = vload(dx);
			vstore(dx, vif_eq(n, first, vadd(d, dy), d));
		}
	}
}

/* fn(..., rows, columns) of window g, the usual sizes as constants. */
#define BY_SIZE(g, fn, ...) \
	do { \
		int r_ = (g)->h1 - (g)->h0, c_ = (g)->w1 - (g)->w0; \
		if (r_ == 3 && c_ == 3) \
			fn(__VA_ARGS__, 3, 3); \
		else if (r_ == 2 && c_ == 2) \
			fn(__VA_ARGS__, 2, 2); \
		else \
			fn(__VA_ARGS__, r_, c_); \
	} while (0)

INLINE void
max_window(
	float *out, const float *in, const struct window *g, const bool plain)
{
	(void)in;
	BY_SIZE(g, max_of, out, g, plain);
}

INLINE void
max_window_back(
	float *out, const float *in, const struct window *g, const bool plain)
{
	(void)out;
	BY_SIZE(g, max_of_back, in, g, plain);
}

INLINE void
avg_window(
	float *out, const float *in, const struct window *g, const bool plain)
{
	vec s = vall(0.0f);
	(void)in;
	EACH_PIXEL(g, at)
	s = vadd(s, look(g, at, plain));
	vstore(out, vmul(s, vall(g->share)));
}

INLINE void
avg_window_back(
	float *out, const float *in, const struct window *g, const bool plain)
{
	vec d = vmul(vload(in), vall(g->share));
	(void)out;
	(void)plain;
	EACH_PIXEL(g, at)
	vstore(g->dx + at, vadd(vload(g->dx + at), d));
}

INLINE void
one_window(
	float *out, const float *in, const struct window *g, const bool plain)
{
	(void)in;
	vstore(out, look(g, place(g, g->h0, g->w0), plain));
}

INLINE void
one_window_back(
	float *out, const float *in, const struct window *g, const bool plain)
{
	size_t at = place(g, g->h0, g->w0);
	(void)out;
	(void)plain;
	vstore(g->dx + at, vadd(vload(g->dx + at), vload(in)));
}

static void
maxpool(float *dst, const float *src, const struct lt_pool *p,
	const struct lt_view *view)
{
	struct window g = {.p = p, .view = view, .src = src};
	each_window(&g, dst, NULL, max_window);
}

static void
maxpool_back(float *dx, const float *dy, const float *src,
	const struct lt_pool *p, const struct lt_view *view)
{
	struct window g = {.p = p, .view = view, .src = src, .dx = dx};
	each_window(&g, NULL, dy, max_window_back);
}

static void
avgpool(float *dst, const float *src, const struct lt_pool *p,
	const struct lt_view *view)
{
	struct window g = {.p = p, .view = view, .src = src, .share = p->share};
	each_window(&g, dst, NULL, avg_window);
}

static void
avgpool_back(float *dx, const float *dy, const struct lt_pool *p)
{
	struct window g = {.p = p, .dx = dx, .share = p->share};
	each_window(&g, NULL, dy, avg_window_back);
}

static void
adaptpool(float *dst, const float *src, const struct lt_pool *p,
	const struct lt_view *view)
{
	struct window g = {.p = p, .view = view, .src = src, .shares = true};
	each_window(&g, dst, NULL, avg_window);
}

static void
adaptpool_back(float *dx, const float *dy, const struct lt_pool *p)
{
	struct window g = {.p = p, .dx = dx, .shares = true};
	each_window(&g, NULL, dy, avg_window_back);
}

/* Subsampling takes the first pixel of windows without padding. */
static void
subsample(float *dst, const float *src, const struct lt_pool *p,
	const struct lt_view *view)
{
	struct lt_pool q = *p;
	struct window g = {.p = &q, .view = view, .src = src};
	q.k = 1;
	q.pad = 0;
	each_window(&g, dst, NULL, one_window);
}

static void
subsample_back(float *dx, const float *dy, const struct lt_pool *p)
{
	struct lt_pool q = *p;
	struct window g = {.p = &q, .dx = dx};
	q.k = 1;
	q.pad = 0;
	each_window(&g, NULL, dy, one_window_back);
}

#endif
