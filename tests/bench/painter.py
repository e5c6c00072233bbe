"""The reference for `painter.rs`: the painter's own networks and sampler in torch.

    painter.py SCRIPTS THREADS

SCRIPTS is the folder with `model.py` and `sampler.py`. The weights are those of a network before its training: they do
not matter for the time. Reads one JSON object a line, `{"steps": 30, "guidance": 4, "pieces": 5}`, paints one picture
and prints the seconds that it took.
"""

import json
import sys
import time

sys.path.insert(0, sys.argv[1])

import torch

import sampler
from model import Decoder, Painter

torch.set_num_threads(int(sys.argv[2]))
torch.manual_seed(1)
painter, decoder = Painter().eval(), Decoder().eval()

print("ready", flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    words = torch.randn(1, asked["pieces"], 384), torch.ones(1, asked["pieces"], dtype=torch.bool)
    started = time.perf_counter()
    found = sampler.latents(painter, sampler.noise(1)[None], words, words, asked["steps"], asked["guidance"])
    sampler.pictures(decoder, found)
    print(time.perf_counter() - started, flush=True)
