#include "base/signature.h"

#include <string.h>

#define LOOK 8

/* Each text is compared as far as it and the first LOOK bytes go. */
static const struct {
	const char *bytes, *name;
} kinds[] = {
	{"PK\003\004", "a zip archive, as torch.save and numpy.savez write"},
	{"\x80\002", "a pickle, as torch.save wrote before PyTorch 1.6"},
	{"\x80\003", "a pickle of Python"},
	{"\x80\004", "a pickle of Python"},
	{"\x80\005", "a pickle of Python"},
	{"\x89HDF", "an HDF5 file, as Keras writes"},
	{"\x93NUMPY", "an array of NumPy"},
	{"GGUF", "a GGUF file"},
	{"version https://git-lfs",
		"a Git LFS pointer: git lfs pull fetches the file"},
	{"<", "a page of HTML or XML"},
};

const char *
lt_signature_name(const void *p, size_t n)
{
	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t len = strlen(kinds[i].bytes);
		if (len > LOOK)
			len = LOOK;
		if (n >= len && memcmp(p, kinds[i].bytes, len) == 0)
			return kinds[i].name;
	}
	return NULL;
}
