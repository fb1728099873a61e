"""The key of what was not understood: derived from the vault's, and useless for addresses."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os

from bot import settings
from bot.runtime.vault import Vault


def derived_key(vault_key: str) -> str:
    """Return the key of this inbox."""
    raw = base64.urlsafe_b64decode(vault_key)
    return base64.urlsafe_b64encode(hmac.new(raw, b"unanswered", hashlib.sha256).digest()).decode()


def vault() -> Vault:
    own = os.environ.get("FARO_UNANSWERED_KEY")
    return Vault(own or derived_key(settings.secret_keys().vault))
