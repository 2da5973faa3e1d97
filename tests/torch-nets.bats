# The other built-in networks against PyTorch: evaluation and gradients, by
# tests/torch.  What is random in training is switched off.

load common

setup() {
	need_torch
	lt_setup
}

# computes GRADS SMALL NET [OPTION...]
computes() {
	local grads=$1 small=$2 net=$3
	shift 3
	lt-init -p "$@" "$net" |
		sed -E 's/ = (dropout|dropconnect) (\S+) \S+/ = \1 \2 0/' \
			>$net.net
	lt-init -o a.safetensors --seed 1 ./$net.net
	synth d $((grads * small)) 10 \
		"$(lt-info a.safetensors | awk '$1 == "input" { print $2 }')"
	"$PYTHON" "$ROOT/tests/torch/agree.py" "$BUILD/torch/dump" \
		a.safetensors d.data $grads $small 0 $small
}

@test 'mobilenetv1 computes what PyTorch computes' {
	long_test
	computes 3 4 mobilenetv1
}

@test 'efficientnet_b0 computes what PyTorch computes' {
	long_test
	computes 3 4 efficientnet_b0
}

@test 'pnasnet_a computes what PyTorch computes' {
	computes 7 2 pnasnet_a
}

@test 'pnasnet_b computes what PyTorch computes' {
	long_test
	computes 1 4 pnasnet_b
}

@test 'resnet50 computes what PyTorch computes' {
	long_test
	computes 1 2 resnet50
}

@test 'resnet18 with a stem of 7x7 computes what PyTorch computes' {
	long_test
	computes 3 2 resnet18 --form torchvision --input 3x64x64 --classes 10
}

@test 'vgg11 with the head of torchvision computes what PyTorch computes' {
	computes 3 4 vgg11 --form torchvision --input 3x32x32 --classes 10 \
		--width 0.05
}
