/* The table of settings: fingerprints, refusals and histories that programs of
 * yesterday wrote and programs of tomorrow must read.
 */
#include <stdlib.h>
#include <zlib.h>
#include "run/settings.h"
#include "tap.h"

/* lt-train's defaults, on one channel. */
static struct lt_settings
defaults(void)
{
	return (struct lt_settings){
		.opt = {.length = {182, false},
			.milestone = {{91, false}, {500, true}},
			.milestones = 2,
			.batch = 128,
			.lr = 0.1,
			.gamma = 0.5,
			.optim = {.momentum = 0.75, .weight_decay = 0.0625},
			.seed = 7,
			.tool = "test"},
		.data = 0xabc,
		.index = 0x12345678,
		.mask = 0xff,
		.masked = true,
		.input = 1,
		.start = 20,
		.from = 30,
		.to = 40,
		.norm = {.mean = {0.5F}, .std = {0.25F}},
		.channels = 1,
		.stop = "0/0"};
}

/* What decides the weights, in the order and the form of version 0.1.0. */
#define BEFORE_STEPS \
	"length=182 warmup=0 milestones=91,500i schedule=multistep " \
	"lr=0.10000000000000001 gamma=0.5 batch=128 "
#define SGD "momentum=0.75 weight-decay=0.0625 nesterov=0 "
#define AFTER_STEPS \
	"augment=0 crop-pad=0 seed=7 data=00000abc index=12345678 " \
	"val-data=00000000 val-index=00000000 mask=000000ff store=f32 " \
	"mean=0.5 std=0.25 input=00000001 start=20"
#define SEGMENT \
	" version=" LT_VERSION " from=30 to=40 stop=0/0 patience=0 best=0 " \
	"log=0 events=0 distances=0 states=0 prefix="

static uint32_t
crc(const char *text)
{
	return (uint32_t)crc32(0, (const void *)text, (uInt)strlen(text));
}

static void
fingerprint(void)
{
	struct lt_settings s = defaults();

	lt_settings_seal(&s);
	CHECK_STR(s.text, BEFORE_STEPS SGD AFTER_STEPS);
	CHECK_EQ(s.core, crc(BEFORE_STEPS SGD AFTER_STEPS));
	CHECK_EQ(s.full, crc(BEFORE_STEPS SGD AFTER_STEPS SEGMENT));
	/* An output is a part of the segment, and its name is not. */
	uint32_t core = s.core, full = s.full;
	s.opt.log = "a.log";
	lt_settings_seal(&s);
	CHECK_EQ(s.core, core);
	CHECK(s.full != full);
	full = s.full;
	s.opt.log = "b.log";
	lt_settings_seal(&s);
	CHECK_EQ(s.full, full);
	lt_settings_release(&s);
}

/* A newer setting is written where it is used, and nowhere else. */
static void
newer(void)
{
	struct lt_settings s = defaults();

	s.opt.optim = (struct lt_optim){.kind = LT_OPTIM_ADAMW,
		.weight_decay = 0.0625,
		.beta1 = 0.5,
		.beta2 = 0.75,
		.eps = 0.125};
	s.opt.label_smoothing = 0.5;
	s.opt.teacher = "teacher.st";
	s.opt.teacher_share = 0.75;
	s.opt.teacher_temperature = 4;
	s.teacher = 0xabcdef;
	s.opt.freeze = "conv1,layer1";
	s.opt.lr_scale = "fc:10";
	lt_settings_seal(&s);
	CHECK_STR(s.text, BEFORE_STEPS "optimizer=adamw beta1=0.5 beta2=0.75 "
				       "eps=0.125 weight-decay=0.0625 "
				       "label-smoothing=0.5 "
				       "teacher=00abcdef teacher-share=0.75 "
				       "teacher-temperature=4 lr-scale=fc:10 "
				       "freeze=conv1,layer1 " AFTER_STEPS);
	lt_settings_release(&s);
}

static void
refusals(void)
{
	static const struct {
		const char *there, *message; /* NULL: the same */
	} row[] = {
		{BEFORE_STEPS SGD AFTER_STEPS, NULL},
		{BEFORE_STEPS "momentum=0.5 weight-decay=0.0625 "
			      "nesterov=0 " AFTER_STEPS,
			"momentum=0.5 in the state, momentum=0.75 in this run"},
		{BEFORE_STEPS SGD "new=1 " AFTER_STEPS,
			"new=1 in the state, nothing in this run"},
		{BEFORE_STEPS AFTER_STEPS,
			"nothing in the state, momentum=0.75 in this run"},
		{BEFORE_STEPS SGD AFTER_STEPS " last=1",
			"last=1 in the state, nothing in this run"},
		{BEFORE_STEPS SGD,
			"nothing in the state, augment=0 in this run"},
		{"", "nothing in the state, length=182 in this run"},
	};
	struct lt_settings s = defaults();
	struct lt_err err = {0};
	char want[256];

	lt_settings_seal(&s);
	for (size_t i = 0; i < sizeof row / sizeof *row; i++) {
		struct lt_st st = {0};
		lt_st_set_meta(&st, "lt.run.settings", row[i].there);
		int bad = lt_settings_same(&s, &st, "x", &err);
		CHECK_EQ(bad, row[i].message ? -1 : 0);
		snprintf(want, sizeof want,
			"x: the state belongs to a run with other settings: %s",
			row[i].message ? row[i].message : "");
		if (row[i].message) {
			CHECK_STR(err.msg, want);
			CHECK_EQ(err.status, LT_EDATA);
		}
		lt_st_release(&st);
	}
	lt_settings_release(&s);
}

static void
history(void)
{
	struct lt_settings s = defaults();
	struct lt_st st = {0};

	lt_settings_history(&s, &st);
	lt_settings_history(&s, &st); /* the same entry again: one */
	CHECK_STR(lt_st_meta(&st, "lt.history"),
		"[{\"tool\":\"test\",\"version\":\"" LT_VERSION "\","
		"\"length\":\"182\",\"from\":\"20i\",\"batch\":\"128\","
		"\"lr\":\"0.1\",\"schedule\":\"multistep\","
		"\"milestones\":\"91,500i\",\"gamma\":\"0.5\","
		"\"warmup\":\"0\",\"momentum\":\"0.75\",\"nesterov\":\"no\","
		"\"weight-decay\":\"0.0625\",\"augment\":\"none\","
		"\"store\":\"f32\",\"seed\":\"7\",\"data\":\"00000abc\","
		"\"index\":\"12345678\",\"input\":\"00000001\","
		"\"mask\":\"000000ff\"}]");
	lt_st_release(&st);
}

int
main(void)
{
	TEST(fingerprint, "the fingerprint is the one of version 0.1.0");
	TEST(newer, "a newer setting is written only where it is used");
	TEST(refusals, "a refusal has the first setting that differs");
	TEST(history, "the history has the settings that matter, in its order");
	return tap_done();
}
