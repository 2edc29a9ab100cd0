"""As much of protobuf's wire format as Anki's packages need: the fields of a message, read.

https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

from quiz.language import _

Message = dict[int, list["int | bytes"]]
"""Values by field number: whole numbers, and bytes for text and messages within."""


def read_message(data: bytes) -> Message:
    """The fields of a message. `ValueError` where the bytes are none."""
    fields: Message = {}
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        number, kind = key >> 3, key & 7
        value: int | bytes
        if kind == 0:
            value, at = _varint(data, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
            value, at = data[at : at + size], at + size
        elif kind == 2:
            size, at = _varint(data, at)
            value, at = data[at : at + size], at + size
        else:
            raise ValueError(_("unknown kind of field {kind}").format(kind=kind))
        if at > len(data) or not number:
            raise ValueError(_("a message that ends too early"))
        fields.setdefault(number, []).append(value)
    return fields


def number(message: Message, field: int) -> int:
    """The value of a field that holds a number; 0 where it is missing."""
    value = message.get(field, [0])[-1]
    if not isinstance(value, int):
        raise ValueError(_("field {field} is no number").format(field=field))
    return value


def text(message: Message, field: int) -> str:
    """The value of a field that holds text; empty where it is missing."""
    value = message.get(field, [b""])[-1]
    if not isinstance(value, bytes):
        raise ValueError(_("field {field} is no text").format(field=field))
    return value.decode("utf-8")


def _varint(data: bytes, at: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        if at >= len(data) or shift > 63:
            raise ValueError(_("a number that ends too early"))
        byte = data[at]
        at += 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:
            return value, at
        shift += 7
