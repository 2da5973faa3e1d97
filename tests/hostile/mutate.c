/* mutate FILE SEED COUNT PREFIX: write COUNT files PREFIX<i>, each FILE, which
 * lt wrote, with one to three things in it changed, and sealed again: metadata,
 * a line of net text, names, shapes, types and bytes of tensors.  The same
 * arguments give the same files.
 */
#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "../fuzz/seal.h"
#include "base/rng.h"

#define TENSORS 512
#define DATA ((size_t)1 << 22)

struct tensor {
	char name[400];
	const char *dtype;
	uint64_t shape[10];
	size_t ndim, size;
	uint8_t *data;
};

struct file {
	json_t *meta;
	struct tensor t[TENSORS];
	size_t n;
};

static const struct {
	const char *name;
	size_t size;
} types[] = {
	{"F32", 4}, {"I64", 8}, {"I32", 4}, {"U8", 1}, {"BOOL", 1}, {"F16", 2}};
#define TYPES (sizeof types / sizeof *types)

static const char *const values[] = {"0", "1", "-1", "2", "9", "100",
	"4294967295", "4294967296", "18446744073709551615",
	"18446744073709551616", "9223372036854775807", "1e400", "nan", "inf",
	"-0", "0.5", "", "x", " 1", "1 ", "0x10", "999999999999", "1,2,3", "[",
	"{}", "[]", "[{}]", "[1]", "[[[[", "\x1b[31m", "\n", "a\tb",
	"\xe2\x80\xae", "\xc2\x9b", "\"", "\\", "\xc3\xa9", "16777216",
	"1099511627776", "1099511627775", ".5"};

static struct lt_rng rng;

static size_t
below(size_t n)
{
	return (size_t)lt_rng_below(&rng, n);
}

#define PICK(array) (array)[below(sizeof(array) / sizeof *(array))]

static size_t
type_size(const char *dtype)
{
	for (size_t i = 0; i < TYPES; i++)
		if (strcmp(types[i].name, dtype) == 0)
			return types[i].size;
	return 1;
}

static const char *
type_name(const char *dtype)
{
	for (size_t i = 0; i < TYPES; i++)
		if (strcmp(types[i].name, dtype) == 0)
			return types[i].name;
	return "U8";
}

static void
die(const char *what)
{
	fprintf(stderr, "mutate: %s\n", what);
	exit(1);
}

/* ---- in and out ---------------------------------------------------------- */

static char *
slurp(const char *path, size_t *n)
{
	FILE *f = fopen(path, "rb");
	char *p = malloc(DATA);

	if (!f || !p)
		die(path);
	*n = fread(p, 1, DATA, f);
	fclose(f);
	if (*n < 8 || *n == DATA || seal_get64(p) > *n - 8)
		die("no small file of lt's");
	return p;
}

static void
take_tensor(struct tensor *t, const char *name, json_t *j, const char *data)
{
	json_t *shape = json_object_get(j, "shape");
	json_t *at = json_object_get(j, "data_offsets");
	size_t begin = (size_t)json_integer_value(json_array_get(at, 0));

	snprintf(t->name, sizeof t->name, "%s", name);
	t->dtype = type_name(json_string_value(json_object_get(j, "dtype")));
	t->ndim = json_array_size(shape);
	for (size_t i = 0; i < t->ndim; i++)
		t->shape[i] =
			(uint64_t)json_integer_value(json_array_get(shape, i));
	t->size = (size_t)json_integer_value(json_array_get(at, 1)) - begin;
	t->data = malloc(t->size ? t->size : 1);
	memcpy(t->data, data + begin, t->size);
}

static void
load(struct file *f, const char *bytes)
{
	size_t len = (size_t)seal_get64(bytes);
	json_t *root = json_loadb(bytes + 8, len, 0, NULL), *value;
	const char *key;

	if (!root)
		die("its header is no JSON");
	f->n = 0;
	f->meta = json_deep_copy(json_object_get(root, "__metadata__"));
	json_object_foreach(root, key,
		value) if (strcmp(key, "__metadata__") && f->n < TENSORS)
		take_tensor(&f->t[f->n++], key, value, bytes + 8 + len);
	json_decref(root);
}

static json_t *
header(const struct file *f)
{
	json_t *root = json_object();
	size_t at = 0;

	json_object_set(root, "__metadata__", f->meta);
	for (size_t i = 0; i < f->n; i++) {
		const struct tensor *t = &f->t[i];
		json_t *shape = json_array();
		for (size_t k = 0; k < t->ndim; k++)
			json_array_append_new(
				shape, json_integer((json_int_t)t->shape[k]));
		json_object_set_new(root, t->name,
			json_pack("{s:s, s:o, s:[I,I]}", "dtype", t->dtype,
				"shape", shape, "data_offsets", (json_int_t)at,
				(json_int_t)(at + t->size)));
		at += t->size;
	}
	return root;
}

static void
save(const struct file *f, const char *path)
{
	json_t *root = header(f);
	char *text = json_dumps(root, JSON_COMPACT);
	size_t len = strlen(text), pad = (0 - (len + 8)) % 64, size = 0;

	for (size_t i = 0; i < f->n; i++)
		size += f->t[i].size;
	char *all = malloc(8 + len + pad + size), *at = all + 8 + len + pad;
	seal_put64(all, len + pad);
	memcpy(all + 8, text, len);
	memset(all + 8 + len, ' ', pad);
	for (size_t i = 0; i < f->n; i++) {
		memcpy(at, f->t[i].data, f->t[i].size);
		at += f->t[i].size;
	}
	seal(all, 8 + len + pad + size);
	FILE *to = fopen(path, "wb");
	if (!to ||
		fwrite(all, 1, 8 + len + pad + size, to) !=
			8 + len + pad + size ||
		fclose(to) != 0)
		die(path);
	free(all);
	free(text);
	json_decref(root);
}

static void
forget(struct file *f)
{
	for (size_t i = 0; i < f->n; i++)
		free(f->t[i].data);
	json_decref(f->meta);
}

/* ---- changes ------------------------------------------------------------- */

static void
set_text(json_t *meta, const char *key, const char *text)
{
	/* What is not UTF-8 is left as it was. */
	json_object_set_new(meta, key, json_string(text));
}

static bool
is_seal(const char *key)
{
	return strcmp(key, "lt.crc32") == 0 ||
	       strcmp(key, "lt.header_crc32") == 0;
}

/* A metadata key by number. */
static const char *
key_at(json_t *meta, size_t i)
{
	void *at = json_object_iter(meta);

	while (i-- && at)
		at = json_object_iter_next(meta, at);
	return at ? json_object_iter_key(at) : NULL;
}

/* Some characters within a value are replaced by a hostile value. */
static void
splice(json_t *meta, const char *key, const char *old)
{
	char text[8192];
	size_t n = strlen(old), at = below(n + 1), skip = below(4);

	if (n > 4000)
		return;
	skip = skip > n - at ? n - at : skip;
	snprintf(text, sizeof text, "%.*s%s%s", (int)at, old, PICK(values),
		old + at + skip);
	set_text(meta, key, text);
}

static void
change_meta(struct file *f)
{
	static const char *const more[] = {"lt.run.x", "lt.stop.masks",
		"lt.stop.queue", "lt.kind", "lt.x", "x"};
	const char *key = key_at(f->meta, below(json_object_size(f->meta)));

	if (!key || is_seal(key))
		return;
	const char *old = json_string_value(json_object_get(f->meta, key));
	switch (below(5)) {
	case 0:
	case 1:
		set_text(f->meta, key, PICK(values));
		break;
	case 2:
		json_object_del(f->meta, key);
		break;
	case 3:
		splice(f->meta, key, old ? old : "");
		break;
	case 4:
		set_text(f->meta, PICK(more), PICK(values));
	}
}

/* A number in a line of net text, or the whole line. */
static void
change_net(struct file *f)
{
	static const char *const numbers[] = {
		"0", "1", "2", "4", "8", "65536", "65535", "99999999999"};
	const char *net = json_string_value(json_object_get(f->meta, "lt.net"));
	char text[16384];
	size_t n = net ? strlen(net) : 0, digits[512], found = 0, lines = 0;

	if (!net || n > 8000)
		return;
	for (size_t i = 0; i < n; i++) {
		lines += net[i] == '\n';
		if (net[i] >= '0' && net[i] <= '9' && found < 512)
			digits[found++] = i;
	}
	if (found && below(2)) {
		size_t at = digits[below(found)];
		snprintf(text, sizeof text, "%.*s%s%s", (int)at, net,
			PICK(numbers), net + at + 1);
	} else if (lines) {
		/* Without a line, or with it twice. */
		size_t line = below(lines), begin = 0;
		while (line--)
			begin += strcspn(net + begin, "\n") + 1;
		size_t len = strcspn(net + begin, "\n") + 1;
		snprintf(text, sizeof text, "%.*s%s",
			(int)(below(2) ? begin : begin + len), net,
			net + begin + (below(2) ? len : 0));
	} else {
		return;
	}
	set_text(f->meta, "lt.net", text);
}

/* Bytes that the shape and type ask for, the old ones again and again. */
static void
refit(struct tensor *t)
{
	uint64_t count = 1;

	for (size_t i = 0; i < t->ndim; i++)
		count *= t->shape[i];
	if (count > DATA / 16)
		return;
	size_t size = (size_t)count * type_size(t->dtype);
	uint8_t *data = calloc(size ? size : 1, 1);
	for (size_t i = 0; i < size && t->size; i++)
		data[i] = t->data[i % t->size];
	free(t->data);
	t->data = data;
	t->size = size;
}

static void
change_name(struct tensor *t)
{
	static const char *const before[] = {"x", "module.", "best.", "optim.",
		"stop.0.", "stop.9.", "\xc3\xa9", "\x1b[1m"};
	static const char *const after[] = {
		"x", "_mask", ".momentum", ".weight", "\n", "\xc2\x9b"};
	char text[sizeof t->name + 16];

	if (below(2))
		snprintf(text, sizeof text, "%s%s", PICK(before), t->name);
	else
		snprintf(text, sizeof text, "%s%s", t->name, PICK(after));
	snprintf(
		t->name, sizeof t->name, "%.*s", (int)sizeof t->name - 1, text);
}

static void
change_shape(struct tensor *t)
{
	switch (below(4)) {
	case 0:
		for (size_t i = 0; i < t->ndim / 2; i++) {
			uint64_t x = t->shape[i];
			t->shape[i] = t->shape[t->ndim - 1 - i];
			t->shape[t->ndim - 1 - i] = x;
		}
		break;
	case 1:
		t->shape[t->ndim++] = below(3);
		break;
	case 2:
		t->shape[0] = t->size / type_size(t->dtype);
		t->ndim = 1;
		break;
	case 3:
		t->ndim = t->ndim ? t->ndim - 1 : 0;
	}
	refit(t);
}

static void
change_data(struct tensor *t)
{
	static const uint32_t floats[] = {
		0x7fc00000, 0x7f800000, 0xff800000, 1, 0x7f7fffff, 0x80000000};
	static const uint8_t bytes[] = {0, 1, 2, 127, 128, 255};
	size_t times = below(3) ? 1 + below(3) : t->size;

	if (!t->size)
		return;
	if (strcmp(t->dtype, "F32") == 0 && below(2)) {
		memcpy(t->data + 4 * below(t->size / 4), &PICK(floats), 4);
		return;
	}
	while (times--)
		t->data[below(t->size)] = PICK(bytes);
}

static void
change_tensors(struct file *f)
{
	size_t i = below(f->n);
	struct tensor *t = &f->t[i];

	switch (below(8)) {
	case 0:
		free(t->data);
		memmove(t, t + 1, (f->n - i - 1) * sizeof *t);
		f->n--;
		break;
	case 1:
		change_name(t);
		break;
	case 2:
		change_shape(t);
		break;
	case 3:
		t->dtype = types[below(TYPES)].name;
		refit(t);
		break;
	case 4:
		if (f->n < TENSORS) {
			struct tensor *copy = &f->t[f->n++];
			*copy = *t;
			copy->data = malloc(t->size ? t->size : 1);
			memcpy(copy->data, t->data, t->size);
			change_name(copy);
		}
		break;
	default:
		change_data(t);
	}
}

static void
change(struct file *f)
{
	size_t kind = below(20);

	if (kind < 8)
		change_meta(f);
	else if (kind < 11)
		change_net(f);
	else if (f->n)
		change_tensors(f);
}

int
main(int argc, char **argv)
{
	static struct file f;
	char path[4096];
	size_t size;

	if (argc != 5)
		die("FILE SEED COUNT PREFIX");
	char *bytes = slurp(argv[1], &size);
	int count = atoi(argv[3]);
	for (int i = 0; i < count; i++) {
		lt_rng_init(&rng, strtoull(argv[2], NULL, 10), LT_STREAM_TEST,
			(uint64_t)i, 0);
		load(&f, bytes);
		for (size_t k = below(4) ? 1 : 1 + below(3); k; k--)
			change(&f);
		snprintf(path, sizeof path, "%s%d", argv[4], i);
		save(&f, path);
		forget(&f);
	}
	free(bytes);
	return 0;
}
