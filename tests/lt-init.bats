load common

@test 'a built-in network is initialized, and its text is in the checkpoint' {
	lt-init -o a.safetensors resnet20
	lt-info --net a.safetensors > a.net
	lt-init --print resnet20 | cmp - a.net
	lt-info --check a.safetensors
}

@test 'the same seed gives the same bytes, another seed others' {
	lt-init --seed 3 -o a.safetensors lenet5
	lt-init --seed 3 --threads 2 -o b.safetensors lenet5
	lt-init --seed 4 -o c.safetensors lenet5
	same a.safetensors b.safetensors
	! cmp -s a.safetensors c.safetensors
}

@test 'a net text from a file, from standard input and built in are one' {
	lt-init --print lenet5 > own.net
	lt-init -o a.safetensors lenet5
	lt-init -o b.safetensors own.net
	lt-init -o c.safetensors - < own.net
	same a.safetensors b.safetensors c.safetensors
}

@test 'a checkpoint goes through a pipe' {
	lt-init -o - lenet5 | cat > a.safetensors
	lt-init -o b.safetensors lenet5
	same a.safetensors b.safetensors
}

@test 'classes, input, width and shortcut are honoured' {
	lt-init --print --classes 100 --input 1x28x28 --width 0.5 \
		--shortcut B resnet20 > a.net
	grep -qx 'input 1 28 28' a.net
	grep -qx 'linear = linear avgpool 100 bias' a.net
	grep -qx 'conv1 = conv input 8 k3 p1' a.net
	grep -q 'layer2.0.downsample.0 = conv' a.net
}

@test 'every built-in network of the list can be initialized' {
	lt-init --list | awk -F '\t' '$1 != "--init" { print $1 }' > names
	[ "$(wc -l < names)" -ge 15 ]
	grep -v vgg names | while read -r name; do
		lt-init -o "$name.safetensors" "$name"
	done
	for init in $(lt-init --list | awk -F '\t' '$1 == "--init" { print $2 }'); do
		lt-init --init "$init" -o "$init.safetensors" resnet20
	done
}

@test 'wrong net text is refused with line and column' {
	printf 'net x\ninput 1 8 8\na = conv input 3\n' > bad.net
	refuses 65 "bad.net:3:17: 'conv' needs a size" lt-init -o x bad.net
	refuses 65 'standard input' lt-init -o x - < /dev/null
	printf 'net x\0' > nul.net
	refuses 65 'NUL' lt-init -o x nul.net
	refuses 74 'none.net' lt-init -o x none.net
	[ ! -e x ]
}

@test 'nonsense on the command line is refused' {
	refuses 2 'no built-in network' lt-init -o x resnet21
	refuses 2 'expected one network' lt-init -o x
	refuses 2 'expected CxHxW' lt-init -o x --input 3x32 resnet20
	refuses 2 'expected A or B' lt-init -o x --shortcut C resnet20
	refuses 2 'no shortcuts' lt-init -o x --shortcut B lenet5
	refuses 2 'no initialization' lt-init -o x --init zero lenet5
	refuses 2 '--width' lt-init -o x --width 0 lenet5
	refuses 2 '--width' lt-init -o x --width 1e30 lenet5
	refuses 2 '-o FILE' lt-init lenet5
	lt-init --print lenet5 > a.net
	refuses 2 'for built-in networks' lt-init -o x --classes 3 ./a.net
	[ ! -e x ]
}

@test 'a full device is reported and nothing is left' {
	refuses 74 '/dev/full' lt-init -o /dev/full lenet5
	run -74 bash -c 'lt-init --print lenet5 > /dev/full'
	run -74 bash -c 'lt-init --list > /dev/full'
	no_strays
}

@test 'the examples of the manual page run' {
	examples lt-init
}
