#!/usr/bin/env bash
# Runs a command beside real registries on this machine, and ends them after it:
#
#   scripts/registry.sh cargo test -p chart-images-verify --test registry
#
# The command finds their addresses in REGISTRY_OPEN (for everybody), REGISTRY_TOKEN (with
# the tokens that ECR Public and Docker Hub use), REGISTRY_BASIC (for tester:secret) and
# REGISTRY_TLS (encrypted, by the authority in the file REGISTRY_CA).
# They are Debian's docker-registry, filled with skopeo; both are installed where they are
# missing and apt-get may do so.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
[ $# -gt 0 ] || { sed -n '2,10s/^# \{0,1\}//p' "$0"; exit 2; }

lacks() { for tool in "$@"; do command -v "$tool" >/dev/null || echo "$tool"; done; }
missing=$(lacks docker-registry skopeo)
if [ -n "$missing" ] && command -v apt-get >/dev/null; then
  sudo=(); [ "$(id -u)" = 0 ] || sudo=(sudo -n)
  log=$(mktemp)
  # Nothing is started at installation: this script starts its own.
  if ! { "${sudo[@]}" apt-get update && "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get install --yes --no-install-recommends docker-registry skopeo; } >"$log" 2>&1; then
    tail -5 "$log" >&2
  fi
  rm -f "$log"
fi
missing=$(lacks docker-registry skopeo openssl python3 curl)
if [ -n "$missing" ]; then
  printf 'registry.sh: missing: %s\n' "$(echo $missing)" >&2
  exit 3
fi

dir=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$dir"
}
trap finish EXIT

free() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# start NAME PORT [TLS] < what the configuration says of credentials
start() {
  local name=$1 port=$2
  {
    printf 'version: 0.1\nlog: {level: error, accesslog: {disabled: true}}\n'
    printf 'storage: {inmemory: {}}\n'
    printf 'http: {addr: "127.0.0.1:%s"%s}\n' "$port" "${3-}"
    cat
  } >"$dir/$name.yml"
  # Traces would be sent to a collector that nobody runs.
  OTEL_TRACES_EXPORTER=none docker-registry serve "$dir/$name.yml" >"$dir/$name.log" 2>&1 &
  pids+=($!)
}

openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test-issuer \
  -keyout "$dir/issuer.key" -out "$dir/issuer.pem" >/dev/null 2>&1
# An authority, and what it says of this machine.
openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj '/CN=test authority' \
  -keyout "$dir/ca.key" -out "$dir/ca.pem" >/dev/null 2>&1
openssl req -newkey rsa:2048 -nodes -subj /CN=127.0.0.1 \
  -keyout "$dir/tls.key" -out "$dir/tls.csr" >/dev/null 2>&1
echo 'subjectAltName = IP:127.0.0.1' >"$dir/tls.ext"
openssl x509 -req -in "$dir/tls.csr" -CA "$dir/ca.pem" -CAkey "$dir/ca.key" -CAcreateserial \
  -days 2 -extfile "$dir/tls.ext" -out "$dir/tls.pem" >/dev/null 2>&1
# htpasswd's form of tester:secret.
echo 'tester:$2y$05$abcdefghijklmnopqrstuuOQiyCxlgf/oeuTqixKmWdcYUh4Hjl0a' >"$dir/htpasswd"
open=$(free); token=$(free); basic=$(free); tls=$(free); issuer=$(free)
python3 "$here/token_server.py" "$issuer" "$dir/issuer.key" "$dir/issuer.pem" &
pids+=($!)
start open "$open" </dev/null
start token "$token" <<CONFIG
auth:
  token:
    realm: http://127.0.0.1:$issuer/token
    service: test-registry
    issuer: test-issuer
    rootcertbundle: $dir/issuer.pem
CONFIG
start basic "$basic" <<CONFIG
auth: {htpasswd: {realm: test, path: $dir/htpasswd}}
CONFIG

start tls "$tls" ", tls: {certificate: $dir/tls.pem, key: $dir/tls.key}" </dev/null

for name in open token basic tls; do
  scheme=http; [ "$name" = tls ] && scheme=https
  port=${!name}
  for attempt in $(seq 100); do
    curl --silent --noproxy '*' --cacert "$dir/ca.pem" --output /dev/null \
      "$scheme://127.0.0.1:$port/v2/" && break
    if [ "$attempt" = 100 ]; then
      printf 'registry.sh: the registry %s did not start\n' "$name" >&2
      cat "$dir/$name.log" >&2
      exit 3
    fi
    sleep 0.1
  done
done

export REGISTRY_OPEN=127.0.0.1:$open REGISTRY_TOKEN=127.0.0.1:$token REGISTRY_BASIC=127.0.0.1:$basic
export REGISTRY_TLS=127.0.0.1:$tls REGISTRY_CA=$dir/ca.pem
"$@"
