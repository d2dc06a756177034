#!/usr/bin/env bash
# Fails when a snapshot is committed that no test refers to; those of helm-unittest, which a
# fixture has as charts do, are its runner's.
# Usage: check-snapshots.sh FILE, where FILE is what insta wrote during a run of
# all tests with INSTA_SNAPSHOT_REFERENCES_FILE=FILE.
set -euo pipefail
cd "$(dirname "$0")/.."
references=$1
unreferenced=0
while IFS= read -r file; do
  if ! grep -qF -- "/$file" "$references"; then
    echo "no test refers to $file: delete it" >&2
    unreferenced=1
  fi
done < <(git ls-files '*.snap' ':!:*/__snapshot__/*')
exit "$unreferenced"
