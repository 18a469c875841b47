#!/usr/bin/env bash
# Install the command `reconciler`, unless it is there and no version is asked for.
#
# INPUT_VERSION: a version of the package; empty for the one that belongs to this action.
# INPUT_EXTRAS: parts that are installed too, separated by commas.
set -euo pipefail

if [ -z "${INPUT_VERSION:-}" ] && command -v reconciler >/dev/null; then
  echo "Using $(command -v reconciler): $(reconciler --version)"
  exit 0
fi
venv="${RUNNER_TEMP:?}/reconciler-venv"
source=$(cd "$(dirname "$0")/../../.." && pwd)
extras=${INPUT_EXTRAS:+[$INPUT_EXTRAS]}
what=$source$extras
[ -z "${INPUT_VERSION:-}" ] || what="trade-plan-reconciler$extras==$INPUT_VERSION"
# Isolated, and in another folder: no module of the files under review may take the place of one of Python.
cd "$RUNNER_TEMP"
python3 -I -m venv "$venv"
"$venv/bin/python" -I -m pip install --quiet --disable-pip-version-check "$what"
echo "$venv/bin" >>"${GITHUB_PATH:?}"
echo "Installed $("$venv/bin/reconciler" --version)"
