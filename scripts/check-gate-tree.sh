#!/usr/bin/env bash
# The gate is compiled in other people's CI, so it stays lean: what speaks to registries
# (TLS, HTTP, signals) is not among its dependencies.
set -euo pipefail
cd "$(dirname "$0")/.."

tree=$(cargo tree --locked -p chart-images -p xtask -e normal,build --prefix none --format '{p}')
# A name that is there shows that this looks at the tree at all.
grep -q '^chart-lint v' <<<"$tree"
unwanted='^(registry|chart-images-verify|ureq|rustls|ring|tokio|hyper|reqwest|openssl|native-tls|ctrlc) v'
if found=$(grep -E "$unwanted" <<<"$tree" | sort -u); then
  printf 'the gate depends on what only chart-images-verify needs:\n%s\n' "$found" >&2
  exit 1
fi
echo "$(sort -u <<<"$tree" | wc -l) packages in the gate, none of them for the network"
