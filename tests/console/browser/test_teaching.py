"""A question that nobody foresaw: from the inbox to a label, a model, and an answer."""

import sys
import time

from playwright.sync_api import expect

from tests.console.site import answers_with, ask_unanswered, reload_until

QUESTIONS = [
    "como saco el carnet de bus", "donde saco carnet de bus", "carnet de bus cuanto sale",
    "ocupo el carnet de bus", "quiero un carnet de bus", "el carnet de bus donde lo hacen",
    "para sacar carnet de bus que llevo", "carnet de bus para mi hijo", "perdi mi carnet de bus",
    "renovar carnet de bus", "carnet de bus requisitos", "carnet de bus precio",
    "me piden carnet de bus", "sirve el carnet de bus", "cuanto tarda el carnet de bus",
]  # fmt: skip


def test_from_the_inbox_to_a_new_label(team, faro, console, pictures):
    rosa, marta = team["rosa"], team["marta"]
    ask_unanswered(faro, QUESTIONS)
    reload_until(marta, "/unanswered/", ".faro-big")
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
    marta.approve("(bus_card)")
    marta.go("/unanswered/")
    marta.page.get_by_role("link", name="Leer y etiquetar").first.click()
    expect(marta.page.locator("input[value*='carnet de bus']").first).to_be_visible()
    marta.page.select_option("#label", "bus_card")
    marta.shoot(pictures, "14-etiquetar")
    marta.page.get_by_role("button", name="Guardar", exact=True).click()
    marta.page.wait_for_load_state()
    expect(marta.page.locator(".messages")).to_contain_text("frases")


def test_train_compare_activate_and_it_answers(
    team, faro, console, twilio, pictures, tmp_path, capsys
):
    """The new question is answered by workers that were never restarted."""
    marta, julia = team["marta"], team["julia"]
    began = time.monotonic()
    marta.publish()
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
    assert answers_with(
        faro, twilio, "+504995506", "terminal", 60, "para sacar carnet de bus que llevo"
    )
    with capsys.disabled():
        sys.stdout.write(f"\n  labelled to answered: {time.monotonic() - began:.0f} s\n")
    assert faro.children("worker") == workers
    console.command("export", "--root", str(tmp_path))
    assert "- intent: faq/bus_card" in (tmp_path / "data/nlu/es/papers.yml").read_text()
    assert (tmp_path / "data/answers/papers/bus_card.yml").exists()
