#!/usr/bin/env bats
# Other people's viewers read our logs by the programs of lt-log(5).
# Quick: not run, for it tests the lines of a page.
load common

# program WORD: the block of the page that imports WORD.
program() {
	awk -v word="$1" '
		/^\.Bd -literal/ { text = ""; inside = 1; next }
		/^\.Ed/ { if (index(text, "import") && index(text, word)) printf "%s", text; inside = 0 }
		inside { text = text $0 "\n" }' "$ROOT/man/lt-log.5" | sed 's/\\e/\\/g'
}

# Each test has log.tsv, of three epochs.
setup() {
	lt_setup
	synth set 60 4 1x12x12
	lt-init --input 1x12x12 --classes 4 -o 0.st resnet8-demo
	idx 0 1 2 3 >val.idx
	lt-train -q -d set.data --val-data set.data --val-index val.idx -e 3 --milestones 2 \
		--log log.tsv -o 1.st 0.st
}

@test "TensorBoard shows each column of a log" {
	need_module tensorboard.summary tensorboard
	program tensorboard >program.py
	[ "$(wc -l <program.py)" = 7 ]
	"$PYTHON" program.py
	"$PYTHON" - <<-'END'
	import csv
	from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
	events = EventAccumulator("tensorboard", size_guidance={"tensors": 0})
	events.Reload()
	rows = list(csv.DictReader(open("log.tsv"), delimiter="\t"))
	assert sorted(events.Tags()["tensors"]) == sorted(rows[0])
	for name in rows[0]:
	    got = events.Tensors(name)
	    assert [e.step for e in got] == [1, 2, 3]
	    for e, row in zip(got, rows):
	        a, b = e.tensor_proto.float_val[0], float(row[name])
	        assert a == b or a != a and b != b or abs(a - b) < 1e-6 * abs(b), (name, a, b)
	END
}

@test "W&B reads each row of a log" {
	need_module wandb wandb
	program wandb >program.py
	[ "$(wc -l <program.py)" = 5 ]
	WANDB_SILENT=true "$PYTHON" program.py
	grep -q train_loss wandb/latest-run/run-*.wandb
	grep -q mask_distance wandb/latest-run/run-*.wandb
}
