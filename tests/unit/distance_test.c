/* Distances of masks, as bytes and as bits. */
#include "mask/distance.h"

#include <string.h>
#include "base/rng.h"
#include "tap.h"

static struct lt_err err;

static void
distances(void)
{
	struct lt_mask a = {0}, b = {0}, c = {0};
	struct lt_mask_diff d;
	uint64_t shape[] = {10}, other[] = {5, 2};

	memset(lt_mask_add(&a, "x", 1, shape)->keep, 1, 4);
	memset(lt_mask_add(&b, "x", 1, shape)->keep + 2, 1, 6);
	lt_mask_add(&c, "x", 2, other);
	CHECK_EQ(lt_mask_compare(&d, &a, &b, "a", "b", &err), 0);
	CHECK_EQ(d.differing, 6);
	CHECK(lt_diff_all(&d) == 0.6 && lt_diff_kept(&d) == 0.6);
	CHECK_EQ(lt_mask_compare(&d, &a, &a, "a", "a", &err), 0);
	CHECK(lt_diff_all(&d) == 0);
	CHECK_EQ(lt_mask_compare(&d, &a, &c, "a", "c", &err), -1);
	CHECK_EQ(err.status, LT_EDATA);
	lt_mask_add(&b, "y", 1, shape);
	CHECK_EQ(lt_mask_compare(&d, &a, &b, "a", "b", &err), -1);
	CHECK(strstr(err.msg, "b covers 'y', a does not"));
	lt_mask_release(&a);
	lt_mask_release(&b);
	lt_mask_release(&c);
}

/* Bits against bytes, over layers whose ends are not those of words. */
static void
bits(void)
{
	struct lt_rng r;

	lt_rng_init(&r, 1, LT_STREAM_TEST, 3, 0);
	for (int k = 0; k < 200; k++) {
		struct lt_mask m[2] = {{0}, {0}};
		struct lt_mask_bits b[2];
		struct lt_mask_diff want, found;
		uint64_t size[3];
		for (int l = 0; l < 3; l++)
			size[l] = lt_rng_below(&r, 150);
		for (int i = 0; i < 2; i++) {
			for (int l = 0; l < 3; l++) {
				char name[] = {(char)('a' + l), 0};
				uint8_t *keep =
					lt_mask_add(&m[i], name, 1, &size[l])
						->keep;
				for (uint64_t j = 0; j < size[l]; j++)
					keep[j] = lt_rng_below(&r, 3) > 0;
			}
			lt_mask_pack(&b[i], &m[i]);
		}
		CHECK_EQ(lt_mask_compare(&want, &m[0], &m[1], "a", "b", &err),
			0);
		lt_bits_compare(&found, &b[0], &b[1]);
		CHECK_EQ(found.differing, want.differing);
		CHECK_EQ(found.total, want.total);
		CHECK_EQ(found.kept_a, want.kept_a);
		CHECK_EQ(found.kept_b, want.kept_b);
		for (int i = 0; i < 2; i++) {
			lt_mask_release(&m[i]);
			lt_bits_release(&b[i]);
		}
	}
}

int
main(void)
{
	TEST(distances, "distances count and divide as they say");
	TEST(bits, "masks as bits are as far apart as masks");
	return tap_done();
}
