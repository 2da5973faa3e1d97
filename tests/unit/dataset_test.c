/* Data sets: packed, refused, generated, shown as sheets. */
#include <math.h>
#include <stdlib.h>
#include "file/dataset.h"
#include "source/digits.h"
#include "source/pack.h"
#include "source/png.h"
#include "source/sheet.h"
#include "source/source.h"
#include "file/st.h"
#include "scratch.h"
#include "tap.h"
#include "tiny.h"

static void
packs(void)
{
	struct lt_err err;
	struct lt_dataset d, like;
	struct lt_source_from from = {.path = "images", .labels = "labels"};
	struct lt_pack how = {.split = "train"};
	uint64_t n;
	uint8_t px[8];
	scratch_put("images", tiny_idx, sizeof tiny_idx);
	scratch_put("labels", tiny_idx_labels, sizeof tiny_idx_labels);
	struct lt_source *s = lt_source_open(&from, &err);
	CHECK_EQ(lt_pack("d.data", &n, s, &how, &err), 0);
	lt_source_close(s);
	CHECK_EQ(n, 3);
	if (!CHECK_EQ(lt_dataset_open(&d, "d.data", &err), 0))
		return;
	CHECK(d.n == 3 && d.c == 1 && d.h == 2 && d.w == 4 && d.classes == 3);
	CHECK(d.label[0] == 2 && d.label[1] == 0 && d.label[2] == 1);
	CHECK_STR(d.source, "idx images");
	CHECK_EQ(lt_dataset_image(&d, 0, px, &err), 0);
	CHECK(memcmp(px, tiny_idx + 16, 8) == 0);
	CHECK_EQ(lt_dataset_image(&d, 1, px, &err), 0);
	CHECK(px[0] == 9 && px[1] == 0);
	/* Against sums in double: 45 of 24 bytes, 285 squared. */
	double mean = 45.0 / 24, var = 285.0 / 24 - mean * mean;
	CHECK(fabs(d.mean[0] - mean / 255) < 1e-9);
	CHECK(fabs(d.std[0] - sqrt(var) / 255) < 1e-8);
	like = d;
	how.like = &like;
	like.classes = 2;
	s = lt_source_open(&from, &err);
	CHECK_EQ(lt_pack("e.data", &n, s, &how, &err), -1);
	CHECK(strstr(err.msg, "the 3 classes of idx images are not those of "
			      "d.data"));
	like.classes = 3;
	like.c = 3;
	CHECK_EQ(lt_pack("e.data", &n, s, &how, &err), -1);
	CHECK(strstr(err.msg, "has 1 channels, but d.data has 3"));
	CHECK(access("e.data", F_OK) < 0);
	like.c = 1;
	CHECK_EQ(lt_pack("/dev/full", &n, s, &how, &err), -1);
	CHECK_EQ(err.status, LT_EIO);
	lt_source_close(s);
	lt_dataset_close(&d);
}

/* A data set with one thing wrong, rightly sealed. */
static int
try_data(uint64_t images, uint64_t labels, int32_t label, const char *key,
	const char *value, struct lt_err *err)
{
	struct lt_st st = {0};
	static uint8_t px[64];
	int32_t k[4] = {0, label, 1, 0};
	lt_st_add(&st, "images", LT_U8, 4, (uint64_t[]){images, 1, 2, 2}, px,
		true);
	lt_st_add(&st, "labels", LT_I32, 1, &labels, k, true);
	lt_st_set_meta(&st, "lt.kind", "data");
	lt_st_set_meta(&st, "lt.mean", "0.5");
	lt_st_set_meta(&st, "lt.std", "0.25");
	lt_st_set_meta(&st, "lt.classes", "[\"a\",\"b\"]");
	if (key)
		lt_st_set_meta(&st, key, value);
	CHECK_EQ(lt_st_write(&st, "t.data", err), 0);
	lt_st_release(&st);
	struct lt_dataset d;
	int r = lt_dataset_open(&d, "t.data", err);
	lt_dataset_close(&d);
	return r;
}

static void
dataset_refusals(void)
{
	struct lt_err err;
	CHECK_EQ(try_data(4, 4, 1, NULL, NULL, &err), 0);
	static const struct {
		uint64_t images, labels;
		int32_t label;
		const char *key, *value, *says;
	} bad[] = {
		{4, 3, 1, NULL, NULL, "4 images, but 3 labels"},
		{0, 0, 1, NULL, NULL, "images are [0,1,2,2]"},
		{4, 4, 2, NULL, NULL, "sample 1 is 2, expected 0 to 1"},
		{4, 4, -1, NULL, NULL, "sample 1 is -1, expected 0 to 1"},
		{4, 4, 1, "lt.kind", "mask", "has kind mask, expected"},
		{4, 4, 1, "lt.mean", "", "lt.mean is "},
		{4, 4, 1, "lt.mean", "1,2", "expected 1 number"},
		{4, 4, 1, "lt.mean", "nan", "expected 1 number"},
		{4, 4, 1, "lt.std", "0", "expected 1 positive number"},
		{4, 4, 1, "lt.std", "-1", "expected 1 positive number"},
		{4, 4, 1, "lt.classes", "[]", "lt.classes is not"},
		{4, 4, 1, "lt.classes", "[1]", "lt.classes is not"},
		{4, 4, 1, "lt.classes", "{}", "lt.classes is not"},
		{4, 4, 1, "lt.classes", "[[\"a\"]]", "lt.classes is not"},
		{4, 4, 1, "lt.classes", "[\"a\"", "lt.classes is not"},
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		err.status = 0;
		int r = try_data(bad[i].images, bad[i].labels, bad[i].label,
			bad[i].key, bad[i].value, &err);
		if (!CHECK_EQ(r, -1) || !CHECK_EQ(err.status, LT_EDATA) ||
			!CHECK(strstr(err.msg, bad[i].says)))
			printf("# %zu: %s\n", i, err.msg);
	}
}

/* Sample i of the first run is sample i - first of another. */
static void
synthesizes(void)
{
	struct lt_synth p = {.seed = 5,
		.count = 40,
		.c = 2,
		.h = 6,
		.w = 9,
		.classes = 4,
		.noise = 1};
	struct lt_err err;
	uint8_t px[40][108], one[108];
	int32_t label[40], k;
	int count[4] = {0}, differ = 0;
	struct lt_source *s = lt_source_synth(&p);
	for (int i = 0; i < 40; i++) {
		CHECK_EQ(lt_source_next(s, px[i], &label[i], &err), 1);
		count[label[i]]++;
		differ += i > 0 && memcmp(px[i], px[i - 1], 108) != 0;
	}
	CHECK_EQ(lt_source_next(s, one, &k, &err), 0);
	lt_source_close(s);
	CHECK(count[0] == 10 && count[1] == 10 && count[3] == 10);
	CHECK_EQ(differ, 39);
	for (p.first = 1; p.first < 40; p.first += 6) {
		p.count = 1;
		s = lt_source_synth(&p);
		CHECK_EQ(lt_source_next(s, one, &k, &err), 1);
		CHECK(k == label[p.first] && !memcmp(one, px[p.first], 108));
		lt_source_close(s);
	}
}

/* The nearest mean image predicts the class of fresh samples far better than
 * chance, but not always: the set can be learned, and not trivially. */
static void
can_be_learned(void)
{
	struct lt_synth p = {.seed = 1,
		.count = 2000,
		.c = 1,
		.h = 12,
		.w = 12,
		.classes = 4,
		.noise = 0.5};
	enum { PLANE = 144 };
	static double mean[4][PLANE];
	struct lt_err err;
	uint8_t px[PLANE];
	int32_t label;
	int right = 0;
	struct lt_source *s = lt_source_synth(&p);
	while (lt_source_next(s, px, &label, &err) > 0)
		for (int i = 0; i < PLANE; i++)
			mean[label][i] += (px[i] - 128.0) / 500;
	lt_source_close(s);
	p.first = 2000;
	p.count = 1000;
	s = lt_source_synth(&p);
	while (lt_source_next(s, px, &label, &err) > 0) {
		int best = 0;
		double least = 1e300;
		for (int k = 0; k < 4; k++) {
			double d = 0;
			for (int i = 0; i < PLANE; i++) {
				double e = px[i] - 128.0 - mean[k][i];
				d += e * e;
			}
			if (d < least) {
				least = d;
				best = k;
			}
		}
		right += best == label;
	}
	lt_source_close(s);
	printf("# nearest class mean: %d of 1000\n", right);
	CHECK(right > 400 && right < 980);
}

static void
shows_sheets(void)
{
	struct lt_err err;
	struct lt_dataset d;
	struct lt_sheet how = {.columns = 2, .scale = 3, .list = "i"};
	struct lt_image im;
	CHECK_EQ(lt_dataset_open(&d, "d.data", &err), 0);
	scratch_put("i", "0\n1\n2\n", 6);
	CHECK_EQ(lt_sheet_write("s.png", &d, &how, &err), -1);
	how.limit = 100;
	CHECK_EQ(lt_sheet_write("s.png", &d, &how, &err), 0);
	CHECK_EQ(lt_image_read(&im, "s.png", &err), 0);
	CHECK(im.c == 1 && im.h == 1 + 2 * 7 && im.w == 1 + 2 * 13);
	/* Lines are white, pixel (1, 3) of image 0 is 8, of image 1 is 0. */
	CHECK_EQ(im.px[0], 255);
	CHECK_EQ(im.px[6 * 27 + 12], 8);
	CHECK_EQ(im.px[6 * 27 + 13], 255);
	CHECK_EQ(im.px[1 * 27 + 14], 9);
	CHECK_EQ(im.px[14 * 27 + 26], 255);
	lt_image_release(&im);
	how = (struct lt_sheet){.columns = 1, .scale = 1000000, .limit = 3};
	CHECK_EQ(lt_sheet_write("s.png", &d, &how, &err), -1);
	CHECK_EQ(err.status, LT_EUSAGE);
	how.scale = 2147483647;
	CHECK_EQ(lt_sheet_write("s.png", &d, &how, &err), -1);
	lt_dataset_close(&d);
}

/* Image 2 above an "inf", 11 pixels wide to its 4. */
static void
shows_captions(void)
{
	static const char *const ink[LT_DIGIT_H] = {".#.......##",
		".........#.", ".#..##..###", ".#..#.#..#.", ".#..#.#..#."};
	struct lt_err err;
	struct lt_dataset d;
	struct lt_image im;
	static const char table[] = "index\tx\n0\t1\n2\tinf\n1\tnan\n";
	struct lt_sheet how = {.table = "t",
		.column = "x",
		.sort = true,
		.limit = 1,
		.columns = 9,
		.scale = 1};
	scratch_put("t", table, sizeof(table) - 1);
	CHECK_EQ(lt_dataset_open(&d, "d.data", &err), 0);
	CHECK_EQ(lt_sheet_write("s.png", &d, &how, &err), 0);
	CHECK_EQ(lt_image_read(&im, "s.png", &err), 0);
	CHECK(im.c == 1 && im.h == 3 + 2 + 6 + 3 && im.w == 3 + 11 + 3);
	CHECK_EQ(im.px[0], 192);
	uint8_t image[8];
	CHECK_EQ(lt_dataset_image(&d, 2, image, &err), 0);
	CHECK(memcmp(im.px + 3 * 17 + 6, image, 4) == 0);
	CHECK_EQ(im.px[3 * 17 + 5], 192);
	CHECK_EQ(im.px[3 * 17 + 10], 192);
	for (int y = 0; y < LT_DIGIT_H; y++)
		for (int x = 0; x < 11; x++)
			CHECK_EQ(im.px[(6 + y) * 17 + 3 + x],
				ink[y][x] == '#' ? 0 : 192);
	lt_image_release(&im);
	/* Three of them in two rows, everything twice as large. */
	how.limit = 100;
	how.columns = how.scale = 2;
	CHECK_EQ(lt_sheet_write("s.png", &d, &how, &err), 0);
	CHECK_EQ(lt_image_read(&im, "s.png", &err), 0);
	CHECK(im.h == 2 * (3 + 2 * (2 + 6 + 3)));
	CHECK(im.w == 2 * (3 + 2 * (11 + 3)));
	lt_image_release(&im);
	lt_dataset_close(&d);
}

static void
numbers_are_short(void)
{
	static const struct {
		double v;
		const char *text;
	} want[] = {{0, "0"}, {-0.0, "0"}, {7, "7"}, {-12, "-12"},
		{999999, "999999"}, {1e6, "1e+06"}, {0.12345, "0.123"},
		{2, "2"}, {12.34, "12.3"}, {-1.5e-7, "-1.5e-07"},
		{-1.234e-300, "-1.23e-300"}, {INFINITY, "inf"},
		{-INFINITY, "-inf"}, {NAN, "-"}};
	for (size_t i = 0; i < sizeof(want) / sizeof(*want); i++) {
		char buf[LT_DIGITS_TEXT];
		CHECK_STR(lt_digits_text(buf, want[i].v), want[i].text);
	}
	/* Letters differ from each other. */
	static const char all[] = "0123456789.-+einf";
	for (const char *a = all; *a; a++)
		for (const char *b = all; b < a; b++) {
			int differ = 0;
			for (int p = 0; p < LT_DIGIT_W * LT_DIGIT_H; p++)
				differ += lt_digit_ink(*a, p % 3, p / 3) !=
					  lt_digit_ink(*b, p % 3, p / 3);
			if (!CHECK(differ > 0))
				printf("# %c %c\n", *a, *b);
		}
}

int
main(void)
{
	scratch_enter();
	TEST(packs, "a packed set holds images, labels and exact statistics");
	TEST(dataset_refusals, "inconsistent data sets are refused");
	TEST(synthesizes, "a generated sample depends on seed and number");
	TEST(can_be_learned, "a generated set can be learned, not trivially");
	TEST(shows_sheets, "a sheet shows samples in rows");
	TEST(shows_captions, "a caption is a number under its sample");
	TEST(numbers_are_short, "captions are short, their letters distinct");
	scratch_leave();
	return tap_done();
}
