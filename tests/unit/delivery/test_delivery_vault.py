"""Secrets at rest: whoever has hub.db alone has none of them, and a lost key is said, not replaced."""

from __future__ import annotations

import stat

import pytest
from fakes.delivery_world import DeliveryWorld
from hypothesis import given
from hypothesis import strategies as st

from hub.delivery.vault import FILE, Vault, open_vault
from hub.errors import ConfigError
from hub.sdk.webhook import new_secret


@pytest.fixture
def path(tmp_path):
    return tmp_path / FILE


def test_what_is_encrypted_comes_back(path):
    vault, secret = Vault(path), new_secret()
    assert vault.decrypt(vault.encrypt(secret, "sub_1"), "sub_1") == secret


def test_another_process_reads_it(path):
    assert Vault(path).decrypt(Vault(path).encrypt("whsec_eA==", "sub_1"), "sub_1") == "whsec_eA=="


def test_a_secret_does_not_stand_in_what_is_stored(path):
    vault, secret = Vault(path), new_secret()
    assert secret.encode() not in vault.encrypt(secret, "sub_1")


def test_what_is_another_subscriptions_is_refused(path):
    vault = Vault(path)
    with pytest.raises(ConfigError):
        vault.decrypt(vault.encrypt("whsec_eA==", "sub_1"), "sub_2")


@given(st.data())
def test_what_was_tampered_with_is_refused(tmp_path_factory, data):
    vault = Vault(tmp_path_factory.getbasetemp() / FILE)
    stored = vault.encrypt("whsec_eA==", "sub_1")
    at = data.draw(st.integers(0, len(stored) - 1))
    altered = stored[:at] + bytes([stored[at] ^ data.draw(st.integers(1, 255))]) + stored[at + 1 :]
    with pytest.raises(ConfigError):
        vault.decrypt(altered, "sub_1")


@pytest.mark.parametrize("stored", [b"", b"x" * 11, b"x" * 12, b"x" * 27])
def test_what_is_too_short_to_be_anything_is_refused(path, stored):
    with pytest.raises(ConfigError):
        Vault(path).decrypt(stored, "sub_1")


def test_after_a_rotation_both_are_read_and_the_new_key_encrypts(path):
    vault = Vault(path)
    before = vault.encrypt("whsec_eA==", "sub_1")
    former = path.read_text()
    vault.rotate()
    after = vault.encrypt("whsec_eA==", "sub_1")
    assert [vault.decrypt(one, "sub_1") for one in (before, after)] == ["whsec_eA=="] * 2
    path.write_text(former)
    with pytest.raises(ConfigError):
        Vault(path).decrypt(after, "sub_1")


def test_a_running_process_reads_what_a_rotated_key_encrypted(path):
    running, other = Vault(path), Vault(path)
    other.rotate()
    assert running.decrypt(other.encrypt("whsec_eA==", "sub_1"), "sub_1") == "whsec_eA=="


def test_the_key_is_its_owners_alone(path):
    vault = Vault(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    vault.rotate()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_nothing_lies_beside_the_key(path):
    Vault(path).rotate()
    assert [one.name for one in path.parent.iterdir()] == [FILE]


@pytest.mark.parametrize("text", ["", "\n", "not base64!", "c2hvcnQ=\n"])
def test_a_damaged_key_is_said_with_what_to_do(path, text):
    path.write_text(text)
    with pytest.raises(ConfigError, match="restore it from a backup"):
        Vault(path)


def test_a_refusal_names_neither_key_nor_secret(path):
    vault, secret = Vault(path), new_secret()
    with pytest.raises(ConfigError) as refused:
        vault.decrypt(vault.encrypt(secret, "sub_1"), "sub_2")
    assert secret not in str(refused.value)
    assert path.read_text().strip() not in str(refused.value)


async def test_a_lost_key_is_not_made_anew_while_something_is_encrypted(tmp_path):
    async with DeliveryWorld(tmp_path) as world:
        (tmp_path / FILE).unlink()
        await open_vault(world.settings, world.hub_db)
        (tmp_path / FILE).unlink()
        await world.subscribe("https://campaign.example/hook")
        with pytest.raises(ConfigError, match=r"restore it from a backup"):
            await open_vault(world.settings, world.hub_db)
        assert not (tmp_path / FILE).exists()
