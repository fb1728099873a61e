"""Every page opens, can be used by everybody, and fits a phone."""

from playwright.sync_api import expect

from tests.axe import grave
from tests.console.site import ask_unanswered, reload_until


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
    reload_until(marta, "/unanswered/", ".faro-big")
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
