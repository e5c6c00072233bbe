"""What huggingface_hub does in the comparison of `cost.py`: `TASK BASE COUNT`."""

import json
import sys

from huggingface_hub import InferenceClient, constants
from huggingface_hub.hf_api import InferenceProviderMapping
from huggingface_hub.inference._providers._common import HARDCODED_MODEL_INFERENCE_MAPPING


def tokens(base, _count):
    client = InferenceClient(base_url=f"{base}/v1")
    messages = [{"role": "user", "content": "Count."}]
    answer = client.chat_completion(messages, model="m", stream=True)
    return sum(len(event.choices[0].delta.content or "") for event in answer)


def pictures(client, model, count):
    # Where the file of a picture ends.
    return sum(client.text_to_image("a cat", model=model).fp.seek(0, 2) for _ in range(count))


def in_base64(base, count):
    # A provider that answers so, at this address.
    constants.INFERENCE_PROXY_TEMPLATE = base
    names = {"hf_model_id": "m", "providerId": "m", "status": "live", "task": "text-to-image"}
    mapping = InferenceProviderMapping(provider="together", **names)
    HARDCODED_MODEL_INFERENCE_MAPPING["together"]["m"] = mapping
    return pictures(InferenceClient(provider="together", api_key="hf_none"), "m", count)


def as_bytes(base, count):
    return pictures(InferenceClient(), f"{base}/models/m", count)


task, base, count = sys.argv[1:]
ask = {"tokens": tokens, "base64": in_base64, "bytes": as_bytes}[task]
print(json.dumps({"got": ask(base, int(count))}), flush=True)
# Until it was looked at.
sys.stdin.read()
