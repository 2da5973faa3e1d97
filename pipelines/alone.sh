# alone.sh: the locks of files, for scripts.

# alone FOLDER: until this script ends, no other one that calls this writes there, so
# that temporary files can have fixed names, and the next script replaces what a killed one
# has left.  Without flock(1), or on a file system without locks, one make at a time must
# run; "lt doctor" says so.
alone() {
	exec 9<"$1"
	! command -v flock >/dev/null || flock 9 2>/dev/null || :
}

# held FILE: does a program hold the lock of this file?  The file is opened for reading
# before flock(1) looks at it, which would make it again if its writer has just renamed it.
held() (
	exec 9<"$1" || exit 1
	flock -s -n 9
	[ $? = 1 ]
) 2>/dev/null
