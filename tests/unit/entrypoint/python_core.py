"""What the entrypoint does, as JSON: run by every Python from 3.9 on, so with no more than its standard library.

`python python_core.py ENTRYPOINT SETTINGS`.
"""

import json
import runpy
import sys
import types

from hostile_pages import ENCODINGS, PAGES, REFUSED  # beside this file

TEXTS = [
    "",
    "0",
    "-0",
    "00",
    "1.5",
    "1.",
    "1e3",
    " 1",
    "\u0661",
    "12345678901234567",
    "true",
    "x",
    "\u2028</script>\U0001f600",
]


def outcomes(script: str, settings: str) -> dict:
    names = types.SimpleNamespace(**runpy.run_path(script))
    table = names.load_table(settings)
    made = {"encodings": [names.declared_encoding(page) for page, _ in ENCODINGS.values()]}
    for mode in ("inline", "file", "json"):
        element = names.element_of(mode, b"a=1;", b"{}", "/")
        made[mode] = [
            b"".join(names.with_element(page.replace(b"@", b""), element)).decode("latin-1") for page in PAGES.values()
        ]
    made["refused"] = []
    for page, _ in REFUSED.values():
        try:
            names.with_element(page, element)
        except ValueError as error:
            made["refused"].append(str(error))
    kinds = ("integer", "number", "boolean", "string")
    made["texts"] = [[names.parse_text(kind, text) for text in TEXTS] for kind in kinds]
    made["quoted"] = [names.quoted(text) for text in TEXTS]
    made["verdicts"] = []
    for text in [*TEXTS, "5000", "999", "10000"]:
        values, errors, warnings = names.judge(table, {setting[1]: text.encode() for setting in table["SETTINGS"]})
        made["verdicts"].append([values, errors, warnings, sorted(names.fall_back(table, values, errors)[1])])
    return made


sys.stdout.write(json.dumps(outcomes(*sys.argv[1:]), sort_keys=True))
