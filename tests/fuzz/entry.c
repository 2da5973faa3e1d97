/* libFuzzer's way in: FUZZ_TARGET names the target. */
#include "fuzz.h"

#include <stdio.h>
#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct fuzz_target *target;

/* libFuzzer wants its folders by absolute names, as this one leaves. */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *name = getenv("FUZZ_TARGET");

	(void)argc, (void)argv;
	target = fuzz_find(name ? name : "");
	if (!target) {
		fprintf(stderr, "FUZZ_TARGET must be one of:");
		for (target = fuzz_targets; target->name; target++)
			fprintf(stderr, " %s", target->name);
		fprintf(stderr, "\n");
		exit(2);
	}
	fuzz_begin(target);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	target->run(data, size);
	return 0;
}
