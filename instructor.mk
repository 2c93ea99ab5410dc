# What instructors and contributors run; students do not get this file.

.PHONY: teach test quick demo build verify slides pages site lite bench cluster help

teach: .venv/teach.done  ## open the whole course with Formgrader
	$(LAB) $(ARGS)

# The course's products are small: threads would wait for each other.
test quick build verify demo site lite: export OPENBLAS_NUM_THREADS := 1
# Hundreds of processes start: none compiles again what another has compiled.
test quick: export PYTHONDONTWRITEBYTECODE :=

# A file's tests share what they start; files with slow tests come first, so that workers end together.
# Many wait for browsers and servers, so there are two workers more than processors, but at most 4.
WORKERS = $(shell $(PYTHON) -c 'import os; print(min(4, os.cpu_count() + 2))')
# The quick tests wait for nothing, and each worker reads all tests before it begins.
quick: WORKERS = $(shell $(PYTHON) -c 'import os; print(min(4, os.cpu_count()))')
PYTEST = $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder

test: .venv/test.done  ## run every test
	@$(MAKE) --no-print-directory --keep-going $(EXTRAS) \
	  || echo "Not everything could be installed; the tests that need it will be skipped." >&2
	$(PYTEST) $(ARGS)

quick: .venv/test.done  ## run the tests that need no browser, kernel or grading run
	$(PYTEST) -m "not slow" $(ARGS)

demo: .venv/teach.done  ## grade a simulated class from end to end
	$(BIN)/python -m autograder demo $(ARGS)

build: .venv/teach.done  ## rebuild notebooks, visible cases and the student zip
	$(BIN)/python -m autograder build $(ARGS)

verify: .venv/teach.done  ## say which built files are stale
	$(BIN)/python -m autograder verify $(ARGS)

slides: .venv/teach.done  ## write every lesson as slides that are live offline, in dist/slides/
	$(BIN)/python -m autograder slides $(ARGS)

pages: .venv/teach.done  ## write every solved lesson as a page that is live offline, in dist/pages/
	$(BIN)/python -m autograder pages $(ARGS)

site: .venv/site.done  ## write the course as a site that is live offline, in dist/site/ (ARGS="--upto 03")
	$(BIN)/python -m autograder site $(ARGS)

lite: .venv/site.done .venv/lite.done  ## write the site with JupyterLite in it, which runs lessons in the browser
	$(BIN)/python -m autograder site --lite $(ARGS)

bench: .venv/oracle.done  ## measure reference, figures and grading (ARGS=--quick: a few minutes)
	$(BIN)/python -m benchmarks.convolution $(ARGS)
	$(BIN)/python -m benchmarks.widgets $(ARGS)
	$(BIN)/python -m benchmarks.grading $(ARGS)
	$(BIN)/python -m benchmarks.class_of_5000 $(ARGS)

cluster: .venv/cluster.done  ## start a Dask cluster here for grade --scheduler (ARGS="--workers 4")
	$(BIN)/python -m autograder.pipeline.grading.cluster $(ARGS)

help:  ## list these commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/'

.venv/teach.done: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) --editable '.[instructor]'
	$(QUIET_LAB)
	@touch $@ .venv/lab.done

.venv/site.done: .venv/teach.done
	$(PIP) --editable '.[site]'
	@touch $@

# JupyterLite builds in an environment of its own, and its kernels get these wheels.
.venv/lite.done: pyproject.toml constraints.txt | .venv/bin/python
	$(PYTHON) -m venv .venv/lite
	$(subst $(BIN),.venv/lite/bin,$(PIP)) --editable '.[lite]'
	$(PINNED) .venv/lite/bin/python -m pip download --quiet --disable-pip-version-check --no-deps \
	  --only-binary=:all: --platform any --python-version 3.14 --dest .venv/lite/wheels \
	  anywidget array-api-compat comm ipywidgets psygnal typing_extensions
	@touch $@

# Only tests ask this copy of Pyodide; npm brings it, without numpy and matplotlib.
.venv/pyodide.done: tests/browser/pyodide.py .venv/lite.done
	$(BIN)/python -m tests.browser.pyodide .venv/pyodide
	@touch $@

.venv/cluster.done: .venv/teach.done
	$(PIP) --editable '.[cluster,instructor]'
	@touch $@

.venv/test.done: pyproject.toml constraints.txt | .venv/bin/python
	$(PIP) --editable '.[dev]'
	$(QUIET_LAB)
	@$(MAKE) --no-print-directory programs
	@touch $@ .venv/lab.done .venv/teach.done .venv/site.done .venv/cluster.done

# Heavy, and asked by a few tests: PyTorch, JupyterLite, JupyterHub with its proxy, and Pyodide,
# which npm brings.  Without one of them its tests say why they are skipped.
EXTRAS := .venv/oracle.done .venv/lite.done .venv/hub.done \
  $(if $(shell command -v npm),.venv/pyodide.done)

.venv/oracle.done: .venv/test.done
	$(PIP) --editable '.[dev,oracle]'
	@touch $@

.venv/hub.done: .venv/test.done
	$(PIP) --editable '.[dev,hub]'
	! command -v npm >/dev/null || \
	  npm install --silent --prefix .venv/proxy configurable-http-proxy@5.1.0
	@touch $@

# The browser tests drive Debian's Chromium, the one without a window where there is one, and a few
# run a gradebook in its PostgreSQL server; where these cannot be had, the tests are skipped.
.PHONY: programs
programs:
	@if [ "$$(id -u)" = 0 ]; then do_as=; else do_as="sudo -n"; fi; \
	get() { command -v apt-get >/dev/null && $$do_as env DEBIAN_FRONTEND=noninteractive \
	  apt-get install -qq -y --no-install-recommends $$1 >/dev/null; }; \
	missing=; command -v chromium-headless-shell >/dev/null || missing=chromium-headless-shell; \
	command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 \
	  || missing="$$missing postgresql"; \
	[ -z "$$missing" ] || ! command -v apt-get >/dev/null || $$do_as apt-get update -qq || true; \
	for program in $$missing; do \
	  get $$program && continue; \
	  if [ $$program != postgresql ]; then \
	    command -v chromium >/dev/null || get chromium && continue; \
	  fi; \
	  echo "$$program could not be installed; its tests will be skipped." >&2; \
	done
