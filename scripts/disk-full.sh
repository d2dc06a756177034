#!/usr/bin/env bash
# Runs the tests that fill a small disk, in mounts of their own that end with them. Where
# nothing may be mounted it says that they did not run; as root they have to.
set -euo pipefail
cd "$(dirname "$0")/.."
apart=(unshare --mount)
[ "$(id -u)" = 0 ] || apart+=(--map-root-user)
if [ "$(id -u)" != 0 ] && ! "${apart[@]}" mount -t tmpfs small /mnt 2>/dev/null; then
  echo "nothing may be mounted here without being root: the tests of a full disk did not run" >&2
  exit 0
fi
"${apart[@]}" cargo test --locked -p migrate -p chart-images --test disk_full -- --ignored
