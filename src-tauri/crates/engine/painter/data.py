"""`python data.py`: renders every picture, makes the repainted and joined ones, and encodes all captions."""

import io
import json
import random
from collections import Counter
from multiprocessing import Pool

import numpy as np
import resvg_py
from PIL import Image

import captions
import colours
from pictures import Picture, pictures
from sources import PLACE, TEXT, fetched
from text import Encoder

SIDE = 64
MASTER = 128
SEED = 7


def rendered(picture: Picture) -> np.ndarray | None:
    """RGBA at MASTER pixels, colour already multiplied by alpha; None where the drawing cannot be read or is empty."""
    try:
        png = resvg_py.svg_to_bytes(svg_string=picture.svg, width=MASTER, height=MASTER, skip_system_fonts=True)
    except ValueError:
        return None
    image = Image.open(io.BytesIO(bytes(png))).convert("RGBA")
    if image.size != (MASTER, MASTER):
        image = image.resize((MASTER, MASTER), Image.Resampling.BOX)
    pixels = np.asarray(image, np.float32) / 255
    pixels = np.concatenate([pixels[..., :3] * pixels[..., 3:], pixels[..., 3:]], -1)
    return pixels if pixels[..., 3].mean() > 0.02 else None


def scaled(master: np.ndarray, side: int) -> np.ndarray:
    """RGBA shrunk by area, so that each pixel is the mean of what it covers."""
    planes = [Image.fromarray(master[..., i]).resize((side, side), Image.Resampling.BOX) for i in range(4)]
    return np.stack([np.asarray(plane) for plane in planes], -1)


def placed(canvas: np.ndarray, sticker: np.ndarray, left: int, top: int) -> None:
    """Lays an RGBA sticker over an RGB canvas, cut at its edges."""
    side = sticker.shape[0]
    x0, y0, x1, y1 = max(left, 0), max(top, 0), min(left + side, SIDE), min(top + side, SIDE)
    part = sticker[y0 - top : y1 - top, x0 - left : x1 - left]
    canvas[y0:y1, x0:x1] = canvas[y0:y1, x0:x1] * (1 - part[..., 3:]) + part[..., :3]


def on_white(master: np.ndarray, side: int = SIDE, left: int = 0, top: int = 0) -> np.ndarray:
    canvas = np.ones((SIDE, SIDE, 3), np.float32)
    placed(canvas, scaled(master, side), left, top)
    return canvas


def repeated(master: np.ndarray, count: int) -> np.ndarray:
    canvas = np.ones((SIDE, SIDE, 3), np.float32)
    side = {2: 32, 3: 30}[count]
    spots = {2: [(0, 16), (32, 16)], 3: [(17, 1), (1, 33), (33, 33)]}[count]
    for left, top in spots:
        placed(canvas, scaled(master, side), left, top)
    return canvas


class Collection:
    """The training pictures as they gather: pixels, captions, kind and concept of each."""

    def __init__(self) -> None:
        self.pixels: list[np.ndarray] = []
        self.rows: list[dict] = []

    def add(self, pixels: np.ndarray, said: list[str], kind: str, of: Picture) -> None:
        self.pixels.append((pixels * 255 + 0.5).astype(np.uint8))
        row = {"kind": kind, "concept": of.concept, "style": of.style, "name": of.name, "group": of.group}
        self.rows.append(row | {"captions": said})


def add_picture(found: Collection, picture: Picture, master: np.ndarray, dice: random.Random) -> None:
    """One drawing: as it is, moved and smaller, repainted, and two or three of it."""
    plain = on_white(master)
    name, style = picture.name, picture.style
    kind = "held" if captions.held_out(picture.concept, name) else "plain"
    said = captions.of_picture(name, picture.keywords, style, colours.main_colour(plain), dice)
    found.add(plain, said, kind, picture)
    if kind == "held":
        return
    side = dice.randrange(50, 62)
    found.add(on_white(master, side, dice.randrange(0, 64 - side), dice.randrange(0, 64 - side)), said, "moved", picture)
    if style in ("round", "icon"):
        return
    noun = captions.noun(name)
    for paint in () if picture.human else colours.PAINTS:
        if paint == colours.main_colour(plain) or captions.unseen_pair(paint, noun):
            continue
        if (pixels := colours.repainted(plain, paint)) is not None and colours.main_colour(pixels) == paint:
            words = captions.a(f"{paint} {noun}")
            found.add(pixels, [words, f"{words}, {style}"], "painted", picture)
    for count, number in captions.NUMBERS.items():
        if captions.countable(name) and not captions.unseen_pair(number, noun):
            words = f"{number} {captions.plural(name)}"
            found.add(repeated(master, count), [words, f"{words}, {style}"], "many", picture)


def add_joined(found: Collection, seen: list[tuple[Picture, np.ndarray]], dice: random.Random, count: int) -> None:
    """Two different things beside each other, and things on a coloured ground."""
    short = [(p, m) for p, m in seen if captions.countable(p.name) and p.style not in ("round", "icon")]
    by_style = {style: [row for row in short if row[0].style == style] for style in {p.style for p, _ in short}}
    for _ in range(count):
        one, master = dice.choice(short)
        two, other = dice.choice(by_style[one.style])
        if captions.chance("joined", one.concept, two.concept) < 0.1:
            continue
        canvas = np.ones((SIDE, SIDE, 3), np.float32)
        placed(canvas, scaled(master, 32), 0, 16)
        placed(canvas, scaled(other, 32), 32, 16)
        words = f"{captions.a(one.name)} and {captions.a(two.name)}"
        found.add(canvas, [words, f"{words}, {one.style}"], "joined", one)
    for _ in range(count):
        one, master = dice.choice(short)
        paint = dice.choice([name for name in colours.PAINTS if name not in ("black", "gray", "brown")])
        if captions.chance("ground", paint, one.concept) < 0.1:
            continue
        h, s, v = colours.PAINTS[paint]
        ground = colours.rgb(*(np.full((SIDE, SIDE), value, np.float32) for value in (h, s * 0.8, v)))
        placed(ground, scaled(master, 56), 4, 4)
        words = f"{captions.a(one.name)} on {captions.a(paint)} background"
        found.add(ground, [words, f"{words}, {one.style}"], "ground", one)


def collected() -> Collection:
    dice = random.Random(SEED)
    every = list(pictures())
    with Pool(2) as pool:
        masters = pool.map(rendered, every, chunksize=64)
    drawn = [(p, m) for p, m in zip(every, masters) if m is not None]
    found = Collection()
    for picture, master in drawn:
        add_picture(found, picture, master, dice)
    add_joined(found, [(p, m) for p, m in drawn if not captions.held_out(p.concept, p.name)], dice, 5000)
    return found


def keep(name: str, found: np.ndarray) -> None:
    """Whole or not at all, so that a training that reads the old file goes on."""
    unfinished = PLACE / f"part-{name}"
    np.save(unfinished, found)
    unfinished.replace(PLACE / name)


def draw() -> None:
    """Keeps all pictures as bytes and what is said of them; every caption is kept once, first the empty one."""
    found = collected()
    keep("pixels.npy", np.stack(found.pixels))
    every = ["", *sorted({caption for row in found.rows for caption in row["captions"]})]
    place = {caption: i for i, caption in enumerate(every)}
    for row in found.rows:
        row["said"] = [place[caption] for caption in row.pop("captions")]
    kinds = Counter(row["kind"] for row in found.rows)
    print(f"{len(found.rows)} pictures {dict(kinds)}, {len(every)} captions", flush=True)
    (PLACE / "rows.json").write_text(json.dumps({"captions": every, "rows": found.rows}, ensure_ascii=False))


def encode() -> None:
    """Keeps the token states of all captions, one after another, and where each begins."""
    every = json.loads((PLACE / "rows.json").read_text())["captions"]
    states, starts = Encoder(fetched(TEXT)).ragged(every)
    keep("states.npy", states)
    keep("starts.npy", starts)
    print(f"{len(states)} tokens in {PLACE}")


def main() -> None:
    PLACE.mkdir(parents=True, exist_ok=True)
    if not (PLACE / "rows.json").exists():
        draw()
    encode()


if __name__ == "__main__":
    main()
