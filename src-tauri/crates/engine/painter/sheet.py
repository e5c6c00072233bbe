"""`python sheet.py`: paints 64 prompts in one picture, to be looked at by eye."""

import argparse
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor, nn

import sampler
from model import Decoder, Painter
from sources import PLACE, TEXT, fetched
from text import Encoder, padded

PROMPTS = """a red apple|a cat|a yellow car|a blue house|a rocket, flat|a green frog|two apples|a blue cat
a pizza|a sunflower|a red heart|an octopus, 3d|a snowman|a purple umbrella|a cat and a dog|a banana on a blue background
an orange fish|a crown|a tree|a robot|a ghost|a grinning face|a pink elephant|three stars
a lemon|a strawberry|a doughnut, 3d|a hamburger|a dog, cartoon|a bear, flat|a penguin|an owl
a butterfly|a snail|a ladybug|a horse|a green dog|a purple banana|a red frog|a black cat
a cactus|a tulip|a mushroom|a rainbow|a cloud|the sun|a crescent moon|a star
an airplane|a bus|a bicycle|a sailboat|a castle|a key|a balloon|a guitar
a camera|an alarm clock|a light bulb|a skull|flag of Japan|flag of France, round|two rockets|a blue rose""".replace("\n", "|").split("|")
Said = tuple[Tensor, Tensor]


def prompt_states(prompts: list[str] = PROMPTS) -> tuple[Said, Said]:
    """States and masks of the prompts, and of the empty prompt as often."""
    states, starts = Encoder(fetched(TEXT)).ragged([*prompts, ""])
    every = np.arange(len(prompts))
    return padded(states, starts, every), padded(states, starts, np.full_like(every, len(prompts)))


@torch.inference_mode()
def painted(painter: nn.Module, decoder: nn.Module, said: tuple[Said, Said], steps: int = 25, guidance: float = 4.0, seed: int = 1) -> np.ndarray:
    """One picture a prompt, RGB in 0..1 as [n, 64, 64, 3]; the first has the given seed, the next the next."""
    where, found = next(painter.parameters()).device, []
    for at in range(0, len(said[0][0]), 64):
        words, against = (tuple(part[at : at + 64].to(where) for part in one) for one in said)
        start = torch.stack([sampler.noise(seed + at + i) for i in range(len(words[0]))]).to(where)
        made = sampler.latents(painter, start, words, against, steps, guidance)
        found.append(sampler.pictures(decoder, made).permute(0, 2, 3, 1).cpu().numpy())
    return np.concatenate(found)


def tiled(pictures: np.ndarray, columns: int = 8, scale: int = 2) -> Image.Image:
    rows = -(-len(pictures) // columns)
    sheet = np.ones((rows * columns, 64, 64, 3), np.float32)
    sheet[: len(pictures)] = pictures
    sheet = sheet.reshape(rows, columns, 64, 64, 3).transpose(0, 2, 1, 3, 4).reshape(rows * 64, columns * 64, 3)
    image = Image.fromarray((sheet * 255 + 0.5).astype(np.uint8))
    return image.resize((image.width * scale, image.height * scale), Image.Resampling.NEAREST)


def draw_sheet(painter: nn.Module, decoder: nn.Module, said: tuple[Said, Said], path: Path, prompts: list[str], guidance: float = 4.0) -> None:
    """Paints the first prompts of `said` and keeps them as a picture."""
    path.parent.mkdir(parents=True, exist_ok=True)
    some = tuple(tuple(part[: len(prompts)] for part in one) for one in said)
    tiled(painted(painter, decoder, some, guidance=guidance)).save(path)


def trained(name: str = "painter") -> tuple[Painter, Decoder, int]:
    """The slow mean of the painter, the decoder, and the step they were saved at."""
    state = torch.load(PLACE / f"{name}.pt", map_location="cpu", weights_only=True, mmap=True)
    painter = Painter(*state["shape"])
    painter.load_state_dict(state["ema"])
    eyes = torch.load(PLACE / "eyes.pt", map_location="cpu", weights_only=True)["eyes"]
    decoder = Decoder()
    decoder.load_state_dict({key.removeprefix("decoder."): value for key, value in eyes.items() if key.startswith("decoder.")})
    return painter.eval(), decoder.eval(), state["step"]


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--name", default="painter")
    asked.add_argument("--out", type=Path, default=None)
    asked.add_argument("--guidance", type=float, default=4.0)
    words = asked.parse_args()
    painter, decoder, step = trained(words.name)
    path = words.out or PLACE / "sheets" / f"{words.name}-64-{step:06}.png"
    draw_sheet(painter, decoder, prompt_states(), path, PROMPTS, words.guidance)
    print(path)


if __name__ == "__main__":
    main()
