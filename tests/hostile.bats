# Tools under hostile files and hostile command lines: a status that is right, one
# clear line, nothing left behind, little memory.
load soak

# 4 epochs with all that a state keeps; words behind it are added.
training=(lt-train -q --threads 1 -e 4 -b 16 --lr 0.05 --seed 3 --best b
	--log l --events e --stop-rate 0.2 --stop-eps 0.0001 --stop-queue 20
	--stop-every 2i --stop-mask sm --stop-info si --stop-distances sd -o o)
sets() {
	training+=(-d "$PWD/set.data" --val-data "$PWD/set.data" -m "$PWD/t.mask")
}

# What is done with a file of a kind.
with_checkpoint() {
	once lt-info "$1"
	once lt-info --graph "$1"
	once lt-info --check "$1"
	once lt-prune -q -r .5 -o o "$1"
	once lt-prune -q -r .5 --method snip -d "$PWD/set.data" -o o "$1"
	once lt-slim -q -m "$PWD/t.mask" -o o "$1"
	once lt-eval -q -d "$PWD/set.data" "$1"
	once lt-init --from "$1" -o o "$PWD/t.net"
	once lt-trajectory -q --arcs 2 --points 3 -d "$PWD/set.data" "$1"
	once lt-disagree -q -d "$PWD/set.data" "$1" "$PWD/t.st"
	once lt-connect -q --points 2 -d "$PWD/set.data" "$1" "$PWD/t.st"
	once "${training[@]}" "$1"
}
with_state() {
	once lt-info "$1"
	once lt-slim -q -o o "$1"
	once lt-prune -q -r .5 -o o "$1"
	once lt-train -q -d "$PWD/set.data" -e 9 -o o "$1"
	once "${training[@]}" "$1"
	# Taken for what an interrupted run has left.
	once sh -c 'cp "$1" .o.state && shift && exec "$@"' - "$1" \
		"${training[@]}" "$PWD/t.st"
}
with_mask() {
	once lt-info "$1"
	once lt-info --picture p.png --layer c "$1"
	once lt-info --reseal -o o "$1"
	once lt-hamming "$1" "$PWD/t.mask"
	once lt-hamming --matrix "$1" "$1" "$PWD/t.mask"
	once lt-prune -q -m "$1" -r .5 -o o "$PWD/t.st"
	once lt-train -q -d "$PWD/set.data" -e 1 -m "$1" -o o "$PWD/t.st"
	once lt-eval -q -d "$PWD/set.data" -m "$1" "$PWD/t.st"
	once lt-slim -q -m "$1" -o o "$PWD/t.st"
}
with_data() {
	once lt-info "$1"
	once lt-info --check "$1"
	once lt-train -q -d "$1" -e 1 -o o "$PWD/t.st"
	once lt-eval -q -d "$1" "$PWD/t.st"
	once lt-data sheet -q -o o "$1"
	once lt-data relabel -q -o o "$1"
	once lt-data synth -q --count 3 --stats "$1" -o o
	once lt-subset sample --data "$1" --per-class 2
	once lt-prune -q -r .5 --method snip -d "$1" -o o "$PWD/t.st"
	once lt-trajectory -q --arcs 2 --points 3 -d "$1" "$PWD/t.st"
}

# hostile KIND FILE COUNT: so many variants of the file, by every tool.
hostile() {
	local kind=$1 file=$2 count=$3 i
	mkdir changed
	"$BUILD/hostile/mutate" "$file" 1 "$count" changed/f
	for ((i = 0; i < count; i++)); do
		"with_$kind" "$PWD/changed/f$i"
	done | judge -p -s 1,3
}

# sealed KIND FILE
sealed() {
	small_files
	sets
	"${training[@]}" --to 7i --save-state state t.st
	hostile "$1" "$2" "$(amount "$3" 4000)"
}

@test 'checkpoints that were changed and sealed again, by every tool' {
	sealed checkpoint t.st 12
}

@test 'states that were changed and sealed again, by every tool' {
	sealed state state 20
}

@test 'masks that were changed and sealed again, by every tool' {
	sealed mask t.mask 12
}

@test 'data sets that were changed and sealed again, by every tool' {
	sealed data set.data 10
}

@test 'every option with values that make no sense' {
	local o
	small_files
	# The lists of options are not cut.
	"$ROOT/tests/hostile/options.sh" 1 sweeps >all
	for o in --lr --nesterov --kern-path --milestones; do
		grep -aq -- "$o" all
	done
	"$ROOT/tests/hostile/options.sh" "$(every 37 300)" sweeps >cases
	judge -s 3 <cases
}

@test 'the same of tools that may answer no' {
	small_files
	"$ROOT/tests/hostile/options.sh" "$(every 17 60)" askers >cases
	judge -s 1 <cases
}
