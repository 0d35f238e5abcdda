# SPDX-License-Identifier: MIT
"""The record's two slots: whatever is damaged, the newest whole one is used."""

import binascii
import io

from firmware.store import Store

SMOKE = True


class FakeFlash:
    """Two slots in memory, and one that refuses."""

    def __init__(self):
        self.slots = {}
        self.refuse = False
        self.commits = 0

    def load(self, slot):
        return io.BytesIO(self.slots[slot]) if slot in self.slots else None

    def commit(self, slot, pieces):
        if self.refuse:
            raise OSError(28)
        self.commits += 1
        self.pieces = list(pieces)
        self.slots[slot] = b"".join(self.pieces)


def filled():
    flash = FakeFlash()
    store = Store(flash, lambda line: None)
    assert store.load() == {}
    assert store.commit({"n": 1, "text": "\u20ac \U0001f600"})
    assert store.commit({"n": 2, "unknown": {"kept": [1, None, True]}})
    return flash


def loaded(flash):
    log = []
    return Store(flash, log.append).load(), log


def test_the_newest_is_used():
    flash = filled()
    assert loaded(flash) == ({"n": 2, "unknown": {"kept": [1, None, True]}}, [])


def test_slots_take_turns():
    flash = filled()
    assert sorted(flash.slots) == [0, 1]
    before = dict(flash.slots)
    store = Store(flash, lambda line: None)
    store.load()
    store.commit({"n": 3})
    changed = [slot for slot in flash.slots if flash.slots[slot] != before[slot]]
    assert len(changed) == 1
    assert loaded(flash)[0] == {"n": 3}


def newest(flash):
    slots = [(int(flash.slots[s].split(b" ")[1]), s) for s in flash.slots]
    return max(slots)[1]


def test_a_damaged_one_gives_way_to_the_one_before_it():
    whole = filled()
    slot = newest(whole)
    data = whole.slots[slot]
    damages = [b"", data[:-1], data + b" ", data[: len(data) // 2], b"\xff" * len(data)]
    damages += [data[:i] + bytes([data[i] ^ 4]) + data[i + 1 :] for i in range(len(data))]
    for damaged in damages:
        flash = FakeFlash()
        flash.slots = dict(whole.slots)
        flash.slots[slot] = damaged
        record, log = loaded(flash)
        assert record == {"n": 1, "text": "\u20ac \U0001f600"}, damaged
        assert "damaged" in log[0]


def test_both_damaged_means_factory_defaults_and_a_line():
    flash = filled()
    for slot in flash.slots:
        flash.slots[slot] = b"PS1 9 2 1\n{}"
    record, log = loaded(flash)
    assert record == {}
    assert len(log) == 3 and "factory" in log[2]


def test_what_is_no_object_is_damaged():
    flash = filled()
    for body in (b"[1]", b"null", b"nonsense", b'"x"', b"1"):
        flash.slots[0] = _written(b"99", body)
        assert "n" in loaded(flash)[0]


def test_goes_on_after_a_damaged_one_without_touching_the_whole_one():
    flash = filled()
    bad = newest(flash)
    good = 1 - bad
    flash.slots[bad] = b"rubbish"
    kept = flash.slots[good]
    store = Store(flash, lambda line: None)
    assert store.load()["n"] == 1
    store.commit({"n": 9})
    assert flash.slots[good] == kept
    assert loaded(flash)[0] == {"n": 9}


def test_a_refused_commit_is_reported_and_changes_nothing():
    flash = filled()
    log = []
    store = Store(flash, log.append)
    store.load()
    flash.refuse = True
    assert not store.commit({"n": 3})
    assert store.failures == 1 and "commit failed" in log[-1]
    assert loaded(flash)[0]["n"] == 2
    flash.refuse = False
    assert store.commit({"n": 3})
    assert loaded(flash)[0]["n"] == 3


def test_no_piece_is_large():
    record = {
        "settings": {"ALERTNUMBER": ["3161234567%02d" % n for n in range(10)], "MICLEVEL": 3},
        "outbox": [
            [0, ["+316%09d" % n], "a line of an alert\n" * 12, n % 2 > 0] for n in range(30)
        ],
        "ids": ["%012x" % n for n in range(32)],
        "alarm": {},
        "log": [],
        "starts": {"power": 1},
        "version": None,
    }
    flash = FakeFlash()
    store = Store(flash, lambda line: None)
    assert store.commit(record)
    assert loaded(flash) == (record, [])
    assert sum([len(piece) for piece in flash.pieces]) > 8000
    assert max([len(piece) for piece in flash.pieces]) < 512
    assert len(flash.pieces) < 80  # each costs a call of the file system


def test_a_long_text_is_a_piece_of_its_own():
    flash = FakeFlash()
    store = Store(flash, lambda line: None)
    record = {"outbox": [[1, ["+31600000001"], "x" * 700, False], [1, ["+3"], "y", False]]}
    assert store.commit(record)
    assert loaded(flash) == (record, [])
    assert 700 < max([len(piece) for piece in flash.pieces]) < 800


def test_what_another_version_wrote_is_read():
    flash = FakeFlash()
    flash.slots[1] = _written(b"7", b'{"settings": {"RING": "SWITCH"}, "ids":[]}')
    assert loaded(flash) == ({"settings": {"RING": "SWITCH"}, "ids": []}, [])


def test_a_commit_that_breaks_off_leaves_the_record_before_it():
    """Short of memory in the midst of it: the file that is closed then holds a part."""

    class Breaking(FakeFlash):
        def commit(self, slot, pieces):
            part = b""
            try:
                for piece in pieces:
                    part += piece
                    if len(part) > 300:
                        raise MemoryError
            finally:
                self.slots[slot] = part

    flash = Breaking()
    flash.slots = filled().slots
    log = []
    store = Store(flash, log.append)
    record = store.load()
    assert record["n"] == 2
    raised = False
    try:
        store.commit({"n": 3, "ids": ["%012x" % n for n in range(99)]})
    except MemoryError:
        raised = True
    assert raised
    assert loaded(flash)[0] == record
    assert store.commit({"n": 4})
    assert loaded(flash) == ({"n": 4}, [])


def _written(sequence, body):
    checksum = binascii.crc32(body, binascii.crc32(sequence))
    return b"PS1 " + sequence + (" %d %d\n" % (len(body), checksum)).encode() + body
