#include "file/maketype.h"

#include <ctype.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "base/near.h"
#include "base/num.h"

/* Characters that make or the shell would act on. */
#define SPECIAL "$#%&;:=,()[]{}<>|*?!\\'\"`"
#define SPECIAL_SHOWN "$ # % & ; : = , ( ) [ ] { } < > | * ? ! \\ ' \" `"
#define QUOTING "$#&;()<>|*?!\\'\"`{}[]"
#define QUOTING_SHOWN "$ # & ; ( ) < > | * ? ! \\ `"
#define DIGITS "0123456789"

/* One value under one alternative of a type. */
struct trial {
	const char *name;   /* of the setting */
	const char *bounds; /* ">0 <=99", or "" */
	const struct lt_maketype_ask *ask;
	struct lt_err *err;
};

/* 1: the value fits this kind; 0: it does not; -1: an error is in t->err. */
typedef int fits_fn(const struct trial *t, const char *value);

/* ---- text ---------------------------------------------------------------- */

/* A growing text; the caller's to free. */
struct text {
	char *s;
};

__attribute__((format(printf, 2, 3))) static void
add(struct text *t, const char *fmt, ...)
{
	va_list ap;
	char *more, *all;

	va_start(ap, fmt);
	if (vasprintf(&more, fmt, ap) < 0)
		lt_bug(__FILE__, __LINE__, "vasprintf");
	va_end(ap);
	all = lt_asprintf("%s%s", t->s ? t->s : "", more);
	free(more);
	free(t->s);
	t->s = all;
}

/* Cut the next word off *rest, at one of the characters of between; NULL at the
 * end.  Empty words are skipped. */
static char *
next_word(char **rest, const char *between)
{
	char *word = *rest + strspn(*rest, between);

	if (!*word)
		return NULL;
	*rest = word + strcspn(word, between);
	if (**rest)
		*(*rest)++ = 0;
	return word;
}

/* Cut the next alternative off *rest, at ", " or " or "; NULL at the end. */
static char *
next_alternative(char **rest)
{
	char *word = *rest, *comma, * or ;

	if (!word)
		return NULL;
	comma = strstr(word, ", ");
	or = strstr(word, " or ");
	char *end = comma && (! or || comma < or) ? comma : or ;
	*rest = end ? end + (end == comma ? 2 : 4) : NULL;
	if (end)
		*end = 0;
	return word;
}

/* ---- numbers and bounds -------------------------------------------------- */

static bool
is_whole(const char *s)
{
	size_t n = strspn(s, DIGITS);

	return n && !s[n] && n <= 18 && (n == 1 || *s != '0');
}

/* A decimal number without a sign. */
static bool
is_real(const char *s)
{
	double v;

	return (isdigit((unsigned char)*s) || *s == '.') && lt_num_f64(s, &v);
}

/* Epochs, or iterations with an i behind them. */
static bool
is_span(const char *s)
{
	size_t n = strlen(s);
	char digits[32];

	if (n && s[n - 1] == 'i')
		n--;
	if (n >= sizeof digits)
		return false;
	memcpy(digits, s, n);
	digits[n] = 0;
	return is_whole(digits);
}

static const char *
value_of(const struct trial *t, const char *name)
{
	return t->ask->value ? t->ask->value(t->ask->arg, name) : NULL;
}

/* One bound as ">=" or "<" and its number.  False if the number is not known,
 * as with a setting whose value is computed by the makefile. */
static bool
read_bound(const struct trial *t, const char *bound, double *limit)
{
	const char *text = bound + 1 + (bound[1] == '=');

	if (isupper((unsigned char)*text))
		text = value_of(t, text);
	return text && lt_num_f64(text, limit);
}

static bool
meets(const struct trial *t, const char *bound, double v)
{
	double limit;
	bool equal = bound[1] == '=';

	if (!read_bound(t, bound, &limit))
		return true;
	if (v == limit)
		return equal;
	return *bound == '>' ? v > limit : v < limit;
}

static bool
within(const struct trial *t, const char *number)
{
	char *bounds = lt_strdup(t->bounds), *rest = bounds, *bound;
	double v = strtod(number, NULL);
	bool all = true;

	while ((bound = next_word(&rest, " ")))
		all &= meets(t, bound, v);
	free(bounds);
	return all;
}

/* " above 0 and at most ROUNDS=15" */
static void
say_bounds(const struct trial *t, struct text *out)
{
	char *bounds = lt_strdup(t->bounds), *rest = bounds, *bound;
	bool first = true;

	while ((bound = next_word(&rest, " "))) {
		bool equal = bound[1] == '=';
		const char *limit = bound + 1 + equal;
		const char *value = isupper((unsigned char)*limit)
					    ? value_of(t, limit)
					    : NULL;
		add(out, " %s%s %s%s%s", first ? "" : "and ",
			*bound == '>' ? (equal ? "at least" : "above")
			: equal	      ? "at most"
				      : "below",
			limit, value ? "=" : "", value ? value : "");
		first = false;
	}
	free(bounds);
}

/* ---- the kinds ----------------------------------------------------------- */

static int
fits_whole(const struct trial *t, const char *value)
{
	return is_whole(value) && within(t, value);
}

static int
fits_real(const struct trial *t, const char *value)
{
	return is_real(value) && within(t, value);
}

static int
fits_span(const struct trial *t, const char *value)
{
	(void)t;
	return is_span(value);
}

/* Epochs and iterations cannot be compared before the data are known: each
 * kind must rise by itself. */
static int
fits_milestones(const struct trial *t, const char *value)
{
	char *list = lt_strdup(value), *rest = list, *item;
	double last[2] = {-1, -1};
	bool ok = *value && strspn(value, DIGITS "i,") == strlen(value) &&
		  !strstr(value, ",,") && *value != ',' &&
		  value[strlen(value) - 1] != ',';

	while (ok && (item = next_word(&rest, ","))) {
		bool iterations = strchr(item, 'i');
		double v = strtod(item, NULL);
		ok = is_span(item) && v > last[iterations] &&
		     (iterations || within(t, item));
		last[iterations] = v;
	}
	free(list);
	return ok;
}

static bool
is_letter(char c, const char *more)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 128 ||
	       (c && strchr(more, c));
}

/* Each character is a letter, a digit or one of more, the first one of begin.
 */
static bool
is_word(const char *s, const char *begin, const char *more)
{
	if (!is_letter(*s, begin))
		return false;
	while (is_letter(*s, more))
		s++;
	return !*s;
}

static int
fits_name(const struct trial *t, const char *value)
{
	(void)t;
	return is_word(value, "_", "_.+-");
}

static int
fits_list(const struct trial *t, const char *value)
{
	size_t n = strlen(value);

	(void)t;
	return n && is_word(value, "_.", "_.,-") && value[n - 1] != ',' &&
	       !strstr(value, ",,");
}

/* A word of lt_named_params (net/named.h). */
static bool
is_layer(const char *word)
{
	return is_word(word + (*word == '^'), "_.", "_.-");
}

static bool
is_factor(const char *word)
{
	const char *colon = strchr(word, ':');
	char *layer = lt_strndup(word, colon ? (size_t)(colon - word) : 0);
	bool ok = colon && is_layer(layer) && is_real(colon + 1) &&
		  strtod(colon + 1, NULL) > 0;

	free(layer);
	return ok;
}

/* Does every word between commas pass? */
static int
fits_all(const char *value, bool passes(const char *word))
{
	char *list = lt_strdup(value), *rest = list, *word;
	int ok = 1;

	while (ok && (word = strsep(&rest, ",")))
		ok = passes(word);
	free(list);
	return ok;
}

static int
fits_layers(const struct trial *t, const char *value)
{
	(void)t;
	return fits_all(value, is_layer);
}

static int
fits_factors(const struct trial *t, const char *value)
{
	(void)t;
	return fits_all(value, is_factor);
}

/* True if s has a control character or one of these.  A space counts as a
 * control character unless it is allowed. */
static bool
has_strange(const char *s, const char *these, bool space)
{
	for (; *s; s++)
		if (((unsigned char)*s <= ' ' && !(space && *s == ' ')) ||
			*s == 127 || strchr(these, *s))
			return true;
	return false;
}

static int
fits_path(const struct trial *t, const char *value)
{
	(void)t;
	return *value && *value != '-' && *value != '~' &&
	       !has_strange(value, SPECIAL, false);
}

static int
fits_options(const struct trial *t, const char *value)
{
	(void)t;
	return !has_strange(value, QUOTING, true);
}

static int
fits_known(const struct trial *t, const char *value)
{
	char *list = lt_strdup(value), *rest = list, *item;
	int n = 0;
	bool all = true;

	for (; (item = next_word(&rest, " ")); n++)
		all &= !t->ask->known || t->ask->known(t->ask->arg, item);
	free(list);
	return n && all;
}

static int
fits_pruning(const struct trial *t, const char *value)
{
	size_t n = strcspn(value, ":");
	char epoch[32];

	(void)t;
	if (!value[n] || n >= sizeof epoch)
		return 0;
	memcpy(epoch, value, n);
	epoch[n] = 0;
	const char *sparsity = value + n + 1;
	return is_whole(epoch) && is_real(sparsity) &&
	       strspn(sparsity, DIGITS ".") == strlen(sparsity);
}

/* Groups of an N:M mask; lt-prune knows how large M may be. */
static int
fits_pattern(const struct trial *t, const char *value)
{
	size_t n = strcspn(value, ":");
	char left[32];

	(void)t;
	if (!value[n] || n >= sizeof left)
		return 0;
	memcpy(left, value, n);
	left[n] = 0;
	const char *all = value + n + 1;
	return is_whole(left) && is_whole(all) && strtod(left, NULL) >= 1 &&
	       strtod(left, NULL) < strtod(all, NULL);
}

static int
fits_window(const struct trial *t, const char *value)
{
	(void)t;
	for (const char *s = value; *s; s++)
		if ((unsigned char)*s >= 128)
			return 0;
	return is_word(value, "_", "_.+-");
}

static int
fits_command(const struct trial *t, const char *value)
{
	(void)t;
	(void)value;
	return 1;
}

/* Cut the next word of a command line off *rest; single quotes stand around
 * what has blanks.  NULL at the end, or with *open if a quote is not closed. */
static char *
next_quoted(char **rest, bool *open)
{
	char *from = *rest + strspn(*rest, " "), *to = from, *word = from;

	*open = false;
	if (!*from)
		return NULL;
	for (; *from && (*open || *from != ' '); from++)
		if (*from == '\'')
			*open = !*open;
		else
			*to++ = *from;
	*rest = *from ? from + 1 : from;
	*to = 0;
	return *open ? NULL : word;
}

static int
fits_settings(const struct trial *t, const char *value)
{
	char *list = lt_strdup(value), *rest = list, *word;
	bool open;
	int ok = 1;

	while (ok > 0 && (word = next_quoted(&rest, &open))) {
		char *equal = strchr(word, '=');
		if (equal)
			*equal = 0;
		if (!equal)
			ok = 0;
		else if (t->ask->setting && t->ask->setting(t->ask->arg, word,
						    equal + 1, t->err) < 0) {
			lt_fail_prefix(t->err, t->name);
			ok = -1;
		}
	}
	free(list);
	return ok > 0 && open ? 0 : ok;
}

struct kind {
	const char *name;
	const char *said; /* in "expected ..." */
	fits_fn *fits;
	bool several; /* one or more, with blanks between */
};

#define NAMES " (letters, digits and ._+-)"
static const struct kind kinds[] = {
	{"whole", "a whole number", fits_whole, false},
	{"wholes", "whole numbers", fits_whole, true},
	{"real", "a number", fits_real, false},
	{"span", "epochs, or iterations such as 500i", fits_span, false},
	{"spans", "epochs, or iterations such as 500i", fits_span, true},
	{"milestones", "epochs in rising order with commas between them",
		fits_milestones, false},
	{"name", "a name" NAMES, fits_name, false},
	{"names", "names" NAMES, fits_name, true},
	{"list", "names with commas between them", fits_list, false},
	{"layers", "layers with commas between them, such as layer1 or ^last",
		fits_layers, false},
	{"factors", "LAYER:X with commas between them, X above 0", fits_factors,
		false},
	{"path", "a path without spaces and without any of " SPECIAL_SHOWN,
		fits_path, false},
	{"paths", "paths without any of " SPECIAL_SHOWN, fits_path, true},
	{"options", "options without quotes and without any of " QUOTING_SHOWN,
		fits_options, false},
	{"settings", "settings NAME=VALUE", fits_settings, false},
	{"known", "names of settings", fits_known, false},
	{"pruning", "EPOCH:SPARSITY", fits_pruning, false},
	{"prunings", "EPOCH:SPARSITY ...", fits_pruning, true},
	{"pattern", "N:M with 1 <= N < M, such as 2:4", fits_pattern, false},
	{"window", "FIRST-LAST or a name", fits_window, false},
	{"windows", "windows FIRST-LAST, or names", fits_window, true},
	{"command", "a command", fits_command, false},
	{NULL, NULL, NULL, false},
};

/* The kind that the first word of an alternative names, or NULL. */
static const struct kind *
kind_of(const char *alternative)
{
	size_t n = strcspn(alternative, " ");

	for (const struct kind *k = kinds; k->name; k++)
		if (strlen(k->name) == n &&
			strncmp(k->name, alternative, n) == 0)
			return k;
	return NULL;
}

static int
fits(const struct kind *k, const struct trial *t, const char *value)
{
	int n = 0, ok = 1;

	if (!k->several)
		return k->fits(t, value);
	if (has_strange(value, "", true))
		return 0;
	char *list = lt_strdup(value), *rest = list, *item;
	for (; ok > 0 && (item = next_word(&rest, " ")); n++)
		ok = k->fits(t, item);
	free(list);
	return n ? ok : 0;
}

/* ---- the choice ---------------------------------------------------------- */

/* What was expected, as it is found out. */
struct wanted {
	struct text values; /* "a whole number above 0 or ..." */
	struct text words;  /* " all end" */
	struct lt_near near;
};

static int
try_criteria(const struct trial *t, const char *value, struct wanted *w)
{
	const char *name;

	if (!t->ask->criterion)
		return fits_name(t, value);
	for (size_t i = 0; (name = t->ask->criterion(i)); i++) {
		if (strcmp(name, value) == 0)
			return 1;
		add(&w->words, " %s", name);
		lt_near_try(&w->near, name);
	}
	return 0;
}

static int
try_alternative(
	struct trial *t, char *alternative, const char *value, struct wanted *w)
{
	const struct kind *k = kind_of(alternative);

	if (strcmp(alternative, "nothing") == 0)
		return !*value;
	if (strcmp(alternative, "criterion") == 0)
		return try_criteria(t, value, w);
	if (k) {
		t->bounds = alternative + strlen(k->name);
		int ok = fits(k, t, value);
		if (ok)
			return ok;
		add(&w->values, "%s%s", w->values.s ? " or " : "", k->said);
		say_bounds(t, &w->values);
		return 0;
	}
	if (strcmp(alternative, value) == 0)
		return 1;
	add(&w->words, " %s", alternative);
	lt_near_try(&w->near, alternative);
	return 0;
}

static int
refuse(const struct trial *t, const char *value, const struct wanted *w)
{
	const char *values = w->values.s, *words = w->words.s;

	return lt_fail(t->err, LT_EDATA, "%s=%s: expected %s%s%s%s%s%s%s",
		t->name, value, words ? "one of:" : "", words ? words : "",
		words && values ? "; or " : "", values ? values : "",
		w->near.best ? "; did you mean " : "",
		w->near.best ? w->near.best : "", w->near.best ? "?" : "");
}

int
lt_maketype_check(const char *type, const char *name, const char *value,
	const struct lt_maketype_ask *ask, struct lt_err *err)
{
	struct trial t = {name, "", ask, err};
	struct wanted w = {.near.to = value};
	char *list = lt_strdup(type), *rest = list, *alternative;
	int ok = 0;

	while (!ok && (alternative = next_alternative(&rest)))
		ok = try_alternative(&t, alternative, value, &w);
	int bad = ok > 0 ? 0 : ok < 0 ? -1 : refuse(&t, value, &w);
	free(w.values.s);
	free(w.words.s);
	free(list);
	return bad;
}
