# Guests to build: a folder of plugins/, "@", the version that its manifest names.
PLUGINS = bimtek@1.0.0 latsar@1.0.0

GO      ?= go
BUILD   = CGO_ENABLED=0 $(GO) build -trimpath -buildvcs=false
CI      = $(patsubst %/main.go,%,$(wildcard .ci/*/main.go))
FOLDERS = cmd tenants plugins platform authz $(CI)
PACKAGES = ./... $(addprefix ./,$(CI))

.DEFAULT_GOAL := help
.PHONY: help build demo test weekly check lint fuzz durability bench generate

help: ## say what can be made
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: ## build bin/wiyata, and the guests in bin/plugins, signed with a key of this machine
	@mkdir -p bin
	$(BUILD) -o bin/wiyata ./cmd/wiyata
	@test -s bin/development.key || (umask 077; openssl rand -hex 32 > bin/development.key)
	@set -e; rm -rf bin/plugins; for plugin in $(PLUGINS); do \
		name=$${plugin%@*}; mkdir -p "bin/plugins/$$plugin"; \
		echo "$(BUILD) -o bin/plugins/$$plugin/$$name ./plugins/$$name"; \
		$(BUILD) -o "bin/plugins/$$plugin/$$name" "./plugins/$$name"; \
		cp "plugins/$$name/manifest.json" "bin/plugins/$$plugin/"; \
		bin/wiyata plugin sign -key bin/development.key "bin/plugins/$$plugin" > bin/development.pub; \
	done

demo: build ## build, then serve a filled installation on this machine
	bin/wiyata demo

test: ## run every fuzzer and every test, on SQLite and PostgreSQL, and pages in Chromium
	.ci/test

weekly: ## run what takes hours: pages as everybody, policies against the matrix, fuzzers, power cuts (root)
	.ci/weekly

check: lint ## run the quick checks: format, linters, short tests on SQLite
	@unformatted=$$(gofmt -l $(FOLDERS)); if [ -n "$$unformatted" ]; then echo "not gofmt-ed:"; echo "$$unformatted"; exit 1; fi
	TEST_ENGINES=sqlite $(GO) test -short $(PACKAGES)

lint: ## run the linters that .golangci.yml names
	.ci/lint

fuzz: ## run every fuzzer for ten seconds
	.ci/fuzz

durability: ## cut the power under SQLite twenty times, and a control that must lose (root, loop devices)
	$(GO) build -o bin/durability ./.ci/durability
	bin/durability power 20

bench: ## run the benchmarks, with a line that names the machine
	@echo "machine: $$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1), $$(nproc) cores, $$($(GO) env GOVERSION), $$(date -u +%Y-%m-%d)"
	@packages=$$(grep -rl --include='*_test.go' '^func Benchmark' $(FOLDERS) | xargs -r -n 1 dirname | sort -u | sed 's|^|./|'); \
	if [ -z "$$packages" ]; then echo "no benchmarks yet"; else POSTGRES_FSYNC=on .ci/with-postgres $(GO) test -run '^$$' -bench . -benchmem -benchtime 10x -timeout 30m $$packages; fi

generate: ## write generated code again: templates, protobuf, assets
	$(GO) -C .ci/tools tool templ generate -path "$(CURDIR)"
	$(GO) generate ./...
