"""The reference for `labels.rs`: onnxruntime and tokenizers in Python, as their documentation has them.

    labels.py PICTURES_MODEL TEXTS_GRAPH TEXTS_FOLDER THREADS

Reads one JSON object a line and prints one: `{"pictures": [files of 224 × 224 × 3 bytes]}` gives the scores of all
classes of each; `{"texts": […]}` gives their directions. Both say how many seconds it took.
"""

import json
import pathlib
import sys
import time

import numpy
import onnxruntime
from tokenizers.implementations import BertWordPieceTokenizer

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(sys.argv[4])
folder = pathlib.Path(sys.argv[3])
options.add_session_config_entry("session.model_external_initializers_file_folder_path", str(folder))
providers = ["CPUExecutionProvider"]
pictures = onnxruntime.InferenceSession(sys.argv[1], options, providers=providers)
meanings = onnxruntime.InferenceSession(pathlib.Path(sys.argv[2]).read_bytes(), options, providers=providers)
tokenizer = BertWordPieceTokenizer(str(folder / "vocab.txt"))
tokenizer.enable_truncation(256)
tokenizer.enable_padding()


def look(file):
    pixels = numpy.fromfile(file, numpy.uint8).reshape(224, 224, 3).astype(numpy.float32)
    numbers = pictures.run(None, {"picture": ((pixels - 127) / 128).transpose(2, 0, 1)[None]})[0][0]
    parts = numpy.exp(numbers - numbers.max())
    return parts / parts.sum()


def embed(texts):
    """As sentence-transformers does it: the long ones first, 32 together."""
    order = sorted(range(len(texts)), key=lambda at: -len(texts[at]))
    vectors = [None] * len(texts)
    for start in range(0, len(order), 32):
        now = order[start : start + 32]
        cut = tokenizer.encode_batch([texts[at] for at in now])
        here = numpy.array([one.attention_mask for one in cut])
        answer = meanings.run(None, {"tokens": numpy.array([one.ids for one in cut]), "here": here})[0]
        for at, vector in zip(now, answer):
            vectors[at] = vector
    return vectors


print("ready", flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    started = time.perf_counter()
    answer = [look(file) for file in asked["pictures"]] if "pictures" in asked else embed(asked["texts"])
    took = time.perf_counter() - started
    print(json.dumps({"work": took, "answer": [one.tolist() for one in answer]}), flush=True)
