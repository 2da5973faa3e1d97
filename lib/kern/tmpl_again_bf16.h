/* The sums of the bf16 mode where the processor decides before rounding whether
 * a result is subnormal.  A result that rounding would make normal is flushed,
 * too, but then, as whenever it flushes a result, the processor sets a flag. So
 * the templates' sums are right if the flag is not set after them; otherwise
 * the reference computes them again.  In a training that is rare.
 */
#ifndef LT_KERN_TMPL_AGAIN_BF16_H
#define LT_KERN_TMPL_AGAIN_BF16_H

#define BF16(kernel) kernel##_again

static void
conv_dense_bf16_again(const struct lt_conv_job *j, const float *packed,
	const int32_t *off, const uint8_t *begins, int terms)
{
	conv_dense_bf16(j, packed, off, begins, terms);
	if (any_flushed())
		lt_kern_ref.conv_dense_bf16(j, packed, off, begins, terms);
}

static void
conv_sparse_bf16_again(const struct lt_conv_job *j, const int32_t *ptr,
	const int32_t *off, const uint8_t *begins, const float *val)
{
	conv_sparse_bf16(j, ptr, off, begins, val);
	if (any_flushed())
		lt_kern_ref.conv_sparse_bf16(j, ptr, off, begins, val);
}

static void
wgrad_dense_bf16_again(float *dst, const struct lt_wgrad_job *j,
	const int32_t *off, int terms, float *scratch)
{
	wgrad_dense_bf16(dst, j, off, terms, scratch);
	if (any_flushed())
		lt_kern_ref.wgrad_dense_bf16(dst, j, off, terms, scratch);
}

static void
wgrad_sparse_bf16_again(float *dst, const struct lt_wgrad_job *j,
	const int32_t *ptr, const int32_t *off, float *scratch)
{
	wgrad_sparse_bf16(dst, j, ptr, off, scratch);
	if (any_flushed())
		lt_kern_ref.wgrad_sparse_bf16(dst, j, ptr, off, scratch);
}

#endif
