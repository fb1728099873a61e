"""Content to plain JSON values and back, with errors that name the place."""

from __future__ import annotations

from datetime import date, time
from types import UnionType
from typing import Any, TypeVar, Union, get_origin

from cattrs import BaseValidationError, Converter, transform_error
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn
from cattrs.preconf.json import make_converter

from bot.content.model import (
    Banner,
    Contact,
    Content,
    Fact,
    Hours,
    Live,
    Release,
    Source,
    Wording,
)
from bot.guides import Block, Guide, Outcome, Step

T = TypeVar("T")


class ContentError(ValueError):
    """Content that cannot be read; ``problems`` says each place and what is wrong there."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems


def _value(value: Any, _: Any) -> Any:
    """Read a fact's value: JSON has no dates, YAML has."""
    if isinstance(value, str) and len(value) == 10 and value[4:5] == value[7:8] == "-":
        try:
            return date.fromisoformat(value)
        except ValueError:
            return value
    return value


def _date(value: Any, _: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


def _time(value: Any, _: Any) -> time:
    return value if isinstance(value, time) else time.fromisoformat(value)


def _text(value: Any, _: Any) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r} is not a text; put it in quotes")
    return value


def _is_value_union(kind: Any) -> bool:
    return get_origin(kind) in (Union, UnionType) and float in getattr(kind, "__args__", ())


def _make() -> Converter:
    converter: Converter = make_converter()
    converter.register_structure_hook(date, _date)
    converter.register_structure_hook(time, _time)
    converter.register_structure_hook(str, _text)
    converter.register_unstructure_hook(date, date.isoformat)
    converter.register_unstructure_hook(time, lambda t: t.isoformat("minutes"))
    converter.register_structure_hook_func(_is_value_union, _value)
    # A mistyped key must not pass as an absent one.
    strict = (Source, Live, Hours, Wording, Fact, Contact, Banner, Guide, Step, Outcome, Block)
    for kind in strict:
        converter.register_structure_hook(
            kind, make_dict_structure_fn(kind, converter, _cattrs_forbid_extra_keys=True)
        )
    # A fact that has a role, be it "", is a contact, also where only a fact is asked for.
    fact_out = make_dict_unstructure_fn(Fact, converter)
    contact_out = make_dict_unstructure_fn(Contact, converter)
    converter.register_unstructure_hook(
        Fact, lambda fact: (contact_out if isinstance(fact, Contact) else fact_out)(fact)
    )
    fact_hook = make_dict_structure_fn(Fact, converter, _cattrs_forbid_extra_keys=True)
    contact_hook = make_dict_structure_fn(Contact, converter, _cattrs_forbid_extra_keys=True)
    converter.register_structure_hook(
        Fact, lambda data, _: (contact_hook if "role" in data else fact_hook)(data, None)
    )
    return converter


_CONVERTER = _make()


def read(kind: type[T], data: Any) -> T:
    """Return ``data`` as ``kind``; raise ``ContentError`` naming every wrong place."""
    try:
        return _CONVERTER.structure(data, kind)
    except BaseValidationError as error:
        raise ContentError(transform_error(error, path="")) from error
    except (KeyError, TypeError, ValueError) as error:
        raise ContentError([str(error)]) from error


def plain(value: Any) -> Any:
    """Return a content object as values that JSON can hold."""
    return _CONVERTER.unstructure(value)


def read_content(data: Any) -> Content:
    return read(Content, data)


def read_release(data: Any) -> Release:
    return Release(data["number"], data["hash"], read_content(data["content"]))
