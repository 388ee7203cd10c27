"""What is said of flags, said of what they are in a release: the parameters of Argo CD, the `targetPath` of Flux."""

from __future__ import annotations

import re

from chartgen.documents.flag import Flag
from chartgen.finding import Finding
from chartgen.records import dataclass, replace
from chartgen.releases import Release

_SET = re.compile(r"write (\S+?)=(\S+) under (set(?:String)?)|pass --(set(?:-\w+)?) (\S+?)=(\S+)")


def in_words_of(release: Release, finding: Finding) -> Finding:
    """The finding, with what it says of flags said of the release's own words for them."""
    if not _SET.search(finding.help):
        return finding
    words = _Words({flag.text.partition("=")[0]: flag for flag in release.flags}, release)
    return replace(finding, help=_SET.sub(words.value, finding.help))


@dataclass(frozen=True)
class _Words:
    """What to write where a release's `flags` give a value, by what each of them sets."""

    flags: dict[str, Flag]
    release: Release

    def value(self, match: re.Match[str]) -> str:
        """In place of a flag to pass, what to write."""
        name, value, kind = (match[1], match[2], match[3]) if match[1] else (match[5], match[6], match[4])
        flag = self.flags.get(name)
        if kind == "set-json":
            # Neither Argo CD nor Flux has a flag for what `--set` makes a text of.
            return (
                f"write {name}: {value} in {self.release.inline} instead: {self.release.flag} makes a text of {value}"
            )
        if kind == "set" and flag is not None and flag.kind in self.release.forcing:
            forced = self.release.forcing[flag.kind]
            if flag.text == f"{name}={value}":
                return f"drop {forced}: it makes a text of {value}"
            return f"write {value} as the value of {name}, without {forced}"
        return f"write {value} as the value of {name}"
