/* Keeping a state and going on from it. */
#include "run/keep.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/mem.h"
#include "base/outpath.h"
#include "run/state.h"
#include "run/report.h"

static const char *const length_key[STREAMS] = {
	"lt.run.log", "lt.run.time", "lt.run.events", "lt.run.distances"};

/* The path of the state: the options' file, or "DIR/.NAME.state" beside the
 * output.  NULL if that is not a regular file, because a state could not be
 * read back. */
static char *
state_path(const struct lt_train_opt *o)
{
	struct lt_outpath where;
	const char *path = o->state ? o->state : o->output;
	bool file = true;

	if (lt_outpath_find(&where, path) == 0) {
		file = where.fd < 0 && !where.special;
		free(where.path);
	}
	if (!file)
		return NULL;
	return o->state ? lt_strdup(o->state)
			: lt_outpath_part(o->output, ".state");
}

int
keep_open(struct keep *k, const struct lt_train_opt *o, struct lt_err *err)
{
	k->path = state_path(o);
	if (!k->path)
		return 0;
	char *path = lt_outpath_beside(k->path, "", ".lock");
	k->lock = streams_open_out(path, 0, err);
	free(path);
	if (!k->lock && err->status == LT_EAGAIN)
		return lt_fail(err, LT_EAGAIN,
			"%s: another process is training it (%s.lock)",
			o->output, k->path);
	return k->lock ? 0 : -1;
}

int
keep_save(struct keep *k, const struct session *s, struct streams *t,
	struct lt_err *err)
{
	struct lt_st st = {0};

	if (streams_sync(t, err) < 0)
		return -1;
	if (!k->path)
		return 0;
	state_to_st(s, &st);
	lt_st_format_meta(&st, "lt.run.full", "%08x", s->set.full);
	for (int i = 0; i < STREAMS; i++)
		lt_st_format_meta(
			&st, length_key[i], "%" PRIu64, streams_length(t, i));
	int bad = lt_st_write(&st, k->path, err);
	lt_st_release(&st);
	if (bad)
		return -1;
	k->saved = true;
	return streams_emit(t, err);
}

/* Is the file a state of this run, and how much of each stream is its? */
static bool
is_ours(const struct keep *k, const struct session *s, const struct lt_st *st,
	struct streams *t)
{
	struct lt_err err;
	const char *full = lt_st_meta(st, "lt.run.full");
	char want[16];

	snprintf(want, sizeof want, "%08x", s->set.full);
	if (!full || strcmp(full, want) != 0) {
		report_note(&s->set.opt,
			"%s is the state of a run with other settings; "
			"starting from the beginning",
			k->path);
		return false;
	}
	for (int i = 0; i < STREAMS; i++)
		if (state_u64(st, length_key[i], &t->each[i].kept, k->path,
			    &err) < 0)
			return false;
	return true;
}

/* Streams are opened first, because a state is useless without the streams that
 * it vouches for. */
static int
resume_from(struct keep *k, struct session *s, const struct lt_st *st,
	struct streams *t, struct lt_err *err)
{
	const struct segment *p = &s->part;
	uint64_t at = 0, stopped = 0;
	struct lt_err why = {0};

	if (!is_ours(k, s, st, t))
		return 0;
	if (state_u64(st, "lt.iteration", &at, k->path, err) < 0 ||
		state_u64(st, "lt.stop.stopped", &stopped, k->path, err) < 0)
		return -1;
	if (at < p->from || at > p->to)
		return lt_fail(err, LT_EDATA,
			"%s: at iteration %" PRIu64 ", expected %" PRIu64
			" to %" PRIu64,
			k->path, at, p->from, p->to);
	k->saved = true;
	if (streams_open(t, &s->set.opt, at == p->to || stopped, &why) == 0) {
		s->stopped = stopped;
		if (s->set.opt.dst.rule != LT_DST_OFF &&
			inputs_take_mask(s->in, st, k->path, err) < 0)
			return -1;
		return state_read(s, st, k->path, err) < 0 ? -1 : 1;
	}
	if (why.status != LT_EDATA) {
		*err = why;
		return -1;
	}
	report_note(&s->set.opt, "%s; starting from the beginning", why.msg);
	streams_abandon(t);
	k->saved = false;
	return 0;
}

int
keep_resume(struct keep *k, struct session *s, struct streams *t,
	struct lt_err *err)
{
	struct lt_st st = {0};
	struct lt_err why = {0};
	int done = 0;

	if (!k->path || access(k->path, F_OK) != 0)
		return 0;
	int bad = lt_st_read(&st, k->path, &why);
	if (bad && access(k->path, F_OK) != 0) {
		/* The run that gave the lock back has removed it since. */
	} else if (bad && why.status == LT_EIO) {
		/* Another try may be able to read the state, so it is kept. */
		*err = why;
		done = -1;
	} else if (bad) {
		report_note(&s->set.opt, "%s; starting from the beginning",
			why.msg);
	} else {
		done = resume_from(k, s, &st, t, err);
	}
	lt_st_release(&st);
	for (int i = 0; !done && i < STREAMS; i++)
		t->each[i].kept = 0;
	return done;
}

void
keep_unlock(struct keep *k)
{
	lt_out_abandon(k->lock);
	k->lock = NULL;
}

void
keep_remove(struct keep *k)
{
	if (k->path)
		unlink(k->path);
}

void
keep_close(struct keep *k)
{
	keep_unlock(k);
	free(k->path);
}
