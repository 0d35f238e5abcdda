# Every target makes and keeps .venv by itself; nothing but make and Python 3.11 is needed.
PYTHON ?= python3
PY := .venv/bin/python
VM ?= micropython
MODEL ?= EP
FILES ?= host_tests/scenarios
TRACE ?=
MODEM ?=
TERMINAL ?=
OPEN ?= 1
WORKERS ?= 2
# The board: PORT= is what mpremote takes (/dev/ttyUSB0, socket://host:port, rfc2217://host:port).
PORT ?= /dev/ttyUSB0
BOARD ?= devkit
IMAGE ?=
FILE ?= backup.tar
OWNERS ?=
LISTEN ?=

.PHONY: help venv run play test interop check format measure measure-page screenshots powercut faults \
        soak soak-month mutants fuzz proof build docs clean \
        flash board deploy repl mount logs backup restore selftest dist

help:
	@echo "make run      the firmware in a simulated world, on a page in the browser (OPEN=0 opens none,"
	@echo "              TERMINAL=1: in the terminal, TRACE=1 shows the AT traffic there,"
	@echo "              MODEM=/dev/ttyUSB0 or socket://host:port: there, with a real modem)"
	@echo "make test     all tests: on CPython and on the MicroPython VM"
	@echo "make interop  gammu, smstools, chat, python-gsmmodem at the simulated modem, in real time"
	@echo "make check    style and types"
	@echo "make play     play scenarios: FILES=.. VM=cpython|micropython"
	@echo "make measure  print wake-ups, speed, memory, sizes"
	@echo "make measure-page  print frames and lag of the bench page; make screenshots: take those of docs/"
	@echo "make powercut cut the power at every flash operation (SAMPLE=5: each fifth)"
	@echo "make faults   every fault of docs/modem.md at every instant, every pair, and at every second"
	@echo "              of an alarm's calls (half an hour)"
	@echo "make soak-month  a month with a fault every hour, on CPython and on the VM (DAYS=30)"
	@echo "make mutants  change lib/ in a copy: do the tests notice? (COUNT=120 SEED=1 FOR=40)"
	@echo "make fuzz     Hypothesis against the firmware, FUZZ=20 times as much as in make test"
	@echo "make proof    soak, fuzz, attacks and a month on the VM: the figures of docs/reliability.md"
	@echo "make soak     simulated years of random lives, judged from outside (YEARS=1 SEED=1)"
	@echo "make build    compile the .mpy files for the board into build/"
	@echo "make flash    MicroPython onto the board (PORT=.. IMAGE=..bin; without IMAGE mpflash fetches one)"
	@echo "make board    your pin map, firmware/board.py, from a ready-made one (BOARD=devkit)"
	@echo "make deploy   the firmware onto the board, what changed (PORT=..; OWNERS=1: your pin map too)"
	@echo "make repl | selftest          the board's REPL, its tests of itself (PORT=..)"
	@echo "make mount    run the sources of this folder on the board, unpacked (PORT=..; with PSRAM)"
	@echo "make logs     the crashes on the board, it restarts, its output (PORT=..; LISTEN=1: output only)"
	@echo "make backup | restore         settings and pin map (PORT=.. FILE=backup.tar)"
	@echo "make dist     an archive for a release"
	@echo "make docs     write the generated pages of docs/ anew"
	@echo "make format   format the code"
	@echo "make clean    remove what was built (.venv stays)"

venv:
	@$(PYTHON) tools/install.py

run: venv
ifeq ($(TERMINAL)$(TRACE)$(MODEM),)
	@$(PY) -m tools.bench page --vm $(VM) --model $(MODEL) $(if $(filter 0,$(OPEN)),--no-open)
else
	@$(PY) -m tools.bench run --vm $(VM) --model $(MODEL) $(if $(TRACE),--trace) $(if $(MODEM),--modem $(MODEM))
endif

play: venv
	@$(PY) -m tools.bench play $(FILES) --vm $(VM)

test: venv
	@$(PY) -m tools.build --quiet
	@$(PY) -m pytest -q -n $(WORKERS) $(PYTEST)

# The clients are Debian's gammu, gammu-smsd, smstools and ppp; those that are missing are skipped.
interop: venv
	@INTEROP=all SPEED=1 $(PY) -m pytest -q -n $(WORKERS) host_tests/interop

check: venv
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy --config-file mypy-device.ini
	@$(PY) -m mypy

format: venv
	@$(PY) -m ruff check --fix-only -q .
	@$(PY) -m ruff format .

measure: venv
	@$(PY) -m tools.measure

measure-page: venv
	@$(PY) -m tools.measure.page

screenshots: venv
	@$(PY) -m tools.page_shots

# Every flash operation and instant of every kind of change; SAMPLE=5 tries each fifth.
SAMPLE ?= 1
powercut: venv
	@$(PY) -m tools.powercut --sample $(SAMPLE)
	@$(PY) -m tools.powercut --sample 12 --vm micropython

faults: venv
	@$(PY) -m tools.build --quiet
	@FAULTS=all $(PY) -m pytest -q -n $(WORKERS) --dist load host_tests/test_faults.py \
		host_tests/test_alarm_faults.py host_tests/test_pace.py

DAYS ?= 30
soak-month: venv
	@$(PY) -m tools.build --quiet
	@SOAK_DAYS=$(DAYS) $(PY) -m pytest -q -s --timeout 7200 host_tests/test_soak_month.py

COUNT ?= 120
SEED ?= 1
FOR ?= 40
mutants: venv
	@$(PY) -u -m tools.mutants --sample $(COUNT) --seed $(SEED) --seconds $(FOR)

build: venv
	@$(PY) -m tools.build

docs: venv
	@$(PY) -m tools.commands_doc
	@$(PY) -m tools.board --doc

flash: venv
	@$(PY) -m tools.flash $(PORT) $(if $(IMAGE),--image $(IMAGE))

board: venv
	@$(PY) -m tools.board $(BOARD)

deploy: venv
	@$(PY) -m tools.deploy $(PORT) $(if $(OWNERS),--replace-board)

repl mount selftest: venv
	@$(PY) -m tools.board_tools $@ $(PORT)

logs: venv
	@$(PY) -m tools.board_tools logs $(PORT) $(if $(LISTEN),--listen)

backup restore: venv
	@$(PY) -m tools.board_tools $@ $(PORT) --file $(FILE)

dist: venv
	@$(PY) -m tools.dist

clean:
	rm -rf build .pytest_cache .ruff_cache .mypy_cache .hypothesis
	find . -name __pycache__ -not -path './.venv/*' -prune -exec rm -rf {} +

# Simulated years of random lives from one seed on, judged from outside.
YEARS ?= 1
SECONDS ?= 1000000000
soak: venv
	@$(PY) -m tools.soak --seconds $(SECONDS) --years $(YEARS) --seed $(SEED) --workers $(WORKERS)

FUZZ ?= 20
fuzz: venv
	@$(PY) -m tools.build --quiet
	@FUZZ=$(FUZZ) $(PY) -m pytest -q -s --timeout 7200 host_tests/test_fuzz.py

# Hours: what docs/reliability.md tells is what this prints.
proof: soak fuzz soak-month
	@$(PY) -m pytest -q host_tests/test_attack_costs.py
