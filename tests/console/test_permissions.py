"""Who may do what: every role against every action, by asking the pages themselves."""

import pytest
from django.contrib.auth.models import Group
from django.urls import resolve, reverse

from console.content.models import (
    Answer,
    CommandWords,
    Contact,
    CrisisRuleSet,
    Fact,
    Guide,
    Phrase,
    TrainingPhrase,
    Translation,
)
from console.insight.models import Unanswered
from console.insight.sealed import seal
from console.releases.models import EmergencyReport, Release
from console.staff.roles import ACTIONS, ROLES, may
from tests.console.people import signed_in
from tests.console.test_security import addresses

pytestmark = pytest.mark.usefixtures("db")

W, T, R, P, S, A = "writer", "translator", "reviewer", "protection", "sender", "administrator"

# action -> the roles that may do it. Whoever changes roles.py changes this table with open eyes.
TABLE = {
    "write_answers": {W, R, P},
    "write_facts": {W, R, P},
    "write_training": {W, R},
    "write_crisis": {P},
    "translate": {T, R},
    "approve": {R, P},
    "approve_crisis": {P},
    "publish": {R, P, A},
    "roll_back": {R, P, A},
    "emergency": {P},
    "banner": {P, A},
    "inbox": {W, R, P},
    "reveal": {R, P},
    "train": {R},
    "reports": {W, T, R, P, S, A},
    "send": {S},
    "audit": {A},
    "users": {A},
}


def test_the_table_is_complete():
    assert set(TABLE) == set(ACTIONS)
    assert {role for roles in TABLE.values() for role in roles} == set(ROLES)


@pytest.mark.parametrize("role", sorted(ROLES))
@pytest.mark.parametrize("action", sorted(ACTIONS))
def test_may(role, action):
    user, _client = signed_in(f"u-{role}", role)
    assert may(user, action) is (role in TABLE[action])


def edit(model):
    return lambda: reverse(
        model.snippet_viewset.get_url_name("edit"), args=[model.objects.first().pk]
    )


def group_page():
    from datetime import timedelta

    from django.utils import timezone

    now = timezone.now()
    message = f"m{Unanswered.objects.count()}"
    row = Unanswered.objects.create(
        message=message, at=now, expires=now + timedelta(days=1), sealed=seal(message, "hola")
    )
    return reverse("faro_group", args=[row.pk])


def old_release():
    from bot.content import release as releases
    from console.content import assemble

    Release.keep(releases.build(assemble.approved(), 1))
    return reverse("faro_roll_back", args=[1])


def report():
    return reverse("faro_emergency_seen", args=[EmergencyReport.objects.create(what="x").pk])


# page -> the action it takes
PAGES = {
    "answer": (edit(Answer), "write_answers"),
    "phrase of Faro": (edit(Phrase), "write_answers"),
    "command words": (edit(CommandWords), "write_answers"),
    "guide": (edit(Guide), "write_answers"),
    "fact": (edit(Fact), "write_facts"),
    "contact": (edit(Contact), "write_facts"),
    "training phrase": (edit(TrainingPhrase), "write_training"),
    "crisis": (edit(CrisisRuleSet), "write_crisis"),
    "translation": (edit(Translation), "translate"),
    "begun translation": (lambda: reverse("faro_translate", args=["en", "tps"]), "translate"),
    "po": (lambda: reverse("faro_po", args=["en"]), "translate"),
    "emergency": (
        lambda: reverse("faro_emergency", args=["answer", Answer.objects.first().pk]),
        "emergency",
    ),
    "roll back": (old_release, "roll_back"),
    "banners": (lambda: reverse("faro_banners"), "banner"),
    "inbox": (lambda: reverse("faro_inbox"), "inbox"),
    "group": (group_page, "reveal"),
    "new question": (lambda: reverse("faro_new_question"), "inbox"),
    "training": (lambda: reverse("faro_training"), "train"),
    "reports": (lambda: reverse("faro_reports"), "reports"),
    "report file": (lambda: reverse("faro_report_file", args=["csv"]), "reports"),
    "audit": (lambda: reverse("faro_audit"), "audit"),
    "dead letters": (lambda: reverse("faro_dead"), "audit"),
    "users": (lambda: reverse("wagtailusers_users:index"), "users"),
    "new user": (lambda: reverse("wagtailusers_users:add"), "users"),
}


# What every member of staff may open: nothing is changed there, or only their own.
EVERYBODY = {
    "faro_releases", "faro_coverage", "faro_second_step", "faro_new_password", "faro_sessions",
    "faro_take", "faro_preview", "faro_find_fact", "faro_find_answer", "faro_health",
}  # fmt: skip


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_opens_for_exactly_who_may(page):
    address, action = PAGES[page]
    url = address()
    for role in ROLES:
        _user, client = signed_in(f"u-{role}", role)
        answer = client.get(url)
        # Wagtail sends who may not to the home page, with a message.
        opened = answer.status_code == 200 or answer.headers.get("Location", "/") != "/"
        assert opened is (role in TABLE[action]), (role, answer.status_code)


# deed -> (where, the action it takes, what is sent)
POSTS = {
    "change an answer": (edit(Answer), "write_answers", {"title": "x", "action-submit": "1"}),
    "publish": (lambda: reverse("faro_publish"), "publish", {}),
    "roll back": (old_release, "roll_back", {}),
    "seen": (report, "approve", {}),
    "banner": (lambda: reverse("faro_banners"), "banner", {"put-up": "1"}),
    "upload": (lambda: reverse("faro_po_upload", args=["en"]), "translate", {}),
    "label": (group_page, "reveal", {"label": "-"}),
    "train": (lambda: reverse("faro_training"), "train", {"start": "1"}),
    "activate": (lambda: reverse("faro_training"), "train", {"activate": "1"}),
    "take a phrase out": (lambda: reverse("faro_training"), "train", {"take-out": "1"}),
    "new account": (lambda: reverse("wagtailusers_users:add"), "users", {"username": "x"}),
}


@pytest.mark.parametrize("deed", sorted(POSTS))
def test_a_deed_is_refused_to_who_may_not(deed):
    address, action, data = POSTS[deed]
    url = address()
    for role in set(ROLES) - TABLE[action]:
        _user, client = signed_in(f"u-{role}", role)
        answer = client.post(url, data)
        assert answer.status_code in (302, 403), role
        assert answer.headers.get("Location", "/") == "/", role


def test_every_page_of_ours_is_in_the_tables():
    urls = [address() for address, *_ in (*PAGES.values(), *POSTS.values())]
    known = EVERYBODY | {resolve(url).url_name for url in urls}
    assert {name for name, _url in addresses()} <= known


def test_nobody_is_almighty():
    from django.contrib.auth import get_user_model

    from console.staff.setup import create_administrator

    assert create_administrator()
    assert not get_user_model().objects.filter(is_superuser=True).exists()
    assert create_administrator() is None
    assert set(Group.objects.values_list("name", flat=True)) >= set(ROLES)


def test_an_administrator_cannot_give_themselves_roles():
    user, client = signed_in("boss", A)
    url = reverse("wagtailusers_users:edit", args=[user.pk])
    groups = [str(group.pk) for group in Group.objects.filter(name__in=(A, R))]
    client.post(url, {"username": "boss", "is_active": "on", "groups": groups})
    assert set(user.groups.values_list("name", flat=True)) == {A}


def test_an_administrator_cannot_make_anybody_almighty():
    from django.core.exceptions import PermissionDenied

    rosa, _client = signed_in("rosa", W)
    _boss, client = signed_in("boss", A)
    url = reverse("wagtailusers_users:edit", args=[rosa.pk])
    page = client.get(url).content.decode()
    assert 'name="is_superuser"' not in page
    assert "Redacción: " in page
    group = str(Group.objects.get(name=T).pk)
    data = {"username": "rosa", "is_active": "on", "groups": [group], "is_superuser": "on"}
    client.post(url, data)
    rosa.refresh_from_db()
    assert not rosa.is_superuser
    assert set(rosa.groups.values_list("name", flat=True)) == {T}
    rosa.is_superuser = True
    with pytest.raises(PermissionDenied):
        rosa.save()


def test_a_new_account_chooses_its_own_password_first():
    from django.contrib.auth import get_user_model

    from console.staff.models import MustChange

    _boss, client = signed_in("boss", A)
    word = "cuatro gatos muy serios"
    group = str(Group.objects.get(name=W).pk)
    data = {"username": "nueva", "password1": word, "password2": word, "groups": [group]}
    client.post(reverse("wagtailusers_users:add"), data)
    user = get_user_model().objects.get(username="nueva")
    assert MustChange.objects.filter(user=user).exists()
