/* Sums over taps of the bf16 mode. */
#ifndef LT_KERN_TMPL_CONV_BF16_H
#define LT_KERN_TMPL_CONV_BF16_H

static void
conv_dense_bf16(const struct lt_conv_job *j, const float *packed,
	const int32_t *off, const uint8_t *begins, int terms)
{
	lt_kern_ref.conv_dense_bf16(j, packed, off, begins, terms);
}

static void
conv_sparse_bf16(const struct lt_conv_job *j, const int32_t *ptr,
	const int32_t *off, const uint8_t *begins, const float *val)
{
	lt_kern_ref.conv_sparse_bf16(j, ptr, off, begins, val);
}

#endif
