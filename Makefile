# make build, make demo, make test. Each first sees to the system packages (scripts/setup.sh), which is quick when
# they are there.

DEMO ?= demo
SIZE ?= 4096
SEED ?= 1

# What a product records beside the version, so that it can be made again; empty outside a git checkout.
REVISION := $(shell r=$$(git rev-parse -q --verify --short=12 HEAD 2>/dev/null) && echo $$r$$(git diff --quiet HEAD || echo .dirty))

.DEFAULT_GOAL := build
.PHONY: help setup build generate demo test race lint fuzz bench soak accuracy docs image bundle ci clean revision

help: ## list what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /\1\t/' | expand -t 10

setup: ## install the system packages that are missing
	@scripts/setup.sh

build: setup ## build bin/tuban
	go build -trimpath -buildvcs=false -ldflags '-X main.revision=$(REVISION)' -o bin/tuban ./cmd/tuban

generate: ## write the assembly of classify/kernel anew
	@scripts/generate.sh

demo: build ## simulate a county, run it, count what was found (DEMO=folder SIZE=pixels SEED=number)
	bin/tuban demo --out $(DEMO) --size $(SIZE) --seed $(SEED)

test: ## run the tests; TUBAN_TESTDATA names the folder of real imagery
	@scripts/setup.sh test
	@scripts/test.sh

race: ## run the tests under the race detector
	@scripts/setup.sh test
	@scripts/test.sh -race -short

lint: setup ## run the pinned golangci-lint
	@scripts/lint.sh

fuzz: setup ## run each fuzz target briefly (FUZZTIME=5s)
	@scripts/fuzz.sh

bench: build ## run the benchmarks, then time a whole run (SIZE=8192, BENCH=pattern); more: scripts/bench.sh --help
	@SIZE=$(if $(filter file,$(origin SIZE)),8192,$(SIZE)) scripts/bench.sh

soak: setup ## fuzz and check properties for hours (SOAK_FUZZTIME=5m SOAK_CHECKS=20000)
	@scripts/soak.sh

# Not a part of make test or make ci: it takes more than an hour, and writes a document that is committed.
accuracy: setup ## measure how right the product is, and write docs/accuracy.md (ACCURACY="-size 2000 -seeds 1 -out quick.md")
	@scripts/accuracy.sh $(ACCURACY)

docs: ## check that the documents keep up with the code
	@scripts/docs.sh

image: ## build the container image and try it (IMAGE=name:tag)
	@scripts/image.sh

bundle: build ## pack dist/tuban-VERSION-linux-ARCH.tar.gz for machines without internet, and try it
	@scripts/bundle.sh

ci: ## what the continuous integration runs
	@.ci/run

clean: ## remove what make leaves
	rm -rf bin dist $(DEMO) bench

revision:
	@echo $(REVISION)
