"""A translator's file goes out of the console and back in, to who approves and publishes it."""

import io
from pathlib import Path

from babel.messages.pofile import read_po, write_po
from playwright.sync_api import expect


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
    marta.approve("tps · English")
    marta.go("/releases/")
    folded = marta.page.locator("details.faro-card:not([open]) summary")
    if folded.count():  # something else waits, too
        folded.first.click()
    expect(marta.page.locator("text=TPS (from a file)").first).to_be_visible()
    assert tina.errors == []
