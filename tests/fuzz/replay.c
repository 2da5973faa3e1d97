/* replay TARGET FILE...	run a fuzz target on files
 * replay -l		list the targets
 * replay -s TARGET DIR	write the first inputs that no tool can write
 *
 * For builds without libFuzzer.  A file that kills the target, holds it for a
 * minute or takes too much memory is named on standard error.
 */
#include "fuzz.h"

#include <limits.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SECONDS 60
#define MEMORY ((long)1 << 20) /* KiB of address space, more than at first */

static const char *current; /* the file in the reader's hands */
static long most;	    /* KiB of address space; 0: any */

static void
complain(const char *what)
{
	char text[PATH_MAX + 64];
	int n = snprintf(text, sizeof text, "replay: %s: %s\n", current, what);

	if (n > 0 && write(2, text, (size_t)n) < 0)
		_exit(1);
}

static void
on_signal(int number)
{
	complain(number == SIGALRM ? "too slow" : "killed the target");
	signal(number, SIG_DFL);
	raise(number);
}

static void
on_exit_early(void)
{
	if (current)
		complain("ended the program");
}

static uint8_t *
slurp(const char *path, size_t *size)
{
	size_t cap = 1 << 16, n = 0;
	FILE *f = fopen(path, "rb");
	uint8_t *p = malloc(cap);

	while (f && p && (n += fread(p + n, 1, cap - n, f)) == cap)
		p = realloc(p, cap *= 2);
	if (!f || !p || ferror(f)) {
		perror(path);
		exit(1);
	}
	fclose(f);
	*size = n;
	return p;
}

/* The most address space so far in KiB, 0 where the system does not say. */
static long
peak(void)
{
	char line[256];
	long kib = 0;
	FILE *f = fopen("/proc/self/status", "r");

	while (f && fgets(line, sizeof line, f))
		if (sscanf(line, "VmPeak: %ld", &kib) == 1)
			break;
	if (f)
		fclose(f);
	return kib;
}

static void
replay(const struct fuzz_target *t, const char *path)
{
	size_t size;
	uint8_t *data = slurp(path, &size);
	/* Of its exact size, so that a sanitizer sees a byte too many. */
	uint8_t *exact = malloc(size ? size : 1);

	if (!exact)
		exit(1);
	memcpy(exact, data, size);
	free(data);
	current = path;
	alarm(SECONDS);
	t->run(exact, size);
	alarm(0);
	if (most && peak() > most) {
		complain("took too much memory");
		_exit(1);
	}
	current = NULL;
	free(exact);
}

/* A sanitizer maps terabytes, and has handlers of its own. */
static void
watch(void)
{
#if !defined(__SANITIZE_ADDRESS__)
	most = peak() + MEMORY;
	signal(SIGSEGV, on_signal);
	signal(SIGBUS, on_signal);
	signal(SIGFPE, on_signal);
#endif
	signal(SIGABRT, on_signal);
	signal(SIGALRM, on_signal);
	atexit(on_exit_early);
}

int
main(int argc, char **argv)
{
	const struct fuzz_target *t = fuzz_targets;

	if (argc == 2 && strcmp(argv[1], "-l") == 0) {
		for (; t->name; t++)
			puts(t->name);
		return 0;
	}
	bool seeds = argc == 4 && strcmp(argv[1], "-s") == 0;
	t = argc < 2 ? NULL : fuzz_find(argv[seeds ? 2 : 1]);
	if (!t) {
		fputs("usage: replay -l | -s TARGET DIR | TARGET FILE...\n",
			stderr);
		return 2;
	}
	for (int i = seeds ? 3 : 2; i < argc; i++) {
		const char *given = argv[i];
		argv[i] = realpath(given, NULL);
		if (!argv[i]) {
			perror(given);
			return 1;
		}
	}
	fuzz_begin(t);
	if (seeds && t->seeds)
		t->seeds(argv[3]);
	watch();
	for (int i = 2; i < argc && !seeds; i++)
		replay(t, argv[i]);
	fuzz_end();
	return 0;
}
