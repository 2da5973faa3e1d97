/* Sums over pixels of the bf16 mode. */
#ifndef LT_KERN_TMPL_WGRAD_BF16_H
#define LT_KERN_TMPL_WGRAD_BF16_H

static void
wgrad_dense_bf16(float *dst, const struct lt_wgrad_job *j, const int32_t *off,
	int terms, float *scratch)
{
	lt_kern_ref.wgrad_dense_bf16(dst, j, off, terms, scratch);
}

static void
wgrad_sparse_bf16(float *dst, const struct lt_wgrad_job *j, const int32_t *ptr,
	const int32_t *off, float *scratch)
{
	lt_kern_ref.wgrad_sparse_bf16(dst, j, ptr, off, scratch);
}

#endif
