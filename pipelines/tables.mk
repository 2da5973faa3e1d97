# tables.mk: how a report, $R, gets the rows of all seeds, those of joined reports among them.
include $(pipelines)joined.mk

# A rule of such a table has $$(theirs) as a prerequisite, and $(rows) with the operands of
# lt-score rows for the seeds that are here.
files  = $(filter %.tsv,$1)
theirs = $(joined) $(wildcard $(JOIN:%=%/$(@F)))
rows   = $(run) lt-score rows --by seed -o $@ $(call files,$(theirs))

# Joined reports are of the same study.
joined := $(if $(strip $(JOIN)),$R/settings/joined)
$(joined): $(call in,$R $(JOIN),settings.tsv facts.tsv) $(shown)
	@sh $(pipelines)joined.sh $R $(JOIN)
	@touch $@
