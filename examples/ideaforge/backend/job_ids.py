"""Ids that tell by themselves when they were made, and that they were made here.

So an id whose entry is gone needs no tombstone: where the seal is right, the job was here, and is expired (410); any other text
is unknown (404). An id is 32 characters in the alphabet of base32hex, whose order is that of the bytes: 48 bits of
milliseconds since 1970, 64 random bits, 48 bits of a seal (HMAC-SHA256). Ids sort as their times do. The seal opens nothing:
it tells a late page from a wrong address.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import secrets
import time
from dataclasses import dataclass

_BYTES = 20
_SEALED = 14
_LENGTH = 32


@dataclass(frozen=True)
class JobIds:
    """Makes ids and knows its own; `key` is the same in all replicas and across restarts (it lies in Redis)."""

    key: bytes

    def new(self, at_ms: int | None = None) -> str:
        """An id of this moment, or of another one, in milliseconds since 1970."""
        at_ms = time.time_ns() // 1_000_000 if at_ms is None else at_ms
        told = at_ms.to_bytes(6, "big") + secrets.token_bytes(8)
        return _text(told + self._seal(told))

    def made_at_ms(self, text: str) -> int | None:
        """When an id was made, in milliseconds since 1970; None if it was not made with this key."""
        if len(text) != _LENGTH or not text.isascii():
            return None
        try:
            raw = base64.b32hexdecode(text.upper())
        except binascii.Error:
            return None
        told = raw[:_SEALED]
        if len(raw) != _BYTES or _text(raw) != text or not hmac.compare_digest(raw[_SEALED:], self._seal(told)):
            return None
        return int.from_bytes(raw[:6], "big")

    def _seal(self, told: bytes) -> bytes:
        return hmac.digest(self.key, told, hashlib.sha256)[: _BYTES - _SEALED]


def _text(raw: bytes) -> str:
    return base64.b32hexencode(raw).decode("ascii").lower()
