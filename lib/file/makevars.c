#include "file/makevars.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/in.h"
#include "base/mem.h"
#include "base/outpath.h"

/* More than any makefile has; a device that never ends is refused. */
#define LARGEST ((size_t)16 << 20)

/* Conditionals within each other; those that are deeper are taken for ifdef. */
#define DEEPEST 32

/* The file that is read, and where in it. */
struct place {
	struct lt_makevars *s;
	const char *path;
	const char *const *folder;
	size_t folders;
	int line;
	char *group;
	/* How many conditionals are open, and those of them by ifeq or ifneq.
	 */
	int depth, compared;
	bool by_value[DEEPEST];
};

#define ADD(array, count, cap) \
	(lt_grow(&(array), &(cap), (count) + 1, sizeof *(array)), \
		&(array)[(count)++])

/* ---- one line ------------------------------------------------------------ */

static const char *
skip_blanks(const char *s)
{
	return s + strspn(s, " \t");
}

/* s[0..n) without blanks at both ends. */
static char *
trimmed(const char *s, size_t n)
{
	while (n && (*s == ' ' || *s == '\t')) {
		s++;
		n--;
	}
	while (n && (s[n - 1] == ' ' || s[n - 1] == '\t' || s[n - 1] == '\r'))
		n--;
	return lt_strndup(s, n);
}

/* Where the comment of a line begins: its first '#' without a backslash before
 * it; the end of the line if there is none. */
static size_t
code_length(const char *line)
{
	size_t i = 0;

	while (line[i] && (line[i] != '#' || (i && line[i - 1] == '\\')))
		i++;
	return i;
}

/* The operator "=", ":=", "::=", "+=" or "?=" at s, or 0; its length. */
static size_t
operator_length(const char *s)
{
	size_t n = strspn(s, ":");

	if (n == 0 && (*s == '?' || *s == '+'))
		n = 1;
	return n <= 2 && s[n] == '=' ? n + 1 : 0;
}

static bool
is_setting_name(const char *s, size_t n)
{
	if (!n || !isupper((unsigned char)*s))
		return false;
	for (size_t i = 0; i < n; i++)
		if (!isupper((unsigned char)s[i]) &&
			!isdigit((unsigned char)s[i]) && s[i] != '_')
			return false;
	return true;
}

/* ---- what lines say ------------------------------------------------------ */

static struct lt_makevar *
find(const struct lt_makevars *s, const char *name)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->v[i].name, name) == 0)
			return &s->v[i];
	return NULL;
}

/* Split "TYPE by OWNER]..." at text, which has an end. */
static int
put_type(struct place *p, struct lt_makevar *v, const char *text, size_t n,
	struct lt_err *err)
{
	char *type = lt_strndup(text, n), *by = strstr(type, " by ");

	if (by && !strchr(by + 4, ' ')) {
		if (!v->owner)
			v->owner = lt_strdup(by + 4);
		*by = 0;
	}
	if (v->type && strcmp(v->type, type) != 0) {
		lt_fail(err, LT_EDATA,
			"%s: %d: %s: expected the type [%s] that it has "
			"elsewhere, found [%s]",
			p->path, p->line, v->name, v->type, type);
		free(type);
		return -1;
	}
	if (!v->type) {
		free(v->home);
		v->home = lt_strdup(p->path);
	}
	free(v->type);
	v->type = type;
	return 0;
}

/* The comment of a declaration: "[TYPE] HELP".  helps: it is the first one. */
static int
put_comment(struct place *p, struct lt_makevar *v, const char *comment,
	bool helps, struct lt_err *err)
{
	const char *text = skip_blanks(comment), *end = strchr(text, ']');

	if (*text == '[' && end) {
		if (put_type(p, v, text + 1, (size_t)(end - text - 1), err) < 0)
			return -1;
		text = end + 1;
	}
	if (helps) {
		free(v->help);
		v->help = trimmed(text, strlen(text));
	}
	return 0;
}

static int
declare(struct place *p, const char *name, const char *value,
	const char *comment, struct lt_err *err)
{
	struct lt_makevar *v = find(p->s, name);

	if (!v) {
		v = ADD(p->s->v, p->s->n, p->s->cap);
		*v = (struct lt_makevar){
			.name = lt_strdup(name),
			.value = lt_strdup(value),
			.help = lt_strdup(""),
			.group = lt_strdup(p->group),
			.file = lt_strdup(p->path),
			.line = p->line,
			.home = lt_strdup(p->path),
			.bare = true,
		};
	}
	if (!comment)
		return 0;
	bool helps = v->bare;
	v->bare = false;
	return put_comment(p, v, comment, helps, err);
}

static void
assign(struct place *p, const char *name, const char *value, bool weak)
{
	struct lt_makeset *set;

	if (strchr(value, '$'))
		return;
	set = ADD(p->s->set, p->s->sets, p->s->sets_cap);
	*set = (struct lt_makeset){lt_strdup(name), lt_strdup(value),
		lt_strdup(p->path), p->line, weak};
}

static void
add_word(struct lt_makevars *s, const char *text, size_t n)
{
	if (n && !isupper((unsigned char)*text))
		*ADD(s->word, s->words, s->words_cap) = lt_strndup(text, n);
}

/* Variables that $(eval NAME = ...) assigns. */
static void
find_evals(struct lt_makevars *s, const char *line)
{
	for (const char *at = line; (at = strstr(at, "eval "));) {
		at = skip_blanks(at + 5);
		size_t n = strspn(at, "abcdefghijklmnopqrstuvwxyz_0123456789"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		if (operator_length(skip_blanks(at + n)))
			add_word(s, at, n);
		at += n;
	}
}

/* An assignment at the beginning of a line: 0, or -1. */
static int
take_assignment(struct place *p, const char *line, struct lt_err *err)
{
	size_t code = code_length(line), n = strcspn(line, " \t:+?=#$");
	const char *op = skip_blanks(line + n);
	size_t length = operator_length(op);
	int bad = 0;

	if (!n || !length || op >= line + code)
		return 0;
	char *name = lt_strndup(line, n), *dot = strrchr(name, '.');
	char *value = trimmed(op + length, code - (size_t)(op + length - line));
	const char *last = dot ? dot + 1 : name;
	if (is_setting_name(last, strlen(last))) {
		if (!dot && *op == '?')
			bad = declare(p, name, value,
				line[code] ? line + code + 1 : NULL, err);
		if (*op != '+')
			assign(p, name, value, *op == '?');
	} else
		add_word(p->s, name, n);
	free(name);
	free(value);
	return bad;
}

/* ---- includes ------------------------------------------------------------ */

static bool
is_file(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISREG(st.st_mode);
}

/* FOLDER/NAME if that is a file, else NULL; the caller's. */
static char *
in_folder(const char *folder, const char *name)
{
	char *path = strcmp(folder, ".") == 0
			     ? lt_strdup(name)
			     : lt_asprintf("%s/%s", folder, name);

	if (is_file(path))
		return path;
	free(path);
	return NULL;
}

/* The file that "include WORD" means, or NULL; the caller's. */
static char *
find_include(const struct place *p, const char *word)
{
	const char *rest = strrchr(word, ')');
	char *folder = lt_outpath_folder(p->path), *path = NULL;

	if (rest)
		word = rest + 1 + strspn(rest + 1, "/");
	else if (!strchr(word, '$') && is_file(word))
		path = lt_strdup(word);
	if (!path && *word && *word != '/')
		path = in_folder(folder, word);
	for (size_t i = 0; !path && *word && *word != '/' && i < p->folders;
		i++)
		path = in_folder(p->folder[i], word);
	free(folder);
	return path;
}

static int
take_include(struct place *p, const char *line, struct lt_err *err)
{
	char *words = lt_strndup(line, code_length(line)), *at = words;
	int bad = 0, depth = 0;

	/* Blanks within $(...) end no word. */
	while (!bad && *(at += strspn(at, " \t\r"))) {
		char *end = at;
		for (; *end && (depth || !strchr(" \t\r", *end)); end++)
			depth += (*end == '(') - (*end == ')' && depth);
		char *word = lt_strndup(at, (size_t)(end - at));
		char *path = find_include(p, word);
		if (path)
			bad = lt_makevars_read(
				p->s, path, p->folder, p->folders, err);
		free(path);
		free(word);
		at = end;
	}
	free(words);
	return bad;
}

/* ---- files --------------------------------------------------------------- */

static bool
begins(const char *line, const char *word)
{
	size_t n = strlen(word);

	return strncmp(line, word, n) == 0 && !isalnum((unsigned char)line[n]);
}

/* Note where a conditional begins or ends. */
static void
take_conditional(struct place *p, const char *line)
{
	bool value = begins(line, "ifeq") || begins(line, "ifneq");

	if (value || begins(line, "ifdef") || begins(line, "ifndef")) {
		if (p->depth < DEEPEST)
			p->by_value[p->depth] = value;
		p->compared += value && p->depth < DEEPEST;
		p->depth++;
	} else if (begins(line, "endif") && p->depth) {
		p->depth--;
		p->compared -= p->depth < DEEPEST && p->by_value[p->depth];
	}
}

static int
take_line(struct place *p, const char *line, struct lt_err *err)
{
	static const char *const includes[] = {
		"include ", "-include ", "sinclude "};

	if (strncmp(line, "## ", 3) == 0) {
		free(p->group);
		p->group = trimmed(line + 3, strlen(line + 3));
		return 0;
	}
	for (size_t i = 0; i < sizeof includes / sizeof *includes; i++) {
		size_t n = strlen(includes[i]);
		if (strncmp(line, includes[i], n) == 0)
			return p->compared ? 0 : take_include(p, line + n, err);
	}
	take_conditional(p, line + strspn(line, " "));
	if (strncmp(line, "define ", 7) == 0) {
		const char *name = skip_blanks(line + 7);
		add_word(p->s, name, strcspn(name, " \t:+?="));
		return 0;
	}
	find_evals(p->s, line);
	return take_assignment(p, line + strspn(line, " "), err);
}

static bool
was_read(const struct lt_makevars *s, const char *path)
{
	struct stat a, b;

	for (size_t i = 0; i < s->files; i++)
		if (strcmp(s->file[i], path) == 0 ||
			(stat(s->file[i], &a) == 0 && stat(path, &b) == 0 &&
				a.st_dev == b.st_dev && a.st_ino == b.st_ino))
			return true;
	return false;
}

int
lt_makevars_read(struct lt_makevars *s, const char *path,
	const char *const *folder, size_t n, struct lt_err *err)
{
	struct place p = {.s = s, .path = path, .folder = folder, .folders = n};
	char *text, *next;
	size_t size;
	int bad = 0;

	if (was_read(s, path))
		return 0;
	if (lt_in_whole(path, LARGEST, &text, &size, err) < 0)
		return -1;
	*ADD(s->file, s->files, s->files_cap) = lt_strdup(path);
	p.group = lt_strdup("");
	for (char *line = text; !bad && line < text + size; line = next) {
		next = line + strcspn(line, "\n");
		if (next < text + size && *next == 0) {
			bad = lt_fail(err, LT_EDATA,
				"%s: %d: expected text, found a byte 0", path,
				p.line + 1);
			break;
		}
		*next++ = 0;
		p.line++;
		bad = take_line(&p, line, err);
	}
	free(p.group);
	free(text);
	return bad;
}

/* ---- the set ------------------------------------------------------------- */

const struct lt_makevar *
lt_makevars_find(const struct lt_makevars *s, const char *name)
{
	return find(s, name);
}

bool
lt_makevars_assigned(const struct lt_makevars *s, const char *name)
{
	for (size_t i = 0; i < s->words; i++)
		if (strcmp(s->word[i], name) == 0)
			return true;
	return false;
}

static void
release_strings(char **v, size_t n)
{
	for (size_t i = 0; i < n; i++)
		free(v[i]);
	free(v);
}

void
lt_makevars_release(struct lt_makevars *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct lt_makevar *v = &s->v[i];
		free(v->name);
		free(v->value);
		free(v->type);
		free(v->owner);
		free(v->help);
		free(v->group);
		free(v->file);
		free(v->home);
	}
	free(s->v);
	for (size_t i = 0; i < s->sets; i++) {
		free(s->set[i].name);
		free(s->set[i].value);
		free(s->set[i].file);
	}
	free(s->set);
	release_strings(s->word, s->words);
	release_strings(s->file, s->files);
	*s = (struct lt_makevars){0};
}
