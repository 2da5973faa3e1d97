load training

@test 'an early stop off can be taken up to the full schedule' {
	train 1.st 0.st
	train a.st --stop-rate 0.2 --stop-eps 2 --stop-start always \
		--stop-queue 1 --stop-info a.info --save-state s --stop-mask a.mask 0.st
	[ "$(sed 1d a.info | cut -f 1-3)" = "1	2	10" ]
	train b.st s
	same 1.st b.st
}

@test 'going on after a stop within an epoch is never having stopped' {
	train 1.st --log 1.log --best 1.best --save-epochs 2 \
		--save-prefix 1- 0.st
	train a.st --stop-rate 0.2 --stop-eps 2 --stop-start always \
		--stop-queue 2 --stop-every 3i --stop-info a.info --best a.best \
		--log a.log --save-state s 0.st
	[ "$(sed 1d a.info | cut -f 1-3)" = "1	2	9" ]
	[ "$(tail -n 1 a.log | cut -f 1,2)" = "2	9" ]
	train b.st --log b.log --best b.best --save-epochs 2 \
		--save-prefix b- s
	same 1.st b.st
	same 1.best b.best
	same 1-2.safetensors b-2.safetensors
	sed 1,2d 1.log > rest
	sed 1d b.log | cut -f 1-8 > b.rest
	cut -f 1-8 rest | cmp - b.rest
}

@test '--to-stops ends an epoch as a stop does' {
	train a.st --stop-rate 0.2 --stop-eps 2 --stop-start always \
		--stop-queue 2 --stop-every 3i --best a.best --log a.log \
		--events a.ev --save-state a.state 0.st
	at=$(tail -n 1 a.log | cut -f 2)
	[ $((at % 5)) != 0 ]
	train b.st --to "${at}i" --to-stops --best b.best --log b.log \
		--events b.ev --save-state b.state 0.st
	cut -f 9 --complement a.log | diff - <(cut -f 9 --complement b.log)
	same a.ev b.ev
	[ "$(wc -l <b.log)" = "$(wc -l <b.log.time.tsv)" ]
	train c.st --to "${at}i" --log c.log 0.st
	[ "$(wc -l <c.log)" = $(($(wc -l <b.log) - 1)) ]
	train whole.st 0.st
	train go.st b.state
	for f in a b; do
		lt-eval -q -d set.data -o $f.tsv $f.st
		lt-eval -q -d set.data -o $f.best.tsv $f.best
	done
	lt-eval -q -d set.data -o c.tsv c.st
	same a.tsv b.tsv
	same a.best.tsv b.best.tsv
	same a.tsv c.tsv
	same go.st whole.st
	run -2 train d.st --to-stops 0.st
	[[ $output == *'--to-stops needs --to'* ]]
	run -2 train d.st --to 7i --to-stops --stop-rate 0.2 0.st
	[[ $output == *'--to-stops needs --to, and excludes stop rules'* ]]
}

@test 'states after epochs are those of segments that end there' {
	half_mask
	for e in 1 3; do train to$e.st -m m.mask --to $e --save-state to$e.state 0.st; done
	train a.st -m m.mask --save-states 1,3 --save-prefix e 0.st
	same to1.state e1.state.safetensors
	same to3.state e3.state.safetensors
	train b.st -m m.mask 0.st
	same a.st b.st
}

# stale N LOG: the first epoch whose best validation accuracy is N epochs old.
stale() {
	awk -v n="$1" 'NR > 1 && (NR == 2 || $7 > best) { best = $7; at = $1 }
		NR > 1 && $1 >= at + n { print $1; exit }' "$2"
}

@test 'patience ends a run when validation gets no better, killed or not' {
	need_no_sanitizer
	long() { train "$@" -e 30 --milestones 30 --lr 0.2; }
	long whole.st --log whole.log 0.st
	for n in 1 3; do
		last=$(stale $n whole.log)
		[ "$last" -lt 30 ]
		long a.st --patience $n --log a.log --best a.best --save-state s 0.st
		[ "$(tail -n 1 a.log | cut -f 1)" = "$last" ]
		cmp a.log <(head -n $((last + 1)) whole.log)
		long b.st --to "$last" 0.st
		same a.st b.st
		rm -f k.*
		for try in 1 2 3; do
			PREFIX="timeout -s KILL 0.0$((RANDOM % 9 + 1))" \
				long k.st --patience $n --log k.log --best k.best 0.st || true
		done
		long k.st --patience $n --log k.log --best k.best 0.st
		same a.st k.st
		same a.best k.best
		cmp a.log k.log
	done
	# The state goes on as if nothing had been.
	long c.st s
	same whole.st c.st
}

@test 'rule and amount of an early stop combine freely' {
	train a.st --stop-rule earlybird --stop-rate 0.3 --stop-queue 2 \
		--save-epochs 1,2 --save-prefix e --stop-distances d.tsv 0.st
	for e in 1 2; do lt-prune -r 0.3 -o $e.mask e$e.safetensors; done
	[ "$(awk '$1 == 2 { print $3 }' d.tsv)" = \
		"$(lt-hamming --norm kept 1.mask 2.mask)" ]
	train b.st --stop-rule pairwise --stop-sparsity 0.3 --stop-queue 2 \
		--stop-distances p.tsv 0.st
	[ "$(awk '$1 == 2 { print $3 }' p.tsv)" = \
		"$(lt-hamming --norm all 1.mask 2.mask)" ]
	# Early-bird begins at once, unless an option makes it wait for a distance.
	train c.st --stop-sparsity 0.3 --stop-queue 2 --stop-eps 2 \
		--stop-info c.info 0.st
	[ "$(sed 1d c.info | cut -f 1,2)" = "1	2" ]
	train d.st --stop-sparsity 0.3 --stop-queue 2 --stop-eps 2 \
		--stop-start exceed --stop-info d.info 0.st
	[ "$(sed 1d d.info | cut -f 1,2)" = "0	4" ]
}

@test 'a state of another stop rule begins the rule anew' {
	train a.st --to 3 --stop-rate 0.2 --stop-queue 9 --stop-start always \
		--save-state s 0.st
	train b.st --stop-rate 0.2 --stop-queue 1 --stop-eps 2 \
		--stop-start always --stop-distances d.tsv --stop-info i s
	# One candidate is no distance.
	[ "$(sed 1d d.tsv | cut -f 1,3)" = "4	NaN" ]
	[ "$(sed 1d i | cut -f 1)" = 0 ]
}

@test 'the distance of the stop rule is that of lt-prune and lt-hamming' {
	half_mask
	train a.st -m m.mask --save-epochs 2,3 --save-prefix e --stop-rate 0.2 \
		--stop-queue 9 --stop-distances d.tsv --stop-mask last.mask 0.st
	for e in 2 3; do
		lt-prune -r 0.2 -m m.mask -o $e.mask e$e.safetensors
	done
	[ "$(awk '$1 == 3 { print $3 }' d.tsv)" = \
		"$(lt-hamming --norm base=m.mask 2.mask 3.mask)" ]
	lt-prune -r 0.2 -m m.mask -o 4.mask a.st
	[ "$(lt-hamming 4.mask last.mask)" = 0 ]
	[ "$(awk '$1 == 1 { print $3 }' d.tsv)" = NaN ]
}

@test 'the early-bird rule compares among its queue' {
	train a.st --save-epochs 1,2,3 --save-prefix e --stop-sparsity 0.5 \
		--stop-queue 3 --stop-eps 2 --stop-distances d.tsv \
		--stop-info a.info 0.st
	[ "$(sed 1d a.info | cut -f 1,2)" = "1	3" ]
	for e in 1 2 3; do lt-prune -s 0.5 -o $e.mask e$e.safetensors; done
	most=$( (lt-hamming --norm kept 1.mask 3.mask
		lt-hamming --norm kept 2.mask 3.mask) | sort -g | tail -n 1)
	[ "$(awk '$1 == 3 { print $3 }' d.tsv)" = "$most" ]
}

@test 'a segment chain with the stop rule is one run' {
	opts=(--stop-rate 0.2 --stop-queue 2 --stop-eps 0.5 --stop-start always)
	train 1.st "${opts[@]}" --stop-info 1.info 0.st
	train a.st "${opts[@]}" --to 2 --save-state s 0.st
	train b.st "${opts[@]}" --stop-info b.info s
	same 1.st b.st
	same 1.info b.info
}

@test 'a relative threshold is of this run, and a cut run has the same' {
	opts=(--stop-rate 0.2 --stop-queue 1 --stop-relative 0.9 --epochs 12 --milestones 4)
	train 1.st "${opts[@]}" --stop-info 1.info --stop-distances d.tsv 0.st
	# Stopped at the first distance below 0.9 of the one after epoch 2.
	awk 'NR == 3 { first = $3 } NR > 3 && $3 < 0.9 * first { print $1; exit }' d.tsv >want
	[ -s want ]
	[ "$(sed 1d 1.info | cut -f 1,2)" = "1	$(cat want)" ]
	for to in 1 2 3; do
		train a.st "${opts[@]}" --to $to --save-state s 0.st
		train b.st "${opts[@]}" --stop-info b.info s
		same 1.st b.st
		same 1.info b.info
	done
	# The same threshold by itself stops there, too; another relative one is another rule.
	eps=$(awk 'NR == 3 { printf "%.17g", 0.9 * $3 }' d.tsv)
	train c.st --stop-rate 0.2 --stop-queue 1 --stop-eps "$eps" --stop-start always \
		--epochs 12 --milestones 4 --stop-info c.info 0.st
	[ "$(sed 1d c.info | cut -f 1,2)" = "1	$(cat want)" ]
	train a.st "${opts[@]}" --to 3 --save-state s 0.st
	train b.st "${opts[@]}" --stop-relative 0.5 --to 4 --stop-distances e.tsv s
	[ "$(sed 1d e.tsv | cut -f 3)" = NaN ]
}

# prunings NAME [NUMBER OPTION...]: train, prune, train, prune, train; segment
# NUMBER with more options.
prunings() {
	local k=$1 at=$2
	shift $(($# < 2 ? $# : 2))
	segment() {
		local n=$1 from=$2
		shift 2
		[ "$n" = "$at" ] || set --
		local mask=${from#*+}
		train $k$n.st --events $k$n.ev --log $k$n.log --best $k$n.best \
			--save-state $k$n.state --to ${to[$n]} "$@" \
			${mask:+-m $mask} ${from%+*}
	}
	local to=(- 1 13i 4)
	segment 1 0.st+ "$@"
	lt-prune -s 0.3 -o ${k}1.mask ${k}1.st
	segment 2 ${k}1.state+${k}1.mask "$@"
	lt-prune -s 0.6 -m ${k}1.mask -o ${k}2.mask ${k}2.st
	segment 3 ${k}2.state+${k}2.mask "$@"
}

@test 'prunings within a training: samples, rates and flips go on as they were' {
	prunings a
	train whole.st --events whole.ev --log whole.log 0.st
	# Which samples, how often, at which rate.
	cut -f 1-3,10 a1.log | cat - <(sed -s 1d a2.log a3.log | cut -f 1-3,10) |
		cmp - <(cut -f 1-3,10 whole.log)
	# Where the new mask is the old one, no step differs.
	lt-prune -r 0 -o all.mask 0.st
	lt-prune -r 0 -m all.mask -o same.mask 0.st
	train b1.st -m all.mask 0.st
	train b2.st -m all.mask --to 13i --save-state b.state 0.st
	train b3.st -m same.mask b.state
	lt-eval -d set.data --predictions b1 b1.st
	lt-eval -d set.data --predictions b3 b3.st
	same b1 b3
	# What was pruned stays so.
	lt-prune -r 0 -m a2.mask -o again.mask a3.st
	[ "$(lt-hamming a2.mask again.mask)" = 0 ]
	# The history says when.
	[ "$(lt-info a3.st | grep -c '^history.lt-train')" = 3 ]
	lt-info a3.st | grep '^history.lt-train.* from=13i .* mask='
}

@test 'prunings within a training: cut anywhere or killed, the same bytes' {
	need_no_sanitizer
	prunings a
	# The second segment in pieces, within an epoch and at its end.
	train p1.st --to 7i --save-state p1.state -m a1.mask a1.state
	train p2.st --to 10i --save-state p2.state p1.state
	train p3.st --to 13i --best p.best --save-state p3.state -m a1.mask p2.state
	same a2.st p3.st
	same a2.state p3.state
	for i in 1 2 3; do
		rm -f k?.*
		for try in 1 2 3 4; do
			PREFIX="timeout -s KILL 0.0$((RANDOM % 9 + 1))" \
				prunings k 2> /dev/null || true
		done
		prunings k
		for f in a[123].*; do
			[[ $f = *.time.tsv ]] || same $f k${f#a}
		done
		no_strays
	done
}

@test 'under a new mask, best weights and early stop begin anew' {
	train a.st --to 3 --best a.best --stop-rate 0.2 --stop-queue 9 \
		--stop-start always --save-state s 0.st
	lt-prune -s 0.9 -o m.mask a.st
	train b.st -m m.mask --best b.best --stop-rate 0.2 --stop-queue 9 \
		--stop-start always --stop-distances d.tsv s
	[ "$(sed 1d d.tsv | cut -f 1,3)" = "4	NaN" ]
	same b.st b.best
	# Named again, a mask is no new one.
	train c.st --to 3 -m m.mask --save-state t s
	train d.st -m m.mask --best d.best t
	same b.st d.st
	lt-init -o l.st lenet5
	lt-prune -r 0.5 -o l.mask l.st
	refuses 65 'l.mask: ' train x.st -m l.mask s
	[ ! -e x.st ]
}
