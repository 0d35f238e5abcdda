"""The record's two slots: whatever is damaged, the newest whole one is used."""

from firmware.store import Store

SMOKE = True


class FakeFlash:
    """Two slots in memory, and one that refuses."""

    def __init__(self):
        self.slots = {}
        self.refuse = False
        self.commits = 0

    def load(self, slot):
        return self.slots.get(slot)

    def commit(self, slot, data):
        if self.refuse:
            raise OSError(28)
        self.commits += 1
        self.slots[slot] = data


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
    import binascii

    for body in (b"[1]", b"null", b"nonsense", b'"x"', b"1"):
        head = "PS1 99 %d %d\n" % (len(body), binascii.crc32(body, binascii.crc32(b"99")))
        flash.slots[0] = head.encode() + body
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


def test_a_refused_commit_is_told_and_changes_nothing():
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
