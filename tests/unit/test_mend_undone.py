"""A mend that makes it worse, or no better, is undone, and the others are made."""

from __future__ import annotations

from collections.abc import Callable

from chartgen.edits import Edit
from chartgen.finding import Finding, Severity
from chartgen.mend import Fixed, fix
from chartgen.mend_desk import Read
from chartgen.source import Source, Span


def worse(after: Callable[[str], list[str]]) -> Fixed:
    """A judge that says more the more the text is mended; `after` gives the paths of its findings."""

    def judge_again(read: Read) -> list[Finding]:
        source = read("a.yaml")
        assert isinstance(source, Source)
        return [
            Finding(
                "CG202", Severity.ERROR, path, Span(source, 0, 1), path=path, edits=(Edit(_digit(source, path), "9"),)
            )
            for path in after(source.text)
        ]

    return fix(judge_again, lambda path: Source(path, "a: 1\nb: 2\n"))


def _digit(source: Source, path: str) -> Span:
    place = source.text.index(f"{path}: ") + 3
    return Span(source, place, place + 1)


def test_a_mend_that_makes_it_worse_is_undone_and_the_others_are_made() -> None:
    def after(text: str) -> list[str]:
        return ["a"] * ("a: 1" in text) + ["b"] * (1 if "b: 2" in text else 3)

    made = worse(after)

    assert [text for _, text in made.texts.values()] == ["a: 9\nb: 2\n"]
    assert [finding.path for finding in made.findings] == ["b"]
    assert made.applied == 1


def test_one_file_that_cannot_be_mended_does_not_make_the_others_wait() -> None:
    """Of more files than are tried one by one."""
    judged = 0

    def judge_again(read: Read) -> list[Finding]:
        nonlocal judged
        judged += 1
        found = []
        for number in range(150):
            source = read(f"{number}.yaml")
            assert isinstance(source, Source)
            errors = 1 if source.text.endswith("1\n") else 2 if number < 2 else 0
            span, edits = Span(source, 3, 4), (Edit(Span(source, 3, 4), "9"),)
            found += [
                Finding("CG202", Severity.ERROR, "no", span, path=f"p{each}", edits=edits) for each in range(errors)
            ]
        return found

    made = fix(judge_again, lambda path: Source(path, "a: 1\n"))

    assert sorted({finding.primary.source.name for finding in made.findings if finding.primary}) == ["0.yaml", "1.yaml"]
    assert len(made.texts) == 148
    assert judged < 10


def test_a_mend_that_changes_nothing_is_undone() -> None:
    made = worse(lambda _: ["a"])

    assert not made.texts
    assert made.applied == 0
