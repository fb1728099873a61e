"""The console as staff use it: a real browser, a running Faro, a reply to a signed webhook.

`FARO_SCREENSHOTS=docs/staff` renews the pictures of the staff guide. All of it is started once
for the files of this folder; each of them can be run alone.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from bot.chaos.system import Faro, free_port, wait_for
from bot.chaos.twilio import RecordingTwilio
from tests.browser import FLAGS, chromium
from tests.console.site import Console, Staff

WORD = "cuatro gatos muy serios"


@pytest.fixture(scope="package")
def twilio():
    server = RecordingTwilio()
    yield server
    server.stop()


@pytest.fixture(scope="package")
def port():
    return free_port()


@pytest.fixture(scope="package")
def faro(model, twilio, port, tmp_path_factory):
    """Everything, as `make run` starts it in an empty folder."""
    system = Faro(
        tmp_path_factory.mktemp("f"),
        FARO_CONSOLE="on",
        CONSOLE_PORT=str(port),
        FARO_PER_MINUTE="100",
        **twilio.settings(),
    )
    system.wait_until_ready()
    yield system
    system.stop()


@pytest.fixture(scope="package")
def console(faro, port):
    wait_for(lambda: "one-time password" in faro.log.read_text(), 60)
    site = Console(faro, port)
    site.wait_until_ready()
    return site


@pytest.fixture(scope="package")
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def pictures(tmp_path_factory):
    folder = Path(os.environ.get("FARO_SCREENSHOTS") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="package")
def team(browser, console, pictures):
    """From the printed password to a team: the administrator gives everybody an account."""
    boss = Staff(browser, console, "admin", console.password)
    boss.shoot(pictures, "01-contrasena")
    boss.choose_password(WORD)
    boss.set_up_second_step()
    boss.finish_spare_codes()
    people = {"admin": boss}
    for name, role in (
        ("rosa", "Redacción"),
        ("tina", "Traducción"),
        ("marta", "Revisión"),
        ("julia", "Revisión"),
        ("pablo", "Oficial de protección"),
    ):
        boss.go("/users/new/")
        boss.page.fill("[name=username]", name)
        boss.page.fill("[name=first_name]", name.title())
        boss.page.fill("[name=password1]", "primera palabra nueva")
        boss.page.fill("[name=password2]", "primera palabra nueva")
        boss.page.locator("#tab-label-roles").click()
        boss.page.locator("label", has_text=f"{role}:").click()
        if name == "rosa":
            boss.shoot(pictures, "02-cuentas")
        boss.page.get_by_role("button", name="Crear").click()
        boss.page.wait_for_load_state()
        person = Staff(browser, console, name, "primera palabra nueva")
        person.choose_password(WORD)
        if role not in ("Redacción", "Traducción"):
            if name == "marta":
                person.shoot(pictures, "03-segundo-paso")
            person.set_up_second_step()
            person.finish_spare_codes()
        people[name] = person
    return people
