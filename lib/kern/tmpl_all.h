/* The kernels of kern.h for one vector width, and their table. */
#ifndef LT_KERN_TMPL_ALL_H
#define LT_KERN_TMPL_ALL_H

#include <math.h>
#include <string.h>

#include "kern/kern_vec.h"
#include "kern/pairs.h"
#include "kern/tmpl_lists.h"
#include "kern/tmpl_conv.h"
#include "kern/tmpl_wino.h"
#include "kern/tmpl_wgrad.h"
#include "kern/tmpl_wgrad_few.h"
#include "kern/tmpl_conv_bf16.h"
#include "kern/tmpl_wgrad_turned.h"
#include "kern/tmpl_wgrad_bf16.h"
#if VW == 4
#include "kern/tmpl_again_bf16.h"
#else
#define BF16(kernel) kernel
#endif
#include "kern/tmpl_point.h"
#include "kern/curve_math.h"
#include "kern/tmpl_gate.h"
#include "kern/tmpl_pool.h"
#include "kern/tmpl_burn.h"

const struct lt_kern TABLE = {
	.name = TABLE_NAME,
	.stage = stage,
	.stage_bn_back = stage_bn_back,
	.conv_dense = conv_dense,
	.conv_sparse = conv_sparse,
	.conv_dense_bf16 = BF16(conv_dense_bf16),
	.conv_sparse_bf16 = BF16(conv_sparse_bf16),
	.wgrad_dense_bf16 = BF16(wgrad_dense_bf16),
	.wgrad_sparse_bf16 = BF16(wgrad_sparse_bf16),
	.wino_weights = wino_weights,
	.conv_wino = conv_wino,
	.wgrad_dense = wgrad_dense,
	.wgrad_sparse = wgrad_sparse,
	.tree_sum = tree_sum,
	.drain = drain,
	.drain_back = drain_back,
	.add = add,
	.sum = sum,
	.mul = mul,
	.curve = curve_values,
	.curve_back = curve_backs,
	.product = product,
	.spread = spread,
	.dot = dot,
	.maxpool = maxpool,
	.maxpool_back = maxpool_back,
	.avgpool = avgpool,
	.avgpool_back = avgpool_back,
	.adaptpool = adaptpool,
	.adaptpool_back = adaptpool_back,
	.subsample = subsample,
	.subsample_back = subsample_back,
	.pack = pack,
	.sgd = sgd,
	.sgd_kept = sgd_kept,
	.burn = burn,
};

#endif
