# What tests of the workflows share: a synthetic set and a net of 1288 weights.
net=synth/tiny/s1

# Workflows train side by side on all processors; the number of threads of a
# training changes no byte, and threads that wait for each other cost time.
export OMP_NUM_THREADS=1

# The makefiles of the workflows.
pipelines=$ROOT/pipelines

# makefile SEARCH: the makefile of a search, as run.mk finds it.
makefile() {
	local name=$1 f
	for f in "$pipelines/$name.mk" "$pipelines/searches/$name.mk"; do
		[ ! -e "$f" ] || { echo "$f"; return; }
	done
	[[ $name == *-* ]] && makefile "${name%-*}"
}

# fit "SEARCH..." SETTING...: those that the makefiles of these searches have are in
# $fitting; others would be refused.
fit() {
	local files=() f known
	for f in $1; do files+=("$(makefile "$f")"); done
	known=" $(lt-settings list "$pipelines/run.mk" "${files[@]}" |
		sed -n 's/^  \([A-Z0-9_]*\)=.*/\1/p' | paste -sd ' ') "
	shift
	fitting=()
	for f; do
		set -- "${f%%=*}"
		[[ $known != *" ${1##*.} "* ]] || fitting+=("$f")
	done
}

# What all runs have, in ./runs.
common=(V=0 OUT=runs DATA=synth "SYNTH=--classes 4 --shape 1x8x8" SYNTH_TRAIN=400
	SYNTH_TEST=100 VAL=80 EPOCHS=4 MILESTONES=3 BATCH=32 AUGMENT=none RATE=0.3 ROUNDS=3)

# made FILE "SEARCH..." ARGUMENT...: make with a makefile, with what fits these searches.
made() {
	local fitting=() file=$1 names=$2
	case " $names " in
	*' search '*) ;;
	*) fit "$names" STOP_QUEUE=1 STOP_EPS=0.13 STOP_START=always EB_QUEUE=2 EB_EPS=0.2
		[[ $* == *ROUNDS=[12]* ]] || fitting+=(TICKETS='1 3') ;;
	esac
	shift 2
	make -f "$file" "${common[@]}" ARCH="$BATS_FILE_TMPDIR/tiny.net" "${fitting[@]}" "$@"
}
# workflow "SEARCH..." ARGUMENT...: these searches by run.mk.
workflow() {
	made "$pipelines/run.mk" "$1" SEARCHES="$1" "${@:2}"
}
# one SEARCH ARGUMENT...: one seed of it, by its own makefile.
one() { made "$(makefile "$1")" "$@"; }

# first_run COMMAND...: a run that must succeed, of which make removes nothing again.
first_run() {
	"$@" V=1 >make.log 2>&1 && ! grep '^rm [^-]' make.log || { cat make.log >&2; return 1; }
}
# makes_nothing COMMAND...: everything is up to date: make -n shows no stage.
makes_nothing() {
	local plan
	plan=$("$@" -n) || return 1
	! grep -E '^[[:space:]]*(lt-|sh |mkdir |if |#)' <<<"$plan" >&2
}

# Hashes of all products: seconds are none, nor is what begins with a dot.
hashes() {
	local page
	find runs -type f ! -name '*.time.*' ! -name 'seconds*' ! -name README.md \
		! -name index.html ! -name '.*' -exec sha256sum {} + | sort -k 2
	for page in runs/*/*/{report,early}/README.md runs/search/README.md; do
		[ ! -e "$page" ] || without_seconds "$page" | sha256sum
	done
}
# without_seconds README: the page without what only one machine at one time gives.
without_seconds() { sed '/^## Seconds/,/^## /{/^## [^S]/!d}' "$1"; }

# tidy: nothing in runs is a part of a file, or what a killed script had.
tidy() {
	! find runs -name '*.tmp*' -o -name '*.run' -o -name '.*.part*' -o -name '.draw*' | grep . >&2
}

# What setup_file left, and whether it is still so.
begin_with_runs() {
	cd "$BATS_TEST_TMPDIR" || return 1
	cp -a "$BATS_FILE_TMPDIR/runs" runs
}
unchanged() {
	hashes | diff "$BATS_FILE_TMPDIR/hashes" -
}

# joined REPORT COMMAND...: the seeds 1 and 2 of $BATS_FILE_TMPDIR/runs in folders 1 and 2; the
# report of 1 that joins that of 2 has the tables of both seeds, which are there already.
joined() {
	local part f report=$1
	shift
	for part in 1 2; do
		cp -a "$BATS_FILE_TMPDIR/runs" $part
		rm -r "$part/$report"
		find $part -type d -name s$((3 - part)) -prune -exec rm -r {} +
	done
	"$@" -s SEEDS=2 OUT=2 >/dev/null
	"$@" -s SEEDS=1 OUT=1 JOIN="2/$report" >/dev/null
	for f in "$BATS_FILE_TMPDIR/runs/$report"/*.tsv; do
		case $f in *.time.tsv) ;; *) cmp "$f" "1/$report/${f##*/}" || return 1 ;; esac
	done
	diff <(without_seconds "$BATS_FILE_TMPDIR/runs/$report/README.md") \
		<(without_seconds "1/$report/README.md")
}

# tiny_net NAME CHANNELS
tiny_net() {
	cat <<-NET
		net $1
		input 1 8 8
		conv1 = conv input $2 k3 p1
		bn1 = bn conv1
		a1 = relu bn1
		p1 = maxpool a1 k2
		conv2 = conv p1 16 k3 p1
		bn2 = bn conv2
		a2 = relu bn2
		pool = gap a2
		fc = linear pool 4 bias
		output fc
	NET
}

# column FILE NAME METHOD ROUND
column() {
	awk -F '\t' -v c="$2" -v m="$3" -v r="$4" '
	NR == 1 { for (i = 1; i <= NF; i++) if ($i == c) at = i; next }
	$1 == m && $2 == r { print $at }' "$1"
}
# size LIST, epochs LOG, iterations LOG
size() { wc -l <"$1"; }
epochs() { echo $(($(wc -l <"$1") - 1)); }
iterations() { tail -n 1 "$1" | cut -f 2; }

# page [FILE]: parses it, strictly; prints how many pictures it has and its text.
page() {
	python3 - "${1:-index.html}" <<-'END'
	import html.parser, os, sys
	void = {"meta", "img", "br", "hr"}
	folder = os.path.dirname(sys.argv[1])
	class Page(html.parser.HTMLParser):
	    def __init__(self):
	        super().__init__()
	        self.open, self.ids, self.links, self.images, self.text = [], [], [], [], ""
	    def handle_starttag(self, tag, attributes):
	        a = dict(attributes)
	        assert len(a) == len(attributes), (tag, attributes)
	        if tag not in void:
	            self.open.append(tag)
	        if "id" in a:
	            self.ids.append(a["id"])
	        if tag == "a":
	            self.links.append(a["href"])
	        if tag == "img":
	            self.images.append(a["src"])
	            assert len(a["alt"]) > 20, a["alt"]
	        assert tag not in ("link", "iframe") and "onclick" not in a, tag
	        assert "src" not in a or tag == "img", a
	    def handle_startendtag(self, tag, attributes):
	        self.handle_starttag(tag, attributes)
	        if tag not in void:
	            self.handle_endtag(tag)
	    def handle_endtag(self, tag):
	        assert self.open and self.open[-1] == tag, (tag, self.open, self.getpos())
	        self.open.pop()
	    def handle_data(self, data):
	        if not {"style", "script"} & set(self.open):
	            self.text += data
	p = Page()
	source = open(sys.argv[1], encoding="utf-8").read()
	assert source.startswith("<!DOCTYPE html>")
	assert "http:" not in source and "https:" not in source
	p.feed(source)
	p.close()
	assert not p.open, p.open
	assert len(p.ids) == len(set(p.ids)), p.ids
	assert len(p.images) == len(set(p.images)), p.images
	for l in p.links + p.images:
	    if l.startswith("#"):
	        assert l[1:] in p.ids, l
	    else:
	        assert os.path.getsize(os.path.join(folder, l)), l
	print(len(p.images))
	print(" ".join(p.text.split()))
	END
}

# whole COUNT TEXT...: the page here has so many pictures, those of this folder, has
# these texts, says the same as README.md and names no folder of the machine.
whole() {
	local want
	command -v python3 >/dev/null || skip 'python3 is not installed'
	page >text
	if [ "$1" = 0 ] || command -v gnuplot >/dev/null; then
		[ "$(head -n 1 text)" = "$1" ]
	fi
	for want in "${@:2}"; do
		grep -qF -- "$want" text || { echo "not in the page: $want" >&2; return 1; }
	done
	run -1 grep -F "$BATS_FILE_TMPDIR" index.html README.md
	# Each picture of the folder is in the page; each table has a caption.
	for want in *.svg; do
		[ ! -e "$want" ] || grep -qF "src=\"$want\"" index.html
	done
	[ "$(grep -c '<caption>' index.html)" = "$(grep -c '<table>' index.html)" ]
}

# said KIND: ./README.md by this template from the tables here, in one line in ./text.
# says TEXT: it has that.
said() {
	lt-page -q -d . -o README.md "$pipelines/pages/$1.md"
	tr -s '\n ' ' ' <README.md >text
}
says() {
	grep -qF -- "$1" text || { echo "not said: $1" >&2; cat README.md >&2; return 1; }
}

# without_gnuplot COMMAND...
without_gnuplot() {
	mkdir bin
	ln -sf /bin/* /usr/bin/* bin/ 2>/dev/null || true
	rm -f bin/gnuplot bin/lt-*
	PATH="$PWD/bin:$BUILD" "$@"
}

# killed COUNT SCRIPT: bash runs it and is killed with all it started, so often;
# sooner or later within a second.
killed() {
	local i pid
	for ((i = 0; i < $1; i++)); do
		setsid bash -c "$2" >/dev/null 2>&1 &
		pid=$!
		sleep "0.$((RANDOM % 7))$((RANDOM % 10))"
		kill -KILL -- "-$pid" 2>/dev/null || true
		wait "$pid" 2>/dev/null || true
	done
}
