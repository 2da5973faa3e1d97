# lt: lottery tickets as Unix tools.  "make help" lists the targets.

CC ?= cc
BUILD ?= build
PREFIX ?= /usr/local
DESTDIR ?=
VERSION := 0.1.0
JOBS ?= $(shell nproc 2>/dev/null || echo 1)

# -ffp-contract=off is part of the contract of every numerical result: a
# multiply-add happens only where the source says fma.
CFLAGS ?= -O2 -g
# A prefix map: the folder of the sources is not part of the bytes.
LT_CFLAGS := -std=c17 -ffile-prefix-map='$(CURDIR)=.' -ffp-contract=off -fopenmp -Wall -Wextra -Ilib \
	-D_GNU_SOURCE -DLT_VERSION='"$(VERSION)"'
LDLIBS := -ljansson -lpng -ljpeg -lz -lm
KERN_OPT := -O3
ifdef DEVELOPER
LT_CFLAGS += -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wvla -Wundef -Wformat=2
endif
ifdef SANITIZE
LT_CFLAGS += -fsanitize=$(SANITIZE) -fno-omit-frame-pointer \
	-fno-sanitize-recover=all
# gcc takes three times as long at -O2, and twice as long with all of -g and with
# the checks of addresses written out.
KERN_OPT := -O1 -g1
ifeq (,$(findstring clang,$(CC)))
KERN_OPT += --param asan-instrumentation-with-call-threshold=0
endif
# Kernels see numbers alone, no file; clang takes minutes to watch them.
ifneq (,$(findstring fuzzer,$(SANITIZE)))
KERN_OPT := -O1 -fno-sanitize=all
endif
endif

# One template, one object an instruction set; on other machines the sources
# guard themselves and only the scalar kernels remain.
KERN_CFLAGS_ref := -O2
ifneq (,$(findstring x86_64,$(shell $(CC) -dumpmachine)))
KERN_CFLAGS_v3 := $(KERN_OPT) -mavx2 -mfma -mf16c
KERN_CFLAGS_v4 := $(KERN_OPT) -mavx2 -mfma -mf16c \
	-mavx512f -mavx512dq -mavx512bw -mavx512vl
# A compiler that does not know AMX makes no such table.
amx := -mamx-tile -mamx-bf16
TILE_CFLAGS_v3 := $(KERN_CFLAGS_v3)
TILE_CFLAGS_amx := $(KERN_CFLAGS_v4) -mprefer-vector-width=512 \
	$(shell $(CC) $(amx) -fsyntax-only -x c /dev/null 2>/dev/null && echo $(amx))
endif
KERN_CFLAGS_neon := $(KERN_OPT)
TILE_CFLAGS_ref := $(KERN_OPT)

lib_src := $(wildcard lib/*/*.c)
tool_src := $(wildcard tools/lt-*.c)
# The parts of a program of several files: tools/score/*.c belong to lt-score.
part_src := $(wildcard tools/*/*.c)
unit_src := $(wildcard tests/unit/*_test.c)
lib_obj := $(lib_src:%.c=$(BUILD)/%.o)
scripts := $(BUILD)/lt $(BUILD)/lt-slurm
tools := $(tool_src:tools/%.c=$(BUILD)/%) $(scripts)
units := $(unit_src:tests/unit/%.c=$(BUILD)/unit/%)
pages := $(wildcard man/*.[1-9])
extra_src := $(wildcard tests/torch/*.c) $(wildcard tests/bench/*_bench.c)
extra := $(extra_src:tests/%.c=$(BUILD)/%)
fuzz_src := $(wildcard tests/fuzz/*.c)
hostile_src := $(wildcard tests/hostile/*.c)
replay := $(BUILD)/fuzz/replay
helpers := $(replay) $(hostile_src:tests/%.c=$(BUILD)/%)
PYTHON ?= python3
# What workflows and their users read, without the folders that hold it.
shared := $(wildcard pipelines/* pipelines/*/* examples/* examples/*/* examples/*/*/* \
	examples/*/*/*/*)
shared := $(filter-out $(patsubst %/.,%,$(wildcard $(shared:%=%/.))),$(shared))
# What is installed, below PREFIX.
BASH_COMPLETIONS ?= share/bash-completion/completions
ZSH_COMPLETIONS ?= share/zsh/site-functions
installed := $(addprefix bin/,$(notdir $(tools))) \
	$(foreach p,$(pages),share/man/man$(patsubst .%,%,$(suffix $p))/$(notdir $p)) \
	$(foreach t,$(notdir $(tools)),$(BASH_COMPLETIONS)/$t $(ZSH_COMPLETIONS)/_$t) \
	$(addprefix share/lt/,$(shared))

.PHONY: all units check fuzz soak demo deps bench bench-kern \
	bench-torch lint install install-strip uninstall dist deb debian emulated clean help FORCE
all: $(tools) ## build the programs into $(BUILD), the default
units: $(units) $(filter $(BUILD)/torch/%,$(extra)) $(helpers) ## build the unit tests

# After deps make runs again, so that nothing asks for a library, or for a
# program, before it is there.
parallel = $(if $(findstring -j,$(MAKEFLAGS)),,-j$(JOBS))
check: ## install what is missing, build and run every test
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory $(parallel) all units
	@CC="$(CC)" BUILD="$(BUILD)" JOBS="$(JOBS)" tests/check.sh

# Wants clang and its libFuzzer.  SECONDS=60 is for each target; TARGETS='st png'
# chooses some of them.
SECONDS ?= 60
fuzz: ## feed random input to every reader, SECONDS=60 each, under sanitizers
	@$(MAKE) --no-print-directory $(parallel) all $(replay)
	@$(MAKE) --no-print-directory $(parallel) BUILD=$(BUILD)/fuzzer CC=clang DEVELOPER= \
		SANITIZE=fuzzer-no-link,address,undefined CFLAGS='-O1 -g' \
		$(BUILD)/fuzzer/fuzz/fuzz
	@PATH="$(abspath $(BUILD)):$$PATH" BUILD="$(BUILD)" JOBS="$(JOBS)" \
		tests/fuzz/run.sh $(SECONDS) $(TARGETS)

# The tests of which make check runs a sample, SECONDS for each; and the fuzzer.
# The table that tests/README.md holds is $(BUILD)/soak.md.
soak: ## run what is random for long, SECONDS=60 each, into $(BUILD)/soak.md
	@$(MAKE) --no-print-directory $(parallel) all units
	@LENGTH=$(SECONDS) MAKE="$(MAKE)" BUILD="$(BUILD)" JOBS="$(JOBS)" \
		tests/soak.sh

demo: ## install what is missing, build and find tickets in Fashion-MNIST
	@$(MAKE) --no-print-directory deps
	@$(MAKE) --no-print-directory $(parallel) all
	@PATH="$(abspath $(BUILD)):$$PATH" OMP_WAIT_POLICY=passive \
		$(MAKE) --no-print-directory $(parallel) -f pipelines/demo.mk

# The Debian packages; .ci/deps has their names elsewhere.  The last ones are worth
# having, but not needed.
deps: ## install what building, testing and the demo need, or name it
	@.ci/deps gcc make libc6-dev zlib1g-dev libpng-dev libjpeg-dev \
		libjansson-dev : bats parallel mandoc gnuplot-nox -- dataset-fashion-mnist cmark-gfm

bench: $(BUILD)/bench/step_bench ## measure training steps, into $(BUILD)/bench.tsv
	OMP_WAIT_POLICY=passive GOMP_SPINCOUNT=1000 \
		$(BUILD)/bench/step_bench > $(BUILD)/bench.tsv; \
		status=$$?; cat $(BUILD)/bench.tsv; exit $$status

bench-kern: $(BUILD)/bench/kern_bench ## measure the kernels, by layer and density
	$<

# PYTHON=... chooses the PyTorch; BENCH=... the cases, --threads and so on.
bench-torch: $(BUILD)/bench/step_bench ## the same beside PyTorch's, taking turns
	$(PYTHON) tests/bench/bench_torch.py $(BUILD)/bench/step_bench $(BENCH)

lint: ## check layers, pages against --help, names, sizes and format
	@BUILD="$(BUILD)" tests/lint.sh

install: all ## install into $(DESTDIR)$(PREFIX)
	install -d "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(INSTALL_FLAGS) $(filter-out $(scripts),$(tools)) "$(DESTDIR)$(PREFIX)/bin"
	install -m 755 $(scripts) "$(DESTDIR)$(PREFIX)/bin"
	for p in $(pages); do d="$(DESTDIR)$(PREFIX)/share/man/man$${p##*.}"; \
		install -d "$$d" && install -m 644 "$$p" "$$d" || exit 1; done
	for f in $(shared); do d="$(DESTDIR)$(PREFIX)/share/lt/$${f%/*}"; \
		install -d "$$d" && install -m "$$(test -x "$$f" && echo 755 \
		|| echo 644)" "$$f" "$$d" || exit 1; done
	install -d "$(DESTDIR)$(PREFIX)/$(BASH_COMPLETIONS)" "$(DESTDIR)$(PREFIX)/$(ZSH_COMPLETIONS)"
	umask 022; for t in $(tools); do n="$${t##*/}"; \
		"$$t" --completion bash > "$(DESTDIR)$(PREFIX)/$(BASH_COMPLETIONS)/$$n" && \
		"$$t" --completion zsh > "$(DESTDIR)$(PREFIX)/$(ZSH_COMPLETIONS)/_$$n" || exit 1; done

install-strip: ## install programs without symbols
	@$(MAKE) --no-print-directory install INSTALL_FLAGS=-s

# Folders that other packages share stay; those of lt go once they are empty.
uninstall: ## remove what install put there
	d="$(DESTDIR)$(PREFIX)"; [ ! -d "$$d" ] || { cd "$$d" && rm -f $(installed) && \
		{ [ ! -d share/lt ] || find share/lt -depth -type d -empty -delete; }; }

dist: ## write $(BUILD)/lt-$(VERSION).tar.gz, the same bytes each time
	@BUILD="$(BUILD)" VERSION="$(VERSION)" .ci/dist

deb: ## build the Debian package lt-tickets into $(BUILD)/deb
	@$(MAKE) --no-print-directory dist
	@BUILD="$(BUILD)" VERSION="$(VERSION)" .packaging/deb

# BOCHS=PROGRAM is made as tests/README.md says; UNITS='bf16_test' chooses programs.
emulated: all units ## test the kernels on a processor with AVX-512 and AMX, in Bochs
	@BUILD="$(BUILD)" tests/emulated.sh $(UNITS)

debian: all deb ## install that package in a fresh Debian 12 and compare results (root)
	@BUILD="$(BUILD)" tests/debian.sh

clean: ## remove $(BUILD)
	rm -rf "$(BUILD)"

help: ## print this list
	@echo 'make [TARGET]... [CC=...] [CFLAGS=...] [BUILD=build] [DEVELOPER=1]'
	@echo '     [SANITIZE=address,undefined] [PREFIX=/usr/local] [DESTDIR=]'
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' Makefile | expand -t 12

# A stamp of the compiler and its flags: a change of either rebuilds.
flags := $(CC) $(shell $(CC) --version 2>/dev/null | head -n 1) $(CFLAGS) \
	$(LT_CFLAGS) $(KERN_CFLAGS_v3) $(KERN_CFLAGS_v4) $(TILE_CFLAGS_amx) $(LDFLAGS) $(LDLIBS)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' '$(subst ','\'',$(flags))' | cmp -s - $@ || \
		printf '%s\n' '$(subst ','\'',$(flags))' > $@

# What an object needs holds for BUILD however it is written: build, or /path/to/build.
compile = $(CC) $(CFLAGS) $(LT_CFLAGS) $(KERN_CFLAGS) $(CPPFLAGS) \
	-MMD -MP -MT '$(@:$(BUILD)/%=$$(BUILD)/%)'
$(BUILD)/lib/kern/kern_%.o: \
	KERN_CFLAGS = $(KERN_CFLAGS_$(patsubst kern_%.c,%,$(<F)))
$(BUILD)/lib/kern/tile_%.o: \
	KERN_CFLAGS = $(TILE_CFLAGS_$(patsubst tile_%.c,%,$(<F)))
# So that loops over square roots and choices become vectors.
$(BUILD)/lib/base/rngfill.o $(BUILD)/lib/source/synth.o \
	$(BUILD)/lib/run/optimizer.o: \
	KERN_CFLAGS = $(KERN_OPT) -fno-math-errno -fno-trapping-math
$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(compile) -c -o $@ $<
$(BUILD)/liblt.a: $(lib_obj)
	rm -f $@ && ar rcD $@ $^
$(BUILD)/lt-score: $(patsubst %.c,$(BUILD)/%.o,$(filter tools/score/%,$(part_src)))
$(BUILD)/lt-info: $(patsubst %.c,$(BUILD)/%.o,$(filter tools/info/%,$(part_src)))
$(BUILD)/lt: tools/lt
	@mkdir -p $(@D)
	install -m 755 $< $@
$(BUILD)/lt-slurm: pipelines/slurm
	@mkdir -p $(@D)
	install -m 755 $< $@
$(BUILD)/lt-%: $(BUILD)/tools/lt-%.o $(BUILD)/liblt.a
	$(CC) $(CFLAGS) $(LT_CFLAGS) -o $@ $(filter %.o,$^) $(filter %.a,$^) \
		$(LDFLAGS) $(LDLIBS)
$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/liblt.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LT_CFLAGS) -o $@ $^ $(LDFLAGS) $(LDLIBS)
$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o $(BUILD)/liblt.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LT_CFLAGS) -o $@ $^ $(LDFLAGS) $(LDLIBS)
$(BUILD)/torch/%: $(BUILD)/tests/torch/%.o $(BUILD)/liblt.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LT_CFLAGS) -o $@ $^ $(LDFLAGS) $(LDLIBS)
$(BUILD)/hostile/%: $(BUILD)/tests/hostile/%.o $(BUILD)/liblt.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LT_CFLAGS) -o $@ $^ $(LDFLAGS) $(LDLIBS)
$(BUILD)/fuzz/%: $(BUILD)/tests/fuzz/targets.o $(BUILD)/liblt.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LT_CFLAGS) -o $@ $^ $(LDFLAGS) $(LDLIBS)
$(replay): $(BUILD)/tests/fuzz/replay.o
$(BUILD)/fuzz/fuzz: $(BUILD)/tests/fuzz/entry.o
$(BUILD)/fuzz/fuzz: LDLIBS += -fsanitize=fuzzer
# Kept objects, by name: a bare .SECONDARY would disable the stamp.
.SECONDARY: $(tool_src:%.c=$(BUILD)/%.o) $(part_src:%.c=$(BUILD)/%.o) $(unit_src:%.c=$(BUILD)/%.o) \
	$(extra_src:%.c=$(BUILD)/%.o) $(fuzz_src:%.c=$(BUILD)/%.o) \
	$(hostile_src:%.c=$(BUILD)/%.o)

-include $(lib_obj:.o=.d) $(tool_src:%.c=$(BUILD)/%.d) \
	$(part_src:%.c=$(BUILD)/%.d) \
	$(unit_src:%.c=$(BUILD)/%.d) $(extra_src:%.c=$(BUILD)/%.d) \
	$(fuzz_src:%.c=$(BUILD)/%.d) $(hostile_src:%.c=$(BUILD)/%.d)
