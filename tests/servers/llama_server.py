#!/usr/bin/env python3
"""The real llama.cpp server, from a prebuilt wheel, for tests and benchmarks.

  pip install -r requirements.txt
  python3 llama_server.py MODEL.gguf PORT [THREADS [MMPROJ.gguf]]

It answers on 127.0.0.1 only and ends when its standard input closes, so that it never outlives who started it.
"""
import sys

import xllamacpp

params = xllamacpp.CommonParams()
params.model.path = sys.argv[1]
params.hostnames, params.port = ["127.0.0.1"], int(sys.argv[2])
params.n_ctx, params.n_parallel = 4096, 1
params.cpuparams.n_threads = int(sys.argv[3]) if len(sys.argv) > 3 else 2
params.warmup = False
if len(sys.argv) > 4:
    params.mmproj.path, params.mmproj_use_gpu = sys.argv[4], False
    # As the built-in engine has it: larger pictures are looked at in four tiles.
    params.image_max_tokens = 256
server = xllamacpp.Server(params)
print("listening on", params.port, flush=True)
sys.stdin.read()
