#!/usr/bin/env bash
# Installs the runner of helm-unittest into .ci/cache/bin/untt, built from its source. With
# it, prove_migration.py runs the suites of charts before and after a migration; nothing
# else needs it.
set -euo pipefail
cd "$(dirname "$0")/.."
module=github.com/helm-unittest/helm-unittest
version=v1.1.2
# What Go says of the source: whatever the proxy answers, nothing else is built.
sum=h1:r1Ah6Pr3h4kqvd65RN+r0FNTIGrJa+P9rcMyzwHEXXQ=

if ! go=$(command -v "${GO:-go}"); then
  echo "go is missing: the runner of helm-unittest is a Go program. Install Go 1.26 or newer (an older" >&2
  echo "one from 1.21 on fetches it), or name it in GO." >&2
  exit 1
fi
into=$PWD/.ci/cache/bin/untt
if [ -x "$into" ] && [ "$(cat "$into.version" 2>/dev/null)" = "$version" ]; then
  echo "helm-unittest $version is in .ci/cache/bin/untt"
  exit 0
fi
# Not `go install`: it refuses a module that replaces others, as this one does.
said=$(mktemp)
trap 'rm -f "$said"' EXIT
cd / # outside of any module
"$go" mod download -json "$module@$version" >"$said" || { cat "$said" >&2; exit 1; }
field() { sed -n "s/^[[:space:]]*\"$1\": \"\(.*\)\",\{0,1\}\$/\1/p" "$said"; }
if [ "$(field Sum)" != "$sum" ]; then
  echo "the source of $module $version is not the one that is expected here: $(field Sum), not $sum" >&2
  exit 1
fi
mkdir -p "$(dirname "$into")"
cd "$(field Dir)"
"$go" build -trimpath -o "$into" ./cmd/helm-unittest
echo "$version" >"$into.version"
echo "helm-unittest $version is in .ci/cache/bin/untt"
