"""What is wanted of a ConfigMap of settings: the texts of some keys, as arguments, profiles and manifests give them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from chartgen.cluster.live import LiveMap
from chartgen.finding import Finding, UsageStop
from chartgen.names import did_you_mean
from chartgen.records import dataclass, field
from chartgen.settings.model import Setting, Settings
from chartgen.settings.strings import render_text


@dataclass(frozen=True)
class Wanted:
    """The texts that a ConfigMap is to hold, by key, and its namespace where that is said.

    `new` is what is created, but for its texts, where there is none; without it nothing is. `findings` are the warnings of where
    all that was read from.
    """

    texts: Mapping[str, str] = field(hash=False)
    namespace: str = ""
    new: LiveMap | None = None
    findings: tuple[Finding, ...] = ()


def wanted_texts(settings: Settings, profile: str, arguments: Iterable[str]) -> dict[str, str]:
    """The texts by key: those of a profile, and over them those of arguments such as `pollMs=5000` or `POLL_MS=5000`.

    Raises:
        UsageStop: a profile or a setting is not known, a setting is named twice, or nothing is asked for.
    """
    texts = _of_profile(settings, profile) if profile else {}
    named: set[str] = set()
    for argument in arguments:
        name, is_pair, text = argument.partition("=")
        setting = _setting(settings, name) if is_pair else None
        if setting is None:
            raise _unknown(settings, name, is_pair)
        if setting.env in named:
            raise UsageStop(f"{setting.env} is given twice", "give each setting once")
        named.add(setting.env)
        texts[setting.env] = text
    if not texts:
        raise UsageStop("nothing is asked for", "name a setting and its value, KEY=VALUE, or a profile: --profile NAME")
    return texts


def name_of(settings: Settings, key: str) -> str:
    """The setting's name for a key of the ConfigMap; empty for another key."""
    return next((setting.name for setting in settings.settings if setting.env == key), "")


def _of_profile(settings: Settings, name: str) -> dict[str, str]:
    profiles: Mapping[str, object] = {profile.name: profile for profile in settings.profiles}
    found = next((profile for profile in settings.profiles if profile.name == name), None)
    if found is None:
        raise UsageStop(f'{settings.source.name} has no profile "{name}"', did_you_mean(name, profiles))
    given = [(settings.setting(path), value) for path, value in found.values.items()]
    return {setting.env: render_text(setting.type, value) for setting, value in given}


def _setting(settings: Settings, name: str) -> Setting | None:
    name = name.removeprefix("settings.")
    return next((each for each in settings.settings if name in {each.name, each.env, each.window}), None)


def _unknown(settings: Settings, name: str, is_pair: str) -> UsageStop:
    if not is_pair:
        return UsageStop(f"{name!r} gives no value", "write KEY=VALUE")
    known = [word for each in settings.settings for word in (each.name, each.env)]
    return UsageStop(f"{name!r} is not a setting", did_you_mean(name, known))
