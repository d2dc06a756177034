#!/usr/bin/env bash
# Runs a fuzz target for some seconds, from what the fixtures hold:
#
#   scripts/fuzz.sh evaluator 600
#
# Needs a nightly toolchain and `cargo install cargo-fuzz`. What it finds is in
# fuzz/artifacts; a crash becomes a test of the crate before it is mended.
set -euo pipefail
cd "$(dirname "$0")/.."
target=${1:?usage: scripts/fuzz.sh TARGET [SECONDS]; see fuzz/fuzz_targets}
seconds=${2:-600}
toolchain=${FUZZ_TOOLCHAIN:-nightly}

seeds=fuzz/corpus/$target-seeds
rm -rf "$seeds"
mkdir -p "$seeds" "fuzz/corpus/$target"
# One seed, of what it reads.
seed() { cat >"$(mktemp "$seeds/XXXXXXXX")"; }
case $target in
  lexer | parser)
    while read -r file; do seed <"$file"; done < <(find charts-fixtures -path '*/templates/*' -type f)
    ;;
  evaluator)
    # Values, a NUL byte, then all templates of the chart as one.
    while read -r templates; do
      values=$(dirname "$templates")/values.yaml
      {
        if [ -f "$values" ]; then cat "$values"; fi
        printf '\0'
        find "$templates" -type f -exec cat {} +
      } | seed
    done < <(find charts-fixtures -name templates -type d)
    # What Helm was asked of its functions, one at a time.
    while read -r line; do
      printf '{{ %s }}' "${line%% => *}" | sed 's/ ; / }}{{ /g' | seed
    done < <(awk '!/^#/ && NR % 8 == 0' crates/helm-engine/src/functions/asked/*.txt)
    ;;
  yaml | policy)
    while read -r file; do seed <"$file"; done < <(find charts-fixtures -name '*.yaml' -not -path '*/templates/*' -type f)
    ;;
  reference)
    while read -r image; do printf '%s\nghcr.io/*/**\nquay.io/*/**' "$image" | seed; done \
      < <(grep -rhoE '[a-z0-9.-]+/[a-z0-9./-]+:[A-Za-z0-9_.-]+' charts-fixtures --include='*.yaml' | sort -u)
    ;;
  set)
    while read -r expression; do printf '%s' "$expression" | seed; done <<'EXPRESSIONS'
a=1,b.c=x\,y,list={a,b},l[0][1].k=null
image.tag=v1,s=true,t=007
EXPRESSIONS
    ;;
esac

exec cargo "+$toolchain" fuzz run --sanitizer none "$target" \
  "fuzz/corpus/$target" "$seeds" -- \
  -max_total_time="$seconds" -timeout=10 -rss_limit_mb=2048 -max_len=4096 \
  -dict=fuzz/templates.dict -print_final_stats=1
