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
	once lt-eval -q -d "$PWD/set.data" "$1"
	once lt-init --from "$1" -o o "$PWD/t.net"
	once lt-trajectory -q --arcs 2 --points 3 -d "$PWD/set.data" "$1"
	once lt-disagree -q -d "$PWD/set.data" "$1" "$PWD/t.st"
	once "${training[@]}" "$1"
}
with_state() {
	once lt-info "$1"
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
	done | judge -s 1,3
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

# Options of a tool, as --help lists them: name, "=" when it takes a value.
options() {
	"$1" --help | awk '/^  (-.,|   ) --/ {
		sub(/^ *(-., )?--/, "")
		sub(/  .*/, "")
		if ($1 != "help" && $1 != "version")
			print $1 (NF > 1 ? "=" : "")
	}'
}

long=$(printf 'a%.0s' {1..5000})
nines=$(printf '9%.0s' {1..400})
values=('' ' ' -1 - -- 0 1 -0 +1 00 007 1e400 -1e400 1e-400 nan NaN inf -inf
	infinity 0x10 0x1p3 1e3 1.5 1,5 1,,2 , ,1 1, 18446744073709551615
	18446744073709551616 9223372036854775807 4294967295 4294967296
	2147483647 2147483648 999999999999999999999999 '1 ' ' 1' $'1\n' 1x 1i 0i
	x 1x1 1x1x1 0x0x0 99999x99999x99999 65536x65536x65536 16777216i ٣ ½
	$'\xff\xfe' "$long" "$nines" "0.$nines" / . .. /dev/null /dev/full
	/nonexistent/x '%s%n%s' '$(id)' '`id`' ';' $'\e[31mred' 1e e1 .5 5. 1..2
	conv linear first last NULL true 0.5 0.0000001 1e-30 1e30 3e38 1e39
	1e308 c val none)

# sweep STEP TOOL [ARGUMENT...]: every STEP-th pair of an option and a value.
sweep() {
	local step=$1 option value
	shift
	(mkdir tried && cd tried && "$@" >/dev/null) ||
		{ echo "does not work: $*" >&2; return 1; }
	rm -r tried
	for option in $(options "$1"); do
		for value in "${values[@]}"; do
			((number++ % step)) || if [[ $option == *= ]]; then
				once "$@" "--$option$value"
			elif [ "$value" ]; then
				once "$@" "--$option=$value"
			else
				once "$@" "--$option"
			fi
		done
	done
}

# The command lines that work, to which each option is added.
sweeps() {
	local number=0 data=$PWD/set.data st=$PWD/t.st mask=$PWD/t.mask
	local list=$PWD/a.idx
	sweep "$1" lt-init -o o "$PWD/t.net"
	sweep "$1" lt-train -q -d "$data" -e 1 -b 30 -o o "$st"
	sweep "$1" lt-eval -d "$data" -o o "$st"
	sweep "$1" lt-prune -r 0.5 -o o "$st"
	sweep "$1" lt-prune -s 0.5 --method snip -d "$data" -o o "$st"
	sweep "$1" lt-disagree -d "$data" --mask-b "$mask" -o o "$st"
	sweep "$1" lt-subset -o o sample --count 50 --size 5
	sweep "$1" lt-subset -o o --rest r split --count 50 --size 5 \
		--first
	sweep "$1" lt-subset -o o --column value --size 1 top "$PWD/value.tsv"
	sweep "$1" lt-subset -o o union "$list" "$list"
	sweep "$1" lt-forget -o o "$PWD/e.ev"
	sweep "$1" lt-score -o o "$PWD/score.tsv"
	sweep "$1" lt-trajectory -d "$data" --arcs 2 --points 4 -o o "$st"
	sweep "$1" lt-data synth --count 5 -o o
	sweep "$1" lt-data sheet -o o "$data"
	sweep "$1" lt-data relabel -o o "$data"
	sweep "$1" lt-data pack -o o "$PWD/set"
}

# Those whose answer may be no.
askers() {
	local number=0
	sweep "$1" lt-hamming -o o "$PWD/t.mask" "$PWD/t.mask"
	sweep "$1" lt-info -o o "$PWD/t.st"
	sweep "$1" lt-info -o o "$PWD/t.mask"
}

@test 'every option with values that make no sense' {
	small_files
	# The list is not cut.
	grep -qx lr= <(options lt-train)
	grep -qx nesterov <(options lt-train)
	grep -qx kern-path= <(options lt-train)
	sweeps "$(every 37)" >cases
	judge <cases
}

@test 'the same of tools that may answer no' {
	small_files
	askers "$(every 17)" >cases
	judge -s 1 <cases
}
