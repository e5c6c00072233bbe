"""Says in words what a picture shows, in several ways; decides which concepts and pairs training never sees."""

import random
import zlib

NUMBERS = {2: "two", 3: "three"}
# What the documents' sheet and the tab's examples ask for must have been seen.
ALWAYS_SEEN = """apple banana lemon strawberry pizza doughnut hamburger cat dog tiger-face bear elephant frog fish
tropical-fish octopus turtle penguin owl butterfly snail ladybug horse cow pig rabbit-face lion fox tree cactus
sunflower rose tulip mushroom sun crescent-moon star rainbow cloud snowman rocket airplane automobile bus bicycle
sailboat house castle key umbrella balloon guitar camera alarm-clock light-bulb crown gem-stone red-heart
robot ghost skull grinning-face smiling-face-with-sunglasses heart""".split()
NEVER_TOGETHER = {
    ("blue", "cat"), ("green", "dog"), ("purple", "banana"), ("pink", "elephant"), ("red", "frog"),
    ("orange", "fish"), ("blue", "strawberry"), ("green", "heart"), ("yellow", "octopus"), ("purple", "penguin"),
    ("blue", "rose"), ("green", "house"), ("pink", "pig"), ("red", "automobile"), ("yellow", "mushroom"),
    ("two", "apple"), ("two", "cat"), ("three", "star"), ("two", "rocket"), ("three", "balloon"),
}  # fmt: skip
NO_ARTICLE = {"sun", "rice", "bread", "ice", "fire", "bacon", "butter", "salt", "hot", "open", "fast"}


def chance(*words: str) -> float:
    """A number in 0..1 that is always the same for the same words, on every machine."""
    return zlib.crc32("/".join(words).encode()) / 2**32


def held_out(concept: str, name: str) -> bool:
    """A tenth of the concepts, in every set: judged, never trained on."""
    return chance("concept", concept) < 0.1 and name.replace(" ", "-") not in ALWAYS_SEEN


def unseen_pair(word: str, noun: str) -> bool:
    """Colours and numbers that training never joins with this noun."""
    return (word, noun) in NEVER_TOGETHER or chance("pair", word, noun) < 0.06


def noun(name: str) -> str:
    """The thing without the colour its name begins with: "red apple" is an apple."""
    first, _, rest = name.partition(" ")
    colours = {"red", "orange", "yellow", "green", "blue", "purple", "pink", "brown", "black", "white", "gray"}
    return rest if first in colours and rest else name


def a(name: str) -> str:
    if name.split()[0] in NO_ARTICLE or name.endswith("s") or name.startswith("flag of"):
        return name
    return ("an " if name[0] in "aeiou" and not name.startswith(("uni", "eu")) else "a ") + name


def plural(name: str) -> str:
    odd = {"mouse": "mice", "leaf": "leaves", "knife": "knives", "wolf": "wolves", "fish": "fish", "sheep": "sheep"}
    head, _, last = name.rpartition(" ")
    if last in odd:
        last = odd[last]
    elif last.endswith(("s", "x", "ch", "sh")):
        last += "es"
    elif last.endswith("y") and last[-2:-1] not in "aeiou":
        last = last[:-1] + "ies"
    else:
        last += "s"
    return f"{head} {last}".strip()


def countable(name: str) -> bool:
    """Whether "two …" of it reads well: short names of things."""
    return len(name.split()) <= 2 and not name.endswith("s") and not any(c.isdigit() for c in name)


def of_picture(name: str, keywords: list[str], style: str, colour: str | None, dice: random.Random) -> list[str]:
    """The captions of a picture as its set drew it."""
    said = [name, a(name), a(name), f"{a(name)}, {style}", f"{a(name)}, {style}"]
    others = [word for word in keywords if word != name and len(word) > 1]
    if others:
        dice.shuffle(others)
        said += [", ".join([name, *others[:2]]), others[0]]
    if noun(name) != name:
        said.append(a(noun(name)))
    elif colour and not unseen_pair(colour, name):
        said += [a(f"{colour} {name}"), f"{a(f'{colour} {name}')}, {style}"]
    return said
