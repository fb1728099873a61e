"""Sign-in, second factor, sessions, headers: the rules of docs/security.md."""

import re
import runpy
from datetime import timedelta

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from django_otp.oath import totp
from django_otp.plugins.otp_totp.models import TOTPDevice

from bot.settings import ROOT
from console.staff.models import Attempt, Audit, MustChange, SignIn
from console.staff.setup import create_administrator
from console.staff.throttle import fingerprint
from tests.console.people import PASSWORD, browser, person, signed_in

pytestmark = pytest.mark.usefixtures("db")

LOGIN = "/login/"


def account(name, *roles):
    user = person(name, *roles)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client, name, password=PASSWORD, **more):
    return client.post(LOGIN, {"username": name, "password": password, "next": "/"}, **more)


def test_passwords_are_kept_with_argon2id():
    user = account("rosa", "writer")
    assert re.match(r"argon2\$argon2id\$v=19\$m=65536,t=3,p=1\$", user.password)


@pytest.mark.parametrize("weak", ["corta", "password1234", "123456789012"])
def test_a_weak_password_is_refused(weak):
    user = account("rosa", "writer")
    MustChange.objects.create(user=user)
    client = browser(user)
    client.post("/new-password/", {"new_password1": weak, "new_password2": weak})
    assert MustChange.objects.filter(user=user).exists()


def test_the_first_password_works_once_and_is_nowhere_else():
    password = create_administrator()
    client = Client()
    assert sign_in(client, "admin", password).status_code == 302
    assert client.get("/").headers["Location"] == "/new-password/"
    new = "una frase que nadie adivina"
    client.post("/new-password/", {"new_password1": new, "new_password2": new})
    assert not get_user_model().objects.get(username="admin").check_password(password)
    assert client.get("/").headers["Location"] == "/second-step/"


@pytest.mark.parametrize("role", ["reviewer", "protection", "sender", "administrator"])
def test_who_can_reach_people_needs_a_second_factor(role):
    client = browser(person("x", role), verified=False)
    for url in ("/", "/releases/", "/summary/", "/snippets/content/answer/"):
        assert client.get(url).headers["Location"] == "/second-step/", url


def test_the_second_factor_is_set_up_and_then_asked_for():
    user = account("marta", "reviewer")
    client = Client()
    sign_in(client, "marta")
    page = client.get("/second-step/").content.decode()
    assert re.search(r'data-secret="[A-Z2-7]{16,}"', page)
    device = TOTPDevice.objects.get(user=user)
    assert client.post("/second-step/", {"code": "000000"}).status_code == 200
    device.refresh_from_db()
    device.throttle_reset()
    spare = client.post("/second-step/", {"code": f"{totp(device.bin_key):06d}"}).content.decode()
    codes = re.findall(r"<li>([0-9a-f]{10})</li>", spare)
    assert len(codes) == 8
    assert client.get("/").status_code == 200
    again = Client()
    sign_in(again, "marta")
    page = again.get("/second-step/").content.decode()
    assert "data-secret" not in page  # the key is shown once
    again.post("/second-step/", {"code": codes[0]})
    assert again.get("/").status_code == 200
    third = Client()
    sign_in(third, "marta")
    third.post("/second-step/", {"code": codes[0]})  # used up
    assert third.get("/").status_code == 302


def test_guessing_is_slowed_and_tells_nothing():
    account("rosa", "writer")
    wrong = [sign_in(Client(), "rosa", "no-es-esta").content for _ in range(5)]
    unknown = sign_in(Client(), "nadie", "no-es-esta").content
    locked = sign_in(Client(), "rosa").content
    words = [
        re.search(rb'<li class="error">(.*?)</li>', page).group(1)
        for page in (*wrong, unknown, locked)
    ]
    assert len(set(words)) == 1
    Attempt.objects.all().delete()
    assert sign_in(Client(), "rosa").status_code == 302


def test_an_address_that_guesses_many_names_is_slowed():
    account("rosa", "writer")
    for number in range(30):
        Attempt.objects.create(account=f"{number}", address=fingerprint("127.0.0.1"))
    assert sign_in(Client(), "rosa").status_code == 200
    assert sign_in(Client(), "rosa", REMOTE_ADDR="10.0.0.9").status_code == 302


def test_signing_in_makes_a_new_session():
    account("rosa", "writer")
    client = Client()
    client.get(LOGIN)
    before = client.session.session_key
    sign_in(client, "rosa")
    assert client.session.session_key != before


def test_a_session_ends_after_half_a_day_however_busy():
    _rosa, client = signed_in("rosa", "writer")
    session = client.session
    session["began"] -= 12 * 3600 + 1
    session.save()
    assert client.get("/").headers["Location"].startswith(LOGIN)


def test_a_session_ends_after_half_an_hour_unused():
    _rosa, client = signed_in("rosa", "writer")
    client.get("/")
    left = Session.objects.get(pk=client.session.session_key).expire_date - timezone.now()
    assert timedelta(minutes=29) < left <= timedelta(minutes=30)
    Session.objects.update(expire_date=timezone.now() - timedelta(seconds=1))
    assert client.get("/").headers["Location"].startswith(LOGIN)


def test_behind_https_cookies_are_for_this_host_and_encrypted_only(monkeypatch):
    monkeypatch.setenv("CONSOLE_URL", "https://consola.example.org")
    found = runpy.run_path(str(ROOT / "console/settings.py"))
    assert found["SESSION_ENGINE"] == "django.contrib.sessions.backends.db"
    assert found["SESSION_COOKIE_NAME"].startswith("__Host-")
    assert found["SESSION_COOKIE_SECURE"]
    assert found["SESSION_COOKIE_HTTPONLY"]
    assert found["SESSION_COOKIE_SAMESITE"] == "Lax"
    assert found["CSRF_USE_SESSIONS"]
    assert found["SECURE_HSTS_SECONDS"] > 0
    assert found["CSRF_TRUSTED_ORIGINS"] == ["https://consola.example.org"]


def test_a_session_can_be_ended_from_another():
    account("rosa", "writer")
    one, two = Client(), Client()
    sign_in(one, "rosa")
    sign_in(two, "rosa")
    other = SignIn.objects.get(session_key=one.session.session_key)
    two.post("/sessions/", {"end": other.pk})
    assert one.get("/").status_code == 302
    assert two.get("/").status_code == 200


def test_a_change_needs_the_token_of_its_page():
    user = person("rosa", "writer")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    assert client.post("/tasks/take/", {"key": "x"}).status_code == 403


def test_another_site_cannot_send_a_change():
    user = person("rosa", "writer")
    client = Client(enforce_csrf_checks=True)
    client.force_login(user)
    answer = client.post("/tasks/take/", {"key": "x"}, HTTP_ORIGIN="https://evil.example")
    assert answer.status_code == 403


PAGES = ("/", "/releases/", "/translations/", "/summary/", "/unanswered/", "/training/")


def test_no_page_loads_anything_from_elsewhere():
    _marta, client = signed_in("marta", "reviewer")
    for url in (LOGIN, *PAGES):
        page = (Client() if url == LOGIN else client).get(url).content.decode()
        loaded = re.findall(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"([^\"]+)", page)
        assert loaded, url
        assert [link for link in loaded if not link.startswith(("/", "data:"))] == [], url
        assert [link for link in loaded if link.startswith("//")] == [], url


def test_no_page_allows_an_inline_script():
    _marta, client = signed_in("marta", "reviewer")
    for url in PAGES:
        answer = client.get(url)
        assert answer.status_code == 200, url
        policy = answer.headers["Content-Security-Policy"]
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'none'" in policy
        inline = re.findall(
            r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", answer.content.decode()
        )
        assert inline == [], url
        assert answer.headers["X-Frame-Options"] == "DENY"


def test_every_address_of_ours_wants_a_sign_in():
    """No page of the console opens to who has no account."""
    client = Client()
    open_ = {"wagtailadmin_login", "wagtailadmin_javascript_catalog", "wagtailadmin_sprite"}
    open_ |= {"faro_health"}  # says that the console lives
    for name, url in addresses():
        if name in open_:
            continue
        answer = client.get(url)
        assert answer.status_code in (302, 403, 404, 405), (name, url, answer.status_code)


def addresses():
    def walk(patterns, prefix=""):
        for each in patterns:
            route = prefix + re.sub(r"<(\w+:)?\w+>", "1", str(each.pattern))
            if isinstance(each, URLResolver):
                yield from walk(each.url_patterns, route)
            elif "faro" in (each.name or ""):
                yield each.name, "/" + route

    found = list(walk(get_resolver().url_patterns))
    assert len(found) >= 25
    return found


def test_it_listens_on_loopback_unless_told_otherwise():
    from console import config

    assert config.get("CONSOLE_HOST") == "127.0.0.1"


def test_what_is_done_is_written_down():
    account("rosa", "writer")
    sign_in(Client(), "rosa", "falsa-falsa-falsa")
    sign_in(Client(), "rosa")
    person("rosa", "writer", "translator")
    assert {"signed_in", "sign_in_failed", "roles_changed"} <= set(
        Audit.objects.values_list("action", flat=True)
    )
    assert Group.objects.count() >= 6


def test_every_test_that_the_document_names_is_there():
    text = (ROOT / "docs/security.md").read_text(encoding="utf-8")
    tests = "".join(path.read_text() for path in (ROOT / "tests/console").rglob("test_*.py"))
    named = set(re.findall(r"`(test_\w+)`", text))
    assert len(named) > 20
    assert {name for name in named if f"def {name}(" not in tests} == set()
