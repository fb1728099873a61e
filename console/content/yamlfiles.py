"""Changes single entries of a YAML file and leaves every other byte as it was.

A file is cut into entries by line; only an entry that changed is written anew, by a round
trip that keeps its comments and quotes. So a review in git shows what staff changed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.representer import RoundTripRepresenter
from ruamel.yaml.scalarstring import DoubleQuotedScalarString, LiteralScalarString, ScalarString

from bot.content.files import parse_yaml

_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
BLOCK = "|", ">"


@dataclass(frozen=True)
class Entry:
    """One entry of a file: its key and the lines it takes, ``end`` not included."""

    key: str
    start: int
    end: int


class _Representer(RoundTripRepresenter):
    """Writes nothing as ``null``, as our files do."""


_Representer.add_representer(
    type(None), lambda self, _: self.represent_scalar("tag:yaml.org,2002:null", "null")
)


def _yaml() -> YAML:
    yaml_ = YAML()
    yaml_.Representer = _Representer
    yaml_.preserve_quotes = True
    yaml_.width = 100_000
    yaml_.allow_unicode = True
    yaml_.indent(mapping=2, sequence=4, offset=2)
    return yaml_


def load(text: str) -> Any:
    """Return a text's data, read as the bot reads it."""
    return parse_yaml(text, "")


def listed(text: str, root: str) -> list[Entry]:
    """Return the entries of a file that is one list of mappings with an ``id``."""
    for key, value in _root(text):
        if key.value == root and isinstance(value, yaml.SequenceNode):
            lines = text.splitlines()
            return [
                Entry(_id_of(item), item.start_mark.line, _last_line(item, lines))
                for item in value.value
            ]
    return []


def keyed(text: str) -> list[Entry]:
    """Return the entries of a file that is one mapping."""
    lines = text.splitlines()
    return [
        Entry(str(key.value), key.start_mark.line, _last_line(value, lines))
        for key, value in _root(text)
    ]


def replace(text: str, changes: Mapping[Entry, str]) -> str:
    """Return ``text`` with the lines of some entries written anew ("" takes one out)."""
    lines = text.splitlines(keepends=True)
    for entry in sorted(changes, key=lambda entry: entry.start, reverse=True):
        lines[entry.start : entry.end] = changes[entry].splitlines(keepends=True)
    return "".join(lines)


def cut(text: str, entry: Entry) -> str:
    return "".join(text.splitlines(keepends=True)[entry.start : entry.end])


def amend(
    text: str, old: Mapping[str, Any], new: Mapping[str, Any], order: Sequence[str], item: bool
) -> str:
    """Return an entry's text with the keys changed that differ between ``old`` and ``new``.

    ``item``: the text is one item of a list. Old and new are without empty values.
    """
    yaml_ = _yaml()
    document = yaml_.load(text) if text else ([_new_map()] if item else _new_map())
    _amend(document[0] if item else document, old, new, order)
    stream = io.StringIO()
    yaml_.dump(document, stream)
    return stream.getvalue()


def dump_key(key: str, value: Any, like: str = "") -> str:
    """Return ``key: value`` as a file's own style writes it (``like`` is the old text)."""
    yaml_ = _yaml()
    old = yaml_.load(like) if like else CommentedMap()
    old[key] = _styled(value, old.get(key))
    stream = io.StringIO()
    yaml_.dump(old, stream)
    return stream.getvalue()


def _new_map() -> CommentedMap:
    return CommentedMap()


def _amend(
    node: CommentedMap, old: Mapping[str, Any], new: Mapping[str, Any], order: Sequence[str]
) -> None:
    for key in [key for key in old if key not in new and key in node]:
        if node[key] is not None:
            del node[key]
    for key, value in new.items():
        if key in old and old[key] == value:
            continue
        if isinstance(value, Mapping) and isinstance(node.get(key), CommentedMap):
            _amend(node[key], old.get(key) or {}, value, ())
        elif key in node:
            node[key] = _styled(value, node[key])
        else:
            node.insert(_place(node, key, order), key, _styled(value, None, key))


def _place(node: CommentedMap, key: str, order: Sequence[str]) -> int:
    """Return where a new key goes: behind the last of those that come before it."""
    if key not in order:
        return len(node)
    before = set(order[: order.index(key)])
    places = [place + 1 for place, known in enumerate(node) if known in before]
    return max(places, default=0)


def _styled(value: Any, like: Any, key: str = "") -> Any:
    if isinstance(value, str):
        if "\n" in value or isinstance(like, LiteralScalarString) or key in ("text", "sms"):
            return LiteralScalarString(value.rstrip("\n") + "\n")
        kind = type(like) if isinstance(like, ScalarString) else None
        if kind is None and key in ("value",):
            kind = DoubleQuotedScalarString
        return kind(value) if kind else value
    if isinstance(value, Mapping):
        made = CommentedMap((k, _styled(v, None, k)) for k, v in value.items())
        if not any(isinstance(v, Mapping | LiteralScalarString) for v in made.values()):
            made.fa.set_flow_style()
        return made
    if isinstance(value, list):
        quoted = isinstance(like, list) and like and isinstance(like[0], ScalarString)
        made_list = CommentedSeq(type(like[0])(v) if quoted else v for v in value)
        if not isinstance(like, CommentedSeq) or like.fa.flow_style():
            made_list.fa.set_flow_style()
        return made_list
    return value


def _root(text: str) -> Iterator[tuple[Any, Any]]:
    node = yaml.compose(text, Loader=_LOADER)
    if isinstance(node, yaml.MappingNode):
        yield from node.value


def _id_of(item: Any) -> str:
    return next((str(value.value) for key, value in item.value if key.value == "id"), "")


def _last_line(node: Any, lines: Sequence[str]) -> int:
    """Return the line behind a node, without the blank lines and comments that follow it."""
    if isinstance(node, yaml.MappingNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1][1], lines)
    if isinstance(node, yaml.SequenceNode) and not node.flow_style and node.value:
        return _last_line(node.value[-1], lines)
    end = int(node.end_mark.line)
    if isinstance(node, yaml.ScalarNode) and node.style in BLOCK:
        end = min(end, len(lines))
        while end > 0 and not lines[end - 1].strip():
            end -= 1
        return end
    return end + 1
