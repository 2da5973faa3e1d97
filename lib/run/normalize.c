/* Whose mean and standard deviation images are normalized by. */
#include "run/normalize.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

/* Numbers for all channels, if there is a text; word names the option. */
static int
take(float *to, const char *text, const char *what, const char *word,
	int channels, struct lt_err *err)
{
	if (!text || lt_stats_parse(text, to, channels) == 0)
		return 0;
	lt_fail(err, LT_EUSAGE, "%s: expected %d numbers, found '%s'", what,
		channels, text);
	return lt_fail_mend(err, word);
}

int
lt_norm_set(struct lt_norm *nm, const char *mean, const char *std, int channels,
	struct lt_err *err)
{
	int most = sizeof nm->mean / sizeof *nm->mean;

	if (channels > most)
		return lt_fail(err, LT_EUSAGE,
			"normalization: %d channels are over %d", channels,
			most);
	if (take(nm->mean, mean, "the means", "mean", channels, err) < 0 ||
		take(nm->std, std, "the deviations", "std", channels, err) < 0)
		return -1;
	for (int c = 0; c < channels; c++)
		if (!(nm->std[c] > 0)) {
			lt_fail(err, LT_EUSAGE,
				"the deviations: %.9g is not positive",
				(double)nm->std[c]);
			return lt_fail_mend(err, "std");
		}
	return 0;
}

int
lt_norm_own(struct lt_norm *nm, const struct lt_st *st, const char *path,
	int channels, struct lt_err *err)
{
	const char *mean = lt_st_meta(st, "lt.mean");
	const char *std = lt_st_meta(st, "lt.std");

	if (!mean && !std)
		return 0;
	if (!mean || !std)
		return lt_fail(err, LT_EDATA,
			"%s: contains only %s, expected lt.mean and lt.std",
			path, mean ? "lt.mean" : "lt.std");
	if (lt_stats_parse(mean, nm->mean, channels) < 0 ||
		lt_stats_parse(std, nm->std, channels) < 0)
		return lt_fail(err, LT_EDATA,
			"%s: lt.mean and lt.std are '%s' and '%s', expected %d "
			"numbers each",
			path, mean, std, channels);
	for (int c = 0; c < channels; c++)
		if (!(nm->std[c] > 0))
			return lt_fail(err, LT_EDATA,
				"%s: lt.std is not positive", path);
	return 1;
}

int
lt_norm_from(struct lt_norm *nm, const struct lt_st *st, const char *path,
	const struct lt_dataset *d, struct lt_err *err)
{
	memcpy(nm->mean, d->mean, sizeof nm->mean);
	memcpy(nm->std, d->std, sizeof nm->std);
	return lt_norm_own(nm, st, path, d->c, err) < 0 ? -1 : 0;
}

char *
lt_norm_note(
	const struct lt_norm *nm, const struct lt_dataset *d, const char *path)
{
	size_t size = (size_t)d->c * sizeof *nm->mean;

	if (!memcmp(nm->mean, d->mean, size) && !memcmp(nm->std, d->std, size))
		return NULL;
	char *mean = lt_stats_text(nm->mean, d->c);
	char *std = lt_stats_text(nm->std, d->c);
	char *of_mean = lt_stats_text(d->mean, d->c);
	char *of_std = lt_stats_text(d->std, d->c);
	char *note = lt_asprintf("%s: images are normalized by mean %s, std "
				 "%s; the data set %s has mean %s, std %s",
		path, mean, std, d->path, of_mean, of_std);
	free(mean);
	free(std);
	free(of_mean);
	free(of_std);
	return note;
}
