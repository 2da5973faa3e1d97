# page.mk: the page on early tickets, of those studies that were named; report.mk
# reads it.

# --- Which tables and pictures there are.
p_tables.grid := grid_mean grid grid_table grid_std
p_tables.weights := weights_mean slopes_mean rates_mean distances_mean distances_table
p_tables.ppr := ppr_mean ppr ticket_mean ticket
p_tables.gradual := gradual_mean gradual_table gradual_std cost
p_tables.memorize := memory_mean memory_table $(if $(memory_steps),steps_mean steps_table)
p_tables := $(foreach s,$(studies),$(p_tables.$s))
p_times := $(if $(filter gradual,$(studies)),gradual_mean cost)
p_pictures.grid := tickets grid
p_pictures.weights := rates W_std slopes distances
p_pictures.ppr := ppr
p_pictures.gradual := gradual
p_pictures.memorize := memory
p_pictures := $(foreach s,$(studies),$(p_pictures.$s))

# --- What the page says.
$(eval $(call stamp,$(early)/settings/rows,studies SEEDS))
$(eval $(call page_facts,$(early),studies='$(strip $(studies))',$(WINDOWS) $(SEEDS:%=s%)))
p_means := $(filter $(addsuffix _mean,grid rates slopes distances ppr ticket gradual memory steps) cost,$(p_tables))
p_each := $(patsubst %_mean,$(early)/%.tsv,$(filter grid_mean gradual_mean memory_mean steps_mean,$(p_means)))
$(early)/findings.txt: $(p_means:%=$(early)/%.tsv) $(p_each) $(early)/settings/rows $(e_lib) $(common)early/findings.awk
	$(e_awk)early/findings.awk sparsity=$(SPARSITY) rewind=$(REWIND)$(nl)$(foreach \
		t,$(p_means),is=$(t:_mean=) $(early)/$t.tsv) is=each $(p_each) $(finish)
p_diagonal := $(if $(filter grid,$(studies)),$(foreach s,$(SEEDS),$(foreach m,s$s,$(if $(filter 1,$(call my,DIAGONAL)),$s))))
$(early)/figures.tsv: $(early)/settings/page $(common)early/figures.awk
	awk -f $(common)early/figures.awk pictures='$(strip $(p_pictures))' sparsity=$(SPARSITY) \
		seeds='$(strip $(SEEDS))' diagonal='$(strip $(p_diagonal))' rewind=$(REWIND) memory='$(strip $(MEMORY_SEEDS))' rule=$(PPR_LR) $< $(finish)

p_shown := $(p_tables:%=$(early)/%.tsv) $(p_times:%=$(early)/%.time.tsv)
$(early)/index.html: $(foreach f,facts.tsv settings.tsv findings.txt figures.tsv,$(early)/$f) \
		$(p_shown) $(call e_png,$(p_pictures)) $(e_lib) $(common)report/html.awk $(common)early/page.awk
	$(call note,the page)
	$(e_awk)report/html.awk -f $(common)early/page.awk dir=$(early) pictures=$(if $(call \
		e_png,$(p_pictures)),1,0) parts='$(strip $(studies))'$(nl)is=facts $(early)/facts.tsv is=settings \
		$(early)/settings.tsv is=findings $(early)/findings.txt is=figures $(early)/figures.tsv$(nl)is=table \
		$(p_shown) $(finish)
report: $(early)/index.html
