"""Who may do what: every role against every action, by asking the pages themselves."""

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from console.content.models import Answer, Contact, CrisisRuleSet, Fact, TrainingPhrase, Translation
from console.insight.models import Unanswered
from console.insight.sealed import seal
from console.releases.models import Release
from console.staff.roles import ACTIONS, ROLES, may
from tests.console.people import signed_in

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
    row = Unanswered.objects.create(
        message="m1", at=now, expires=now + timedelta(days=1), sealed=seal("m1", "hola que tal")
    )
    return reverse("faro_group", args=[row.pk])


def old_release():
    from bot.content import release as releases
    from console.content import assemble

    Release.keep(releases.build(assemble.approved(), 1))
    return reverse("faro_roll_back", args=[1])


# page -> the action it takes
PAGES = {
    "answer": (edit(Answer), "write_answers"),
    "fact": (edit(Fact), "write_facts"),
    "contact": (edit(Contact), "write_facts"),
    "training phrase": (edit(TrainingPhrase), "write_training"),
    "crisis": (edit(CrisisRuleSet), "write_crisis"),
    "translation": (edit(Translation), "translate"),
    "po": (lambda: reverse("faro_po", args=["en"]), "translate"),
    "emergency": (
        lambda: reverse("faro_emergency", args=["answer", Answer.objects.first().pk]),
        "emergency",
    ),
    "roll back": (old_release, "roll_back"),
    "banners": (lambda: reverse("faro_banners"), "banner"),
    "inbox": (lambda: reverse("faro_inbox"), "inbox"),
    "group": (group_page, "reveal"),
    "training": (lambda: reverse("faro_training"), "train"),
    "reports": (lambda: reverse("faro_reports"), "reports"),
    "report file": (lambda: reverse("faro_report_file", args=["csv"]), "reports"),
    "audit": (lambda: reverse("faro_audit"), "audit"),
    "dead letters": (lambda: reverse("faro_dead"), "audit"),
    "users": (lambda: reverse("wagtailusers_users:index"), "users"),
    "new user": (lambda: reverse("wagtailusers_users:add"), "users"),
}


@pytest.mark.parametrize("page", sorted(PAGES))
def test_a_page_opens_for_exactly_who_may(page):
    address, action = PAGES[page]
    url = address()
    for role in ROLES:
        _user, client = signed_in(f"u-{role}", role)
        answer = client.get(url)
        opened = answer.status_code == 200
        assert opened is (role in TABLE[action]), (role, answer.status_code)


POSTS = {"/releases/publish/": "publish", "/translations/en/po/upload/": "translate"}


@pytest.mark.parametrize("url", sorted(POSTS))
def test_a_deed_is_refused_to_who_may_not(url):
    for role in set(ROLES) - TABLE[POSTS[url]]:
        _user, client = signed_in(f"u-{role}", role)
        answer = client.post(url)
        # Wagtail sends who may not to the home page, with a message.
        assert answer.status_code in (302, 403), role
        assert answer.headers.get("Location", "/") == "/", role


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
