# SPDX-License-Identifier: MIT
"""Makes manual.html of docs/manual.md, for an owner who has a browser, not a Markdown reader."""

from __future__ import annotations

import base64
import re

from markdown_it import MarkdownIt

from tools.owner.manual import PAGE
from tools.owner.remote import read

_COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
_IMAGE = re.compile(r'src="([^":]+\.png)"')
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>")


def page() -> str:
    """Return the page: one file, with its pictures in it."""
    text = _COMMENT.sub("", PAGE.read_text(encoding="utf-8"))
    body = MarkdownIt("commonmark").enable("table").render(text)
    body = _HEADING.sub(_with_anchor, _IMAGE.sub(_embedded, body))
    return read("manual.html").replace("@STYLE@", read("manual.css")).replace("@BODY@", body)


def anchor(heading: str) -> str:
    """Return the anchor that GitHub gives to a heading."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")


def _with_anchor(match: re.Match[str]) -> str:
    level, heading = match.groups()
    return f'<h{level} id="{anchor(heading)}">{heading}</h{level}>'


def _embedded(match: re.Match[str]) -> str:
    data = base64.b64encode((PAGE.parent / match[1]).read_bytes()).decode()
    return f'src="data:image/png;base64,{data}"'
