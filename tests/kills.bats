# Storms of signals: lt-train and whole workflows are killed at random instants and
# started again until they end, in the bytes of an undisturbed run.
load soak
load workflow

# All outputs that lt-train has, of a run of some 0.3 seconds.
outputs=(o best ck2.safetensors ck5.safetensors ck3.state.safetensors log ev sm
	si sd)
train() {
	exec lt-train -q -d ../set.data -e 25 -b 3 --lr 0.05 --seed 3 \
		--milestones 3,8i --augment crop-flip --crop-pad 1 -m ../t.mask \
		--val-data ../set.data --best best --save-epochs 2,5 \
		--save-prefix ck --save-states 3 --log log --events ev \
		--stop-rate 0.2 --stop-eps 0.0001 --stop-queue 20 --stop-every 4i \
		--stop-mask sm --stop-info si --stop-distances sd \
		-o o "$@" ../t.st
}

# clock COMMAND...: sets $took, in milliseconds.
clock() {
	local from=${EPOCHREALTIME/.}
	"$@"
	took=$(((${EPOCHREALTIME/.} - from) / 1000 + 1))
}
# Wait for some part of $took, more often a short one.
wait_a_little() {
	local ms=$((took * (RANDOM % 100) * (RANDOM % 100) / 10000))
	sleep "$((ms / 1000)).$(printf %03d $((ms % 1000)))"
}

# Kernels of this processor.
kernels() {
	local k
	for k in ref v3 v4 neon; do
		! LT_KERN=$k lt-eval -d set.data t.st >/dev/null 2>&1 || echo $k
	done
}

# hit PID: by one of the signals, in one of the ways.
hit() {
	case $((RANDOM % 9)) in
	0 | 1 | 2) kill -KILL "$1" ;;
	3) kill -TERM "$1" ;;
	4) kill -INT "$1" ;;
	5) kill -USR1 "$1" ;;
	6) kill -STOP "$1" && sleep 0.02 && kill -CONT "$1" ;;
	7) kill -HUP "$1" ;;
	8) kill -TERM "$1" && sleep 0.003 && kill -KILL "$1" ;;
	esac 2>/dev/null
}

# Finished files are whole: each is the undisturbed run's.
whole() {
	local f
	for f in "${outputs[@]}"; do
		[ ! -e "$f" ] || cmp "$f" "../calm/$f" || return 1
	done
}

# A run that is hit up to $1 times, then left alone; counts in $hits.
storm() {
	local left=$1 status pid kern
	rm -rf ./* ./.[!.]*
	while :; do
		kern=${kern_of[RANDOM % ${#kern_of[@]}]}
		LT_KERN=$kern train --threads $((1 + RANDOM % 3)) 2>../said &
		pid=$!
		if ((left-- > 0)); then
			wait_a_little
			! hit $pid || hits=$((hits + 1))
		fi
		status=0
		wait $pid 2>/dev/null || status=$?
		whole || return 1
		case $status in
		0) break ;;
		75 | 129 | 130 | 137 | 138 | 143) ;;
		*)
			echo "status $status: $(cat ../said)" >&2
			return 1
			;;
		esac
	done
	[ "$(ls -A)" = "$(ls -A ../calm)" ] || {
		echo "left: $(ls -A)" >&2
		return 1
	}
}

@test 'a storm of signals on lt-train' {
	local kern_of hits=0 runs=0 took f
	small_files
	mapfile -t kern_of < <(kernels)
	mkdir calm at
	cd calm
	clock eval '(train)'
	cd ../at
	for f in "${outputs[@]}"; do [ -s "../calm/$f" ]; done
	RANDOM=15
	begin
	while ((runs < $(amount 3 100000))) && time_left; do
		storm 8
		runs=$((runs + 1))
	done
	cd ..
	[ "$hits" -gt 0 ]
	soaked "$runs runs, $hits signals" 'the same files'
}

# Signals to make and all that it started, to make alone, or to a program of it;
# its children are in its process group.
hit_make() {
	local pids
	case $((RANDOM % 9)) in
	0 | 1 | 2) kill -KILL -- "-$1" ;;
	3) kill -KILL "$1" ;;
	4) kill -TERM -- "-$1" ;;
	5) kill -INT -- "-$1" ;;
	6) kill -HUP -- "-$1" ;;
	7) kill -TERM "$1" ;;
	8)
		mapfile -t pids < <(ps -o pid=,comm= -g "$1" |
			awk '$2 ~ /^lt-/ { print $1 }')
		[ ${#pids[@]} = 0 ] || kill -KILL "${pids[0]}"
		;;
	esac 2>/dev/null
}

make_prac() {
	make -f "$ROOT/pipelines/run.mk" SEARCHES='prac imp' V=0 \
		OUT="$1" DATA=synth SYNTH='--classes 4 --shape 1x8x8' \
		SYNTH_TRAIN=400 SYNTH_TEST=100 VAL=80 ARCH="$PWD/tiny.net" \
		EPOCHS=4 MILESTONES=3 BATCH=32 AUGMENT=none RATE=0.3 ROUNDS=3 \
		TICKETS='1 3' STOP_QUEUE=1 STOP_EPS=0.13 STOP_START=always \
		"${@:2}"
}

# Products in a folder; seconds are none, nor is what begins with a dot.
tree() {
	(cd "$1" && hashes_of . && find . -name '.*' ! -name . | sort)
}
hashes_of() {
	find "$1" -type f ! -name '*.time.*' ! -name '.*' -exec sha256sum {} + |
		sort -k 2
}

@test 'a storm of signals on make -j2' {
	local hits=0 trees=0 took left pid status tries
	long_test
	tiny_net tiny 8 >tiny.net
	clock make_prac runs -j2 >/dev/null
	mv runs calm
	tree calm >calm.tree
	[ "$(wc -l <calm.tree)" -gt 30 ]
	export -f make_prac
	RANDOM=15
	begin
	while ((trees < $(amount 1 100000))) && time_left; do
		rm -rf runs
		left=$(amount 4 8) tries=0
		while :; do
			setsid bash -c 'make_prac runs -j2' >/dev/null 2>said &
			pid=$!
			if ((left-- > 0)); then
				wait_a_little
				! hit_make $pid || hits=$((hits + 1))
			fi
			status=0
			wait $pid 2>/dev/null || status=$?
			[ "$status" != 0 ] || break
			# A program may have outlived its make.
			((left > 0)) || sleep 0.3
			((tries++ < 20)) || { cat said >&2; false; }
		done
		tree runs >runs.tree
		diff calm.tree runs.tree >&2
		trees=$((trees + 1))
	done
	[ "$hits" -gt 0 ]
	soaked "$trees trees, $hits signals" 'the same files'
}
