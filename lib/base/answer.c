#include "base/answer.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/mem.h"

#define DIGITS 17 /* which distinguish any two doubles */

void
lt_answer_value(struct lt_answer *a, const char *name, json_t *value)
{
	if (!a->all)
		a->all = json_object();
	if (a->in_table && !a->row)
		a->row = json_object();
	int bad = json_object_set_new_nocheck(
		a->in_table ? a->row : a->all, name, value);
	LT_BUG_ON(bad);
}

/* Text whose bytes may be of no encoding, such as the name of a file. */
static json_t *
string(const char *text)
{
	json_t *v = json_string(text);

	if (!v) {
		char *ascii = lt_strdup(text);
		for (char *p = ascii; *p; p++)
			*p = *p & 0x80 ? '?' : *p;
		v = json_string(ascii);
		free(ascii);
	}
	return v;
}

/* In text: begin a fact or a cell. */
static void
begin(struct lt_answer *a, const char *name)
{
	if (!a->in_table)
		lt_out_text(a->out, name);
	if (!a->in_table || a->in_row)
		lt_out_printf(a->out, "\t");
	a->in_row = a->in_table;
}

static void
end(struct lt_answer *a)
{
	if (!a->in_table)
		lt_out_printf(a->out, "\n");
}

void
lt_answer_text(struct lt_answer *a, const char *name, const char *value)
{
	if (a->json) {
		lt_answer_value(a, name, string(value));
		return;
	}
	begin(a, name);
	lt_out_text(a->out, value);
	end(a);
}

void
lt_answer_count(struct lt_answer *a, const char *name, uint64_t value)
{
	if (a->json) {
		lt_answer_value(a, name, json_integer((json_int_t)value));
		return;
	}
	begin(a, name);
	lt_out_printf(a->out, "%" PRIu64, value);
	end(a);
}

void
lt_answer_number(struct lt_answer *a, const char *name, double value)
{
	if (a->json) {
		lt_answer_value(a, name,
			isnan(value)   ? json_null()
			: isinf(value) ? json_string(value < 0 ? "-inf" : "inf")
				       : json_real(value));
		return;
	}
	if (!a->in_table)
		lt_out_text(a->out, name);
	LT_BUG_ON(a->in_table && !a->in_row);
	lt_out_number(a->out, value);
	end(a);
}

void
lt_answer_shape(
	struct lt_answer *a, const char *name, int n, const uint64_t *shape)
{
	if (a->json) {
		json_t *list = json_array();
		for (int i = 0; i < n; i++)
			json_array_append_new(
				list, json_integer((json_int_t)shape[i]));
		lt_answer_value(a, name, list);
		return;
	}
	begin(a, name);
	lt_out_printf(a->out, "%s", n ? "" : "scalar");
	for (int i = 0; i < n; i++)
		lt_out_printf(a->out, "%s%" PRIu64, i ? "x" : "", shape[i]);
	end(a);
}

void
lt_answer_image(struct lt_answer *a, const char *name, int c, int h, int w)
{
	const uint64_t shape[] = {(uint64_t)c, (uint64_t)h, (uint64_t)w};

	lt_answer_shape(a, name, 3, shape);
}

void
lt_answer_missing(struct lt_answer *a, const char *name)
{
	if (a->json)
		lt_answer_value(a, name, json_null());
	else
		lt_answer_text(a, name, "NaN");
}

void
lt_answer_item(struct lt_answer *a, const char *name, const char *value)
{
	if (!a->json) {
		lt_answer_text(a, name, value);
		return;
	}
	if (!json_object_get(a->all, name))
		lt_answer_value(a, name, json_array());
	json_array_append_new(json_object_get(a->all, name), string(value));
}

void
lt_answer_gap(struct lt_answer *a)
{
	if (!a->json)
		lt_out_printf(a->out, "\n");
}

void
lt_answer_table(struct lt_answer *a, const char *columns)
{
	if (a->json) {
		a->table = json_array();
		lt_answer_value(a, "table", a->table);
	} else
		lt_out_printf(a->out, "%s\n", columns);
	a->in_table = true;
	a->in_row = false;
}

void
lt_answer_row(struct lt_answer *a)
{
	if (a->json) {
		json_array_append_new(a->table, a->row);
		a->row = NULL;
	} else
		lt_out_printf(a->out, "\n");
	a->in_row = false;
}

void
lt_answer_end(struct lt_answer *a)
{
	if (a->json && a->all) {
		char *text =
			json_dumps(a->all, JSON_COMPACT | JSON_ENSURE_ASCII |
						   JSON_REAL_PRECISION(DIGITS));
		LT_BUG_ON(!text);
		lt_out_write(a->out, text, strlen(text));
		lt_out_write(a->out, "\n", 1);
		free(text);
	}
	lt_answer_release(a);
}

void
lt_answer_release(struct lt_answer *a)
{
	json_decref(a->row);
	json_decref(a->all);
	*a = (struct lt_answer){.out = a->out, .json = a->json};
}
