"""What a browser would post back from an edit form, and where to."""

from __future__ import annotations

from html.parser import HTMLParser

from django.urls import reverse


class _Fields(HTMLParser):
    """Collects the fields of the edit form; enough of HTML for Django's own widgets."""

    def __init__(self):
        super().__init__()
        self.fields = {}
        self._select = self._area = None
        self._inside = False

    def handle_starttag(self, tag, attrs):
        at = dict(attrs)
        if tag == "form":
            self._inside = "data-edit-form" in at
        if not self._inside or (not at.get("name") and tag not in ("option",)):
            return
        if tag == "input" and at.get("type") in ("checkbox", "radio"):
            if "checked" in at:
                self.fields[at["name"]] = at.get("value", "on")
        elif tag == "input" and at.get("type") not in ("submit", "file"):
            self.fields[at["name"]] = at.get("value") or ""
        elif tag == "textarea":
            self._area, self.fields[at["name"]] = at["name"], ""
        elif tag == "select":
            self._select = at["name"]
            self.fields.setdefault(at["name"], "")
        elif tag == "option" and self._select and "selected" in at:
            self.fields[self._select] = at.get("value", "")

    def handle_endtag(self, tag):
        if tag == "textarea":
            if self._area:  # a browser drops the first line break
                self.fields[self._area] = (
                    self.fields[self._area].removeprefix("\n").removeprefix("\r\n")
                )
            self._area = None
        elif tag == "select":
            self._select = None
        elif tag == "form":
            self._inside = False

    def handle_data(self, data):
        if self._area:
            self.fields[self._area] += data


def fields(response):
    """Return the edit form's fields and values of a page."""
    parser = _Fields()
    parser.feed(response.content.decode())
    return {name: value.replace("\n", "\r\n") for name, value in parser.fields.items()}


def edit_url(row):
    return f"/snippets/content/{row._meta.model_name}/edit/{row.pk}/"


def page_of(row, name, *more):
    return reverse(row.snippet_viewset.get_url_name(name), args=[row.pk, *more])


def post(client, row, changes, action=""):
    """Change fields of a form as a browser would, and press a button."""
    page = client.get(edit_url(row))
    assert page.status_code == 200
    data = {**fields(page), **changes}
    if action:
        data[action] = "1"
    return client.post(edit_url(row), data)
