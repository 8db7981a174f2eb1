# health_score: build with PGXS (make; make install; make installcheck). PG_CONFIG=/path/to/pg_config picks the server.
EXTENSION = health_score
EXTVERSION := $(shell sed -n "s/^default_version *= *'\(.*\)'/\1/p" $(dir $(lastword $(MAKEFILE_LIST)))health_score.control)

CORE_SOURCES = $(sort $(notdir $(wildcard src/core/*.cpp)))
PG_SOURCES = $(sort $(notdir $(wildcard src/pg/*.cpp)))
MODULE_big = health_score
OBJS = $(EXTRA_OBJS) $(addprefix src/core/,$(CORE_SOURCES:.cpp=.o)) $(addprefix src/pg/,$(PG_SOURCES:.cpp=.o))

INSTALL_SQL = $(sort $(wildcard src/install/*.sql))
INSTALL_TEMPLATES = $(wildcard src/install/*.template src/install/*.awk)
DATA_built = health_score--$(EXTVERSION).sql
DATA = $(wildcard src/update/*.sql)
REGRESS = $(sort $(basename $(notdir $(wildcard sql/*.sql))))
REGRESS_OPTS = --load-extension=health_score
EXTRA_CLEAN = health_score--$(EXTVERSION).sql

# Test builds (variant in scripts/lib.sh) set INSTRUMENT, flags of the compiler and the linker, and EXTRA_OBJS.

# Same bits everywhere: no fused multiply-add, no relaxed floating point, no instructions of the build machine alone.
# Nothing replaces our functions at load time, so the compiler may inline them.
STANDARD = -std=c++20 -Wno-register -ffp-contract=off -fno-semantic-interposition
WARNINGS = -Wall -Wextra $(if $(WERROR),-Werror)
PG_CPPFLAGS = -Isrc -DHEALTH_VERSION='"$(EXTVERSION)"'
# The folder of the build does not show in what it makes: anybody's build gives the same bytes (scripts/reproducible).
PG_CXXFLAGS = $(STANDARD) $(WARNINGS) '-ffile-prefix-map=$(CURDIR)=.' $(INSTRUMENT)
# The module exports only the symbols that the version script lists.
SHLIB_LINK = -lstdc++ -Wl,--version-script=src/health_score.map $(INSTRUMENT)

PG_CONFIG ?= pg_config
PGXS := $(shell $(PG_CONFIG) --pgxs)
include $(PGXS)
# PGXS does not pass PG_CXXFLAGS on to the compiler of the bitcode.
# Constructors that are aliases of others are lost when a function is inlined from bitcode.
override BITCODE_CXXFLAGS += $(STANDARD) $(WARNINGS) -Xclang -mno-constructor-aliases

# What the reference lacks ends the build: scripts/reference writes docs/reference.md of the same lines.
health_score--$(EXTVERSION).sql: $(INSTALL_SQL) $(INSTALL_TEMPLATES) health_score.control
	awk -v documented=1 -f src/install/expand.awk $(INSTALL_SQL) | awk -f src/install/reference.awk >/dev/null
	awk -f src/install/expand.awk $(INSTALL_SQL) > $@ || { rm -f $@; exit 1; }

# PGXS tracks headers only where the server was built so: any header rebuilds all, which takes a minute.
$(OBJS) $(OBJS:.o=.bc): $(wildcard src/core/*.hpp src/pg/*.hpp)

# The bundle for PGXN, of HEAD: the same commit gives the same bytes. A zip has local times, hence TZ.
DISTVERSION = $(shell sed -n 's/^  "version": "\(.*\)",/\1/p' META.json)
dist:
	TZ=UTC git archive --format=zip --prefix=health_score-$(DISTVERSION)/ -o health_score-$(DISTVERSION).zip HEAD
.PHONY: dist
