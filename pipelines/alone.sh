# alone.sh: how the scripts of the workflows write what must be whole.
# alone FOLDER: until this script ends, no other one that calls this writes there, so
# that temporary files can have fixed names, and the next script replaces what a killed one
# has left.  Without flock(1), or on a file system without locks, one make at a time must
# run; "lt doctor" says so.
alone() {
	exec 9<"$1"
	! command -v flock >/dev/null || flock 9 2>/dev/null || :
}
