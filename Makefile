# `make lab` opens the course in JupyterLab.  Everything is installed into .venv, once.

PYTHON ?= python3
BIN := .venv/bin
# Both a plain install and an isolated build keep to the pinned versions.  pip takes spaces for the
# ends of names, so this one is relative.
PINNED := PIP_CONSTRAINT=constraints.txt
PIP := $(PINNED) $(BIN)/python -m pip install --quiet --disable-pip-version-check
# JupyterLab refuses to run as root unless told that it may.
ROOT_OK := $(if $(filter 0,$(shell id -u)),--allow-root)
LAB = "$(CURDIR)/$(BIN)/jupyter" lab $(ROOT_OK)
# JupyterLab's news would ask the network, and the learner, before the lesson begins.
QUIET_LAB = @$(BIN)/jupyter labextension disable --level=sys_prefix \
  @jupyterlab/apputils-extension:announcements >/dev/null 2>&1
FIRST := 01_sliding_window/01_sliding_window.ipynb

.DEFAULT_GOAL := lab
.PHONY: lab

lab: .venv/lab.done  ## open the lessons in JupyterLab (ARGS="--no-browser --port 8899" passes through)
	cd release && $(LAB) --LabApp.default_url=/lab/tree/$(FIRST) $(ARGS)

# Debian's Python without python3-venv leaves an environment without pip: the next try begins anew.
.DELETE_ON_ERROR:

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || { \
	  echo "This course needs Python 3.11 or newer; '$(PYTHON)' is $$($(PYTHON) --version 2>&1)." >&2; \
	  echo "Name another one: make lab PYTHON=python3.12" >&2; exit 1; }
	$(PYTHON) -m venv .venv

.venv/lab.done: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) --editable '.[lab]'
	$(QUIET_LAB)
	@touch $@

-include instructor.mk
