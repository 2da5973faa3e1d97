#include "source/remap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>
#include "base/mem.h"
#include "base/names.h"
#include "base/near.h"
#include "base/tsv.h"
#include "file/st.h"
#include "source/pack.h"

/* The data set as a source, image by image. */
struct state {
	struct lt_dataset d;
	int32_t *to; /* [d.classes] new number, or -1: left out */
	uint64_t at;
};

static int
remap_next(struct lt_source *s, uint8_t *px, int32_t *label, struct lt_err *err)
{
	struct state *t = s->state;

	while (t->at < t->d.n && t->to[t->d.label[t->at]] < 0)
		t->at++;
	if (t->at == t->d.n)
		return 0;
	*label = t->to[t->d.label[t->at]];
	return lt_dataset_image(&t->d, t->at++, px, err) < 0 ? -1 : 1;
}

static void
remap_close(struct lt_source *s)
{
	struct state *t = s->state;

	lt_dataset_close(&t->d);
	free(t->to);
	free(t);
}

static int
no_class(const struct lt_dataset *d, const struct lt_tsv *map, int column,
	struct lt_err *err)
{
	struct lt_near near = {.to = lt_tsv_text(map, column)};
	char expected[LT_NEAR_TEXT + 64], like[LT_NEAR_TEXT];

	for (int i = 0; i < d->classes; i++)
		lt_near_try(&near, d->class_name[i]);
	snprintf(expected, sizeof expected, "a class of the data set%s",
		lt_near_text(like, &near));
	return lt_tsv_refuse(map, column, expected, err);
}

/* One row of the map. */
static int
take_row(struct state *t, struct lt_names *names, const struct lt_tsv *map,
	int from, int to, struct lt_err *err)
{
	const char *new = lt_tsv_text(map, to);
	bool found = false;

	if (!*new)
		return lt_tsv_refuse(map, to, "the name of a class", err);
	for (int i = 0; i < t->d.classes; i++) {
		if (strcmp(t->d.class_name[i], lt_tsv_text(map, from)) != 0)
			continue;
		if (t->to[i] >= 0)
			return lt_tsv_refuse(map, from, "each class once", err);
		t->to[i] = (int32_t)lt_names_number(names, new);
		found = true;
	}
	return found ? 0 : no_class(&t->d, map, from, err);
}

static int
read_map(struct state *t, struct lt_names *names, const char *path,
	struct lt_err *err)
{
	struct lt_tsv *map = lt_tsv_open(path, err);
	int r = -1;

	if (!map)
		return -1;
	int from = lt_tsv_column(map, "class", err);
	int to = from < 0 ? -1 : lt_tsv_column(map, "to", err);
	while (to >= 0 && (r = lt_tsv_next(map, err)) > 0)
		if ((r = take_row(t, names, map, from, to, err)) < 0)
			break;
	lt_tsv_close(map);
	return to < 0 ? -1 : r;
}

/* A copy must not give a damaged image a new seal. */
static int
verify(const struct lt_dataset *d, const char *path, struct lt_err *err)
{
	struct lt_st st;
	int fd, r = lt_st_open(&st, path, &fd, err);

	if (r < 0)
		return r;
	if (st.crc != d->crc)
		r = lt_fail(err, LT_EIO, "%s: changed while it was read", path);
	if (r == 0)
		r = lt_st_verify(&st, path, err);
	lt_st_release(&st);
	close(fd);
	return r;
}

static struct lt_source *
open_source(const struct lt_remap *how, struct lt_err *err)
{
	struct lt_source *s = lt_alloc(1, sizeof *s);
	struct state *t = lt_alloc(1, sizeof *t);
	struct lt_names names = {0};

	s->state = t;
	s->next = remap_next;
	s->close = remap_close;
	int r = lt_dataset_open(&t->d, how->data, err);
	if (r == 0)
		r = verify(&t->d, how->data, err);
	if (r == 0) {
		t->to = lt_alloc((size_t)t->d.classes, sizeof *t->to);
		for (int i = 0; i < t->d.classes; i++)
			t->to[i] = -1;
		r = read_map(t, &names, how->map, err);
	}
	if (r == 0) {
		s->c = t->d.c;
		s->h = t->d.h;
		s->w = t->d.w;
		s->what = lt_strdup(t->d.source ? t->d.source : how->data);
		s->classes = (int)names.n;
		s->class_name = lt_alloc(names.n, sizeof *s->class_name);
		for (size_t i = 0; i < names.n; i++)
			s->class_name[i] = lt_strdup(names.text[i]);
	}
	lt_names_release(&names);
	if (r == 0)
		return s;
	lt_source_close(s);
	return NULL;
}

/* The new number of each class, for the history. */
static uint32_t
map_crc(const struct state *t)
{
	return (uint32_t)crc32_z(
		0, (const void *)t->to, (size_t)t->d.classes * sizeof *t->to);
}

int
lt_remap(const char *path, uint64_t *n, const struct lt_remap *how,
	struct lt_err *err)
{
	struct lt_source *s = open_source(how, err);
	char data[16], map[16];

	if (!s)
		return -1;
	const struct state *t = s->state;
	snprintf(data, sizeof data, "%08" PRIx32, t->d.crc);
	snprintf(map, sizeof map, "%08" PRIx32, map_crc(t));
	const char *const kv[] = {
		"classes", "remapped", "data", data, "map", map, NULL};
	struct lt_pack pack = {.mean = t->d.mean,
		.std = t->d.std,
		.tool = how->tool,
		.key_values = kv};
	int r = lt_pack(path, n, s, &pack, err);
	lt_source_close(s);
	return r;
}
