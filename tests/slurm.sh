#!/bin/sh
# slurm.sh: a Slurm cluster of several nodes on this machine, for tests.
#
#	slurm.sh start FOLDER [NODES [CPUS]]      prints SLURM_CONF=...
#	slurm.sh stop FOLDER
#	slurm.sh kill FOLDER DAEMON               SIGKILL; a node takes its jobs with it
#	slurm.sh restart FOLDER DAEMON
#	slurm.sh run FOLDER [NODES [CPUS]] -- COMMAND...
#
# DAEMON is munged, slurmctld, n1, n2 and so on.  The daemons listen on 127.0.0.1 alone
# and keep everything in FOLDER.  They end with the process OWNER, by default the one that
# started the cluster, however that ends, and with FOLDER: a guard looks after both.
# TIMEOUT=20 is the number of seconds after which a silent node is lost.
#
# Exit status: that of COMMAND; 69 if the cluster does not come up, whose logs are shown;
# 77 if Slurm is not installed.
#
# Debian: apt-get install --no-install-recommends slurmctld slurmd slurm-client munge
set -u
export LC_ALL=C
PATH=$PATH:/usr/sbin:/sbin
tab=$(printf '\t')

usage() {
	sed -n '2,/^set/s/^# \{0,1\}//p' "$0" | sed '$d' >&2
	exit 2
}
# fail STATUS MESSAGE
fail() {
	printf 'slurm.sh: %s\n' "$2" >&2
	exit "$1"
}

# wait_for SECONDS COMMAND...: until it succeeds; not longer, and not once it returns 2.
wait_for() {
	end=$(($(date +%s) + $1))
	shift
	while :; do
		"$@"
		case $? in 0) return 0 ;; 2) return 1 ;; esac
		[ "$(date +%s)" -lt "$end" ] || return 1
		sleep 0.1
	done
}

# --- Processes.  A daemon has LT_CLUSTER=FOLDER in its environment, which slurmd's
# children inherit; the programs of jobs are their descendants.
#
# since PID: when it started, which a later process of that number did not; none if it
# has ended.
since() {
	sed 's/.*) //' "/proc/$1/stat" 2>/dev/null | awk '$1 != "Z" { print $20 }'
}
# family PID...: these processes and their descendants.
family() {
	cat /proc/[0-9]*/stat 2>/dev/null | awk -v roots="$*" '
	{
		pid = $1
		sub(/.*[)] /, "")
		if ($1 != "Z")
			parent[pid] = $2
	}
	END {
		n = split(roots, w, " ")
		for (i = 1; i <= n; i++)
			ours[w[i]]
		do {
			found = 0
			for (p in parent)
				if (!(p in ours) && parent[p] in ours) {
					ours[p]
					found = 1
				}
		} while (found)
		for (p in ours)
			if (p in parent)
				print p
	}'
}
daemons() {
	grep -lsxzF "LT_CLUSTER=$dir" /proc/[0-9]*/environ | cut -d / -f 3
}
# shellcheck disable=SC2046,SC2086
ended() {
	all=$(family $(daemons))
	[ "$all" ] || return 0
	kill -KILL $all 2>/dev/null
	return 1
}
end_all() {
	wait_for 20 ended
	rm -f "$dir/pids"
}
# When the owner or the folder is gone, the daemons go, too.
guard() {
	owner=$1 owner_since=$2
	while [ -e "$dir/pids" ] && [ "$(since "$owner")" = "$owner_since" ]; do
		sleep 0.5
	done
	end_all
}

# launch DAEMON COMMAND...
launch() {
	name=$1
	shift
	# No lock or pipe of the test stays open, and no folder of it is in use.
	LT_CLUSTER=$dir setsid env --chdir="$dir" "$@" </dev/null >"$dir/log/$name.out" 2>&1 3>&- 4>&- 5>&- \
		6>&- 7>&- 8>&- 9>&- &
	printf '%s\t%s\t%s\n' "$!" "$(since $!)" "$name" >>"$dir/pids"
}
none_died() {
	while IFS=$tab read -r pid started _; do
		[ "$(since "$pid")" = "$started" ] || return 2
	done <"$dir/pids"
}
launch_daemon() {
	case $1 in
	munged)
		launch munged munged --foreground --force --num-threads=2 \
			--socket="$dir/run/munge.sock" --key-file="$dir/munge/key" \
			--pid-file="$dir/munge/pid" --log-file="$dir/munge/log" \
			--seed-file="$dir/munge/seed"
		;;
	slurmctld) launch slurmctld slurmctld -D -f "$SLURM_CONF" ;;
	n[0-9]*) launch "$1" slurmd -D -N "$1" -f "$SLURM_CONF" ;;
	*) fail 2 "$1: expected munged, slurmctld or a node" ;;
	esac
}

# --- The cluster.
# The first of so many free ports in a row.
free_ports() {
	awk -v p="$1" -v n="$2" '
	FNR > 1 {
		split($2, w, ":")
		used[w[2]]
	}
	END {
		for (; p < 60000; p++) {
			for (i = 0; i < n && !(sprintf("%04X", p + i) in used); i++)
				;
			if (i == n) {
				print p
				exit
			}
		}
	}' /proc/net/tcp /proc/net/tcp6 2>/dev/null
}
configure() {
	port=$(free_ports $((20000 + $$ % 600 * 50)) $((nodes + 1)))
	host=$(hostname -s)
	rm -rf "$dir/state" "$dir/spool"
	mkdir -p "$dir/log" "$dir/state" "$dir/run" "$dir/spool" "$dir/munge" || return
	chmod 700 "$dir/munge" && chmod 755 "$dir" "$dir/run"
	(umask 077 && head -c 128 /dev/urandom >"$dir/munge/key")
	: >"$dir/cgroup.conf"
	cat >"$SLURM_CONF" <<-END
		ClusterName=local
		SlurmctldHost=$host(127.0.0.1)
		SlurmctldPort=$port
		SlurmUser=$(id -un)
		SlurmdUser=$(id -un)
		AuthType=auth/munge
		AuthInfo=socket=$dir/run/munge.sock
		CredType=cred/munge
		CommunicationParameters=NoInAddrAny,NoCtldInAddrAny
		StateSaveLocation=$dir/state
		SlurmdSpoolDir=$dir/spool/%n
		SlurmctldPidFile=$dir/run/slurmctld.pid
		SlurmdPidFile=$dir/run/%n.pid
		SlurmctldLogFile=$dir/log/slurmctld.log
		SlurmdLogFile=$dir/log/%n.log
		ProctrackType=proctrack/linuxproc
		TaskPlugin=task/none
		JobAcctGatherType=jobacct_gather/none
		AccountingStorageType=accounting_storage/none
		JobCompType=jobcomp/filetxt
		JobCompLoc=$dir/log/jobs
		MpiDefault=none
		SwitchType=switch/none
		SelectType=select/cons_tres
		SelectTypeParameters=CR_CPU
		SchedulerType=sched/backfill
		SchedulerParameters=sched_min_interval=100000,batch_sched_delay=0,bf_interval=1
		PreemptType=preempt/partition_prio
		PreemptMode=REQUEUE
		JobRequeue=1
		ReturnToService=2
		SlurmdTimeout=${TIMEOUT:-20}
		InactiveLimit=0
		MinJobAge=300
		KillWait=5
		UnkillableStepTimeout=20
		MessageTimeout=10
		MaxArraySize=1001
		SlurmdParameters=config_overrides
		NodeName=n[1-$nodes] NodeHostname=$host NodeAddr=127.0.0.1 Port=[$((port + 1))-$((port + nodes))] CPUs=$cpus RealMemory=4000 State=UNKNOWN
		PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP PriorityTier=1
		PartitionName=urgent Nodes=ALL MaxTime=INFINITE State=UP PriorityTier=10
	END
}
munge_answers() {
	none_died || return
	munge -S "$dir/run/munge.sock" -n >/dev/null 2>&1 || return 1
}
idle() {
	none_died || return
	[ "$(timeout 5 sinfo -h -p main -N -t idle -o %N 2>/dev/null | sort -u | grep -c .)" = \
		"$nodes" ]
}
bring_up() {
	configure || fail 69 "$dir: expected a folder that can be written"
	: >"$dir/pids"
	launch_daemon munged
	wait_for 10 munge_answers || return
	for d in slurmctld $(seq -f n%g 1 "$nodes"); do launch_daemon "$d"; done
	wait_for 40 idle
}
start() {
	for p in slurmctld slurmd munged sinfo setsid timeout; do
		command -v "$p" >/dev/null || fail 77 "$p is not installed"
	done
	# Another program may take a port between the look and the start.
	for _ in 1 2 3; do
		if bring_up; then
			setsid sh "$self" guard "$dir" "$1" "$(since "$1")" </dev/null >/dev/null 2>&1 \
				3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9>&- &
			return
		fi
		tail -n 5 "$dir"/log/*.out "$dir"/log/*.log >"$dir/said" 2>/dev/null
		end_all
	done
	cat "$dir/said" >&2
	fail 69 'the cluster did not come up'
}
# kill_daemon DAEMON: the last one of that name, and what it started.
kill_daemon() {
	line=$(grep "$tab$1\$" "$dir/pids" | tail -n 1)
	[ "$line" ] || fail 2 "$1: no such daemon"
	pid=${line%%"$tab"*}
	started=${line#*"$tab"}
	[ "$(since "$pid")" = "${started%%"$tab"*}" ] || return 0
	# What runs the jobs of a node writes its log.
	steps=
	for p in $(daemons); do
		[ -z "$(find "/proc/$p/fd" -lname "$dir/log/$1.log" 2>/dev/null)" ] ||
			steps="$steps $p"
	done
	# shellcheck disable=SC2046,SC2086
	kill -KILL $(family $pid $steps) 2>/dev/null
	return 0
}

[ $# -ge 2 ] || usage
action=$1 dir=$2
shift 2
case $dir in /*) ;; *) dir=$PWD/$dir ;; esac
case $0 in /*) self=$0 ;; *) self=$PWD/$0 ;; esac
export SLURM_CONF="$dir/slurm.conf"
nodes=4 cpus=1
case $action in
start | run)
	case ${1-} in [1-9]*) nodes=$1 && shift ;; esac
	case ${1-} in [1-9]*) cpus=$1 && shift ;; esac
	;;
esac
case $action in
start)
	start "${OWNER:-$PPID}"
	echo "SLURM_CONF=$SLURM_CONF"
	;;
stop) end_all ;;
guard) guard "$@" ;;
kill) kill_daemon "$1" ;;
restart)
	kill_daemon "$1"
	launch_daemon "$1"
	;;
run)
	[ "${1-}" != -- ] || shift
	[ $# -gt 0 ] || usage
	trap 'end_all' EXIT
	trap 'exit 143' HUP INT TERM
	start $$
	"$@"
	;;
*) usage ;;
esac
