# Every command of the project; `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run setup doctor psql reset test journeys check lint fmt bench night clean install
SHELL := /bin/sh
BIN := .venv/bin
export PYTHONPATH :=

help: ## 列出全部命令 list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## 安装并启动全部，Ctrl-C 停止 install and start everything, stop with Ctrl-C
	@tools/bootstrap.sh run
	@exec $(BIN)/lutong run

setup: ## 只安装，不启动 install only
	@tools/bootstrap.sh run
	@exec $(BIN)/lutong setup

doctor: ## 检查本机缺什么 what this machine lacks
	@tools/bootstrap.sh run
	@exec $(BIN)/lutong doctor

psql: ## 打开数据库终端（先 make run）a database shell while it runs
	@exec $(BIN)/lutong postgres psql

reset: ## 删除本机全部数据 delete all data of this installation
	@exec $(BIN)/lutong reset --yes

test: install ## 全部测试，含浏览器 all tests, journeys in the browser included (≤ 20 min)
	$(BIN)/pytest -n 2 -m "not journey and not slow" --junitxml=test-results/unit.xml
	$(BIN)/pytest --ds=tests.verification_settings -n 2 -m "not slow" --junitxml=test-results/verification.xml src/lutong/verification
	$(BIN)/pytest -m "journey and not slow" --junitxml=test-results/journeys.xml

journeys: install ## 只测浏览器里的故事 only the journeys
	$(BIN)/pytest -m "journey and not slow"

check: lint ## 风格、类型、架构、模板、迁移 style, types, architecture, templates, the house
	$(BIN)/pytest tests/house

lint: install ## 其中不运行测试的部分 the part of check that runs no tests
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/mypy --config-file tools/mypy_verification.toml
	$(BIN)/lint-imports
	$(BIN)/djlint --quiet --lint src

fmt: install ## 整理代码格式 format the code
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install ## 与同类和极限比较，打印比值 benchmarks, printed as ratios (BENCH=--quick, or names)
	$(BIN)/python -m benchmarks $(BENCH)

night: install ## 整夜：慢测试、反复竞态、全部恶意输入、完整基准 slow tests, races again and again, all hostile input, full benchmarks
	$(BIN)/pytest -m slow --timeout 7200
	$(BIN)/pytest --ds=tests.verification_settings -m slow --timeout 7200 src/lutong/verification
	for round in 1 2 3 4 5 6 7 8 9 10; do \
	    $(BIN)/pytest -m "not slow" $$(find src -name 'test_races*.py' -not -path '*/verification/*') || exit 1; \
	done
	LUTONG_RACES=1000 $(BIN)/pytest --timeout 7200 src/lutong/domains/delegation/tests/test_places.py \
	    src/lutong/domains/staffing/tests/test_powers.py
	LUTONG_HOSTILE=every $(BIN)/pytest --timeout 7200 tests/journeys/test_takes_bad_input.py
	$(BIN)/python -m benchmarks --full

clean: ## 删除安装出来的东西，保留数据 remove what was installed, keep the data
	rm -rf .venv .tools node_modules src/lutong/site/static/vendor src/lutong/fonts .lutong-test \
	    test-results .mypy_cache .ruff_cache .import_linter_cache .hypothesis

install:
	@tools/bootstrap.sh dev
