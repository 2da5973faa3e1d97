/* These operators drop values or images at random while training. */
#include "net/nettext.h"

const struct lt_op_row lt_op_dropout = {
	.name = "dropout",
	.attributes = "IN RATE",
	.help = "while training, zero a share RATE, scale the rest",
	.least_in = 1,
	.most_in = 1,
	.attr = {ATTR_RATE},
};

const struct lt_op_row lt_op_dropconnect = {
	.name = "dropconnect",
	.attributes = "IN RATE",
	.help = "while training, zero a share RATE of samples, scale the rest",
	.least_in = 1,
	.most_in = 1,
	.attr = {ATTR_RATE},
};
