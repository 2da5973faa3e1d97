#include "source/source.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/num.h"

static const struct lt_source_kind *const kinds[] = {
	&lt_source_cifar, &lt_source_folder, &lt_source_idx};

const char *
lt_source_base(const char *path)
{
	size_t n = strlen(path);
	while (n > 1 && path[n - 1] == '/')
		n--;
	while (n > 0 && path[n - 1] != '/')
		n--;
	return path + n;
}

int
lt_source_regular(const char *path, struct lt_err *err)
{
	struct stat st;
	if (stat(path, &st) < 0)
		return lt_fail_errno(err, path);
	if (S_ISREG(st.st_mode))
		return 0;
	return lt_fail(err, LT_EDATA, "%s: not a regular file", path);
}

int
lt_source_has(const char *path, mode_t type, struct lt_err *err)
{
	struct stat st;
	if (stat(path, &st) == 0)
		return !type || (st.st_mode & S_IFMT) == type;
	if (errno == ENOENT || errno == ENOTDIR || errno == ENAMETOOLONG)
		return 0;
	return lt_fail_errno(err, path);
}

void
lt_source_number_classes(struct lt_source *s, int n)
{
	s->class_name = lt_alloc((size_t)n, sizeof(char *));
	for (s->classes = 0; s->classes < n; s->classes++)
		s->class_name[s->classes] = lt_asprintf("%d", s->classes);
}

int
lt_source_fit(struct lt_source_from *from, const char *size, int resize,
	struct lt_err *err)
{
	uint64_t v[2] = {0};
	int n = size ? lt_num_dims(size, v, 2) : 0;

	if (!size)
		return resize ? lt_fail(err, LT_EUSAGE,
					"expected a size with a length of the "
					"shorter side")
			      : 0;
	v[1] = n == 1 ? v[0] : v[1];
	if (!n || v[0] < 1 || v[1] < 1 || v[0] > 4096 || v[1] > 4096) {
		lt_fail(err, LT_EUSAGE,
			"size: expected N or HxW of 1 to 4096 pixels, "
			"found '%s'",
			size);
		return lt_fail_mend(err, "size");
	}
	from->h = (int)v[0];
	from->w = (int)v[1];
	from->resize = from->h > from->w ? from->h : from->w;
	if (resize && (resize < from->resize || resize > 4096)) {
		lt_fail(err, LT_EUSAGE,
			"shorter side: expected %d to 4096, found %d",
			from->resize, resize);
		return lt_fail_mend(err, "resize");
	}
	if (resize)
		from->resize = resize;
	return 0;
}

struct lt_source *
lt_source_open(const struct lt_source_from *from, struct lt_err *err)
{
	struct lt_source *s = lt_alloc(1, sizeof(*s));
	if (strcmp(from->path, "-") != 0 && access(from->path, R_OK) < 0) {
		lt_fail_errno(err, from->path);
		lt_source_close(s);
		return NULL;
	}
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		int is = kinds[i]->is(from, err);
		if (is < 0)
			break;
		if (!is)
			continue;
		if (kinds[i] != &lt_source_folder &&
			(from->h || from->skip_bad)) {
			lt_fail(err, LT_EUSAGE,
				"%s is not a folder of images; only such "
				"images are resized or left out",
				from->path);
			lt_fail_mend(err, "size resize skip-bad");
			break;
		}
		if (kinds[i] != &lt_source_idx && from->classes) {
			lt_fail(err, LT_EUSAGE,
				"%s is not in IDX: its classes are its "
				"folders, or those of CIFAR, expected no "
				"number of classes",
				from->path);
			lt_fail_mend(err, "classes");
			break;
		}
		s->what = lt_asprintf("%s %s", kinds[i]->name,
			strcmp(from->path, "-") == 0
				? "-"
				: lt_source_base(from->path));
		size_t n = strlen(s->what);
		while (n > 1 && s->what[n - 1] == '/')
			s->what[--n] = '\0';
		if (kinds[i]->open(s, from, err) == 0)
			return s;
		break;
	}
	lt_source_close(s);
	return NULL;
}

int
lt_source_next(
	struct lt_source *s, uint8_t *px, int32_t *label, struct lt_err *err)
{
	return s->next(s, px, label, err);
}

void
lt_source_close(struct lt_source *s)
{
	if (!s)
		return;
	if (s->close)
		s->close(s);
	for (int i = 0; i < s->classes; i++)
		free(s->class_name[i]);
	for (int i = 0; i < LT_ODDITIES; i++)
		free(s->odd[i].first);
	free(s->class_name);
	free(s->what);
	free(s);
}
