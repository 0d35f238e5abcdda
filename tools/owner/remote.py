# SPDX-License-Identifier: MIT
"""Makes remote.html: one file that an owner keeps on the phone; no server, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from tools.owner.forms import Variant, actions, limits, variants
from tools.owner.words import GROUPS

STATIC = Path(__file__).resolve().parent / "static"


def page() -> str:
    """Return the file; the browser runs nothing but the script that stands in it (by its hash)."""
    style, script = read("remote.css"), read("text.js") + "\n" + read("remote.js")
    made = read("remote.html")
    for name, value in {
        "STYLE_HASH": _hash(style),
        "SCRIPT_HASH": _hash(script),
        "STYLE": style,
        "SCRIPT": script,
        "DATA": json.dumps(data(), separators=(",", ":")).replace("<", "\\u003c"),
    }.items():
        made = made.replace(f"@{name}@", value)
    return made


def data() -> dict[str, Any]:
    """Return what the page shows: each model refers to items and forms by their place."""
    items = [item for group in GROUPS for item in group.items]
    forms: list[dict[str, Any]] = []
    models = {}
    for variant in variants():
        groups = []
        for title, found in actions(variant):
            rows = []
            for item, made in found:
                labelled = [form for form in made if form["label"]]
                forms += [form for form in labelled if form not in forms]
                rows.append([items.index(item), [forms.index(form) for form in labelled]])
            groups.append([title, rows])
        window = _window(variant)
        models[variant.key] = {"title": variant.title, "window": window, "groups": groups}
    shown = [{"title": item.title, "purpose": item.purpose.replace("`", "")} for item in items]
    return {"limits": limits(), "items": shown, "forms": forms, "models": models}


def _window(variant: Variant) -> str:
    """Return when a setting of this model can be changed."""
    text = "What is marked as a setting can be changed in the first 30 minutes after switching on"
    if variant.device().dialect.security_lifts_window:
        return text + ", and at any time once the security list or a password is on."
    return text + ", and for 30 minutes whenever you open the settings again."


def read(name: str) -> str:
    """Return a file of static/."""
    return (STATIC / name).read_text(encoding="utf-8")


def _hash(text: str) -> str:
    digest = hashlib.sha256(text.encode()).digest()
    return "sha256-" + base64.b64encode(digest).decode()
