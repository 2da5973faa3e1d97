#include "base/in.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <zlib.h>
#include "scratch.h"
#include "tap.h"

static struct lt_err err;

/* Text of n bytes in lines, not too compressible. */
static char *
sample(size_t n)
{
	char *p = malloc(n);
	uint32_t s = 1;
	for (size_t i = 0; i < n; i++) {
		s = s * 1664525 + 1013904223;
		p[i] = i % 61 == 60 || i == n - 1 ? '\n'
						  : (char)('!' + (s >> 26));
	}
	return p;
}

/* p as gzip, malloc'd. */
static unsigned char *
gzip(const void *p, size_t n, size_t *size)
{
	z_stream z = {0};
	deflateInit2(&z, 9, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
	size_t cap = deflateBound(&z, n) + 64;
	unsigned char *out = malloc(cap);
	z.next_in = (unsigned char *)(uintptr_t)p;
	z.avail_in = (uInt)n;
	z.next_out = out;
	z.avail_out = (uInt)cap;
	deflate(&z, Z_FINISH);
	*size = cap - z.avail_out;
	deflateEnd(&z);
	return out;
}

/* Make p standard input, through a pipe that a child fills chunk by chunk. */
static pid_t
feed_stdin(const void *p, size_t n, size_t chunk)
{
	int fd[2];
	if (pipe(fd) < 0)
		exit(1);
	pid_t child = fork();
	if (child == 0) {
		close(fd[0]);
		for (size_t at = 0; at < n; at += chunk) {
			size_t some = n - at < chunk ? n - at : chunk;
			if (write(fd[1], (const char *)p + at, some) < 0)
				break;
		}
		_exit(0);
	}
	close(fd[1]);
	dup2(fd[0], STDIN_FILENO);
	close(fd[0]);
	return child;
}

static void
fed(pid_t child)
{
	close(STDIN_FILENO);
	open("/dev/null", O_RDONLY);
	waitpid(child, NULL, 0);
}

/* Read path to its end: 0 and equal to p, 1 and different, or -1. */
static int
compare(const char *path, const void *p, size_t n)
{
	char *found;
	size_t size;
	if (lt_in_whole(path, 1 << 24, &found, &size, &err) < 0)
		return -1;
	int r = size != n || memcmp(found, p, n) != 0 || found[size] != 0;
	free(found);
	return r;
}

static void
plain_and_gzip(void)
{
	const size_t n = 300000;
	char *text = sample(n);
	size_t size;
	unsigned char *gz = gzip(text, n, &size);
	scratch_put("plain", text, n);
	scratch_put("packed", gz, size);
	scratch_put("packed.gz", gz, size);
	CHECK(compare("plain", text, n) == 0);
	CHECK(compare("packed", text, n) == 0);
	CHECK(compare("packed.gz", text, n) == 0);
	free(text);
	free(gz);
}

static void
pipes(void)
{
	const size_t n = 5000;
	char *text = sample(n);
	size_t size;
	unsigned char *gz = gzip(text, n, &size);
	for (size_t chunk = 1; chunk < 8000; chunk = chunk * 7 + 1) {
		pid_t child = feed_stdin(text, n, chunk);
		CHECK(compare("-", text, n) == 0);
		fed(child);
		child = feed_stdin(gz, size, chunk);
		CHECK(compare("-", text, n) == 0);
		fed(child);
	}
	free(text);
	free(gz);
}

static void
truncated(void)
{
	const size_t n = 700;
	char *text = sample(n);
	size_t size;
	unsigned char *gz = gzip(text, n, &size);
	for (size_t cut = 0; cut < size; cut++) {
		scratch_put("cut.gz", gz, cut);
		if (!CHECK(compare("cut.gz", text, n) == -1) ||
			!CHECK_EQ(err.status, LT_EDATA))
			printf("# cut after %zu bytes\n", cut);
		/* Fewer than two bytes do not look like gzip. */
		if (cut < 2)
			continue;
		scratch_put("cut", gz, cut);
		CHECK(compare("cut", text, n) == -1);
		pid_t child = feed_stdin(gz, cut, 64);
		CHECK(compare("-", text, n) == -1);
		CHECK(strstr(err.msg, "standard input: truncated") != NULL);
		fed(child);
	}
	free(text);
	free(gz);
}

/* Damage is refused, or it hit what carries nothing: bytes of the header, or
 * the padding of the last byte before the eight of the trailer. */
static void
flipped(void)
{
	const size_t n = 300;
	char *text = sample(n);
	size_t size;
	unsigned char *gz = gzip(text, n, &size);
	for (size_t bit = 0; bit < size * 8; bit++) {
		gz[bit / 8] ^= (unsigned char)(1 << bit % 8);
		scratch_put("flip.gz", gz, size);
		int r = compare("flip.gz", text, n);
		bool idle = bit / 8 < 10 || bit / 8 == size - 9;
		if (!CHECK(r == -1 || (r == 0 && idle)))
			printf("# bit %zu\n", bit);
		gz[bit / 8] ^= (unsigned char)(1 << bit % 8);
	}
	free(text);
	free(gz);
}

static void
trailing(void)
{
	size_t size;
	unsigned char *gz = gzip("abc\n", 4, &size);
	unsigned char *two = malloc(2 * size);
	memcpy(two, gz, size);
	memcpy(two + size, gz, size);
	scratch_put("two.gz", two, 2 * size);
	CHECK(compare("two.gz", "abc\n", 4) == -1);
	CHECK(strstr(err.msg, "follow the end") != NULL);
	two[size] = 0;
	scratch_put("zero.gz", two, size + 1);
	CHECK(compare("zero.gz", "abc\n", 4) == -1);
	free(two);
	free(gz);
}

static void
opening(void)
{
	CHECK(!lt_in_open("absent", &err));
	CHECK_EQ(err.status, LT_EIO);
	CHECK_STR(err.msg, "absent: No such file or directory");
	CHECK(!lt_in_open(".", &err));
	CHECK_EQ(err.status, LT_EIO);
	scratch_put("text.gz", "0000001\n", 8);
	CHECK(!lt_in_open("text.gz", &err));
	CHECK_EQ(err.status, LT_EDATA);
	CHECK(!lt_in_open("new\nline\033[31m", &err));
	CHECK_STR(err.msg, "new?line?[31m: No such file or directory");
}

static void
exact(void)
{
	char buf[8];
	size_t got;
	scratch_put("ten", "0123456789", 10);
	struct lt_in *in = lt_in_open("ten", &err);
	CHECK_EQ(lt_in_exact(in, buf, 4, &err), 0);
	CHECK(memcmp(buf, "0123", 4) == 0);
	CHECK_EQ(lt_in_end(in, &err), -1);
	CHECK(strstr(err.msg, "ten: too long") != NULL);
	lt_in_close(in);
	in = lt_in_open("ten", &err);
	CHECK_EQ(lt_in_exact(in, buf, 8, &err), 0);
	CHECK_EQ(lt_in_exact(in, buf, 8, &err), -1);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK_STR(
		err.msg, "ten: truncated: expected 8 bytes at byte 8, found 2");
	CHECK_EQ(lt_in_end(in, &err), 0);
	CHECK_EQ(lt_in_read(in, buf, 8, &got, &err), 0);
	CHECK_EQ(got, 0);
	lt_in_close(in);
}

/* Lines first, then bytes: what the line reader took in is not lost. */
static void
mixed(void)
{
	char *line, buf[5];
	size_t len;
	scratch_put("mixed", "head\n\nbytes", 11);
	struct lt_in *in = lt_in_open("mixed", &err);
	CHECK_EQ(lt_in_line(in, &line, &len, &err), 1);
	CHECK(len == 4 && strcmp(line, "head") == 0);
	CHECK_EQ(lt_in_line(in, &line, &len, &err), 1);
	CHECK(len == 0 && *line == 0);
	CHECK_EQ(lt_in_lineno(in), 2);
	CHECK_EQ(lt_in_exact(in, buf, 5, &err), 0);
	CHECK(memcmp(buf, "bytes", 5) == 0);
	CHECK_EQ(lt_in_end(in, &err), 0);
	CHECK_EQ(lt_in_line(in, &line, &len, &err), 0);
	lt_in_close(in);
}

/* The result of reading path by lines: their number, or -1. */
static long
count_lines(const char *path)
{
	char *line;
	size_t len;
	long n = 0;
	int r;
	struct lt_in *in = lt_in_open(path, &err);
	if (!CHECK(in != NULL))
		return -2;
	while ((r = lt_in_line(in, &line, &len, &err)) > 0)
		n += strlen(line) == len;
	lt_in_close(in);
	return r < 0 ? -1 : n;
}

static void
lines(void)
{
	scratch_put("empty", "", 0);
	CHECK_EQ(count_lines("empty"), 0);
	scratch_put("blank", "\n", 1);
	CHECK_EQ(count_lines("blank"), 1);
	scratch_put("open", "a\nb", 3);
	CHECK_EQ(count_lines("open"), -1);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK(strstr(err.msg, "open:2: truncated") != NULL);
	scratch_put("nul", "a\n\0b\n", 5);
	CHECK_EQ(count_lines("nul"), -1);
	CHECK(strstr(err.msg, "nul:2: NUL") != NULL);
	scratch_put("scores", "\x93NUMPY\1\0v\0{}\n", 13);
	CHECK_EQ(count_lines("scores"), -1);
	CHECK_STR(err.msg, "scores:1: NUL byte in a line of text: the file is "
			   "an array of NumPy");
	char *text = sample(1000000);
	scratch_put("many", text, 1000000);
	CHECK_EQ(count_lines("many"), 1000000 / 61 + 1);
	free(text);
}

static void
long_lines(void)
{
	const size_t limit = 1 << 20;
	char *text = malloc(limit + 2);
	memset(text, 'x', limit + 2);
	text[limit] = '\n';
	scratch_put("long", text, limit + 1);
	CHECK_EQ(count_lines("long"), 1);
	text[limit] = 'x';
	text[limit + 1] = '\n';
	scratch_put("long", text, limit + 2);
	CHECK_EQ(count_lines("long"), -1);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK(strstr(err.msg, "long:1: line is longer") != NULL);
	free(text);
}

static void
whole(void)
{
	char *p;
	size_t n;
	char *text = sample(200001);
	scratch_put("w", text, 200001);
	if (CHECK_EQ(lt_in_whole("w", 200001, &p, &n, &err), 0)) {
		CHECK_EQ(n, 200001);
		free(p);
	}
	CHECK_EQ(lt_in_whole("w", 200000, &p, &n, &err), -1);
	CHECK_EQ(err.status, LT_EDATA);
	CHECK_EQ(lt_in_whole("w", 0, &p, &n, &err), -1);
	scratch_put("w", "", 0);
	if (CHECK_EQ(lt_in_whole("w", 0, &p, &n, &err), 0)) {
		CHECK(n == 0 && *p == 0);
		free(p);
	}
	free(text);
}

int
main(void)
{
	scratch_enter();
	TEST(plain_and_gzip, "plain and gzip files read the same, by content");
	TEST(pipes, "pipes read the same whatever the size of their chunks");
	TEST(truncated, "gzip cut at any byte is refused, in file and pipe");
	TEST(flipped, "gzip with any bit flipped is refused or unharmed");
	TEST(trailing, "bytes after the gzip data are refused");
	TEST(opening, "what cannot be opened is named, harmlessly");
	TEST(exact, "too few and too many bytes are told apart");
	TEST(mixed, "bytes may be read after lines");
	TEST(lines, "lines end in a newline and hold no NUL");
	TEST(long_lines, "a line of 1 MiB is read, a longer one refused");
	TEST(whole, "a whole file is read up to its limit");
	scratch_leave();
	return tap_done();
}
