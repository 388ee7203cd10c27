"""Environment variables beside the settings that have the name of one."""

from __future__ import annotations

from chartgen.documents.branches import Fault
from chartgen.documents.layers import View
from chartgen.finding import Finding
from chartgen.records import replace
from chartgen.schema_case import case_of
from chartgen.settings.model import Settings
from chartgen.unknown_keys import setting_path


def taken_name(fault: Fault, view: View, settings: Settings) -> Finding | None:
    """The finding of a key or a text that may not be the name of a setting, and is; None for all other faults."""
    is_key = fault.keyword == "falseSchema"
    if not fault.path or not (is_key or fault.keyword == "not"):
        return None
    case = case_of(fault, view)
    word = fault.path[-1] if is_key else case.found
    setting = next((setting for setting in settings.settings if setting.env == word), None)
    if setting is None:
        return None
    message = f"{case.name}{'' if is_key else f' is {word}, which'} is the setting {setting.name}"
    finding = case.finding(message, str(word), "the name of no setting", f"set it as {setting_path(setting, view)}")
    return replace(finding, primary=case.key_span or finding.primary) if is_key else finding
