# lt: lottery tickets as Unix tools.
# make help lists the targets.

CC ?= cc
BUILD ?= build
PREFIX ?= /usr/local
VERSION := 0.1.0

# -ffp-contract=off is part of the contract of every numerical result: a
# multiply-add happens only where the source says fma.
CFLAGS ?= -O2 -g
LT_CFLAGS := -std=c17 -ffp-contract=off -fopenmp -Wall -Wextra -Ilib \
	-D_GNU_SOURCE -DLT_VERSION='"$(VERSION)"'
LDLIBS := -ljansson -lpng -lz -lm
ifdef DEVELOPER
LT_CFLAGS += -Werror -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-Wpointer-arith -Wwrite-strings -Wvla -Wundef -Wformat=2
endif
ifdef SANITIZE
LT_CFLAGS += -fsanitize=$(SANITIZE) -fno-omit-frame-pointer \
	-fno-sanitize-recover=all
endif

lib_src := $(filter-out lib/kern/kern_%.c,$(wildcard lib/*/*.c))
kern_src := $(wildcard lib/kern/kern_*.c)
tool_src := $(wildcard tools/lt-*.c)
unit_src := $(wildcard tests/unit/*.c)
lib_obj := $(lib_src:%.c=$(BUILD)/%.o) $(kern_src:%.c=$(BUILD)/%.o)
tools := $(tool_src:tools/%.c=$(BUILD)/%)
units := $(unit_src:tests/unit/%.c=$(BUILD)/unit/%)

KERN_CFLAGS_v3 := -O3 -mavx2 -mfma -mf16c
KERN_CFLAGS_v4 := -O3 -mavx512f -mavx512dq -mavx512bw -mavx512vl -mavx2 -mfma -mf16c
KERN_CFLAGS_ref := -O2

.PHONY: all units
all: $(tools)
units: $(units)

# A stamp of the compiler and its flags: a change of either rebuilds.
flags := $(CC) $(CFLAGS) $(LT_CFLAGS) $(KERN_CFLAGS_v3) $(KERN_CFLAGS_v4)
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@printf '%s\n' "$(subst ",\",$(flags))" | cmp -s - $@ || printf '%s\n' "$(subst ",\",$(flags))" > $@
.PHONY: FORCE
FORCE:

$(BUILD)/lib/kern/kern_%.o: lib/kern/kern_%.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LT_CFLAGS) $(KERN_CFLAGS_$*) -MMD -MP -c -o $@ $<
$(BUILD)/%.o: %.c $(BUILD)/flags
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LT_CFLAGS) -MMD -MP -c -o $@ $<
$(BUILD)/liblt.a: $(lib_obj)
	rm -f $@ && ar rcD $@ $^
$(BUILD)/lt-%: $(BUILD)/tools/lt-%.o $(BUILD)/liblt.a
	$(CC) $(CFLAGS) $(LT_CFLAGS) -o $@ $^ $(LDFLAGS) $(LDLIBS)
$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/liblt.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS) $(LT_CFLAGS) -o $@ $^ $(LDFLAGS) $(LDLIBS)
.SECONDARY: $(tool_src:%.c=$(BUILD)/%.o) $(unit_src:%.c=$(BUILD)/%.o)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
