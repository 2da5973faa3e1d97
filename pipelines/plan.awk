# plan.awk: what a study will cost, from the plan of make and a calibration.
#	awk -f plan.awk -v needs=1 KNOWN PLAN
#	awk -f plan.awk -v jobs=N -v share=X -v tsv=1 KNOWN SPEED PLAN
#
# PLAN is what "make -n -B" prints.  KNOWN has the files that are there: file, samples and,
# of a data set, classes.  SPEED has for each network and some densities what a presentation costs; lt
# measures it.  With needs=1: what SPEED must have, a line for each network: its name, the
# smallest density, the data set, the options of a training, and the words of lt-init.
#
# A stage waits for the stages that write what its command names, and a search waits for
# the data and for all that its seed shares.  A stage is started as soon as it waits for
# nothing and fewer than N run, in the order of the plan, as make does.
#
# What is not known before the study is taken as an upper bound: a training that may stop
# early takes all its epochs, and a list that the study finds has SHARE of D0.
BEGIN {
	FS = OFS = "\t"
	net = seed = "-"
	search = "data"
	share = share == "" ? 1 : share
	split("-o --rest --events --log --best --cost --predictions --path --save-state " \
		"--stop-info --stop-distances --stop-mask", w, " ")
	for (i in w)
		writes[w[i]]
	split("--batch --augment --crop-pad --lr --schedule --gamma --optimizer --momentum " \
		"--beta1 --beta2 --eps --weight-decay --label-smoothing --threads --kern-path", w, " ")
	for (i in w)
		shapes[w[i]]
}
FNR == 1 { file++ }
file == 1 {
	samples[$1] = $2
	classes[$1] = $3
	next
}
file == 2 && !needs {
	if (FNR == 1)
		for (i = 1; i <= NF; i++)
			name[i] = $i
	else {
		k = ++points[$1]
		for (i = 2; i <= NF; i++)
			speed[$1, k, name[i]] = $i
	}
	next
}
{
	line = line $0
	if (sub(/\\$/, " ", line))
		next
	n = split(line, word, /[ \t]+/)
	line = ""
	if (word[1] ~ /^lt-[a-z]+$/)
		stage()
	else
		for (i = 1; i <= n; i++)
			if (word[i] ~ /^(NET|SEED|SEARCH)=/)
				place(word[i])
}
function place(text,    k) {
	gsub(/\047/, "", text)
	k = index(text, "=")
	if (text ~ /^NET/)
		net = substr(text, k + 1)
	else if (text ~ /^SEED/)
		seed = substr(text, k + 1)
	else
		search = substr(text, k + 1)
}

# --- A command.
function stage(    i, product) {
	split("", o)
	for (i = 2; i < n; i++)
		if (word[i] ~ /^-/)
			o[word[i]] = word[i + 1]
	product = o["-o"] == "/dev/null" ? o["--predictions"] : o["-o"]
	if (product == "" || product in maker)
		return
	s++
	program[s] = word[1]
	group[s] = net OFS search
	seed_of[s] = net OFS seed
	kind[s] = search
	net_of[s] = net
	threads[s] = o["--threads"] > 1 ? o["--threads"] : 1
	waits()
	for (i = 2; i < n; i++)
		if (word[i] in writes && word[i + 1] != "/dev/null" && \
			(word[i] !~ /^--(cost|predictions)$/ || word[i + 1] ~ /\//))
			maker[word[i + 1]] = s
	count()
}
# Who writes what the command names; and for a search, all that comes before searches.
function waits(    i, m) {
	for (i = 2; i <= n; i++)
		if (word[i] in maker)
			wait_for(maker[word[i]])
	if (search == "data")
		before[++befores] = s
	else if (search == "dense") {
		shared[net, seed, ++shares[net, seed]] = s
		for (i = 1; i <= befores; i++)
			wait_for(before[i])
	} else
		for (i = 1; i <= shares[net, seed]; i++)
			wait_for(shared[net, seed, i])
}
function wait_for(m) {
	if (m == s || (s, m) in waiting)
		return
	waiting[s, m]
	waits_for[s]++
	next_of[m, ++nexts[m]] = s
}

# Samples of a list or a data set, and the share of the weights that a mask keeps.
function size(f) {
	if (f in samples)
		return samples[f]
	bounded["lists"]
	return rounded(share * all_samples)
}
function keeps(f) {
	return f in density ? density[f] : 1
}
function rounded(x) {
	return int(x + 0.5)
}
function epochs_of(batches,    e, to, from) {
	e = o["--epochs"] == "" ? most_epochs : o["--epochs"]
	if (e > most_epochs)
		most_epochs = e
	to = "--to" in o ? in_epochs(o["--to"], batches) : e
	from = "--from" in o ? in_epochs(o["--from"], batches) : 0
	return to - from
}
function in_epochs(x, batches) {
	return sub(/i$/, "", x) ? x / batches : x
}
function count(    whole, i, f, e, d) {
	f = o["-o"]
	d = keeps(o["--mask"])
	if (program[s] == "lt-data") {
		if (!(f in samples))
			samples[f] = o["--count"]
		if (!(f in classes))
			classes[f] = o["--classes"]
		if ("--shape" in o)
			shape[f] = o["--shape"] OFS classes[f]
		disk_data[f]
	} else if (program[s] == "lt-subset" && word[2] == "split") {
		whole = size(o["--data"])
		samples[f] = rounded("--fraction" in o ? o["--fraction"] * whole : o["--size"])
		all_samples = samples[o["--rest"]] = whole - samples[f]
	} else if (program[s] == "lt-subset" && o["--size"] ~ /^[0-9]+$/) {
		samples[f] = o["--size"]
		if (search == "data")
			all_samples = o["--size"]
	} else if (program[s] == "lt-init") {
		if (!(net in init)) {
			init[net] = ""
			for (i = 2; i <= n; i++)
				if (word[i] ~ /^(-o|--seed|--data)$/)
					i++
				else if (word[i] != "-q" && word[i] != "")
					init[net] = init[net] " " word[i]
			nets[++net_count] = net
		}
		checkpoints[s] = 1
	} else if (program[s] == "lt-prune") {
		density[f] = "--sparsity" in o ? 1 - o["--sparsity"] : d * (1 - o["--rate"])
		masks[s] = 1
		# Scores by gradients of examples: a backward pass costs two forward passes.
		if ("--data" in o)
			forward[s] = 3 * o["--samples-per-class"] * classes[o["--data"]]
		used[s] = d
	} else if (program[s] == "lt-train") {
		i = size(o["--index"])
		e = epochs_of(o["--batch"] > 0 ? int((i + o["--batch"] - 1) / o["--batch"]) : 1)
		presented[s] = e * i
		forward[s] = e * ("--val-index" in o ? size(o["--val-index"]) : 0)
		used[s] = d
		checkpoints[s] = 1 + ("--best" in o)
		if ("--events" in o)
			events[s] = presented[s]
		if ("--save-epochs" in o)
			checkpoints[s] += split(o["--save-epochs"], w, ",")
		if ("--stop-rate" in o || "--stop-sparsity" in o || "--patience" in o)
			bounded["stops"]
		if ("--stop-mask" in o) {
			density[o["--stop-mask"]] = "--stop-sparsity" in o ? \
				1 - o["--stop-sparsity"] : d * (1 - o["--stop-rate"])
			masks[s]++
		}
		training(net)
	} else if (program[s] == "lt-eval") {
		forward[s] = size("--index" in o ? o["--index"] : o["--data"])
		used[s] = d
		rows[s] = "--predictions" in o ? forward[s] : 0
	} else if (program[s] == "lt-disagree" && "--data" in o) {
		forward[s] = 2 * size("--index" in o ? o["--index"] : o["--data"])
		used[s] = (keeps(o["--mask-a"]) + keeps(o["--mask-b"])) / 2
	}
	if (used[s] != "" && (!(net in least) || used[s] < least[net]))
		least[net] = used[s]
}
# The options of a network's trainings that its speed depends on.
function training(net,    i) {
	if (net in options)
		return
	options[net] = ""
	for (i = 2; i < n; i++)
		if (word[i] in shapes)
			options[net] = options[net] " " word[i] " " word[i + 1]
		else if (word[i] == "--nesterov")
			options[net] = options[net] " --nesterov"
	data_of[net] = o["--data"]
}

# --- What a presentation costs: between the densities that were measured, linear.
function at(net, d, what,    k, a, b) {
	for (k = 1; k < points[net] && speed[net, k, "density"] > d; k++)
		;
	b = speed[net, k, what]
	if (k == 1 || speed[net, k, "density"] > d)
		return b
	a = speed[net, k - 1, what]
	return b + (a - b) * (d - speed[net, k, "density"]) / \
		(speed[net, k - 1, "density"] - speed[net, k, "density"])
}
# makespan SLOTS: when all stages are done, if so many run side by side.
function makespan(slots,    i, k, now, free, left, first, finish, m, ended) {
	split("", finish)
	for (i = 1; i <= s; i++)
		left_of[i] = waits_for[i] + 0
	# Stages that wait for nothing, in the order of the plan.
	split("", ready)
	split("", over)
	for (i = 1; i <= s; i++)
		if (!left_of[i])
			ready[i]
	free = slots
	for (ended = 0; ended < s; ) {
		for (i = 1; i <= s && free > 0; i++)
			if (i in ready) {
				delete ready[i]
				finish[i] = now + seconds[i] / threads[i]
				free--
			}
		first = -1
		for (i in finish)
			if (first < 0 || finish[i] < first)
				first = finish[i]
		if (first < 0)
			return now
		now = first
		for (i in finish)
			if (finish[i] <= now)
				over[i]
		for (i in over) {
			delete finish[i]
			free++
			ended++
			for (k = 1; k <= nexts[i]; k++) {
				m = next_of[i, k]
				if (!--left_of[m])
					ready[m]
			}
			delete over[i]
		}
	}
	return now
}

function amount(x,    i) {
	split("k M G T P E", unit, " ")
	for (i = 0; x >= 1000 && i < 6; i++)
		x /= 1000
	return sprintf("%.3g ", x) (i ? unit[i] : "")
}
function clock(x) {
	return x < 3600 ? sprintf("%d:%02d", x / 60, x % 60) : \
		sprintf("%d:%02d:%02d", x / 3600, x % 3600 / 60, x % 60)
}
function fact(key, text, value) {
	if (tsv)
		print key, value
	else
		printf "%-22s %s\n", key, text
}
END {
	if (needs) {
		for (i = 1; i <= net_count; i++)
			if ((k = nets[i]) in options)
				print k, least[k], data_of[k], shape[data_of[k]] == "" ? "-" OFS "-" : \
					shape[data_of[k]], options[k] " ", init[k]
		exit
	}
	for (i = 1; i <= s; i++) {
		k = net_of[i]
		seconds[i] = 0.02
		if (presented[i] + forward[i] > 0) {
			if (!points[k]) {
				printf "lt: %s: expected its speed in the calibration, found none\n", k >"/dev/stderr"
				exit failed = 65
			}
			seconds[i] += presented[i] * at(k, used[i], "train_seconds") + \
				forward[i] * at(k, used[i], "forward_seconds")
			macs += presented[i] * at(k, used[i], "train_macs") + \
				forward[i] * at(k, used[i], "forward_macs")
		}
		presentations += presented[i]
		passes += forward[i]
		trainings += program[i] == "lt-train"
		core += seconds[i]
		disk += checkpoints[i] * speed[k, 1, "checkpoint_bytes"] + \
			masks[i] * speed[k, points[k], "mask_bytes"] + events[i] * speed[k, 1, "event_bytes"] + \
			12 * rows[i]
		if (speed[k, 1, "memory_bytes"] > memory)
			memory = speed[k, 1, "memory_bytes"]
		if (speed[k, 1, "state_bytes"] > state)
			state = speed[k, 1, "state_bytes"]
	}
	for (f in disk_data)
		disk += samples[f] * speed[net_of[s], 1, "image_bytes"]
	disk += jobs * state
	if (tsv)
		print "fact", "value"
	fact("stages", s ", of which " trainings " are trainings", s)
	fact("trainings", trainings, trainings)
	fact("presentations", amount(presentations) " in trainings", sprintf("%.0f", presentations))
	fact("forward_passes", amount(passes) " in validation, tests and comparisons", \
		sprintf("%.0f", passes))
	fact("multiply_adds", amount(macs), sprintf("%.6g", macs))
	fact("core_hours", sprintf("%.3g", core / 3600), sprintf("%.6g", core / 3600))
	fact("memory", amount(jobs * memory) "B for " jobs " at a time", sprintf("%.0f", jobs * memory))
	fact("disk", amount(disk) "B", sprintf("%.0f", disk))
	wall = makespan(jobs)
	fact("time", clock(wall) " for -j" jobs, sprintf("%.6g", wall))
	wall = makespan(s + 1)
	fact("shortest_time", clock(wall) " for any number of jobs", sprintf("%.6g", wall))
	if (tsv)
		exit
	if ("stops" in bounded)
		print "At most: trainings may stop early."
	if ("lists" in bounded)
		printf "Lists that the study finds are taken as %g of D0 (--share).\n", share
}
