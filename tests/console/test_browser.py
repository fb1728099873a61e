"""The console as staff use it: a real browser, a running Faro, a reply to a signed webhook.

`FARO_SCREENSHOTS=docs/staff` renews the pictures of the staff guide.
"""

import io
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest
from babel.messages.pofile import read_po, write_po
from playwright.sync_api import expect, sync_playwright

from bot.chaos.person import Person
from bot.chaos.system import Faro, free_port, wait_for
from bot.chaos.twilio import RecordingTwilio
from bot.runtime import keys
from bot.runtime.sealing import derived_key
from tests.axe import grave
from tests.browser import FLAGS, chromium
from tests.console.site import Console, Staff

WORD = "cuatro gatos muy serios"


@pytest.fixture(scope="module")
def twilio():
    server = RecordingTwilio()
    yield server
    server.stop()


@pytest.fixture(scope="module")
def port():
    return free_port()


@pytest.fixture(scope="module")
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


@pytest.fixture(scope="module")
def console(faro, port):
    wait_for(lambda: "one-time password" in faro.log.read_text(), 60)
    site = Console(faro, port)
    site.wait_until_ready()
    return site


@pytest.fixture(scope="module")
def browser():
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=FLAGS)
        yield launched
        launched.close()


@pytest.fixture(scope="module")
def pictures(tmp_path_factory):
    folder = Path(os.environ.get("FARO_SCREENSHOTS") or tmp_path_factory.mktemp("pictures"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="module")
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


def reply(faro, twilio, number, text="como pido refugio en mexico con la comar"):
    """Return what a person who writes this for the first time gets by SMS."""
    person = Person(faro, number)
    assert person.write(text) in (200, 204)
    wait_for(lambda: len(sent(twilio, person)) >= 2)
    return "\n".join(sent(twilio, person))


def sent(twilio, person):
    return [m.get("Body", "") for m in twilio.messages if m["To"] == person.address]


def test_one_edit_by_two_people_changes_the_reply(team, console, faro, twilio, pictures, capsys):
    rosa, marta = team["rosa"], team["marta"]
    number = "+504995501"
    assert "Consejo nuevo" not in reply(faro, twilio, f"{number}99")
    rosa.shoot(pictures, "04-inicio")
    rosa.open_answer("asylum_mexico")
    page = rosa.page
    sms = page.locator("textarea[name=sms]")
    sms.fill("Llamá al 911.\n" + sms.input_value())
    expect(page.locator(".faro-problem").first).to_contain_text("911")
    rosa.shoot(pictures, "05-aviso-junto-al-campo")
    sms.fill(sms.input_value().replace("Llamá al 911.", "Consejo nuevo: pedí ayuda."))
    expect(page.locator(".faro-phone--sms .faro-bubble")).to_contain_text("Consejo nuevo")
    expect(page.locator("[data-faro-sum]")).to_have_attribute("data-state", "right")
    page.locator("input[name=change][value=wording]").check()
    rosa.shoot(pictures, "06-respuesta")
    rosa.press("action-submit")
    marta.go("/")
    expect(marta.page.locator("text=Esperan tu aprobación")).to_be_visible()
    marta.shoot(pictures, "07-esperan-aprobacion")
    marta.page.locator(".faro-tasks a", has_text="(asylum_mexico)").first.click()
    marta.press("approve")
    marta.go("/releases/")
    expect(marta.page.locator("ins", has_text="Consejo").first).to_be_visible()
    marta.shoot(pictures, "08-publicar")
    marta.page.get_by_role("button", name="Publicar ahora").click()
    began = time.monotonic()
    expect(marta.page.locator(".messages .success")).to_contain_text("al aire")
    assert _until(faro, twilio, number, "Consejo nuevo")
    with capsys.disabled():
        sys.stdout.write(f"\n  publish to changed reply: {time.monotonic() - began:.1f} s\n")
    assert rosa.errors == []
    assert marta.errors == []


ASK = "como pido refugio en mexico con la comar"


def _until(faro, twilio, number, words, seconds=20, text=ASK):
    """Ask as one person after another (who repeats themselves is not answered again)."""
    deadline = time.monotonic() + seconds
    for person in range(100):
        if words in reply(faro, twilio, f"{number}{person:02d}", text):
            return True
        if time.monotonic() > deadline:
            return False
    return False


def test_going_back_is_one_click_and_the_old_words_return(team, faro, twilio, pictures):
    marta = team["marta"]
    marta.go("/releases/")
    marta.page.get_by_role("link", name="Volver a ella").last.click()
    expect(marta.page.locator("del").first).to_be_visible()
    marta.shoot(pictures, "09-volver-atras")
    marta.page.get_by_role("button", name="Volver ahora").click()
    marta.page.wait_for_load_state()
    number = "+504995502"
    assert _until(faro, twilio, number, "COMAR")
    assert "Consejo nuevo" not in reply(faro, twilio, f"{number}99")


def test_a_banner_is_in_the_next_answer(team, faro, twilio, pictures):
    pablo = team["pablo"]
    pablo.go("/banners/")
    pablo.page.fill("[name=text_es]", "Huracán en la costa: buscá refugio ya.")
    pablo.page.fill("[name=text_en]", "Hurricane on the coast: find shelter now.")
    pablo.shoot(pictures, "10-aviso-de-emergencia")
    pablo.page.get_by_role("button", name="Ponerlo ahora").click()
    expect(pablo.page.locator(".messages li").first).to_contain_text("El aviso está en")
    assert _until(faro, twilio, "+504995503", "Huracan en la costa") or _until(
        faro, twilio, "+504995503", "Huracán en la costa"
    )
    pablo.page.get_by_role("button", name="Quitarlo").click()
    pablo.page.wait_for_load_state()
    expect(pablo.page.locator(".faro-alarm")).to_have_count(0)


def test_a_translation_with_a_po_file(team, console, pictures, tmp_path):
    tina, marta = team["tina"], team["marta"]
    tina.go("/translations/")
    tina.shoot(pictures, "11-traducciones")
    with tina.page.expect_download() as download:  # English is the first card
        tina.page.get_by_role("link", name="Bajar PO").first.click()
    with Path(download.value.path()).open("rb") as file:
        catalog = read_po(file)
    message = next(m for m in catalog if m.context == "utter_faq/tps:title")
    message.string = "TPS (from a file)"
    stream = io.BytesIO()
    write_po(stream, catalog)
    file = {"name": "faro-en.po", "mimeType": "text/plain", "buffer": stream.getvalue()}
    tina.page.set_input_files("#po-en", file)
    tina.page.get_by_role("button", name="Subir PO").first.click()
    expect(tina.page.locator(".messages")).to_contain_text("Se tomó 1 texto")
    tina.go("/translations/en/tps/")
    tina.shoot(pictures, "12-lado-a-lado")
    marta.go("/")
    marta.page.locator(".faro-tasks a", has_text="tps · English").first.click()
    marta.press("approve")
    marta.go("/releases/")
    marta.page.locator("details.faro-card:not([open]) summary").first.click()
    expect(marta.page.locator("text=TPS (from a file)").first).to_be_visible()
    assert tina.errors == []


def ask_unanswered(faro, texts):
    """What the bot puts into its event log when it understands nothing."""
    from bot.runtime.vault import Vault

    vault_key = (faro.folder / "keys").read_text().split("\n")[1]
    vault = Vault(derived_key(vault_key))
    import base64

    for number, text in enumerate(texts):
        message = f"SMq{number}{time.time()}"
        sealed = base64.urlsafe_b64encode(vault.seal(f"unanswered:{message}", text)).decode()
        details = {"message": message, "channel": "sms", "language": "es", "country": "HN",
                   "top": [["passport_documents", 0.3]], "sealed": sealed,
                   "expires": time.time() + 3600}  # fmt: skip
        faro.redis.xadd(
            keys.EVENTS,
            {"type": "not_understood", "at": f"{time.time():.3f}", "details": json.dumps(details)},
        )


QUESTIONS = [
    "como saco el carnet de bus", "donde saco carnet de bus", "carnet de bus cuanto sale",
    "ocupo el carnet de bus", "quiero un carnet de bus", "el carnet de bus donde lo hacen",
    "para sacar carnet de bus que llevo", "carnet de bus para mi hijo", "perdi mi carnet de bus",
    "renovar carnet de bus", "carnet de bus requisitos", "carnet de bus precio",
    "me piden carnet de bus", "sirve el carnet de bus", "cuanto tarda el carnet de bus",
]  # fmt: skip


def _reload_until(person, path, there):
    """Open a page again until what the bot told has reached it."""
    person.go(path)
    for _ in range(20):
        if person.page.locator(there).count():
            return
        person.page.wait_for_timeout(500)
        person.page.reload()


def test_from_the_inbox_to_a_new_label(team, faro, console, pictures):
    rosa, marta = team["rosa"], team["marta"]
    ask_unanswered(faro, QUESTIONS)
    _reload_until(marta, "/unanswered/", ".faro-big")
    assert "carnet" not in marta.page.content()
    marta.shoot(pictures, "13-sin-respuesta")
    rosa.go("/unanswered/new/")
    rosa.page.fill("[name=title]", "Carnet de bus")
    rosa.page.fill("[name=name]", "bus_card")
    rosa.page.select_option("[name=theme]", "papers")
    rosa.page.get_by_role("button", name="Escribir la respuesta").click()
    rosa.page.wait_for_load_state()
    rosa.page.fill(
        "textarea[name=text]",
        "El carnet de bus se pide en la terminal de tu ciudad.\nLlevá tu documento.",
    )
    rosa.page.fill(
        "textarea[name=sms]", "El carnet de bus se pide en la terminal. Llevá tu documento."
    )
    rosa.page.select_option("[name=next-0]", "passport_documents")
    rosa.press("action-submit")
    marta.go("/")
    marta.page.locator(".faro-tasks a", has_text="(bus_card)").first.click()
    marta.press("approve")
    marta.go("/unanswered/")
    marta.page.get_by_role("link", name="Leer y etiquetar").first.click()
    expect(marta.page.locator("input[value*='carnet de bus']").first).to_be_visible()
    marta.page.select_option("#label", "bus_card")
    marta.shoot(pictures, "14-etiquetar")
    marta.page.get_by_role("button", name="Guardar", exact=True).click()
    marta.page.wait_for_load_state()
    expect(marta.page.locator(".messages")).to_contain_text("frases")


def test_train_compare_activate_and_it_answers(team, faro, console, twilio, pictures, capsys):
    """The new question is answered by workers that were never restarted."""
    marta, julia = team["marta"], team["julia"]
    began = time.monotonic()
    marta.go("/releases/")
    marta.page.get_by_role("button", name="Publicar ahora").click()
    expect(marta.page.locator(".messages .success")).to_contain_text("al aire")
    workers = faro.children("worker")
    marta.go("/training/")
    marta.page.get_by_role("button", name="Entrenar ahora").click()
    marta.page.locator("[data-job]").wait_for(timeout=900_000)
    activate = "Que le conteste a la gente"
    assert marta.page.get_by_role("button", name=activate).count() == 0  # she labelled them
    julia.go("/training/")
    julia.shoot(pictures, "15-entrenar")
    julia.page.get_by_role("button", name=activate).click()
    expect(julia.page.locator(".messages .success")).to_contain_text("modelo nuevo")
    assert _until(faro, twilio, "+504995506", "terminal", 60, "para sacar carnet de bus que llevo")
    with capsys.disabled():
        sys.stdout.write(f"\n  labelled to answered: {time.monotonic() - began:.0f} s\n")
    assert faro.children("worker") == workers
    exported = pictures.parent / "exported"
    console.command("export", "--root", str(exported))
    assert "- intent: faq/bus_card" in (exported / "data/nlu/es/papers.yml").read_text()
    assert (exported / "data/answers/papers/bus_card.yml").exists()


def test_reports_and_everything_else_opens_without_an_error(team, pictures):
    marta, admin = team["marta"], team["admin"]
    marta.go("/summary/")
    marta.shoot(pictures, "16-informes")
    for path in ("/", "/releases/", "/translations/", "/unanswered/", "/training/", "/sessions/",
                 "/snippets/content/fact/", "/snippets/content/contact/", "/account/"):  # fmt: skip
        marta.go(path)
        assert marta.page.locator("#main").count(), path
    admin.go("/audit/")
    admin.shoot(pictures, "17-quien-hizo-que")
    assert [e for e in marta.errors if "time zone" not in e] == []


OUR_PAGES = {
    "marta": ("/", "/releases/", "/translations/", "/unanswered/", "/unanswered/new/", "/training/",
              "/sessions/", "/summary/", "/answer/asylum_mexico/", "/translations/en/tps/"),
    "pablo": ("/banners/",),
    "admin": ("/audit/", "/dead-letters/"),
}  # fmt: skip


def test_axe_finds_nothing_grave_on_our_pages(team, faro):
    ask_unanswered(faro, ["donde compro un boleto de tren"])
    pages = [(team[name].page, path) for name, paths in OUR_PAGES.items() for path in paths]
    found = {}
    for page, path in pages:
        page.goto(team["marta"].console.url + path)
        page.wait_for_load_state("networkidle")
        found[path] = grave(page, ".w-editing-sessions")  # Wagtail's: who else is here
    marta = team["marta"]
    _reload_until(marta, "/unanswered/", ".faro-big")
    marta.page.get_by_role("link", name="Leer y etiquetar").first.click()
    expect(marta.page.locator("#label")).to_be_visible()
    found["a group"] = grave(marta.page)
    assert {path: lines for path, lines in found.items() if lines} == {}


def test_axe_finds_nothing_grave_before_one_is_signed_in(browser, console):
    page = browser.new_page(locale="es-HN")
    page.goto(console.url + "/login/")
    assert grave(page) == []


def test_on_a_phone_nothing_is_cut_off(browser, team, console):
    context = browser.new_context(viewport={"width": 390, "height": 800}, locale="es-HN")
    context.add_cookies(team["marta"].context.cookies())
    page = context.new_page()
    for path in ("/", "/releases/", "/translations/", "/summary/", "/training/"):
        page.goto(console.url + path)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth + 1"), path


def consoles(faro):
    """Return the process ids of the console that Faro runs."""
    listed = subprocess.run(
        ["ps", "-ww", "-o", "pid=,args=", "--ppid", str(faro.process.pid)],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    return [int(line.split()[0]) for line in listed.splitlines() if "console serve" in line]


# Staff's release alone answers this: it is in none of the files.
ONLY_PUBLISHED = ("perdi mi carnet de bus", "El carnet de bus se pide en la terminal")


def test_with_the_console_stopped_the_last_release_answers(faro, console, twilio):
    text, words = ONLY_PUBLISHED
    (pid,) = consoles(faro)
    os.kill(pid, signal.SIGSTOP)
    try:
        with pytest.raises(httpx.TimeoutException):
            httpx.get(f"{console.url}/login/", timeout=2)
        assert words in reply(faro, twilio, "+50499550998", text)
    finally:
        os.kill(pid, signal.SIGCONT)


def test_with_its_database_gone_the_last_release_answers(faro, console, twilio):
    """Also after Faro has started the console again, with a new database."""
    text, words = ONLY_PUBLISHED
    before = faro.redis.get(keys.LIVE_RELEASE)
    (pid,) = consoles(faro)
    for path in faro.folder.glob("console.sqlite3*"):
        path.unlink()
    os.kill(pid, signal.SIGKILL)
    assert words in reply(faro, twilio, "+50499550999", text)
    wait_for(lambda: [each for each in consoles(faro) if each != pid], 60)
    console.wait_until_ready()
    assert faro.redis.get(keys.LIVE_RELEASE) == before
    assert words in reply(faro, twilio, "+50499551000", text)
