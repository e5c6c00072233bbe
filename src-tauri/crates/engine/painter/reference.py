"""`python reference.py`: paints a few pictures with the exported weights in torch, for `tests/tests/painter.rs`.

Takes painter.safetensors from where `export.py` writes it, and writes to tests/painter: expected.json with what was
asked and some numbers of the words' states, and each picture as the model painted it.
"""

import argparse
import json
from pathlib import Path

import torch
from PIL import Image
from safetensors.torch import load_file
from torch import Tensor

import sampler
from model import Decoder, Painter
from sources import PLACE, TEXT, fetched
from text import Encoder

OUT = Path(__file__).resolve().parents[4] / "tests" / "painter"
ASKED = [
    {"prompt": "a red apple", "negative": "", "seed": 5, "steps": 30, "guidance": 4.0, "latents": [8, 8]},
    {"prompt": "a yellow car", "negative": "wheels, grass", "seed": 4294967296, "steps": 12, "guidance": 6.0, "latents": [8, 12]},
    {"prompt": "a cat, 3d", "negative": "", "seed": 0, "steps": 9, "guidance": 1.0, "latents": [8, 8]},
]
# Numbers of each piece of a word that are kept.
KEPT = 8


@torch.inference_mode()
def states(encoder: Encoder, text: str) -> Tensor:
    """The states of one text in single precision, which is how the app reads them."""
    ids = encoder.tokenizer.encode(text).ids
    return encoder.model(input_ids=torch.tensor([ids])).last_hidden_state[0]


def padded(rows: list[Tensor]) -> list[tuple[Tensor, Tensor]]:
    """Each as long as the longest, with the mask of where it is."""
    longest = max(map(len, rows))
    whole = [torch.nn.functional.pad(row, (0, 0, 0, longest - len(row)))[None] for row in rows]
    return [(one, torch.arange(longest)[None] < len(row)) for one, row in zip(whole, rows)]


def loaded(path: Path) -> tuple[Painter, Decoder]:
    tensors, models = load_file(path), (Painter(), Decoder())
    for name, model in zip(("painter.", "decoder."), models):
        own = {key.removeprefix(name): value.float() for key, value in tensors.items() if key.startswith(name)}
        model.load_state_dict(own)
        model.eval()
    return models


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__)
    told.add_argument("--weights", type=Path, default=PLACE / "export" / "painter.safetensors")
    painter, decoder = loaded(told.parse_args().weights)
    encoder = Encoder(fetched(TEXT))
    OUT.mkdir(exist_ok=True)
    for at, asked in enumerate(ASKED):
        said = [states(encoder, asked[name]) for name in ("prompt", "negative")]
        start = sampler.noise(asked["seed"], *asked["latents"])[None]
        found = sampler.latents(painter, start, *padded(said), asked["steps"], asked["guidance"])
        pixels = sampler.pictures(decoder, found)[0].permute(1, 2, 0)
        Image.fromarray((pixels * 255).round().to(torch.uint8).numpy()).save(OUT / f"{at}.png", optimize=True)
        asked["states"] = [[round(float(number), 4) for number in piece[:KEPT]] for piece in said[0]]
    (OUT / "expected.json").write_text("[\n " + ",\n ".join(json.dumps(asked) for asked in ASKED) + "\n]\n")


if __name__ == "__main__":
    main()
