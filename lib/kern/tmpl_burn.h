/* The multiply-add ceiling of the processor: see burn in kern.h. */
#ifndef LT_KERN_TMPL_BURN_H
#define LT_KERN_TMPL_BURN_H

static float
burn(int steps)
{
	float out[VW];
	vec acc[LT_BURN_CHAINS], x = vall(0.5f), y = vall(0.25f);

	for (int i = 0; i < LT_BURN_CHAINS; i++)
		acc[i] = vall((float)i);
	for (long n = 0; n < (long)steps * CELLS; n++) {
		UNROLL
		for (int i = 0; i < LT_BURN_CHAINS; i++)
			acc[i] = vfma(acc[i], x, y);
	}
	for (int i = 1; i < LT_BURN_CHAINS; i++)
		acc[0] = vfma(acc[i], x, acc[0]);
	vstore(out, acc[0]);
	return out[0];
}

#endif
