# quoted -- one Makefile, read from top to bottom.
#
#   make             build                         make check    every test, a minute or two
#   make demo        the main job, on samples      make san      the same tests under ASan and UBSan
#   make install     DESTDIR, prefix               make fuzz     every fuzz target, FUZZ_SECONDS each (6)
#   make bench       speed and size                make tidy     format, layers, leftovers
#   make bench-peers beside other engines, CORPUS=DIR
#   make bench-text  speed of words and folds      make tables   char_tables.c out of Unicode's data
#   make docs        the reference in docs/PROTOCOL.md, out of wire/requests.h
#   make train       weights of speakers, TRAIN=…
#   make eval        how well quotes and speakers are found: GOLD="FILE ..." (docs/EVAL.md)
#   make clean
#
# DEPS=yes lets any target install what is missing with apt; DEPS=no only names it. `make demo` and
# `make check` default to yes, everything else to no.

ifeq ($(origin CC),default)
CC        = gcc
endif
CFLAGS   ?= -O2 -g
WARN      = -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wconversion $(if $(CI),-Werror)
B        ?= build
prefix   ?= /usr/local
VERSION   = $(shell sed -n 's/.*QUOTED_VERSION "\(.*\)"/\1/p' wire/version.h)
bindir    = $(prefix)/bin
libdir    = $(prefix)/lib
libexecdir = $(prefix)/libexec
unitdir  ?= $(prefix)/lib/systemd
lispdir   = $(prefix)/share/emacs/site-lisp
FUZZ_SECONDS ?= 6

ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -I. $(WARN) -fvisibility=hidden -fPIC -MMD -MP $(CFLAGS)

# V=1 shows the commands whole.
Q = $(if $(V),,@)
say = $(if $(V),,@printf '  %-5s %s\n' $(1) $(2))

# ---- what is missing, and who asks for it ------------------------------------------------------------

ifneq ($(filter demo check,$(MAKECMDGOALS)),)
DEPS ?= yes
else
DEPS ?= no
endif
ifeq ($(filter clean help,$(MAKECMDGOALS)),)
ifeq ($(MAKELEVEL),0)
DEPS_STATE := $(shell tests/deps.sh $(DEPS) $(MAKECMDGOALS) >&2 && echo fine)
ifneq ($(DEPS_STATE),fine)
$(error packages are missing (named above))
endif
endif
endif

# ---- what is made of what ----------------------------------------------------------------------------

objects = $(patsubst %.c,$(B)/%.o,$(1))
mains    = daemon/main.c client/main.c index/extract_main.c
BASE     = $(call objects,$(sort $(wildcard base/*.c)))
INDEX    = $(call objects,$(filter-out $(mains),$(sort $(wildcard index/*.c)))) $(B)/index/words.o
WIRE     = $(call objects,$(sort $(wildcard wire/*.c)))
DAEMON   = $(call objects,$(filter-out $(mains),$(sort $(wildcard daemon/*.c))))
library  = client/libquotes.c client/link.c
LIBQUOTES = $(call objects,$(library))
CLIENT   = $(call objects,$(filter-out $(mains) $(library),$(sort $(wildcard client/*.c))))

INDEX_LIBS  = -llmdb -lutf8proc -lzstd -lxxhash -ljansson -luchardet -lstemmer -lm
DAEMON_LIBS = $(INDEX_LIBS) -luv -linih -lpthread

PROGRAMS = $(B)/quoted $(B)/quotes $(B)/quotes-extract $(B)/libquotes.so $(B)/libquotes.a
TESTS    = $(patsubst tests/%.c,$(B)/tests/%,$(sort $(wildcard tests/test_*.c)))
SCRIPTS  = $(sort $(wildcard tests/t_*.sh tests/t_*.py))
FUZZ     = $(patsubst tests/fuzz/%.c,$(B)/fuzz/%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))

all: $(PROGRAMS)

$(B)/%.o: %.c
	@mkdir -p $(@D)
	$(call say,cc,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

# The word lists become tables: a program of our own, compiled first, reads index/words/*.words.
WORDS = $(sort $(wildcard index/words/*.words))

$(B)/words-compile: $(call objects,index/words/compile.c index/fold.c index/char_tables.c) $(BASE)
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lutf8proc

$(B)/index/words.c: $(B)/words-compile $(WORDS)
	$(call say,words,$@)
	$(Q)$(B)/words-compile $(WORDS) > $@.new && mv $@.new $@

$(B)/index/words.o: $(B)/index/words.c
	$(call say,cc,$<)
	$(Q)$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(B)/quoted: $(B)/daemon/main.o $(DAEMON) $(INDEX) $(WIRE) $(BASE)
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(DAEMON_LIBS)

$(B)/quotes: $(B)/client/main.o $(CLIENT) $(LIBQUOTES) $(WIRE) $(BASE)
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# The client without a dynamic linker: it starts in a third of the time. With musl where that is there, else with the usual libc.
STATIC_CC = $(if $(shell command -v musl-gcc),musl-gcc,$(CC))
quotes-static: $(B)/quotes-static
$(B)/quotes-static: FORCE
	@mkdir -p $(B)/static/include && ln -sf /usr/include/xxhash.h $(B)/static/include/
	@$(MAKE) --no-print-directory B=$(B)/static CC=$(STATIC_CC) CI= DEPS=no LDFLAGS=-static \
	  CFLAGS='-O2 -g -idirafter $(B)/static/include' $(B)/static/quotes
	$(Q)cp $(B)/static/quotes $@
FORCE:

$(B)/quotes-extract: $(B)/index/extract_main.o $(INDEX) $(BASE)
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(INDEX_LIBS)

$(B)/libquotes.so: $(LIBQUOTES) $(WIRE) $(BASE) client/libquotes.map
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,libquotes.so.1 -Wl,--version-script=client/libquotes.map \
	  -o $@ $(filter %.o,$^)

# One object in which everything but quotes_* is local, so that no name of ours meets one of the program it is linked into.
$(B)/libquotes.a: $(LIBQUOTES) $(WIRE) $(BASE)
	$(call say,link,$@)
	$(Q)rm -f $@ && $(LD) -r -o $(@:.a=.o) $^ && objcopy --localize-hidden $(@:.a=.o) && $(AR) rcsD $@ $(@:.a=.o)

$(B)/tests/%: $(B)/tests/%.o $(DAEMON) $(INDEX) $(LIBQUOTES) $(WIRE) $(BASE)
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(DAEMON_LIBS) -lcmocka

$(B)/tests/shim.so: tests/shim.c
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -I. $(WARN) -fvisibility=hidden -fPIC -O2 -g -shared -o $@ $<

# ---- tests -------------------------------------------------------------------------------------------

check: all $(TESTS) $(B)/tests/asker $(B)/tests/drive $(B)/tests/shim.so $(B)/docs/reference
	@B=$(B) tests/run $(TESTS) $(SCRIPTS)

san:
	@CACHE_ROUNDS=$${CACHE_ROUNDS:-60000} CACHE_SCRIBBLE_MS=$${CACHE_SCRIBBLE_MS:-4000} CACHE_HITS=$${CACHE_HITS:-500000} \
	  $(MAKE) --no-print-directory check B=$(B)/san DEPS=no \
	  CFLAGS='-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all'

# Only what has more than one thread: the thread sanitizer makes the rest ten times slower and finds nothing there. It knows no
# fences (-Wno-tsan): what stands between those of the cache are atomics, so that it has nothing to say of it either way.
tsan:
	@$(MAKE) --no-print-directory check-threads B=$(B)/tsan DEPS=no CFLAGS='-O1 -g -fsanitize=thread -Wno-tsan'

THREADED = $(addprefix $(B)/tests/,test_store test_build test_keeper test_hostile)
check-threads: all $(THREADED) $(B)/tests/asker $(B)/tests/drive $(B)/docs/reference
	@B=$(B) tests/run $(THREADED) $(addprefix tests/t_,daemon.py limits.py client.py asking.py cache.py protocol.py many.py kept.py)

# Every decoder has a fuzz target; each runs for FUZZ_SECONDS under ASan and UBSan.
FUZZ_CFLAGS = -O1 -g -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
fuzz:
	@$(MAKE) --no-print-directory fuzz-run B=$(B)/fuzzing CC=clang CFLAGS='$(FUZZ_CFLAGS)' DEPS=no

fuzz-run: $(FUZZ)
	@B=$(B) tests/run-fuzz $(FUZZ_SECONDS) $(FUZZ)

$(B)/fuzz/%: $(B)/tests/fuzz/%.o $(DAEMON) $(INDEX) $(WIRE) $(BASE)
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(CC) -fsanitize=fuzzer,address,undefined -o $@ $^ $(DAEMON_LIBS)

# What of docs/PROTOCOL.md follows from wire/requests.h.
docs: $(B)/docs/reference
	$(Q)$(B)/docs/reference < docs/PROTOCOL.md > $(B)/PROTOCOL.md && cp $(B)/PROTOCOL.md docs/PROTOCOL.md

$(B)/docs/reference: $(B)/docs/reference.o $(WIRE) $(BASE)
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

tidy:
	@tests/tidy.sh

bench: all
	@B=$(B) python3 bench/bench.py $(if $(CORPUS),--corpus $(CORPUS))

# FTS5, Xapian and Groonga beside us on the *.txt of CORPUS: SIZES="1,10,30", CHART=FILE.svg. What is not installed is left out.
bench-peers: all $(B)/bench-index
	@B=$(B) python3 bench/peers.py $(CORPUS) $(if $(SIZES),--sizes $(SIZES)) $(if $(CHART),--svg $(CHART)) $(if $(WORK),--work $(WORK))

$(B)/bench/peer_fts5 $(B)/bench/peer_groonga: $(B)/bench/peer_%: bench/peer_%.c bench/peer.h
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -I. $(WARN) $(CFLAGS) -o $@ $< $(if $(findstring fts5,$@),-lsqlite3,$(shell pkg-config --cflags --libs groonga))

$(B)/bench/peer_xapian: bench/peer_xapian.cc bench/peer.h
	@mkdir -p $(@D)
	$(call say,link,$@)
	$(Q)$(CXX) -D_GNU_SOURCE -I. -Wall -Wextra $(CFLAGS) -o $@ $< -lxapian

# Words, folds and hashes beside utf8proc: TEXTS="name=file ..." measures others than bench/text.
TEXTS ?= $(foreach t,english mixed russian arabic cjk,$(t)=bench/text/$(t).txt)
bench-text: $(B)/bench/bench_text
	@$(B)/bench/bench_text $(TEXTS)

# What an answer costs on its way, beside memcached, redis, LMDB and bare sockets (bench/bench_wire.c).
bench-wire: all $(B)/bench-wire
	@B=$(B) $(B)/bench-wire
$(B)/bench-wire: $(B)/bench/bench_wire.o $(DAEMON) $(INDEX) $(LIBQUOTES) $(WIRE) $(BASE)
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(DAEMON_LIBS)

# What small questions wait while somebody asks large ones: CORPUS=DIR, or text of our own (bench/bench_fair.c).
bench-fair: all $(B)/bench-fair
	@B=$(B) $(B)/bench-fair $(CORPUS)
$(B)/bench-fair: $(B)/bench/bench_fair.o
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# Builds, asks and updates an index in process: one JSON record a measurement (bench/bench_index.c).
bench-index: $(B)/bench-index
$(B)/bench-index: $(B)/bench/bench_index.o $(B)/bench/bench_query.o $(INDEX) $(BASE)
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(INDEX_LIBS)

$(B)/bench/%: $(B)/bench/%.o $(INDEX) $(BASE)
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(INDEX_LIBS)

# Quotes and speakers beside those that people marked in GOLD; RENAMED=1 once more with everyone under another name.
eval: $(B)/quotes-extract
	@B=$(B) python3 eval/run.py $(if $(RENAMED),--renamed $(RENAMED)) $(if $(SEED),--seed $(SEED)) $(GOLD)

# Test vectors of others, which are not ours to keep: NORM=DIR holds lucene-folding.tsv and charabia-*.
vectors: $(B)/tests/vectors
	@$(B)/tests/vectors $(NORM)

tables:
	python3 index/tables/generate.py > index/char_tables.c.new && mv index/char_tables.c.new index/char_tables.c

# Weights of speakers and quotations: TRAIN="a.jsonl ..." are articles marked by hand, see docs/EVAL.md.
train:
	@$(MAKE) --no-print-directory DEPS=no STAGE=nothing learn
	@$(MAKE) --no-print-directory DEPS=no STAGE='who $(B)/eval/candidates $(TRAIN)' learn
	@$(MAKE) --no-print-directory DEPS=no STAGE='who $(B)/eval/candidates $(TRAIN)' learn
	@$(MAKE) --no-print-directory DEPS=no STAGE='all $(B)/eval/candidates $(TRAIN)' learn

learn: $(B)/eval/candidates
	eval/train.py $(STAGE) > index/weights.h.new && mv index/weights.h.new index/weights.h

$(B)/eval/%: $(B)/eval/%.o $(INDEX) $(BASE)
	$(call say,link,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(INDEX_LIBS)

demo: all
	@B=$(B) share/demo.sh

# ---- install -----------------------------------------------------------------------------------------

install: all
	install -d $(DESTDIR)$(bindir) $(DESTDIR)$(libexecdir)/quoted $(DESTDIR)$(libdir)/pkgconfig $(DESTDIR)$(prefix)/include
	install -m755 $(B)/quotes $(B)/quotes-extract $(B)/quoted $(DESTDIR)$(bindir)/
	install -m755 $(B)/libquotes.so $(DESTDIR)$(libdir)/libquotes.so.1
	ln -sf libquotes.so.1 $(DESTDIR)$(libdir)/libquotes.so
	install -m644 $(B)/libquotes.a $(DESTDIR)$(libdir)/
	install -m644 client/quotes.h $(DESTDIR)$(prefix)/include/
	sed 's|@prefix@|$(prefix)|g; s|@libdir@|$(libdir)|g; s|@version@|$(VERSION)|g' client/libquotes.pc.in > $(DESTDIR)$(libdir)/pkgconfig/libquotes.pc
	install -d $(DESTDIR)$(unitdir)/user $(DESTDIR)$(unitdir)/system $(DESTDIR)$(prefix)/lib/sysusers.d $(DESTDIR)$(prefix)/lib/tmpfiles.d
	for u in user system; do for k in socket service; do \
	  sed 's|@bindir@|$(bindir)|g' systemd/$$u/quoted.$$k > $(DESTDIR)$(unitdir)/$$u/quoted.$$k; done; done
	install -m644 systemd/sysusers.conf $(DESTDIR)$(prefix)/lib/sysusers.d/quoted.conf
	install -m644 systemd/tmpfiles.conf $(DESTDIR)$(prefix)/lib/tmpfiles.d/quoted.conf
	install -d $(DESTDIR)$(prefix)/share/man/man1 $(DESTDIR)$(prefix)/share/man/man3 $(DESTDIR)$(prefix)/share/man/man8 $(DESTDIR)$(prefix)/share/quoted
	install -m644 docs/man/*.1 $(DESTDIR)$(prefix)/share/man/man1/
	install -m644 docs/man/*.3 $(DESTDIR)$(prefix)/share/man/man3/
	install -m644 docs/man/*.8 $(DESTDIR)$(prefix)/share/man/man8/
	cp -r share/sample-archive $(DESTDIR)$(prefix)/share/quoted/
	for f in plugin/quotes.lua $$(cd editors/nvim && echo lua/quotes/*.lua) doc/quotes.txt; do \
	  install -Dm644 editors/nvim/$$f $(DESTDIR)$(prefix)/share/nvim/site/$$f; done
	for f in plugin/quotes.vim autoload/quotes.vim $$(cd editors/vim && echo autoload/quotes/*.vim) doc/quotes.txt; do \
	  install -Dm644 editors/vim/$$f $(DESTDIR)$(prefix)/share/vim/vimfiles/$$f; done
	$(if $(DESTDIR),,-nvim --headless -u NONE -i NONE -c 'helptags $(prefix)/share/nvim/site/doc' -c q)
	$(if $(DESTDIR),,-vim -Nu NONE -i NONE -es -c 'helptags $(prefix)/share/vim/vimfiles/doc' -c q)
	install -d $(DESTDIR)$(lispdir)/elpa/quotes-$(VERSION)
	install -m644 editors/emacs/quotes.el $(DESTDIR)$(lispdir)/
	install -m644 editors/emacs/quotes-autoloads.el editors/emacs/quotes-pkg.el $(DESTDIR)$(lispdir)/elpa/quotes-$(VERSION)/

clean:
	rm -rf $(B)

help:
	@sed -n 's/^# \{0,1\}//p;/^$$/q' Makefile

.PHONY: all FORCE docs quotes-static check check-threads san tsan fuzz fuzz-run tidy bench bench-peers bench-wire bench-fair bench-text eval bench-index vectors tables train learn demo install clean help
.SECONDARY:

-include $(shell find $(B) -name '*.d' 2>/dev/null)
