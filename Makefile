# What a developer does. `make help` lists it.

GO ?= go
# The linter is pinned, and run from the module cache: nothing to install.
GOLANGCI = $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOVULNCHECK = $(GO) run golang.org/x/vuln/cmd/govulncheck@v1.9.0

FUZZTIME ?= 20s
# Of the tests of one package: it holds on a machine that has twenty other things to do.
LIMIT = -timeout 60m

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Assess the sample tenant and print the score
	@bin/posture assess testdata/contoso

.PHONY: build
build: ## Build bin/posture
	$(GO) build -o bin/posture ./cmd/posture

.PHONY: test
test: ## Run every test: Go, the policies' Rego tests, scripts of the command line
	$(GO) vet ./...
	$(GO) test $(LIMIT) -race $$($(GO) list ./... | grep -v -e /cmd/ -e /internal/fidelity -e /internal/prove)
# Without the race detector, which makes evaluation ten times slower: the scripts of the command line, which run one whole process
# after another, and all cases of the tests that take samples of them above.
	$(GO) test $(LIMIT) ./cmd/... ./internal/fidelity ./internal/prove
	$(GO) test $(LIMIT) ./engine -run "TestAnyCase|TestLessEvidence|TestSameness|TestDifferentialWithManyValues"

.PHONY: lint
lint: ## Run the linters and look for known vulnerabilities
	$(GOLANGCI) run ./...
	$(GOVULNCHECK) ./...

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (20s)
	@for package in $$($(GO) list ./...); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep ^Fuzz); do \
			echo "$$package $$target"; \
			$(GO) test -run '^$$' -fuzz "^$$target$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$package || exit 1; \
		done; \
	done

.PHONY: bench
bench: ## Measure whole processes against opa and conftest, with the budgets; BENCH="--users 1000 --large 0" is quick
	$(GO) run ./internal/bench run $(BENCH)

.PHONY: gobench
gobench: ## Run the Go benchmarks of every package
	$(GO) test -run '^$$' -bench . -benchmem ./...

.PHONY: update
update: ## Rewrite goldens, sample tenants and generated docs; look at the diff before committing
	$(GO) run ./internal/catalogcache
	$(GO) test ./engine/catalog ./internal/tenant ./internal/reference ./internal/register ./internal/report ./internal/collect/script ./engine/internal/rego/check ./cmd/posture -update
