"""The simulator as a person uses it: a real browser, the real adapters, the trained model.

`make screenshots` runs this with FARO_SCREENSHOTS=docs and so renews the pictures there.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.axe import grave
from tests.browser import FLAGS, chromium
from tests.end_to_end.system import Faro


@pytest.fixture(scope="module")
def faro(model, tmp_path_factory):
    system = Faro(tmp_path_factory.mktemp("faro"))
    system.wait_until_ready()
    yield system
    system.stop()


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture
def screenshots(tmp_path):
    return Path(os.environ.get("FARO_SCREENSHOTS") or tmp_path)


def opened(browser, faro, language, width, height):
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{faro.url}/?lang={language}")
    expect(page.locator("html")).to_have_attribute("data-ready", "yes")
    return page


def write(page, phone, text):
    box = page.locator(f"#phone-{phone} textarea")
    box.fill(text)
    box.press("Enter")


def words(page, phone):
    return page.locator(f"#phone-{phone} .faro .words")


def test_the_three_phones_answer_in_spanish(browser, faro, screenshots):
    page = opened(browser, faro, "es", 1400, 900)
    write(page, "whatsapp", "¿Cómo pido refugio en México con la COMAR?")
    write(page, "sms", "como pido refugio en mexico con la comar")
    page.locator("#phone-telegram .begin").click()
    expect(words(page, "telegram").last).to_contain_text("Faro", timeout=20_000)
    write(page, "telegram", "¿si llevo un bebé me dejan quedarme?")
    expect(words(page, "whatsapp").last).to_contain_text("30 días hábiles", timeout=20_000)
    expect(words(page, "sms").last).to_contain_text("30 dias habiles", timeout=20_000)
    expect(words(page, "telegram").last).to_contain_text("Mito", timeout=20_000)
    page.locator("#phone-sms .info").last.click()
    expect(page.locator("#phone-sms .staff").last).to_contain_text("asylum_mexico")
    page.locator("#phone-sms .info").last.click()
    page.wait_for_timeout(500)
    page.screenshot(path=screenshots / "simulator.png")
    assert grave(page) == []


def test_a_button_and_a_country_lead_to_a_number(browser, faro):
    page = opened(browser, faro, "es", 1400, 900)
    write(page, "whatsapp", "me tienen secuestrada")
    expect(words(page, "whatsapp").last).to_contain_text("911", timeout=20_000)
    write(page, "whatsapp", "Guatemala")
    expect(words(page, "whatsapp").last).to_contain_text("110", timeout=20_000)


def test_on_a_small_screen_in_english_by_keyboard(browser, faro, screenshots):
    page = opened(browser, faro, "en", 390, 844)
    write(page, "whatsapp", "how do I ask for refugee status in mexico at comar")
    expect(words(page, "whatsapp").last).to_contain_text("30 working days", timeout=20_000)
    page.screenshot(path=screenshots / "simulator-small.png")
    assert grave(page) == []


def test_a_tag_in_a_message_is_text(browser, faro):
    page = opened(browser, faro, "es", 1400, 900)
    dialogs = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    write(page, "whatsapp", "<img src=x onerror=alert(1)>")
    expect(words(page, "whatsapp").last).to_be_visible(timeout=20_000)
    assert page.locator("#phone-whatsapp img[src=x]").count() == 0
    assert dialogs == []
