#!/usr/bin/env bash
# Tests the page of `plan --format html` in a real browser: no request, no error, by keyboard,
# accessible, on a phone, on paper, with hostile names.
#
#   scripts/page.sh              the tests
#   scripts/page.sh --picture    makes docs/plan.png, the picture in the README, anew
#
# Needs Rust, Git, Node 20 or newer with npm, and Chromium: $CHROMIUM, else where distributions put it.
# Debian's is installed where it is missing and apt-get may do so.
set -euo pipefail
cd "$(dirname "$0")/.."
case "${1-}" in
  '' | --picture) ;;
  *) sed -n '2,9s/^# \{0,1\}//p' "$0"; exit 2 ;;
esac

browser() {
  for program in "${CHROMIUM-}" chromium chromium-browser google-chrome; do
    [ -n "$program" ] && command -v "$program" && return
  done
  return 1
}
if ! browser >/dev/null && command -v apt-get >/dev/null; then
  sudo=(); [ "$(id -u)" = 0 ] || sudo=(sudo -n)
  log=$(mktemp)
  if ! { "${sudo[@]}" apt-get update && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends chromium; } >"$log" 2>&1; then
    tail -5 "$log" >&2
  fi
  rm -f "$log"
fi
missing=()
for tool in cargo git node npm; do command -v "$tool" >/dev/null || missing+=("$tool"); done
browser >/dev/null || missing+=("chromium (name it in \$CHROMIUM)")
if [ ${#missing[@]} -gt 0 ]; then
  printf 'page.sh: missing: %s\n' "${missing[@]}" >&2
  exit 3
fi
if ! node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)'; then
  printf 'page.sh: Node %s is too old; 20 or newer is needed\n' "$(node --version)" >&2
  exit 3
fi

cargo build --quiet --locked
export CHART_IMAGES=${CHART_IMAGES:-$(realpath "${CARGO_TARGET_DIR:-target}")/debug/chart-images}
CHROMIUM=$(browser)
export CHROMIUM
cd scripts/page
npm ci --silent --no-audit --no-fund
if [ "${1-}" = --picture ]; then
  node picture.js ../../docs/plan.png
else
  node --test --test-reporter=spec page.test.js
fi
