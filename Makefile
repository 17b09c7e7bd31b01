# Hearsay: `make run` starts it, `make test` runs every test, `make help` lists the rest.
SHELL := /bin/bash
PREFIX ?= /usr/local
ARGUMENTS ?=
HOURS ?= 24
MINUTES ?= 120
SHARE ?= 1
HEARING ?= 20

.DEFAULT_GOAL := help
.PHONY: help run build sherpa test check sanitize bench soak fuzz install uninstall clean deps test-deps

help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 18

run: build ## Build and start Hearsay on 127.0.0.1:7780 (ARGUMENTS="--listen ...")
	@exec bin/hearsay serve $(ARGUMENTS)

build: deps ## Build bin/hearsay and its engines
	@Scripts/build

sherpa: ## Fetch what neural voices and better hearing need (21 MB)
	@Scripts/install-sherpa

test: test-deps build ## Run every test, a real browser included
	@Scripts/test

check: test-deps ## Run the checks alone: format, imports, documentation, style
	@Scripts/check

sanitize: test-deps ## Run the tests under the thread sanitizer (about 20 minutes)
	@Scripts/sanitize

bench: test-deps build ## Measure, and write Benchmarks/results.md
	@Benchmarks/run

soak: test-deps build ## Use one server for HOURS (default 24) within MINUTES (default 120), then flood two
	@Scripts/soak $(HOURS) $(MINUTES)
	@Scripts/soak speaking $(SHARE)
	@Scripts/soak hearing $(HEARING)

fuzz: deps ## Try invented inputs on the parsers for MINUTES (default 30)
	@Scripts/fuzz $$(($(MINUTES) * 60))

install: build ## Install below PREFIX (default /usr/local)
	install -d "$(DESTDIR)$(PREFIX)/bin" "$(DESTDIR)$(PREFIX)/libexec/hearsay"
	install -m 755 bin/hearsay "$(DESTDIR)$(PREFIX)/bin/hearsay"
	install -m 755 bin/hearsay-flite "$(DESTDIR)$(PREFIX)/libexec/hearsay/hearsay-flite"
	install -m 755 bin/hearsay-pocketsphinx "$(DESTDIR)$(PREFIX)/libexec/hearsay/hearsay-pocketsphinx"
	install -m 755 bin/hearsay-sherpa bin/hearsay-unpack "$(DESTDIR)$(PREFIX)/libexec/hearsay"
	[ ! -d .build/sherpa ] || install -D -m 755 -t "$(DESTDIR)$(PREFIX)/libexec/hearsay/sherpa" .build/sherpa/*.so .build/sherpa/*.onnx
	[ ! -x bin/hearsay-espeak ] || install -m 755 bin/hearsay-espeak "$(DESTDIR)$(PREFIX)/libexec/hearsay/hearsay-espeak"

uninstall: ## Remove what install put there
	rm -f "$(DESTDIR)$(PREFIX)/bin/hearsay"
	rm -rf "$(DESTDIR)$(PREFIX)/libexec/hearsay"

clean: ## Remove everything that was built
	rm -rf .build bin .venv

deps: ## Install what building needs
	@Scripts/install-dependencies build

test-deps: ## Install what testing needs
	@Scripts/install-dependencies build test
	@Scripts/install-python
	@Scripts/install-sherpa
