# cell.mk: the ticket (s, v): the mask of epoch s on the weights after epoch v, retrained.
#
#	$E/sSvV/   last.safetensors best.safetensors log.tsv test.tsv
s = $(word 1,$(subst v, ,$*))
v = $(word 2,$(subst v, ,$*))
$(addprefix $E/s%/,$(trained_files)): $$(call at,$$v) \
		$E/epoch-$$s.mask.safetensors $(trained)
	$(call note,retrain the mask of epoch $s on the weights of epoch $v)
	$(run) lt-train --index $(D0) --mask $E/epoch-$s.mask.safetensors $< $(keep) $(training)
