load training

@test 'training learns: unseen images are told apart far above chance' {
	synth big 2400 4 1x12x12
	idx $(seq 0 1999) > a.idx
	idx $(seq 2000 2399) > b.idx
	lt-train -q -d big.data -i a.idx --val-index b.idx -e 6 \
		--milestones 4,5 -b 50 --lr 0.05 --log a.log -o 1.st 0.st
	awk -F '\t' 'NR == 2 { first = $4 }
		END { exit !($4 < first / 2 && $5 > 80 && $7 > 50) }' a.log
	lt-info --check 1.st
	[ "$(lt-info --meta lt.epoch 1.st)" = 6 ]
	[ "$(lt-info --meta lt.iteration 1.st)" = 240 ]
}

@test 'the log counts iterations, presentations and multiply-adds' {
	half_mask
	train 1.st --log a.log -m m.mask 0.st
	head -n 1 a.log | grep -qx "epoch	iteration	lr	train_loss	train_acc	val_loss	val_acc	density	mask_distance	presentations	macs"
	[ "$(cut -f 1,2,10 a.log | sed 1d | tr '\t\n' ' /')" = \
		"1 5 200/2 10 400/3 15 600/4 20 800/" ]
	[ "$(cut -f 3 a.log | sed 1d | paste -sd' ')" = '0.05 0.05 0.005 0.0005' ]
	# Kept weights times pixels, once forward and twice backward, but the
	# first layer's data gradient.
	awk -F '\t' 'END { exit !($8 > 0.2999 && $8 < 0.3001) }' a.log
	awk -F '\t' 'NR == 2 { one = $11 } END { exit !($11 == 4 * one) }' a.log
	# Times are beside it, not in it.
	[ "$(wc -l < a.log.time.tsv)" = 5 ]
}

@test 'the profile says where the time went, and changes nothing else' {
	train 1.st --log 1.log 0.st
	train 2.st --log 2.log --profile p.tsv 0.st
	same 1.st 2.st
	same 1.log 2.log
	head -n 1 p.tsv | grep -qx "node	operator	shape	direction	seconds	share	macs	gflops	share_of_peak"
	awk -F '\t' 'NF != 9 || $6 < 0 { exit 1 } NR > 1 { all += $6 }
		END { if (all < 0.999 || all > 1.001) exit 1 }' p.tsv
	# 800 images forward and backward, 160 forward; the first layer has no
	# data gradient.
	awk -F '\t' '$2 == "conv" { macs[$1 " " $4] = $7 }
		END { n = "layer1.0.conv1"
			exit !(macs[n " forward"] > 0 &&
			960 * macs[n " backward"] == 1600 * macs[n " forward"] &&
			960 * macs["conv1 backward"] == 800 * macs["conv1 forward"]) }' p.tsv
	[ "$(grep '^-' p.tsv | cut -f 2 | paste -sd' ')" = \
		'refresh update loss load save start rest' ]
	# But for times, profiles are alike.
	train 3.st --profile - --threads 1 0.st > q.tsv
	same <(cut -f 1-4,7 p.tsv) <(cut -f 1-4,7 q.tsv)
	refuses 74 'no/p.tsv: cannot write' train 4.st --profile no/p.tsv 0.st
	[ ! -e 4.st ]
	no_strays
}

@test 'images are announced once each, a batch before they are read' {
	command -v strace > /dev/null || skip 'strace is not installed'
	need_no_sanitizer
	PREFIX='strace -f -qq -o calls -e trace=fadvise64,pread64' train 1.st 0.st
	# Four epochs of 200 images, and of 40 to validate.  The first batch of
	# each has nothing before it: of 200 images 152 come later.
	awk 'match($0, /fadvise64\(.*WILLNEED/) {
			split($0, a, /[(), ]+/); asked[a[4]] = reads; n++ }
		match($0, /, 144, [0-9]+\)/) { at = substr($0, RSTART + 7) + 0
			if (!(at in asked)) bad++
			early += reads - asked[at] >= 48
			delete asked[at]; reads++ }
		END { if (n != 960 || reads != 960 || bad || early != 4 * 152) {
			print n, reads, bad, early; exit 1 } }' calls >&2
}

@test 'the same bytes whatever the locale, the time zone and the directory' {
	train 1.st 0.st
	mkdir sub
	cd sub
	LC_ALL=C.UTF-8 TZ=Asia/Tokyo lt-train -q -d ../set.data -i ../d.idx \
		--val-index ../v.idx -e 4 --milestones 2,3 -b 48 --lr 0.05 \
		--seed 3 --augment crop-flip --crop-pad 2 -o 2.st ../0.st
	same ../1.st 2.st
}

@test 'a run cut into segments, also within an epoch, ends in the same bytes' {
	half_mask
	train 1.st -m m.mask --best 1.best --events 1.ev 0.st
	train a.st -m m.mask --to 1 --save-state s1 --events a.ev 0.st
	train b.st --to 13i --save-state s2 --events b.ev s1
	train c.st --from 13i --best c.best --events c.ev s2
	same 1.st c.st
	same 1.best c.best
	lt-forget --table 1.ev > 1.tsv
	lt-forget --table --continue a.ev b.ev c.ev | cmp - 1.tsv
}

@test 'killed at random and run again, it ends in the same bytes' {
	need_no_sanitizer
	all() {
		train $1.st --log $1.log --events $1.ev --best $1.best \
			--save-epochs 0,2 --save-states 1,2 --save-prefix $1- --stop-rate 0.2 \
			--stop-eps 1e-9 --stop-mask $1.mask --stop-info $1.info \
			--stop-distances $1.d --save-state $1.state 0.st
	}
	all 1
	for i in 1 2 3 4 5; do
		rm -f k.* k-*
		for try in 1 2 3; do
			PREFIX="timeout -s KILL 0.0$((RANDOM % 9 + 1))" all k ||
				true
		done
		all k
		for f in 1[.-]*; do
			[ $f = 1.log.time.tsv ] || same $f k${f#1}
		done
		no_strays
	done
	[ -z "$(find . -name '.*.state*')" ]
}

@test 'killed or refused as it renames any output, it ends in the same' {
	command -v strace > /dev/null || skip 'strace is not installed'
	need_no_sanitizer
	local calls=rename,renameat,renameat2
	all() {
		train $1.st --log $1.log --events $1.ev.gz --stop-rate 0.2 \
			--stop-eps 1e-9 --stop-mask $1.mask 0.st
	}
	all 1
	for how in signal=KILL error=ENOSPC; do
		for n in 1 4 5 6 7 8 9; do
			rm -f k.*
			PREFIX="strace -f -qq -o /dev/null -e trace=$calls
				-e inject=$calls:$how:when=$n" all k 2> err ||
				[ $how = signal=KILL ] || grep -q 'No space' err
			all k
			for f in st log ev.gz mask; do same 1.$f k.$f; done
			no_strays
		done
	done
}

@test 'a state that another run removes as this one looks is no state' {
	command -v strace > /dev/null || skip 'strace is not installed'
	need_no_sanitizer
	local calls=access,faccessat,faccessat2
	train 1.st 0.st
	# The file seems to be there once.
	PREFIX="strace -f -qq -o calls -P $PWD/.2.st.state -P .2.st.state
		-e trace=$calls -e inject=$calls:retval=0:when=1" train 2.st 0.st
	grep -q INJECTED calls
	same 1.st 2.st
}

@test 'killed once its output is in place, it leaves no part and no lock' {
	command -v strace > /dev/null || skip 'strace is not installed'
	need_no_sanitizer
	local n complete=0
	train 1.st --log 1.log 0.st
	for ((n = 1; complete < 2 && n < 60; n++)); do
		rm -f k.* .k.*
		PREFIX="strace -f -qq -o /dev/null -e trace=fsync
			-e inject=fsync:signal=KILL:when=$n" train k.st --log k.log 0.st || true
		[ -e k.st ] || continue
		complete=$((complete + 1))
		same 1.st k.st
		[ -z "$(find . -name '.*.part*')" ] || { find . -name '.*' >&2; false; }
	done
	[ $complete = 2 ]
}

@test 'a name may have 255 bytes; a file system may know no locks' {
	local n=$(printf 'n%.0s' $(seq 251))
	train 1.st --log 1.log --events - 0.st > 1.ev
	train "$n.st2" --log "$n.log" --events - 0.st > k.ev
	same 1.st "$n.st2"
	same 1.log "$n.log"
	same 1.ev k.ev
	no_strays
	[ "$(find . -name 'n*' | wc -l)" = 3 ]
	# zlib.crc32(b"n" * 251 + b".log") stands for what is cut off.
	[ -s "${n:0:237}~9579d3cd.time.tsv" ]

	command -v strace > /dev/null || skip 'strace is not installed'
	need_no_sanitizer
	for error in ENOSYS EOPNOTSUPP ENOLCK; do
		rm -f k.st
		strace -f -qq -o /dev/null -e trace=flock \
			-e inject=flock:error=$error lt-train -d set.data \
			-i d.idx --val-index v.idx -e 4 --milestones 2,3 \
			-b 48 --lr 0.05 --seed 3 --augment crop-flip \
			--crop-pad 2 --log k.log -o k.st 0.st 2> err
		same 1.st k.st
		[ "$(grep -c 'cannot be locked' err)" = 1 ]
	done
}

# long OPTION...: a training that takes hours, if anything lets it begin.
long() {
	timeout 20 lt-train -q -d set.data -i d.idx --val-index v.idx \
		-e 900000 -o k.st --stop-rate 0.2 --stop-eps 1e-9 "$@" 0.st
}

@test 'an output that cannot be written ends the run before its first step' {
	mkdir ro
	for name in best log events stop-mask stop-info stop-distances profile \
		save-state state; do
		refuses 74 'none/x: cannot write' long --$name none/x
		refuses 74 'ro: cannot write: Is a directory' long --$name ro
	done
	refuses 74 'none/x7' long --save-epochs 7 --save-prefix none/x
	refuses 74 'none/x7' long --save-states 7 --save-prefix none/x
	mkdir k.log.time.tsv
	refuses 74 'k.log.time.tsv: cannot write' long --log k.log
	rm separate-stderr-* # of bats
	[ "$(ls -A)" = "$(printf '%s\n' 0.st d.idx k.log.time.tsv ro set.data v.idx)" ]
}

@test 'two outputs of one name, and outputs over inputs, are refused' {
	ln -s k.st link
	half_mask
	ln m.mask hard
	cp 0.st s.st
	for path in k.st ./k.st link; do
		for name in best log events stop-mask stop-info \
			stop-distances profile save-state state; do
			refuses 2 '--output' long --$name $path
		done
	done
	refuses 2 '--save-epochs' long --save-epochs 7 --save-prefix x \
		--best x7.safetensors
	refuses 2 'times of --log' long --log l --best l.time.tsv
	refuses 2 '--state' long --state 0.st
	refuses 2 '--log' long --log 0.st
	for name in output save-state log; do
		refuses 2 "would replace the file of --data" long --$name set.data
		refuses 2 "file of --index" long --$name ./d.idx
		refuses 2 "file of --val-index" long --$name v.idx
		refuses 2 "file of --mask" long -m m.mask --$name hard
	done
	refuses 2 'standard output' long --log - --events -
	# What may be replaced, and the same by another name.
	train 1.st 0.st
	lt-train -q -d set.data -i d.idx --val-index v.idx -e 4 --milestones 2,3 \
		-b 48 --lr 0.05 --seed 3 --augment crop-flip --crop-pad 2 \
		-o s.st s.st
	same 1.st s.st
	cmp m.mask hard
}

@test 'a reader of a stream that goes away is a write error, state saved' {
	train 1.st --events 1.ev 0.st
	(train k.st --events - 0.st 2> err || echo $? > status) | true
	[ "$(cat status)" = 74 ]
	grep -q '^lt-train: standard output: cannot write: Broken pipe' err
	[ -e .k.st.state ]
	# A state that cannot be read for now is not given up.
	if command -v strace > /dev/null &&
		! grep -qe -fsanitize "$BUILD/flags"; then
		PREFIX='strace -f -qq -o /dev/null -P .k.st.state -e
			inject=read,pread64:error=EIO' \
			run -74 train k.st --events - 0.st
		[[ $output == *'Input/output error'* ]]
	fi
	[ -e .k.st.state ]
	train k.st --events - 0.st > k.ev
	same 1.st k.st
	same 1.ev k.ev
	no_strays
}

@test 'SIGTERM saves the state and ends with 75; run again, it goes on' {
	train 1.st --log 1.log 0.st
	lt-train -q -d set.data -i d.idx --val-index v.idx -e 4000 \
		--milestones 2,3 -b 48 --lr 0.05 -o long.st 0.st &
	for i in $(seq 100); do [ -e .long.st.state ] && break; sleep 0.05; done
	kill -TERM $!
	local status=0
	wait $! || status=$?
	[ "$status" = 75 ]
	[ -e .long.st.state ]
	[ ! -e long.st ]
	run timeout --foreground -s INT 1 lt-train -d set.data -i d.idx --val-index v.idx \
		-e 4000 --milestones 2,3 -b 48 --lr 0.05 -o long.st 0.st
	[[ $output == *'going on from iteration'* ]]
	[[ $output == *'state saved'* ]]
}

@test 'a state of other settings is not taken up' {
	lt-train -q -d set.data -i d.idx -e 4000 -b 48 -o k.st 0.st &
	for i in $(seq 100); do [ -e .k.st.state ] && break; sleep 0.05; done
	kill -TERM $!
	local status=0
	wait $! || status=$?
	[ "$status" = 75 ]
	run train k.st 0.st
	[ "$status" = 0 ]
	train 1.st 0.st
	same 1.st k.st
	train a.st --to 1 --save-state s1 0.st
	refuses 65 'the state belongs to a run with other settings' train b.st --lr 0.04 s1
	refuses 2 'the segment begins at iteration 0, but s1 is at' train b.st --from 0 s1
}

@test 'masked weights stay exactly zero, kept ones are trained' {
	half_mask
	train a.st -m m.mask 0.st
	lt-prune -r 0 -m m.mask -o again.mask a.st
	[ "$(lt-hamming m.mask again.mask)" = 0 ]
	# Without a mask Winograd may run, which rounds otherwise.
	lt-eval -d set.data a.st > dense
	lt-eval -d set.data -m m.mask a.st | paste dense - |
		awk 'NR == 2 { d = $2 - $6; ok = d * d < 1e-12 && $3 == $7 }
			END { exit !ok }'
	run -1 cmp -s 0.st a.st
}

@test 'best weights are those of the best epoch, the earlier of equals' {
	train a.st --log a.log --best b.st --save-epochs 1,2,3,4 \
		--save-prefix e 0.st
	best=$(sed 1d a.log | sort -s -t '	' -k 7,7gr | head -n 1 | cut -f 1)
	lt-eval -d set.data -i v.idx b.st > b
	lt-eval -d set.data -i v.idx e$best.safetensors | cmp - b
	[ "$(lt-info --meta lt.epoch b.st)" = "$best" ]
	train x.st --save-epochs 0 --save-prefix z 0.st
	lt-eval -d set.data z0.safetensors > z
	lt-eval -d set.data 0.st | cmp - z
}

@test 'schedules: cosine, constant, warm-up, iterations' {
	plain() { lt-train -q -d set.data -i d.idx -e 4 -b 48 --lr 0.05 "$@"; }
	plain --schedule cosine --log a.log -o a.st 0.st
	awk -F '\t' 'NR > 1 { print $3 }' a.log | sort -gr > down
	awk -F '\t' 'NR > 1 { print $3 }' a.log | cmp - down
	plain --schedule constant --warmup 2 --log b.log -o b.st 0.st
	[ "$(sed 1d b.log | cut -f 3 | paste -sd' ')" = '0.025 0.05 0.05 0.05' ]
	lt-train -q -d set.data -i d.idx --iterations 7 --milestones 6i \
		-b 48 --log c.log -o c.st 0.st
	[ "$(tail -n 1 c.log | cut -f 1-3)" = "2	7	0.01" ]
}

# same_cut OPTION...: with these options a training that is cut twice ends as 1.st and
# 1.state.
same_cut() {
	train a.st "$@" --to 1 --save-state s1 0.st
	train b.st "$@" --to 13i --save-state s2 s1
	train c.st "$@" --from 13i --save-state s3 s2
	same 1.st c.st
	same 1.state s3
}

@test 'Adam ends in the same bytes for every cut, kernel and number of threads' {
	half_mask
	for o in adam adamw; do
		local how=(-m m.mask --optimizer $o --lr 0.004 --weight-decay 0.1)
		train 1.st "${how[@]}" --threads 1 --save-state 1.state 0.st
		for k in ref v3; do
			LT_KERN=$k train x.st "${how[@]}" --threads 3 \
				--kern-path dense 0.st 2> err ||
				grep -q processor err || return 1
			[ -s err ] || same 1.st x.st
		done
		same_cut "${how[@]}"
		refuses 65 "settings: optimizer=$o in the state, momentum=0.9" \
			train x.st -m m.mask --lr 0.004 --weight-decay 0.1 s1
		refuses 65 'settings: beta1=0.9' train x.st "${how[@]}" \
			--beta1 0.8 s1
		refuses 65 'settings: nothing in the state, label-smoothing=0.5 in this run' \
			train x.st "${how[@]}" --label-smoothing 0.5 s1
		# Killed and run again.
		PREFIX='timeout -s TERM 0.05' train k.st "${how[@]}" 0.st || true
		train k.st "${how[@]}" 0.st
		same 1.st k.st
	done
	# Under another mask the steps are counted on.
	lt-prune -q -r 0.5 -m m.mask -o m2.mask a.st
	train d.st "${how[@]}" -m m2.mask --to 10i --save-state s4 s1
	[ "$(lt-info --meta lt.run.steps s4)" = 10 ]
	lt-prune -q -r 0 -m m2.mask -o again.mask d.st
	[ "$(lt-hamming m2.mask again.mask)" = 0 ]
}

@test 'events stream into lt-forget and lt-subset' {
	train a.st --events a.ev 0.st
	lt-forget -t 0 a.ev > cet.idx
	idx 1 5 239 > cep.idx
	lt-subset union cet.idx cep.idx > want.idx
	train b.st --events - 0.st | lt-forget -t 0 |
		lt-subset union - cep.idx > prac.idx
	same want.idx prac.idx
	same a.st b.st
	train c.st --events a.ev.gz 0.st
	lt-forget -t 0 a.ev.gz | cmp - cet.idx
}

@test 'killed and run again, a pipe gets all events from the start' {
	need_no_sanitizer
	train 1.st --events 1.ev 0.st
	for i in 1 2 3; do
		rm -f k.st
		PREFIX="timeout -s KILL 0.$((RANDOM % 2))$((RANDOM % 9 + 1))" \
			train k.st --events - 0.st > cut.ev || true
		train k.st --events - 0.st > k.ev
		same 1.ev k.ev
		same 1.st k.st
		no_strays
	done
	# Killed when a state is there for sure.
	long=(-q -d set.data -i d.idx -e 60 -b 48 --lr 0.01)
	lt-train "${long[@]}" --events long.ev -o long.st 0.st
	lt-train "${long[@]}" --events - -o k.st 0.st > cut.ev &
	for i in $(seq 200); do [ -e .k.st.state ] && break; sleep 0.02; done
	kill -KILL $!
	wait $! || true
	[ -e .k.st.state ]
	lt-train "${long[@]}" --events - -o k.st 0.st > k.ev
	same long.ev k.ev
	same long.st k.st
	no_strays
}

@test 'two runs never share a state' {
	lt-train -q -d set.data -i d.idx -e 4000 -b 48 -o k.st 0.st &
	for i in $(seq 200); do [ -e .k.st.state ] && break; sleep 0.02; done
	refuses 75 'k.st: another process' train k.st 0.st
	kill -TERM $!
	wait $! || true
	no_strays
	train k.st 0.st
	train 1.st 0.st
	same 1.st k.st
}

@test 'what is no file gets no state, a lost stream a fresh start' {
	train 1.st --log 1.log 0.st
	train /dev/null 0.st
	[ -z "$(find /dev -maxdepth 1 -name '.null*')" ]
	train - 0.st | cmp - 1.st
	lt-train -q -d set.data -i d.idx --val-index v.idx -e 4000 -b 48 \
		--log k.log -o k.st 0.st &
	for i in $(seq 200); do [ -e .k.st.state ] && break; sleep 0.02; done
	kill -TERM $!
	wait $! || true
	[ -e .k.log.part ]
	rm .k.log.part
	run timeout -s TERM 0.4 lt-train -d set.data -i d.idx \
		--val-index v.idx -e 4000 -b 48 --log k.log -o k.st 0.st
	[[ $output == *'starting from the beginning'* ]]
}

@test 'a full disk ends the run, with room it goes on to the same bytes' {
	train 1.st --log 1.log --events 1.ev 0.st
	# The state of the first epoch does not fit.
	run -74 --separate-stderr bash -c "ulimit -f 8; $(declare -f train)
		train k.st --log k.log --events k.ev 0.st"
	[[ $stderr == *'File too large'* ]]
	no_strays
	# The events of a later one do not.
	printf 'net l\ninput 1 6 6\nf = linear input 4 bias\noutput f\n' > l.net
	lt-init -o l.st ./l.net
	synth many 8000 4 1x6x6 --noise 3
	many=(-q -d many.data -b 400 -e 12)
	lt-train "${many[@]}" --events 2.ev -o 2.st l.st
	run -74 --separate-stderr bash -c "ulimit -f 130
		lt-train ${many[*]} --events k.ev -o k.st l.st"
	[[ $stderr == *'k.ev: cannot write: File too large'* ]]
	[ ! -e k.ev ]
	[ -e .k.st.state ]
	lt-train "${many[@]}" --events k.ev -o k.st l.st
	same 2.ev k.ev
	same 2.st k.st
	no_strays
}

@test 'what does not fit is refused, naming both sides' {
	: > none.idx
	refuses 65 'none.idx: no samples' lt-train -q -d set.data -i none.idx \
		-o x 0.st
	idx 5 240 > far.idx
	refuses 65 'far.idx' lt-train -q -d set.data -i far.idx -o x 0.st
	synth big 20 4 1x14x14
	refuses 65 'big.data has images of 1x14x14' lt-train -q -d big.data -o x 0.st
	synth many 40 9 1x12x12
	refuses 65 'many.data has 9 classes' lt-train -q -d many.data -o x 0.st
	lt-init -o l.st lenet5
	lt-prune -r 0.5 -o l.mask l.st
	refuses 65 'l.mask: ' lt-train -q -d set.data -m l.mask -o x 0.st
	refuses 65 'expected kind checkpoint' lt-train -q -d set.data -o x l.mask
	refuses 74 'none' lt-train -q -d none -o x 0.st
	[ ! -e x ]
	no_strays
}

@test 'nonsense on the command line is refused' {
	refuses 2 'are needed' lt-train -o x 0.st
	refuses 2 'one checkpoint' lt-train -o x -d set.data
	refuses 2 '--to' lt-train -o x -d set.data --to 3x 0.st
	refuses 2 '--epochs' lt-train -o x -d set.data -e 0 0.st
	refuses 2 'not within' lt-train -o x -d set.data -e 4 --to 5 0.st
	refuses 2 'batch' lt-train -o x -d set.data -b 0 0.st
	refuses 2 '--schedule' lt-train -o x -d set.data --schedule up 0.st
	refuses 2 '--milestones' lt-train -o x -d set.data --milestones 1,a 0.st
	refuses 2 "--milestones: expected epochs, or iterations as 500i, found ''" \
		lt-train -o x -d set.data --milestones 1,,3 0.st
	refuses 2 '--patience need' lt-train -o x -d set.data --patience 2 0.st
	refuses 2 '--save-prefix needs --save-epochs or --save-states' lt-train -o x -d set.data --save-epochs 1 0.st
	refuses 2 '--save-prefix needs --save-epochs or --save-states' lt-train -o x -d set.data --save-states 1 0.st
	refuses 2 "--save-states: expected numbers, found '1,x'" lt-train -o x \
		-d set.data --save-states 1,x --save-prefix p 0.st
	refuses 2 '--best' lt-train -o x -d set.data --best b 0.st
	refuses 2 '--stop-rate and --stop-sparsity exclude' lt-train -o x -d set.data \
		--stop-rate 0.1 --stop-sparsity 0.2 0.st
	refuses 2 'need' lt-train -o x -d set.data --stop-mask m 0.st
	refuses 2 'the means: expected 1 numbers, found' lt-train -o x -d set.data --mean 1,2 0.st
	refuses 2 'need' lt-train -o x -d set.data --stop-rule pairwise 0.st
	refuses 2 '--stop-relative needs --stop-rate or --stop-sparsity' \
		lt-train -o x -d set.data --stop-relative 0.5 0.st
	refuses 2 '--stop-relative needs the pairwise rule' lt-train -o x -d set.data \
		--stop-sparsity 0.5 --stop-relative 0.5 0.st
	refuses 2 '--stop-relative replaces --stop-eps' lt-train -o x -d set.data \
		--stop-rate 0.5 --stop-relative 0.5 --stop-eps 0.1 0.st
	refuses 2 '--stop-queue' lt-train -o x -d set.data --stop-rate 0.2 \
		--stop-queue 65 0.st
	refuses 2 '--epochs' lt-train -o x -d set.data -e 99999999999 0.st
	for o in adam adamw; do
		refuses 2 '--momentum needs --optimizer sgd' lt-train -o x \
			-d set.data --optimizer $o --momentum 0.9 0.st
		refuses 2 '--nesterov needs --optimizer sgd' lt-train -o x \
			-d set.data --optimizer $o --nesterov 0.st
	done
	refuses 2 '--label-smoothing' lt-train -o x -d set.data \
		--label-smoothing 1.1 0.st
	for o in beta1=0.9 beta2=0.9 eps=1e-8; do
		refuses 2 "--${o%=*} needs --optimizer adam or adamw" \
			lt-train -o x -d set.data --$o 0.st
	done
	refuses 2 '--beta1: expected a number from 0 to below 1, found 1' \
		lt-train -o x -d set.data --optimizer adam --beta1 1 0.st
	refuses 2 '--beta2: expected' lt-train -o x -d set.data \
		--optimizer adamw --beta2 1 0.st
	for eps in 0 1e-60 1e300; do
		refuses 2 '--eps: expected a number from' lt-train -o x \
			-d set.data --optimizer adam --eps $eps 0.st
	done
	refuses 2 '--crop-pad' lt-train -o x -d set.data --crop-pad 2147483647 0.st
	# Large numbers that mean something take no memory.
	train a.st -b 2147483647 --threads 2147483647 --to 1 0.st
	train b.st -b 200 --to 1 0.st
	lt-eval -d set.data a.st > a
	lt-eval -d set.data b.st | cmp - a
	[ ! -e x ]
}

@test 'a full device is reported and leaves nothing' {
	refuses 74 '/dev/full' train /dev/full 0.st
	refuses 74 '/dev/full' train x --log /dev/full 0.st
	refuses 74 '/dev/full' train x --events /dev/full 0.st
	[ ! -e x ]
}

@test 'the examples of the manual page run' {
	examples lt-train
}

@test 'half-precision storage learns, is recorded, and resumes as itself only' {
	lt-train -q -d set.data -i d.idx -e 4 -b 48 --lr 0.05 --store f16 \
		-o h.st 0.st
	lt-train -q -d set.data -i d.idx -e 4 -b 48 --lr 0.05 -o s.st 0.st
	run -1 cmp -s h.st s.st
	lt-info --meta lt.history h.st | grep -q f16
	lt-eval -q -d set.data -i d.idx h.st > h.tsv
	lt-eval -q -d set.data -i d.idx s.st > s.tsv
	lt-train -q -d set.data -i d.idx -e 4 --to 2 -b 48 --lr 0.05 \
		--store f16 --save-state h.state -o h2.st 0.st
	refuses 65 'store=f16 in the state, store=f32 in this run' lt-train -q -d set.data \
		-i d.idx -e 4 -b 48 --lr 0.05 -o x.st h.state
	lt-train -q -d set.data -i d.idx -e 4 -b 48 --lr 0.05 --store f16 \
		-o x.st h.state
	same x.st h.st
}

@test 'training in bf16 learns, is recorded, and resumes as itself only' {
	local as=(-q -d set.data -i d.idx -e 4 -b 48 --lr 0.05)
	lt-train "${as[@]}" --compute bf16 -o b.st 0.st
	lt-train "${as[@]}" -o s.st 0.st
	lt-train "${as[@]}" --compute f32 -o f.st 0.st
	run -1 cmp -s b.st s.st
	same f.st s.st
	lt-info --meta lt.history b.st | grep -q '"compute":"bf16"'
	run -1 grep store <(lt-info --meta lt.history b.st)
	run -1 grep compute <(lt-info --meta lt.history s.st)
	# It finds what the other finds: within 5 of 100 points.
	lt-eval -q -d set.data -i d.idx --compute bf16 -o b.tsv b.st
	lt-eval -q -d set.data -i d.idx -o s.tsv s.st
	paste b.tsv s.tsv | awk -F'\t' 'NR == 2 { d = $3 - $7; exit !(d < 5 && d > -5) }'
	lt-train "${as[@]}" --to 2 --compute bf16 --save-state b.state -o b2.st 0.st
	refuses 65 'compute=bf16 in the state' lt-train "${as[@]}" -o x.st b.state
	lt-train "${as[@]}" --to 2 --save-state s.state -o s2.st 0.st
	refuses 65 'compute=bf16 in this run' \
		lt-train "${as[@]}" --compute bf16 -o x.st s.state
	[ ! -e x.st ]
	lt-train "${as[@]}" --compute bf16 -o x.st b.state
	same x.st b.st
	refuses 2 '--store needs --compute f32' \
		lt-train "${as[@]}" --compute bf16 --store f16 -o y.st 0.st
}

@test 'options that do nothing without another are refused' {
	local o
	for o in rule=pairwise eps=1 relative=0.5 queue=2 start=always every=2 \
		layers=conv exclude=first mask=m info=i distances=d; do
		refuses 2 "--stop-${o%%=*} needs --stop-rate or --stop-sparsity" \
			train x.st --stop-$o 0.st
	done
	refuses 2 '--nesterov needs --momentum above 0' train x.st --nesterov \
		--momentum 0 0.st
	for o in milestones=2 gamma=0.5; do
		refuses 2 "--${o%%=*} needs --schedule multistep" lt-train \
			-d set.data -o x.st --schedule cosine --$o 0.st
	done
	for o in none flip resized-crop-flip; do
		refuses 2 '--crop-pad needs --augment crop-flip or crop' lt-train \
			-d set.data -o x.st --augment $o --crop-pad 4 0.st
	done
	refuses 2 '--save-epochs: the schedule has 4 epochs, expected none after them, found 5' \
		train x.st --save-epochs 4,5 --save-prefix z 0.st
	refuses 2 '--save-states: the schedule has 4 epochs, expected none after them, found 6' \
		train x.st --save-states 6 --save-prefix z 0.st
	half_mask
	for o in index=d.idx samples-per-class=3 batch=5 data=set.data; do
		refuses 2 "--${o%%=*} needs --method snip or force or grasp" lt-prune \
			-r 0.5 -o x --$o 0.st
	done
	refuses 2 '--temperature needs --method grasp' lt-prune -r 0.5 -o x \
		--method snip --data set.data --temperature 3 0.st
	refuses 2 '--cell needs --png' lt-hamming --cell 3 m.mask m.mask
	refuses 2 '--output needs no --picture' lt-info -o x --picture p.png \
		--layer fc m.mask
	refuses 2 '--batch needs no --predictions' lt-disagree --predictions \
		--batch 3 a b
	refuses 2 '--init needs a checkpoint' lt-init --print --init zero lenet5
	refuses 2 '--list takes no network' lt-init --list lenet5
}

# moved A B: the tensors whose bytes differ, in order of their names.
moved() {
	by_hand - "$1" "$2" <<-'END'
		import sys
		from tensors import tensors
		a, b = (tensors(f)[1] for f in sys.argv[1:])
		print(*sorted(k for k in b if a[k] != b[k]))
	END
}

@test '--freeze keeps layers, and the statistics of their batch norms' {
	train 1.st --freeze conv1,bn1,layer1,layer2,layer3 0.st
	[ "$(moved 0.st 1.st)" = 'linear.bias linear.weight' ]
	train 2.st --freeze all,^last 0.st
	[ "$(moved 1.st 2.st)" = '' ]
	[ "$(moved 0.st 2.st)" = 'linear.bias linear.weight' ]
	# A batch norm whose parameters alone are frozen counts the batches.
	train 3.st --freeze all,^last,^bn1,bn1.weight,bn1.bias 0.st
	[ "$(moved 0.st 3.st)" = 'bn1.num_batches_tracked bn1.running_mean bn1.running_var linear.bias linear.weight' ]
	train 4.st --freeze layer2.0.conv1,linear.bias --optimizer adamw 0.st
	[[ " $(moved 0.st 4.st) " != *' layer2.0.conv1.weight '* ]]
	[[ " $(moved 0.st 4.st) " != *' linear.bias '* ]]
	[ "$(moved 0.st 4.st | wc -w)" = 42 ]
}

@test '--freeze leaves out the gradients that no layer needs' {
	train 1.st --freeze conv1,bn1,layer1,layer2.0.conv2 --profile p.tsv 0.st
	# 800 images forward and backward, 160 forward: backward, a layer has the
	# gradients of its input, of its weights, of both or none.
	backward() {
		awk -F '\t' -v node="$1" '$1 == node { macs[$4] = $7 }
			END { print 960 * macs["backward"] / macs["forward"] }' p.tsv
	}
	[ "$(backward conv1)" = 0 ]
	[ "$(backward layer1.0.conv2)" = 0 ]
	[ "$(backward layer2.0.conv1)" = 800 ]
	[ "$(backward layer2.0.conv2)" = 800 ]
	[ "$(backward layer3.0.conv1)" = 1600 ]
	[ "$(backward linear)" = 1600 ]
}

@test '--lr-scale multiplies the learning rate of the layers that it names' {
	local one=(-e 182 --to 1i --momentum 0 --schedule constant)
	lt-train -q -d set.data "${one[@]}" -o 1.st 0.st
	lt-train -q -d set.data "${one[@]}" --lr-scale layer2:0.5,last:10 -o 2.st 0.st
	# w1 = w0 - rate (g + decay w0): of one step, the way is as long as the rate.
	by_hand - <<-'END'
		from tensors import tensors
		w0, w1, w2 = (tensors(f"{i}.st")[1] for i in range(3))
		for k in w0:
		    by = 10 if k.startswith("linear") else 0.5 if k.startswith(
		        "layer2") and "running" not in k and "num_" not in k else 1
		    for a, b, c in zip(w0[k], w1[k], w2[k]):
		        assert abs((c - a) - by * (b - a)) < 2e-6, (k, a, b, c)
		    assert (w1[k] == w2[k]) == (by == 1), k
	END
}

@test 'frozen layers and rates: under a mask, in segments, in the history' {
	half_mask
	local how=(--freeze conv1,layer1 --lr-scale last:3,layer3:0.5)
	train 1.st -m m.mask "${how[@]}" 0.st
	train 1t.st -m m.mask "${how[@]}" --threads 1 --kern-path dense 0.st
	same 1.st 1t.st
	train a.st -m m.mask "${how[@]}" --to 7i --save-state s 0.st
	train b.st "${how[@]}" s
	same 1.st b.st
	[[ $(lt-info --meta lt.history 1.st) == *'"lr-scale":"last:3,layer3:0.5","freeze":"conv1,layer1"'* ]]
	refuses 65 's: the state belongs to a run with other settings: freeze=conv1,layer1 in the state, nothing in this run' \
		train c.st --lr-scale last:3,layer3:0.5 s
	# Removed weights of frozen layers are 0, and the others are those of theta0.
	by_hand - <<-'END'
		from tensors import tensors
		keep, w0, w1 = (tensors(f)[1] for f in ("m.mask", "0.st", "1.st"))
		k = "layer1.0.conv1.weight"
		assert w1[k] == [w * m for w, m in zip(w0[k], keep[k + "_mask"])]
	END
}

@test 'wrong names of layers and wrong factors are refused' {
	refuses 2 "lt-train: network resnet8-demo has no trainable parameter, layer or part 'layer9'" \
		train 1.st --freeze layer9 0.st
	refuses 2 "lt-train: 'all' freezes all parameters of network resnet8-demo; expected some to train" \
		train 1.st --freeze all 0.st
	refuses 2 "lt-train: expected NAME:X, where X is a number above 0, found 'last'" \
		train 1.st --lr-scale last 0.st
	[ ! -e 1.st ]
	no_strays
}

@test 'a last batch of one image behind a batch norm of single values is noted' {
	printf '%s\n' 'net n' 'input 1 12 12' 'a = linear input 6' 'b = bn a' \
		'c = linear b 4' 'output c' >n.net
	lt-init -o n.st n.net
	# 200 images: 199 and 1, then 198 and 2, then one at a time.
	noted() {
		local want=$1
		shift
		run --separate-stderr lt-train -d set.data -i d.idx -e 1 \
			--lr 0.01 -o o.st "$@"
		[ "$status" = 0 ]
		[ "$(grep -c "one image, whose values 'b'" <<<"$stderr")" = "$want" ]
	}
	noted 1 -b 199 n.st
	noted 0 -b 198 n.st
	noted 1 -b 1 n.st
	noted 0 -b 199 --freeze b n.st
	noted 0 -q -b 199 n.st
	# A plane of several pixels has several values.
	noted 0 -b 199 0.st
	# One image alone: the output of the norm is its bias, whatever the
	# image, and 0.9 of the running variance is left.
	idx 7 >one.idx
	lt-train -q -d set.data -i one.idx -e 1 -b 8 --lr 0.01 -o o.st n.st
	cat >one.py <<-'END'
	from tensors import tensors
	w = tensors("o.st")[1]
	assert all(abs(v - 0.9) < 1e-6 for v in w["b.running_var"])
	assert any(w["b.running_mean"])
	END
	PYTHONPATH=$BATS_TEST_DIRNAME python3 -B one.py
}

# linear FILE SEED [CLASSES]: one linear layer.
linear() {
	printf 'net l\ninput 1 12 12\nf = linear input %s bias\noutput f\n' "${3:-4}" > l.net
	lt-init -q --seed "$2" -o "$1" l.net
}

# distilled BEFORE MASK TEACHER SHARE TEMPERATURE SMOOTHING STEPS AFTER LOG LIMIT: are the
# weights of AFTER, by their way from BEFORE, and the loss of the last step, those that
# Python's own modules compute?  Plain gradient descent on all samples at the rate 0.1.
distilled() {
	by_hand - "$@" <<-'END'
		import math, sys
		from tensors import tensors
		before, mask, teacher, share, t, smooth, steps, after, log, limit = sys.argv[1:]
		a, t, s, limit = float(share), float(t), float(smooth), float(limit)
		meta, data = tensors("set.data")
		mean, std = (float(meta[k].strip("[]")) for k in ("lt.mean", "lt.std"))
		x = [[(v / 255 - mean) / std for v in data["images"][i * 144:][:144]]
		     for i in range(240)]
		w, u, keep, end = (tensors(f)[1] for f in (before, teacher, mask, after))
		start, bias, keep = w["f.weight"], w["f.bias"], keep["f.weight_mask"]
		w = [v * k for v, k in zip(start, keep)]
		def logits(x, w, b):
		    return [b[c] + sum(p * q for p, q in zip(x, w[c * 144:][:144])) for c in range(4)]
		def softmax(z, t=1):
		    e = [math.exp(v / t) for v in z]
		    return [v / sum(e) for v in e]
		target = [softmax(logits(v, u["f.weight"], u["f.bias"]), t) for v in x]
		for _ in range(int(steps)):
		    loss, dw, db = 0, [0] * 576, [0] * 4
		    for i, v in enumerate(x):
		        z = logits(v, w, bias)
		        p, soft, q = softmax(z), softmax(z, t), target[i]
		        for c in range(4):
		            y = (1 - s) * (c == data["labels"][i]) + s / 4
		            loss -= (1 - a) * y * math.log(p[c]) / 240
		            loss += a * t * t * q[c] * math.log(q[c] / soft[c]) / 240
		            d = ((1 - a) * (p[c] - y) + a * t * (soft[c] - q[c])) / 240
		            db[c] += d
		            for j in range(144):
		                dw[c * 144 + j] += d * v[j]
		    w = [p - 0.1 * d * k for p, d, k in zip(w, dw, keep)]
		    bias = [p - 0.1 * d for p, d in zip(bias, db)]
		norm = lambda v: math.sqrt(sum(p * p for p in v))
		far = norm([p - q for p, q in zip(w, end["f.weight"])])
		way = norm([p - q * k for p, q, k in zip(w, start, keep)])
		found = float(open(log).readlines()[-1].split("\t")[3])
		print(far / way, found, loss)
		assert far / way < limit and abs(found / loss - 1) < limit
	END
}

@test '--teacher: the loss and the weights are those of other code' {
	linear a.st 1
	linear b.st 2
	lt-train -q -d set.data -b 240 -e 20 --schedule constant -o t.st b.st
	lt-prune -q -s 0.5 -o half.mask a.st
	lt-prune -q -s 0 -o all.mask a.st
	# with OUT MASK SHARE TEMPERATURE SMOOTHING [OPTION]...
	with() {
		lt-train -q -d set.data -b 240 -e 3 --schedule constant --lr 0.1 \
			--momentum 0 --weight-decay 0 -m "$2" --teacher t.st \
			--teacher-share "$3" --teacher-temperature "$4" \
			--label-smoothing "$5" --log log.tsv -o "$1" "${@:6}" a.st
	}
	with c.st all.mask 0.7 3 0.2
	distilled a.st all.mask t.st 0.7 3 0.2 3 c.st log.tsv 1e-5
	with c.st half.mask 1 0.5 0
	distilled a.st half.mask t.st 1 0.5 0 3 c.st log.tsv 1e-5
	# A rounding of 2^-11 and of 2^-8 in each product, and their sums.
	with c.st half.mask 0.9 4 0 --store f16
	distilled a.st half.mask t.st 0.9 4 0 3 c.st log.tsv 2e-3
	with c.st half.mask 0.9 4 0 --compute bf16
	distilled a.st half.mask t.st 0.9 4 0 3 c.st log.tsv 2e-2
}

@test '--teacher: a network learns nothing from itself, for both see the same images' {
	linear a.st 1
	local o
	for o in '--augment crop-flip' '--augment resized-crop-flip --compute bf16'; do
		# shellcheck disable=SC2086
		lt-train -q -d set.data -b 48 -e 2 --milestones 1 --weight-decay 0 $o \
			--teacher a.st --teacher-share 1 --log log.tsv -o b.st a.st
		[ "$(moved a.st b.st)" = '' ]
		[ "$(tail -n 1 log.tsv | cut -f 4)" = 0 ]
	done
}

@test '--teacher: its multiply-adds count, its images and the events do not change' {
	linear t.st 1
	local how=(--lr 0 --freeze all,^last --to 1)
	train a.st "${how[@]}" --events a.ev --log a.log 0.st
	train b.st "${how[@]}" --events b.ev --log b.log --teacher t.st 0.st
	# 200 presentations of 144 x 4 weights.  Without a rate, but for the loss all is equal.
	[ $(($(tail -n 1 b.log | cut -f 11) - $(tail -n 1 a.log | cut -f 11))) = $((200 * 576)) ]
	same a.ev b.ev
	same <(cut -f 5-10 a.log) <(cut -f 5-10 b.log)
	[ "$(moved a.st b.st)" = '' ]
}

@test '--teacher: the same bytes for threads, cuts and kills, and the history has it' {
	train t.st --to 2 0.st
	half_mask
	local how=(-m m.mask --dst rigl --dst-every 4i --teacher t.st --teacher-share 0.75)
	train 1.st "${how[@]}" --threads 1 --events 1.ev --save-state 1.state 0.st
	for n in 2 3; do
		train x.st "${how[@]}" --threads $n --events x.ev 0.st
		same 1.st x.st
		same 1.ev x.ev
	done
	same_cut "${how[@]}"
	PREFIX='timeout -s TERM 0.08' train k.st "${how[@]}" 0.st || true
	train k.st "${how[@]}" 0.st
	same 1.st k.st
	[[ $(lt-info --meta lt.history 1.st) == *'"teacher":"'$(lt-info --meta lt.crc32 t.st)'","teacher-share":"0.75","teacher-temperature":"4"'* ]]
	lt-info --remake 1.st t.st 0.st m.mask | grep -q -e '--teacher t.st --teacher-share 0.75 '
	train n.st "${how[@]:0:6}" 0.st
	run -1 cmp -s 1.st n.st
	# A state goes on with its own teacher alone.
	local mine
	mine=teacher=$(lt-info --meta lt.crc32 t.st)
	refuses 65 "$mine in the state, teacher=$(lt-info --meta lt.crc32 0.st) in this run" \
		train x2.st -m m.mask --dst rigl --dst-every 4i --teacher 0.st --teacher-share 0.75 s1
	refuses 65 "$mine in the state, nothing in this run" train x2.st "${how[@]:0:6}" s1
	refuses 65 'teacher-share=0.75 in the state' train x2.st "${how[@]:0:8}" s1
	refuses 65 'teacher-temperature=4 in the state, teacher-temperature=2 in this run' \
		train x2.st "${how[@]}" --teacher-temperature 2 s1
	train p.st --to 1 --save-state p.state 0.st
	refuses 65 "nothing in the state, teacher=" train x2.st --teacher t.st p.state
	# A state is a teacher, too.
	train y.st --teacher s1 --to 1 0.st
	[ ! -e x2.st ]
}

@test '--teacher: what cannot teach is refused, and nothing is written' {
	linear five.st 1 5
	linear three.st 1 3
	lt-init -q -o big.st lenet5
	half_mask
	lt-init -q --input 1x12x12 --classes 4 --mean 0.5 --std 0.25 -o norm.st resnet8-demo
	lt-init -q --input 1x12x12 --classes 4 --mean 0.5 --std 0.25 -o gray.st resnet8-demo
	head -c 900 0.st > cut.st
	echo text > text.st
	by_hand - <<-'END'
		import json, struct
		b = open("0.st", "rb").read()
		n, = struct.unpack("<Q", b[:8])
		h = json.loads(b[8:8 + n])
		h["__metadata__"] = {"format": "pt"}
		t = json.dumps(h).encode()
		open("torch.st", "wb").write(struct.pack("<Q", len(t)) + t + b[8 + n:])
	END
	local file what
	while IFS='|' read -r file what; do
		refuses 65 "$what" train x.st --teacher "$file" 0.st
		# Options that would mend INPUT do not mend its teacher.
		[[ $stderr != *'see --'* ]]
	done <<-'END'
		five.st|five.st: the teacher distinguishes 5 classes; expected 4, as 0.st does
		three.st|set.data has 4 classes, three.st (l) distinguishes 3
		big.st|set.data has images of 1x12x12, big.st (lenet5) takes 1x28x28
		m.mask|m.mask: has kind mask, expected kind checkpoint
		cut.st|cut.st: truncated: expected
		text.st|text.st: truncated: expected
		torch.st|lt-init makes a checkpoint that contains one
		norm.st|norm.st: the teacher was trained on images of mean 0.5, std 0.25; expected the normalization of this run
	END
	refuses 74 'none.st: No such file' train x.st --teacher none.st 0.st
	# A network of the same normalization is a teacher.
	train y.st --teacher norm.st --to 1 gray.st
	train y.st --teacher norm.st --mean 0.5 --std 0.25 --to 1 0.st
	refuses 2 '--teacher-share needs --teacher FILE' train x.st --teacher-share 0.5 0.st
	refuses 2 '--teacher-temperature needs --teacher FILE' \
		train x.st --teacher-temperature 2 0.st
	refuses 2 '--teacher-share: expected a number above 0 and at most 1, found 0' \
		train x.st --teacher y.st --teacher-share 0 0.st
	for t in 0 0.001 1e9; do
		refuses 2 '--teacher-temperature: expected a number from 0.01 to 1000, found' \
			train x.st --teacher y.st --teacher-temperature $t 0.st
	done
	refuses 2 'would replace the file of --teacher' train y.st --teacher y.st 0.st
	[ ! -e x.st ]
	no_strays
}
