/* Fuzz targets: each hands bytes to one reader of lt, as a file where the
 * reader wants one.  entry.c gives them to libFuzzer, replay.c runs them on
 * files.  A target aborts when a reader breaks a promise: a failure has a
 * status and one clean line; what was read and written reads the same.
 */
#ifndef LT_TESTS_FUZZ_H
#define LT_TESTS_FUZZ_H

#include <stddef.h>
#include <stdint.h>

struct fuzz_target {
	const char *name;
	void (*run)(const uint8_t *data, size_t size);
	void (*begin)(void); /* once, in the scratch directory; or NULL */
	/* Writes first inputs that no tool can, or NULL. */
	void (*seeds)(const char *directory);
};

/* The last one's name is NULL. */
extern const struct fuzz_target fuzz_targets[];
const struct fuzz_target *fuzz_find(const char *name);

/* Make a scratch directory in $TMPDIR, go there, prepare the target. */
void fuzz_begin(const struct fuzz_target *t);
/* Remove the scratch directory. */
void fuzz_end(void);

#endif
