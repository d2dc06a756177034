#!/usr/bin/env python3
"""Gives tokens as the issuers of registries do, for the tests of this machine alone.

    token_server.py PORT KEY CERTIFICATE

Strangers may pull, tester:secret may push. `openssl` signs, so that nothing but Python's own
library is needed.
"""

import base64
import json
import subprocess
import sys
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

PORT, KEY, CERTIFICATE = int(sys.argv[1]), sys.argv[2], sys.argv[3]
TESTER = "Basic " + base64.b64encode(b"tester:secret").decode()


def encoded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def token(service, scopes, actions):
    lines = open(CERTIFICATE, encoding="ascii").read().split("-----")[2]
    header = {"typ": "JWT", "alg": "RS256", "x5c": ["".join(lines.split())]}
    now = int(time.time())
    access = []
    for scope in scopes:
        kind, name, _ = scope.split(":", 2)
        access.append({"type": kind, "name": name, "actions": actions})
    claims = {
        "iss": "test-issuer", "sub": "", "aud": service, "jti": str(time.time_ns()),
        "iat": now - 10, "nbf": now - 10, "exp": now + 300, "access": access,
    }
    text = ".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
    command = ["openssl", "dgst", "-sha256", "-sign", KEY, "-binary"]
    signed = subprocess.run(command, input=text.encode(), stdout=subprocess.PIPE, check=True)
    return f"{text}.{encoded(signed.stdout)}"


class Issuer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        asked = parse_qs(urlsplit(self.path).query)
        login = self.headers.get("Authorization")
        if login not in (None, TESTER):
            return self.answer(401, {"errors": [{"code": "UNAUTHORIZED", "message": "wrong"}]})
        actions = ["pull", "push"] if login else ["pull"]
        given = token(asked["service"][0], asked.get("scope", []), actions)
        self.answer(200, {"token": given, "expires_in": 300})

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


ThreadingHTTPServer(("127.0.0.1", PORT), Issuer).serve_forever()
