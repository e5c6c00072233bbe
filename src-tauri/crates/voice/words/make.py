"""Writes english.gz, the words that the built-in voices know, from the dictionaries of misaki 0.9.4 (Apache-2.0).

    pip download --no-deps misaki==0.9.4
    python make.py misaki-0.9.4-py3-none-any.whl

Two tables of sorted lines, an empty line between them:
  word TAB American TAB British        "=" for the same; `default;N:noun;V:verb` where the use decides
  letter and context TAB phonemes      how letters sound in words that stand in no dictionary (see letters.rs)
"""

import collections
import gzip
import json
import math
import sys
import zipfile

KINDS = {"NOUN": "N", "VERB": "V", "ADJ": "A", "ADV": "R", "VBD": "P", "VBN": "P", "VBP": "P"}
# The order in which context is looked at: the letter's right neighbour, its left one, and so on outwards.
ORDER = (1, -1, 2, -2, 3, -3, 4)


def tables(wheel):
    with zipfile.ZipFile(wheel) as files:
        read = lambda name: json.loads(files.read(f"misaki/data/{name}.json"))
        return [{**read(f"{land}_silver"), **read(f"{land}_gold")} for land in ("us", "gb")], read("us_gold")


def entry(value):
    """One line's column: the default, then what a noun, a verb, … sounds like where that differs."""
    if isinstance(value, str):
        return value
    default, seen = value["DEFAULT"], {}
    for tag, sound in value.items():
        if tag in KINDS and sound and sound != default:
            seen.setdefault(KINDS[tag], sound)
    return ";".join([default] + [f"{kind}:{sound}" for kind, sound in sorted(seen.items())])


def follows(word, sounds):
    """Whether the plural rule of phonemes.rs makes this word from its stem, so that it need not be kept."""
    if not word.endswith("s") or len(word) < 4 or word.endswith(("ss", "'s", "es")):
        return False
    stem = sounds.get(word[:-1])
    if not isinstance(stem, str) or not isinstance(sounds[word], str) or not stem:
        return False
    last = stem[-1]
    return last not in "szʃʒʧʤ" and sounds[word] == stem + ("s" if last in "ptkfθ" else "z")


def dictionary(us, gb):
    lines = []
    for word in sorted(set(us) | set(gb), key=lambda word: word.encode()):
        if any(letter in word for letter in "\t\n ") or word.startswith("-") or word.endswith("-"):
            continue
        both = [table for table in (us, gb) if word in table]
        if all(follows(word, table) for table in both):
            continue
        low = word.lower()
        if word != low and all(table.get(low) == table[word] for table in both):
            continue
        # `US` as a noun is spelled: what is left of such a line is the pronoun, which stands in small letters.
        if any(isinstance(table[word], dict) and None in table[word].values() for table in both) and low != word:
            continue
        american = entry(us[word]) if word in us else ""
        british = entry(gb[word]) if word in gb else ""
        lines.append(f"{word}\t{american}\t{'=' if british == american else british}".rstrip("\t"))
    return lines


def parts(sound):
    """Phonemes, each with the stress mark before it."""
    out, mark = [], ""
    for letter in sound:
        if letter in "ˈˌ":
            mark = letter
        else:
            out.append(mark + letter)
            mark = ""
    return out


def align(word, sound, chances):
    """The likeliest way in which each letter stands for none, one or two phonemes."""
    best = {(0, 0): (0.0, None)}
    for i in range(len(word)):
        for j in range(len(sound) + 1):
            here = best.get((i, j))
            if here is None:
                continue
            for taken in (0, 1, 2):
                if j + taken > len(sound):
                    break
                piece = "".join(sound[j:j + taken]).replace("ˈ", "").replace("ˌ", "")
                score = here[0] + chances(word[i], piece)
                key = (i + 1, j + taken)
                if key not in best or best[key][0] < score:
                    best[key] = (score, (i, j))
    key = (len(word), len(sound))
    if key not in best:
        return None
    pieces = []
    while key != (0, 0):
        before = best[key][1]
        pieces.append("".join(sound[before[1]:key[1]]))
        key = before
    return pieces[::-1]


def aligned(words):
    counts, totals = collections.Counter(), collections.Counter()
    start = lambda letter, piece: -1.0 if len(piece) == 1 else -3.0 if not piece else -4.0
    learnt = lambda letter, piece: math.log((counts[letter, piece] + 0.01) / (totals[letter] + 1.0))
    chances = start
    for _ in range(4):
        pairs = [(word, align(word, sound, chances)) for word, sound in words]
        counts, totals = collections.Counter(), collections.Counter()
        for word, pieces in pairs:
            for letter, piece in zip(word, pieces or ()):
                counts[letter, piece.replace("ˈ", "").replace("ˌ", "")] += 1
                totals[letter] += 1
        chances = learnt
    return [(word, pieces) for word, pieces in pairs if pieces]


def context(word, at):
    around = lambda step: word[at + step] if 0 <= at + step < len(word) else "."
    return word[at] + "".join(around(step) for step in ORDER)


def learnt(samples, mark):
    """The shortest contexts that tell how a letter sounds: those that agree with a shorter one are left out."""
    votes = collections.defaultdict(collections.Counter)
    for key, piece in samples:
        for length in range(1, len(key) + 1):
            votes[key[:length]][piece] += 1
    said = {}
    for key in sorted(votes, key=len):
        piece, count = votes[key].most_common(1)[0]
        shorter = next((said[key[:n]] for n in range(len(key) - 1, 0, -1) if key[:n] in said), None)
        if len(key) == 1 or (count >= (1 if len(key) < 4 else 3) and piece != shorter):
            said[key] = piece
    return [f"{mark}{key}\t{piece}" for key, piece in said.items()]


def rules(words):
    """Two tables in one: every letter as it mostly sounds and, marked by a star, as it sounds under the main stress."""
    samples = [(context(word, at), piece) for word, pieces in aligned(words) for at, piece in enumerate(pieces)]
    stressed = [(key, piece) for key, piece in samples if "ˈ" in piece]
    return sorted(learnt(samples, "") + learnt(stressed, "*"), key=lambda rule: rule.split("\t")[0].encode())


def main():
    (us, gb), gold = tables(sys.argv[1])
    plain = [(word, parts(sound)) for word, sound in gold.items()
             if isinstance(sound, str) and word.isascii() and word.isalpha() and word.islower() and len(word) > 2]
    text = "\n".join(dictionary(us, gb) + [""] + rules(plain)) + "\n"
    with open("english.gz", "wb") as file, gzip.GzipFile("", "wb", 9, file, mtime=0) as packed:
        packed.write(text.encode())


main()
