#!/bin/bash
# Install the package of "make deb" in a fresh Debian 12 and find a ticket there: by
# itself, and as jobs of a Slurm cluster on the same machine.  The results must have
# the bytes that this build makes here.  "make debian" runs it.
#
# It needs root, debootstrap and a mirror; it is skipped with status 77 without them.
# $BUILD/debian/base, a Debian without lt, is kept for later runs.
set -eu -o pipefail
cd "$(dirname "$0")/.."
BUILD=$(cd "${BUILD:-build}" && pwd)
here=$BUILD/debian root=$BUILD/debian/root
export LC_ALL=C
unset MAKEFLAGS MFLAGS MAKELEVEL MAKEOVERRIDES

skip() {
	echo "skipped: Debian 12 in a folder: $1"
	exit 77
}
[ "$(id -u)" = 0 ] || skip 'root is needed'
for p in debootstrap unshare chroot; do
	command -v $p >/dev/null || skip "$p is not installed"
done
deb=$(ls "$BUILD"/deb/lt-tickets_*.deb) || skip 'no package; run "make deb"'

mkdir -p "$here"
if [ ! -e "$here/base/etc/debian_version" ]; then
	rm -rf "$here/base.part"
	debootstrap --variant=minbase bookworm "$here/base.part" \
		"${MIRROR:-http://deb.debian.org/debian}" >"$here/debootstrap.log" 2>&1 ||
		skip "debootstrap failed, see $here/debootstrap.log"
	mv "$here/base.part" "$here/base"
fi
rm -rf "$root" "$here/local"
cp -a "$here/base" "$root"
cp /etc/resolv.conf "$root/etc/"
printf '127.0.0.1 localhost %s\n' "$(hostname)" "$(hostname -s)" >"$root/etc/hosts"
cp "$deb" "$root/tmp/lt-tickets.deb"
cp tests/slurm.sh "$root/tmp/"

# inside COMMAND: in the folder, as on a machine of its own, with nothing of ours but
# what the package installed.
inside() {
	# shellcheck disable=SC2016
	unshare --mount sh -c 'mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
		mount --rbind /sys "$1/sys" &&
		exec chroot "$1" /usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
			DEBIAN_FRONTEND=noninteractive sh -ec "$2"' sh "$root" "$1"
}
study="lt run prac DATA=synth SYNTH='--classes 4 --shape 1x8x8' SYNTH_TRAIN=600 \
	SYNTH_TEST=100 VAL=100 ARCH=resnet8-demo EPOCHS=2 MILESTONES=1 BATCH=50 ROUNDS=2"
# The bytes of all results; not the times, nor what says how they were made.
sums() {
	find runs -type f ! -name '*.time.tsv' ! -name run.tsv | sort | xargs sha256sum
}

echo '== install the package'
inside 'apt-get -q update && apt-get -q install -y --no-install-recommends /tmp/lt-tickets.deb' \
	>"$here/install.log" 2>&1 || { tail "$here/install.log"; exit 1; }
inside 'lt --version; lt doctor; dpkg -L lt-tickets | grep -c .'

echo '== a study there, and here'
inside "mkdir /study && cd /study && $study" >"$here/study.log" 2>&1 ||
	{ tail "$here/study.log"; exit 1; }
(cd "$root/study" && sums) >"$here/installed.sums"
mkdir "$here/local"
(cd "$here/local" && PATH=$BUILD:$PATH eval "$study" >../local.log 2>&1 && sums >../local.sums)
[ "$(wc -l <"$here/local.sums")" -gt 60 ]
diff "$here/local.sums" "$here/installed.sums"
echo "$(wc -l <"$here/local.sums") files have the same bytes"

echo '== the same as jobs of a Slurm cluster there'
inside 'apt-get -q install -y --no-install-recommends slurmctld slurmd slurm-client munge' \
	>"$here/slurm.log" 2>&1 || { tail "$here/slurm.log"; exit 1; }
inside "mkdir /jobs && cd /jobs && sh /tmp/slurm.sh run /cluster 2 -- \
	$study -j2 LAUNCH=lt-slurm" >"$here/jobs.log" 2>&1 || { tail "$here/jobs.log"; exit 1; }
(cd "$root/jobs" && sums) >"$here/jobs.sums"
diff "$here/local.sums" "$here/jobs.sums"
jobs=$(wc -l <"$root/cluster/log/jobs")
[ "$jobs" -gt 0 ]
echo "$(wc -l <"$here/jobs.sums") files have the same bytes after $jobs jobs"
rm -rf "$root" "$here/local"
