load common

setup() {
	lt_setup
	synth d 40 10 1x28x28
	lt-init -o a.st lenet-300-100
	lt-prune -q -s 0.99 -o a.mask a.st
}

# meta KEY FILE
meta() {
	lt-info --meta "$1" "$2"
}

@test 'the smaller network has the loss of the masked one' {
	local dead
	dead=$(meta lt.history a.mask | grep -o '"dead_units":"[0-9]*' | grep -o '[0-9]*$')
	lt-slim -m a.mask --table t.tsv --mask-output s.mask -o s.st a.st
	# All units that lt-prune calls dead are gone.
	[ "$(awk 'NR > 1 { n += $2 - $3 } END { print n }' t.tsv)" = "$dead" ]
	[ "$dead" -gt 0 ]
	same <(lt-eval -d d.data -m a.mask a.st) <(lt-eval -d d.data s.st)
	same <(lt-eval -d d.data -m a.mask a.st) <(lt-eval -d d.data -m s.mask s.st)
	# The mask that is left keeps the weights that are not 0.
	lt-prune --from-zeros -q -o z.mask s.st
	[ "$(lt-hamming z.mask s.mask)" = 0 ]
	[ "$(meta lt.total s.mask)" = "$(lt-info s.st | awk '$1 == "weights" { print $2 }')" ]
	# History and normalization go on.
	[[ $(meta lt.history s.st) == *'"tool":"lt-init"'*'"tool":"lt-slim"'*"\"cut\":\"$dead\""* ]]
}

@test 'what comes out is cut no further' {
	lt-slim -m a.mask --mask-output s.mask -o s.st a.st
	lt-slim -m s.mask --mask-output again.mask -o again.st s.st
	[ "$(lt-hamming s.mask again.mask)" = 0 ]
	[ "$(meta lt.net s.st)" = "$(meta lt.net again.st)" ]
	lt-prune -r 0 -o all.mask a.st
	lt-slim -m all.mask -o same.st a.st
	[ "$(meta lt.net same.st)" = "$(meta lt.net a.st)" ]
}

@test 'a state has its own mask; the smaller network trains' {
	lt-train -q -d d.data -e 1 -b 20 -m a.mask --save-state state.st -o o.st a.st
	lt-slim -o s.st state.st
	same <(lt-eval -d d.data -m a.mask o.st) <(lt-eval -d d.data s.st)
	lt-train -q -d d.data -e 1 -b 20 -o t.st s.st
	refuses 65 'contains no mask' lt-slim -o x.st a.st
	[ ! -e x.st ]
}

@test 'a network whose dead units must all stay is refused' {
	cat >pad.net <<-'N'
		net pad
		init default
		input 1 6 6
		c1 = conv input 2 k3 p1 bias
		c2 = conv c1 3 k3 p1
		q = gap c2
		f = linear q 3
		output f
	N
	# A mask without metadata, of U8: the first filter is removed.
	head='{"c1.weight":{"dtype":"U8","shape":[2,1,3,3],"data_offsets":[0,18]}}'
	{
		printf "\\x$(printf %02x ${#head})\\0\\0\\0\\0\\0\\0\\0%s" "$head"
		printf '\0\0\0\0\0\0\0\0\0\1\1\1\1\1\1\1\1\1'
	} >k.mask
	# Its constant is the bias of the first filter.
	lt-init -o p.st ./pad.net
	refuses 65 'none of 1 dead units can be cut: 0 stand beside living channels, 1 have a constant that a padded convolution reads' \
		lt-slim -m k.mask -o x.st p.st
	no_strays
	[ ! -e x.st ]
	# A bias of 0 leaves no border.
	lt-init --init glorot-normal -o z.st ./pad.net
	lt-slim -m k.mask -o s.st z.st
	[[ $(meta lt.net s.st) == *'c1 = conv input 1 k3 p1 bias'* ]]
	# Without padding it goes into biases.
	sed 's/3 k3 p1$/3 k3/' pad.net >open.net
	lt-init -o o.st ./open.net
	lt-slim -m k.mask -o s.st o.st
	[[ $(meta lt.net s.st) == *'c2 = conv c1 3 k3 bias'* ]]
	synth six 20 3 1x6x6
	for f in a b; do
		[ $f = a ] && set -- -m k.mask o.st || set -- s.st
		lt-eval -d six.data "$@" >$f
	done
	paste a b | awk 'NR == 2 { exit !(($2 - $6) ^ 2 < 1e-12 && $3 == $7) }'
}

@test 'wrong inputs are refused' {
	lt-init -o b.st lenet5
	refuses 2 '-o FILE is needed' lt-slim -m a.mask a.st
	refuses 2 'expected one checkpoint' lt-slim -m a.mask -o x.st
	refuses 65 "'fc1.weight' is [300,784], in b.st [120,400]" lt-slim -m a.mask -o x.st b.st
	refuses 2 'same file' lt-slim -m a.mask -o x.st --table x.st a.st
	head -c 5000 a.st >cut.st
	head -c 300 a.mask >cut.mask
	refuses 65 'cut.st: truncated' lt-slim -m a.mask -o x.st cut.st
	refuses 65 'cut.mask: truncated' lt-slim -m cut.mask -o x.st a.st
	refuses 65 'a.st: has kind checkpoint, expected kind mask' lt-slim -m a.st -o x.st a.st
	refuses 65 'a.mask: has kind mask, expected kind checkpoint' lt-slim -m a.mask -o x.st a.mask
	no_strays
	[ ! -e x.st ]
}

# The networks of half the width are those of lt-init, and their logits are those of
# the masked networks.  MobileNetV2 has depthwise layers, resnet20 shortcuts whose
# zero channels are cut in pairs.
@test 'pruning half of the filters halves the built-in networks' {
	synth c 20 10 3x32x32
	for net in resnet20 mobilenetv2; do
		lt-init -o n.st $net
		lt-prune -r 0.5 --method filter-norm -o n.mask n.st
		lt-slim -m n.mask --table t.tsv --mask-output left.mask -o s.st n.st
		same <(lt-info --meta lt.net s.st) \
			<(lt-init --print --width 0.5 $net; echo)
		[ "$(meta lt.kept left.mask)" = "$(meta lt.kept n.mask)" ]
		[ "$(meta lt.total left.mask)" = "$(meta lt.kept n.mask)" ]
		awk 'NR > 1 && $4 + $5 + $6 + $7 { exit 1 }' t.tsv
		for f in a b; do
			[ $f = a ] && set -- -m n.mask n.st || set -- s.st
			lt-eval -d c.data "$@" >$f
		done
		paste a b | awk 'NR == 2 { exit !(($2 - $6) ^ 2 < 1e-12) }'
	done
}

# equal MASK BIG SMALL: the losses of the masked network and of the small one agree.
equal() {
	lt-eval -d c.data -m "$1" "$2" >big
	lt-eval -d c.data "$3" >small
	paste big small | awk 'NR == 2 { exit !(($2 - $6) ^ 2 < 1e-12 && $3 == $7) }'
}

# The mask keeps nothing of the second and third block of each stage of resnet20.
@test 'blocks that a mask empties are gone' {
	synth c 20 10 3x32x32
	lt-init -q -o n.st resnet20
	lt-train -q -d c.data -e 1 -b 10 --lr 0.01 -o t.st n.st
	lt-prune -q -r 0.999999 --layers conv -o n.mask \
		--exclude conv1,layer1.0.conv1,layer1.0.conv2,layer2.0.conv1,layer2.0.conv2,layer3.0.conv1,layer3.0.conv2 n.st
	lt-slim -q -m n.mask --table t.tsv -o s.st t.st
	[ "$(awk '$3 == 0 { print $1 }' t.tsv | paste -sd ' ')" = \
		"$(echo layer{1,2,3}.{1,2}.conv{1,2})" ]
	# After a training the blocks add constants, at the beginning 0.
	[ "$(meta lt.net s.st | grep -c '= conv .* k1 g[0-9]* bias$')" = 6 ]
	equal n.mask t.st s.st
	lt-slim -q -m n.mask -o z.st n.st
	[ "$(meta lt.net z.st | grep -c '= add')" = 3 ]
	[ "$(meta lt.net z.st | grep -c ' k1')" = 0 ]
	equal n.mask n.st z.st
	lt-train -q -d c.data -e 1 -b 10 --lr 0.01 -o r.st s.st
}

@test 'a network without any path is one warning' {
	lt-prune -q -r 0.99999 -o none.mask a.st
	lt-slim -m none.mask -o s.st a.st 2>warnings
	[ "$(cat warnings)" = 'lt-slim: warning: a.st: no path leads from the input to a logit, which are constants now; one dead unit of each layer stays' ]
	lt-eval -d d.data s.st
}

@test 'the examples of the manual page run' {
	examples lt-slim
}
