#!/usr/bin/env bats
# Completion of command lines in bash and in zsh, by what the programs print.
load common

# in_bash WORD...: what bash offers for the last word, in order, on one line.
in_bash() {
	bash -c '
		eval "$("$1" --completion bash)" || exit
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
		"_${1//-/_}"
		printf "%s\n" "${COMPREPLY[@]}" | LC_ALL=C sort | xargs' bash "$@"
}

# in_zsh TEXT: the command line after TEXT and a tab, on a terminal.
in_zsh() {
	cat >rc <<-'END'
	stty rows 50 cols 1000
	autoload -U compinit && compinit -u -D
	bindkey -e
	for p in lt lt-data lt-prune; do eval "$($p --completion zsh)"; done
	show() { print; print "LINE<$BUFFER>" }
	zle -N show
	bindkey '^Xz' show
	print ready
	END
	python3 - "$1" <<-'END'
	import os, pty, re, select, sys, time
	pid, fd = pty.fork()
	if pid == 0:
	    os.environ.update(TERM="dumb", PS1="> ")
	    os.execvp("zsh", ["zsh", "-f", "-i"])
	def read(until):
	    seen, last = "", time.time() + 30
	    while not re.search(until, seen) and time.time() < last:
	        if select.select([fd], [], [], 0.1)[0]:
	            seen += os.read(fd, 65536).decode()
	    return seen
	os.write(fd, b". ./rc\r")
	read("ready")
	os.write(fd, (sys.argv[1] + "\t\x18z").encode())
	print(re.findall("LINE<(.*)>", read("LINE<.*>"))[-1])
	END
}

# options PROGRAM: the long options that --help lists, in order, on one line.
options() {
	"$1" --help | grep -oE '^ +(-[a-zA-Z0-9], )?--[a-z0-9-]+' | grep -oE -- '--.*' |
		LC_ALL=C sort | xargs
}

programs() {
	(cd "$ROOT/tools" && printf '%s\n' lt-*.c lt-slurm | sed 's/[.]c$//')
}

@test "every program completes the options that its --help lists" {
	local p n=0
	for p in $(programs); do
		"$p" --completion bash | bash -n
		[ "$(in_bash "$p" --)" = "$(options "$p")" ] || { echo "$p" >&2; false; }
		n=$((n + 1))
	done
	[ "$n" -gt 10 ]
	lt --completion bash | bash -n
	[ "$(in_bash lt run --)" = "$(options lt)" ]
}

@test "bash: choices, files, numbers and actions" {
	touch a.one 'a two'
	[ "$(in_bash lt-prune --bn '')" = 'eval train' ]
	[ "$(in_bash lt-prune --bn = t)" = train ]
	[ "$(in_bash lt-prune --bn =)" = 'eval train' ]
	[ "$(in_bash lt-prune --method lam)" = lamp ]
	[ "$(in_bash lt-prune -o a.)" = a.one ]
	[ "$(in_bash lt-prune --rate '')" = '' ]
	[ "$(in_bash lt-prune a)" = 'a two a.one' ]
	[ "$(in_bash lt-data '')" = 'pack relabel remap sheet synth' ]
	[ "$(in_bash lt-data -q s)" = 'sheet synth' ]
	[ "$(in_bash lt-data synth --sh)" = --shape ]
	# The shape is for another action.
	[ "$(in_bash lt-data pack --sh)" = '' ]
	[ "$(in_bash lt-data pack --si)" = --size ]
	[ "$(in_bash lt-data remap --m)" = --map ]
	[ "$(in_bash lt-init --he)" = '--head --help' ]
	[ "$(in_bash lt-prune --completion '')" = 'bash zsh' ]
}

@test "bash: actions, workflows and settings of lt" {
	[ "$(in_bash lt sta)" = status ]
	[ "$(in_bash lt run earlyb)" = 'earlybird earlybird-params' ]
	[ "$(in_bash lt run channels-earlybird-)" = channels-earlybird-reset ]
	[ "$(in_bash lt run -j)" = -j ]
	[ "$(in_bash lt run prac SYNTH_TE)" = SYNTH_TEST= ]
	[ "$(in_bash lt status '')" = OUT= ]
	[ "$(in_bash lt report '')" = 'JOIN= OUT=' ]
	mkdir my-runs
	[ "$(in_bash lt status OUT = my)" = my-runs ]
	[ "$(in_bash lt --completion '')" = 'bash zsh' ]
}

@test "zsh completes options, choices, actions and files" {
	local p
	need zsh python3
	for p in lt $(programs); do
		"$p" --completion zsh >script
		head -n 1 script | grep -qx "#compdef $p"
		zsh -n script
	done
	touch some.file
	[ "$(in_zsh 'lt-prune --samples')" = 'lt-prune --samples-per-class=' ]
	[ "$(in_zsh 'lt-prune --method lam')" = 'lt-prune --method lamp ' ]
	[ "$(in_zsh 'lt-prune --bn=t')" = 'lt-prune --bn=train ' ]
	[ "$(in_zsh 'lt-prune -o som')" = 'lt-prune -o some.file ' ]
	[ "$(in_zsh 'lt-data rel')" = 'lt-data relabel ' ]
	[ "$(in_zsh 'lt-data rem')" = 'lt-data remap ' ]
	[ "$(in_zsh 'lt-data synth --sha')" = 'lt-data synth --shape=' ]
	[ "$(in_zsh 'lt-data pack --sha')" = 'lt-data pack --sha' ]
	[ "$(in_zsh 'lt run prac SYNTH_TE')" = 'lt run prac SYNTH_TEST=' ]
	[ "$(in_zsh 'lt rep')" = 'lt report ' ]
}

@test "another shell is refused" {
	refuses 2 "--completion: expected bash|zsh, found 'fish'" lt-info --completion fish
	run -2 lt --completion fish
	[ "${lines[0]}" = "lt: --completion: expected bash|zsh, found 'fish'" ]
}
