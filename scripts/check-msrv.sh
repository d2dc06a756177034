#!/usr/bin/env bash
# Builds the workspace with the oldest Rust that Cargo.toml states.
set -euo pipefail
cd "$(dirname "$0")/.."
msrv=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
rustup toolchain install "$msrv" --profile minimal
cargo +"$msrv" check --workspace --locked
