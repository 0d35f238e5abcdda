# SPDX-License-Identifier: MIT
"""Makes an animated WebP of screenshots: what changed from one to the next, encoded by Chromium.

The container is written here: RIFF, as Google's "WebP Container Specification" has it.
"""

from __future__ import annotations

import base64
import struct
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from playwright.sync_api import Page

ANIMATED = 0x02  # a flag of VP8X
KEEP = 0x02  # a flag of ANMF: do not blend with what is below, which is opaque
WHITE = b"\xff\xff\xff\xff"
QUALITY = 0.8

# Returns, for each picture, where it differs from the one before and that part as WebP. The left
# and upper edges are even numbers, as the container wants them.
_ENCODE = """async ([pictures, quality]) => {
  const found = [];
  let before = null;
  for (const picture of pictures) {
    const bytes = Uint8Array.from(atob(picture), (c) => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext("2d", { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const now = new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer);
    let [left, top, right, bottom] = [0, 0, image.width, image.height];
    if (before) {
      [left, top, right, bottom] = [image.width, image.height, 0, 0];
      for (let i = 0; i < now.length; i++) if (now[i] !== before[i]) {
        const x = i % image.width, y = Math.floor(i / image.width);
        left = Math.min(left, x); right = Math.max(right, x + 1);
        top = Math.min(top, y); bottom = Math.max(bottom, y + 1);
      }
      if (right === 0) { found.push(null); continue; }
      left -= left % 2; top -= top % 2;
    }
    before = now;
    const part = new OffscreenCanvas(right - left, bottom - top);
    part.getContext("2d").drawImage(image, -left, -top);
    const blob = await part.convertToBlob({ type: "image/webp", quality });
    const data = new Uint8Array(await blob.arrayBuffer());
    let text = "";
    for (const byte of data) text += String.fromCharCode(byte);
    found.push([left, top, right - left, bottom - top, btoa(text)]);
  }
  return found;
}"""


@dataclass
class Frame:
    """A part of the picture that changes: where, for how many ms, and a WebP of it."""

    left: int
    top: int
    width: int
    height: int
    ms: int
    webp: bytes


def encode(page: Page, shots: Sequence[tuple[bytes, int]]) -> list[Frame]:
    """Return the frames of some screenshots: (PNG, for how many ms it is shown)."""
    pictures = [base64.b64encode(png).decode() for png, _ in shots]
    found: list[Any] = page.evaluate(_ENCODE, [pictures, QUALITY])
    frames: list[Frame] = []
    for (_, ms), part in zip(shots, found, strict=True):
        if part is None:
            frames[-1].ms += ms
        else:
            left, top, width, height, data = part
            frames.append(Frame(left, top, width, height, ms, base64.b64decode(data)))
    return frames


def animation(frames: Sequence[Frame]) -> bytes:
    """Return the animated WebP of some frames, which is shown again and again."""
    width, height = frames[0].width, frames[0].height
    flags = struct.pack("<I", ANIMATED)
    parts = _chunk(b"VP8X", flags + _three(width - 1) + _three(height - 1))
    parts += _chunk(b"ANIM", WHITE + struct.pack("<H", 0))
    for frame in frames:
        place = _three(frame.left // 2) + _three(frame.top // 2)
        size = _three(frame.width - 1) + _three(frame.height - 1)
        head = place + size + _three(frame.ms) + bytes([KEEP])
        parts += _chunk(b"ANMF", head + _picture(frame.webp))
    return b"RIFF" + struct.pack("<I", 4 + len(parts)) + b"WEBP" + parts


def chunks(data: bytes) -> list[tuple[bytes, bytes]]:
    """Return name and content of each chunk in a row of them."""
    found, at = [], 0
    while at < len(data):
        size = struct.unpack_from("<I", data, at + 4)[0]
        found.append((data[at : at + 4], data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return found


def _picture(webp: bytes) -> bytes:
    """Return the chunks of a still WebP that an animation's frame may have."""
    wanted = (b"ALPH", b"VP8 ", b"VP8L")
    return b"".join(_chunk(name, data) for name, data in chunks(webp[12:]) if name in wanted)


def _chunk(name: bytes, data: bytes) -> bytes:
    return name + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def _three(number: int) -> bytes:
    return struct.pack("<I", number)[:3]
