# Bare `make` lists the targets: each carries its own line of help after two number signs.

GO ?= go
RACE ?= -race
FUZZTIME ?= 10s

LINT_VERSION := v2.15.0
LINT := .cache/bin/golangci-lint-$(LINT_VERSION)
export GOLANGCI_LINT_CACHE := $(CURDIR)/.cache/golangci-lint

.DEFAULT_GOAL := help
.PHONY: help run build test vet lint units contract emulator emulator-stop bench fuzz events golden kill clean go-ready cc-ready

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: build ## Run the desk with its demo account on http://127.0.0.1:8080
	@exec ./bin/relevo run

build: go-ready ## Build bin/relevo
	@$(GO) build -trimpath -o bin/relevo ./cmd/relevo

test: vet lint cc-ready ## Everything that must hold: vet, lint, all tests with the race detector (RACE= turns it off)
	$(GO) test $(RACE) -timeout 15m ./...

vet: go-ready ## Run go vet
	$(GO) vet ./...

lint: go-ready $(LINT) ## Run golangci-lint at its pinned version
	$(LINT) run ./...

units: go-ready ## Print write units, read units and round trips of each act
	$(GO) test -count=1 -run '^TestUnits$$' -v ./internal/store/...

contract: go-ready ## Run the contract suites of the deployed desk against the emulator at ENDPOINT (localstack/README.md)
	@test -n "$(ENDPOINT)" || { echo "Say where the emulator is, such as: make contract ENDPOINT=http://localhost:4566"; exit 1; }
	AWS_ENDPOINT_URL=$(ENDPOINT) $(GO) test -count=1 -timeout 15m ./internal/cloud -rapid.checks=20
	AWS_ENDPOINT_URL=$(ENDPOINT) $(GO) test -count=1 -timeout 15m -run 'Contract$$' ./internal/store

emulator: ## Start MiniStack, an emulator of AWS, on http://localhost:4566 (needs Python with pip; see localstack/README.md)
	@localstack/ministack.sh start

emulator-stop: ## Stop it; nothing of it stays
	@localstack/ministack.sh stop

bench: go-ready ## Load the running desk and print its latencies, CPU and memory
	$(GO) run ./e2e/bench

fuzz: go-ready ## Fuzz every target for FUZZTIME (10s)
	@set -e; targets=$$(grep -rHoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' internal cmd e2e | sed 's/:func /:/'); \
	test -n "$$targets" || { echo "There is no fuzz target."; exit 1; }; \
	for t in $$targets; do \
		dir=$$(dirname "$${t%%:*}"); name=$${t##*:}; \
		echo "fuzz $$dir $$name"; \
		$(GO) test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(FUZZTIME) "./$$dir"; \
	done

events: go-ready ## Replay the invocation events against their golden answers
	$(GO) test -count=1 ./events/...

golden: go-ready ## Rewrite the golden files from what the code does now
	@set -e; for dir in $$(grep -rlE --include='*_test.go' 'flag\.Bool\("update"' internal cmd events e2e | xargs -r -n1 dirname | sort -u); do \
		$(GO) test -count=1 "./$$dir" -update; \
	done

kill: go-ready ## Kill the running desk under load, ten times, and look for every acknowledged message
	$(GO) test -count=1 -run '^TestKill' -v ./e2e/...

clean: ## Remove what was built and the cached tools (the desk's data in .relevo stays)
	rm -rf bin .cache coverage.out

go-ready:
	@command -v $(GO) >/dev/null || { echo "Relevo needs Go 1.26 or newer, and there is no \`$(GO)\` here: see https://go.dev/dl"; exit 1; }
	@$(GO) list -m >/dev/null 2>&1 || { echo "Relevo needs Go 1.26 or newer; this is $$($(GO) version): see https://go.dev/dl"; exit 1; }

cc-ready: go-ready
	@test -z "$(RACE)" || command -v "$$($(GO) env CC)" >/dev/null || { echo "The race detector needs a C compiler (gcc or clang). Install one, or run: make test RACE="; exit 1; }

$(LINT):
	@mkdir -p .cache/bin
	GOBIN=$(CURDIR)/.cache/bin $(GO) install github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(LINT_VERSION)
	@mv .cache/bin/golangci-lint $@
