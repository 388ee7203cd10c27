"""Data classes that are made when they are used can do what those of the standard library can."""

from __future__ import annotations

import copy
import dataclasses
import pickle
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chartgen import records


def declare(module: Any, *, slots: bool) -> Any:
    @module.dataclass(frozen=True, slots=slots)
    class Sample:
        """Every kind of field."""

        name: str
        size: int = 1
        tags: list[str] = module.field(default_factory=list, hash=False)
        note: str = module.field(default="", compare=False, repr=False)

        @property
        def shout(self) -> str:
            return self.name.upper()

    return Sample


QUESTIONS: dict[str, Callable[[Any], object]] = {
    "defaults": lambda c: [getattr(c("a"), name) for name in ("name", "size", "tags", "note")],
    "keywords": lambda c: c(size=3, name="b").size,
    "a list of its own for each": lambda c: c("a").tags is c("a").tags,
    "equality": lambda c: [c("a") == c("a", note="x"), c("a") == c("b"), c("a") == "a", c("a") != c("a", 2)],
    "hash": lambda c: [
        hash(c("a")) == hash(c("a", tags=["x"], note="y")),
        hash(c("a")) == hash(c("b")),
        len({c("a"), c("a")}),
    ],
    "repr": lambda c: repr(c("a", 2, ["t"], "unseen")).rpartition(".")[2],
    "methods": lambda c: c("a").shout,
    "match": lambda c: c.__match_args__,
    "fields": lambda c: [(field.name, field.type, field.compare, field.hash) for field in dataclasses.fields(c)],
    "asdict": lambda c: dataclasses.asdict(c("a", tags=["t"])),
    "replace": lambda c: dataclasses.replace(c("a", note="n"), size=9),
    "a copy": lambda c: [copy.copy(c("a", 2)).size, copy.deepcopy(c("a", tags=["t"])).tags],
    "names": lambda c: [c.__name__, c.__qualname__, c.__module__, c.__doc__],
}


@pytest.mark.parametrize("slots", [True, False])
@pytest.mark.parametrize("question", QUESTIONS.values(), ids=QUESTIONS.keys())
def test_it_answers_as_a_data_class(question: Callable[[Any], object], slots: bool) -> None:
    def answer(module: Any) -> str:
        return str(question(declare(module, slots=slots))).replace("dataclasses.", "")

    assert answer(records) == answer(dataclasses)


MISTAKES: dict[str, Callable[[Any], object]] = {
    "too little": lambda c: c(),
    "too much": lambda c: c("a", 1, [], "", "one too many"),
    "an unknown name": lambda c: c("a", colour="none"),
    "a change": lambda c: setattr(c("a"), "name", "b"),
    "an addition": lambda c: setattr(c("a"), "colour", "none"),
    "a removal": lambda c: delattr(c("a"), "name"),
}


@pytest.mark.parametrize("slots", [True, False])
@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES.keys())
def test_it_refuses_as_a_data_class(mistake: Callable[[Any], object], slots: bool) -> None:
    for module in (dataclasses, records):
        with pytest.raises((TypeError, dataclasses.FrozenInstanceError)):
            mistake(declare(module, slots=slots))


@records.dataclass(frozen=True, slots=True)
class Sent:
    name: str
    parts: tuple[Sent, ...] = ()


def test_it_goes_to_another_process() -> None:
    sent = Sent("a", (Sent("b"),))

    assert pickle.loads(pickle.dumps(sent)) == sent  # noqa: S301 - what was written a moment ago


def test_own_replace_is_that_of_data_classes() -> None:
    assert records.replace(Sent("a", (Sent("b"),)), name="c") == Sent("c", (Sent("b"),))


def test_a_check_after_construction_is_made() -> None:
    @records.dataclass(frozen=True)
    class Checked:
        size: int

        def __post_init__(self) -> None:
            if self.size < 0:
                raise ValueError(self.size)

    with pytest.raises(ValueError, match="-1"):
        Checked(-1)


def test_two_classes_of_the_same_fields_are_not_equal() -> None:
    assert declare(records, slots=True)("a") != declare(records, slots=True)("a")


def test_declaring_and_constructing_does_not_load_the_standard_library_s(repository: Path) -> None:
    code = (
        "import sys; from chartgen.finding import Finding, Severity; Finding('CG101', Severity.ERROR, 'm');"
        "assert 'dataclasses' not in sys.modules"
    )

    assert subprocess.run([sys.executable, "-c", code], cwd=repository, check=False).returncode == 0


def test_a_field_may_be_called_set_or_absent() -> None:
    @records.dataclass(frozen=True)
    class Named:
        set: int = 1
        absent: int = 2
        more: int = 3

    assert (Named().set, Named().absent, Named(more=4).more) == (1, 2, 4)
