/* The table of operators, from the rows of their families: op_*.c. */
#include "net/op.h"
#include "net/nettext.h"

const struct lt_op_row lt_op_input = {
	.name = "input", .attributes = "C H W", .help = "the image"};

#define ROW(key, row) [LT_OP_##key] = &lt_op_##row,
const struct lt_op_row *const lt_op_rows[LT_OP_COUNT] = {LT_OP_LIST(ROW)};
