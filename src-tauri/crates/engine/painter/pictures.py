"""Reads the picture sets and joins every picture to a concept, its name and its keywords; draws nothing."""

import json
import re
import unicodedata
import xml.etree.ElementTree as xml
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from sources import NAMES, SETS, Source, fetched

SKIN = re.compile("1f3f[b-f]")
# Men and women at each work and whole families look alike at 64 pixels; the neutral person stays.
DOUBLED = re.compile("-200d-(2640|2642)|^1f46[89]-200d|^1f9d1-200d-(1f91d|2764)|^1f46[a-d]$")


@dataclass
class Picture:
    """One drawing of one concept in the style of its set."""

    concept: str
    name: str
    keywords: list[str]
    style: str
    svg: str
    group: str
    human: bool = False


def slug(name: str) -> str:
    plain = unicodedata.normalize("NFD", name.lower().replace("&", "and"))
    plain = "".join(c for c in plain if not unicodedata.combining(c) and c not in "’'“”.!()")
    return re.sub(r"[^a-z0-9#*]+", "-", plain).strip("-")


def code(text: str) -> str:
    return "-".join(f"{ord(c):x}" for c in text if c != "\ufe0f")


class Words:
    """CLDR's English names and keywords of the emoji, by code points."""

    def __init__(self) -> None:
        folder = fetched(NAMES) / "usr/share/unicode/cldr/common"
        self.names: dict[str, str] = {}
        self.keywords: dict[str, list[str]] = {}
        for part in ("annotations", "annotationsDerived"):
            for row in xml.parse(folder / part / "en.xml").iter("annotation"):
                key = code(row.get("cp", ""))
                if row.get("type") == "tts":
                    self.names[key] = row.text or ""
                else:
                    self.keywords[key] = [word.strip() for word in (row.text or "").split("|")]
        # Whatever has skin tones is a person or a part of one, and is never repainted.
        self.human = {SKIN.split(key)[0].strip("-") for key in self.names if SKIN.search(key)}
        self.by_slug = {slug(name): key for key, name in self.names.items()}
        self.by_letters = {slug(name).replace("-", ""): key for key, name in self.names.items()}
        for key in self.names:
            if "-" not in key and (name := unicodedata.name(chr(int(key, 16)), "")):
                self.by_letters.setdefault(slug(name).replace("-", ""), key)


def spoken(name: str) -> str:
    """"flag: France" and "button (blood type)" as a person would say them."""
    if name.startswith("flag: "):
        return "flag of " + name.removeprefix("flag: ")
    return re.sub(r"[“”]", "", name).replace(":", "").replace("⊛ ", "").lower()


def left_out(key: str, name: str) -> bool:
    return bool(SKIN.search(key) or DOUBLED.search(key) or "skin tone" in name or "Japanese “" in name or name.startswith("keycap"))


def emoji_key(source: Source, name: str, chars: dict[str, str], words: Words) -> str | None:
    if source.name == "circle-flags":
        return "-".join(f"{0x1F1E6 + ord(c) - 97:x}" for c in name) if re.fullmatch("[a-z]{2}", name) else None
    return chars.get(name) or words.by_slug.get(name) or words.by_letters.get(name.replace("-", ""))


def svg_of(icon: dict, box: dict) -> str:
    width, height = (icon.get(side, box.get(side, 16)) for side in ("width", "height"))
    left, top = icon.get("left", 0), icon.get("top", 0)
    return f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="{left} {top} {width} {height}" width="{width}" height="{height}">{icon["body"]}</svg>'


def package(source: Source, file: str) -> dict:
    path = fetched(source) / "package" / file
    return json.loads(path.read_text()) if path.exists() else {}


def groups(words: Words) -> dict[str, str]:
    """The emoji's group ("Food & Drink") by code points, as two of the sets have it."""
    found = {}
    for source in SETS:
        if source.name in ("noto-v1", "fluent-emoji-flat", "noto"):
            chars = {name: re.sub("-?fe0f", "", key) for key, name in package(source, "chars.json").items()}
            for group, names in package(source, "metadata.json")["categories"].items():
                found |= {key: group for name in names if (key := chars.get(name) or words.by_slug.get(name))}
    return found


def pictures() -> Iterator[Picture]:
    """Every picture of every set, one of each concept and set, in a fixed order."""
    words = Words()
    found_groups = groups(words)
    flat = next(source for source in SETS if source.name == "fluent-emoji-flat")
    for source in SETS:
        box = package(source, "icons.json")
        chars = package(flat if source.name == "fluent-emoji" else source, "chars.json")
        by_name = {name: re.sub("-?fe0f", "", key) for key, name in chars.items()}
        seen = set()
        for name, icon in sorted(box["icons"].items()):
            if source.name == "flat-color-icons":
                yield Picture(f"icon-{name}", name.replace("-", " "), [], source.style, svg_of(icon, box), "Icons")
                continue
            key = emoji_key(source, name, by_name, words)
            if key is None or key not in words.names or key in seen or left_out(key, words.names[key]):
                continue
            seen.add(key)
            name, keywords = spoken(words.names[key]), words.keywords.get(key, [])
            yield Picture(key, name, keywords, source.style, svg_of(icon, box), found_groups.get(key, "Flags"), key.split("-")[0] in words.human)
