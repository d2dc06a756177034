#!/usr/bin/env bash
# Fails when a snapshot is committed that no test refers to. A test that asserts
# a snapshot writes the name of its file into the list that INSTA keeps, so the
# list of all runs is held against the files.
set -euo pipefail
cd "$(dirname "$0")/.."
refs=$(mktemp)
trap 'rm -f "$refs"' EXIT
INSTA_SNAPSHOT_REFERENCES_FILE="$refs" INSTA_UPDATE=no cargo test --workspace --locked --quiet >/dev/null
unreferenced=0
while IFS= read -r file; do
  if ! grep -qF -- "$file" "$refs"; then
    echo "no test refers to $file: delete it" >&2
    unreferenced=1
  fi
done < <(git ls-files '*.snap')
exit "$unreferenced"
