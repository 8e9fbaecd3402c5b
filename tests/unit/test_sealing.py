"""What is sealed opens with its key in its place, and nowhere else."""

import stat
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gridtrack.errors import Conflict, Invalid, Unavailable
from gridtrack.sealing.ciphers import ALGORITHMS
from gridtrack.sealing.keys import NAME, Keys, given_ring, keys_of
from gridtrack.sealing.ring import Ring, from_setting, key_of, new_key, parse, text_of
from gridtrack.settings import Settings

PLACE = "reporter/7/name"
EVERY = pytest.mark.parametrize("algorithm", sorted(ALGORITHMS))


def a_ring(*algorithms: str) -> Ring:
    return Ring(tuple(new_key(one) for one in algorithms or ("aes-256-gcm",)))


@EVERY
@given(text=st.text(max_size=90))
def test_what_was_sealed_comes_out_as_it_was(algorithm: str, text: str) -> None:
    ring = a_ring(algorithm)
    assert ring.open(ring.seal(text, PLACE), PLACE) == text


@EVERY
def test_a_value_names_key_and_algorithm_and_not_what_it_says(algorithm: str) -> None:
    ring = a_ring(algorithm)
    value = ring.seal("林某", PLACE)
    assert value.split(".")[:3] == ["s1", ring.current.id, algorithm]
    assert key_of(value) == ring.current.id
    assert value != ring.seal("林某", PLACE)
    assert len(value) == len(ring.seal("欧阳某某", PLACE))


@EVERY
@pytest.mark.parametrize("place", ["reporter/8/name", "reporter/7/contact", ""])
def test_moved_to_another_place_it_opens_no_more(algorithm: str, place: str) -> None:
    ring = a_ring(algorithm)
    with pytest.raises(Conflict, match="seal-broken"):
        ring.open(ring.seal("林某", PLACE), place)


@EVERY
def test_any_changed_character_is_noticed(algorithm: str) -> None:
    ring = a_ring(algorithm)
    value = ring.seal("林某", PLACE)
    for at in range(len(value)):
        other = value[:at] + ("A" if value[at] != "A" else "B") + value[at + 1 :]
        with pytest.raises((Conflict, Unavailable)):
            ring.open(other, PLACE)
    for cut in (value[:40], value[:-4], value + "AAAA", "s1", "林某", "." * 3):
        with pytest.raises((Conflict, Unavailable)):
            ring.open(cut, PLACE)


def test_every_key_opens_what_it_sealed_and_only_the_first_seals() -> None:
    old = a_ring("sm4-gcm")
    value = old.seal("林某", PLACE)
    ring = old.led_by(new_key("aes-256-gcm"))
    assert ring.open(value, PLACE) == "林某"
    assert key_of(ring.seal("林某", PLACE)) == ring.current.id != old.current.id
    with pytest.raises(Unavailable, match="seal-key-missing"):
        ring.without([old.current.id]).open(value, PLACE)
    assert ring.without([ring.current.id]) == ring  # never the one that seals


def test_a_ring_goes_into_a_file_and_a_setting_and_back() -> None:
    ring = a_ring("aes-256-gcm", "sm4-gcm")
    assert parse(text_of(ring), "f") == ring
    setting = ",".join(f"{k.id}:{k.algorithm}:{k.secret.hex()}" for k in ring.keys)
    assert from_setting(setting, "S") == ring
    assert ring.keys[0].secret.hex() not in repr(ring)


@pytest.mark.parametrize(
    "text",
    ["", "a:b", "abcdefgh:aes-256-gcm:00", "abcdefgh:des:" + "0" * 64, "x:aes-256-gcm:" + "0" * 64,
     "abcdefgh:aes-256-gcm:" + "0" * 64 + ",abcdefgh:sm4-gcm:" + "0" * 32],
)  # fmt: skip
def test_bad_keys_in_a_setting_are_refused_without_being_repeated(text: str) -> None:
    with pytest.raises(Invalid, match="seal-keys-bad") as caught:
        from_setting(text, "S")
    assert text == "" or text not in str(caught.value)


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"format": "gridtrack-sealing-1", "keys": [1]}'])
def test_a_file_that_is_none_of_ours_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text)
    with pytest.raises(Invalid, match="seal-keys-bad"):
        given_ring(Settings(instance=tmp_path))


def test_the_key_is_made_once_for_its_owner_only(tmp_path: Path) -> None:
    settings = Settings(instance=tmp_path / "new", sealing_algorithm="sm4-gcm")
    assert given_ring(settings) is None
    ring = keys_of(settings).ring
    assert keys_of(settings).ring == given_ring(settings) == ring
    assert ring.current.algorithm == "sm4-gcm"
    assert stat.S_IMODE((tmp_path / "new" / NAME).stat().st_mode) == 0o600


def test_another_process_has_the_new_key_with_its_next_value(tmp_path: Path) -> None:
    here, there = (keys_of(Settings(instance=tmp_path)) for _ in range(2))
    value = there.seal("林某", PLACE)
    here.change(lambda ring: ring.led_by(new_key("aes-256-gcm")))
    assert key_of(there.seal("林某", PLACE)) == here.ring.current.id != key_of(value)
    assert here.open(value, PLACE) == "林某"
    assert stat.S_IMODE((tmp_path / NAME).stat().st_mode) == 0o600
    assert list(tmp_path.glob(".*.part")) == []


def test_keys_of_a_setting_are_not_changed_by_a_command() -> None:
    with pytest.raises(Conflict, match="seal-keys-setting"):
        Keys.fixed(a_ring()).change(lambda ring: ring)


def test_two_different_keys_of_one_name_are_never_joined() -> None:
    one, other = a_ring(), new_key("aes-256-gcm")
    twin = Ring((type(other)(one.current.id, other.algorithm, other.secret),))
    with pytest.raises(Conflict, match="seal-key-differs"):
        one.joined(twin)
    more = a_ring()
    assert one.joined(more).keys == (*one.keys, *more.keys)
