/* A safetensors file with right checksums: fuzzers and mutations change what
 * the seals cover, so each result is sealed again before a reader sees it.
 */
#ifndef LT_TESTS_SEAL_H
#define LT_TESTS_SEAL_H

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "file/st_int.h"

static inline void
seal_hex(char *at, uint32_t v)
{
	char text[9];
	if (!at)
		return;
	snprintf(text, sizeof text, "%08x", v);
	memcpy(at, text, 8);
}

static inline uint64_t
seal_get64(const char *p)
{
	uint64_t v = 0;
	for (int i = 7; i >= 0; i--)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

static inline void
seal_put64(char *p, uint64_t v)
{
	for (int i = 0; i < 8; i++)
		p[i] = (char)(v >> 8 * i);
}

/* Seal n >= 8 bytes in place: the length of the header is cut to what there is,
 * and every checksum that the header has room for becomes the right one. */
static inline void
seal(char *file, size_t n)
{
	uint64_t len = seal_get64(file);
	char *head = file + 8, *digits;
	if (len > n - 8)
		len = n - 8;
	seal_put64(file, len);
	digits = lt_st_digits(head, len, "lt.crc32");
	if (digits) {
		uint32_t crc = lt_st_head_crc(head, len);
		crc = (uint32_t)crc32_z(
			crc, (const void *)(head + len), n - 8 - len);
		seal_hex(digits, crc);
	}
	/* This one covers the digits of the other. */
	digits = lt_st_digits(head, len, "lt.header_crc32");
	if (digits)
		seal_hex(digits, lt_st_outer_crc(head, len));
}

#endif
