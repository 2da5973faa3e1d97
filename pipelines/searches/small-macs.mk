# small-macs.mk: dense networks with as many multiply-adds as the tickets.
LIKE ?= prac
SIZE ?= macs
include $(dir $(lastword $(MAKEFILE_LIST)))../small.mk
