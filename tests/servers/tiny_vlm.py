#!/usr/bin/env python3
"""A tiny vision-language model with random weights, in two GGUF files, for tests: SmolVLM's form, nobody's knowledge.

  python3 tiny_vlm.py FOLDER        # writes tiny-vlm.gguf and mmproj-tiny-vlm.gguf there

It says one of some hundred words after the other, always the same for the same question and picture, and others for
another picture. The same files come out on every machine. Needs nothing but Python.
"""
import random
import struct
import sys
from pathlib import Path

WIDTH, LAYERS, HEADS, INNER, CONTEXT = 64, 2, 4, 128, 4096
# Tiles of 32 pixels, 64 patches each, four of them merged: 16 tokens a tile; two by two tiles and the whole picture.
SIGHT, TILE, PATCH, MERGE, LONGEST = 32, 32, 4, 2, 64
WORDS = (
    "cat dog bird fish tree house river stone cloud sun moon star red blue green white black yellow small large old new "
    "round square sits runs sleeps looks shines grows falls waits one two three four five man woman child boat road "
    "hill field snow rain wind night day morning under over near far beside with and the a in on of light dark warm "
    "cold quiet loud soft hard long short high low left right up down here there now then always never window door "
    "table chair cup plate book lamp garden wall bridge tower horse sheep cow apple pear leaf root seed"
).split()
SPECIAL = ["<|im_start|>", "<end_of_utterance>", "<fake_token_around_image>", "<global-img>", "<image>"] + [
    f"<row_{row}_col_{column}>" for row in range(1, 5) for column in range(1, 5)
]
TEMPLATE = (
    "<|im_start|>{% for message in messages %}{{message['role'] | capitalize}}"
    "{% if message['content'][0]['type'] == 'image' %}{{':'}}{% else %}{{': '}}{% endif %}"
    "{% for line in message['content'] %}{% if line['type'] == 'text' %}{{line['text']}}"
    "{% elif line['type'] == 'image' %}{{ '<image>' }}{% endif %}{% endfor %}<end_of_utterance>\n"
    "{% endfor %}{% if add_generation_prompt %}{{ 'Assistant:' }}{% endif %}"
)


def byte_letters():
    """GPT-2's letter for every byte."""
    plain = [*range(33, 127), *range(161, 173), *range(174, 256)]
    others = [byte for byte in range(256) if byte not in plain]
    return {byte: chr(byte) for byte in plain} | {byte: chr(256 + at) for at, byte in enumerate(others)}


def text(value):
    raw = value.encode()
    return struct.pack("<Q", len(raw)) + raw


def value(of):
    """A value with its type before it, as GGUF has it."""
    if isinstance(of, bool):
        return struct.pack("<I?", 7, of)
    if isinstance(of, int):
        return struct.pack("<II", 4, of)
    if isinstance(of, float):
        return struct.pack("<If", 6, of)
    if isinstance(of, str):
        return struct.pack("<I", 8) + text(of)
    if isinstance(of[0], int):
        # Lists of numbers are signed.
        return struct.pack(f"<IIQ{len(of)}i", 9, 5, len(of), *of)
    parts = [value(part) for part in of]
    return struct.pack("<I", 9) + parts[0][:4] + struct.pack("<Q", len(parts)) + b"".join(part[4:] for part in parts)


def write(path, facts, tensors):
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(facts))
    head += b"".join(text(key) + value(of) for key, of in facts.items())
    data = b""
    for name, (shape, numbers) in tensors.items():
        head += text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, len(data))
        data += struct.pack(f"<{len(numbers)}f", *numbers)
        data += bytes(-len(data) % 32)
    path.write_bytes(head + bytes(-len(head) % 32) + data)


class Weights(dict):
    """Tensors by name: the shape (the inner side first) and the numbers."""

    def __init__(self, seed):
        super().__init__()
        self.random = random.Random(seed)

    def drawn(self, name, *shape, scale):
        count = 1
        for side in shape:
            count *= side
        self[name] = (shape, [self.random.gauss(0, scale) for _ in range(count)])

    def matrix(self, name, inner, outer, gain=1.0):
        self.drawn(name, inner, outer, scale=gain * inner**-0.5)

    def norm(self, name, size, bias=False):
        self[name + ".weight"] = ((size,), [1.0] * size)
        if bias:
            self[name + ".bias"] = ((size,), [0.0] * size)


def language():
    tokens = SPECIAL + list(byte_letters().values()) + ["ĊĊ"] + ["Ġ" + word for word in WORDS]
    weights = Weights(1)
    weights.drawn("token_embd.weight", WIDTH, len(tokens), scale=1.0)
    for layer in range(LAYERS):
        block = f"blk.{layer}."
        for name in ("attn_q", "attn_k", "attn_v", "attn_output"):
            weights.matrix(f"{block}{name}.weight", WIDTH, WIDTH, gain=2.0)
        weights.matrix(block + "ffn_gate.weight", WIDTH, INNER, gain=2.0)
        weights.matrix(block + "ffn_up.weight", WIDTH, INNER, gain=2.0)
        weights.matrix(block + "ffn_down.weight", INNER, WIDTH, gain=2.0)
        weights.norm(block + "attn_norm", WIDTH)
        weights.norm(block + "ffn_norm", WIDTH)
    weights.norm("output_norm", WIDTH)
    weights.matrix("output.weight", WIDTH, len(tokens), gain=4.0)
    # Nothing but words is ever said.
    unsaid = (len(tokens) - len(WORDS)) * WIDTH
    weights["output.weight"][1][:unsaid] = [0.0] * unsaid
    facts = {
        "general.architecture": "llama",
        "general.name": "Tiny VLM",
        "llama.context_length": CONTEXT,
        "llama.embedding_length": WIDTH,
        "llama.block_count": LAYERS,
        "llama.feed_forward_length": INNER,
        "llama.attention.head_count": HEADS,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": WIDTH // HEADS,
        "llama.rope.freq_base": 10000.0,
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "smollm",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [3] * len(SPECIAL) + [1] * (len(tokens) - len(SPECIAL)),
        "tokenizer.ggml.merges": ["Ċ Ċ"],
        "tokenizer.ggml.bos_token_id": 0,
        "tokenizer.ggml.eos_token_id": 1,
        "tokenizer.ggml.add_bos_token": False,
        "tokenizer.chat_template": TEMPLATE,
    }
    return facts, weights


def projector():
    weights = Weights(2)
    weights.drawn("v.patch_embd.weight", PATCH, PATCH, 3, SIGHT, scale=(3 * PATCH * PATCH) ** -0.5)
    weights["v.patch_embd.bias"] = ((SIGHT,), [0.0] * SIGHT)
    weights.drawn("v.position_embd.weight", SIGHT, (TILE // PATCH) ** 2, scale=0.3)
    for layer in range(LAYERS):
        block = f"v.blk.{layer}."
        for name in ("attn_q", "attn_k", "attn_v", "attn_out"):
            weights.matrix(f"{block}{name}.weight", SIGHT, SIGHT)
            weights[f"{block}{name}.bias"] = ((SIGHT,), [0.0] * SIGHT)
        weights.matrix(block + "ffn_up.weight", SIGHT, 2 * SIGHT)
        weights.matrix(block + "ffn_down.weight", 2 * SIGHT, SIGHT)
        weights[block + "ffn_up.bias"] = ((2 * SIGHT,), [0.0] * (2 * SIGHT))
        weights[block + "ffn_down.bias"] = ((SIGHT,), [0.0] * SIGHT)
        weights.norm(block + "ln1", SIGHT, bias=True)
        weights.norm(block + "ln2", SIGHT, bias=True)
    weights.norm("v.post_ln", SIGHT, bias=True)
    weights.matrix("mm.model.fc.weight", SIGHT * MERGE * MERGE, WIDTH, gain=2.0)
    facts = {
        "general.architecture": "clip",
        "general.type": "mmproj",
        "general.name": "Tiny VLM",
        "clip.has_vision_encoder": True,
        "clip.projector_type": "idefics3",
        "clip.use_gelu": True,
        "clip.vision.image_size": TILE,
        "clip.vision.patch_size": PATCH,
        "clip.vision.embedding_length": SIGHT,
        "clip.vision.feed_forward_length": 2 * SIGHT,
        "clip.vision.block_count": LAYERS,
        "clip.vision.attention.head_count": 2,
        "clip.vision.attention.layer_norm_epsilon": 1e-6,
        "clip.vision.projection_dim": WIDTH,
        "clip.vision.image_mean": [0.5, 0.5, 0.5],
        "clip.vision.image_std": [0.5, 0.5, 0.5],
        "clip.vision.projector.scale_factor": MERGE,
        "clip.vision.preproc_image_size": LONGEST,
    }
    return facts, weights


folder = Path(sys.argv[1])
folder.mkdir(parents=True, exist_ok=True)
write(folder / "tiny-vlm.gguf", *language())
write(folder / "mmproj-tiny-vlm.gguf", *projector())
