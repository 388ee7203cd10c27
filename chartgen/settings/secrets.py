"""Names that say that a setting is a secret: every visitor can read the page, so none may be a setting."""

from __future__ import annotations

import re

_SECRET_WORDS = frozenset(
    """
    password passwords passwd pwd passphrase passphrases passcode secret secrets token credential credentials jwt
    apikey apikeys privatekey secretkey accesskey sshkey tlskey apitoken authtoken accesstoken
    """.split()
)
_SECRET_KEYS = frozenset(
    "api private secret access signing encryption auth master service shared ssh tls hmac session storage client".split()
)
_RUN_TOGETHER = ("password", "passwd", "passphrase", "secret", "apikey", "secretkey", "privatekey")
_VALUE_WORDS = frozenset({"value", "text", "string", "hash", "base64"})
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+(?:64)?")


def names_a_secret(name: str) -> bool:
    """Whether a camelCase or UPPER_CASE name ends in words for a secret: dbPassword, API_KEY; not tokenLimit."""
    words = [word.lower() for word in _WORD.findall(name)]
    if words and words[-1] in _VALUE_WORDS:
        words.pop()
    if not words:
        return False
    last = words[-1]
    if words == ["tokens"] or last in _SECRET_WORDS or last.endswith(_RUN_TOGETHER):
        return True
    return last in ("key", "keys") and len(words) > 1 and words[-2] in _SECRET_KEYS
