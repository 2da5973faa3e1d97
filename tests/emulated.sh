#!/bin/bash
# Test the kernels on a processor that this machine lacks: a small Linux in Bochs, an
# emulator of whole machines.  It runs unit programs there, and trainings whose bytes
# must be those that this machine gives.  "make emulated" runs it.
#
#	tests/emulated.sh [UNIT_PROGRAM...]
#
#	BOCHS=PROGRAM  the emulator, made as tests/README.md says
#	CPU=MODEL      the processor: sapphire_rapids (AVX-512 and AMX, the default),
#	               corei7_icelake_u (AVX-512); bochs --help cpu lists others
#	GUI=NAME       the display of that Bochs; nobody looks at it
#	LIMIT=SECONDS  when to stop
#
# It is skipped with status 77 where something is not installed.
set -eu -o pipefail
cd "$(dirname "$0")/.."
BUILD=$(cd "${BUILD:-build}" && pwd)
export LC_ALL=C PATH="$BUILD:$PATH"
CPU=${CPU:-sapphire_rapids} BOCHS=${BOCHS:-bochs} GUI=${GUI:-nogui} LIMIT=${LIMIT:-7200}
here=$BUILD/emulated-$CPU root=$BUILD/emulated-$CPU/root iso=$BUILD/emulated-$CPU/iso

skip() {
	echo "skipped: tests in an emulator: $1"
	exit 77
}
for p in "$BOCHS" busybox cpio xorriso; do
	command -v "$p" >/dev/null || skip "$p is not installed"
done
# file PACKAGE PATH...: the last of these files that is there.
file() {
	local package=$1 f found=
	shift
	for f in "$@"; do
		[ ! -r "$f" ] || found=$f
	done
	[ "$found" ] || skip "$package is not installed"
	echo "$found"
}
kernel=$(file 'a kernel of Linux' /boot/vmlinuz-*)
loader=$(file isolinux /usr/lib/ISOLINUX/isolinux.bin)
module=$(file syslinux-common /usr/lib/syslinux/modules/bios/ldlinux.c32)
bios=$(file bochsbios /usr/share/bochs/BIOS-bochs-latest)
vga=$(file vgabios /usr/share/vgabios/vgabios.bin)

# --- What the machine holds: programs, the libraries that they want, a network.
rm -rf "$here"
mkdir -p "$root"/{bin,lib,lib64,unit,data} "$iso/isolinux"
[ $# != 0 ] || set -- tile_product_test bf16_test tile_test gate_test pool_test wino_test \
	drop_test exact_test kern_test
cp "$(command -v busybox)" "$BUILD"/{lt-info,lt-train} "$root/bin/"
for p in "$@"; do
	[ -x "$BUILD/unit/$p" ] || {
		echo "$0: $p: expected a program of $BUILD/unit, found none" >&2
		exit 2
	}
	cp "$BUILD/unit/$p" "$root/unit/"
done
strip "$root"/bin/lt-* "$root"/unit/*
ldd "$root"/bin/lt-* "$root"/unit/* | awk '$2 == "=>" { print $3 }' | sort -u |
	xargs cp -L -t "$root/lib"
cp -L /lib64/ld-linux-x86-64.so.2 "$root/lib64/"

# The network and the trainings of same-bytes.bats.
bats_require_minimum_version() { :; }
. tests/common.bash
everything_options
options="${args[*]} --no-history"
modes='store-f32 store-f16 compute-bf16'
lacking=$(lt-info --cpu | awk '$2 == "0" { print $1 }' | xargs)
(
	cd "$root/data"
	everything
	for mode in $modes; do
		how="--${mode%-*} ${mode#*-}"
		# shellcheck disable=SC2086
		lt-train $options $how -m m.mask -o "sparse-$mode" 0.st
		# shellcheck disable=SC2086
		lt-train $options $how -o "dense-$mode" 0.st
	done
)

# shellcheck disable=SC2016
{
	cat <<-END
	#!/bin/busybox sh
	options="$options"
	modes="$modes"
	lacking="$lacking"
	units="$*"
	END
	cat <<-'END'
	b=/bin/busybox n=0
	$b mount -t proc proc /proc
	export PATH=/bin LD_LIBRARY_PATH=/lib LC_ALL=C TMPDIR=/data LT_QUICK=1
	export OMP_WAIT_POLICY=passive
	cd /data
	lt-info --cpu | $b sed 's/^/# /'
	# train KIND MODE [OPTION...]: one test: the bytes are those of the host.
	train() {
		kind=$1 mode=$2
		shift 2
		mask=
		[ $kind = dense ] || mask='-m m.mask'
		n=$((n + 1))
		$b rm -f out
		if lt-train $options --${mode%-*} ${mode#*-} $mask "$@" -o out 0.st &&
			$b cmp out $kind-$mode; then
			echo "ok $n - $LT_KERN trains $kind, $mode $*: the bytes of the host"
		else
			echo "not ok $n - $LT_KERN trains $kind, $mode $*"
		fi
	}
	lt-info --cpu >tables
	for LT_KERN in $lacking; do
		$b grep -q "^$LT_KERN	1" tables || continue
		export LT_KERN
		for mode in $modes; do
			for threads in 1 3; do
				train dense $mode --threads $threads
				for path in dense sparse; do
					train sparse $mode --threads $threads \
						--kern-path $path
				done
			done
		done
	done
	unset LT_KERN
	[ $n != 0 ] ||
		echo "not ok 1 - it runs one of $lacking, which the host lacks"
	for u in $units; do
		echo "# $u"
		/unit/$u || echo "# $u ended with status $?"
	done
	echo '# the end'
	$b sleep 999
	END
} >"$root/init"
chmod +x "$root/init"
mkdir "$root"/{proc,dev}

# --- The machine.  Bochs says that copies of a few bytes are fast, and that copies of
# many are not, which the kernel takes for impossible (fsrm).  Its management mode does
# not know tables of five levels (no5lvl, acpi=off).
(cd "$root" && find . | cpio --quiet -o -H newc) | gzip -1 >"$iso/initrd.gz"
cp "$kernel" "$iso/vmlinuz"
cp "$loader" "$module" "$iso/isolinux/"
cat >"$iso/isolinux/isolinux.cfg" <<-END
	DEFAULT lt
	LABEL lt
	 KERNEL /vmlinuz
	 APPEND initrd=/initrd.gz console=ttyS0 quiet loglevel=1 panic=1 lpj=1000000 nosmp clocksource=tsc tsc=reliable mitigations=off random.trust_cpu=1 no5lvl acpi=off clearcpuid=fsrm
END
xorriso -as mkisofs -quiet -o "$here/boot.iso" -b isolinux/isolinux.bin \
	-c isolinux/boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table "$iso" 2>/dev/null
cat >"$here/bochsrc" <<-END
	cpu: model=$CPU, count=1, ips=50000000, reset_on_triple_fault=0
	memory: guest=1024, host=1024
	romimage: file=$bios
	vgaromimage: file=$vga
	boot: cdrom
	ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
	ata0-master: type=cdrom, path="$here/boot.iso", status=inserted
	com1: enabled=1, mode=file, dev="$here/serial"
	clock: sync=none, time0=utc
	display_library: $GUI
	log: $here/bochs.log
	panic: action=fatal
	error: action=report
	info: action=ignore
END
# A Bochs with a debugger waits for "c"; others do not read it.
: >"$here/serial"
timeout "$LIMIT" "$BOCHS" -q -f "$here/bochsrc" <<<c >"$here/screen" 2>&1 &
emulator=$!
trap 'kill "$emulator" 2>/dev/null || true' EXIT

# What it prints, as it comes.
tail -f -n +1 --pid=$emulator "$here/serial" | while IFS= read -r line; do
	line=${line%$'\r'}
	echo "$line"
	case $line in
	'# the end') kill "$emulator" ;;
	*'Kernel panic'*) kill "$emulator" ;;
	esac
done | tee "$here/log" || true

if ! grep -q '^# the end' "$here/log"; then
	echo "not ok 1 - the machine stopped before its end; see $here" | tee -a "$here/log"
fi
passed=$(grep -E '^ok ' "$here/log" | grep -vc '# skip' || true)
failed=$(grep -cE '^not ok |ended with status' "$here/log" || true)
echo "$passed passed, $failed failed"
[ "$failed" = 0 ] && [ "$passed" -gt 0 ]
