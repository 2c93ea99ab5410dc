#!/bin/sh
# Gradescope runs this once, as root and with a network, when it builds the autograder's image.
set -e
root=${AUTOGRADER_ROOT:-/autograder}
apt-get update
apt-get install -y --no-install-recommends python3 python3-venv
python=python3
if ! python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    apt-get install -y --no-install-recommends python3.11 python3.11-venv
    python=python3.11
fi
"$python" -m venv "$root/venv"
cd "$root/source"
"$root/venv/bin/python" -m pip install --no-cache-dir -c constraints.txt -r requirements.txt
