#include "info/filekind.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/in.h"
#include "base/signature.h"
#include "source/image.h"
#include "source/jpeg.h"
#include "file/npy.h"
#include "source/png.h"
#include "file/st_int.h"

#define NET_MAX ((uint64_t)1 << 20)

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
	return n == 0 || lt_npy_is(p, n) ||
	       (i > 0 && i < n && (p[i] == '\n' || p[i] == '\r'));
}

static bool
is_events(const unsigned char *p, size_t n)
{
	static const char header[] = "epoch\tindex\tcorrect";
	size_t len = sizeof(header) - 1;
	return n > len && memcmp(p, header, len) == 0 &&
	       (p[len] == '\n' || p[len] == '\r');
}

/* True for a first line of words separated by tabs. */
static bool
is_table(const unsigned char *p, size_t n)
{
	const unsigned char *lf = memchr(p, '\n', n);
	if (!lf || !memchr(p, '\t', (size_t)(lf - p)))
		return false;
	if (lf[-1] == '\r')
		lf--;
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

/* Decided from so many bytes. */
#define LOOK ((size_t)1 << 16)

/* The kind of the bytes at the beginning of in, which stay unread. */
static int
look(struct lt_in *in, enum lt_filekind *kind, struct lt_err *err)
{
	const char *p;
	size_t n;
	int k = 0;
	if (lt_in_peek(in, &p, LOOK, &n, err) < 0)
		return -1;
	while (k < LT_FILE_KINDS && !is[k]((const unsigned char *)p, n))
		k++;
	*kind = (enum lt_filekind)k;
	if (k < LT_FILE_KINDS)
		return 0;
	const char *other = lt_in_mark(p, n);
	if (!other)
		other = lt_signature_name(p, n);
	return lt_fail(err, LT_EDATA,
		"%s: unknown kind of file: expected safetensors, an index "
		"list, events, a table, net text, PNG or JPEG%s%s",
		lt_in_name(in), other ? ", found " : "", other ? other : "");
}

int
lt_filekind_find(const char *path, enum lt_filekind *kind, struct lt_err *err)
{
	struct lt_in *in = lt_in_open(path, err);
	if (!in)
		return -1;
	int r = look(in, kind, err);
	lt_in_close(in);
	/* After lt_filekind_hold, standard input may be a pipe, which cannot
	 * seek. */
	if (r == 0 && strcmp(path, "-") == 0 &&
		lseek(STDIN_FILENO, 0, SEEK_SET) < 0 && errno != ESPIPE)
		r = lt_fail_errno(err, "standard input");
	return r;
}

/* The largest file that a reader of this kind accepts, in bytes. */
static int
longest(uint64_t *most, struct lt_in *in, enum lt_filekind kind,
	struct lt_err *err)
{
	*most = kind == LT_FILE_NET ? NET_MAX : LT_PICTURE_FILE;
	return kind == LT_FILE_SAFETENSORS ? lt_st_length(most, in, err) : 0;
}

/* At most most + 1 bytes, of which the reader refuses the last. */
static int
copy(FILE *to, struct lt_in *in, uint64_t most, struct lt_err *err)
{
	char p[65536];
	size_t got = 1;
	for (uint64_t left = most + 1; left && got; left -= got) {
		size_t n = left < sizeof(p) ? (size_t)left : sizeof(p);
		if (lt_in_read(in, p, n, &got, err) < 0)
			return -1;
		if (fwrite(p, 1, got, to) != got)
			return lt_fail_errno(err, "a temporary file");
	}
	return fflush(to) == 0 ? 0 : lt_fail_errno(err, "a temporary file");
}

/* A copy of in, which its reader may take in any order, as standard input. */
static int
copy_to_stdin(struct lt_in *in, enum lt_filekind kind, struct lt_err *err)
{
	uint64_t most;
	if (longest(&most, in, kind, err) < 0)
		return -1;
	FILE *f = tmpfile();
	int r = f ? copy(f, in, most, err)
		  : lt_fail_errno(err, "a temporary file");
	if (r == 0 && (dup2(fileno(f), STDIN_FILENO) < 0 ||
			      lseek(STDIN_FILENO, 0, SEEK_SET) < 0))
		r = lt_fail_errno(err, "a temporary file");
	if (f)
		fclose(f);
	return r;
}

int
lt_filekind_hold(const char **path, struct lt_err *err)
{
	struct stat st;
	enum lt_filekind kind;
	bool is_stdin = strcmp(*path, "-") == 0;
	int known = is_stdin ? fstat(STDIN_FILENO, &st) : stat(*path, &st);
	if (known < 0 || S_ISREG(st.st_mode) || S_ISDIR(st.st_mode))
		return 0;
	if (S_ISCHR(st.st_mode) || S_ISBLK(st.st_mode))
		return lt_fail(err, LT_EDATA,
			"%s: is a device, expected a file or a pipe",
			is_stdin ? "standard input" : *path);
	lt_in_keep(NULL);
	struct lt_in *in = lt_in_open(*path, err);
	if (!in)
		return -1;
	int r = look(in, &kind, err);
	*path = "-";
	/* Lists and tables are read from front to back, once. */
	if (r == 0 && (kind == LT_FILE_INDEX || kind == LT_FILE_EVENTS ||
			      kind == LT_FILE_TABLE)) {
		lt_in_keep(in);
		return 0;
	}
	if (r == 0)
		r = copy_to_stdin(in, kind, err);
	lt_in_close(in);
	return r;
}
