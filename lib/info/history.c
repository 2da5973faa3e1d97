#include "info/history.h"

#include <stdlib.h>
#include <string.h>
#include "base/mem.h"
#include "file/st_int.h"

json_t *
lt_history_load(const struct lt_st *st)
{
	const char *text = lt_st_meta(st, "lt.history");
	json_t *list = NULL;

	if (text && lt_st_scan(text, strlen(text), 4, SIZE_MAX) == 0)
		list = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	if (list && !json_is_array(list)) {
		json_decref(list);
		list = NULL;
	}
	return list;
}

const char *
lt_history_tool(const json_t *entry)
{
	const char *tool = json_string_value(json_object_get(entry, "tool"));

	return tool ? tool : "?";
}

char *
lt_history_line(json_t *entry)
{
	char *line = lt_strdup(lt_history_tool(entry));
	const char *key;
	json_t *value;

	json_object_foreach(entry, key, value)
	{
		const char *s = json_string_value(value);
		if (!s || strcmp(key, "tool") == 0)
			continue;
		char *more = lt_asprintf("%s %s=%s", line, key, s);
		free(line);
		line = more;
	}
	return line;
}
