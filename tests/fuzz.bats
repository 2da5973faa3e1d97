# Every reader against what fuzzing has found, without a fuzzer: first inputs made
# by the tools, a corpus, and inputs that once made a reader fail.  "make fuzz"
# looks for more.
load soak

@test 'every reader takes its seeds, its corpus and past crashers' {
	local t files found=0
	"$ROOT/tests/fuzz/seeds.sh" "$BUILD/fuzz/replay" seeds
	for t in $("$BUILD/fuzz/replay" -l); do
		[ ! -e "$ROOT/tests/fuzz/corpus/$t.tar.gz" ] ||
			tar xzf "$ROOT/tests/fuzz/corpus/$t.tar.gz" -C "seeds/$t"
		find "$ROOT/tests/fuzz/crashers" -name "$t-*" \
			-exec cp -t "seeds/$t" {} +
		files=(seeds/"$t"/*)
		[ -e "${files[0]}" ] || { echo "no input for $t" >&2; false; }
		TMPDIR=$FOLDER "$BUILD/fuzz/replay" "$t" "${files[@]}"
		found=$((found + ${#files[@]}))
	done
	[ "$found" -ge 90 ]
}
