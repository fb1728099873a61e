"""The readable text of a page, block by block, without menus, scripts and forms. Pure."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_SKIPPED = frozenset(
    ("script", "style", "noscript", "template", "svg", "nav", "footer", "form", "button", "select")
)
_BLOCKS = frozenset(
    (
        "p", "div", "section", "article", "main", "li", "ul", "ol", "td", "th", "tr", "table",
        "h1", "h2", "h3", "h4", "h5", "h6", "br", "dd", "dt", "dl", "blockquote", "pre", "header",
        "figcaption", "caption", "title", "body",
    )
)  # fmt: skip
_VOID = frozenset(
    ("br", "hr", "img", "input", "meta", "link", "source", "wbr", "area", "base", "col", "track")
)
_PLAIN = {0xA0: " ", 0x2019: "'", 0x2018: "'", 0x201C: '"', 0x201D: '"', 0xAD: ""}
LONGEST = 2000  # characters of one block; a longer one is cut into sentences


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self._words: list[str] = []
        self._skipping: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._skipping or tag in _SKIPPED:
            if tag not in _VOID:
                self._skipping.append(tag)
        elif tag in _BLOCKS:
            self._end()

    def handle_endtag(self, tag: str) -> None:
        if self._skipping:
            # Real pages leave tags open: the last one of that name closes what is inside it.
            if tag in self._skipping:
                last = len(self._skipping) - 1 - self._skipping[::-1].index(tag)
                del self._skipping[last:]
        elif tag in _BLOCKS:
            self._end()

    def handle_data(self, data: str) -> None:
        if not self._skipping:
            self._words.append(data)

    def close(self) -> None:
        super().close()
        self._end()

    def _end(self) -> None:
        text = tidy(" ".join(self._words))
        self._words = []
        if text:
            self.blocks.append(text)


def tidy(text: str) -> str:
    """Return a text with single blanks and plain quotation marks, so that only words differ.

    >>> tidy("  The fee\\xa0is\\n $100 ")
    'The fee is $100'
    """
    return " ".join(text.translate(_PLAIN).split())


def blocks_of(page: str, kind: str = "text/html") -> list[str]:
    """Return the blocks of text of a page, in order.

    >>> blocks_of("<nav>Menu</nav><p>The fee is <b>$100</b>.</p><script>x()</script><p>Pay.")
    ['The fee is $100 .', 'Pay.']
    """
    if "html" in kind or page.lstrip()[:1] == "<":
        reader = _Reader()
        reader.feed(page)
        reader.close()
        blocks = reader.blocks
    else:
        blocks = [tidy(part) for part in re.split(r"\n\s*\n", page)]
    cut: list[str] = []
    for block in filter(None, blocks):
        cut += [block] if len(block) <= LONGEST else re.split(r"(?<=[.!?]) ", block)
    return cut
