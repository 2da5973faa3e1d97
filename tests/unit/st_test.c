/* Safetensors: round trips, seals, truncation, bit flips, hostile headers. */
#include <fcntl.h>
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <unistd.h>
#include <zlib.h>
#include "base/mem.h"
#include "file/st_int.h"
#include "cuts.h"
#include "scratch.h"
#include "tap.h"

static void
make(struct lt_st *st)
{
	static float w[6] = {1, -2, 3.5f, 0, 5, 6}, b[2] = {0.25f, -0.5f};
	static int64_t batches = 7;
	static uint8_t keep[6] = {1, 0, 1, 0, 1, 1};
	*st = (struct lt_st){0};
	lt_st_add(st, "fc.weight", LT_F32, 2, (uint64_t[]){2, 3}, w, true);
	lt_st_add(st, "fc.weight_mask", LT_BOOL, 2, (uint64_t[]){2, 3}, keep,
		true);
	lt_st_add(st, "fc.bias", LT_F32, 1, (uint64_t[]){2}, b, true);
	lt_st_add(st, "bn.n", LT_I64, 0, NULL, &batches, true);
	lt_st_set_meta(st, "lt.kind", "checkpoint");
	lt_st_set_meta(st, "lt.net", "net x\n\"quoted\\\" \xc3\xa9\n");
}

static void
write_sample(const char *path)
{
	struct lt_st st;
	struct lt_err err;
	make(&st);
	CHECK_EQ(lt_st_write(&st, path, &err), 0);
	lt_st_release(&st);
}

static void
round_trip(void)
{
	struct lt_st st, back;
	struct lt_err err;
	make(&st);
	lt_st_set_meta(&st, "a", "bad \xff byte");
	CHECK_EQ(lt_st_write(&st, "a.safetensors", &err), 0);
	if (!CHECK_EQ(lt_st_read(&back, "a.safetensors", &err), 0)) {
		printf("# %s\n", err.msg);
		return;
	}
	CHECK_EQ(back.crc, st.crc);
	CHECK_EQ(back.n, 4);
	CHECK_EQ(back.data_pos % 64, 0);
	static const char *const order[] = {
		"bn.n", "fc.bias", "fc.weight", "fc.weight_mask"};
	for (int i = 0; i < 4; i++) {
		const struct lt_st_tensor *t = &back.tensor[i];
		const struct lt_st_tensor *o = lt_st_find(&st, order[i]);
		CHECK_STR(t->name, order[i]);
		CHECK(t->dtype == o->dtype && t->ndim == o->ndim &&
			t->size == o->size && t->count == o->count);
		CHECK(memcmp(t->shape, o->shape, sizeof(t->shape)) == 0);
		CHECK(memcmp(t->data, o->data, t->size) == 0);
	}
	CHECK_STR(lt_st_meta(&back, "a"), "bad ? byte");
	CHECK_STR(lt_st_meta(&back, "format"), "pt");
	CHECK_STR(lt_st_meta(&back, "lt.net"), lt_st_meta(&st, "lt.net"));
	CHECK(!lt_st_meta(&back, "nothing"));
	CHECK_EQ(lt_st_write(&back, "b.safetensors", &err), 0);
	size_t n = 0;
	char *a = scratch_get("a.safetensors", &n);
	CHECK(scratch_holds("b.safetensors", a, n));
	free(a);
	lt_st_release(&st);
	lt_st_release(&back);
}

/* ---------------------------------------------------------- hostile ----- */

/* Read a file of this header and size bytes of data. */
static int
try_header(const char *json, size_t size, struct lt_err *err)
{
	size_t len = strlen(json);
	char *file = lt_alloc(8 + len + size, 1);
	for (int i = 0; i < 8; i++)
		file[i] = (char)((uint64_t)len >> 8 * i);
	memcpy(file + 8, json, len);
	scratch_put("h", file, 8 + len + size);
	free(file);
	struct lt_st st;
	int r = lt_st_read(&st, "h", err), fd;
	if (r == 0)
		lt_st_release(&st);
	int q = lt_st_open(&st, "h", &fd, err);
	if (q == 0) {
		q = lt_st_verify(&st, "h", err);
		close(fd);
		lt_st_release(&st);
	}
	return r == q ? r : -2;
}

#define F4(name, offsets) \
	"\"" name \
	"\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":" offsets "}"

static const struct {
	const char *json, *says;
	size_t size;
} hostile[] = {
	{"", "not safetensors", 0},
	{"[]", "not safetensors", 0},
	{" {}", "not safetensors", 0},
	{"{", "not JSON", 0},
	{"{}x", "not JSON", 0},
	{"{\"a\":}", "not JSON", 0},
	{"{\"a\xff\":{}}", "not JSON", 0},
	{"{}", "bytes follow", 1},
	{"{\"__metadata__\":[]}", "not an object", 0},
	{"{\"__metadata__\":{\"a\":1}}", "not a string", 0},
	{"{\"__metadata__\":{\"a\":null}}", "not a string", 0},
	{"{\"__metadata__\":{\"a\":\"1\",\"a\":\"1\"}}", "not JSON", 0},
	{"{\"__metadata__\":{},\"__metadata__\":{}}", "not JSON", 0},
	{"{\"a\":1}", "expected exactly", 0},
	{"{\"a\":{}}", "expected exactly", 0},
	{"{\"\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]}}",
		"expected exactly", 4},
	{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4],"
	 "\"x\":1}}",
		"expected exactly", 4},
	{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1],\"offsets\":[0,4]}}",
		"no data_offsets", 4},
	{"{\"a\":{\"dtype\":\"F8_E4M3\",\"shape\":[4],\"data_offsets\":[0,4]}}",
		"dtype is F8_E4M3", 4},
	{"{\"a\":{\"dtype\":7,\"shape\":[2],\"data_offsets\":[0,4]}}",
		"not a string", 4},
	{"{\"a\":{\"dtype\":\"F32\",\"shape\":4,\"data_offsets\":[0,4]}}",
		"shape is not", 4},
	{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1.0],\"data_offsets\":[0,4]}}",
		"something other", 4},
	{"{\"a\":{\"dtype\":\"F32\",\"shape\":[-1],\"data_offsets\":[0,4]}}",
		"something other", 4},
	{"{\"a\":{\"dtype\":\"F32\",\"shape\":[1,1,1,1,1,1,1,1,1],"
	 "\"data_offsets\":[0,4]}}",
		"shape is not", 4},
	{"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296],"
	 "\"data_offsets\":[0,0]}}",
		"too large", 0},
	{"{\"a\":{\"dtype\":\"F32\",\"shape\":[4294967296,4294967296,0],"
	 "\"data_offsets\":[0,0]}}",
		"too large", 0},
	{"{\"a\":{\"dtype\":\"F32\",\"shape\":[4611686018427387904],"
	 "\"data_offsets\":[0,0]}}",
		"too large", 0},
	{"{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775807],"
	 "\"data_offsets\":[0,4]}}",
		"too large", 4},
	{"{\"a\":{\"dtype\":\"F32\",\"shape\":[9223372036854775808],"
	 "\"data_offsets\":[0,4]}}",
		"not JSON", 4},
	{"{\"a\":{\"dtype\":\"U8\",\"shape\":[1099511627776],"
	 "\"data_offsets\":[0,1099511627776]}}",
		"runcated", 64},
	{"{" F4("a", "[4,0]") "}", "reversed", 4},
	{"{" F4("a", "[-4,0]") "}", "pair of counts", 4},
	{"{" F4("a", "[0]") "}", "pair of counts", 4},
	{"{" F4("a", "[0,4,8]") "}", "pair of counts", 4},
	{"{" F4("a", "{}") "}", "pair of counts", 4},
	{"{" F4("a", "[0,8]") "}", "span 8 bytes", 8},
	{"{" F4("a", "[4,8]") "}", "gap", 8},
	{"{" F4("a", "[0,4]") "," F4("b", "[8,12]") "}", "gap", 12},
	{"{" F4("a", "[0,4]") "," F4("b", "[0,4]") "}", "overlap", 4},
	{"{" F4("a", "[0,4]") "," F4("b", "[2,6]") "}", "overlap", 6},
	{"{" F4("a", "[0,4]") "," F4("a", "[4,8]") "}", "not JSON", 8},
	{"{" F4("a", "[9223372036854775800,9223372036854775804]") "}", "gap",
		4},
	{"{" F4("a", "[0,4]") "}", "runcated", 3},
	{"{" F4("a", "[0,4]") "}", "", 5},
	{"{\"a\":[[[[1]]]]}", "nested deeper", 0},
	{"{\"a\":{\"dtype\":\"F32\",\"shape\":[0,0,0,0,0,0,0,0,0,0],"
	 "\"data_offsets\":[0,0]}}",
		"longer than", 0},
	{"{\"__metadata__\":{\"lt.kind\":\"mask\"}}", "damaged", 0},
	{"{\"__metadata__\":{\"lt.crc32\":\"00000000\"}}", "damaged", 0},
	{"{\"__metadata__\":{\"lt.crc32\":\"0\"}}", "damaged", 0},
	{"{\"__metadata__\":{\"lt.crc32\": \"00000000\"}}", "damaged", 0},
};

static void
refuses_hostile(void)
{
	for (size_t i = 0; i < sizeof(hostile) / sizeof(*hostile); i++) {
		struct lt_err err = {0};
		/* The data's seal is not looked at on opening. */
		int r = try_header(hostile[i].json, hostile[i].size, &err);
		bool seal = strcmp(hostile[i].says, "damaged") == 0;
		if (!CHECK(r == -1 || (seal && r == -2)) ||
			!CHECK_EQ(err.status, LT_EDATA) ||
			!CHECK(seal || strstr(err.msg, hostile[i].says) ||
				strstr(err.msg, "too long")))
			printf("# %s: %s\n", hostile[i].json, err.msg);
	}
}

/* The first bytes of files that are taken for safetensors. */
static void
refuses_other_kinds(void)
{
	static const struct {
		const char *bytes, *says;
	} kinds[] = {
		{"PK\003\004\x14\x08\x08\x08", "a zip archive, as torch.save"},
		{"\x80\002\x8a\x0al\xfc\x9c"
		 "F",
			"a pickle, as torch.save"},
		{"\x80\004\x95\x10\x01\x01\x01\x01", "a pickle of Python"},
		{"\x89HDF\r\n\x1a\n", "an HDF5 file"},
		{"\x93NUMPY\001\001", "an array of NumPy"},
		{"GGUF\003\001\001\001", "a GGUF file"},
		{"version https://git-lfs.github.com/spec/v1\n",
			"a Git LFS pointer"},
		{"<!DOCTYPE html>\n", "a page of HTML or XML"},
		{"versions of it", "the header would have"},
	};
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		struct lt_st st;
		struct lt_err err = {0};
		int fd;
		scratch_put("h", kinds[i].bytes, strlen(kinds[i].bytes));
		if (!CHECK_EQ(lt_st_read(&st, "h", &err), -1) ||
			!CHECK_EQ(err.status, LT_EDATA) ||
			!CHECK(strstr(err.msg, "h: not safetensors")) ||
			!CHECK(strstr(err.msg, kinds[i].says)))
			printf("# %s\n", err.msg);
		CHECK_EQ(lt_st_open(&st, "h", &fd, &err), -1);
		CHECK(strstr(err.msg, kinds[i].says));
	}
}

static void
refuses_bombs(void)
{
	struct lt_err err;
	size_t len = (size_t)1 << 20;
	char *deep = lt_alloc(len + 2, 1);
	memset(deep, '[', len);
	deep[0] = '{';
	CHECK_EQ(try_header(deep, 0, &err), -1);
	CHECK(strstr(err.msg, "nested deeper"));
	memset(deep, ' ', len);
	deep[0] = '{';
	deep[len - 1] = '}';
	CHECK_EQ(try_header(deep, 0, &err), 0);
	deep[len - 1] = ' ';
	deep[len] = '}';
	CHECK_EQ(try_header(deep, 0, &err), -1);
	CHECK(strstr(err.msg, "at most 1048576"));
	free(deep);
	scratch_put("h", "\xff\xff\xff\xff\xff\xff\xff\xff{}", 10);
	struct lt_st st;
	CHECK_EQ(lt_st_read(&st, "h", &err), -1);
	CHECK(strstr(err.msg, "at most 1048576"));
	scratch_put("h", "\xf8\xff\xff\xff\xff\xff\xff\xff{}", 10);
	CHECK_EQ(lt_st_read(&st, "h", &err), -1);
}

/* ------------------------------------------------- cuts and flipped bits */

static int
read_st(const char *path, struct lt_err *err)
{
	struct lt_st st;
	int r = lt_st_read(&st, path, err);
	lt_st_release(&st);
	return r;
}

static int
open_st(const char *path, struct lt_err *err)
{
	struct lt_st st;
	int fd, r = lt_st_open(&st, path, &fd, err);
	lt_st_release(&st);
	if (r == 0)
		close(fd);
	return r;
}

static void
refuses_every_cut(void)
{
	struct lt_err err;
	size_t n = 0;
	write_sample("a");
	char *p = scratch_get("a", &n);
	CHECK_EQ(cuts_pipe(read_st, p, n, &err), 0);
	CHECK_EQ(cuts_missed(read_st, "a", true, NULL), 0);
	CHECK_EQ(cuts_missed(open_st, "a", false, NULL), 0);
	p = lt_realloc(p, n + 1, 1);
	p[n] = 0;
	scratch_put("long", p, n + 1);
	CHECK_EQ(read_st("long", &err), -1);
	CHECK_EQ(open_st("long", &err), -1);
	CHECK_EQ(cuts_pipe(read_st, p, n + 1, &err), -1);
	free(p);
}

static void
detects_every_flip(void)
{
	write_sample("a");
	CHECK_EQ(cuts_flips_missed(read_st, "a"), 0);
}

/* A tensor of no element leaves the checksum of those before it alone: zlib's
 * own sum over the whole file, with zeros for the digits, is the same. */
static void
empty_tensor(void)
{
	struct lt_st st = {0}, back;
	struct lt_err err;
	float w[2] = {1, 2};
	size_t n = 0;
	lt_st_add(&st, "a", LT_F32, 1, (uint64_t[]){2}, w, true);
	lt_st_add(&st, "none", LT_F32, 1, (uint64_t[]){0}, NULL, true);
	lt_st_set_meta(&st, "lt.kind", "checkpoint");
	CHECK_EQ(lt_st_write(&st, "e", &err), 0);
	char *file = scratch_get("e", &n);
	char *key = strstr(file + 8, "\"lt.crc32\":\"");
	if (CHECK(key != NULL)) {
		memset(key + 12, '0', 8);
		CHECK_EQ(st.crc, crc32_z(0, (void *)file, n));
	}
	free(file);
	if (CHECK_EQ(lt_st_read(&back, "e", &err), 0))
		lt_st_release(&back);
	CHECK_EQ(cuts_flips_missed(read_st, "e"), 0);
	lt_st_release(&st);
}

/* The header by itself, then the data. */
static int
open_verify(const char *path, struct lt_err *err)
{
	struct lt_st st;
	int fd, r = lt_st_open(&st, path, &fd, err);
	if (r == 0)
		r = lt_st_verify(&st, path, err);
	lt_st_release(&st);
	if (fd >= 0)
		close(fd);
	return r;
}

static void
seals_data_sets(void)
{
	struct lt_err err;
	struct lt_st st;
	size_t n = 0, missed = 0;
	int fd;
	make(&st);
	lt_st_set_meta(&st, "lt.kind", "data");
	CHECK_EQ(lt_st_write(&st, "d", &err), 0);
	lt_st_release(&st);
	CHECK_EQ(lt_st_open(&st, "d", &fd, &err), 0);
	size_t data = st.data_pos;
	const struct lt_st_tensor *t = lt_st_find(&st, "fc.bias");
	float b[2];
	CHECK_EQ(lt_st_pread(fd, b, 8, lt_st_position(&st, t), "d", &err), 0);
	CHECK(b[0] == 0.25f && b[1] == -0.5f && !t->data);
	/* Written again from its own file, in place. */
	CHECK_EQ(lt_st_write(&st, "d", &err), 0);
	close(fd);
	lt_st_release(&st);
	CHECK_EQ(open_verify("d", &err), 0);
	CHECK_EQ(read_st("d", &err), 0);
	CHECK_EQ(cuts_flips_missed(open_verify, "d"), 0);
	CHECK_EQ(cuts_flips_missed(read_st, "d"), 0);
	char *p = scratch_get("d", &n);
	for (size_t bit = 0; bit < 8 * data; bit++) {
		p[bit / 8] ^= (char)(1 << bit % 8);
		missed += cuts_file(open_st, p, n, &err) == 0;
		p[bit / 8] ^= (char)(1 << bit % 8);
	}
	CHECK_EQ(missed, 0);
	free(p);
}

static void
takes_foreign(void)
{
	struct lt_err err;
	struct lt_st st;
	/* No seal is asked for, any order of tensors, no alignment. */
	static const char json[] =
		"{" F4("a", "[4,8]") "," F4("b", "[0,4]") "}";
	CHECK_EQ(try_header(json, 8, &err), 0);
	CHECK_EQ(lt_st_read(&st, "h", &err), 0);
	CHECK(st.foreign);
	CHECK_STR(st.tensor[0].name, "a");
	CHECK_EQ(lt_st_need_kind(&st, "h", "checkpoint", &err), 0);
	CHECK_EQ(lt_st_need_kind(&st, "h", "mask", &err), -1);
	CHECK_STR(err.msg, "h: has kind checkpoint, expected kind mask");
	lt_st_release(&st);
	CHECK_EQ(try_header("{}", 0, &err), 0);
}

static void
reads_unsealed(void)
{
	const struct lt_st_how lenient = {.lenient = true};
	struct lt_err err;
	struct lt_st st;
	size_t n = 0;
	write_sample("a");
	char *p = scratch_get("a", &n);
	p[n - 1] ^= 1;
	scratch_put("b", p, n);
	CHECK_EQ(lt_st_read(&st, "b", &err), -1);
	CHECK(strstr(err.msg, "damaged, or rewritten by another program"));
	CHECK_EQ(lt_st_read_how(&st, "b", &lenient, &err), 0);
	CHECK(st.unsealed);
	CHECK_EQ(lt_st_write(&st, "b", &err), 0);
	lt_st_release(&st);
	CHECK_EQ(lt_st_read_how(&st, "b", &lenient, &err), 0);
	CHECK(!st.unsealed);
	lt_st_release(&st);
	free(p);
}

static int
refuse(struct lt_st *st, const char *path, void *arg, struct lt_err *err)
{
	(void)st, (void)arg;
	return lt_fail(err, LT_EDATA, "%s: not wanted", path);
}

/* Keep the tensor that arg names. */
static int
keep_one(struct lt_st *st, const char *path, void *arg, struct lt_err *err)
{
	(void)path, (void)err;
	for (size_t i = 0; i < st->n; i++)
		st->tensor[i].skip = strcmp(st->tensor[i].name, arg) != 0;
	return 0;
}

/* A look may drop tensors, whose bytes are checked all the same, and refuse the
 * file; a file that is damaged is reported as that. */
static void
looks_first(void)
{
	char fc[] = "fc.bias";
	const struct lt_st_how no = {.look = refuse},
			       one = {.look = keep_one, .arg = fc};
	struct lt_err err;
	struct lt_st st;
	size_t n = 0;
	write_sample("a");
	if (CHECK_EQ(lt_st_read_how(&st, "a", &one, &err), 0)) {
		for (size_t i = 0; i < st.n; i++)
			CHECK_EQ(st.tensor[i].data != NULL,
				!strcmp(st.tensor[i].name, fc));
		lt_st_release(&st);
	}
	CHECK_EQ(lt_st_read_how(&st, "a", &no, &err), -1);
	CHECK_STR(err.msg, "a: not wanted");
	char *p = scratch_get("a", &n);
	p[n - 1] ^= 1;
	scratch_put("b", p, n);
	CHECK_EQ(lt_st_read_how(&st, "b", &one, &err), -1);
	CHECK(strstr(err.msg, "damaged"));
	CHECK_EQ(lt_st_read_how(&st, "b", &no, &err), -1);
	CHECK(strstr(err.msg, "damaged"));
	scratch_put("b", p, n - 1);
	CHECK_EQ(lt_st_read_how(&st, "b", &no, &err), -1);
	CHECK(strstr(err.msg, "truncated"));
	free(p);
}

/* Seals that are no seals, and keys that look like one. */
static void
reseals_strange(void)
{
	static const struct {
		const char *key, *value;
		int result;
	} odd[] = {
		{"lt.header_crc32", "zz", 0},
		{"lt.header_crc32", "0123456789", 0},
		{"lt.crc32", "", 0},
		{"x\"lt.crc32", "00000000", -1},
		{"\"lt.header_crc32", "00000000", 0},
		{"xlt.crc32", "00000000", 0},
	};
	for (size_t i = 0; i < sizeof(odd) / sizeof(*odd); i++) {
		struct lt_st st;
		struct lt_err err = {0};
		make(&st);
		lt_st_set_meta(&st, odd[i].key, odd[i].value);
		CHECK_EQ(lt_st_write(&st, "odd", &err), odd[i].result);
		CHECK(err.status == (odd[i].result ? LT_EDATA : 0));
		if (odd[i].result == 0)
			CHECK_EQ(read_st("odd", &err), 0);
		lt_st_release(&st);
	}
}

static void
keeps_history(void)
{
	struct lt_st st;
	make(&st);
	const char *const kv[] = {"seed", "1", "data", "0a\xff", NULL};
	lt_st_history(&st, "lt-init", kv);
	CHECK_STR(lt_st_meta(&st, "lt.history"),
		"[{\"tool\":\"lt-init\",\"version\":\"" LT_VERSION
		"\",\"seed\":\"1\",\"data\":\"0a?\"}]");
	lt_st_history(&st, "lt-init", kv);
	CHECK(!strstr(lt_st_meta(&st, "lt.history"), "},{"));
	lt_st_history(&st, "lt-prune", NULL);
	CHECK(strstr(
		lt_st_meta(&st, "lt.history"), "},{\"tool\":\"lt-prune\""));
	lt_st_set_meta(&st, "lt.history", "[[[[[[");
	lt_st_history(&st, "lt-prune", NULL);
	CHECK(!strstr(lt_st_meta(&st, "lt.history"), "[["));
	lt_st_release(&st);
}

static void
fails_to_write(void)
{
	struct lt_st st;
	struct lt_err err;
	make(&st);
	CHECK_EQ(lt_st_write(&st, "/dev/full", &err), -1);
	CHECK_EQ(err.status, LT_EIO);
	CHECK_EQ(lt_st_write(&st, "/dev/null", &err), 0);
	CHECK_EQ(lt_st_write(&st, "no/such/place", &err), -1);
	CHECK_EQ(err.status, LT_EIO);
	char *net = lt_alloc(1100000, 1);
	memset(net, 'x', 1100000 - 1);
	lt_st_set_meta(&st, "lt.net", net);
	CHECK_EQ(lt_st_write(&st, "big", &err), -1);
	CHECK(strstr(err.msg, "at most 1048576"));
	CHECK(access("big", F_OK) < 0);
	free(net);
	lt_st_release(&st);
}

static void
opens_regular_only(void)
{
	struct lt_st st;
	struct lt_err err;
	int fd;
	if (mkfifo("fifo", 0600) < 0)
		return;
	CHECK_EQ(lt_st_open(&st, "fifo", &fd, &err), -1);
	CHECK(strstr(err.msg, "not a regular file"));
	CHECK_EQ(lt_st_open(&st, "/dev/zero", &fd, &err), -1);
	CHECK_EQ(lt_st_open(&st, ".", &fd, &err), -1);
	CHECK_EQ(lt_st_open(&st, "missing", &fd, &err), -1);
	CHECK_EQ(err.status, LT_EIO);
	CHECK_EQ(lt_st_read(&st, "/dev/zero", &err), -1);
	CHECK_EQ(lt_st_read(&st, "/dev/null", &err), -1);
	CHECK_EQ(err.status, LT_EDATA);
}

/* Each type in a tensor "a" of two, and what it becomes. */
static const struct {
	const char *type, *bytes;
	size_t size;
	enum lt_dtype to;
	double value[2];
} conversion[] = {
	{"F16", "\x00\x3c\x01\x80", 4, LT_F32, {1, -0x1p-24}},
	{"F16", "\xff\x03\x00\x04", 4, LT_F32, {0x3ffp-24, 0x1p-14}},
	{"F16", "\xff\x7b\x00\xfc", 4, LT_F32, {65504, -INFINITY}},
	{"BF16", "\x80\x3f\x49\xc0", 4, LT_F32, {1, -3.140625}},
	{"F64", "\0\0\0\0\0\0\xe0\x3f\0\0\0\0\0\0\xf0\x7f", 16, LT_F32,
		{0.5, INFINITY}},
	{"I16", "\xff\xff\x00\x01", 4, LT_I32, {-1, 256}},
	{"I8", "\xff\x7f", 2, LT_I32, {-1, 127}},
	{"U16", "\xff\xff\x00\x01", 4, LT_I32, {65535, 256}},
	{"U32", "\xff\xff\xff\xff\x01\0\0\0", 8, LT_I64, {4294967295.0, 1}},
};

static double
element(const struct lt_st_tensor *t, size_t i)
{
	return t->dtype == LT_F32   ? (double)((float *)t->data)[i]
	       : t->dtype == LT_I32 ? ((int32_t *)t->data)[i]
				    : (double)((int64_t *)t->data)[i];
}

static void
converts(void)
{
	char head[128];
	struct lt_err err;
	int fd;

	for (size_t i = 0; i < sizeof conversion / sizeof *conversion; i++) {
		struct lt_st st;
		snprintf(head, sizeof head,
			"{\"a\":{\"dtype\":\"%s\",\"shape\":[2],"
			"\"data_offsets\":[0,%zu]}}",
			conversion[i].type, conversion[i].size);
		FILE *f = fopen("t", "wb");
		uint64_t n = strlen(head);
		fwrite(&n, 8, 1, f);
		fputs(head, f);
		fwrite(conversion[i].bytes, 1, conversion[i].size, f);
		CHECK_EQ(fclose(f), 0);
		if (!CHECK_EQ(lt_st_read(&st, "t", &err), 0))
			continue;
		CHECK_EQ(st.tensor->dtype, conversion[i].to);
		CHECK_STR(st.tensor->stored, conversion[i].type);
		for (size_t k = 0; k < 2; k++)
			CHECK(element(st.tensor, k) == conversion[i].value[k]);
		lt_st_release(&st);
		CHECK_EQ(lt_st_open(&st, "t", &fd, &err), -1);
		CHECK(strstr(err.msg, "expected F32, I64, I32, U8, BOOL"));
	}
}

/* Halves by the definition: (-1)^s 2^(e-15) (1 + m/1024). */
static void
halves(void)
{
	uint16_t half[65536];
	static float f[65536];
	int wrong = 0;

	for (int i = 0; i < 65536; i++)
		half[i] = (uint16_t)i;
	lt_st_foreign_find("F16")->convert(f, half, 65536);
	for (int i = 0; i < 65536; i++) {
		int e = i >> 10 & 31, m = i & 1023;
		double v = e == 0    ? ldexp(m, -24)
			   : e == 31 ? m ? NAN : INFINITY
				     : ldexp(1024 + m, e - 25);
		v = i >> 15 ? -v : v;
		wrong += isnan(v) ? !isnan(f[i])
				  : f[i] != v || !signbit(f[i]) != !(i >> 15);
	}
	CHECK_EQ(wrong, 0);
}

int
main(void)
{
	scratch_enter();
	TEST(round_trip, "what is written is read back, in one order");
	TEST(empty_tensor, "an empty tensor does not hide what is before it");
	TEST(refuses_hostile, "hostile headers are refused");
	TEST(refuses_other_kinds, "files of other kinds are named");
	TEST(refuses_bombs, "deep and long headers are refused unparsed");
	TEST(refuses_every_cut, "every cut is refused, as file and as pipe");
	TEST(detects_every_flip, "every flipped bit is detected");
	TEST(seals_data_sets, "a data set's header has a seal of its own");
	TEST(converts, "other types become ours; by position they are refused");
	TEST(halves, "every half is the float it stands for");
	TEST(takes_foreign, "files from elsewhere need no seal");
	TEST(looks_first, "a look comes before the data, damage before a look");
	TEST(reads_unsealed, "a broken seal can be accepted and renewed");
	TEST(reseals_strange, "keys that look like a seal do no harm");
	TEST(keeps_history, "history grows by what is new");
	TEST(fails_to_write, "a failed write leaves nothing");
	TEST(opens_regular_only, "only a regular file is read by position");
	scratch_leave();
	return tap_done();
}
