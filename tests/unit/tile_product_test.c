/* The product of tiles (kern/tile.h) against bits that other code computed. */
#include <stdlib.h>
#include <string.h>
#include "bits.h"
#include "tiles.h"

/* Two blocks of 16 x 16 sums in exact rational arithmetic, rounded to float32,
 * denormal operands and results taken as zeros, as kern.h defines them: Python
 * with fractions.Fraction, from the numbers that exact() draws.  Rows and
 * images take turns at four ranges: near 1, products around the least normal
 * number, any exponent, and numbers that cancel. */
static const uint32_t exact_bits[LT_TILE_SUMS] = {
	0x4784c839,
	0x48302414,
	0xc8680091,
	0xc8b999c9,
	0x21e9c358,
	0x23da2173,
	0xa56efe4a,
	0xa534adb6,
	0x5195e1ca,
	0xce787008,
	0xd003e8d2,
	0xd2834788,
	0x45ba225c,
	0xc4f30b42,
	0xc416237a,
	0xc4f0bdb4,
	0x24a63c3c,
	0x20c6f600,
	0x23a7d77c,
	0x251e9bae,
	0x010facfe,
	0x0153dc84,
	0x00000000,
	0x023135ce,
	0xb1395364,
	0x2f8c7ce1,
	0xae05410c,
	0xb00a9fa3,
	0x2009c608,
	0xa1db90fb,
	0x9fdaafe0,
	0xa10a724a,
	0x5430b8f4,
	0xd16a44f4,
	0xd3c93510,
	0x51bac0a3,
	0xadcd0656,
	0xaa87a1af,
	0xac300857,
	0x2d97a01a,
	0xdf2db4f2,
	0x530e7fff,
	0xda6a5002,
	0xdf61a7d7,
	0x4e30aed0,
	0x4f974da6,
	0x4de488e0,
	0xcfc303f4,
	0x44c6acea,
	0xc4640a85,
	0xc5841356,
	0x45a03be4,
	0xa1c052fe,
	0x21e1e09c,
	0xa0bf39e8,
	0x21948aa6,
	0x50e585b8,
	0xcefef9f2,
	0x4e87c6c3,
	0x4ee09580,
	0xc1ee2000,
	0xc1860000,
	0x3f800000,
	0xc120c000,
	0x473447c8,
	0x470ba1fe,
	0x48be06b2,
	0xc52617c0,
	0xa300a06e,
	0xa417b5f0,
	0x23d749c4,
	0xa5671cea,
	0xd1e2b132,
	0x5021f64e,
	0xcf25cb95,
	0x4fe4c3b8,
	0xc5469b5d,
	0x440e5cd3,
	0xc481e30e,
	0x457b8ace,
	0xa478bc76,
	0xa504c5bc,
	0xa523273a,
	0x248a30e2,
	0x81e6c884,
	0x022a6c5f,
	0x00000000,
	0x01cecd7f,
	0x2d924785,
	0xab1d3e91,
	0x2f30f5a8,
	0x2f8b3612,
	0x20b8db7e,
	0x20a60334,
	0x1f9385dc,
	0x21bde99b,
	0x4b82f753,
	0xce8dc923,
	0x530c0e57,
	0x4f90f47c,
	0x2f063929,
	0xaf05088e,
	0xaacbe860,
	0xa90691c0,
	0xd8a31fff,
	0x4dade11c,
	0xc29438a9,
	0x4143eee5,
	0xcdd8bc6f,
	0x4dc6101c,
	0xce1ebbb9,
	0xce88cedf,
	0x4189ce00,
	0x45269493,
	0x44db5b48,
	0xc5f6d05b,
	0x219a4f2a,
	0xa1641991,
	0xa120bb1b,
	0x9f86c554,
	0xd07688a0,
	0x4e20b198,
	0xcec68186,
	0x4cb4ff40,
	0x41de4000,
	0xc0840000,
	0xc0e38000,
	0x421a3000,
	0xc797e2f0,
	0xc7a2a252,
	0xc8ab6027,
	0xc7deab19,
	0xa4b64a5c,
	0xa3991e5e,
	0x239de2d7,
	0x251bf19e,
	0x5409e69b,
	0xd0a8a22e,
	0x51c31356,
	0xcf3f0556,
	0x45b3df24,
	0xc52b8601,
	0xc46963e2,
	0xc5254903,
	0x227ee32c,
	0xa4595bc2,
	0x242b3ee9,
	0xa3605af8,
	0x0082f7f0,
	0x80ca1f65,
	0x00000000,
	0x00000000,
	0xaee952ee,
	0x2d3cd35d,
	0xad805e7d,
	0xa981b236,
	0x9f1b759a,
	0xa0bd624c,
	0x1f8d11fc,
	0xa1984008,
	0xd0ae0034,
	0x4e25983b,
	0x4cd20700,
	0xcfa2872e,
	0x283e5492,
	0xa9d2eb71,
	0xabd5a78e,
	0x2e094c8c,
	0xd9fc7e00,
	0x4e9cfbc0,
	0xd0ac9832,
	0xd6a668c0,
	0x4d240c92,
	0x4c84da98,
	0x4dacf3b8,
	0x4d42a3cc,
	0xc4a457e7,
	0xc4e20802,
	0xc5ba5c32,
	0x45fc7ad1,
	0xa0ba7a94,
	0x21e8e339,
	0xa0b822c2,
	0x21737960,
	0x5062cb70,
	0xce2fa3d2,
	0xce1e382a,
	0x50566890,
	0xc10ec000,
	0x420e6000,
	0x4116c000,
	0x40828000,
	0x48b02c5c,
	0xc79223af,
	0x45ce86bc,
	0xc505f0c8,
	0xa52f0898,
	0x23d01c94,
	0x22d6cef8,
	0xa4dbcaec,
	0xcfcc0220,
	0xd0baa0fd,
	0xcc556de9,
	0xcc6c7c88,
	0xc434dd4b,
	0x44584ade,
	0xc1730d80,
	0xc537052a,
	0xa4346c50,
	0xa5207e20,
	0x25186423,
	0xa3c18e7c,
	0x0183f7ec,
	0x01701dbe,
	0x8135b6c6,
	0x01fe0cf3,
	0xad45110f,
	0x2d5fc88d,
	0x2e4ab6a7,
	0x306f8ecd,
	0xa14bedc8,
	0x21da025a,
	0x21883bca,
	0x218ed981,
	0x504de6f8,
	0xcfb673dc,
	0xd41035c7,
	0xd0c6a5b6,
	0x30cff311,
	0xac728475,
	0x2c1d0a26,
	0x2e670fe2,
	0xd29d7917,
	0x5a03d400,
	0xdab4800c,
	0x594a1cb1,
	0xd09e586a,
	0x502876dc,
	0x503acde0,
	0x50808b3c,
	0xc50992c8,
	0x44fb6ef5,
	0x44ed80ef,
	0xc52dcda1,
	0x21c3b816,
	0xa1628701,
	0x21dd587d,
	0xa166c9c0,
	0xd021f880,
	0x4e34a3c0,
	0xcf765e74,
	0xd040a901,
	0xc00c0000,
	0x41088000,
	0xc180e000,
	0x422e2000,
};

static uint32_t drawn;

static uint32_t
next(void)
{
	drawn = drawn * 1664525 + 1013904223;
	return drawn >> 8;
}

static uint16_t
exact(int kind)
{
	uint32_t sign = next() & 1, m = next() & 127, e = next();

	if (kind == 0)
		e = 117 + e % 20;
	else if (kind == 1)
		e = 49 + e % 17;
	else if (kind == 2)
		e = e % 5 ? e % 160 : 0;
	else {
		e = 126 + e % 3;
		m &= 0x60;
	}
	return (uint16_t)(sign << 15 | e << 7 | m);
}

static void
product_is_exact(void)
{
	_Alignas(64) uint16_t packed[2 * LT_TILE_CELLS], px[2 * LT_TILE_CELLS];
	_Alignas(64) float got[LT_TILE_SUMS];
	const int32_t off[] = {0, LT_TILE_CELLS};
	struct lt_tile_conv j = {.dst = got,
		.dst_ch = LT_LANES,
		.src = px,
		.n_out = LT_TILE,
		.shards = 1,
		.rows = 1,
		.cols = 1};

	drawn = 12345;
	for (int o = 0; o < LT_TILE; o++)
		for (int k = 0; k < 64; k++)
			packed[k / 32 * LT_TILE_CELLS + o * 32 + k % 32] =
				exact(o % 4);
	for (int k = 0; k < 32; k++)
		for (int i = 0; i < 32; i++)
			px[k * 32 + i] = exact(i / 2 / 4);
	tiles->conv(&j, packed, off, 2);
	for (int i = 0; i < LT_TILE_SUMS; i++)
		CHECK_EQ(bits_of(got[i]), exact_bits[i]);
}

int
main(void)
{
	unsetenv("LT_KERN");
	all_tiles(product_is_exact, "products have the exact bits");
	return tap_done();
}
