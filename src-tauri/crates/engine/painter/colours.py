"""Names the colours of pixels and repaints pictures; the data and the judge share these measures."""

import numpy as np

# Hue in degrees, saturation and value: what a repainted picture's main colour is brought to.
PAINTS = {
    "red": (0, 0.82, 0.88),
    "orange": (28, 0.90, 0.98),
    "yellow": (50, 0.82, 0.99),
    "green": (125, 0.65, 0.70),
    "blue": (215, 0.75, 0.90),
    "purple": (272, 0.60, 0.76),
    "pink": (332, 0.48, 0.97),
    "brown": (22, 0.62, 0.48),
    "black": (0, 0.05, 0.20),
    "gray": (0, 0.03, 0.62),
}
NAMES = [*PAINTS, "white", "turquoise", "other"]


def hsv(rgb: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Hue in degrees, saturation and value of RGB in 0..1."""
    top, low = rgb.max(-1), rgb.min(-1)
    span = np.maximum(top - low, 1e-6)
    r, g, b = rgb[..., 0], rgb[..., 1], rgb[..., 2]
    hue = np.where(top == r, (g - b) / span % 6, np.where(top == g, (b - r) / span + 2, (r - g) / span + 4))
    return hue * 60, (top - low) / np.maximum(top, 1e-6), top


def rgb(hue: np.ndarray, saturation: np.ndarray, value: np.ndarray) -> np.ndarray:
    parts = [(n + hue / 60) % 6 for n in (5, 3, 1)]
    return np.stack([value - value * saturation * np.clip(np.minimum(k, 4 - k), 0, 1) for k in parts], -1)


def named(pixels: np.ndarray) -> np.ndarray:
    """The place in NAMES of every pixel's colour, for RGB in 0..1."""
    h, s, v = hsv(pixels)
    kinds = [
        ("black", v < 0.25),
        ("white", (s < 0.12) & (v > 0.88)),
        ("gray", s < 0.16),
        ("pink", ((h >= 318) & (v > 0.6)) | (((h < 18) | (h > 340)) & (s < 0.58) & (v > 0.75))),
        ("purple", (h >= 252) & (h < 318)),
        ("brown", (h < 48) & (v < 0.64) & ((h >= 10) | (v < 0.45))),
        ("red", (h < 16) | (h >= 340)),
        ("orange", (h < 42) & (s > 0.5)),
        ("yellow", (h >= 42) & (h < 68)),
        ("green", (h >= 68) & (h < 165)),
        ("turquoise", (h >= 165) & (h < 188)),
        ("blue", (h >= 188) & (h < 252)),
    ]
    return np.select([test for _, test in kinds], [NAMES.index(name) for name, _ in kinds], NAMES.index("other"))


def shares(picture: np.ndarray) -> dict[str, float]:
    """How much of the sticker has each colour: picture in 0..1 on white; the white around it does not count."""
    kinds = named(picture.reshape(-1, 3))
    kinds = kinds[kinds != NAMES.index("white")]
    counts = np.bincount(kinds, minlength=len(NAMES)) / max(len(kinds), 1)
    return dict(zip(NAMES, counts.tolist()))


def main_colour(picture: np.ndarray) -> str | None:
    """The colour a person would say, if one colour covers over half of the sticker."""
    found = shares(picture)
    best = max(PAINTS, key=lambda name: found[name])
    return best if found[best] > 0.5 else None


def repainted(picture: np.ndarray, paint: str) -> np.ndarray | None:
    """The picture with its main hue brought to `paint`; None when it has no hue that carries it."""
    h, s, v = hsv(picture)
    coloured = (s > 0.2) & (v > 0.2)
    if coloured.sum() < 0.06 * h.size:
        return None
    counts = np.bincount((h[coloured] // 10).astype(int) % 36, weights=s[coloured], minlength=36)
    smooth = counts + np.roll(counts, 1) + np.roll(counts, -1)
    distance = np.abs((h - (smooth.argmax() * 10 + 5) + 180) % 360 - 180)
    chosen = coloured & (distance < 30)
    solid = (v < 0.97) | (s > 0.06)
    if chosen.sum() < 0.5 * solid.sum():
        return None
    hue, saturation, value = PAINTS[paint]
    weight = np.clip((48 - distance) / 24, 0, 1) * np.clip(s / 0.12, 0, 1)
    spread = v / max(np.median(v[chosen]), 1e-3)
    new_s = np.clip(s / max(np.median(s[chosen]), 1e-3), 0, 1.3) * saturation
    new_v = np.clip(value * np.where(spread < 1, spread, 1 + (spread - 1) * 0.8), 0, 1)
    # Pale edge pixels blend into the white around the sticker: their value stays high.
    new_v = np.where(s < 0.5 * np.median(s[chosen]), np.maximum(new_v, v * (1 - weight * s)), new_v)
    new = rgb(np.full_like(h, hue), np.clip(new_s, 0, 1), new_v)
    return picture * (1 - weight[..., None]) + new * weight[..., None]
