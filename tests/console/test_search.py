"""Staff find content by the words it holds."""

import pytest

from tests.console.people import signed_in

pytestmark = pytest.mark.usefixtures("db")


@pytest.mark.parametrize(
    ("kind", "words"), [("answer", "COMAR"), ("fact", "i589"), ("contact", "110")]
)
def test_content_is_found_by_its_words(kind, words):
    _rosa, writer = signed_in("rosa", "writer")
    found = writer.get(f"/snippets/content/{kind}/?q={words}").content.decode()
    assert f"/snippets/content/{kind}/edit/" in found
    nothing = writer.get(f"/snippets/content/{kind}/?q=zzzzqq").content.decode()
    assert f"/snippets/content/{kind}/edit/" not in nothing
