# cell.mk: the ticket (s, v): the mask of epoch s on the weights after epoch v, retrained.
#
#	$E/sSvV/   last.safetensors best.safetensors log.tsv test.tsv train.tsv start.tsv
s = $(word 1,$(subst v, ,$*))
v = $(word 2,$(subst v, ,$*))
$(addprefix $E/s%/,$(trained_files)): $$(call at,$$v) \
		$E/epoch-$$s.mask.safetensors $(trained)
	$(call note,retrain the mask of epoch $s on the weights of epoch $v)
	$(run) lt-train --index $(D0) --mask $E/epoch-$s.mask.safetensors $< $(keep) $(training)

# The accuracy of the ticket before any training.
$E/s%/start.tsv: $$(call at,$$v) $E/epoch-$$s.mask.safetensors $(test.data)
	$(run) lt-eval $(evaluating) --data $(test.data) --mask $E/epoch-$s.mask.safetensors -o $@ $<
