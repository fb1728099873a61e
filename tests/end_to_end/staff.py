"""Staff at a deployed console, without a browser: every request as a TLS proxy passes it on."""

from __future__ import annotations

import re
from base64 import b32decode

import httpx
from django_otp.oath import totp

OUTSIDE = "203.0.113.9"  # from where they call
PASSWORD = "cuatro gatos muy serios"


class TlsProxy(httpx.HTTPTransport):
    """Does what the proxy in docs/staff/operar.md does, before a console on this machine."""

    def __init__(self, port):
        super().__init__()
        self._port = port

    def handle_request(self, request):
        said = {"X-Forwarded-Proto": "https", "X-Forwarded-For": OUTSIDE}
        path = request.url.raw_path.decode()
        inside = httpx.Request(
            request.method,
            f"http://127.0.0.1:{self._port}{path}",
            headers={**request.headers, **said},
            content=request.read(),
        )
        return super().handle_request(inside)


class Staff:
    """One member of staff; ``url`` is the console's address as they know it."""

    def __init__(self, url, port):
        self._http = httpx.Client(
            base_url=url, transport=TlsProxy(port), timeout=120, headers={"Origin": url}
        )

    def get(self, path):
        answer = self._http.get(path)
        assert answer.status_code == 200, (path, answer.status_code, answer.headers)
        return answer.text

    def post(self, path, **fields):
        """Send a page's form; return where it leads, or the page that comes back."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.get(path)).group(1)
        answer = self._http.post(path, data={**fields, "csrfmiddlewaretoken": token})
        assert answer.status_code in (200, 302), (path, answer.status_code, answer.text[:500])
        return answer.headers.get("Location") or answer.text

    def sign_in(self, name, password):
        return self.post("/login/", username=name, password=password, next="/")

    def begin(self, name, first_password):
        """Sign in for the first time: another password, then the second factor."""
        assert self.sign_in(name, first_password) == "/"
        assert self._http.get("/").headers["Location"] == "/new-password/"
        self.post("/new-password/", new_password1=PASSWORD, new_password2=PASSWORD)
        secret = re.search(r'data-secret="(\w+)"', self.get("/second-step/")).group(1)
        key = b32decode(secret + "=" * (-len(secret) % 8))
        self.post("/second-step/", code=f"{totp(key):06d}")
