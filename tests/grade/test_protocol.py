"""Frames: what is written is read, what is no frame is refused, whatever the bytes."""

from __future__ import annotations

import contextlib
import json
import tracemalloc

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quiz.grade.protocol import (
    MAX_BLOBS,
    MAX_HEADER,
    Decoder,
    Ending,
    Message,
    ProtocolError,
    decode,
    encode,
    from_json,
    program_from_json,
    program_to_json,
    to_json,
)
from quiz.model.question import Code, Fence, Predict, Rules

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)
headers = st.dictionaries(st.text().filter(lambda name: name != "sizes"), values)
messages = st.builds(Message, headers, st.lists(st.binary(max_size=100), max_size=5).map(tuple))


@settings(max_examples=50)
@given(st.lists(messages, max_size=4), st.integers(1, 50))
def test_what_is_sent_arrives_however_it_is_cut(sent: list[Message], cut: int) -> None:
    stream = b"".join(map(encode, sent))
    decoder = Decoder()
    got: list[Message] = []
    for start in range(0, len(stream), cut):
        got += decoder.feed(stream[start : start + cut])
    assert got == sent
    assert not decoder.pending


@settings(max_examples=300)
@given(st.lists(st.binary(max_size=64), max_size=8))
def test_any_bytes_are_messages_an_error_or_unfinished(chunks: list[bytes]) -> None:
    decoder = Decoder()
    with contextlib.suppress(ProtocolError):
        for chunk in chunks:
            for message in decoder.feed(chunk):
                assert isinstance(message.header, dict)


@settings(max_examples=200)
@given(messages, st.integers(0, 400), st.integers(0, 255))
def test_a_changed_byte_is_another_message_or_an_error(
    message: Message, index: int, byte: int
) -> None:
    frame = bytearray(encode(message))
    frame[index % len(frame)] = byte
    with contextlib.suppress(ProtocolError):
        list(Decoder().feed(bytes(frame)))


@settings(max_examples=50)
@given(messages)
def test_a_frame_cut_short_is_no_message(message: Message) -> None:
    frame = encode(message)
    for end in {0, 3, len(frame) // 2, len(frame) - 1}:
        with pytest.raises(ProtocolError):
            decode(frame[:end])


def frame(header: int, blobs: int) -> bytes:
    return header.to_bytes(4, "big") + blobs.to_bytes(4, "big")


@pytest.mark.parametrize(
    "prefix",
    [frame(MAX_HEADER + 1, 0), frame(2, MAX_BLOBS + 1), frame(0, 0), frame(1, 5), b"\xff" * 8],
)
def test_a_length_beyond_the_cap_is_refused_before_anything_is_allocated(prefix: bytes) -> None:
    tracemalloc.start()
    with pytest.raises(ProtocolError):
        list(Decoder().feed(prefix))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000


@pytest.mark.parametrize(
    "text",
    [
        b"[]",
        b"{}",
        b'{"sizes":5}',
        b'{"sizes":[1]}',
        b'{"sizes":[-1,1]}',
        b'{"sizes":[true]}',
        b'{"sizes":[0.0]}',
        b"[" * 100_000,
        b"\xff\xff",
        b'{"sizes":[],"n":' + b"9" * 10_000 + b"}",
    ],
)
def test_a_header_that_does_not_fit_its_frame_is_refused(text: bytes) -> None:
    with pytest.raises(ProtocolError):
        decode(frame(len(text), 0) + text)


def test_a_message_too_large_is_not_sent() -> None:
    with pytest.raises(ProtocolError):
        encode(Message({"x": "y" * MAX_HEADER}))
    with pytest.raises(ProtocolError):
        encode(Message({}, (b"",) * 5000))


@pytest.mark.parametrize(
    "program",
    [
        Code(Fence("x = 1", 3)),
        Code(
            Fence("x = 1", 3),
            setup=Fence("s", 1),
            cases=Fence("yield 1", 9),
            rules=Rules(forbid=("torch.ne", "!="), rtol=1e-3, timeout=2, lines=3, grad=True),
        ),
        Predict(Fence("print(1)", 4), rules=Rules(device="cuda")),
    ],
)
def test_a_program_survives_the_wire(program: Code | Predict) -> None:
    assert program_from_json(json.loads(json.dumps(program_to_json(program)))) == program


def test_an_ending_survives_the_wire() -> None:
    ending = Ending(signal=9, timeout=True, where="line 3, in f")
    assert from_json(Ending, json.loads(json.dumps(to_json(ending)))) == ending
