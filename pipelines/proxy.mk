# proxy.mk: a smaller network whose predictions choose samples (Coleman et al. 2020).
all: $(call in,$S/proxy,theta0.safetensors $(trained_files) predictions.tsv predictions.cost.tsv)
network := $(call stamp,$S/proxy/settings/net,PROXY PROXY_EPOCHS)
$S/proxy/theta0.safetensors: $(or $(wildcard $(PROXY)),$(train.data)) $(network)
	$(call note,the proxy $(PROXY) from seed $(SEED))
	$(run) lt-init $q --seed $(SEED) $(if $(wildcard $(PROXY)),,--data $(train.data)) -o $@ $(PROXY)

$S/proxy/last%safetensors $S/proxy/best%safetensors $S/proxy/log%tsv: $S/proxy/theta0.safetensors \
		$(trained)
	$(call note,train the proxy on D0 for $(PROXY_EPOCHS) epochs)
	$(run) lt-train --index $(D0) $< $(keep) \
		$(steps) $(subst --epochs $(EPOCHS),--epochs $(PROXY_EPOCHS),$(epochs))

$S/proxy/predictions%tsv $S/proxy/predictions.cost%tsv: $S/proxy/last.safetensors $(D0) \
		$(train.data)
	$(call note,predictions of the proxy on D0)
	$(predict)
