# Every target installs .venv by itself if need be; only make and Python 3.11 are required.
PYTHON ?= python3
PY := .venv/bin/python
VM ?= micropython
MODEL ?= EP
FILES ?= host_tests/scenarios
TRACE ?=
MODEM ?=
FAMILY ?= sim800l
TERMINAL ?=
OPEN ?= 1
# One more than the two cores of the smallest machine: some tests wait for real time.
WORKERS ?= 3
# The board's port, as for mpremote: /dev/ttyUSB0, socket://host:port, rfc2217://host:port.
PORT ?= /dev/ttyUSB0
BOARD ?= devkit
IMAGE ?=
FILE ?= backup.tar
OWNERS ?=
LISTEN ?=

# Each of the many processes that the tests start would compile all its modules again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help venv run play test interop check format measure measure-page screenshots powercut faults families \
        soak soak-month mutants fuzz proof build docs owner clean \
        flash image board deploy repl mount logs backup restore selftest dist

help:
	@echo "Try"
	@echo "  make run      run the firmware in a simulated world, on a page in the browser (OPEN=0: open none;"
	@echo "                TERMINAL=1: in the terminal; TRACE=1: with its AT traffic;"
	@echo "                MODEM=/dev/ttyUSB0 or socket://host:port: in the terminal, with a real modem;"
	@echo "                FAMILY=a7670 or sim7600: with the simulated LTE modem)"
	@echo "  make play     play scenarios (FILES=file or folder, VM=cpython or micropython, FAMILY=a7670)"
	@echo "  make owner    write the owner's manual, remote and quick-start cards into build/owner"
	@echo ""
	@echo "Build (PORT=port, /dev/ttyUSB0 if there is none)"
	@echo "  make flash    put MicroPython on the board (IMAGE=file, else mpflash downloads one)"
	@echo "  make image    make one file of MicroPython and the firmware (IMAGE=file BOARD=devkit)"
	@echo "  make board    make your pin map, firmware/board.py, from a ready-made one (BOARD=devkit)"
	@echo "  make deploy   copy the firmware to the board, only what changed (OWNERS=1: your pin map, too)"
	@echo "  make logs     show the board's crashes, restart it, show its output (LISTEN=1: output only)"
	@echo "  make repl     connect to the board's REPL"
	@echo "  make selftest let the board test itself"
	@echo "  make mount    run the sources of this folder on the board, without a deploy (needs PSRAM)"
	@echo "  make backup   save the board's settings and pin map (FILE=backup.tar)"
	@echo "  make restore  write them back"
	@echo ""
	@echo "Develop"
	@echo "  make check    check style and types"
	@echo "  make test     run all tests, on CPython and on the MicroPython VM"
	@echo "  make format   format the code"
	@echo "  make docs     update the generated pages of docs/"
	@echo "  make build    compile the .mpy files for the board into build/"
	@echo "  make dist     make the archive of a release, with the install page (IMAGE=file: and one image)"
	@echo "  make clean    remove what was built (.venv stays)"
	@echo "  make venv     install the tools into .venv; every other target does that by itself"
	@echo "  make measure  print wake-ups, speed, memory and sizes"
	@echo "  make measure-page  print frame rate and lag of the bench page"
	@echo "  make screenshots   take the pictures of README.md and docs/"
	@echo "  make interop  run gammu, smstools, chat and python-gsmmodem on the simulated modem, in real time"
	@echo "  make powercut cut the power at every flash operation (SAMPLE=5: at every fifth)"
	@echo "  make faults   try every fault of docs/modem.md at every instant, every pair, and at every second"
	@echo "                of an alarm's calls (half an hour)"
	@echo "  make families play all scenarios on the simulated A7670 and SIM7600, on CPython and on the VM"
	@echo "  make fuzz     run Hypothesis against the firmware, FUZZ=20 times as long as make test does; then"
	@echo "                atheris, guided by coverage, against its parts (RUNS=1000000 inputs each; hours)"
	@echo "  make mutants  change lib/ in a copy: do the tests notice? (COUNT=120 SEED=1 FOR=40)"
	@echo "  make soak     simulate years of random lives, each played twice and compared (YEARS=1 SEED=1"
	@echo "                FAMILY=a7670)"
	@echo "  make soak-month    simulate a month with a fault every hour, on CPython and on the VM (DAYS=30)"
	@echo "  make proof    run soak, fuzz, soak-month and attacks: the figures of docs/reliability.md"

venv:
	@$(PYTHON) tools/install.py

run: venv
ifeq ($(TERMINAL)$(TRACE)$(MODEM),)
	@$(PY) -m tools.bench page --vm $(VM) --model $(MODEL) --family $(FAMILY) $(if $(filter 0,$(OPEN)),--no-open)
else
	@$(PY) -m tools.bench run --vm $(VM) --model $(MODEL) --family $(FAMILY) \
		$(if $(TRACE),--trace) $(if $(MODEM),--modem $(MODEM))
endif

play: venv
	@$(PY) -m tools.bench play $(FILES) --vm $(VM) --family $(FAMILY)

test: venv
	@$(PY) -m tools.build --quiet
	@$(PY) -m pytest -q -n $(WORKERS) $(PYTEST)

# The clients come from Debian's gammu, gammu-smsd, smstools and ppp; missing ones are skipped.
interop: venv
	@INTEROP=all SPEED=1 $(PY) -m pytest -q -n $(WORKERS) --dist load host_tests/interop

check: venv
	@$(PY) -m tools.spdx --check
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy --config-file mypy-device.ini
	@$(PY) -m mypy

format: venv
	@$(PY) -m ruff check --fix-only -q .
	@$(PY) -m ruff format .

measure: venv
	@$(PY) -m tools.proof.measure

measure-page: venv
	@$(PY) -m tools.proof.measure.page

screenshots: venv
	@$(PY) -m tools.docs.page_shots

# At every flash operation and instant of every kind of change; SAMPLE=5: at every fifth.
SAMPLE ?= 1
powercut: venv
	@$(PY) -m tools.proof.powercut --sample $(SAMPLE)
	@$(PY) -m tools.proof.powercut --sample 12 --vm micropython

faults: venv
	@$(PY) -m tools.build --quiet
	@FAULTS=all $(PY) -m pytest -q -n $(WORKERS) host_tests/test_faults.py host_tests/test_alarm_faults.py \
		host_tests/test_lte_faults.py host_tests/test_pace.py

families: venv
	@$(PY) -m tools.build --quiet
	@FAMILIES=all $(PY) -m pytest -q -n $(WORKERS) host_tests/test_family_scenarios.py

DAYS ?= 30
soak-month: venv
	@$(PY) -m tools.build --quiet
	@SOAK_DAYS=$(DAYS) SOAK_FAMILY=$(FAMILY) $(PY) -m pytest -q -s --timeout 7200 host_tests/test_soak_month.py

COUNT ?= 120
SEED ?= 1
FOR ?= 40
mutants: venv
	@$(PY) -u -m tools.proof.mutants --sample $(COUNT) --seed $(SEED) --seconds $(FOR)

build: venv
	@$(PY) -m tools.build

docs: venv
	@$(PY) -m tools.docs.commands_page
	@$(PY) -m tools.board.pin_map --doc
	@$(PY) -m tools.docs.schematic
	@$(PY) -m tools.docs.board_picture
	@$(PY) -m tools.owner.manual

# What an owner gets, for the browser.
owner: venv
	@$(PY) -m tools.owner

flash: venv
	@$(PY) -m tools.board.flash $(PORT) $(if $(IMAGE),--image $(IMAGE))

image: venv
	@$(PY) -m tools.board.image $(IMAGE) --board $(BOARD)

board: venv
	@$(PY) -m tools.board.pin_map $(BOARD)

deploy: venv
	@$(PY) -m tools.board.deploy $(PORT) $(if $(OWNERS),--replace-board)

repl mount selftest: venv
	@$(PY) -m tools.board.upkeep $@ $(PORT)

logs: venv
	@$(PY) -m tools.board.upkeep logs $(PORT) $(if $(LISTEN),--listen)

backup restore: venv
	@$(PY) -m tools.board.upkeep $@ $(PORT) --file $(FILE)

dist: venv
	@$(PY) -m tools.board.dist $(if $(IMAGE),--image $(IMAGE)) --board $(BOARD)

clean:
	rm -rf build .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

# Simulates years of random lives from one seed on, judged from outside.
YEARS ?= 1
SECONDS ?= 1000000000
soak: venv
	@$(PY) -m tools.proof.soak --seconds $(SECONDS) --years $(YEARS) --seed $(SEED) --workers $(WORKERS) \
		--family $(FAMILY)

FUZZ ?= 20
RUNS ?= 1000000
fuzz: venv
	@$(PY) -m tools.build --quiet
	@FUZZ=$(FUZZ) $(PY) -m pytest -q -s --timeout 7200 host_tests/test_fuzz.py \
		host_tests/test_page_fuzz.py
	@$(PY) -m tools.proof.fuzz --runs $(RUNS)

# Takes hours; docs/reliability.md shows what this prints.
proof: soak fuzz soak-month
	@$(PY) -m pytest -q host_tests/test_attack_costs.py
