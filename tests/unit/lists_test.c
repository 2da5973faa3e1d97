/* Index lists, event tables, predictions, masks. */
#include <inttypes.h>
#include <stdlib.h>
#include "base/mem.h"
#include "file/events.h"
#include "file/index.h"
#include "mask/maskfile.h"
#include "file/predictions.h"
#include "cuts.h"
#include "scratch.h"
#include "tap.h"

/* ------------------------------------------------------------ indices -- */

static int
read_index(const char *path, struct lt_err *err)
{
	struct lt_index ix;
	int r = lt_index_read(&ix, path, err);
	lt_index_release(&ix);
	return r;
}

static int
parse_index(const char *text, struct lt_index *ix, struct lt_err *err)
{
	scratch_put("i", text, strlen(text));
	return lt_index_read(ix, "i", err);
}

static void
index_round_trip(void)
{
	struct lt_index ix, back;
	struct lt_err err;
	CHECK_EQ(parse_index("12\n0000003\n4294967294\n0\n", &ix, &err), 0);
	CHECK_EQ(ix.n, 4);
	CHECK(ix.v[0] == 0 && ix.v[1] == 3 && ix.v[2] == 12 &&
		ix.v[3] == UINT32_MAX - 1);
	CHECK_EQ(lt_index_write(&ix, "o", &err), 0);
	static const char want[] = "0000000\n0000003\n0000012\n4294967294\n";
	CHECK(scratch_holds("o", want, sizeof(want) - 1));
	CHECK_EQ(lt_index_read(&back, "o", &err), 0);
	CHECK_EQ(back.n, 4);
	CHECK_EQ(lt_index_check(&ix, "o", UINT32_MAX, "d", &err), 0);
	CHECK_EQ(lt_index_check(&ix, "o", 100, "d.data", &err), -1);
	CHECK_STR(err.msg, "o: index 4294967294 is not in d.data, which has "
			   "100 samples");
	lt_index_release(&ix);
	lt_index_release(&back);
	scratch_put("i", "7\n3\n7\n", 6);
	CHECK_EQ(lt_index_read_order(&ix, "i", &err), 0);
	CHECK(ix.n == 3 && ix.v[0] == 7 && ix.v[1] == 3 && ix.v[2] == 7);
	CHECK_EQ(lt_index_check(&ix, "i", 8, "d", &err), 0);
	CHECK_EQ(lt_index_check(&ix, "i", 7, "d", &err), -1);
	lt_index_release(&ix);
	CHECK_EQ(parse_index("", &ix, &err), 0);
	CHECK_EQ(ix.n, 0);
	CHECK_EQ(lt_index_check(&ix, "o", 0, "d", &err), 0);
	CHECK_EQ(lt_index_write(&ix, "/dev/full", &err), 0);
	lt_index_all(&ix, 3);
	CHECK_EQ(lt_index_write(&ix, "/dev/full", &err), -1);
	CHECK_EQ(err.status, LT_EIO);
	lt_index_release(&ix);
}

static void
index_refusals(void)
{
	static const struct {
		const char *text, *says;
	} bad[] = {
		{"1\n1\n", "index 1 occurs twice"},
		{"2\n1\n2\n", "index 2 occurs twice"},
		{"\n", "i:1: expected a sample index"},
		{"1\n\n2\n", "i:2: expected a sample index"},
		{"-1\n", "found '-1'"},
		{"+1\n", "found '+1'"},
		{" 1\n", "found ' 1'"},
		{"1 \n", "found '1 '"},
		{"1\r\n", "i:1: a carriage return"},
		{"1\n2\r\n", "i:2: a carriage return"},
		{"\xef\xbb\xbf"
		 "1\n",
			"i: expected plain UTF-8, found a"},
		{"\xff\xfe"
		 "1\n",
			"a byte order mark of UTF-16"},
		{"\xfe\xff"
		 "1\n",
			"a byte order mark of UTF-16"},
		{"1,2\n", "found '1,2'"},
		{"0x1\n", "found '0x1'"},
		{"1.0\n", "found '1.0'"},
		{"4294967295\n", "found '4294967295'"},
		{"99999999999999999999999\n", "found '9999"},
		{"1\n2", "i:2: truncated"},
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct lt_index ix;
		struct lt_err err = {0};
		if (!CHECK_EQ(parse_index(bad[i].text, &ix, &err), -1) ||
			!CHECK_EQ(err.status, LT_EDATA) ||
			!CHECK(strstr(err.msg, bad[i].says)))
			printf("# %s: %s\n", bad[i].text, err.msg);
	}
	struct lt_err err;
	scratch_put("i", "1\0002\n", 4);
	CHECK_EQ(read_index("i", &err), -1);
}

/* A list may end after any line. */
static bool
line_end(const char *p, size_t n)
{
	return n == 0 || p[n - 1] == '\n';
}

/* An .npy file of n numbers of a type, from their bytes. */
static void
put_npy(const char *path, int version, const char *descr, const char *shape,
	const void *data, size_t size)
{
	char head[128], file[512];
	int fixed = version == 1 ? 10 : 12;
	int len = snprintf(head, sizeof(head),
		"{'descr': '%s', 'fortran_order': False, 'shape': %s, }", descr,
		shape);
	while ((fixed + len + 1) % 64)
		head[len++] = ' ';
	head[len++] = '\n';
	memset(file, 0, sizeof(file));
	memcpy(file, "\x93NUMPY", 6);
	file[6] = (char)version;
	file[8] = (char)len;
	memcpy(file + fixed, head, (size_t)len);
	memcpy(file + fixed + len, data, size);
	scratch_put(path, file, (size_t)(fixed + len) + size);
}

static void
index_npy(void)
{
	struct lt_index ix;
	struct lt_err err;
	const int64_t wide[3] = {7, 2, 5};
	put_npy("n", 1, "<i8", "(3,)", wide, sizeof(wide));
	CHECK_EQ(lt_index_read(&ix, "n", &err), 0);
	CHECK(ix.n == 3 && ix.v[0] == 2 && ix.v[2] == 7);
	lt_index_release(&ix);
	CHECK_EQ(cuts_missed(read_index, "n", true, line_end), 0);
	put_npy("n", 2, ">u2", "(2,)", "\x01\x02\x00\x09", 4);
	CHECK_EQ(lt_index_read(&ix, "n", &err), 0);
	CHECK(ix.n == 2 && ix.v[0] == 9 && ix.v[1] == 258);
	lt_index_release(&ix);
	static const struct {
		const char *descr, *shape;
		int64_t v;
	} bad[] = {
		{"<f8", "(1,)", 1},
		{"<i3", "(1,)", 1},
		{"|b1", "(8,)", 1},
		{"|O", "(1,)", 1},
		{"<i8", "()", 1},
		{"<i8", "(1,1)", 1},
		{"<i8", "(2,)", 1},
		{"<i8", "(0,)", 1},
		{"<i8", "(1,)", -1},
		{"<i8", "(1,)", 4294967295},
		{"<i8", "(2305843009213693953,)", 1},
		{"<i8", "(36893488147419103233,)", 1},
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		put_npy("n", 1, bad[i].descr, bad[i].shape, &bad[i].v, 8);
		if (!CHECK_EQ(read_index("n", &err), -1) ||
			!CHECK_EQ(err.status, LT_EDATA))
			printf("# %s %s\n", bad[i].descr, bad[i].shape);
	}
}

/* ------------------------------------------------------------- events -- */

#define HEAD "epoch\tindex\tcorrect\n"

static int
read_events(const char *path, struct lt_err *err)
{
	struct lt_event ev;
	struct lt_events *e = lt_events_open(path, err);
	int r = e ? 1 : -1;
	while (r > 0)
		r = lt_events_next(e, &ev, err);
	lt_events_close(e);
	return r;
}

static void
events_round_trip(void)
{
	struct lt_err err;
	uint32_t index[3] = {1, 4, 10};
	uint8_t last[11], first[3] = {0, 1, 0}, second[3] = {1, 1, 0};
	memset(last, 255, sizeof(last));
	struct lt_out *o = lt_out_open("e.gz", &err);
	lt_events_header(o);
	lt_events_pass(o, 1, index, first, 3, last);
	lt_events_pass(o, 2, index, second, 3, last);
	CHECK_EQ(lt_out_commit(o, &err), 0);
	CHECK(last[0] == 255 && last[1] == 1 && last[4] == 1 && last[10] == 0);
	struct lt_events *e = lt_events_open("e.gz", &err);
	struct lt_event ev;
	static const struct lt_event want[] = {
		{1, 1, 0}, {1, 4, 1}, {1, 10, 0}, {2, 1, 1}};
	for (int i = 0; i < 4; i++) {
		CHECK_EQ(lt_events_next(e, &ev, &err), 1);
		CHECK(ev.epoch == want[i].epoch && ev.index == want[i].index &&
			ev.correct == want[i].correct);
	}
	CHECK_EQ(lt_events_next(e, &ev, &err), 0);
	lt_events_close(e);
	CHECK_EQ(cuts_missed(read_events, "e.gz", true, NULL), 0);
}

/* From the header on, a table may end after any line. */
static bool
row_end(const char *p, size_t n)
{
	return n >= sizeof(HEAD) - 1 && p[n - 1] == '\n';
}

static void
events_refusals(void)
{
	static const char *const bad[] = {
		"",
		"1\t0\t1\n",
		"epoch index correct\n",
		HEAD "0\t0\t1\n",
		HEAD "1\t0\t2\n",
		HEAD "1\t0\n",
		HEAD "1\t0\t1\t1\n",
		HEAD "1\t0\t\n",
		HEAD "1\t\t1\n",
		HEAD "\t1\t1\n",
		HEAD "1\t-1\t1\n",
		HEAD "1\t4294967295\t1\n",
		HEAD "4294967296\t1\t1\n",
		HEAD "1\t1\t1\n1\t1\t0\n",
		HEAD "1\t1\t1\n1\t0\t0\n",
		HEAD "2\t1\t1\n1\t2\t0\n",
		HEAD "1\t1\t1\r\n",
		HEAD "\n",
		HEAD "1\t1\t1",
		HEAD HEAD,
	};
	struct lt_err err;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		scratch_put("e", bad[i], strlen(bad[i]));
		if (!CHECK_EQ(read_events("e", &err), -1) ||
			!CHECK_EQ(err.status, LT_EDATA))
			printf("# %s\n", bad[i]);
	}
	static const char good[] = HEAD "1\t0\t1\n1\t5\t0\n3\t5\t1\n";
	scratch_put("e", good, sizeof(good) - 1);
	CHECK_EQ(read_events("e", &err), 0);
	CHECK_EQ(cuts_missed(read_events, "e", true, row_end), 0);
}

/* -------------------------------------------------------- predictions -- */

static int
read_predictions(const char *path, struct lt_err *err)
{
	struct lt_prediction row;
	struct lt_predictions *p = lt_predictions_open(path, err);
	int r = p ? 1 : -1;
	while (r > 0)
		r = lt_predictions_next(p, &row, err);
	lt_predictions_close(p);
	return r;
}

static void
predictions(void)
{
	struct lt_err err;
	struct lt_prediction row = {3, 1, 2, 0.1f, 1.5f, -0.25f, 0.5f, 2}, back;
	struct lt_out *o = lt_out_open("p", &err);
	lt_predictions_header(o, true);
	lt_predictions_row(o, &row, true);
	CHECK_EQ(lt_out_commit(o, &err), 0);
	static const char want[] =
		"index\tlabel\tpredicted\tloss\tentropy\tmargin\tel2n\tgrand\n"
		"3\t1\t2\t0.100000001\t1.5\t-0.25\t0.5\t2\n";
	CHECK(scratch_holds("p", want, sizeof(want) - 1));
	struct lt_predictions *p = lt_predictions_open("p", &err);
	CHECK_EQ(lt_predictions_next(p, &back, &err), 1);
	CHECK(back.index == 3 && back.label == 1 && back.predicted == 2 &&
		back.loss == row.loss && back.entropy == row.entropy &&
		back.margin == row.margin);
	CHECK_EQ(lt_predictions_next(p, &back, &err), 0);
	lt_predictions_close(p);
	static const char *const bad[] = {
		"",
		"index\tlabel\n1\t1\n",
		"index\tlabel\tpredicted\tloss\tentropy\tmargin\n"
		"1\t1\t1\t0\t0\t0\n1\t1\t1\t0\t0\t0\n",
		"index\tlabel\tpredicted\tloss\tentropy\tmargin\n"
		"1\t1\t1\t0\t0\n",
		"index\tlabel\tpredicted\tloss\tentropy\tmargin\n"
		"1\t1\tcat\t0\t0\t0\n",
		"index\tlabel\tpredicted\tloss\tentropy\tmargin\n"
		"4294967295\t1\t1\t0\t0\t0\n",
	};
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		scratch_put("p", bad[i], strlen(bad[i]));
		CHECK_EQ(read_predictions("p", &err), -1);
		CHECK_EQ(err.status, LT_EDATA);
	}
}

/* -------------------------------------------------------------- masks -- */

static int
read_mask(const char *path, struct lt_err *err)
{
	struct lt_mask m;
	int r = lt_mask_read(&m, path, NULL, NULL, err);
	lt_mask_release(&m);
	return r;
}

static void
make_mask(struct lt_mask *m)
{
	*m = (struct lt_mask){0};
	struct lt_mask_layer *l =
		lt_mask_add(m, "fc.weight", 2, (uint64_t[]){2, 5});
	l->keep[0] = l->keep[9] = 1;
	l = lt_mask_add(m, "conv.weight", 4, (uint64_t[]){3, 1, 1, 1});
	l->keep[2] = 1;
	lt_mask_add(m, "d.weight", 1, (uint64_t[]){8})->keep[7] = 1;
	m->method = lt_strdup("magnitude");
}

static void
mask_round_trip(void)
{
	struct lt_mask m, back, copy;
	struct lt_err err;
	const char *const kv[] = {"rate", "0.2", NULL};
	make_mask(&m);
	CHECK_EQ(lt_mask_write(&m, "m", "lt-prune", kv, &err), 0);
	CHECK_EQ(lt_mask_read(&back, "m", NULL, NULL, &err), 0);
	CHECK_EQ(back.n, 3);
	CHECK_STR(back.layer[0].name, "conv.weight");
	CHECK_STR(back.layer[2].name, "fc.weight");
	CHECK_EQ(lt_mask_total(&back), 21);
	CHECK_EQ(lt_mask_kept(&back), 4);
	CHECK_STR(back.method, "magnitude");
	CHECK(back.crc != 0 && strstr(back.history, "\"rate\":\"0.2\""));
	CHECK(lt_mask_find(&back, "fc.weight")->keep[9] == 1);
	CHECK(!lt_mask_find(&back, "fc"));
	lt_mask_copy(&copy, &back);
	/* Counted once, by whoever made the mask; in the making, every time. */
	CHECK(!m.layer[0].counted && lt_mask_kept(&m) == 4);
	m.layer[0].keep[0] = !m.layer[0].keep[0];
	CHECK(lt_mask_kept(&m) != 4);
	for (size_t i = 0; i < copy.n; i++) {
		const struct lt_mask_layer *l = &copy.layer[i];
		size_t kept = 0;
		for (size_t j = 0; j < l->count; j++)
			kept += l->keep[j];
		CHECK(l->counted && back.layer[i].counted);
		CHECK_EQ(lt_mask_layer_kept(l), kept);
	}
	CHECK_EQ(lt_mask_write(&copy, "m2", NULL, NULL, &err), 0);
	size_t n = 0;
	char *p = scratch_get("m", &n);
	CHECK(scratch_holds("m2", p, n));
	free(p);
	lt_mask_release(&m);
	lt_mask_release(&back);
	lt_mask_release(&copy);
	CHECK_EQ(cuts_missed(read_mask, "m", true, NULL), 0);
	CHECK_EQ(cuts_flips_missed(read_mask, "m"), 0);
}

/* Write one tensor as a mask file; with what lt.kept says, or foreign. */
static int
try_mask(const char *name, enum lt_dtype dtype, void *data, const char *kept,
	struct lt_err *err)
{
	struct lt_st st = {0};
	lt_st_add(&st, name, dtype, 1, (uint64_t[]){4}, data, true);
	lt_st_set_meta(&st, "lt.kind", "mask");
	lt_st_set_meta(&st, "lt.kept", kept);
	CHECK_EQ(lt_st_write(&st, "t", err), 0);
	lt_st_release(&st);
	return read_mask("t", err);
}

static void
mask_refusals(void)
{
	struct lt_err err;
	uint8_t keep[16] = {1, 0, 1, 0};
	struct lt_mask m;
	CHECK_EQ(try_mask("fc.weight_mask", LT_BOOL, keep, "2", &err), 0);
	CHECK_EQ(try_mask("fc.weight", LT_BOOL, keep, "2", &err), 0);
	CHECK_EQ(lt_mask_read(&m, "t", NULL, NULL, &err), 0);
	CHECK_STR(m.layer[0].name, "fc.weight");
	lt_mask_release(&m);
	CHECK_EQ(try_mask("fc.weight_mask", LT_BOOL, keep, "3", &err), -1);
	CHECK_STR(err.msg, "t: lt.kept is '3', found 2");
	CHECK_EQ(try_mask("fc.weight_mask", LT_F32, keep, "2", &err), -1);
	CHECK(strstr(err.msg, "is F32, expected BOOL"));
	keep[3] = 2;
	CHECK_EQ(try_mask("fc.weight_mask", LT_BOOL, keep, "2", &err), -1);
	CHECK(strstr(err.msg,
		"of the 4 values of 'fc.weight_mask' 1 is neither 0 nor 1"));
	keep[3] = 0;
	struct lt_st st = {0};
	lt_st_add(&st, "a", LT_BOOL, 1, (uint64_t[]){4}, keep, true);
	lt_st_add(&st, "a_mask", LT_BOOL, 1, (uint64_t[]){4}, keep, true);
	lt_st_set_meta(&st, "lt.kind", "mask");
	CHECK_EQ(lt_st_write(&st, "t", &err), 0);
	CHECK_EQ(read_mask("t", &err), -1);
	CHECK(strstr(err.msg, "another mask names too"));
	lt_st_set_meta(&st, "lt.kind", "checkpoint");
	CHECK_EQ(lt_st_write(&st, "t", &err), 0);
	CHECK_EQ(read_mask("t", &err), -1);
	CHECK_STR(err.msg, "t: has kind checkpoint, expected kind mask");
	lt_st_release(&st);
	scratch_put("t", "\2\0\0\0\0\0\0\0{}", 10);
	CHECK_EQ(read_mask("t", &err), -1);
	CHECK(strstr(err.msg, "contains no tensor"));
}

/* ---- masks that other programs wrote: bytes by hand ---- */

/* The values 0, 1, 1, 0 in each type, the last zero negative where there is
 * one, and something close to 1 or to 0. */
static const struct {
	const char *type;
	size_t size;
	unsigned char one[8], zero[8], other[8];
} elsewhere[] = {
	{"BOOL", 1, {1}, {0}, {2}},
	{"U8", 1, {1}, {0}, {255}},
	{"I8", 1, {1}, {0}, {255}},
	{"U16", 2, {1}, {0}, {0, 1}},
	{"I16", 2, {1}, {0}, {1, 1}},
	{"U32", 4, {1}, {0}, {0, 0, 1}},
	{"I32", 4, {1}, {0}, {255, 255, 255, 255}},
	{"I64", 8, {1}, {0}, {0, 0, 0, 0, 1}},
	{"F16", 2, {0, 0x3c}, {0, 0x80}, {1, 0x3c}},
	{"BF16", 2, {0x80, 0x3f}, {0, 0x80}, {0xc0, 0x7f}},
	{"F32", 4, {0, 0, 0x80, 0x3f}, {0, 0, 0, 0x80}, {0, 0, 0xc0, 0x7f}},
	/* 1 + 2^-52, which float32 would round to 1 */
	{"F64", 8, {0, 0, 0, 0, 0, 0, 0xf0, 0x3f}, {0, 0, 0, 0, 0, 0, 0, 0x80},
		{1, 0, 0, 0, 0, 0, 0xf0, 0x3f}},
};

/* A file whose tensors are named, each with n bytes of type and shape [4]. */
struct part {
	const char *name, *type;
	size_t size; /* of a value */
	const void *bytes;
};

static void
put_foreign(const struct part *part, int n)
{
	char head[1024] = "{", file[2048];
	size_t at = 0;
	for (int i = 0; i < n; i++) {
		size_t k = strlen(head);
		snprintf(head + k, sizeof(head) - k,
			"%s\"%s\":{\"dtype\":\"%s\",\"shape\":[4],"
			"\"data_offsets\":[%zu,%zu]}",
			i ? "," : "", part[i].name, part[i].type, at,
			at + 4 * part[i].size);
		at += 4 * part[i].size;
	}
	strcat(head, "}");
	size_t len = strlen(head);
	memset(file, 0, 8);
	file[0] = (char)(len & 255);
	file[1] = (char)(len >> 8);
	memcpy(file + 8, head, len);
	at = 8 + len;
	for (int i = 0; i < n; i++) {
		memcpy(file + at, part[i].bytes, 4 * part[i].size);
		at += 4 * part[i].size;
	}
	scratch_put("t", file, at);
}

static void
mask_elsewhere(void)
{
	static const uint8_t want[] = {0, 1, 1, 0};
	struct lt_err err;
	struct lt_mask m;
	char say[120];

	for (size_t i = 0; i < sizeof(elsewhere) / sizeof(*elsewhere); i++) {
		size_t k = elsewhere[i].size;
		unsigned char v[32] = {0};
		struct part p = {"a.weight_mask", elsewhere[i].type, k, v};
		memcpy(v + k, elsewhere[i].one, k);
		memcpy(v + 2 * k, elsewhere[i].one, k);
		memcpy(v + 3 * k, elsewhere[i].zero, k);
		put_foreign(&p, 1);
		CHECK_EQ(lt_mask_read(&m, "t", NULL, NULL, &err), 0);
		CHECK_STR(m.layer[0].name, "a.weight");
		CHECK(!memcmp(m.layer[0].keep, want, 4));
		lt_mask_release(&m);
		/* By its bare name too. */
		p.name = "a.weight";
		put_foreign(&p, 1);
		CHECK_EQ(lt_mask_read(&m, "t", NULL, NULL, &err), 0);
		CHECK(!memcmp(m.layer[0].keep, want, 4));
		lt_mask_release(&m);
		memcpy(v, elsewhere[i].other, k);
		memcpy(v + 3 * k, elsewhere[i].other, k);
		put_foreign(&p, 1);
		CHECK_EQ(lt_mask_read(&m, "t", NULL, NULL, &err), -1);
		CHECK_EQ(err.status, LT_EDATA);
		snprintf(say, sizeof(say),
			"t: not a mask: of the 4 values of 'a.weight' 2 are "
			"neither 0 nor 1");
		CHECK_STR(err.msg, say);
	}
}

/* Weights beside the masks, as torch.nn.utils.prune has them. */
static void
mask_beside_weights(void)
{
	static const float w[] = {0.5f, 1, 0, -2}, keep[] = {1, 1, 0, 1};
	static const int32_t whole[] = {1, 0, 1, 7};
	struct lt_err err;
	struct lt_mask m;
	struct part p[] = {
		{"module.a.bias", "F32", 4, w},
		{"module.a.weight_mask", "F32", 4, keep},
		{"module.a.weight_orig", "F32", 4, w},
		{"module.b.weight", "F32", 4, w},
		{"module.b.weight_mask", "F32", 4, keep},
	};
	put_foreign(p, 5);
	CHECK_EQ(lt_mask_read(&m, "t", NULL, NULL, &err), 0);
	CHECK_EQ(m.n, 2);
	CHECK_STR(m.layer[0].name, "a.weight");
	CHECK_STR(m.layer[1].name, "b.weight");
	CHECK_EQ(lt_mask_kept(&m), 6);
	lt_mask_release(&m);
	/* Weights alone are not a mask; all their values are counted. */
	put_foreign(p + 3, 1);
	CHECK_EQ(lt_mask_read(&m, "t", NULL, NULL, &err), -1);
	CHECK(strstr(err.msg, "values of 'b.weight' 2 are neither"));
	/* Whole numbers beside masks are no weights: nothing is left out. */
	p[3] = (struct part){"module.c.weight", "I32", 4, whole};
	put_foreign(p, 5);
	CHECK_EQ(lt_mask_read(&m, "t", NULL, NULL, &err), -1);
	CHECK(strstr(err.msg, "values of 'c.weight' 1 is neither"));
	p[3] = (struct part){"b.weight_mask", "F32", 4, keep};
	put_foreign(p, 5);
	CHECK_EQ(lt_mask_read(&m, "t", NULL, NULL, &err), -1);
	CHECK(strstr(err.msg, "'b.weight_mask' occurs twice"));
}

/* A state holds a mask among other tensors. */
static void
mask_in_state(void)
{
	struct lt_mask m, back;
	struct lt_st st = {0};
	struct lt_err err;
	float w = 1;
	make_mask(&m);
	lt_mask_to_st(&m, &st);
	lt_st_add(&st, "fc.weight", LT_F32, 0, NULL, &w, true);
	CHECK_EQ(lt_mask_from_st(&back, &st, "s", &err), 0);
	CHECK_EQ(back.n, 3);
	CHECK_EQ(lt_mask_kept(&back), 4);
	lt_st_release(&st);
	lt_mask_release(&m);
	lt_mask_release(&back);
}

int
main(void)
{
	scratch_enter();
	TEST(index_round_trip, "index lists are read in any order and written "
			       "in one");
	TEST(index_refusals, "lines that are no index are refused");
	TEST(index_npy, "integers in .npy are an index list");
	TEST(events_round_trip, "events hold first presentations and changes");
	TEST(events_refusals, "event tables out of form or order are refused");
	TEST(predictions, "predictions come back exactly");
	TEST(mask_round_trip, "masks come back; cuts and flips are refused");
	TEST(mask_refusals, "what is no mask is refused");
	TEST(mask_elsewhere, "masks of any type from elsewhere are exact");
	TEST(mask_beside_weights, "masks are found beside weights");
	TEST(mask_in_state, "a mask is found among other tensors");
	scratch_leave();
	return tap_done();
}
