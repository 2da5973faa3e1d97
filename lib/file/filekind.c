#include "file/filekind.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/in.h"
#include "file/jpeg.h"
#include "file/npy.h"
#include "file/png.h"
#include "file/st_int.h"

const char *const lt_filekind_name[LT_FILE_KINDS] = {"safetensors",
	"index list", "events", "table", "net text", "PNG image", "JPEG image"};

static bool
is_safetensors(const unsigned char *p, size_t n)
{
	uint64_t len = 0;
	for (int i = 7; i >= 0 && n > 8; i--)
		len = len << 8 | p[i];
	return n > 8 && p[8] == '{' && len <= LT_ST_HEADER_MAX;
}

static bool
is_index(const unsigned char *p, size_t n)
{
	size_t i = 0;
	while (i < n && p[i] >= '0' && p[i] <= '9')
		i++;
	return n == 0 || lt_npy_is(p, n) || (i > 0 && i < n && p[i] == '\n');
}

static bool
is_events(const unsigned char *p, size_t n)
{
	static const char header[] = "epoch\tindex\tcorrect\n";
	return n >= sizeof(header) - 1 &&
	       memcmp(p, header, sizeof(header) - 1) == 0;
}

/* A first line of words and tabs. */
static bool
is_table(const unsigned char *p, size_t n)
{
	const unsigned char *lf = memchr(p, '\n', n);
	if (!lf || !memchr(p, '\t', (size_t)(lf - p)))
		return false;
	for (; p < lf; p++)
		if (*p != '\t' && (*p < 0x20 || *p == 0x7f))
			return false;
	return true;
}

static bool
is_net(const unsigned char *p, size_t n)
{
	size_t i = 0;
	while (i < n && (p[i] == ' ' || p[i] == '\t' || p[i] == '\n'))
		i++;
	return i < n &&
	       (p[i] == '#' || (n - i > 4 && memcmp(p + i, "net ", 4) == 0));
}

static bool (*const is[LT_FILE_KINDS])(const unsigned char *, size_t) = {
	is_safetensors, is_index, is_events, is_table, is_net, lt_png_is,
	lt_jpeg_is};

int
lt_filekind_find(const char *path, enum lt_filekind *kind, struct lt_err *err)
{
	unsigned char p[4096];
	size_t n;
	struct lt_in *in = lt_in_open(path, err);
	if (!in)
		return -1;
	int r = lt_in_read(in, p, sizeof(p), &n, err), k = 0;
	while (r == 0 && k < LT_FILE_KINDS && !is[k](p, n))
		k++;
	if (r == 0 && k == LT_FILE_KINDS)
		r = lt_fail(err, LT_EDATA,
			"%s: not a file of ours: expected safetensors, an "
			"index list, events, a table, net text, PNG or JPEG",
			lt_in_name(in));
	lt_in_close(in);
	if (r == 0 && strcmp(path, "-") == 0 &&
		lseek(STDIN_FILENO, 0, SEEK_SET) < 0)
		r = lt_fail_errno(err, "standard input");
	*kind = (enum lt_filekind)k;
	return r;
}

static int
copy(FILE *to, struct lt_in *in, struct lt_err *err)
{
	char p[65536];
	size_t got = 1;
	while (got) {
		if (lt_in_read(in, p, sizeof(p), &got, err) < 0)
			return -1;
		if (fwrite(p, 1, got, to) != got)
			return lt_fail_errno(err, "a temporary file");
	}
	return fflush(to) == 0 ? 0 : lt_fail_errno(err, "a temporary file");
}

int
lt_filekind_hold(const char **path, struct lt_err *err)
{
	struct stat st;
	bool is_stdin = strcmp(*path, "-") == 0;
	int known = is_stdin ? fstat(STDIN_FILENO, &st) : stat(*path, &st);
	if (known < 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
		return 0;
	struct lt_in *in = lt_in_open(*path, err);
	if (!in)
		return -1;
	FILE *f = tmpfile();
	int r = f ? copy(f, in, err) : lt_fail_errno(err, "a temporary file");
	lt_in_close(in);
	if (r == 0 && (dup2(fileno(f), STDIN_FILENO) < 0 ||
			      lseek(STDIN_FILENO, 0, SEEK_SET) < 0))
		r = lt_fail_errno(err, "a temporary file");
	if (f)
		fclose(f);
	*path = "-";
	return r;
}
