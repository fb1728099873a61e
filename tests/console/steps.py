"""The steps of an answer to people: written, sent to be reviewed, approved, published."""

from __future__ import annotations

from console.content import assemble
from console.content.models import Answer
from console.releases import publishing
from tests.console.forms import fields, post
from tests.console.people import signed_in


def title_of(name="tps"):
    return assemble.build().answers["es"][name].title


def submitted(changes=None):
    _rosa, writer = signed_in("rosa", "writer")
    row = Answer.objects.get(name="tps")
    post(writer, row, changes or {"title": "TPS nuevo"}, "action-submit")
    row.refresh_from_db()
    assert row.workflow_in_progress
    return row, writer


def approve(client, row):
    done = post(client, row, {"workflow-action-name": "approve"}, "action-workflow-action")
    assert done.status_code in (302, 403), fields(done)
    return done


def published(user, title):
    row = Answer.objects.get(name="tps")
    row.title = title
    row.save_revision().publish()
    return publishing.publish(user)
