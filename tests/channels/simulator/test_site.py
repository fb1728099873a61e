"""The page, and when there is one."""

import re

import pytest
import yaml
from sanic import Sanic

from bot.settings import ROOT
from channels.simulator.credentials import simulated
from channels.simulator.site import LANGUAGES, PAGE, TEXTS, blueprint
from tests.channels.simulator.conftest import config

TWILIO = {"TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "TWILIO_SMS_FROM", "TWILIO_WHATSAPP_FROM"}
TWILIO |= {"TWILIO_API_URL"}
TELEGRAM = {"TELEGRAM_TOKEN", "TELEGRAM_SECRET", "TELEGRAM_API_URL"}


@pytest.mark.parametrize(
    ("environment", "made", "live"),
    [
        ({}, TWILIO | TELEGRAM, "whatsapp,sms,telegram"),
        ({"TELEGRAM_TOKEN": "1:x"}, TWILIO, "whatsapp,sms"),
        ({"TWILIO_AUTH_TOKEN": "x"}, TELEGRAM, "telegram"),
        ({"TWILIO_ACCOUNT_SID": "AC1", "TELEGRAM_TOKEN": "1:x"}, set(), None),
        ({"FARO_ENV": "production"}, set(), None),
    ],
)
def test_only_channels_without_real_secrets_are_simulated(environment, made, live):
    found = simulated(environment)
    assert found.get("SIMULATED") == live
    assert set(found) - {"SIMULATED"} == made


def test_made_up_secrets_are_new_at_each_start():
    first, second = simulated({}), simulated({"FARO_PORT": "9000"})
    assert first["TELEGRAM_TOKEN"] != second["TELEGRAM_TOKEN"]
    assert second["TWILIO_API_URL"] == "http://127.0.0.1:9000/simulator/twilio"


def test_there_is_no_simulator_in_production():
    app = Sanic("test-production", register=False)
    app.blueprint(blueprint(config(production=True)))
    assert not app.router.routes


@pytest.mark.parametrize(
    ("asked", "language"), [("en-GB,en;q=0.9", "en"), ("fr,es;q=0.5", "es"), ("", "es")]
)
async def test_the_page_speaks_the_browsers_language(faro, asked, language):
    answer = await faro.http.get("/", headers={"Accept-Language": asked})
    assert f'<html lang="{language}"' in answer.text
    assert "{{" not in answer.text


async def test_the_page_allows_nothing_inline_and_nothing_from_elsewhere(faro):
    answer = await faro.http.get("/")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<style|\sstyle=|\son\w+=|<script(?![^>]*\bsrc=)", answer.text)
    assert not re.findall(r"""(?:src|href)=["'](?:https?:)?//""", answer.text)


async def test_every_file_that_the_page_names_is_there(faro):
    page = (await faro.http.get("/")).text
    for path in re.findall(r"""(?:src|href)=["'](/simulator/[^"'#]+)""", page):
        assert (await faro.http.get(path)).status_code == 200, path


async def test_files_outside_the_page_are_not_served(faro):
    for path in ("../site.py", "index.html", "%2e%2e/site.py"):
        assert (await faro.http.get(f"/simulator/page/{path}")).status_code == 404


def test_both_languages_have_the_same_texts():
    def names(value, path=""):
        if not isinstance(value, dict):
            return {path}
        return {name for key, part in value.items() for name in names(part, f"{path}.{key}")}

    first, second = (
        names(yaml.safe_load((TEXTS / f"{lang}.yml").read_text())) for lang in LANGUAGES
    )
    assert first == second


def test_every_text_that_the_scripts_name_exists():
    texts = yaml.safe_load((TEXTS / "es.yml").read_text())
    for script in (PAGE / "js").glob("*.js"):
        for name in re.findall(r"""\bt\(["']([\w.]+)["']""", script.read_text()):
            value = texts
            for part in name.split("."):
                value = value[part]
            assert isinstance(value, str), name


def test_no_words_for_people_stand_in_the_scripts():
    assert (ROOT / "data" / "simulator" / "es.yml").exists()
    for script in (PAGE / "js").glob("*.js"):
        assert not re.findall(r"[áéíóúñ¿¡]", script.read_text()), script.name
