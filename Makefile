# Bare `make` lists the targets: each carries its own line of help after two number signs.

GO ?= go
RACE ?= -race
FUZZTIME ?= 10s

LINT_VERSION := v2.15.0
LINT := .cache/bin/golangci-lint-$(LINT_VERSION)
export GOLANGCI_LINT_CACHE := $(CURDIR)/.cache/golangci-lint

.DEFAULT_GOAL := help
.PHONY: help run web web-if-node web-test web-test-if-node dev flows measure shots node-ready build test test-infra vet lint units contract emulator emulator-deploy e2e-deployed emulator-stop functions sizes coldstart \
	deploy diff destroy mail-said cdk-ready bench fuzz events golden kill clean go-ready cc-ready

help: ## Print this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-15s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

run: go-ready ## Run the desk with its demo account on http://127.0.0.1:8080
	@$(MAKE) --no-print-directory web-if-node
	@$(MAKE) --no-print-directory build
	@exec ./bin/relevo run

WEB_SOURCES = $(shell find web -type f -not -path '*/node_modules/*' -not -path '*/shots/*')
# As web/package.json asks: the bundler needs it.
NODE_FITS = node -e 'const [major, minor] = process.versions.node.split("."); process.exit(major > 20 || (major == 20 && minor >= 19) ? 0 : 1)' 2>/dev/null

web: node-ready .cache/web ## Build the console and the widget, which the desk then serves

web-if-node:
	@if $(NODE_FITS); then $(MAKE) --no-print-directory web; \
	else echo "There is no Node.js 20.19 or newer here, so the desk runs without its console and its widget. For them: https://nodejs.org, then make run"; fi

.cache/npm: web/package-lock.json
	@cd web && npm ci --no-audit --no-fund --loglevel=error
	@mkdir -p .cache && touch $@

.cache/web: .cache/npm $(WEB_SOURCES)
	@cd web && npm run build --silent
	@touch $@

web-test: node-ready .cache/npm .cache/web ## Check, test and weigh what is in web/
	@cd web && npm run check --silent && npm test --silent && npm run size --silent

web-test-if-node:
	@if $(NODE_FITS); then $(MAKE) --no-print-directory web-test flows; \
	else echo "There is no Node.js 20.19 or newer here: the console and the widget are not tested"; fi

dev: node-ready .cache/npm build ## Run the desk with hot reload of the console on http://127.0.0.1:5173
	@RELEVO_PUBLIC_URL=http://127.0.0.1:5173 ./bin/relevo run & desk=$$!; trap "kill $$desk" EXIT INT TERM; \
	cd web && npm run dev -w console

flows: node-ready .cache/npm .cache/web build ## Walk through the console and the widget in a browser, against desks of their own
	@cd web && npm run e2e --silent

measure: node-ready .cache/npm .cache/web build ## Print the console's figures from the browser's timeline (MEASURE_STRICT=1 holds them to their limits)
	@cd web && npm run measure --silent -w console

shots: node-ready .cache/npm .cache/web build ## Take pictures of every screen into web/console/shots and web/widget/shots
	@cd web && npm run shots --silent -w console && npm run e2e --silent -w widget -- --shots

node-ready:
	@$(NODE_FITS) || { echo "This needs Node.js 20.19 or newer, and there is none: see https://nodejs.org"; exit 1; }
	@command -v npm >/dev/null || { echo "This needs npm, which comes with Node.js, and there is none: see https://nodejs.org"; exit 1; }

build: go-ready ## Build bin/relevo
	@$(GO) build -trimpath -o bin/relevo ./cmd/relevo

# All packages but the stack: the CDK's take a minute to compile, and longer with the race detector.
FAST = $$($(GO) list ./... | grep -v /infra)

test: vet lint cc-ready infra-if-node web-test-if-node ## Everything that must hold: vet, lint, all tests with the race detector (RACE= turns it off), the pages
	$(GO) test $(RACE) -timeout 15m $(FAST)

infra-if-node:
	@if $(NODE_FITS); then $(MAKE) --no-print-directory test-infra; \
	else echo "There is no Node.js 20.19 or newer here: the deployed stack is not tested"; fi

test-infra: go-ready ## Synthesize the stack once and hold it to the wiring table (needs Node.js)
	JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION=1 $(GO) test -count=1 -timeout 10m ./infra/...

vet: go-ready ## Run go vet
	$(GO) vet $(FAST)

LINTED = ./cmd/... ./e2e/... ./events/... ./functions/... ./internal/...

lint: go-ready $(LINT) ## Run golangci-lint at its pinned version
	$(LINT) run $(LINTED)

units: go-ready ## Print write units, read units and round trips of each act
	$(GO) test -count=1 -run '^TestUnits$$' -v ./internal/store/...

contract: go-ready ## Run the contract suites of the deployed desk against the emulator at ENDPOINT (localstack/README.md)
	@test -n "$(ENDPOINT)" || { echo "Say where the emulator is, such as: make contract ENDPOINT=http://localhost:4566 (make emulator starts one)"; exit 1; }
	@GO=$(GO) localstack/contract.sh $(ENDPOINT) $(SUITES)

emulator: ## Start MiniStack, an emulator of AWS, on http://localhost:4566 (needs Python with pip; see localstack/README.md)
	@localstack/ministack.sh start

# MINISTACK_AUTH=true makes the emulator enforce the roles of the stack.
emulator-deploy: go-ready node-ready ## Deploy the whole stack to the emulator and print its addresses (needs Node.js with npm)
	@localstack/deploy.sh look
	@$(MAKE) --no-print-directory functions ARCH=$$($(GO) env GOHOSTARCH)
	@$(MAKE) --no-print-directory web
	@$(MAKE) --no-print-directory build
	@localstack/deploy.sh

e2e-deployed: go-ready ## Run the scenarios against the stack on the emulator
	@localstack/e2e.sh look
	@$(MAKE) --no-print-directory build
	@localstack/e2e.sh

emulator-stop: ## Stop it; nothing of it stays
	@localstack/ministack.sh stop

ARCH ?= arm64
STAGE ?= dev
ACTS = $(notdir $(patsubst %/main.go,%,$(wildcard functions/*/main.go)))
LAMBDA = CGO_ENABLED=0 GOOS=linux $(GO) build -tags lambda.norpc -trimpath -buildvcs=false -ldflags "-s -w"

functions: go-ready ## Build the Lambdas into bin/functions/ARCH (arm64)
	@set -e; for act in $(ACTS); do \
		mkdir -p bin/functions/$(ARCH)/$$act; \
		GOARCH=$(ARCH) $(LAMBDA) -o bin/functions/$(ARCH)/$$act/bootstrap ./functions/$$act; \
	done

sizes: functions ## Print the size of each Lambda and its zip, hold them to their limits, and what makes the largest large
	@functions/internal/sizes.sh bin/functions/$(ARCH) $(ARCH)

coldstart: go-ready ## Measure process start -> first request of each Lambda, against an empty one
	@$(MAKE) --no-print-directory functions ARCH=$$($(GO) env GOHOSTARCH)
	@$(LAMBDA) -o bin/functions/empty ./functions/internal/coldstart/empty
	@$(GO) run ./functions/internal/coldstart bin/functions/$$($(GO) env GOHOSTARCH) bin/functions/empty

CDK = localstack/node_modules/.bin/cdk
CDKFLAGS = --app bin/infra --output .cache/cdk/$(STAGE) -c stage=$(STAGE) -c mail=$(MAIL) $(if $(PUBLIC),-c public=$(PUBLIC)) $(if $(CERTIFICATE),-c certificate=$(CERTIFICATE)) $(if $(ALARMS),-c alarms=$(ALARMS))

deploy: can-deploy functions cdk-ready ## Deploy to AWS: STAGE=dev|prod MAIL=desk@example.com (docs/operations.md)
	@$(MAKE) --no-print-directory web
	@$(MAKE) --no-print-directory build
	$(CDK) deploy $(CDKFLAGS) --outputs-file .cache/cdk/$(STAGE).json
	bin/relevo publish -stage $(STAGE)

diff: can-diff functions cdk-ready ## Show what deploy would change
	$(CDK) diff $(CDKFLAGS)

destroy: can-destroy functions cdk-ready ## Destroy a deployed stage; prod keeps its data
	$(CDK) destroy $(CDKFLAGS)

# Asked before anything large is built: the words, Node.js, the keys, the CDK's bootstrap, the state of the stack.
can-%: mail-said node-ready build
	@bin/relevo ready $* -stage '$(STAGE)' -mail '$(MAIL)' -public '$(PUBLIC)' -certificate '$(CERTIFICATE)' -alarms '$(ALARMS)'

mail-said:
	@test -n "$(MAIL)" || { echo "Say the address that the desk's mail comes from: make $(firstword $(MAKECMDGOALS)) STAGE=$(STAGE) MAIL=desk@example.com"; exit 1; }

cdk-ready: go-ready
	@test -x $(CDK) || npm ci --prefix localstack --no-audit --no-fund --ignore-scripts || \
		{ echo "npm could not fetch the CDK's command line: is the registry reachable from here (a network or proxy)? Then run this again."; exit 1; }
	@$(GO) build -o bin/infra ./infra/app

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
