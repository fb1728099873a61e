"""Addresses of people: encrypted, short-lived, and readable only by the part that sends.

Stored as AES-256-GCM with the person's pseudonym as associated data, so that an
address copied under another person's name does not decrypt.
"""

from __future__ import annotations

import base64
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


class UnreadableAddressError(ValueError):
    """The stored address was made with another key, or was tampered with."""


class Vault:
    """Encrypts and decrypts addresses; ``key`` is 32 bytes in URL-safe base64."""

    def __init__(self, key: str) -> None:
        raw = base64.urlsafe_b64decode(key)
        if len(raw) != 32:
            raise ValueError("the vault key must be 32 bytes in URL-safe base64")
        self._cipher = AESGCM(raw)

    def seal(self, person: str, address: str) -> bytes:
        nonce = os.urandom(12)
        return nonce + self._cipher.encrypt(nonce, address.encode(), person.encode())

    def open(self, person: str, sealed: bytes) -> str:
        try:
            return self._cipher.decrypt(sealed[:12], sealed[12:], person.encode()).decode()
        except InvalidTag as error:
            raise UnreadableAddressError(person) from error
