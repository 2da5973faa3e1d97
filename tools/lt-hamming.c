/* lt-hamming: distances between masks. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/cli.h"
#include "base/mem.h"
#include "base/out.h"
#include "source/png.h"
#include "mask/distance.h"
#include "mask/maskfile.h"

#define MOST 16384

static struct lt_common common;
static struct {
	const char *out, *norm, *png;
	double within;
	int cell;
	bool matrix, by_layer;
} opt = {.out = "-", .norm = "all"};

static const struct lt_opt options[] = {
	{'o', "output", LT_OPT_STR, &opt.out, "FILE", "-",
		"write the distances to FILE"},
	{0, "norm", LT_OPT_STR, &opt.norm, "NORM", "all",
		"divide by all weights, by the kept weights of both masks, by "
		"the weights that either keeps, by 1 (count), or by the kept "
		"weights of MASK"},
	{0, "by-layer", LT_OPT_FLAG, &opt.by_layer, NULL, NULL,
		"write a table of each pair's layers: distance and overlap"},
	{0, "matrix", LT_OPT_FLAG, &opt.matrix, NULL, NULL,
		"write the distances of all pairs as a table"},
	{0, "png", LT_OPT_STR, &opt.png, "FILE", NULL,
		"draw the distances of all pairs; dark is far"},
	{0, "cell", LT_OPT_POS, &opt.cell, "N", "32",
		"draw each pair as a square of N pixels a side"},
	{0, "within", LT_OPT_NONNEG, &opt.within, "X", NULL,
		"exit with status 0 if every distance is at most X, else 1"},
	LT_OPT_COMMON(&common),
	LT_OPT_END,
};

static const struct lt_cmd cmd = {"lt-hamming", "[OPTION]... MASK MASK...",
	"Print the Hamming distance between each mask and the next.",
	.options = options};

enum norm { ALL, KEPT, EITHER, COUNT, BASE };

struct run {
	struct lt_mask cover;	   /* the first mask */
	struct lt_mask_bits *mask; /* [n] */
	char **path;
	int n;
	enum norm norm;
	double base; /* kept weights of the base mask */
	double *d;   /* [n][n] */
};

static void
parse_norm(struct run *r)
{
	static const char *const names[] = {"all", "kept", "either", "count"};
	for (int i = 0; i < BASE; i++)
		if (!strcmp(opt.norm, names[i])) {
			r->norm = (enum norm)i;
			return;
		}
	if (strncmp(opt.norm, "base=", 5) != 0)
		lt_cli_usage(&cmd,
			"--norm: expected all, kept, either, count or "
			"base=MASK, found '%s'",
			opt.norm);
	r->norm = BASE;
}

struct cover {
	const struct lt_mask *first;
	const char *path;
};

static int
same_cover(const struct lt_mask *m, const char *path, const void *arg,
	struct lt_err *err)
{
	const struct cover *c = arg;

	return lt_mask_same_cover(c->first, m, c->path, path, err);
}

/* Read a mask as bits; it must cover what the first one covers. */
static int
read_mask(struct lt_mask_bits *bits, const char *path,
	const struct lt_mask *first, const char *first_path, struct lt_err *err)
{
	struct cover cover = {first, first_path};
	struct lt_mask m;

	if (lt_mask_read(&m, path, same_cover, &cover, err) < 0)
		return -1;
	lt_mask_pack(bits, &m);
	lt_mask_release(&m);
	return 0;
}

static int
read_base(struct run *r, const struct lt_mask *first, struct lt_err *err)
{
	const char *path = opt.norm + 5;
	struct lt_mask_bits base;

	if (read_mask(&base, path, first, r->path[0], err) < 0)
		return -1;
	r->base = (double)base.kept;
	lt_bits_release(&base);
	if (r->base > 0)
		return 0;
	return lt_fail(err, LT_EDATA,
		"%s: the mask keeps no weight, so no distance can be divided "
		"by that number",
		path);
}

static int
read_all(struct run *r, struct lt_err *err)
{
	if (lt_mask_read(&r->cover, r->path[0], NULL, NULL, err) < 0)
		return -1;
	lt_mask_pack(&r->mask[0], &r->cover);
	int bad = r->norm == BASE ? read_base(r, &r->cover, err) : 0;
	for (int i = 1; i < r->n && !bad; i++)
		bad = read_mask(
			&r->mask[i], r->path[i], &r->cover, r->path[0], err);
	return bad;
}

static double
scaled(const struct run *r, const struct lt_mask_diff *d)
{
	switch (r->norm) {
	case KEPT:
		return lt_diff_kept(d);
	case EITHER:
		return lt_diff_jaccard(d);
	case COUNT:
		return (double)d->differing;
	case BASE:
		return (double)d->differing / r->base;
	default:
		return lt_diff_all(d);
	}
}

/* Compute the distances of all pairs, or of each mask to the next one. */
static void
measure(struct run *r, bool all)
{
	struct lt_mask_diff d;

	for (int i = 0; i < r->n; i++)
		for (int j = i + 1; j < (all ? r->n : i + 2) && j < r->n; j++) {
			lt_bits_compare(&d, &r->mask[i], &r->mask[j]);
			r->d[i * r->n + j] = r->d[j * r->n + i] = scaled(r, &d);
		}
}

static void
print_layer(struct lt_out *o, const struct run *r, int i, const char *name,
	const struct lt_mask_diff *d)
{
	lt_out_text(o, r->path[i]);
	lt_out_printf(o, "\t");
	lt_out_text(o, r->path[i + 1]);
	lt_out_printf(o, "\t");
	lt_out_text(o, name);
	lt_out_printf(o, "\t%zu\t%zu\t%zu\t%zu\t%zu\t%.9g\t%.9g\n", d->total,
		d->kept_a, d->kept_b, lt_diff_both(d), d->differing,
		lt_diff_all(d), lt_diff_overlap(d));
}

/* A row for each layer of each mask and the next one, and for all layers. */
static void
print_layers(struct lt_out *o, const struct run *r)
{
	const struct lt_mask *m = &r->cover;
	struct lt_mask_diff d;

	lt_out_printf(o, "a\tb\tlayer\tcount\tkept_a\tkept_b\tboth\t"
			 "differing\tdistance\toverlap\n");
	for (int i = 0; i + 1 < r->n; i++) {
		size_t at = 0;
		for (size_t l = 0; l < m->n; at += m->layer[l++].count) {
			lt_bits_compare_part(&d, &r->mask[i], &r->mask[i + 1],
				at, m->layer[l].count);
			print_layer(o, r, i, m->layer[l].name, &d);
		}
		lt_bits_compare(&d, &r->mask[i], &r->mask[i + 1]);
		print_layer(o, r, i, "total", &d);
	}
}

static int
print(const struct run *r, struct lt_err *err)
{
	struct lt_out *o = lt_out_open(opt.out, err);

	if (!o)
		return -1;
	if (opt.by_layer) {
		print_layers(o, r);
	} else if (opt.matrix) {
		lt_out_printf(o, "mask");
		for (int i = 0; i < r->n; i++) {
			lt_out_printf(o, "\t");
			lt_out_text(o, r->path[i]);
		}
		lt_out_printf(o, "\n");
		for (int i = 0; i < r->n; i++) {
			lt_out_text(o, r->path[i]);
			for (int j = 0; j < r->n; j++)
				lt_out_printf(o, "\t%.9g", r->d[i * r->n + j]);
			lt_out_printf(o, "\n");
		}
	} else {
		for (int i = 0; i + 1 < r->n; i++)
			lt_out_printf(o, "%.9g\n", r->d[i * r->n + i + 1]);
	}
	return lt_out_commit(o, err);
}

static int
draw(const struct run *r, struct lt_err *err)
{
	int side = r->n * opt.cell;
	double most = 0;

	if ((int64_t)r->n * opt.cell > 16384)
		return lt_fail(err, LT_EUSAGE,
			"a picture of %d masks with cells of %d pixels would "
			"be over 16384 pixels wide",
			r->n, opt.cell);
	for (int i = 0; i < r->n * r->n; i++)
		most = r->d[i] > most ? r->d[i] : most;
	uint8_t *px = lt_alloc((size_t)side * side, 1);
	for (int y = 0; y < side; y++)
		for (int x = 0; x < side; x++) {
			double d = r->d[y / opt.cell * r->n + x / opt.cell];
			px[(size_t)y * side + x] =
				(uint8_t)(255 -
					  (most > 0 ? (int)(d / most * 255 +
							      0.5)
						    : 0));
		}
	int bad = lt_png_write(opt.png, px, 1, side, side, err);
	free(px);
	return bad;
}

static bool
all_within(const struct run *r)
{
	for (int i = 0; i < r->n * r->n; i++)
		if (r->d[i] > opt.within)
			return false;
	return true;
}

static void
claim_files(const struct run *r)
{
	struct lt_claims c = {0};

	for (int i = 0; i < r->n; i++)
		lt_claim(&c, LT_CLAIM_IN, "MASK", r->path[i]);
	if (r->norm == BASE)
		lt_claim(&c, LT_CLAIM_IN, "--norm", opt.norm + 5);
	lt_claim(&c, LT_CLAIM_OUT, "--output", opt.out);
	lt_claim(&c, LT_CLAIM_SIDE, "--png", opt.png);
	lt_cli_claims(&cmd, &c);
}

int
main(int argc, char **argv)
{
	struct lt_err err;
	int n = lt_cli_parse(&cmd, argc, argv), bad = -1;
	bool far = false;
	struct run r = {.path = argv, .n = n};

	if (n < 2 || n > MOST)
		lt_cli_usage(&cmd, "expected 2 to %d masks, found %d", MOST, n);
	parse_norm(&r);
	lt_cli_needs(&cmd, "cell", opt.png, "--png");
	lt_cli_needs(&cmd, "matrix norm png within", !opt.by_layer,
		"distances without --by-layer");
	claim_files(&r);
	r.mask = lt_alloc((size_t)n, sizeof *r.mask);
	r.d = lt_alloc((size_t)n * (size_t)n, sizeof *r.d);
	if (read_all(&r, &err) < 0)
		goto out;
	measure(&r, opt.matrix || opt.png);
	if (print(&r, &err) < 0 || (opt.png && draw(&r, &err) < 0))
		goto out;
	far = lt_cli_given(&cmd, "within") && !all_within(&r);
	bad = 0;
out:
	for (int i = 0; i < n; i++)
		lt_bits_release(&r.mask[i]);
	lt_mask_release(&r.cover);
	free(r.mask);
	free(r.d);
	return bad ? lt_cli_fail(&cmd, &err) : far ? lt_cli_no() : 0;
}
