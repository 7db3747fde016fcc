#!/usr/bin/env python3
"""Checks an exported audit trail, offline and without the rest of the product.

    python3 checking.py audit.jsonl [--key PUBLIC_KEY_IN_HEX] …

Needs Python 3.9 and nothing else. Says which row was altered, is missing or was added first, and
ends with 1; a trail that is whole ends with 0. Give the public keys you were told another way: the
bundle's own key proves only that it agrees with itself.

A bundle is JSON lines: a signed head, then each seal with its events in order, then events that are
not sealed yet. A seal holds the Merkle root of its events (RFC 6962: leaves are hashed with a zero
byte before them, nodes with a one), the hash of the seal before it, and an Ed25519 signature. Each
event carries a signature of its own for its place, which names the row when a root does not agree.
"""

import argparse
import base64
import hashlib
import json
import sys
from datetime import datetime, timedelta

UNSEALED_FOR = timedelta(hours=2)
FIRST = "0" * 64


class Fault(Exception):
    """``what`` is altered, missing, added or broken; ``where`` names the row or seal."""

    def __init__(self, what, where, why=""):
        super().__init__(f"{what}: {where}" + (f" ({why})" if why else ""))
        self.what, self.where, self.why = what, where, why


def canonical(value):
    return json.dumps(
        value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False
    ).encode()


def leaf_of(event):
    return hashlib.sha256(b"\x00" + canonical(event)).hexdigest()


def root_of(leaves):
    """Merkle root of hex leaves; the left part is the largest power of two below the whole."""
    if not leaves:
        return hashlib.sha256(b"").hexdigest()
    if len(leaves) == 1:
        return leaves[0]
    middle = 1 << (len(leaves) - 1).bit_length() - 1
    left, right = root_of(leaves[:middle]), root_of(leaves[middle:])
    return hashlib.sha256(b"\x01" + bytes.fromhex(left) + bytes.fromhex(right)).hexdigest()


def hash_of(seal):
    told = {name: value for name, value in seal.items() if name not in ("hash", "signature")}
    return hashlib.sha256(canonical(told)).hexdigest()


def mark_text(tenant_id, number, position, leaf):
    """What an event's own signature speaks of."""
    return canonical({"tenant_id": tenant_id, "seal": number, "position": position, "leaf": leaf})


# Ed25519, as RFC 8032 gives it, verification alone

P = 2**255 - 19
Q = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P
ROOT = pow(2, (P - 1) // 4, P)


def _recover(y, sign):
    if y >= P:
        return None
    square = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    if square == 0:
        return None if sign else 0
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT % P
    if (x * x - square) % P:
        return None
    return P - x if x & 1 != sign else x


def _point(data):
    number = int.from_bytes(data, "little")
    y = number & ((1 << 255) - 1)
    x = _recover(y, number >> 255)
    return None if x is None else (x, y, 1, x * y % P)


def _add(one, two):
    a, b = (one[1] - one[0]) * (two[1] - two[0]) % P, (one[1] + one[0]) * (two[1] + two[0]) % P
    c, d = 2 * one[3] * two[3] * D % P, 2 * one[2] * two[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return (e * f % P, g * h % P, f * g % P, e * h % P)


def _times(number, point):
    total = (0, 1, 1, 0)
    while number:
        if number & 1:
            total = _add(total, point)
        point = _add(point, point)
        number >>= 1
    return total


def _same(one, two):
    return not ((one[0] * two[2] - two[0] * one[2]) % P or (one[1] * two[2] - two[1] * one[2]) % P)


BASE_Y = 4 * pow(5, P - 2, P) % P
BASE = (_recover(BASE_Y, 0), BASE_Y, 1, _recover(BASE_Y, 0) * BASE_Y % P)


def signed(key, text, signature):
    """Whether ``signature`` (base64) of ``text`` was made with the other half of ``key`` (hex)."""
    try:
        public, made = bytes.fromhex(key), base64.b64decode(signature, validate=True)
    except ValueError:
        return False
    if len(public) != 32 or len(made) != 64:
        return False
    who, point = _point(public), _point(made[:32])
    number = int.from_bytes(made[32:], "little")
    if who is None or point is None or number >= Q:
        return False
    digest = hashlib.sha512(made[:32] + public + text).digest()
    hashed = int.from_bytes(digest, "little") % Q
    return _same(_times(number, BASE), _add(point, _times(hashed, who)))


class Checker:
    """Takes a bundle's lines one by one; raises the first ``Fault``."""

    def __init__(self, keys=(), verify=signed):
        self.keys, self.verify = {key.lower() for key in keys}, verify
        self.head = self.seal = self.sealed_at = None
        self.rows, self.ids = [], set()
        self.seals = self.events = self.waiting = 0
        self.last, self.tenant_id = FIRST, None
        self.found_keys = set()

    def take(self, line):
        if "codex_audit" in line:
            self._take_head(line)
        elif self.head is None:
            raise Fault("broken", "first line", "it is not the head of a bundle")
        elif "tombstone" in line:
            self._take_tombstone(line["tombstone"])
        elif "event" not in line:
            self._end_seal()
            self._take_seal(line["seal"])
        elif line["seal"] is None:
            self._end_seal()
            self._take_waiting(line["event"])
        else:
            self._take_row(line)

    def end(self):
        self._end_seal()
        if self.head is None:
            raise Fault("broken", "bundle", "it is empty")
        if self.seals != self.head["seals"] or self.last != self.head["head"]:
            raise Fault("missing", f"seal {self.seals + 1}", "the head speaks of more or others")

    def _signed(self, key, text, signature, where):
        key = str(key).lower()
        self.found_keys.add(key)
        if self.keys and key not in self.keys:
            raise Fault("altered", where, "signed with a key that is not known")
        if not self.verify(key, text, signature):
            raise Fault("altered", where, "its signature does not hold")

    def _take_head(self, line):
        told = {name: line[name] for name in ("tenant_id", "exported_at", "seals", "head")}
        self._signed(line["key"], canonical(told), line["signature"], "head of the bundle")
        self.head, self.tenant_id = line, line["tenant_id"]

    def _take_tombstone(self, stone):
        told = {name: value for name, value in stone.items() if name != "signature"}
        self._signed(stone["key"], canonical(told), stone["signature"], "tombstone")
        if stone["tenant_id"] != self.tenant_id:
            raise Fault("added", "tombstone", "it is another tenant's")
        self.seals, self.last = stone["seals"], stone["head"]

    def _take_seal(self, seal):
        where = f"seal {seal['number']}"
        if seal["number"] != self.seals + 1:
            what = "missing" if seal["number"] > self.seals else "added"
            raise Fault(what, f"seal {self.seals + 1}" if what == "missing" else where)
        if hash_of(seal) != seal["hash"] or seal["tenant_id"] != self.tenant_id:
            raise Fault("altered", where, "its hash does not hold")
        if seal["previous"] != self.last:
            raise Fault("altered", where, "it does not follow the seal before it")
        self._signed(seal["key"], bytes.fromhex(seal["hash"]), seal["signature"], where)
        self.seal, self.rows = seal, []

    def _take_row(self, line):
        if self.seal is None or line["seal"] != self.seal["number"]:
            raise Fault("missing", f"seal {line['seal']}", f"but not its row {_name(line)}")
        self.rows.append(line)

    def _end_seal(self):
        if self.seal is None:
            return
        seal, rows = self.seal, self.rows
        leaves = [leaf_of(row["event"]) if row["event"] else "" for row in rows]
        places = [row["position"] for row in rows] == list(range(seal["count"]))
        if not places or not all(leaves) or root_of(leaves) != seal["root"]:
            self._name_the_row(seal, rows, leaves)
        for row in rows:
            self._once(row["event"])
        self.seals, self.last, self.seal = seal["number"], seal["hash"], None
        self.sealed_at = _time(seal["sealed_at"])
        self.events += len(rows)

    def _name_the_row(self, seal, rows, leaves):
        """The first place where what is there is not what was signed there."""
        short, long = len(rows) < seal["count"], len(rows) > seal["count"]
        for place, (row, leaf) in enumerate(zip(rows, leaves)):  # noqa: B905 -- runs on Python 3.9
            if not leaf:
                raise Fault("missing", _name(row))
            text = mark_text(self.tenant_id, seal["number"], place, leaf)
            fits = row["position"] == place and self.verify(seal["key"], text, row["mark"])
            if not fits and short:
                raise Fault(
                    "missing", f"row {place + 1} of seal {seal['number']}", "its place is empty"
                )
            if not fits:
                raise Fault("added" if long else "altered", _name(row))
        if short:
            raise Fault(
                "missing", f"row {len(rows) + 1} of seal {seal['number']}", "its place is empty"
            )
        raise Fault("altered", f"seal {seal['number']}", "its rows do not give its root")

    def _once(self, event):
        if event["id"] in self.ids or event["tenant_id"] != self.tenant_id:
            raise Fault("added", event["id"])
        self.ids.add(event["id"])

    def _take_waiting(self, event):
        self._once(event)
        if self.sealed_at and _time(event["at"]) < self.sealed_at - UNSEALED_FOR:
            raise Fault("added", event["id"], "older than the last seal and in none")
        self.waiting += 1


def _empty(seal, place):
    return Fault("missing", f"row {place + 1} of seal {seal['number']}", "its place is empty")


def _name(row):
    return (row["event"] or row)["id"]


def _time(text):
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


def check(lines, keys=(), verify=signed):
    """The checker after a whole bundle; raises the first ``Fault``."""
    checker = Checker(keys, verify)
    for line in lines:
        checker.take(line)
    checker.end()
    return checker


def _lines(file):
    for number, text in enumerate(file, 1):
        try:
            yield json.loads(text)
        except ValueError as error:
            raise Fault("broken", f"line {number}", "it is not JSON") from error


def main(arguments=None):
    parser = argparse.ArgumentParser(description="Checks an exported audit trail.")
    parser.add_argument("bundle")
    parser.add_argument("--key", action="append", default=[], help="a public key you trust, in hex")
    asked = parser.parse_args(arguments)
    try:
        with open(asked.bundle, encoding="utf-8") as file:
            done = check(_lines(file), asked.key)
    except Fault as fault:
        print(f"NOT WHOLE. {fault}")
        return 1
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        print(f"NOT WHOLE. broken: {type(error).__name__} {error}")
        return 1
    print(f"Whole: {done.events} events in {done.seals} seals, {done.waiting} not sealed yet.")
    if not asked.key:
        print("Signed with, compare it: " + ", ".join(sorted(done.found_keys)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
