"""What is published answers people at once: an edit by two people, the way back, a banner."""

import sys
import time

from playwright.sync_api import expect

from tests.console.site import answers_with, reply


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
    marta.approve("(asylum_mexico)")
    marta.go("/releases/")
    expect(marta.page.locator("ins", has_text="Consejo").first).to_be_visible()
    marta.shoot(pictures, "08-publicar")
    marta.page.get_by_role("button", name="Publicar ahora").click()
    began = time.monotonic()
    expect(marta.page.locator(".messages .success")).to_contain_text("al aire")
    assert answers_with(faro, twilio, number, "Consejo nuevo")
    with capsys.disabled():
        sys.stdout.write(f"\n  publish to changed reply: {time.monotonic() - began:.1f} s\n")
    assert rosa.errors == []
    assert marta.errors == []


def test_going_back_is_one_click_and_the_old_words_return(team, faro, twilio, pictures):
    marta = team["marta"]
    marta.go("/releases/")
    marta.page.get_by_role("link", name="Volver a ella").last.click()
    expect(marta.page.locator("del").first).to_be_visible()
    marta.shoot(pictures, "09-volver-atras")
    marta.page.get_by_role("button", name="Volver ahora").click()
    marta.page.wait_for_load_state()
    number = "+504995502"
    assert answers_with(faro, twilio, number, "COMAR")
    assert "Consejo nuevo" not in reply(faro, twilio, f"{number}99")


def test_a_banner_is_in_the_next_answer(team, faro, twilio, pictures):
    pablo = team["pablo"]
    pablo.go("/banners/")
    pablo.page.fill("[name=text_es]", "Huracán en la costa: buscá refugio ya.")
    pablo.page.fill("[name=text_en]", "Hurricane on the coast: find shelter now.")
    pablo.shoot(pictures, "10-aviso-de-emergencia")
    pablo.page.get_by_role("button", name="Ponerlo ahora").click()
    expect(pablo.page.locator(".messages li").first).to_contain_text("El aviso está en")
    assert answers_with(faro, twilio, "+504995503", "Huracan en la costa") or answers_with(
        faro, twilio, "+504995503", "Huracán en la costa"
    )
    pablo.page.get_by_role("button", name="Quitarlo").click()
    pablo.page.wait_for_load_state()
    expect(pablo.page.locator(".faro-alarm")).to_have_count(0)
