/* One target for each reader of lt. */
#include "fuzz.h"

#include <fcntl.h>
#include <math.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include "../unit/scratch.h"
#include "../unit/tiny.h"
#include "base/in.h"
#include "base/num.h"
#include "base/answer.h"
#include "base/out.h"
#include "file/column.h"
#include "file/dataset.h"
#include "info/describe.h"
#include "file/events.h"
#include "info/filekind.h"
#include "source/image.h"
#include "file/index.h"
#include "mask/maskfile.h"
#include "file/makecheck.h"
#include "file/npy.h"
#include "source/picture.h"
#include "file/predictions.h"
#include "source/source.h"
#include "file/st.h"
#include "source/tar.h"
#include "run/train.h"
#include "net/arch.h"
#include "net/model.h"
#include "info/netdraw.h"
#include "info/netinfo.h"
#include "seal.h"
#include "ticket/criteria.h"
#include "ticket/forget.h"
#include "ticket/searches.h"

static struct lt_out *null; /* where text goes */
static struct lt_answer last_answer;

/* A new answer, in turns as text and as JSON; the one before is written. */
static struct lt_answer *
answer(void)
{
	if (last_answer.out)
		lt_answer_end(&last_answer);
	last_answer.out = null;
	last_answer.json = !last_answer.json;
	return &last_answer;
}
static struct lt_err err;

/* ---- what every target does ---------------------------------------------- */

#define MUST(cond) \
	do { \
		if (!(cond)) { \
			fprintf(stderr, "%s:%d: %s (%s)\n", __FILE__, \
				__LINE__, #cond, err.msg); \
			abort(); \
		} \
	} while (0)

/* Did it work?  A failure has the status of bad input and one line without
 * control characters. */
static bool
worked(int r)
{
	if (r >= 0)
		return true;
	MUST(err.status == LT_EDATA || err.status == LT_EIO ||
		err.status == LT_EUSAGE || err.status == LT_EDIVERGED);
	MUST(err.msg[0]);
	for (const char *p = err.msg; *p; p++)
		MUST((unsigned char)*p >= ' ' && *p != 127);
	return false;
}

static bool
opened(const void *handle)
{
	return worked(handle ? 0 : -1);
}

/* Two files in memory, which have names all the same. */
static int file[2];
static char path[2][32];

static void
fill(int which, const void *p, size_t n)
{
	MUST(ftruncate(file[which], 0) == 0);
	MUST(pwrite(file[which], p, n, 0) == (ssize_t)n);
	/* What is first, text or JSON, depends on the input alone. */
	if (which == 0) {
		lt_answer_release(&last_answer);
		last_answer.json = n & 1;
	}
}

/* The second file as an output: it is written through, at its offset. */
static const char *
emptied(void)
{
	fill(1, "", 0);
	MUST(lseek(file[1], 0, SEEK_SET) == 0);
	return path[1];
}

/* The input, sealed, as a file; false when it is too short for that. */
static bool
fill_sealed(const uint8_t *p, size_t n)
{
	if (n < 8)
		return false;
	char *copy = malloc(n);
	memcpy(copy, p, n);
	seal(copy, n);
	fill(0, copy, n);
	free(copy);
	return true;
}

/* An input of two parts begins with the first one's length in two bytes. */
static size_t
split(const uint8_t **p, size_t *n)
{
	if (*n < 2)
		return *n = 0;
	size_t first = (size_t)((*p)[0] | (*p)[1] << 8);
	*p += 2;
	*n -= 2;
	return first < *n ? first : *n;
}

static char *
text_of(const uint8_t *p, size_t n)
{
	char *s = malloc(n + 1);
	memcpy(s, p, n);
	s[n] = '\0';
	return s;
}

static char start[4096]; /* where the program was started */

void
fuzz_begin(const struct fuzz_target *t)
{
	const char *tmp = getenv("TMPDIR");
	static char dir[4096];

	snprintf(dir, sizeof dir, "%s/lt-fuzz-XXXXXX", tmp ? tmp : "/tmp");
	MUST(getcwd(start, sizeof start));
	MUST(mkdtemp(dir) && chdir(dir) == 0);
	for (int i = 0; i < 2; i++) {
		file[i] = memfd_create("fuzz", 0);
		MUST(file[i] >= 0);
		snprintf(path[i], sizeof path[i], "/proc/self/fd/%d", file[i]);
	}
	null = lt_out_open("/dev/null", &err);
	if (t->begin)
		t->begin();
}

void
fuzz_end(void)
{
	char dir[4096];

	lt_answer_release(&last_answer);
	lt_out_abandon(null);
	MUST(getcwd(dir, sizeof dir));
	scratch_empty();
	if (chdir(start) == 0)
		rmdir(dir);
}

/* ---- safetensors --------------------------------------------------------- */

static void
same_again(struct lt_st *a)
{
	struct lt_st b = {0};

	MUST(lt_st_write(a, emptied(), &err) == 0);
	MUST(lt_st_read(&b, path[1], &err) == 0);
	MUST(a->n == b.n && a->crc == b.crc);
	for (size_t i = 0; i < a->n; i++) {
		MUST(strcmp(a->tensor[i].name, b.tensor[i].name) == 0);
		MUST(a->tensor[i].size == b.tensor[i].size);
		MUST(!a->tensor[i].size ||
			memcmp(a->tensor[i].data, b.tensor[i].data,
				a->tensor[i].size) == 0);
	}
	lt_st_release(&b);
}

static void
read_tensors(void)
{
	struct lt_st st = {0};
	int fd;

	if (worked(lt_st_read(&st, path[0], &err))) {
		lt_describe_meta(answer(), &st);
		lt_describe_tensors(answer(), &st, NULL, 0);
		lt_st_history(&st, "fuzz", (const char *[]){NULL});
		if (st.n)
			worked(lt_picture_write("layer.pbm", &st,
				st.tensor[0].name, path[0], &err));
		same_again(&st);
	}
	lt_st_release(&st);
	st = (struct lt_st){0};
	worked(lt_st_read_how(
		&st, path[0], &(struct lt_st_how){.lenient = true}, &err));
	lt_st_release(&st);
	st = (struct lt_st){0};
	if (worked(lt_st_open(&st, path[0], &fd, &err))) {
		worked(lt_st_verify(&st, path[0], &err));
		close(fd);
	}
	lt_st_release(&st);
}

static void
run_st(const uint8_t *p, size_t n)
{
	if (fill_sealed(p, n))
		read_tensors();
}

/* The length that the header gives, as lt-info finds it in a pipe. */
static void
read_length(void)
{
	uint64_t length;
	struct lt_in *in = lt_in_open(path[0], &err);

	if (worked(in ? 0 : -1))
		worked(lt_st_length(&length, in, &err));
	lt_in_close(in);
}

/* Not sealed, perhaps gzip. */
static void
run_raw(const uint8_t *p, size_t n)
{
	fill(0, p, n);
	read_length();
	read_tensors();
}

static void
open_model(const char *net)
{
	struct lt_model m = {0};
	struct lt_graph *g = NULL;
	struct lt_st st = {0};

	if (worked(lt_model_open(&m, &g, &st, path[0], net, 0, &err))) {
		struct lt_st out = {0};
		lt_model_to_st(&m, "", &out);
		MUST(lt_st_write(&out, emptied(), &err) == 0);
		lt_st_release(&out);
		lt_model_release(&m);
		lt_graph_free(g);
	}
	lt_st_release(&st);
}

static void
begin_checkpoint(void)
{
	scratch_put("tiny.net", tiny_net, strlen(tiny_net));
}

static void
run_checkpoint(const uint8_t *p, size_t n)
{
	struct lt_st st = {0};

	if (!fill_sealed(p, n))
		return;
	if (worked(lt_st_read(&st, path[0], &err))) {
		worked(lt_netinfo_weights(answer(), &st, path[0], false, &err));
		worked(lt_netinfo_weights(answer(), &st, path[0], true, &err));
	}
	lt_st_release(&st);
	worked(lt_netinfo_draw(null, path[0], false, &err));
	open_model(NULL);
	open_model("./tiny.net");
}

static void
run_mask(const uint8_t *p, size_t n)
{
	struct lt_mask m = {0}, again = {0};

	if (!fill_sealed(p, n))
		return;
	if (worked(lt_mask_read(&m, path[0], NULL, NULL, &err))) {
		lt_describe_mask(answer(), &m, NULL, 0);
		MUST(lt_mask_write(&m, emptied(), "fuzz",
			     (const char *[]){NULL}, &err) == 0);
		MUST(lt_mask_read(&again, path[1], NULL, NULL, &err) == 0);
		MUST(lt_mask_kept(&m) == lt_mask_kept(&again));
		MUST(lt_mask_total(&m) == lt_mask_total(&again));
	}
	lt_mask_release(&again);
	lt_mask_release(&m);
}

static void
run_data(const uint8_t *p, size_t n)
{
	struct lt_dataset d = {0};

	if (!fill_sealed(p, n))
		return;
	if (worked(lt_dataset_open(&d, path[0], &err))) {
		lt_describe_data(answer(), &d);
		lt_describe_classes(answer(), &d);
		uint8_t *px = malloc(d.img_size);
		for (uint64_t i = 0; i < d.n; i++) {
			MUST(d.label[i] >= 0 && d.label[i] < d.classes);
			if (i < 4)
				worked(lt_dataset_image(&d, i, px, &err));
		}
		free(px);
	}
	lt_dataset_close(&d);
}

/* ---- training states ----------------------------------------------------- */

/* One epoch of three steps, with everything that a state keeps. */
static struct lt_train_opt train = {.input = "0.st",
	.output = "/dev/null",
	.data = "data",
	.val_data = "data",
	.mask = "m.mask",
	.length = {1, false},
	.batch = 16,
	.sched = LT_SCHED_CONSTANT,
	.lr = 0.01,
	.gamma = 0.1,
	.optim = {.momentum = 0.9},
	.stop = {.rule = LT_STOP_EARLYBIRD,
		.amount = 0.5,
		.eps = 1e-9,
		.queue = 3,
		.every = {1, true}},
	.threads = 1,
	.tool = "fuzz"};

/* 0.st and m.mask, for the generated set. */
static void
make_network(void)
{
	struct lt_model m;
	struct lt_st st = {0};
	struct lt_mask mask = {0};
	struct lt_graph *g = lt_graph_parse(tiny_net, "fuzz", &err);

	MUST(g);
	lt_model_init(&m, g);
	MUST(lt_model_random(&m, NULL, 1, &err) == 0);
	lt_model_to_st(&m, "", &st);
	lt_st_set_meta(&st, "lt.kind", "checkpoint");
	lt_st_set_meta(&st, "lt.net", g->text);
	MUST(lt_st_write(&st, "0.st", &err) == 0);
	lt_st_release(&st);
	struct lt_mask_layer *l = lt_mask_add(
		&mask, "c.weight", 4, (const uint64_t[]){4, 2, 3, 3});
	for (size_t i = 0; i < l->count; i++)
		l->keep[i] = i % 3 != 0;
	MUST(lt_mask_write(&mask, "m.mask", "fuzz", (const char *[]){NULL},
		     &err) == 0);
	lt_mask_release(&mask);
	lt_model_release(&m);
	lt_graph_free(g);
}

static uint32_t full; /* the fingerprint of the run, which a state must have */

/* A state as a signal leaves it in the midst of the epoch. */
static void
interrupted_state(const char *name)
{
	static const volatile sig_atomic_t stop = 1;

	train.state = name;
	train.signal = &stop;
	MUST(lt_train(&train, &err) < 0 && err.status == LT_EAGAIN);
	train.state = NULL;
	train.signal = NULL;
}

static void
begin_state(void)
{
	struct lt_st st = {0};

	tiny_data("data");
	make_network();
	interrupted_state("state");
	MUST(lt_st_read(&st, "state", &err) == 0);
	const char *text = lt_st_meta(&st, "lt.run.full");
	MUST(text);
	full = (uint32_t)strtoul(text, NULL, 16);
	lt_st_release(&st);
}

static void
seeds_state(const char *directory)
{
	char name[4200];

	snprintf(name, sizeof name, "%s/interrupted", directory);
	interrupted_state(name);
	train.to = (struct lt_point){2, true};
	train.has_to = true;
	snprintf(name, sizeof name, "%s/saved", directory);
	train.save_state = name;
	MUST(lt_train(&train, &err) == 0);
}

/* Taken for the state of a killed run, and given as the input. */
static void
run_state(const uint8_t *p, size_t n)
{
	if (n < 8)
		return;
	char *copy = malloc(n);
	memcpy(copy, p, n);
	seal(copy, n);
	uint64_t len = seal_get64(copy);
	seal_hex(lt_st_digits(copy + 8, len, "lt.run.full"), full);
	seal(copy, n);
	scratch_put("state", copy, n);
	fill(0, copy, n);
	free(copy);
	train.state = "state";
	train.input = "0.st";
	train.mask = "m.mask";
	worked(lt_train(&train, &err));
	train.state = NULL;
	train.input = path[0];
	train.mask = NULL;
	worked(lt_train(&train, &err));
}

/* ---- lists and tables ---------------------------------------------------- */

static void
run_index(const uint8_t *p, size_t n)
{
	struct lt_index ix = {0}, again = {0};

	fill(0, p, n);
	if (worked(lt_index_read(&ix, path[0], &err))) {
		MUST(lt_index_write(&ix, emptied(), &err) == 0);
		MUST(lt_index_read(&again, path[1], &err) == 0);
		MUST(ix.n == again.n);
		MUST(!ix.n || !memcmp(ix.v, again.v, ix.n * sizeof *ix.v));
	}
	lt_index_release(&again);
	lt_index_release(&ix);
	ix = (struct lt_index){0};
	if (worked(lt_index_read_order(&ix, path[0], &err)))
		worked(lt_index_check(&ix, path[0], 100, "data", &err));
	lt_index_release(&ix);
}

/* The magic bytes are always right. */
static void
run_npy(const uint8_t *p, size_t n)
{
	struct lt_index ix = {0};
	uint8_t *copy = malloc(n + 6);

	memcpy(copy, "\x93NUMPY", 6);
	memcpy(copy + 6, p, n);
	MUST(lt_npy_is(copy, n + 6));
	fill(0, copy, n + 6);
	if (worked(lt_index_read_order(&ix, path[0], &err)))
		MUST(ix.n <= n);
	lt_index_release(&ix);
	free(copy);
}

static void
run_events(const uint8_t *p, size_t n)
{
	const char *paths[2] = {path[0], path[0]};
	struct lt_index ix = {0};

	fill(0, p, n);
	for (int files = 1; files <= 2; files++) {
		struct lt_forget f = {0};
		if (worked(lt_forget_read(&f, paths, files, &err)))
			lt_forget_select(&ix, &f, 1);
		lt_forget_release(&f);
		lt_index_release(&ix);
		ix = (struct lt_index){0};
	}
	worked(lt_describe_other(answer(), LT_FILE_EVENTS, path[0], &err));
}

static void
run_table(const uint8_t *p, size_t n)
{
	const char *paths[2] = {path[0], path[0]};
	struct lt_column c = {0};
	struct lt_prediction row;
	struct lt_searches s = {0};

	fill(0, p, n);
	if (worked(lt_column_read(&c, path[0], "value", &err))) {
		worked(lt_column_check(&c, &err));
		lt_column_sort(&c);
		lt_column_release(&c);
	}
	struct lt_predictions *t = lt_predictions_open(path[0], &err);
	if (opened(t)) {
		int r;
		while ((r = lt_predictions_next(t, &row, &err)) > 0)
			;
		worked(r);
	}
	lt_predictions_close(t);
	if (worked(lt_searches_read(&s, paths, 2, &err)))
		lt_searches_release(&s);
}

/* ---- pictures and sets of them ------------------------------------------- */

static void
drain(const struct lt_source_from *from)
{
	struct lt_source *s = lt_source_open(from, &err);
	int32_t label;
	int r = 1;

	if (!opened(s))
		return;
	uint8_t *px = malloc((size_t)s->c * (size_t)s->h * (size_t)s->w);
	for (int i = 0; r > 0 && i < 50; i++) {
		r = lt_source_next(s, px, &label, &err);
		MUST(r <= 0 || (label >= 0 && label < s->classes));
	}
	worked(r);
	free(px);
	lt_source_close(s);
}

static void
run_idx(const uint8_t *p, size_t n)
{
	size_t first = split(&p, &n);

	fill(0, p, first);
	fill(1, p + first, n - first);
	drain(&(struct lt_source_from){.path = path[0], .labels = path[1]});
}

/* Records in a CIFAR-10 and a CIFAR-100 folder, and the names of classes. */
static void
begin_cifar(void)
{
	static const char *const links[2][6] = {
		{"10/test_batch.bin", "10/data_batch_1.bin", "100/train.bin"},
		{"10/batches.meta.txt", "100/fine_label_names.txt",
			"100/coarse_label_names.txt"}};

	MUST(mkdir("10", 0777) == 0 && mkdir("100", 0777) == 0);
	for (int i = 0; i < 2; i++)
		for (int k = 0; links[i][k]; k++)
			MUST(symlink(path[i], links[i][k]) == 0);
}

static void
run_cifar(const uint8_t *p, size_t n)
{
	size_t names = split(&p, &n);

	fill(1, p, names);
	fill(0, p + names, n - names);
	drain(&(struct lt_source_from){.path = "10", .split = "test"});
	drain(&(struct lt_source_from){.path = "100", .split = "train"});
	drain(&(struct lt_source_from){
		.path = "100", .split = "train", .coarse = true});
}

/* The sum of a header's bytes, its own field counted as spaces. */
static void
seal_tar_header(uint8_t *head)
{
	unsigned sum = 0;
	char text[8];

	memset(head + 148, ' ', 8);
	for (int i = 0; i < 512; i++)
		sum += head[i];
	snprintf(text, sizeof text, "%06o", sum);
	memcpy(head + 148, text, 7);
}

static void
read_archive(void)
{
	char **names = NULL, buf[999];
	size_t n = 0, got;

	if (worked(lt_tar_list(path[0], &names, &n, &err)))
		for (size_t i = 0; i < n; i++) {
			struct lt_tar *t = lt_tar_open(path[0], names[i], &err);
			MUST(t);
			while (worked(lt_tar_read(
				       t, buf, sizeof buf, &got, &err)) &&
				got)
				;
			lt_tar_close(t);
		}
	for (size_t i = 0; i < n; i++)
		free(names[i]);
	free(names);
}

static void
run_tar(const uint8_t *p, size_t n)
{
	uint8_t *copy = malloc(n ? n : 1);

	memcpy(copy, p, n);
	for (size_t at = 0; at + 512 <= n; at += 512)
		if (memcmp(copy + at + 257, "ustar", 5) == 0)
			seal_tar_header(copy + at);
	fill(0, copy, n);
	free(copy);
	if (lt_tar_is(path[0], NULL) <= 0)
		return;
	read_archive();
	drain(&(struct lt_source_from){.path = path[0], .split = "train"});
	drain(&(struct lt_source_from){
		.path = path[0], .split = "test", .coarse = true});
}

static void
run_image(const uint8_t *p, size_t n)
{
	struct lt_image im = {0};
	int c = 0, h = 0, w = 0;

	fill(0, p, n);
	bool sized = worked(lt_image_size(path[0], &c, &h, &w, &err));
	if (worked(lt_image_read(&im, path[0], &err))) {
		MUST(sized && im.c == c && im.h == h && im.w == w);
		if (h < 300 && w < 300)
			lt_image_fit(&im, 12, 8, 12);
		lt_image_release(&im);
	}
	worked(lt_describe_other(answer(),
		n && p[0] == 0xff ? LT_FILE_JPEG : LT_FILE_PNG, path[0], &err));
}

/* Tiny-ImageNet with pictures of one grey pixel; its two lists are input. */
static void
begin_tree(void)
{
	static const uint8_t png[] = {137, 80, 78, 71, 13, 10, 26, 10, 0, 0, 0,
		13, 73, 72, 68, 82, 0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0, 58,
		126, 155, 85, 0, 0, 0, 10, 73, 68, 65, 84, 120, 156, 99, 96, 0,
		0, 0, 2, 0, 1, 72, 175, 164, 113, 0, 0, 0, 0, 73, 69, 78, 68,
		174, 66, 96, 130};
	static const char *const folders[] = {"val", "val/images", "train",
		"train/n1", "train/n1/images", "train/n2", "train/n2/images"};
	static const char *const images[] = {"val/images/v0.png",
		"val/images/v1.png", "train/n1/images/a.png",
		"train/n2/images/b.png"};

	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
		MUST(mkdir(folders[i], 0777) == 0);
	for (size_t i = 0; i < sizeof images / sizeof *images; i++)
		scratch_put(images[i], png, sizeof png);
	MUST(symlink(path[0], "val/val_annotations.txt") == 0);
	MUST(symlink(path[1], "wnids.txt") == 0);
}

static void
run_tree(const uint8_t *p, size_t n)
{
	size_t first = split(&p, &n);

	fill(0, p, first);
	fill(1, p + first, n - first);
	drain(&(struct lt_source_from){.path = ".", .split = "val"});
	drain(&(struct lt_source_from){.path = ".", .split = "train"});
}

/* ---- texts --------------------------------------------------------------- */

static void
run_net(const uint8_t *p, size_t n)
{
	char *s = text_of(p, n);
	struct lt_graph *g = lt_graph_parse(s, "a.net", &err);

	if (opened(g)) {
		char *text = lt_graph_text(g);
		struct lt_graph *again = lt_graph_parse(text, "b.net", &err);
		MUST(again && strcmp(g->text, again->text) == 0);
		MUST(lt_graph_params(g) == lt_graph_params(again));
		free(text);
		lt_graph_free(again);
		lt_graph_free(g);
	}
	free(s);
	fill(0, p, n);
	worked(lt_netinfo_text(answer(), path[0], false, &err));
	worked(lt_netinfo_draw(null, path[0], true, &err));
}

/* Whatever it is: lt-info must find out. */
static void
run_info(const uint8_t *p, size_t n)
{
	enum lt_filekind kind;
	struct lt_st st = {0};

	fill(0, p, n);
	if (!worked(lt_filekind_find(path[0], &kind, &err)))
		return;
	if (kind == LT_FILE_SAFETENSORS) {
		if (worked(lt_st_read(&st, path[0], &err)))
			worked(lt_netinfo_weights(
				answer(), &st, path[0], false, &err));
		lt_st_release(&st);
	} else if (kind == LT_FILE_NET) {
		worked(lt_netinfo_text(answer(), path[0], false, &err));
	} else {
		worked(lt_describe_other(answer(), kind, path[0], &err));
	}
}

/* Values of options. */
static void
run_value(const uint8_t *p, size_t n)
{
	char *s = text_of(p, n);
	uint64_t u, dims[4], *list = NULL;
	int64_t i;
	double f;
	float stats[3];
	int count;
	struct lt_point point;
	struct lt_source_from from = {0};

	lt_num_u64(s, &u);
	lt_num_i64(s, &i);
	MUST(!lt_num_f64(s, &f) || isfinite(f));
	MUST(lt_num_dims(s, dims, 4) <= 4);
	if (lt_num_list(s, &list, &count))
		free(list);
	lt_point_parse(&point, s);
	if (lt_stats_parse(s, stats, 3) == 0)
		MUST(isfinite(stats[0]) && isfinite(stats[2]));
	worked(lt_source_fit(&from, s, 0, &err));
	worked(lt_source_fit(&from, s, 7, &err));
	lt_arch_is_file(s);
	free(s);
}

/* A makefile, and after it a setting NAME=VALUE that is checked against it. */
static void
run_makefile(const uint8_t *p, size_t n)
{
	size_t first = split(&p, &n);
	char *given = text_of(p + first, n - first);
	char *equal = strchr(given, '=');
	struct lt_makevars vars = {0};
	struct lt_makeowner owner = {.kind = "search", .name = "prac"};
	struct lt_makegiven setting = {given, ""};
	struct lt_makecheck check = {.vars = &vars,
		.others = &vars,
		.n = 1,
		.given = &setting,
		.owner = &owner,
		.owners = 1,
		.criterion = lt_criterion_name};

	if (equal) {
		*equal = 0;
		setting.value = equal + 1;
	}
	fill(0, p, first);
	if (worked(lt_makevars_read(&vars, path[0], NULL, 0, &err)) &&
		worked(lt_makecheck_run(&check, &err)))
		MUST(lt_makecheck_value(&check, NULL, given));
	lt_makevars_release(&vars);
	free(given);
}

const struct fuzz_target fuzz_targets[] = {
	{"st", run_st, NULL, NULL},
	{"raw", run_raw, NULL, NULL},
	{"checkpoint", run_checkpoint, begin_checkpoint, NULL},
	{"state", run_state, begin_state, seeds_state},
	{"mask", run_mask, NULL, NULL},
	{"data", run_data, NULL, NULL},
	{"index", run_index, NULL, NULL},
	{"npy", run_npy, NULL, NULL},
	{"events", run_events, NULL, NULL},
	{"table", run_table, NULL, NULL},
	{"idx", run_idx, NULL, NULL},
	{"cifar", run_cifar, begin_cifar, NULL},
	{"tar", run_tar, NULL, NULL},
	{"png", run_image, NULL, NULL},
	{"jpeg", run_image, NULL, NULL},
	{"tree", run_tree, begin_tree, NULL},
	{"net", run_net, NULL, NULL},
	{"makefile", run_makefile, NULL, NULL},
	{"info", run_info, NULL, NULL},
	{"value", run_value, NULL, NULL},
	{NULL, NULL, NULL, NULL},
};

const struct fuzz_target *
fuzz_find(const char *name)
{
	for (const struct fuzz_target *t = fuzz_targets; t->name; t++)
		if (strcmp(t->name, name) == 0)
			return t;
	return NULL;
}
