load common

setup() {
	lt_setup
	lt-init --seed 1 -o a.safetensors lenet-300-100
}

# fact NAME FILE
fact() {
	lt-info "$2" | awk -F '\t' -v n="$1" '$1 == n { print $2; exit }'
}

# f.safetensors, a layer of the weights 0, 3, 0 and -1.
four_weights() {
	printf 'net f\ninput 1 1 2\nf = linear input 2\noutput f\n' >f.net
	lt-init --seed 1 -o f.safetensors ./f.net
	local size
	size=$(stat -c %s f.safetensors)
	head -c $((size - 16)) f.safetensors >g.safetensors
	printf '\0\0\0\0\0\0\x40\x40\0\0\0\0\0\0\x80\xbf' >>g.safetensors
	lt-info --reseal -o f.safetensors g.safetensors
}

@test 'a checkpoint is told by network, weights and tensors' {
	[ "$(fact kind a.safetensors)" = checkpoint ]
	[ "$(fact net a.safetensors)" = lenet-300-100 ]
	[ "$(fact parameters a.safetensors)" = 266610 ]
	[ "$(fact kept a.safetensors)" = 266200 ]
	[ "$(fact multiply_adds a.safetensors)" = 266200 ]
	lt-info --tsv a.safetensors >table
	[ "$(cut -f 1 table | xargs)" = "name fc1.weight fc1.bias fc2.weight \
fc2.bias fc3.weight fc3.bias" ]
	# W_std, min and max of 235,200 normal numbers of known deviation.
	awk -F '\t' '$1 == "fc1.weight" {
		s = $7 / sqrt(2 / (784 + 300))
		exit !(s > 0.99 && s < 1.01 && $8 < -4 * $7 && $9 > 4 * $7)
	}' table
	[ "$(awk -F '\t' '$1 == "fc1.bias" { print $5, $6, $7, $8 }' table)" \
		= '0 0 0 0' ]
}

@test 'standard deviations of all weights and of the kept ones' {
	four_weights
	# Means 0.5, kept 1.
	[ "$(lt-info --tsv f.safetensors | head -n 1 | cut -f 7-)" = \
		'W_std	min	max	mean	kept_std	nonfinite' ]
	[ "$(lt-info --tsv f.safetensors | sed -n 2p | cut -f 5-)" = \
		'2	0.5	1.73205081	-1	3	0.5	2.82842712	0' ]
	# One kept weight spreads nowhere, none has no number either.
	head -c $((size - 4)) f.safetensors >g.safetensors
	printf '\0\0\0\0' >>g.safetensors
	lt-info --reseal -o f.safetensors g.safetensors
	[ "$(lt-info --tsv f.safetensors | sed -n 2p | cut -f 5,10-)" = '1	0.75	NaN	0' ]
	# Where nothing is masked, they are the same; and of a ticket those of
	# the weights that are left.
	lt-info --tsv a.safetensors | awk -F '\t' '$6 == 1 { n++; d += $7 != $11 }
		END { exit d || n != 3 }'
	synth d 40 10 1x28x28
	lt-prune -q -s 0.9 -o a.mask a.safetensors
	lt-train -q -d d.data -e 1 --milestones 1 --lr 0 -m a.mask -o t.safetensors a.safetensors
	lt-info --tsv t.safetensors | awk -F '\t' '
		$1 == "fc1.weight" { exit !($11 > 2 * $7 && $11 < 4 * $7) }'
}

@test 'a mask is told by layers, its counts are those of lt-prune' {
	lt-prune -q -s 0.9 -o a.mask a.safetensors
	[ "$(fact kind a.mask)" = mask ]
	[ "$(lt-info --tsv a.mask | awk -F '\t' '
		NR > 1 && $1 != "total" { kept += $4; all += $3 }
		$1 == "total" { print ($4 == kept), ($3 == all), kept }')" \
		= '1 1 26620' ]
	[ "$(lt-info --meta lt.kept --meta lt.total a.mask | xargs)" = \
		'26620 266200' ]
}

@test 'a network is drawn with its branches' {
	cat >own.net <<-'END'
		net own
		input 1 28 28
		a = conv input 1000 k3 s2 p1
		b = relu a
		c = conv b 1000 k5 p2 g10 bias
		d = conv b 1000 k1
		z = bn b
		e = add d c
		f = mul e b
		h = concat f f d
		unused z
		i = maxpool h k14
		fc = linear i 10 bias
		output fc
	END
	lt-info --graph own.net >drawn
	diff - drawn <<'END'
         node   operator                       shape  parameters  multiply-adds
o        input  input                        1x28x28
o        a      conv 1000 k3 s2 p1        1000x14x14       9,000      1,764,000
o        b      relu                      1000x14x14
+-o      c      conv 1000 k5 p2 g10 bias  1000x14x14   2,501,000    490,000,000
+-|-o    d      conv 1000 k1              1000x14x14   1,000,000    196,000,000
+-|-|-x  z      bn (unused)               1000x14x14       2,000
| o-+    e      add                       1000x14x14
o-' |    f      mul                       1000x14x14
o---'    h      concat                    3000x14x14
o        i      maxpool k14                 3000x1x1
o        fc     linear 10 bias                10x1x1      30,010         30,000
         total                                         3,542,010    687,794,000
END
}

# What a network costs, counted from its text alone: name, shape, multiply-adds
# a line.  What the output does not need costs nothing.
macs() {
	awk '
	$1 == "input" { c["input"] = $2; h["input"] = $3; w["input"] = $4 }
	$1 == "output" { used[$2] = 1 }
	$2 != "=" { next }
	{
		i = $4
		C = c[i]; H = h[i]; W = w[i]; n = 0
		k = s = 0; p = 0; g = 1
		for (j = 5; j <= NF; j++) {
			v = substr($j, 2)
			if ($j ~ /^k[0-9]+$/) k = v
			if ($j ~ /^s[0-9]+$/) s = v
			if ($j ~ /^p[0-9]+$/) p = v
			if ($j ~ /^g[0-9]+$/) g = v
		}
		if ($3 ~ /^(conv|maxpool|avgpool)$/) {
			s = s ? s : $3 == "conv" ? 1 : k
			H = int((H + 2 * p - k) / s) + 1
			W = int((W + 2 * p - k) / s) + 1
		}
		if ($3 == "padch") {
			C = $5
			s = s ? s : 1
			H = int((H + s - 1) / s)
			W = int((W + s - 1) / s)
		}
		if ($3 == "conv") {
			n = $5 * H * W * (C / g) * k * k
			C = $5
		}
		if ($3 == "linear") {
			n = $5 * C * H * W
			C = $5
		}
		if ($3 == "concat")
			for (j = 5; j <= NF; j++)
				C += c[$j]
		if ($3 ~ /^(linear|gap)$/)
			H = W = 1
		if ($3 == "adaptpool")
			H = W = k
		c[$1] = C; h[$1] = H; w[$1] = W
		name[++nodes] = $1
		for (j = 4; j <= NF; j++)
			reads[nodes, j] = $j
		words[nodes] = NF
		shape[nodes] = C "x" H "x" W
		macs[nodes] = n
	}
	END {
		for (i = nodes; i > 0; i--)
			for (j = 4; used[name[i]] && j <= words[i]; j++)
				used[reads[i, j]] = 1
		for (i = 1; i <= nodes; i++)
			printf "%s %s %.0f\n", name[i], shape[i],
				used[name[i]] ? macs[i] : 0
	}'
}

@test 'multiply-adds of every network are those of an independent count' {
	compare() {
		lt-init --print "$@" | tee n.net | macs >want
		lt-info --tsv n.net | awk -F '\t' 'NR > 2 { print $1, $4, $7 }' |
			diff want -
		total=$(awk '{ n += $3 } END { printf "%.0f", n }' want)
		[ "$(fact multiply_adds n.net)" = "$total" ]
		lt-info --graph n.net | awk -v n="$total" '
			/ total / { gsub(/,/, ""); exit $NF != n }'
	}
	for net in $(lt-init --list | awk -F '\t' '$1 == "network" { print $2 }'); do
		compare "$net"
	done
	for net in resnet18 resnet50 wide_resnet50_2 vgg16 vgg19_bn; do
		compare --form torchvision "$net"
	done
	compare --form torchvision --input 3x64x64 --classes 200 resnet34
	compare --shortcut B --input 3x45x51 --width 1.5 resnet20
}

@test 'data, lists, events, tables, nets and pictures are told' {
	synth d 12
	[ "$(fact kind d.data)" = data ]
	[ "$(fact samples d.data)" = 12 ]
	[ "$(lt-info --tsv d.data | tail -n 1)" = "3	3	3" ]
	idx 4 17 >i.idx
	[ "$(lt-info i.idx | xargs)" = 'kind index list count 2 min 4 max 17' ]
	: >empty.idx
	[ "$(lt-info empty.idx | xargs)" = 'kind index list count 0' ]
	events '1 0 1' '1 7 0' '2 0 0' '4 0 1' | gzip >e.gz
	[ "$(lt-info e.gz | tail -n +2 | xargs)" = "rows 4 samples 2 \
never_learned 1 first_epoch 1 last_epoch 4" ]
	printf 'epoch\tloss\n1\t2\n2\t1\n' >log.tsv
	[ "$(lt-info log.tsv | xargs)" = 'kind table rows 2' ]
	lt-info --net a.safetensors >a.net
	[ "$(fact kind a.net)" = 'net text' ]
	lt-info --graph a.safetensors >drawn
	lt-info a.net | sed '1,/^$/d' | cmp - drawn
	[ "$(fact parameters a.net)" = 266610 ]
	lt-data sheet -o s.png d.data
	[ "$(lt-info s.png | xargs)" = 'kind PNG image shape 1x19x91' ]
}

@test 'several files, pipes and compressed files are read' {
	idx 4 17 >i.idx
	[ "$(lt-info i.idx a.safetensors | grep ^file | xargs)" = \
		'file i.idx file a.safetensors' ]
	lt-info a.safetensors >want
	lt-info - <a.safetensors | cmp - want
	cat a.safetensors | lt-info - | cmp - want
	gzip -c a.safetensors >a.gz
	lt-info a.gz | cmp - want
	lt-info <(cat a.gz) | cmp - want
	lt-info --net a.safetensors | lt-info - | grep -q 'net	lenet'
	lt-info -o out a.safetensors
	same out want
	# A header of 1 MiB that ends with its second byte as a string of C.
	{
		printf '\x00\x00\x10\x00\x00\x00\x00\x00{"'
		head -c 1048574 /dev/zero
	} >nul.st
	refuses 65 'header is not JSON' lt-info nul.st
	refuses 65 'header is not JSON' lt-info <(cat nul.st)
}

@test '--check says no to any damage' {
	synth d 20
	idx 4 17 >i.idx
	run -0 lt-info --check a.safetensors d.data i.idx
	[ "$output" = "a.safetensors: ok
d.data: ok
i.idx: ok" ]
	for f in a.safetensors d.data; do
		size=$(stat -c %s $f)
		for at in 3 20 200 $((size / 2)) $((size - 1)); do
			cp $f bad
			byte=$(od -An -tu1 -j $at -N 1 $f)
			printf "\\x$(printf %02x $((byte ^ 16)))" |
				dd of=bad bs=1 seek=$at conv=notrunc status=none
			refuses 1 'bad' lt-info --check bad
		done
		head -c -1 $f >bad
		refuses 1 'truncated' lt-info --check bad
		{ cat $f; echo; } >bad
		refuses 1 'too long' lt-info --check bad
	done
	run -1 --separate-stderr lt-info --check bad i.idx
	[ "$output" = 'i.idx: ok' ]
	refuses 74 'nothing' lt-info --check nothing
}

@test 'images of a data set are read by --check alone' {
	synth d 20
	size=$(stat -c %s d.data)
	printf 'x' | dd of=d.data bs=1 seek=$((size - 9)) conv=notrunc \
		status=none
	lt-info d.data >/dev/null
	refuses 1 'lt.crc32' lt-info --check d.data
}

@test 'strange files are refused in a line' {
	head -c 100 /dev/zero >zero
	refuses 65 'unknown kind of file' lt-info zero
	printf 'hello\n' >hello
	refuses 65 'unknown kind of file' lt-info hello
	printf 'PK\003\004data' >zip
	refuses 65 'found a zip archive, as torch.save' lt-info zip
	printf '\xef\xbb\xbf7\n' >mark
	refuses 65 'found a byte order mark' lt-info mark
	printf '7\r\n' >windows
	refuses 65 'windows:1: a carriage return' lt-info windows
	printf 'a\tb\r\n1\t2\r\n' >windows
	refuses 65 'windows:1: a carriage return' lt-info windows
	printf 'epoch\tindex\tcorrect\r\n1\t0\t1\r\n' >windows
	refuses 65 'windows:1: a carriage return' lt-info windows
	printf '7\n7\n' >twice
	refuses 65 'index 7 occurs twice' lt-info twice
	printf '\xff\xff\xff\xff\xff\xff\xff\xff{}' >long
	refuses 65 'long' lt-info long
	{ printf '\x00\x00\x10\x00\x00\x00\x00\x00{'
		head -c 1048575 /dev/zero | tr '\0' '['; } >deep
	refuses 65 'nested deeper than 4' lt-info deep
	{ printf '\x01\x00\x10\x00\x00\x00\x00\x00{}'
		head -c 1048575 /dev/zero | tr '\0' ' '; } >over
	refuses 65 'over' lt-info over
	refuses 74 'directory' lt-info .
	refuses 74 'nothing' lt-info nothing
}

# header OPEN ENTRY CLOSE: a file that is all header, of 1 MiB, of as many
# entries as fit; % is the entry's number.
header() {
	printf '\x00\x00\x10\x00\x00\x00\x00\x00'
	awk -v head="$1" -v entry="$2" -v tail="$3" 'BEGIN {
		printf "%s", head
		n = length(head) + length(tail)
		at = index(entry, "%")
		a = substr(entry, 1, at - 1)
		b = substr(entry, at + 1)
		for (i = 0; n + length(entry) + 8 < 1048576; i++) {
			e = (i ? "," : "") a i b
			printf "%s", e
			n += length(e)
		}
		printf "%s%*s", tail, 1048576 - n, ""
	}'
}

@test 'a hostile header takes little memory' {
	header '{"__metadata__":{' '"%":""' '}}' >strings
	header '{' '"%":{"dtype":"U8","shape":[0,0,0,0,0,0,0,0],"data_offsets":[0,0]}' \
		'}' >tensors
	header '{' '"%":{}' '}' >objects
	header '{"a":{"shape":[' '%' ']}}' >numbers
	need_no_sanitizer
	[ -x /usr/bin/time ] || skip 'time is not installed'
	for f in strings tensors objects numbers; do
		[ "$(stat -c %s $f)" = 1048584 ]
		/usr/bin/time -q -o used -f %M lt-info --check $f || true
		echo "$f: $(cat used) KiB"
		[ "$(cat used)" -lt 40960 ]
	done
}

@test 'a layer becomes a picture' {
	lt-prune -q -s 0.9 -o a.mask a.safetensors
	lt-info --picture p.pbm --layer fc3 a.mask
	[ "$(head -n 2 p.pbm | xargs)" = 'P4 100 10' ]
	# As many black pixels as kept weights.
	kept=$(lt-info --tsv a.mask | awk '$1 == "fc3.weight" { print $4 }')
	black=$(tail -n +3 p.pbm | od -An -v -tu1 | awk '
		{ for (i = 1; i <= NF; i++)
			for (v = $i; v; v = int(v / 2)) n += v % 2 }
		END { print n }')
	[ "$kept" = "$black" ]
	lt-info --picture p.png --layer fc3.weight a.mask
	[ "$(lt-info p.png | tail -n 1)" = "shape	1x10x100" ]
	lt-info --picture q.png --layer fc3 a.safetensors
	refuses 65 "no layer 'fc9'" lt-info --picture x.png --layer fc9 a.mask
	refuses 2 '.png or .pbm' lt-info --picture x.gif --layer fc3 a.mask
	refuses 2 'together' lt-info --picture x.png a.mask
	[ ! -e x.png ]
}

@test 'a file that another program rewrote is sealed anew' {
	lt-prune -q -s 0.9 -o a.mask a.safetensors
	size=$(stat -c %s a.mask)
	# The last weight changes its state.
	last=$(od -An -tu1 -j $((size - 1)) -N 1 a.mask)
	cp a.mask b.mask
	printf "\\x0$((1 - last))" |
		dd of=b.mask bs=1 seek=$((size - 1)) conv=notrunc status=none
	refuses 65 'damaged, or rewritten by another program' lt-info b.mask
	lt-info --reseal -o c.mask b.mask
	lt-info --check c.mask
	[ "$(lt-info --meta lt.kept c.mask)" = $((26620 + 1 - 2 * last)) ]
	# What is whole stays as it is, in place too.
	lt-info --reseal -o d.mask a.mask
	same a.mask d.mask
	lt-info --reseal -o b.mask b.mask
	same b.mask c.mask
	printf '\x02\x00\x00\x00\x00\x00\x00\x00{}' >foreign
	refuses 65 'no lt.kind' lt-info --reseal -o x foreign
	[ ! -e x ]
}

@test 'metadata are printed alone' {
	[ "$(lt-info --meta lt.epoch --meta format a.safetensors | xargs)" = \
		'0 pt' ]
	refuses 65 "no metadata 'lt.kept'" lt-info --meta lt.kept a.safetensors
	lt-prune -q -s 0.9 -o a.mask a.safetensors
	refuses 65 'contains no network' lt-info --net a.mask
	lt-info --net a.safetensors | grep -qx 'net lenet-300-100'
}

@test 'a nonsensical command line is refused' {
	refuses 2 'expected a file' lt-info
	refuses 2 'exclude each other' lt-info --check --tsv a.safetensors
	refuses 2 'exclude each other' lt-info --graph --net a.safetensors
	refuses 2 'expected one file' lt-info --tsv a.safetensors a.safetensors
	refuses 2 'needs --output' lt-info --reseal a.safetensors
	refuses 2 '(-) must be the first' lt-info a.safetensors -
}

@test '--diff: metadata, history, network and values' {
	local v size
	four_weights # 0, 3, 0 and -1
	run -0 lt-info --diff f.safetensors f.safetensors
	[ "$output" = 'part	name	a	b	differing	largest' ]
	# 0, 3.5, 2 and -1; 0, 3, -0 and an infinity.
	size=$(stat -c %s f.safetensors)
	for v in 'h \0\0\0\0\0\0\x60\x40\0\0\0\x40\0\0\x80\xbf' \
		'i \0\0\0\0\0\0\x40\x40\0\0\0\x80\0\0\x80\x7f'; do
		{ head -c $((size - 16)) f.safetensors; printf "${v#? }"; } >x
		lt-info --reseal -o "${v%% *}.st" x
	done
	run -1 lt-info --diff f.safetensors h.st
	[ "${lines[*]:1}" = 'tensor	f.weight	2	3	2	2' ]
	run -1 lt-info --diff f.safetensors i.st
	[ "${lines[*]:1}" = 'tensor	f.weight	2	2	2	inf' ]
	sed 's/net f/net g/; s/linear input 2/linear input 3/' f.net >g.net
	lt-init --seed 2 -o g.st ./g.net
	run -1 lt-info --diff f.safetensors g.st
	[ "$output" = "part	name	a	b	differing	largest
metadata	lt.seed	1	2	NaN	NaN
history	1 lt-init net	f	g	NaN	NaN
history	1 lt-init seed	1	2	NaN	NaN
network	lt.net	net f	NaN	NaN	NaN
network	lt.net	f = linear input 2	NaN	NaN	NaN
network	lt.net	NaN	net g	NaN	NaN
network	lt.net	NaN	f = linear input 3	NaN	NaN
tensor	f.weight	F32 2x2	F32 3x2	NaN	NaN" ]
	# Masks of 2 and of 3 of the 4 weights, nested.
	lt-prune -s 0.5 -o a.mask f.safetensors
	lt-prune -s 0.25 -o b.mask f.safetensors
	run -1 lt-info --diff a.mask b.mask
	[ "${lines[*]: -1}" = 'mask	f.weight_mask	2	3	1	1' ]
	[ "${lines[1]}" = 'metadata	lt.kept	2	3	NaN	NaN' ]
	refuses 2 'two files, found 1' lt-info --diff a.mask
	refuses 2 'exclude each other' lt-info --diff --tsv a.mask b.mask
	lt-data synth -q -o s.data --count 20 --classes 2 --shape 1x2x2
	refuses 65 's.data: has kind data' lt-info --diff a.mask s.data
}

@test '--diff: the settings of two states' {
	lt-data synth -q -o s.data --count 20 --classes 10 --shape 1x28x28
	lt-train -q -d s.data -e 1 --milestones 9 --save-state a.st -o x a.safetensors
	lt-train -q -d s.data -e 1 --milestones 9 --lr 0.25 --save-state b.st -o y \
		a.safetensors
	run -1 lt-info --diff a.st b.st
	[ "$(grep '^setting' <<<"$output")" = 'setting	lr	0.10000000000000001	0.25	NaN	NaN' ]
	[ "$(grep '^history' <<<"$output")" = 'history	2 lt-train lr	0.1	0.25	NaN	NaN' ]
	[ "$(grep -c '^network' <<<"$output")" = 0 ]
	# A state and its checkpoint have the same weights.
	run -1 lt-info --diff a.st x
	[ "$(grep -c '^tensor	fc' <<<"$output")" = 0 ]
}

# remade FILE OTHER...: in the folder again, remake FILE of ., and compare OTHERs.
remade() {
	mkdir -p again
	lt-info --remake "$@" >again/run.sh
	cp -- *.data *.idx again
	(cd again && sh -e run.sh) 2>/dev/null
}

@test '--history: what made a file, and --remake makes it again' {
	local want f
	lt-data synth -q -o s.data --count 40 --classes 10 --shape 1x28x28
	printf '%07d\n' {0..29} >d0.idx
	lt-prune -q --nm 2:4 -o 1.mask a.safetensors
	lt-train -q -d s.data -i d0.idx -e 2 --milestones 1 --lr 0.05 --nesterov -b 8 \
		-m 1.mask -o "it's b.st" --save-state s.st --save-epochs 1 \
		--save-prefix e a.safetensors
	lt-prune -q -s 0.8 -m 1.mask --method snip -d s.data --samples-per-class 2 \
		--seed 4 -o 2.mask "it's b.st"
	lt-info --history 2.mask a.safetensors *.mask *.st s.data d0.idx >tree
	# The command of each line is in its file's history.
	want="2.mask
  lt-prune
    checkpoint it's b.st
      lt-train
        data s.data
          lt-data
        index d0.idx
        input a.safetensors
          lt-init
        mask 1.mask
          lt-prune
            checkpoint a.safetensors (above)
    data s.data (above)
    mask 1.mask (above)"
	[ "$(sed -E 's/^( *lt-[a-z]+) version=.*/\1/' tree)" = "$want" ]
	grep -q 'nm=2:4' tree
	remade 2.mask a.safetensors *.mask *.st s.data d0.idx
	for f in 2.mask 1.mask "it's b.st" a.safetensors; do
		cmp "$f" "again/$f"
	done
	# A state, and weights within the schedule.
	for f in s.st e1.safetensors; do
		remade $f a.safetensors 1.mask s.data d0.idx
		cmp $f again/$f
	done
	# Alone, a file knows its inputs by their checksums.
	lt-info --history "it's b.st" >tree
	[ "$(grep -c 'none of the files' tree)" = 4 ]
	grep -q '^    input [0-9a-f]\{8\}, none of the files$' tree
	grep -q '^      lt-init version=.* seed=1$' tree
	lt-info --remake s.data | grep -q '^# s.data: lt-data '
	refuses 65 'd0.idx: is index list, which has no history' \
		lt-info --history d0.idx 2.mask
	refuses 2 'exclude each other' lt-info --history --remake 2.mask
	refuses 74 none lt-info --history 2.mask none
}

@test '--remake: no text of a file is a command of the shell' {
	command -v python3 >/dev/null || skip 'python3 is not installed'
	python3 - a.safetensors <<-'END'
	import json, sys
	b = open(sys.argv[1], "rb").read()
	n = int.from_bytes(b[:8], "little")
	h = json.loads(b[8:8 + n])
	m = h["__metadata__"]
	history = json.loads(m["lt.history"])
	history[0]["seed"] = "1'; touch x; '$(touch x)"
	history[0]["a; touch x; "] = "`touch x`"
	m["lt.history"] = json.dumps(history)
	def write(name):
	    t = json.dumps(h).encode()
	    t += b" " * (-(8 + len(t)) % 64)
	    open(name, "wb").write(len(t).to_bytes(8, "little") + t + b[8 + n:])
	write("b")
	m["lt.net"] += "END\ntouch x\n"
	write("c")
	END
	for f in b c; do
		lt-info --reseal -o $f.st $f
		lt-info --remake $f.st >$f.sh
		sh $f.sh || true
	done
	grep -q '^lt-init' b.sh
	run -1 grep -q '^touch' c.sh
	[ ! -e x ]
}

@test '--nm: masks of other programs, and what is no pattern' {
	lt-prune -q -s 0.5 -o a.mask a.safetensors
	run -1 lt-info --nm 2:4 a.mask
	# A row of 8, and the same as a vector.
	{
		printf '{"w":{"dtype":"BOOL","shape":[1,8],"data_offsets":[0,8]}}' >h
		printf "\\x$(printf %02x "$(wc -c <h)")\0\0\0\0\0\0\0"
		cat h
		printf '\1\1\1\0\0\0\0\1'
	} >m
	run -1 lt-info --nm 2:4 m
	[ "${lines[1]}" = 'w	1x8	2	1	1	3' ]
	lt-info --nm 3:4 m | grep -q '^w	1x8	2	0	1	3$'
	sed 's/1,8/  8/' m >v
	refuses 65 "v: 'w' has 1 dimensions" lt-info --nm 2:4 v
	refuses 2 'expected N:M' lt-info --nm 4 m
	refuses 2 'exclude each other' lt-info --nm 2:4 --tsv m
	refuses 65 'expected kind mask' lt-info --nm 2:4 a.safetensors
}

@test 'a full disk is reported' {
	refuses 74 'No space left' lt-info -o /dev/full a.safetensors
	run -74 --separate-stderr bash -c 'lt-info a.safetensors >/dev/full'
	[ "${#stderr_lines[@]}" = 1 ]
	ln -s /dev/full full.png
	refuses 74 'No space left' lt-info --picture full.png --layer fc1 \
		a.safetensors
}

@test 'a checkpoint of 25 million parameters takes no time' {
	printf '%s\n' 'net big' 'input 1 28 28' 'a = linear input 10000 bias' \
		'b = relu a' 'c = linear b 1715 bias' 'd = relu c' \
		'e = linear d 10 bias' 'output e' >big.net
	lt-init -o big.safetensors ./big.net
	[ "$(fact parameters big.safetensors)" -gt 25000000 ]
	need_no_sanitizer
	command -v /usr/bin/time >/dev/null || skip 'time is not installed'
	/usr/bin/time -o used -f '%U %S %M' lt-info --check big.safetensors
	read -r user system peak <used
	[ "$peak" -lt 400000 ]
	awk -v s="$user" -v t="$system" 'BEGIN { exit !(s + t < 2) }'
}

@test 'the examples of the manual page run' {
	examples lt-info
}

@test 'the examples in the pages of formats run' {
	local page
	for page in lt-mask.5 lt-index.5 lt-events.5 lt-data.5; do
		mkdir "$page" && cd "$page"
		examples "$page"
		cd ..
	done
}

# No output or message holds a control character beside tabs and line ends, a
# byte that is not UTF-8 or, as the pattern's last part, the name that came in.
harmless() {
	run "$@"
	[ "$output" ]
	! LC_ALL=C grep -qP '[\x00-\x08\x0b-\x1f\x7f\x9b\xff]' <<< "$output"
}

@test 'no program prints control characters from files or their names' {
	need python3
	local e=$'\e]0;owned\a\x9b\xff'
	mkdir "set" "set/$e" set/b
	python3 - "set/$e" set/b <<-'END'
	import sys, zlib, struct
	def chunk(t, d):
	    return (struct.pack(">I", len(d)) + t + d +
	        struct.pack(">I", zlib.crc32(t + d)))
	for k, d in enumerate(sys.argv[1:]):
	    open(d + "/1.png", "wb").write(b"\x89PNG\r\n\x1a\n" +
	        chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 0, 0, 0, 0)) +
	        chunk(b"IDAT", zlib.compress(bytes([0] + [k] * 8) * 8)) +
	        chunk(b"IEND", b""))
	END
	lt-data pack -q -o "$e.data" set
	printf 'net t\ninput 1 8 8\nfc = linear input 2\noutput fc\n' > n.net
	lt-init -o "$e.st" n.net
	lt-prune -r 0.5 -o "$e.mask" "$e.st"
	idx 0 1 > "$e.idx"
	printf 'network\tseed\n%s\t1\n' "$e" > "$e.tsv"
	printf '%s\n' "$e" > "$e.net"
	for f in data st mask idx tsv net; do
		harmless lt-info "$e.$f" "$e.$f"
		harmless lt-info --check "$e.$f"
		harmless lt-score networks "$e.$f"
	done
	harmless lt-eval -d "$e.data" --per-class "$e.st"
	harmless lt-hamming --matrix "$e.mask" "$e.mask"
	harmless lt-subset count --data "$e.data" "$e.idx"
	harmless lt-trajectory --arcs 2 --points 3 --plane random "$e.st"
	harmless lt-train -d "$e.data" -e 1 --milestones '' --profile - \
		-o "o$e" "$e.st"
	harmless lt-train -d "$e.data" -o "none/$e" "$e.st"
	# Metadata that another program wrote.
	python3 - <<-'END'
	import json, struct
	h = json.dumps({"__metadata__": {"k\u009b\t": "\u001b[2J\u0085\n"},
	    "w\u001b[2J": {"dtype": "F32", "shape": [1],
	    "data_offsets": [0, 4]}}).encode()
	open("f.st", "wb").write(struct.pack("<Q", len(h)) + h + bytes(4))
	END
	harmless lt-info f.st
	harmless lt-info --meta $'k\xc2\x9b\t' f.st
	[ "$output" = '?[2J??' ]
}

# schema FILE...: the names and the types of what --json prints, on one line.
schema() {
	lt-info --json "$@" | python3 -c '
import json, sys
def kind(v):
    if isinstance(v, dict):
        return "{" + " ".join(k + ":" + kind(x) for k, x in v.items()) + "}"
    if isinstance(v, list):
        return "[" + (kind(v[0]) if v else "") + "]"
    return {str: "text", int: "int", float: "real", type(None): "null"}[type(v)]
for line in sys.stdin:
    print(kind(json.loads(line)))'
}

@test '--json: the names and types of each kind of file' {
	need python3
	local net='net:text input:[int] classes:int parameters:int weights:int multiply_adds:int'
	local history='{tool:text version:text net:text init:text seed:text}'
	lt-prune -q -s 0.9 -o a.mask a.safetensors
	[ "$(schema a.safetensors)" = "{file:text kind:text $net kept:int density:real \
metadata:{lt.epoch:text lt.iteration:text lt.seed:text} history:[$history] \
table:[{name:text dtype:text shape:[int] count:int kept:int density:real W_std:real \
min:real max:real mean:real kept_std:real nonfinite:int}]}" ]
	schema a.mask | grep -qx '{file:text kind:text metadata:{.*} history:\[{.*}\] '\
'table:\[{name:text shape:\[int\] count:int kept:int density:real}\]}'
	synth d 20 4
	schema d.data | grep -qx '{file:text kind:text samples:int shape:\[int\] classes:int '\
'metadata:{.*} history:\[{.*}\] table:\[{class:int name:text count:int}\]}'
	lt-info --net a.safetensors >a.net
	[ "$(schema a.net)" = "{file:text kind:text $net table:[{node:text operator:text \
inputs:null shape:[int] parameters:int weights:int multiply_adds:int}]}" ]
	idx 3 5 >l.idx
	events '1 0 1' '2 0 0' >e.tsv
	png p.png 1x2x3
	[ "$(schema l.idx e.tsv p.png)" = "\
{file:text kind:text count:int min:int max:int}
{file:text kind:text rows:int samples:int never_learned:int first_epoch:int last_epoch:int}
{file:text kind:text shape:[int]}" ]
}

@test '--json: values are exact, NaN is null, and text of any encoding is harmless' {
	need python3
	four_weights
	# Then one kept weight, which has no deviation.
	lt-info --json f.safetensors | python3 -c '
import json, math, sys
o = json.load(sys.stdin)
(t,) = o["table"]
assert o["input"] == [1, 1, 2] and o["kept"] == 2 and o["density"] == 0.5, o
assert o["metadata"]["lt.seed"] == "1" and o["history"][0]["tool"] == "lt-init", o
assert t["shape"] == [2, 2] and t["kept"] == 2 and t["mean"] == 0.5, t
assert abs(t["W_std"] - math.sqrt(3)) < 1e-15, t
assert abs(t["kept_std"] - math.sqrt(8)) < 1e-15, t
assert (t["min"], t["max"], t["nonfinite"]) == (-1, 3, 0), t'
	head -c $((size - 4)) f.safetensors >g.safetensors
	printf '\0\0\0\0' >>g.safetensors
	lt-info --reseal -o f.safetensors g.safetensors
	lt-info --json f.safetensors | grep -q '"kept_std":null,'
	# A mask in which 1/10 is kept: nine digits would lose it.
	lt-prune -q -s 0.9 -o a.mask a.safetensors
	lt-info --json a.mask | grep -q '"name":"total","shape":null,.*"density":0.10000000000000001}'
	idx 1 >$'a\xff\e[2J.idx'
	[ "$(lt-info --json $'a\xff\e[2J.idx')" = \
		'{"file":"a?\u001B[2J.idx","kind":"index list","count":1,"min":1,"max":1}' ]
	# Of several files each has a line; a damaged one ends it with nothing written.
	[ "$(lt-info --json a.mask f.net | wc -l)" = 2 ]
	idx 9 | lt-info --json - | grep -qx '{"file":"-",.*'
	head -c 3000 a.safetensors >cut
	run -65 --separate-stderr lt-info --json f.net cut
	[ -z "$output" ]
	refuses 2 'exclude each other' lt-info --json --tsv a.mask
}

@test '--cpu: the kernels used, and what each lacks' {
	LT_KERN=ref lt-info --cpu >ref.txt
	[ "$(head -n 3 ref.txt)" = $'kernels\tref\n\nname\truns\tlacks' ]
	[ "$(tail -n +4 ref.txt | cut -f 1 | xargs)" = 'amx v4 v3 neon ref tiles' ]
	# Plain C lacks nothing; without LT_KERN the first that runs is used.
	grep -qx $'ref\t1\tNaN' ref.txt
	grep -qx $'tiles\t1\tNaN' ref.txt
	[ "$(lt-info --cpu | awk -F '\t' 'NR == 1 { used = $2 }
		NR > 3 && $2 && !n++ { print $1 == used }')" = 1 ]
	# What does not run says why, here and where it is asked for.
	while IFS=$'\t' read -r name runs lacks; do
		[ "$runs" = 1 ] && continue
		[ "$lacks" != NaN ]
		LT_KERN=$name refuses 2 "$lacks" lt-info --cpu
	done < <(tail -n +4 ref.txt)
	LT_KERN=ref lt-info --cpu --json | grep -q '^{"kernels":"ref","table":\[{"name":"amx","runs":'
	LT_KERN=v9 refuses 2 'unknown kernel' lt-info --cpu
	refuses 2 'no file' lt-info --cpu a.safetensors
	refuses 2 'exclude' lt-info --cpu --tsv
}
