"""A running console in a real browser, staff who use it, and people who write meanwhile."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
from base64 import b32decode, urlsafe_b64encode

import httpx
from django_otp.oath import totp
from playwright.sync_api import expect

from bot.chaos.person import Person
from bot.chaos.system import wait_for
from bot.runtime import keys
from bot.runtime.sealing import derived_key
from bot.runtime.vault import Vault
from bot.settings import ROOT

READY_SECONDS = 90.0


class Console:
    """The console that a fresh ``faro run`` has started, found by what it printed."""

    def __init__(self, faro, port):
        self.faro, self.port = faro, port
        self.url = f"http://127.0.0.1:{port}"
        said = faro.log.read_text()
        self.password = re.search(r"one-time password\s+(\S+)", said).group(1)

    def wait_until_ready(self):
        deadline = time.monotonic() + READY_SECONDS
        while time.monotonic() < deadline:
            try:
                if httpx.get(f"{self.url}/login/", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise RuntimeError((self.faro.folder / "logs/console.log").read_text()[-3000:])

    def command(self, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", "console", *arguments],
            cwd=ROOT,
            env={**os.environ, "FARO_VAR": str(self.faro.folder)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout


class Staff:
    """One member of staff at one browser window."""

    def __init__(self, browser, console, name, password, size=(1400, 950)):
        self.console, self.name = console, name
        self.context = browser.new_context(
            viewport={"width": size[0], "height": size[1]}, locale="es-HN"
        )
        self.page = self.context.new_page()
        self.page.set_default_timeout(20_000)
        self.errors = []
        self.page.on("console", lambda m: self.errors.append(m.text) if m.type == "error" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.secret = None
        self.sign_in(password)

    def go(self, path):
        self.page.goto(self.console.url + path)

    def sign_in(self, password):
        self.go("/login/")
        self.page.fill("[name=username]", self.name)
        self.page.fill("[name=password]", password)
        self.page.click("button[type=submit]")
        self.page.wait_for_load_state()

    def choose_password(self, password):
        self.page.fill("[name=new_password1]", password)
        self.page.fill("[name=new_password2]", password)
        self.page.get_by_role("button", name="Guardar contraseña").click()

    def set_up_second_step(self):
        """Type the key into "an app", and the app's code into the page."""
        self.secret = self.page.locator("[data-secret]").get_attribute("data-secret")
        padded = self.secret + "=" * (-len(self.secret) % 8)
        self.page.fill("#code", f"{totp(b32decode(padded)):06d}")
        self.page.get_by_role("button", name="Continuar").click()
        expect(self.page.locator("li").nth(7)).to_be_visible()

    def finish_spare_codes(self):
        self.page.get_by_role("link", name="Ya los anoté").click()

    def press(self, action):
        """Choose one of the actions at the foot of an edit form."""
        page = self.page
        button = page.locator(
            f"button[name='{action}'], button[data-workflow-action-name='{action}']"
        )
        if not button.first.is_visible():
            page.locator(
                "footer [data-w-dropdown-target=toggle], footer .w-dropdown__toggle"
            ).first.click()
        button.first.click()
        page.wait_for_load_state()

    def open_answer(self, label):
        self.go(f"/answer/{label}/")

    def approve(self, words):
        """Approve what waits for this person on the home page under these words."""
        self.go("/")
        self.page.locator(".faro-tasks a", has_text=words).first.click()
        self.press("approve")

    def publish(self):
        """Publish all that is approved; return when it is live."""
        self.go("/releases/")
        self.page.get_by_role("button", name="Publicar ahora").click()
        expect(self.page.locator(".messages .success")).to_contain_text("al aire")

    def shoot(self, folder, name, full=False):
        self.page.wait_for_timeout(600)
        self.page.screenshot(path=folder / f"{name}.png", full_page=full)


def reload_until(person, path, there):
    """Open a page again until what the bot told has reached it."""
    person.go(path)
    for _ in range(20):
        if person.page.locator(there).count():
            return
        person.page.wait_for_timeout(500)
        person.page.reload()


ASK = "como pido refugio en mexico con la comar"


def reply(faro, twilio, number, text=ASK):
    """Return what a person who writes this for the first time gets by SMS."""
    person = Person(faro, number)
    assert person.write(text) in (200, 204)

    def sent():
        return [m.get("Body", "") for m in twilio.messages if m["To"] == person.address]

    wait_for(lambda: len(sent()) >= 2)
    return "\n".join(sent())


def answers_with(faro, twilio, number, words, seconds=20, text=ASK):
    """Ask as one person after another (who repeats themselves is not answered again)."""
    deadline = time.monotonic() + seconds
    for person in range(100):
        if words in reply(faro, twilio, f"{number}{person:02d}", text):
            return True
        if time.monotonic() > deadline:
            return False
    return False


def ask_unanswered(faro, texts):
    """Put into the event log what the bot puts there when it understands nothing."""
    vault = Vault(derived_key((faro.folder / "keys").read_text().split("\n")[1]))
    for number, text in enumerate(texts):
        message = f"SMq{number}{time.time()}"
        sealed = urlsafe_b64encode(vault.seal(f"unanswered:{message}", text)).decode()
        details = {"message": message, "channel": "sms", "language": "es", "country": "HN",
                   "top": [["passport_documents", 0.3]], "sealed": sealed,
                   "expires": time.time() + 3600}  # fmt: skip
        faro.redis.xadd(
            keys.EVENTS,
            {"type": "not_understood", "at": f"{time.time():.3f}", "details": json.dumps(details)},
        )
