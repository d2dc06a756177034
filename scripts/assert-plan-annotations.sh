#!/usr/bin/env bash
# Shows the annotations of charts-fixtures/plan and fails unless they are the
# plan's eleven rows. The GitHub workflow runs it so that a pull request shows
# what an annotated finding looks like.
set -euo pipefail
cd "$(dirname "$0")/.."
out=$(mktemp)
trap 'rm -f "$out"' EXIT
status=0
cargo xtask lint-images charts-fixtures/plan --format github >"$out" || status=$?
cat "$out"
# Ten errors fit into one step; the rest is counted in a notice.
shown=$(grep -c '^::error ' "$out" || true)
if [ "$status" -ne 1 ]; then
  echo "expected exit status 1 (findings), got $status" >&2
  exit 1
fi
if [ "$shown" -ne 10 ]; then
  echo "expected 10 annotations at level error, got $shown" >&2
  exit 1
fi
echo "10 of the plan's 11 findings are annotated, the limit of one step; the summary has all of them"
