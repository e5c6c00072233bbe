"""The reference for `voice.rs`: onnxruntime in Python, as its documentation has it, on Kokoro's own file.

    voice.py MODEL VOICE THREADS

Reads one JSON list of lists of phonemes' numbers a line (the sentences of a text), says them one after the other and
prints a JSON line: seconds of work, seconds until the first sentence was there, seconds of sound.
"""

import json
import sys
import time

import numpy
import onnxruntime

SAMPLE_RATE = 24_000

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = int(sys.argv[3])
session = onnxruntime.InferenceSession(sys.argv[1], options, providers=["CPUExecutionProvider"])
voice = numpy.fromfile(sys.argv[2], dtype=numpy.float32).reshape(510, 1, 256)
speed = numpy.array([1], dtype=numpy.float32)
print("ready", flush=True)
for line in sys.stdin:
    started, first, samples = time.perf_counter(), None, 0
    for numbers in json.loads(line):
        inputs = {"input_ids": numpy.array([numbers]), "style": voice[len(numbers) - 3], "speed": speed}
        samples += session.run(None, inputs)[0].size
        first = first or time.perf_counter() - started
    took = time.perf_counter() - started
    print(json.dumps({"work": took, "first": first, "sound": samples / SAMPLE_RATE}), flush=True)
