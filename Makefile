# Two commands do everything: `make run` starts the daemon with its review page, `make test` runs all checks.

VENV := .venv
BIN := $(VENV)/bin

.PHONY: help run test fix docs catalogues upgrade bench clean

help:  ## say what can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## /  make \1\t/' | expand -t 18

run: $(VENV)/installed  ## install, then start the daemon and its review page with ./config.toml
	@exec $(BIN)/diembao daemon

test: $(VENV)/installed-dev  ## install what tests need, then run all checks
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/cog --check -I docs $$(cat docs/generated.txt)
	@# The tests start hundreds of processes, which compile our code anew where Python may write no bytecode.
	$(BIN)/python -m compileall -q crawler spiders storage tests
	$(BIN)/pytest -n 3 --dist loadgroup

fix: $(VENV)/installed-dev  ## mend what ruff can mend
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

docs: $(VENV)/installed-dev  ## write the generated parts of the documents again
	$(BIN)/cog -r -I docs $$(cat docs/generated.txt)

bench: $(VENV)/installed-dev  ## measure what docs/measurements.md reports
	$(BIN)/python -m bench.crawl
	$(BIN)/python -m bench.daemon
	$(BIN)/python -m bench.export
	$(BIN)/python -m bench.reading
	$(BIN)/python -m bench.judging
	$(BIN)/python -m bench.laboratory
	$(BIN)/python -m bench.pages
	$(BIN)/python -m bench.citing
	$(BIN)/python -m bench.reporting
	$(BIN)/python -m bench.linting
	$(BIN)/python -m bench.rhythm
	$(BIN)/python -m bench.health
	$(BIN)/python -m bench.soak
	$(BIN)/python -m bench.silence --papers 6
	$(BIN)/python -m bench.notices
	$(BIN)/python -m bench.upkeep

catalogues: $(VENV)/installed-dev  ## gather the review page's sentences anew, to be translated
	$(BIN)/pybabel -q extract -F babel.cfg -k Sentence -k counted:1,2 --no-location --omit-header -o build-page.pot .
	$(BIN)/pybabel -q update -l en -i build-page.pot -o crawler/review/catalogues/en.po --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --width 110
	rm build-page.pot

upgrade:  ## renew constraints.txt with today's releases; run `make test` before keeping them
	scripts/upgrade

clean:  ## remove the environment; data/ stays
	rm -rf $(VENV)

$(VENV)/installed: pyproject.toml constraints.txt scripts/environment
	scripts/environment $(VENV) .
	@touch $@

$(VENV)/installed-dev: pyproject.toml constraints.txt scripts/environment
	scripts/environment $(VENV) '.[dev]'
	@touch $@ $(VENV)/installed
