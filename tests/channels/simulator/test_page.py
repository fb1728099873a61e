"""The page in a real browser; the test plays the bot and speaks through the provider ends."""

import contextlib
import json

import pytest
from playwright.async_api import async_playwright, expect

from tests.browser import FLAGS, chromium
from tests.channels.simulator.conftest import BOT_TOKEN, SID, SMS, TOKEN, WHATSAPP, running

EVIL = "<img src=x onerror=alert(1)> *fuerte* https://example.org/a"
MENU = {
    "friendly_name": "list",
    "language": "es",
    "types": {
        "twilio/list-picker": {
            "body": "{{1}}",
            "button": "Ver temas",
            "items": [
                {"item": "Asilo", "id": "a:asylum", "description": "Pedir protección"},
                {"item": "Visa", "id": "a:visa", "description": "De trabajo"},
            ],
        }
    },
}


class Bot:
    """Answers the person on the page through Twilio and Telegram."""

    def __init__(self, faro):
        self.faro = faro

    async def heard(self, count):
        return (await self.faro.heard(count))[-1]

    async def twilio(self, to, **params):
        ours = "whatsapp:" + WHATSAPP if to.startswith("whatsapp:") else SMS
        url = f"/simulator/twilio/2010-04-01/Accounts/{SID}/Messages.json"
        answer = await self.faro.http.post(
            url, data={"To": to, "From": ours, **params}, auth=(SID, TOKEN)
        )
        assert answer.status_code == 201, answer.text

    async def telegram(self, method, **params):
        url = f"/simulator/telegram/bot{BOT_TOKEN}/{method}"
        answer = await self.faro.http.post(url, json=params)
        assert answer.json()["ok"], answer.text


@contextlib.asynccontextmanager
async def opened(faro, **how):
    """Open the page; whatever the browser complains about fails the test."""
    complaints = []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        context = await browser.new_context(**{"locale": "es", "reduced_motion": "reduce", **how})
        page = await context.new_page()
        page.set_default_timeout(5000)
        page.on("console", lambda message: complaints.append(message.text))
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("dialog", lambda dialog: complaints.append(dialog.message))
        await page.goto(faro.base)
        await page.wait_for_selector("html[data-ready]")
        yield page
        await browser.close()
    assert complaints == []


@pytest.fixture
async def page(faro):
    async with opened(faro, viewport={"width": 1400, "height": 900}) as found:
        yield found


@pytest.fixture
def bot(faro):
    return Bot(faro)


async def test_a_question_by_keyboard_and_its_answer(page, bot):
    await page.locator("#phone-whatsapp textarea").focus()
    await page.keyboard.type("¿Puedo pedir asilo?")
    await page.keyboard.press("Enter")
    hook = await bot.heard(1)
    assert hook.form["Body"] == "¿Puedo pedir asilo?"
    await bot.twilio(hook.form["From"], Body=EVIL)
    answer = page.locator("#phone-whatsapp .faro .words")
    await expect(answer).to_contain_text("<img src=x onerror=alert(1)>")
    await expect(answer.locator("b")).to_have_text("fuerte")
    await expect(answer.locator("a")).to_have_attribute("href", "https://example.org/a")
    await expect(page.locator("#phone-whatsapp .person .meta")).to_contain_text("entregado")


async def test_a_list_opens_a_sheet_that_works_by_keyboard(page, bot, faro):
    await page.locator("#phone-whatsapp .chip").first.click()
    hook = await bot.heard(1)
    made = await faro.http.post("/simulator/twilio/v1/Content", json=MENU, auth=(SID, TOKEN))
    variables = json.dumps({"1": "¿De qué?"})
    await bot.twilio(hook.form["From"], ContentSid=made.json()["sid"], ContentVariables=variables)
    await page.locator("#phone-whatsapp .open-list").press("Enter")
    sheet = page.get_by_role("dialog", name="Ver temas")
    await expect(sheet.get_by_role("radio").first).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.locator("#phone-whatsapp .open-list")).to_be_focused()
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    assert (await bot.heard(2)).form["ListId"] == "a:visa"
    await expect(page.locator("#phone-whatsapp .person .words").last).to_have_text("Visa")


async def test_sms_says_what_an_answer_costs(page, bot):
    await page.locator("#phone-sms textarea").fill("Hola")
    await page.locator("#phone-sms .send").click()
    await bot.twilio((await bot.heard(1)).form["From"], Body="á" * 71)
    await expect(page.locator("#phone-sms .cost")).to_contain_text("UCS-2·2 segmentos·≈ 0,10 USD")


async def test_telegram_begins_with_start_and_a_button_waits_for_its_answer(page, bot):
    await page.locator("#phone-telegram .begin").click()
    chat = (await bot.heard(1)).json["message"]["chat"]["id"]
    keyboard = {"inline_keyboard": [[{"text": "Sí", "callback_data": "m:yes"}]]}
    await bot.telegram(
        "sendMessage", chat_id=chat, text="<b>¿Sí?</b>", parse_mode="HTML", reply_markup=keyboard
    )
    await expect(page.locator("#phone-telegram .faro b")).to_have_text("¿Sí?")
    await page.get_by_role("button", name="Sí", exact=True).click()
    query = (await bot.heard(2)).json["callback_query"]
    await expect(page.locator("#phone-telegram .waiting")).to_be_visible()
    await bot.telegram("answerCallbackQuery", callback_query_id=query["id"])
    await expect(page.locator("#phone-telegram .waiting")).to_be_hidden()


async def test_staff_unfold_what_happened(page, bot):
    await page.locator("#phone-sms .chip").first.click()
    await bot.twilio((await bot.heard(1)).form["From"], Body="Hola")
    await page.get_by_role("button", name="Detalles para el equipo").click()
    await expect(page.locator("#phone-sms .staff")).to_contain_text("200")


async def test_a_failing_webhook_is_seen(page, faro):
    faro.answers += [403]
    await page.locator("#phone-sms .chip").first.click()
    await expect(page.locator("#phone-sms .below.bad")).to_contain_text("403")


async def test_a_new_person_finds_empty_phones_and_a_reload_does_not(page, bot):
    await page.locator("#phone-sms .chip").first.click()
    await bot.heard(1)
    who = await page.locator("#who").inner_text()
    await page.reload()
    await expect(page.locator("#phone-sms .person")).to_have_count(1)
    await page.get_by_role("button", name="Nueva persona").click()
    await expect(page.locator("#phone-sms .person")).to_have_count(0)
    await expect(page.locator("#who")).not_to_have_text(who)


async def test_a_small_screen_shows_one_phone_and_marks_what_is_new(faro, bot):
    async with opened(faro, viewport={"width": 390, "height": 844}) as page:
        await expect(page.locator("#phone-sms")).to_be_hidden()
        await page.locator("#phone-whatsapp .chip").first.click()
        to = (await bot.heard(1)).form["From"]
        await page.get_by_role("tab", name="WhatsApp").press("ArrowRight")
        await expect(page.locator("#phone-sms")).to_be_visible()
        await expect(page.locator("#phone-whatsapp")).to_be_hidden()
        await bot.twilio(to, Body="Hola")
        await expect(page.locator("#tab-whatsapp .unread")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def test_a_phone_that_is_not_simulated_takes_no_typing():
    live, real = frozenset({"telegram"}), frozenset({"sms"})
    async with running(live=live, configured=real) as faro, opened(faro, locale="en") as page:
        await expect(page.locator("#phone-sms .elsewhere")).to_contain_text("real network")
        await expect(page.locator("#phone-sms textarea")).to_be_hidden()
        await expect(page.locator("#simulation")).to_contain_text("except")
        await expect(page.locator("#phone-whatsapp .elsewhere")).to_contain_text("Switched off")
        await expect(page.locator("#phone-sms .chip").first).to_be_disabled()
