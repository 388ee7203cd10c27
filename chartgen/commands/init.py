"""`chartgen init`: a settings schema and chartgen.yaml, from flags, questions or an existing ConfigMap."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from chartgen.finding import OutsideStop, UsageStop

if TYPE_CHECKING:
    from chartgen.start.config_map import ConfigMapDraft
    from chartgen.start.draft import Draft
    from chartgen.start.files import Start

_EXAMPLES = """\b
Examples:
  chartgen init                                        (asks)
  chartgen init --name shop --image registry.example.com/shop:1.0.0 \\
                --setting refreshInterval:ms=5000 --setting darkMode=false
  chartgen init --image registry.example.com/shop:1.0.0 --from configmap.yaml

\b
A setting is NAME[:TYPE][:UNIT]=DEFAULT
  NAME  camelCase; the ConfigMap's key is made of it: refreshIntervalMs -> REFRESH_INTERVAL_MS
  TYPE  integer, number, boolean or string; if left out, what the default looks like
  UNIT  ms, s, min, percent, bytes or count; if left out, what the name ends in
"""


@click.command(epilog=_EXAMPLES, short_help="Start a project: a settings schema and chartgen.yaml.")
@click.option("--name", help="The chart's name, such as shop.")
@click.option("--image", help="The frontend's image, with its tag or digest.")
@click.option("--setting", "settings", multiple=True, metavar="SETTING", help="A first setting; may be repeated.")
@click.option(
    "--from", "config_map", metavar="FILE", help="Take the settings from this ConfigMap; - is standard input."
)
@click.argument("folder", default=".", metavar="[DIR]")
def command(name: str | None, image: str | None, settings: tuple[str, ...], config_map: str | None, folder: str) -> int:
    """Start a project in DIR (by default here): a settings schema, chartgen.yaml, and chartgen's schemas for editors.

    What is not said by flags is asked for, on a terminal. Nothing that is there already is overwritten.
    """
    from chartgen.start.config_map import read_config_map
    from chartgen.start.files import first_files

    taken = read_config_map(config_map) if config_map is not None else None
    start = _start(name, image, settings, taken, Path(folder))
    written = _write(Path(folder), first_files(start))
    for left_out in taken.left_out if taken else ():
        click.echo(f"left out: {left_out.key} ({left_out.place}): {left_out.reason}", err=True)
    click.echo("".join(f"wrote {path}\n" for path in written) + _next_steps(start, folder), nl=False)
    return 0


def _start(
    name: str | None, image: str | None, settings: tuple[str, ...], taken: ConfigMapDraft | None, folder: Path
) -> Start:
    from chartgen.start.draft import draft_of_text
    from chartgen.start.files import Start

    asks = sys.stdin.isatty() and sys.stdout.isatty()
    proposal = _name_of(taken.name) if taken and taken.name else _name_of(folder.resolve().name)
    name = name or (proposal if taken and not asks else _answer(asks, "Name of the chart", "--name NAME", proposal))
    image = image or _answer(asks, "Image of the frontend, with its tag", "--image IMAGE")
    drafts = [*(taken.settings if taken else ()), *map(draft_of_text, settings)]
    if not drafts and asks:
        drafts = _asked_settings()
    if not drafts:
        message = (
            "a project needs a first setting" if taken is None else "the ConfigMap holds nothing that could be one"
        )
        raise UsageStop(message, "name one: --setting refreshInterval:ms=5000")
    _distinct(drafts)
    return Start(name, image, tuple(drafts), taken.name if taken else "", taken.namespace if taken else "")


def _answer(asks: bool, question: str, flag: str, proposal: str = "") -> str:
    if not asks:
        message = f"{flag.split(maxsplit=1)[0]} is missing, and there is no terminal to ask on"
        raise UsageStop(message, f"give {flag}")
    return str(click.prompt(question, default=proposal or None))


def _asked_settings() -> list[Draft]:
    from chartgen.start.draft import FORM, draft_of_text

    click.echo(f"Settings, one a line, as {FORM}, such as refreshInterval:ms=5000; an empty line ends them.")
    drafts: list[Draft] = []
    while text := str(click.prompt("Setting", default="", show_default=False)).strip():
        try:
            drafts.append(draft_of_text(text))
        except UsageStop as stop:
            click.echo(f"{stop.message}\n{stop.next_step}")
    return drafts


def _distinct(drafts: list[Draft]) -> None:
    for names in ([draft.name for draft in drafts], [draft.env for draft in drafts]):
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            message = f"{', '.join(twice)}: named twice"
            raise UsageStop(message, "give each setting a name of its own")


def _name_of(text: str) -> str:
    """A chart's name from the name of a folder or a ConfigMap: `Shop Frontend` -> `shop-frontend`."""
    words = "".join(char if char.isalnum() and char.isascii() else " " for char in text.lower()).split()
    if len(words) > 1 and words[-1] in {"config", "configmap", "settings"}:
        words.pop()
    return "-".join(words)


def _write(folder: Path, files: dict[str, str]) -> list[str]:
    """Write the files; none if one is there, but for the copies for editors, which then stay as they are."""
    from chartgen.start.files import EDITOR_FILES

    there = [path for path in files if (folder / path).exists()]
    if set(there) - set(EDITOR_FILES):
        names = ", ".join(str(folder / path) for path in there if path not in EDITOR_FILES)
        message = f"already there: {names}; nothing is written"
        raise UsageStop(message, "name another folder, or add settings to the schema by hand")
    missing = [path for path in files if path not in there]
    try:
        for path in missing:
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            with (folder / path).open("x", encoding="utf-8", newline="\n") as file:
                file.write(files[path])
    except OSError as error:
        message = f"cannot write {error.filename or folder}: {error.strerror}"
        raise OutsideStop(message, "mend that and run it again; remove what was written before, if anything") from None
    return [str(folder / path) for path in missing]


def _next_steps(start: Start, folder: str) -> str:
    from chartgen.start.files import settings_file

    enter = "" if folder == "." else f"  cd {folder}\n"
    return (
        f"next:\n{enter}"
        f"  edit {settings_file(start)}: the bounds are guesses; describe each setting, add rules\n"
        "  chartgen render\n"
        f"  helm install {start.name} charts/{start.name}\n"
    )
