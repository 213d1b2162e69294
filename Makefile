# What a developer does. `make help` lists it.

GO ?= go
# The linter is pinned, and run from the module cache: nothing to install.
GOLANGCI = $(GO) run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GORELEASER = $(GO) run github.com/goreleaser/goreleaser/v2@v2.15.1
GOVULNCHECK = $(GO) run golang.org/x/vuln/cmd/govulncheck@v1.9.0

FUZZTIME ?= 10s
# Limit of the tests of one package. It holds on a machine that has twenty other things to do.
LIMIT = -timeout 120m
# 'make lint' vets every package, with more checks than tests are vetted with.
UNVETTED = -vet=off
# What runs in several goroutines, or is used by several at once: whole packages, and such tests of large ones.
CONCURRENT = . ./evidence ./internal/records ./internal/watch ./internal/importer/powershell ./internal/register ./schemas ./engine/internal/load ./engine/internal/scan ./engine/internal/rego/check ./engine/internal/rego/ir
CONCURRENT_LARGE = ./engine ./engine/catalog ./internal/history ./internal/snapshot
CONCURRENT_TESTS = Concurrent|TestInterleaved|TestCancel|TestSameBytes|TestRuleGroup|TestRepeatsAmongMany|TestUnmatchedAmongMany|TestTryVerdicts|Example|TestOverlay|TestWatch|TestTwoWriters|TestAppend|TestFilter|TestRefresh|TestManyTenants|TestNextDay|TestZones|TestTenantsVersion
# The tests of large packages that write what they compare with: see the flag -update.
WRITERS = ^(TestDiagnostics|TestWithParametersDiagnostics|TestProblems|TestEdits|TestSamplesAreWhatTheCodeGenerates|TestFortnight|TestPagesAreFresh|TestDocs|TestConfigurationPage|TestPipelinesFiles|TestREADME)$$

.PHONY: help
help: ## List the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Assess the sample tenant and print the score
	@bin/posture assess testdata/contoso

.PHONY: build
build: ## Build bin/posture
	$(GO) build -o bin/posture ./cmd/posture

.PHONY: install
install: ## Install posture and posture-ci where Go installs programs
	$(GO) install ./cmd/posture ./cmd/posture-ci

.PHONY: man
man: build ## Write manual pages of all commands into bin/man
	bin/posture man bin/man

.PHONY: postgres
postgres: ## Install PostgreSQL for the tests of the store where it is missing: on Debian, as root
	@.ci/postgres

.PHONY: chromium
chromium: ## Install Chromium for the tests of the page where no browser is: on Debian, as root
	@.ci/chromium

.PHONY: test
test: postgres chromium ## Run every test: Go, the policies' Rego tests, scripts of the command line
	$(GO) test $(LIMIT) $(UNVETTED) ./...

.PHONY: race
race: ## Run the tests of code that runs concurrently under the race detector
	$(GO) test $(LIMIT) $(UNVETTED) -race $(CONCURRENT)
	$(GO) test $(LIMIT) $(UNVETTED) -race -run '$(CONCURRENT_TESTS)' $(CONCURRENT_LARGE)
	$(GO) test $(LIMIT) $(UNVETTED) -race -short ./internal/serve ./internal/serve/signin

.PHONY: lint
lint: ## Run the linters
	$(GO) vet ./...
	$(GOLANGCI) run --allow-parallel-runners ./...
	@.ci/node npm run --silent lint

.PHONY: vuln
vuln: ## Look for known vulnerabilities; it asks vuln.go.dev
	$(GOVULNCHECK) ./...

.PHONY: release
release: ## Check how releases are made (.goreleaser.yaml); it makes none
	$(GORELEASER) check

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (10s), two at a time
	@.ci/fuzz $(FUZZTIME)

.PHONY: bench
bench: ## Measure whole processes against opa and conftest, with the budgets; BENCH="--users 1000 --large 0 --stream 0 --growth=false" is quick
	$(GO) run ./internal/bench run $(BENCH)

.PHONY: gobench
gobench: ## Run the Go benchmarks of every package
	$(GO) test -run '^$$' -bench . -benchmem ./...

.PHONY: screenshots
screenshots: chromium ## Take the pictures of docs/images anew, from the sample tenant with a year of history
	$(GO) test ./internal/pagetest -count=1 -run '^TestScreenshots$$' -screenshots

.PHONY: update
update: generate ## Rewrite goldens, sample tenants and generated docs; look at the diff before committing
	$(GO) test $(UNVETTED) ./cmd/posture -run '^TestScripts$$' -update

.PHONY: generate
generate: ## Rewrite what 'make update' does, but for the scripts of the command line, which take longest
	$(GO) run ./internal/catalogcache
	$(GO) generate ./internal/page/web
	$(GO) test $(UNVETTED) ./internal/report ./internal/securescore ./internal/collect/script ./engine/internal/rego/check -update
	$(GO) test $(UNVETTED) ./engine/catalog ./internal/register ./internal/tenant ./internal/tenant/year ./internal/reference ./cmd/posture -run '$(WRITERS)' -update
