/* Column pairs as lanes: the geometry. */
#include "kern/pairs.h"

#define SEGMENT 64 /* pairs whose sums are added at once, where rows allow */

static int
ceil_div(int a, int b)
{
	return (a + b - 1) / b;
}

static int
round_up(int a, int b)
{
	return ceil_div(a, b) * b;
}

/* Vectors of a channel's rows of dy. */
static int
vectors(const struct lt_wgrad_job *j, int width, int bands, int lanes)
{
	return ceil_div(j->rows, bands) *
	       ceil_div(width * bands * j->shards, lanes);
}

/* The fewest bands that leave the fewest lanes without a pair.  Rows between
 * bands are copied twice, so a wide row is worth no second band. */
static int
bands_of(const struct lt_wgrad_job *j, int width, int lanes)
{
	int best = 1;

	for (int b = 2; b <= j->rows && width * j->shards * b <= 4 * lanes; b++)
		if (vectors(j, width, b, lanes) <
			vectors(j, width, best, lanes))
			best = b;
	return best;
}

struct pairs
pairs_of(const struct lt_wgrad_job *j, int lanes)
{
	int columns = (int)(j->x_line / LT_LANES);
	int rows = (int)(j->x_ch / j->x_line);
	struct pairs p = {.width = ceil_div(j->cols, 2),
		.columns = j->cols > 1 ? 2 : 1,
		.step = j->rows > 1 ? (int)(j->x_row / j->x_line) : 0,
		.period = 2 * (int)(j->x_px / LT_LANES)};

	p.bands = bands_of(j, p.width, lanes);
	p.deep = ceil_div(j->rows, p.bands);
	p.x_deep = rows - (j->rows - p.deep) * p.step;
	p.classes = p.period < columns ? p.period : columns;
	p.line = p.width * p.bands * j->shards;
	p.dy_line = round_up(p.line, lanes);
	/* A vector may reach beyond the last pair, and a pair without a second
	 * column beyond the last column. */
	columns += j->cols % 2 ? p.period / 2 : 0;
	p.x_line = round_up(ceil_div(columns, p.period) * p.bands * j->shards +
				    p.dy_line - p.line,
		lanes);
	/* Rows in bands or of several shards are not added in their order. */
	p.segment =
		p.bands * j->shards > 1 ? p.deep : ceil_div(SEGMENT, p.dy_line);
	p.segment = p.segment < p.deep ? p.segment : p.deep;
	return p;
}

static size_t
scratch(const struct lt_wgrad_job *j, int lanes)
{
	struct pairs p = pairs_of(j, lanes);
	size_t x = (size_t)j->c * p.x_deep * p.classes * p.x_line;
	size_t dy = (size_t)j->n_out * p.deep * p.columns * p.dy_line;

	size_t pos = (size_t)p.segment * p.dy_line;
	size_t tables = 2 * (size_t)p.x_line + 2 * (size_t)p.dy_line + pos;

	return (x + dy) * LT_LANES + 2 * pos * PGROUP * (size_t)lanes + tables;
}

#define TURNED_SUMS (64 * 1024) /* floats in the second-level cache */
#define TURNED_TILE 6		/* vectors, at most */
#define WIDEST 16		/* lanes */

struct turned_size
turned_of(const struct lt_wgrad_job *j)
{
	size_t line = j->x_line / LT_LANES;
	struct turned_size s = {.rows = (int)(j->x_ch / j->x_line),
		.columns = (int)line,
		.outputs = (int)round_up(j->n_out, LT_OB)};
	size_t least = (size_t)s.outputs * TURNED_TILE * WIDEST;

	/* A vector may reach beyond the row; an odd number of lines of cache
	 * between images keeps them apart in it. */
	s.image = (line * (size_t)j->c + 2 * WIDEST - 2) / WIDEST;
	s.image = (s.image | 1) * WIDEST;
	s.row = LT_LANES * s.image;
	s.shard = (size_t)s.rows * s.row;
	s.down = j->rows > 1 ? j->x_row / j->x_line * s.row : 0;
	s.right = j->x_px / LT_LANES * (size_t)j->c;
	s.floats = (size_t)j->shards * s.shard;
	s.sums = least > TURNED_SUMS ? least : TURNED_SUMS;
	s.places = (size_t)s.rows * s.image + WIDEST;
	return s;
}

size_t
lt_wgrad_bf16_scratch(const struct lt_wgrad_job *j)
{
	struct turned_size s = turned_of(j);
	size_t most = s.floats + s.sums + 3 * s.places;

	for (int lanes = 4; lanes <= WIDEST; lanes *= 2) {
		size_t n = scratch(j, lanes);
		most = n > most ? n : most;
	}
	return most;
}
