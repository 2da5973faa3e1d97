/* Weights to and from files, hostile files, masks on a network. */
#include <inttypes.h>
#include <stdlib.h>
#include <sys/resource.h>
#include "base/mem.h"
#include "net/model.h"
#include "scratch.h"
#include "tap.h"

static struct lt_err err;

static const char small[] = "net small\ninput 2 6 6\n"
			    "c = conv input 4 k3 bias\nb = bn c\n"
			    "g = gap b\nf = linear g 3 bias\noutput f\n";

/* A network with weights of a seed, and counters of batches. */
static void
open_model(struct lt_model *m, uint64_t seed)
{
	lt_model_init(m, lt_graph_parse(small, "small", &err));
	CHECK_EQ(lt_model_random(m, NULL, seed, &err), 0);
	m->batches[0] = 41;
}

static void
close_model(struct lt_model *m)
{
	struct lt_graph *g = (struct lt_graph *)m->g;

	lt_model_release(m);
	lt_graph_free(g);
}

static void
write_model(const struct lt_model *m, const char *net, const char *path)
{
	struct lt_st st = {0};

	lt_model_to_st(m, "", &st);
	lt_st_set_meta(&st, "lt.kind", "checkpoint");
	if (net)
		lt_st_set_meta(&st, "lt.net", net);
	CHECK_EQ(lt_st_write(&st, path, &err), 0);
	lt_st_release(&st);
}

/* 0, or -1 with a message that holds says. */
static int
reads(struct lt_model *m, const char *path, const char *net, const char *says)
{
	struct lt_graph *g = NULL;
	struct lt_st st = {0};
	int r = lt_model_open(m, &g, &st, path, net, 0, &err);

	lt_st_release(&st);
	if (r < 0 && (!CHECK(says && strstr(err.msg, says)) ||
			     !CHECK_EQ(err.status, LT_EDATA) || !CHECK(!g)))
		printf("# %s lacks %s\n", err.msg, says ? says : "");
	return r;
}

static void
round_trip(void)
{
	struct lt_model m, k;

	open_model(&m, 1);
	write_model(&m, small, "a");
	if (CHECK_EQ(reads(&k, "a", NULL, NULL), 0)) {
		CHECK_STR(k.g->text, m.g->text);
		CHECK_EQ(k.g->floats, m.g->floats);
		CHECK(!memcmp(k.w, m.w, m.g->floats * sizeof *m.w));
		CHECK_EQ(k.batches[0], 41);
		close_model(&k);
	}
	close_model(&m);
}

/* One tensor's entry in the header. */
static void
put_entry(FILE *f, const char *prefix, const struct lt_st_tensor *t, size_t *at)
{
	fprintf(f, "%s\"%s%s\":{\"dtype\":\"%s\",\"shape\":[", *at ? "," : "{",
		prefix, t->name, lt_dtype_name(t->dtype));
	for (int i = 0; i < t->ndim; i++)
		fprintf(f, "%s%" PRIu64, i ? "," : "", t->shape[i]);
	fprintf(f, "],\"data_offsets\":[%zu,%zu]}", *at, *at + t->size);
	*at += t->size;
}

/* The tensors under prefix, less the one named less, as another program writes
 * them: no metadata, no seal, no padding. */
static void
write_tensors(struct lt_st *st, const char *prefix, const char *less,
	const char *path)
{
	char *head = NULL;
	size_t size, at = 0;
	FILE *f = open_memstream(&head, &size);

	for (size_t i = 0; i < st->n; i++)
		if (!less || strcmp(st->tensor[i].name, less) != 0)
			put_entry(f, prefix, &st->tensor[i], &at);
	fputc('}', f);
	fclose(f);
	f = fopen(path, "wb");
	uint64_t n = size;
	fwrite(&n, 8, 1, f);
	fwrite(head, 1, size, f);
	for (size_t i = 0; i < st->n; i++)
		if (!less || strcmp(st->tensor[i].name, less) != 0)
			fwrite(st->tensor[i].data, 1, st->tensor[i].size, f);
	CHECK_EQ(fclose(f), 0);
	free(head);
	lt_st_release(st);
}

static void
write_foreign(const struct lt_model *m, const char *prefix, const char *less,
	const char *path)
{
	struct lt_st st = {0};

	lt_model_to_st(m, "", &st);
	write_tensors(&st, prefix, less, path);
}

static void
from_elsewhere(void)
{
	struct lt_model m, k;

	FILE *f = fopen("net", "w");
	fputs(small, f);
	CHECK_EQ(fclose(f), 0);
	open_model(&m, 2);
	write_foreign(&m, "module._orig_mod.module.", NULL, "a");
	if (CHECK_EQ(reads(&k, "a", "./net", NULL), 0)) {
		CHECK(!memcmp(k.w, m.w, m.g->floats * sizeof *m.w));
		CHECK_EQ(k.batches[0], 41);
		close_model(&k);
	}
	write_foreign(&m, "", "b.num_batches_tracked", "a");
	if (CHECK_EQ(reads(&k, "a", "./net", NULL), 0)) {
		CHECK_EQ(k.batches[0], 0);
		close_model(&k);
	}
	CHECK_EQ(reads(&k, "a", NULL, "contains no network"), -1);
	write_foreign(&m, "", "f.bias", "a");
	CHECK_EQ(reads(&k, "a", "./net",
			 "no tensor 'f.bias' [3], which network small has; no "
			 "other has this shape"),
		-1);
	write_foreign(&m, "x.", NULL, "a");
	CHECK_EQ(reads(&k, "a", "./net",
			 "no tensor 'c.weight' [4,2,3,3], which network small "
			 "has; nearest of this shape is 'x.c.weight'"),
		-1);
	CHECK_EQ(reads(&k, "a", "resnet20", "no tensor 'conv1.weight'"), -1);
	close_model(&m);
}

/* A foreign file of one-element and other tensors of any type, beside those of
 * m. */
static void
write_with(const struct lt_model *m, const char *name, enum lt_dtype type,
	uint64_t count)
{
	struct lt_st st = {0};

	lt_model_to_st(m, "", &st);
	struct lt_st_tensor *t = lt_st_find(&st, "b.num_batches_tracked");
	if (!strcmp(name, t->name)) {
		float *v = lt_alloc(1, sizeof *v);
		*v = 7;
		*t = (struct lt_st_tensor){.name = t->name,
			.dtype = LT_F32,
			.count = 1,
			.size = 4,
			.data = v};
	} else {
		lt_st_add(
			&st, name, type, 1, &count, lt_alloc(count, 8), false);
	}
	write_tensors(&st, "", NULL, "a");
}

/* What other programs leave beside the weights. */
static void
extras(void)
{
	struct lt_model m, k;

	open_model(&m, 7);
	write_with(&m, "b.num_batches_tracked", LT_F32, 1);
	if (CHECK_EQ(reads(&k, "a", "./net", NULL), 0)) {
		CHECK_EQ(k.batches[0], 7);
		close_model(&k);
	}
	write_with(&m, "index", LT_I64, 5);
	if (CHECK_EQ(reads(&k, "a", "./net", NULL), 0))
		close_model(&k);
	write_with(&m, "c.total_ops", LT_F32, 1);
	if (CHECK_EQ(reads(&k, "a", "./net", NULL), 0))
		close_model(&k);
	write_with(&m, "scale", LT_F32, 1);
	CHECK_EQ(reads(&k, "a", "./net",
			 "'scale' [1] does not belong to network small"),
		-1);
	write_with(&m, "module.f.weight", LT_F32, 1);
	CHECK_EQ(reads(&k, "a", "./net", "'f.weight' occurs twice"), -1);
	close_model(&m);
}

/* Texts that claim what the file does not hold. */
static const struct {
	const char *net, *says;
} liars[] = {
	{"net x\ninput 2 6 6\nc = conv input 4 k5 bias\nb = bn c\ng = gap b\n"
	 "f = linear g 3 bias\noutput f\n",
		"'c.weight' is F32 [4,2,3,3], expected F32 [4,2,5,5]"},
	{"net x\ninput 2 6 6\nc = conv input 4 k3 bias\ng = gap c\n"
	 "f = linear g 3 bias\noutput f\n",
		"tensor 'b.num_batches_tracked' [] does not belong to network "
		"x"},
	{"net x\ninput 2 6 6\nc = conv input 4 k3 bias\nb = bn c\ng = gap b\n"
	 "h = linear g 60000 bias\nf = linear h 3 bias\noutput f\n",
		"no tensor 'h.weight'"},
	{"net x\ninput 32768 1 1\nc = linear input 16000\nf = linear c 3\n"
	 "output f\n",
		"'c.weight' is F32 [4,2,3,3], expected F32 [16000,32768]"},
	{"net x\ninput 32768 1 1\nc = linear input 17000\noutput c\n",
		"lt.net:3:1: 'c' has too many weights"},
	{"net x\ninput 2 6", "lt.net:2:10: columns is missing"},
	{"", "no 'net' line"},
};

/* Of the 2 GB that a text may ask for nothing is taken. */
static void
claims_cost_nothing(void)
{
	struct lt_model m, k;
	struct rusage before, after;

	open_model(&m, 3);
	getrusage(RUSAGE_SELF, &before);
	for (size_t i = 0; i < sizeof liars / sizeof *liars; i++) {
		write_model(&m, liars[i].net, "a");
		CHECK_EQ(reads(&k, "a", NULL, liars[i].says), -1);
	}
	/* A state may hold more than its network, not less. */
	struct lt_st st = {0};
	lt_model_to_st(&m, "", &st);
	lt_st_set_meta(&st, "lt.kind", "state");
	lt_st_set_meta(&st, "lt.net", liars[3].net);
	CHECK_EQ(lt_st_write(&st, "a", &err), 0);
	lt_st_release(&st);
	CHECK_EQ(reads(&k, "a", NULL, "'c.weight' is F32 [4,2,3,3]"), -1);
	getrusage(RUSAGE_SELF, &after);
	CHECK(after.ru_maxrss - before.ru_maxrss < 32768);
	close_model(&m);
}

static void
prefixes(void)
{
	struct lt_model m, k;
	struct lt_st st = {0};

	open_model(&m, 4);
	open_model(&k, 5);
	lt_model_to_st(&m, "best.", &st);
	CHECK_EQ(lt_model_from_st(&k, &st, "best.", "state", &err), 0);
	CHECK(!memcmp(k.w, m.w, m.g->floats * sizeof *m.w));
	CHECK_EQ(lt_model_from_st(&k, &st, "worst.", "state", &err), -1);
	CHECK(strstr(err.msg, "state: no tensor 'worst.c.weight'"));
	lt_st_release(&st);
	close_model(&m);
	close_model(&k);
}

static void
under_a_mask(void)
{
	struct lt_model m;
	struct lt_mask mask = {0};
	uint64_t shape[] = {3, 4}, other[] = {4, 3};

	open_model(&m, 6);
	float *w =
		m.w + m.g->param[lt_graph_find_param(m.g, "f.weight")].offset;
	struct lt_mask_layer *l = lt_mask_add(&mask, "f.weight", 2, shape);
	l->keep[1] = l->keep[11] = 1;
	w[0] = -1;
	float one = w[1], last = w[11];
	CHECK_EQ(lt_model_check_mask(m.g, &mask, "m", "c", &err), 0);
	lt_model_apply_mask(&m, &mask);
	CHECK(w[1] == one && w[11] == last && one != 0 && last != 0);
	for (int i = 0; i < 12; i++) {
		static const float zero = 0;
		CHECK(i == 1 || i == 11 || !memcmp(&w[i], &zero, sizeof zero));
	}
	lt_mask_release(&mask);
	lt_mask_add(&mask, "f.weight", 2, other);
	CHECK_EQ(lt_model_check_mask(m.g, &mask, "m", "c", &err), -1);
	CHECK(strstr(err.msg, "m: 'f.weight' is [4,3], in c [3,4]"));
	lt_mask_release(&mask);
	lt_mask_add(&mask, "f.bias", 1, shape);
	CHECK_EQ(lt_model_check_mask(m.g, &mask, "m", "c", &err), -1);
	CHECK(strstr(err.msg, "m: masks 'f.bias', which c (small) does not "
			      "prune"));
	lt_mask_release(&mask);
	lt_mask_add(&mask, "z", 1, shape);
	CHECK_EQ(lt_model_check_mask(m.g, &mask, "m", "c", &err), -1);
	CHECK(strstr(err.msg, "c (small) does not have"));
	CHECK_EQ(err.status, LT_EDATA);
	lt_mask_release(&mask);
	close_model(&m);
}

int
main(void)
{
	scratch_enter();
	TEST(round_trip, "weights written and read are the same weights");
	TEST(from_elsewhere, "a state dict from elsewhere is taken, or named");
	TEST(extras,
		"what is no weight is passed over, a strange weight is not");
	TEST(claims_cost_nothing,
		"a text that claims too much takes no memory");
	TEST(prefixes, "weights are kept under a prefix");
	TEST(under_a_mask, "a mask that fits is applied, another is refused");
	scratch_leave();
	return tap_done();
}
