# joined.mk: the seeds of several machines on one page; for the reports.
## Report
JOIN ?=#	[nothing or paths] folders of reports on other seeds of the same study

all_seeds := $(strip $(SEEDS))
ifneq ($(strip $(JOIN)),)
$(foreach j,$(JOIN),$(if $(wildcard $j/facts.tsv),,$(error JOIN: $j: expected the folder of a \
	report, found no facts.tsv)))
all_seeds += $(foreach j,$(JOIN),$(shell sed -n 's/^seeds\t//p' $j/facts.tsv))
$(foreach s,$(shell printf '%s\n' $(all_seeds) | sort | uniq -d),$(error JOIN: seed $s twice))
all_seeds := $(shell printf '%s\n' $(all_seeds) | sort -n)
endif
