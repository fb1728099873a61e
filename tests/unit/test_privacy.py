"""Nothing that is stored leads back to a person without the keys."""

import base64
import os

import pytest

from bot.privacy import user_ref
from bot.runtime.vault import UnreadableAddressError, Vault


def vault():
    return Vault(base64.urlsafe_b64encode(os.urandom(32)).decode())


def test_one_number_is_two_people_on_two_networks():
    assert user_ref("key", "sms", "+50499990000") != user_ref("key", "whatsapp", "+50499990000")


def test_an_address_comes_back_only_for_its_person():
    safe = vault()
    sealed = safe.seal("ana", "+50499990000")
    assert b"50499990000" not in sealed
    assert safe.open("ana", sealed) == "+50499990000"
    with pytest.raises(UnreadableAddressError):
        safe.open("eva", sealed)


def test_another_key_does_not_open_it():
    with pytest.raises(UnreadableAddressError):
        vault().open("ana", vault().seal("ana", "+50499990000"))


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="32 bytes"):
        Vault("c2hvcnQ=")
