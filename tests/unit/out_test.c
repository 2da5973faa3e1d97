#include "base/out.h"

#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include "base/in.h"
#include "base/outpath.h"
#include "scratch.h"
#include "tap.h"

#define BIG ((size_t)200000)

static struct lt_err err;
static unsigned char big[BIG];

static void
fill_big(void)
{
	for (size_t i = 0; i < BIG; i++)
		big[i] = (unsigned char)(i * i >> 7);
}

static mode_t
mode_of(const char *path)
{
	struct stat st;
	return stat(path, &st) < 0 ? 0 : st.st_mode & 07777;
}

static void
whole_or_absent(void)
{
	scratch_put("f", "old\n", 4);
	struct lt_out *o = lt_out_open("f", &err);
	if (!CHECK(o != NULL))
		return;
	lt_out_write(o, big, BIG);
	lt_out_printf(o, "%d %s\n", 7, "seven");
	CHECK_EQ(lt_out_length(o), BIG + 8);
	CHECK_EQ(lt_out_sync(o, &err), 0);
	CHECK(scratch_holds("f", "old\n", 4));
	CHECK(access(".f.part", F_OK) == 0);
	CHECK_EQ(lt_out_commit(o, &err), 0);
	CHECK_EQ(scratch_count(), 1);
	size_t n = 0;
	char *p = scratch_get("f", &n);
	CHECK_EQ(n, BIG + 8);
	CHECK(n == BIG + 8 && memcmp(p, big, BIG) == 0 &&
		!strcmp(p + BIG, "7 seven\n"));
	free(p);

	o = lt_out_open("f", &err);
	lt_out_write(o, "x", 1);
	lt_out_abandon(o);
	CHECK_EQ(scratch_count(), 1);
	lt_out_abandon(NULL);
	CHECK_EQ(lt_out_whole("f", NULL, 0, &err), 0);
	CHECK(scratch_holds("f", "", 0));
}

static void
long_text(void)
{
	char text[3000];
	memset(text, 'y', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	struct lt_out *o = lt_out_open("f", &err);
	lt_out_printf(o, "%s", text);
	lt_out_printf(o, "%s", "");
	CHECK_EQ(lt_out_commit(o, &err), 0);
	CHECK(scratch_holds("f", text, sizeof(text) - 1));
}

static void
modes(void)
{
	mode_t old = umask(027);
	CHECK_EQ(lt_out_whole("new", "x", 1, &err), 0);
	CHECK_EQ(mode_of("new"), 0640);
	chmod("new", 0604);
	CHECK_EQ(lt_out_whole("new", "y", 1, &err), 0);
	CHECK_EQ(mode_of("new"), 0604);
	chmod("new", 0444);
	struct lt_out *o = lt_out_open("new", &err);
	CHECK(mode_of(".new.part") & 0200);
	lt_out_write(o, "z", 1);
	CHECK_EQ(lt_out_commit(o, &err), 0);
	CHECK_EQ(mode_of("new"), 0444);
	/* A part left by a run under another umask. */
	scratch_put(".late.part", "garbage", 7);
	chmod(".late.part", 0600);
	CHECK_EQ(lt_out_whole("late", "x", 1, &err), 0);
	CHECK_EQ(mode_of("late"), 0640);
	CHECK(scratch_holds("late", "x", 1));
	CHECK_EQ(lt_out_whole("z.gz", "x", 1, &err), 0);
	chmod("z.gz", 0600);
	CHECK_EQ(lt_out_whole("z.gz", "y", 1, &err), 0);
	CHECK_EQ(mode_of("z.gz"), 0600);
	umask(old);
}

static void
symlinks(void)
{
	mkdir("d", 0777);
	CHECK(symlink("../target", "d/link") == 0);
	CHECK(symlink("d/link", "chain") == 0);
	/* Dangling: the file it names is made. */
	CHECK_EQ(lt_out_whole("chain", "1", 1, &err), 0);
	CHECK(scratch_holds("target", "1", 1));
	CHECK_EQ(lt_out_whole("d/link", "2", 1, &err), 0);
	CHECK(scratch_holds("target", "2", 1));
	struct stat st;
	CHECK(lstat("chain", &st) == 0 && S_ISLNK(st.st_mode));
	CHECK(lstat("d/link", &st) == 0 && S_ISLNK(st.st_mode));
	CHECK_EQ(scratch_count(), 3);
	CHECK(symlink("b", "a") == 0 && symlink("a", "b") == 0);
	CHECK(!lt_out_open("a", &err));
	CHECK_EQ(err.status, LT_EIO);
	/* A planted link is no part. */
	CHECK(symlink("target", ".x.part") == 0);
	CHECK(!lt_out_open("x", &err));
	CHECK_EQ(err.status, LT_EIO);
	CHECK(scratch_holds("target", "2", 1));
}

static void
refused_paths(void)
{
	static const char *const bad[] = {
		"", ".", "..", "/", "nowhere/f", "dir/", "file/f", "file/"};
	mkdir("dir", 0777);
	scratch_put("file", "", 0);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		err.status = 0;
		if (!CHECK(!lt_out_open(bad[i], &err)) ||
			!CHECK_EQ(err.status, LT_EIO))
			printf("# '%s'\n", bad[i]);
	}
	char name[300];
	memset(name, 'n', sizeof(name));
	name[256] = '\0';
	CHECK(!lt_out_open(name, &err));
	CHECK_EQ(scratch_count(), 2);
}

static void
full_device(void)
{
	CHECK_EQ(lt_out_whole("/dev/null", big, BIG, &err), 0);
	CHECK_EQ(lt_out_whole("/dev/full", "x", 1, &err), -1);
	CHECK_EQ(err.status, LT_EIO);
	CHECK_STR(err.msg, "/dev/full: cannot write: No space left on device");
	/* The failure is remembered through writes that would succeed. */
	struct lt_out *o = lt_out_open("/dev/full", &err);
	CHECK(!lt_out_resumed(o));
	for (int i = 0; i < 5; i++)
		lt_out_write(o, big, BIG / 3);
	CHECK_EQ(lt_out_sync(o, &err), -1);
	CHECK_EQ(lt_out_commit(o, &err), -1);
	CHECK_EQ(err.status, LT_EIO);
	struct stat st;
	CHECK(stat("/dev/full", &st) == 0 && S_ISCHR(st.st_mode));
	CHECK(stat("/dev/null", &st) == 0 && S_ISCHR(st.st_mode));
}

/* Reads a FIFO in a child; its exit status says whether want came. */
static pid_t
reader(const char *path, const void *want, size_t n)
{
	pid_t child = fork();
	if (child == 0)
		_exit(!scratch_holds(path, want, n));
	return child;
}

static void
fifos(void)
{
	int status;
	CHECK(mkfifo("p", 0600) == 0);
	pid_t child = reader("p", big, BIG);
	CHECK_EQ(lt_out_whole("p", big, BIG, &err), 0);
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	CHECK_EQ(scratch_count(), 1);
	/* Compressed on its way, as the name says. */
	CHECK(mkfifo("p.gz", 0600) == 0);
	child = fork();
	if (child == 0) {
		char *p;
		size_t n;
		_exit(lt_in_whole("p.gz", BIG, &p, &n, NULL) < 0 || n != BIG ||
			memcmp(p, big, BIG) != 0);
	}
	CHECK_EQ(lt_out_whole("p.gz", big, BIG, &err), 0);
	CHECK(waitpid(child, &status, 0) == child && status == 0);
	/* A FIFO where the part should be is not opened for ever. */
	CHECK(mkfifo(".q.part", 0600) == 0);
	CHECK(!lt_out_open("q", &err));
	CHECK_EQ(err.status, LT_EIO);
}

/* What another could have put where the part goes is not written through. */
static void
planted_parts(void)
{
	scratch_put("precious", "mine\n", 5);
	CHECK(link("precious", ".x.part") == 0);
	CHECK(!lt_out_open("x", &err));
	CHECK_EQ(err.status, LT_EIO);
	CHECK(strstr(err.msg, ".x.part is in the way") != NULL);
	CHECK(scratch_holds("precious", "mine\n", 5));
	CHECK_EQ(scratch_count(), 2);
	/* The compressed form is opened at the end only. */
	struct lt_out *o = lt_out_open("z.gz", &err);
	CHECK(link("precious", ".z.gz.part.gz") == 0);
	lt_out_write(o, "x", 1);
	CHECK_EQ(lt_out_commit(o, &err), 0);
	CHECK(scratch_holds("precious", "mine\n", 5));
	CHECK_EQ(scratch_count(), 3);
	if (geteuid() != 0)
		return;
	scratch_put(".y.part", "theirs", 6);
	CHECK(chown(".y.part", 12345, 12345) == 0);
	CHECK(!lt_out_open("y", &err));
	CHECK_EQ(err.status, LT_EIO);
	CHECK(scratch_holds(".y.part", "theirs", 6));
}

/* Names that are as long as a file system takes, whose part cannot add to
 * them: one of ASCII, one of characters of three bytes. */
static void
long_names(void)
{
	char name[256], other[256];
	memset(name, 'n', 255);
	name[255] = '\0';
	memcpy(other, name, 256);
	other[254] = 'o';
	struct lt_out *a = lt_out_open(name, &err);
	struct lt_out *b = lt_out_open(other, &err);
	if (!CHECK(a && b))
		return;
	lt_out_write(a, "a", 1);
	lt_out_write(b, "b", 1);
	CHECK_EQ(lt_out_keep(a, &err), 0);
	CHECK_EQ(lt_out_commit(b, &err), 0);
	a = lt_out_open_at(name, 1, &err);
	if (!CHECK(a != NULL))
		return;
	CHECK_EQ(lt_out_commit(a, &err), 0);
	CHECK(scratch_holds(name, "a", 1) && scratch_holds(other, "b", 1));
	for (int i = 0; i < 85; i++)
		memcpy(name + 3 * i, "\xe2\x82\xac", 3);
	CHECK_EQ(lt_out_whole(name, "c", 1, &err), 0);
	memcpy(name + 252, ".gz", 3);
	CHECK_EQ(lt_out_whole(name, "c", 1, &err), 0);
	CHECK_EQ(scratch_count(), 4);
	/* zlib.crc32(b"n" * 255) == 0x6d2ed67b; 255 - 1 - 5 - 9 bytes stay. */
	memset(name, 'n', 255);
	char *part = lt_outpath_part(name, ".part"), want[256];
	memset(want, 'n', 255);
	want[0] = '.';
	memcpy(want + 241, "~6d2ed67b.part", 15);
	CHECK_STR(part, want);
	free(part);
}

/* /dev/fd/N goes on where the descriptor stands; nothing is renamed. */
static void
descriptors(void)
{
	char path[64];
	int fd = open("log", O_RDWR | O_CREAT, 0666);
	CHECK(fd >= 0 && write(fd, "one\n", 4) == 4);
	static const char *const folders[] = {"/dev/fd", "/proc/self/fd"};
	for (int i = 0; i < 2; i++) {
		snprintf(path, sizeof(path), "%s/%d", folders[i], fd);
		CHECK_EQ(lt_out_whole(path, "two\n", 4, &err), 0);
	}
	CHECK(symlink(path, "link") == 0);
	CHECK_EQ(lt_out_whole("link", "two\n", 4, &err), 0);
	CHECK(write(fd, "end\n", 4) == 4);
	CHECK(scratch_holds("log", "one\ntwo\ntwo\ntwo\nend\n", 20));
	close(fd);
	CHECK(!lt_out_open(path, &err));
	CHECK_EQ(err.status, LT_EIO);
	CHECK_EQ(scratch_count(), 2);
}

static void
standard_output(void)
{
	fflush(stdout);
	int saved = dup(STDOUT_FILENO);
	int fd = open("out", O_WRONLY | O_CREAT, 0666);
	dup2(fd, STDOUT_FILENO);
	close(fd);
	int r1 = lt_out_whole("-", "a\n", 2, &err);
	int r2 = lt_out_whole("/dev/stdout", "b\n", 2, &err);
	close(STDOUT_FILENO);
	struct lt_out *none = lt_out_open("-", &err);
	dup2(saved, STDOUT_FILENO);
	close(saved);
	CHECK(r1 == 0 && r2 == 0 && !none);
	CHECK_EQ(err.status, LT_EIO);
	CHECK(scratch_holds("out", "a\nb\n", 4));
}

static void
locks(void)
{
	struct lt_out *a = lt_out_open("f", &err);
	lt_out_write(a, "a", 1);
	CHECK(!lt_out_open("f", &err));
	CHECK_EQ(err.status, LT_EAGAIN);
	struct lt_out *other = lt_out_open("g", &err);
	CHECK(other != NULL);
	lt_out_abandon(other);
	CHECK_EQ(lt_out_commit(a, &err), 0);
	CHECK(scratch_holds("f", "a", 1));
	CHECK_EQ(lt_out_whole("f", "b", 1, &err), 0);
	CHECK(scratch_holds("f", "b", 1));
}

static void
resume(void)
{
	struct lt_out *o = lt_out_open_at("s", 0, &err);
	CHECK(lt_out_resumed(o));
	lt_out_write(o, "abcdef", 6);
	CHECK_EQ(lt_out_keep(o, &err), 0);
	CHECK(access("s", F_OK) < 0);
	CHECK(scratch_holds(".s.part", "abcdef", 6));
	CHECK(!lt_out_open_at("s", 7, &err));
	CHECK_EQ(err.status, LT_EDATA);
	CHECK(scratch_holds(".s.part", "abcdef", 6));
	o = lt_out_open_at("s", 3, &err);
	CHECK(lt_out_resumed(o));
	CHECK_EQ(lt_out_length(o), 3);
	lt_out_write(o, "XY", 2);
	CHECK_EQ(lt_out_commit(o, &err), 0);
	CHECK(scratch_holds("s", "abcXY", 5));
	CHECK(!lt_out_open_at("s", 1, &err));
	CHECK_EQ(err.status, LT_EDATA);
	CHECK_EQ(scratch_count(), 1);
	o = lt_out_open_at("/dev/null", 5, &err);
	CHECK(!lt_out_resumed(o));
	CHECK_EQ(lt_out_length(o), 0);
	lt_out_abandon(o);
}

static void
resume_gzip(void)
{
	struct lt_out *o = lt_out_open("s.gz", &err);
	lt_out_write(o, big, BIG);
	CHECK_EQ(lt_out_keep(o, &err), 0);
	scratch_put(".s.gz.part.gz", "left by a kill", 14);
	o = lt_out_open_at("s.gz", 1000, &err);
	lt_out_write(o, big + 1000, BIG - 1000);
	CHECK_EQ(lt_out_length(o), BIG);
	CHECK_EQ(lt_out_commit(o, &err), 0);
	CHECK_EQ(scratch_count(), 1);
	char *p = NULL;
	size_t n = 0;
	CHECK_EQ(lt_in_whole("s.gz", BIG, &p, &n, &err), 0);
	CHECK(n == BIG && memcmp(p, big, BIG) == 0);
	free(p);
	/* Equal content, equal bytes: no time and no name inside. */
	CHECK_EQ(lt_out_whole("t.gz", big, BIG, &err), 0);
	char *a = scratch_get("s.gz", &n);
	CHECK(a && scratch_holds("t.gz", a, n));
	CHECK(a && memcmp(a + 3, "\0\0\0\0\0", 5) == 0);
	free(a);
}

static void
output_is_input(void)
{
	scratch_put("f", big, BIG);
	struct lt_in *in = lt_in_open("f", &err);
	struct lt_out *o = lt_out_open("f", &err);
	char buf[777];
	size_t got;
	while (lt_in_read(in, buf, sizeof(buf), &got, &err) == 0 && got)
		lt_out_write(o, buf, got);
	lt_in_close(in);
	CHECK_EQ(lt_out_commit(o, &err), 0);
	CHECK(scratch_holds("f", big, BIG));
}

static void
file_size_limit(void)
{
	scratch_put("f", "old\n", 4);
	pid_t child = fork();
	if (child == 0) {
		signal(SIGXFSZ, SIG_IGN);
		struct rlimit limit = {100000, 100000};
		if (setrlimit(RLIMIT_FSIZE, &limit) < 0)
			_exit(99);
		int r = lt_out_whole("f", big, BIG, &err);
		_exit(r < 0 && err.status == LT_EIO &&
					strstr(err.msg, "File too large")
				? 0
				: 1);
	}
	int status;
	CHECK(waitpid(child, &status, 0) == child);
	CHECK_EQ(status, 0);
	CHECK(scratch_holds("f", "old\n", 4));
	CHECK_EQ(scratch_count(), 1);
}

#define WRITERS 4
#define ROUNDS 60

/* One of several writers: it writes a file of its own letter, or it fails
 * because another holds the lock. */
static void
write_letters(char letter)
{
	unsigned char *text = malloc(70000);
	memset(text, letter, 70000);
	for (int i = 0; i < ROUNDS; i++) {
		struct lt_err e;
		if (lt_out_whole("f", text, 70000, &e) < 0 &&
			e.status != LT_EAGAIN)
			_exit(1);
		size_t n;
		char *p = scratch_get("f", &n);
		if (!p || n != 70000)
			_exit(2);
		for (size_t k = 1; k < n; k++) {
			if (p[k] != p[0])
				_exit(3);
		}
		free(p);
	}
	_exit(0);
}

static void
race(void)
{
	char *first = malloc(70000);
	memset(first, '0', 70000);
	scratch_put("f", first, 70000);
	free(first);
	for (int i = 0; i < WRITERS; i++) {
		if (fork() == 0)
			write_letters((char)('a' + i));
	}
	for (int i = 0; i < WRITERS; i++) {
		int status = -1;
		wait(&status);
		CHECK_EQ(status, 0);
	}
	CHECK_EQ(scratch_count(), 1);
}

/* A binary file goes to a file, not to a terminal. */
static void
binary(void)
{
	int terminal = posix_openpt(O_RDWR | O_NOCTTY);
	const char *name = terminal < 0 ? NULL : ptsname(terminal);
	struct lt_out *o = lt_out_open_binary("f", "PNG", &err);

	lt_out_write(o, "x", 1);
	CHECK_EQ(lt_out_commit(o, &err), 0);
	CHECK(scratch_holds("f", "x", 1));
	/* Where there are no terminals, that is all. */
	if (!name || grantpt(terminal) < 0 || unlockpt(terminal) < 0)
		return;
	CHECK(!lt_out_open_binary(name, "PNG", &err));
	CHECK_EQ(err.status, LT_EUSAGE);
	CHECK(strstr(
		err.msg, " is a terminal, expected a file: PNG is binary"));
	o = lt_out_open(name, &err);
	CHECK(o != NULL);
	lt_out_abandon(o);
	close(terminal);
}

static void
in_empty(void (*test)(void), const char *title)
{
	scratch_empty();
	TEST(test, title);
}

/* Text of 100,000 lines goes to /dev/fd/N of a packet pipe by a process of its
 * own, which syncs now and then and in the end commits, or is lost. */
static void
write_lines(int fd, bool commit)
{
	char path[32];
	snprintf(path, sizeof path, "/dev/fd/%d", fd);
	struct lt_out *o = lt_out_open(path, &err);
	for (int i = 0; o && i < 100000; i++) {
		lt_out_printf(o, "%d\n%s", i, i % 1000 ? "" : "\n\n");
		if (i % 777 == 0 && lt_out_sync(o, &err) < 0)
			_exit(1);
	}
	lt_out_write(o, big, 100000);
	lt_out_write(o, "end\n\n", 5);
	if (lt_out_sync(o, &err) == 0 && commit)
		lt_out_commit(o, &err);
	_exit(0);
}

/* A packet pipe hands out each write on its own, so that every moment at which
 * the writer may be killed is seen. */
static void
cut_streams(void)
{
	for (int commit = 0; commit < 2; commit++) {
		int fd[2], within = 0, status = 1;
		char packet[8192], last = 0;
		ssize_t n;
		if (!CHECK(pipe2(fd, O_DIRECT) == 0))
			return;
		pid_t child = fork();
		if (!child)
			write_lines(fd[1], commit);
		close(fd[1]);
		size_t sum = 0;
		for (; (n = read(fd[0], packet, sizeof packet)) > 0; sum += n) {
			CHECK(n <= 4096);
			within += last == '\n';
			last = packet[n - 1];
		}
		close(fd[0]);
		waitpid(child, &status, 0);
		CHECK_EQ(status, 0);
		CHECK_EQ(within, 0);
		CHECK_EQ(last == '\n', commit);
		/* 488,890 bytes of digits, 100,000 line ends and 200 more. */
		CHECK_EQ(sum, 488890 + 100000 + 200 + 100000 + 3 + 2 * commit);
	}
}

/* The reader of a pipe that gave nothing, from a writer that committed (1), was
 * lost (0), or is another program (-1). */
static int
read_nothing(int commit)
{
	int fd[2], status;
	char path[32];
	if (!CHECK(pipe(fd) == 0))
		return -1;
	pid_t child = fork();
	if (!child) {
		snprintf(path, sizeof path, "/dev/fd/%d", fd[1]);
		struct lt_out *o = commit < 0 ? NULL : lt_out_open(path, &err);
		if (commit > 0)
			lt_out_commit(o, &err);
		_exit(0);
	}
	close(fd[1]);
	waitpid(child, &status, 0);
	snprintf(path, sizeof path, "/dev/fd/%d", fd[0]);
	struct lt_in *in = lt_in_open(path, &err);
	lt_in_close(in);
	close(fd[0]);
	return in != NULL;
}

static void
empty_streams(void)
{
	CHECK_EQ(read_nothing(1), 1);
	for (int commit = -1; commit < 1; commit++) {
		CHECK_EQ(read_nothing(commit), 0);
		CHECK_EQ(err.status, LT_EDATA);
		CHECK(strstr(err.msg, "nothing came through the pipe"));
	}
}

int
main(void)
{
	fill_big();
	scratch_enter();
	in_empty(whole_or_absent, "an output appears whole, by its commit");
	in_empty(long_text, "formatted text may be long or empty");
	in_empty(modes, "new files obey umask, replaced ones keep their mode");
	in_empty(symlinks, "links are followed to what they name");
	in_empty(refused_paths, "what cannot be a file is refused");
	in_empty(full_device, "a failed write is remembered and reported");
	in_empty(fifos, "FIFOs are written through");
	in_empty(planted_parts, "a planted part is never written through");
	in_empty(long_names, "a name may have 255 bytes");
	in_empty(descriptors, "descriptors are written where they stand");
	in_empty(cut_streams, "what a pipe was given ends within a line until "
			      "the commit");
	in_empty(empty_streams, "an empty stream has its writer's word or is "
				"refused");
	in_empty(standard_output, "standard output is checked like any other");
	in_empty(locks, "a second writer is told to come again");
	in_empty(resume, "a stream goes on where its saved length says");
	in_empty(resume_gzip, "a .gz stream stays plain until its commit");
	in_empty(output_is_input, "a file may be written over its source");
	in_empty(file_size_limit, "a file too large is reported, the old kept");
	in_empty(race, "racing writers never mix their bytes");
	in_empty(binary, "a binary file never goes to a terminal");
	scratch_leave();
	return tap_done();
}
