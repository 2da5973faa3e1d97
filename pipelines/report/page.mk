# page.mk: the pictures and the page of the report; report.mk reads it.

# --- Which pictures.  Methods in groups, each beside IMP, PrAC and the dense
# network: what the paper compares first; other criteria, other samples, sets of
# another network, new weights; PrAC with something changed.
r_group = $(if $(filter $(r_search) imp earlybird random,$m),main,$(if $(filter \
	reinit random-reinit,$m),controls,$(if $(filter $m,$(searched)),$(if $(filter \
	found,$(call my,SETS)),transfer,$(if $(filter random entropy proxy,$(call \
	my,SETS)),subsets,$(if $(filter-out magnitude,$(call \
	my,CRITERION)),criteria,ablations))),others)))
$(foreach m,$(methods),$(eval r_in.$(r_group) += $m))
r_groups := $(foreach g,main criteria subsets ablations transfer controls others,$(if $(r_in.$g),$g))
r_beside := $(filter imp $(r_search),$(methods))
r_shown = $(if $(filter main,$g),$(filter imp,$(methods)) $(filter $(r_search),$(methods)) $(filter-out \
	imp $(r_search),$(r_in.main)),$(r_beside) $(if $(filter controls,$g),$(filter \
	random,$(methods))) $(r_in.$g))
r_searching = $(filter-out random random-reinit,$(r_shown))

r_accuracy := $(patsubst %,accuracy-%,$(r_groups))
r_spent := $(foreach g,$(filter main ablations transfer others,$(r_groups)),$(if $(strip $(r_searching)),$g))
r_iterations := $(patsubst %,iterations-%,$(r_spent))
r_adds := $(patsubst %,multiply-adds-%,$(r_spent))
r_seconds := $(patsubst %,seconds-%,$(r_spent))
r_bars := $(patsubst %,sets-%,$(r_found))
r_curves := $(patsubst %,distances-%,$(r_watch))
r_heats := $(patsubst %,epochs-%,$(r_epochs)) $(patsubst %,rounds-%,$(filter imp $(r_search) earlybird,$(methods)))
r_overlapping = $(filter-out imp reinit random-reinit,$(r_shown))
r_overlaps := $(if $(filter imp,$(methods)),$(foreach g,$(filter-out controls,$(r_groups)),$(if \
	$(strip $(r_overlapping)),methods-$g)))
r_sheets := $(if $(r_search),outside inside)
r_drawn := $(r_accuracy) $(r_iterations) $(r_adds) $(if $(r_found),set-size) $(r_bars) \
	$(if $(r_search),classes) $(r_overlaps) $(r_curves) $(r_heats)

# --- How they are drawn.  Behind the options come style.gp and another file.
r_pictures := $(if $(shell command -v gnuplot 2>/dev/null),$(r_drawn))
r_timed := $(if $(r_pictures),$(r_seconds))
r_png = $(patsubst %,$(report)/%.png,$1)
r_gp = $(common)report/style.gp $(common)report/$1.gp
r_where := $(NET)$(if $(filter-out standard,$(SETTING)), ($(SETTING))), $(DATASET)
# $(call r_plot,FILE.gp,HEADING,ASSIGNMENTS,MORE OPTIONS)
# Without anything to draw the file is empty.
r_plot = $(draw) -e "file='$(tmp)'; heading='$2: $(r_where)'"$(nl)-e "$3"$(nl)$4$(call \
	r_gp,$1)$(lf)rm -f $@.tsv$(tail)$(lf)$(rename)
r_titles = titles='$$($(r_awk)/titles.awk $1)'
r_marks = -e "$$($(r_awk)/marks.awk $(report)/mean.tsv)"$(nl)
# $(call r_lines,TABLE,COLUMN,METHODS,SCALE,UNIT,DENSE)
r_lines = $(call r_plot,rounds,$7,table='$(report)/$1'; what='$2'; scale=$4; dense=$6; unit='$5'; methods='$(strip \
	$3)'; lead='$(r_search)'; $(call r_titles,$3),$(r_marks))
r_round_needs := $(report)/mean.tsv $(call r_gp,rounds) $(call r_by,titles) $(call r_by,marks)

$(call r_png,$(r_accuracy)): $(report)/accuracy-%.png: $(r_round_needs)
	$(foreach g,$*,$(call r_lines,mean.tsv,test_acc,$(r_shown),1,test accuracy of the retrained ticket$(comma) %,1,Accuracy of tickets))
$(call r_png,$(r_iterations)): $(report)/iterations-%.png: $(r_round_needs)
	$(foreach g,$*,$(call r_lines,mean.tsv,search_iterations,$(r_searching),1,training iterations until the mask exists,0,Search))
$(call r_png,$(r_adds)): $(report)/multiply-adds-%.png: $(r_round_needs)
	$(foreach g,$*,$(call r_lines,mean.tsv,all_multiply_adds,$(r_searching),1e9,multiply-adds until the mask exists$(comma) billions,0,Search))
$(call r_png,$(r_seconds)): $(report)/seconds-%.png: $(report)/mean.time.tsv $(r_round_needs)
	$(foreach g,$*,$(call r_lines,mean.time.tsv,search_seconds,$(r_searching),1,seconds until the mask exists,0,Search))
$(call r_png,set-size): $(report)/sets_mean.tsv $(r_round_needs)
	$(call r_lines,sets_mean.tsv,set_share,$(r_found),1,samples in the set of the round$(comma) % of D0,0,Sets)
$(call r_png,$(r_bars)): $(report)/sets-%.png: $(report)/sets_mean.tsv $(lists) $(call r_gp,sets)
	$(call r_plot,sets,What sets are made of,table='$<'; m='$*'; d0=$$(wc -l <$(D0)))
$(call r_png,classes): $(report)/classes_mean.tsv $(report)/sets_mean.tsv $(call r_gp,classes) $(call r_by,share)
	$(call r_plot,classes,Classes of the last set,table='$<'; m='$(r_search)'; $$($(r_awk)/share.awk m=$(r_search) $(filter %_mean.tsv,$^)))
$(call r_png,$(r_overlaps)): $(report)/methods-%.png: $(report)/methods.tsv $(r_round_needs) $(common)report/overlap.awk
	$(r_awk)/overlap.awk $(report)/methods.tsv >$@.tsv$(tail)
	$(foreach g,$*,$(call r_lines,methods-$*.png.tsv$(tail),distance,$(r_overlapping),1,distance from the mask of IMP,0,Masks))
r_axis = $(if $(findstring i,$(if $(filter earlybird,$1),$(EB_EVERY),$(foreach m,$1,$(call my,STOP_EVERY)))),iteration,epoch)
$(call r_png,$(r_curves)): $(report)/distances-%.png: $(report)/distances.tsv $(call r_gp,distances)
	$(call r_plot,distances,Distances of successive masks$(comma) seed $(r_seed),table='$<'; m='$*'; seed=$(r_seed); by='$(call r_axis,$*)')
$(call r_png,$(filter epochs-%,$(r_heats))): $(report)/epochs-%.png: $(report)/epochs.tsv $(call r_gp,heat)
	$(call r_plot,heat,Masks of all epochs of round $*,table='$<'; key='round'; m='$(patsubst 0%,%,$*)'; what='epoch')
$(call r_png,$(filter rounds-%,$(r_heats))): $(report)/rounds-%.png: $(report)/rounds.tsv $(call r_gp,heat)
	$(call r_plot,heat,Masks of all rounds,table='$<'; key='method'; m='$*'; what='round')

# --- Samples inside and outside the last set of the first seed, by lot, above
# how often the dense run forgot them.
r_set := $(call seed_dir,$(r_seed))/$(r_search)/$(r_last)/set.idx
ifneq ($(r_search),)
$(report)/inside.idx: $(r_set) $(lists)
	$(run) lt-subset intersect$(quiet) -o $@ $(D0) $<
$(report)/outside.idx: $(r_set) $(lists)
	$(run) lt-subset subtract$(quiet) -o $@ $(D0) $<
r_dense := $(call seed_dir,$(r_seed))/dense
$(report)/forget.tsv: $(call of,$(r_dense),train.events) | $(report)/
	$(run) lt-forget$(quiet) --table -o $@ $(r_dense)/train.events
$(eval $(call stamp,$(report)/settings/sheet,SHEET SHEET_SCALE))
$(call r_png,$(r_sheets)): $(report)/%.png: $(report)/%.idx $(report)/forget.tsv $(train.data) \
		$(report)/settings/sheet
	$(call run_to,$@.idx$(tail)) lt-subset sample$(quiet) --seed $(r_seed) --of $< -o $@.idx$(tail) --size \
		$$(awk 'END { print NR < $(SHEET) ? NR : $(SHEET) }' $<)
	if test -s $@.idx$(tail); then $(call launch_to,$(tmp)) lt-data sheet$(quiet) --index $@.idx$(tail) --limit $(SHEET) \
		--columns 12 --scale $(SHEET_SCALE) --caption $(report)/forget.tsv --column count --sort -o $(tmp) $(train.data); else : >$(tmp); fi
	rm $@.idx$(tail)
	$(rename)
endif

# --- What the page says.
$(eval $(call page_facts,$(report),methods='$(strip $(methods))',$(searched)))
r_of = $(foreach t,$1,is=$t $(report)/$t.tsv)
r_found_needs := matching savings summary $(if $(r_made),sets_mean)
r_findings = $(r_awk)/findings.awk search=$(r_search) within=$(WITHIN)$(nl)
$(report)/findings.txt: $(r_found_needs:%=$(report)/%.tsv) $(call r_by,findings)
	$(r_findings)$(subst is=sets_mean,is=sets,$(call r_of,$(r_found_needs))) $(r_finish)
$(report)/findings.time.txt: $(report)/matching.tsv $(report)/savings.time.tsv $(call r_by,findings)
	$(r_findings)time=1 is=matching $< is=savings $(word 2,$^) $(r_finish)

r_figure_needs := mean $(if $(r_made),sets_mean classes_mean) $(if $(r_watch),distances) rounds \
	methods $(if $(r_epochs),epochs)
# KIND-GROUP=METHOD,...
r_with = $(foreach g,$2,$1-$g=$(subst $() ,$(comma),$(strip $($3))))
r_spec = $(call r_with,accuracy,$(r_groups),r_shown) $(foreach k,iterations multiply-adds,$(call \
	r_with,$k,$(r_spent),r_searching)) $(call \
	r_with,methods,$(r_overlaps:methods-%=%),r_overlapping) $(filter-out \
	$(r_accuracy) $(r_iterations) $(r_adds) $(r_overlaps),$(r_drawn)) $(r_sheets)
r_spec_time = $(call r_with,seconds,$(r_spent),r_searching)
r_captions = $(r_awk)/captions.awk search=$(r_search) seed=$(r_seed) seeds=$(words $(SEEDS))$(nl)
$(report)/figures.tsv: $(r_figure_needs:%=$(report)/%.tsv) $(call r_by,captions) \
		$(if $(r_search),$(report)/inside.idx $(report)/outside.idx) $(report)/settings/rows
	$(r_captions)pictures='$(strip $(r_spec))'$(nl)$(subst is=sets_mean,is=sets,$(subst \
		is=classes_mean,is=classes,$(call r_of,$(r_figure_needs))))$(nl)is=list $(filter %.idx,$^) $(r_finish)
$(report)/figures.time.tsv: $(report)/mean.tsv $(report)/mean.time.tsv $(call r_by,captions)
	$(r_captions)pictures='$(strip $(r_spec_time))' is=mean $< is=time $(word 2,$^) $(r_finish)

r_shown_tables := $(r_tables:%=$(report)/%.tsv) $(patsubst %,$(report)/%.time.tsv,mean savings summary)
$(report)/index.html: $(foreach f,facts.tsv settings.tsv findings.txt findings.time.txt figures.tsv \
		figures.time.tsv,$(report)/$f) $(r_shown_tables) $(call r_png,$(r_pictures) $(r_timed) \
		$(r_sheets)) $(call r_by,html) $(common)report/page.awk
	$(call note,the page)
	$(r_awk)/html.awk -f $(common)report/page.awk dir=$(report) pictures=$(if $(r_pictures),1,0) within=$(WITHIN) \
		search=$(r_search)$(nl)is=facts $(report)/facts.tsv is=settings $(report)/settings.tsv \
		is=findings $(report)/findings.txt is=timed $(report)/findings.time.txt$(nl)is=figures \
		$(report)/figures.tsv $(report)/figures.time.tsv is=mean $(report)/mean.tsv \
		is=ledger $(report)/mean.time.tsv$(nl)is=savings $(report)/savings.tsv is=savings_time \
		$(report)/savings.time.tsv is=table $(r_shown_tables) $(r_finish)
