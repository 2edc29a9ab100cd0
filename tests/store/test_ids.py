from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

from quiz.model.log import SIGN, TEXT
from quiz.store.ids import new_id

NOW = datetime(2026, 3, 29, 20, 32, 32, 250999, tzinfo=UTC)


def test_an_id_is_a_uuid_of_version_7_that_carries_the_given_time() -> None:
    identity = UUID(new_id(NOW))
    assert identity.version == 7
    assert identity.int >> 80 == int(NOW.timestamp() * 1000)


def test_ids_of_one_millisecond_are_distinct_and_grow() -> None:
    ids = [new_id(NOW) for _ in range(5000)]
    assert ids == sorted(set(ids))


def test_the_sign_of_a_device_is_in_its_ids_which_are_distinct_and_grow() -> None:
    ids = [new_id(NOW, sign) for _ in range(3000) for sign in ("c0ffee", "ffffff")]
    assert len(set(ids)) == len(ids)
    for sign in ("c0ffee", "ffffff"):
        own = [one for one in ids if one[SIGN] == sign]
        assert len(own) == 3000
        assert own == sorted(own)
        assert all(UUID(one).version == 7 for one in own)


def test_the_sign_of_a_text_stands_beside_that_of_the_device() -> None:
    one = new_id(NOW, "c0ffee", "abcdef")
    assert (one[SIGN], one[TEXT], UUID(one).version) == ("c0ffee", "abcdef", 7)
    assert one != new_id(NOW, "c0ffee", "abcdef")


def test_a_clock_set_back_is_followed() -> None:
    late, early = new_id(NOW), new_id(NOW - timedelta(hours=1))
    assert early < late
    assert UUID(early).int >> 80 == UUID(late).int - (3_600_000 << 80) >> 80


def test_the_offset_of_the_clock_does_not_matter() -> None:
    from datetime import timezone

    seoul = NOW.astimezone(timezone(timedelta(hours=9)))
    assert new_id(seoul)[:13] == new_id(NOW)[:13]
