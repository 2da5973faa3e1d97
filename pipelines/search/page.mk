# page.mk: tables and pictures over all networks, and the page; search.mk reads it.
f_goal := search
include $(common)report/facts.mk
f_names := $(filter-out ARCH NET,$(f_names))
s_gnuplot := $(shell command -v gnuplot 2>/dev/null)
s_labels := $(foreach n,$(NETWORKS),$(call named,$n))
s_arcs := $(foreach n,$(NETWORKS),$(if $(filter-out 0,$(call its,$n,ARCS)),$n))
s_facts := $(stage_tables:%/stages.tsv=%/facts.tsv)
s_paths := $(foreach n,$(s_arcs),$(call its_folder,$n)/search/path.tsv)
$(s_facts) $(s_paths): %: FORCE | $(stage_tables) ;

$(found)/networks.tsv: $(found)/score.tsv $(s_facts) $(s_lib) $(common)search/networks.awk
	$(s_awk)search/networks.awk is=facts $(s_facts) is=score $< $(s_finish)
$(found)/path.tsv: $(s_paths) $(found)/settings/networks $(common)rows.awk
	awk -f $(common)rows.awk $(s_paths) $(s_finish)
$(found)/findings.txt: $(found)/networks.tsv $(found)/gains.tsv $(s_lib) $(common)search/findings.awk
	$(s_awk)search/findings.awk is=networks $< is=gains $(found)/gains.tsv $(s_finish)

# --- Pictures.
s_drawn := success gain lts gain-stages $(if $(s_arcs),length-gain length-stages $(foreach n,$(s_arcs),path-$(call named,$n)))
s_pictures := $(if $(s_gnuplot),$(s_drawn))
s_gp = $(common)report/style.gp $(common)search/$1.gp
s_plot = $(draw) -e "file='$(tmp)'; heading='$2: $(DATASET)'"$(nl)-e "$3"$(nl)$(call \
	s_gp,$1)$(lf)$(rename)
s_bars = $(call s_plot,bars,$1,table='$(found)/networks.tsv'; what='$2'; unit='$3'; low='$4'; high='$5'; \
	beside='$6'; errors=$(or $8,1); null='$7'; first='$9'; second='$(10)')
s_bar_needs := $(found)/networks.tsv $(call s_gp,bars)
$(found)/success.png: $(s_bar_needs)
	$(call s_bars,Success rate,sr,searches that find a winning ticket$(comma) %,sr_low,sr_high,,sr_null,1,success rate)
$(found)/gain.png: $(s_bar_needs)
	$(call s_bars,Accuracy gain,best_gain,gain of test accuracy$(comma) %,,,success_gain,,1,best sparse,of successful searches)
$(found)/lts.png: $(s_bar_needs)
	$(call s_bars,LTS score,lts,accuracy gain times success rate,,,lts_all,,0,of winning tickets,of all searches)
$(found)/length-gain.png: $(s_bar_needs)
	$(call s_bars,Trajectory length,best_length_gain,gain of trajectory length$(comma) %,,,match_length_gain,,1,best sparse,sparsest matching)
s_lines = $(call s_plot,stages,$1,table='$(found)/gains.tsv'; what='$2'; unit='$3'; networks='$(s_labels)')
$(found)/gain-stages.png: $(found)/gains.tsv $(call s_gp,stages)
	$(call s_lines,Accuracy from stage to stage,gain,gain of test accuracy$(comma) %)
$(found)/length-stages.png: $(found)/gains.tsv $(call s_gp,stages)
	$(call s_lines,Trajectory length from stage to stage,length_gain,gain of trajectory length$(comma) %)
define s_path
$(found)/path-$(call named,$1).png: $(its_folder)/search/path.tsv $(call s_gp,path)
	$$(call s_plot,path,An arc through $(call named,$1),table='$$<'; nodes='$$$$(awk 'NR > 1 && \
		!seen[$$$$3]++ { print $$$$3 }' $$< | paste -sd ' ')')

endef
$(foreach n,$(s_arcs),$(eval $(call s_path,$n)))

# --- The page.
$(eval $(call page_settings,$(found),$(s_labels)))
f_goal :=
$(found)/facts.tsv: $(found)/settings/page
	awk -v OFS='\t' -v set='$(DATASET)' -v nets='$(strip $(s_labels))' -v seeds='$(subst $() ;,;,$(strip \
		$(SEEDS) $(foreach n,$(s_labels),$(if $($n.SEEDS),; $n: $($n.SEEDS)))))' -v version="$$(lt-info --version)" 'sub(/^command=/, "") { command = $$0 } \
		END { sub(/^lt-info/, "lt", version); gsub(/ /, ", ", nets); print "data set", set; \
		print "network", nets; print "seeds", seeds; print "made by", version; \
		print "command", command }' $< $(s_finish)
$(found)/figures.tsv: $(found)/settings/page $(common)search/figures.awk
	awk -f $(common)search/figures.awk pictures='$(strip $(s_drawn))' $< $(s_finish)
s_tables := $(patsubst %,$(found)/%.tsv,networks each gains stages)
$(found)/index.html: $(s_tables) $(patsubst %,$(found)/%,facts.tsv settings.tsv findings.txt figures.tsv) \
		$(if $(s_arcs),$(found)/path.tsv) $(s_pictures:%=$(found)/%.png) $(s_lib) $(common)report/html.awk $(common)search/page.awk
	$(call note,the page)
	$(s_awk)report/html.awk -f $(common)search/page.awk dir=$(found) pictures=$(if $(s_pictures),1,0)$(nl)is=facts \
		$(found)/facts.tsv is=settings $(found)/settings.tsv is=findings $(found)/findings.txt is=figures \
		$(found)/figures.tsv$(nl)is=networks $(found)/networks.tsv is=table $(s_tables) $(if \
		$(s_arcs),$(found)/path.tsv) $(s_finish)
