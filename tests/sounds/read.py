"""Reads the sounds of a folder with libsndfile: says what they are, as JSON, and puts their samples beside them.

python read.py FOLDER
"""
import json
import sys
from pathlib import Path

import soundfile

told = {}
for path in sorted(Path(sys.argv[1]).iterdir()):
    samples, rate = soundfile.read(path, dtype="float32", always_2d=True)
    path.with_name(path.name + ".f32").write_bytes(samples.astype("<f4").tobytes())
    told[path.name] = {"sample_rate": rate, "channels": samples.shape[1]}
print(json.dumps(told))
