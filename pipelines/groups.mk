# groups.mk: N:M masks (NM): an option of lt-prune, and what depends on it.
## N:M masks
NM ?=#	[nothing or pattern by search] leave N of each M consecutive inputs, such as 2:4

groups := $(addprefix --nm ,$(NM))
# Without a pattern there is no stamp, unless there was one.
grouped := $(if $(NM)$(wildcard $P/settings/groups),$(call stamp,$P/settings/groups,NM))
