#!/usr/bin/env python3
"""Real models of transformers and diffusers behind the forms of Hugging Face's serverless inference.

  pip install -r transformers.txt
  python3 tiny_models.py MODELS && python3 transformers_server.py MODELS

POST /models/acme/NAME, also below /hf-inference: {"inputs", "parameters"} or a file's bytes; `transformers_tasks.py`
has the names. Chats at …/v1/chat/completions, TGI's form at …/generate and …/generate_stream, what belongs to one
task of several at …/pipeline/TASK. GET /api/whoami-v2, /api/models, /api/models/acme/NAME and /v1/models answer as
the Hub and the router do. A model is loaded when it is first asked for, and whoever asks meanwhile gets a 503.

Below /hf-inference and for whoami a token must begin with hf_. The first line of the output is {"listening": address}; then
lines tell how each question goes on: begun, then answered, refused or left, with milliseconds and steps; one that was
left is stopped once its model has noticed. It answers on 127.0.0.1 only and ends when its standard input closes.
"""
import asyncio
import base64
import io
import json
import os
import queue
import socket
import sys
import threading
import time

import numpy as np
import soundfile
import torch
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse
from PIL import Image
from pydantic import BaseModel

from transformers_tasks import NAMES, PICTURES, SOUNDS, SPEECH, Asked, Gone, load, unpacked

MODELS = sys.argv[1]
app, loaded, loading, machine = FastAPI(), {}, set(), threading.Lock()
torch.set_num_threads(2)


class Refused(Exception):
    def __init__(self, status, words, **more):
        self.status, self.body = status, {"error": words, **more}


@app.exception_handler(Refused)
async def refused(request, problem):
    tell(request, "refused", time.time(), Asked())
    return Response(json.dumps(problem.body), problem.status, media_type="application/json", headers={"x-request-id": f"local-{time.time_ns()}"})


def tell(request, state, since, asked):
    line = {"path": request.url.path, "state": state, "ms": round((time.time() - since) * 1000), "steps": asked.steps}
    print(json.dumps(line), flush=True)


def check_token(request):
    given = request.headers.get("authorization", "")
    guarded = request.url.path.startswith(("/hf-inference", "/api/whoami"))
    if guarded and not (given.startswith("Bearer hf_") and len(given) > 19):
        raise Refused(401, "Invalid username or password.")


def ready(name):
    """The model, once it is loaded; until then it is refused with a guess, as the Hub did."""
    if name not in NAMES:
        raise Refused(404, f"Model acme/{name} does not exist")
    if name not in loaded:
        if name not in loading:
            loading.add(name)
            threading.Thread(target=fetch, args=[name], daemon=True).start()
        raise Refused(503, f"Model acme/{name} is currently loading", estimated_time=1.0)
    return loaded[name]


def fetch(name):
    with machine:
        loaded[name] = load(name, MODELS)


async def question(name, request):
    """What was asked, from JSON or from a file's bytes."""
    body, kind = await request.body(), request.headers.get("content-type", "").split(";")[0].strip()
    try:
        if name in PICTURES | SOUNDS and kind.startswith(("image/", "audio/")):
            return body, {}
        data = json.loads(body)
        if "inputs" not in data:
            raise Refused(400, ["Error in `inputs`: field required"])
        beside = {key: value for key, value in data.items() if key not in ("inputs", "parameters", "stream")}
        return unpacked(name, data["inputs"]), {**beside, **(data.get("parameters") or {})}
    except (ValueError, TypeError, KeyError, AttributeError) as problem:
        raise Refused(400, f"Bad input: {problem}") from problem


async def worked(request, asked, work):
    """Works in a thread, one question at a time, and stops when whoever asked has left."""
    since = time.time()

    def alone():
        with machine:
            asked.step()
            tell(request, "begun", since, asked)
            return work()
    task = asyncio.get_running_loop().run_in_executor(None, alone)
    while not task.done():
        await asyncio.wait([task], timeout=0.02)
        if not asked.left.is_set() and await request.is_disconnected():
            asked.left.set()
            tell(request, "left", since, asked)
    try:
        answer = task.result()
    except Gone:
        tell(request, "stopped", since, asked)
        return None
    except (AssertionError, ValueError, TypeError, OSError) as problem:
        raise Refused(400, str(problem), warnings=[f"There was an inference error: {problem}"]) from problem
    except Exception as problem:
        raise Refused(500, str(problem), warnings=[f"There was an inference error: {problem}"]) from problem
    tell(request, "answered", since, asked)
    return answer


@app.post("/models/acme/{name}")
@app.post("/models/acme/{name}/pipeline/{task}")
@app.post("/hf-inference/models/acme/{name}")
@app.post("/hf-inference/models/acme/{name}/pipeline/{task}")
async def infer(name: str, request: Request, task: str = ""):
    check_token(request)
    model, asked = ready(name), Asked()
    if name == "text-generation":
        return await generated(model, request)
    inputs, parameters = await question(name, request)
    answer = await worked(request, asked, lambda: model(inputs, parameters, asked))
    if isinstance(answer, Image.Image):
        return drawn(answer, request.headers.get("accept"))
    if name in SPEECH and answer:
        return said(*answer, request.headers.get("accept"))
    return Response(json.dumps(plain(answer), ensure_ascii=False), media_type="application/json", headers={"x-compute-type": "cpu"})


def drawn(answer, accept):
    buffer, form = io.BytesIO(), {"image/png": "PNG", "image/webp": "WEBP"}.get(accept, "JPEG")
    answer.save(buffer, format=form)
    return Response(buffer.getvalue(), media_type="image/" + form.lower())


def said(wave, rate, accept):
    buffer, form = io.BytesIO(), {"audio/wav": "WAV", "audio/ogg": "OGG"}.get(accept, "FLAC")
    soundfile.write(buffer, wave, rate, format=form)
    if accept == "application/json":
        return {"audio": base64.b64encode(buffer.getvalue()).decode(), "sampling_rate": rate}
    return Response(buffer.getvalue(), media_type="audio/" + form.lower())


def plain(value):
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value.item() if isinstance(value, np.generic) else value


class Tokens:
    """Hands on each token as generation finds it: its number, and the words that have become certain with it."""

    def __init__(self, tokenizer, asked):
        self.tokenizer, self.asked, self.ids, self.text, self.found, self.prompt = tokenizer, asked, [], "", queue.Queue(), None

    def put(self, ids):
        if self.prompt is None:
            self.prompt = ids.numel()
            return
        for at in ids.reshape(-1).tolist():
            self.ids.append(at)
            special, whole = at in self.tokenizer.all_special_ids, self.tokenizer.decode(self.ids, skip_special_tokens=True)
            # A letter may be made of several tokens.
            new = "" if whole.endswith("\ufffd") else whole[len(self.text):]
            self.text += new
            self.found.put((at, new, special))

    def rest(self):
        """The words that were held back."""
        whole = self.tokenizer.decode(self.ids, skip_special_tokens=True)
        return whole[len(self.text):], whole

    def reason(self):
        return "eos_token" if self.ids and self.ids[-1] == self.tokenizer.eos_token_id else "length"

    def end(self):
        self.found.put(None)


async def generated(model, request, stream=None):
    inputs, parameters = await question("text-generation", request)
    if stream is None:
        stream = bool(json.loads(await request.body()).get("stream"))
    asked = Asked()
    if not stream:
        answer = await worked(request, asked, lambda: model(inputs, parameters, asked))
        return Response(json.dumps(plain(answer), ensure_ascii=False), media_type="application/json")
    tokens = Tokens(model.tokenizer, asked)
    return flowing(request, asked, tokens, lambda: model(inputs, parameters, asked, tokens), tgi_events)


def flowing(request, asked, tokens, work, events):
    """A stream of events while the model works in a thread."""
    since, problem = time.time(), []

    def alone():
        try:
            with machine:
                asked.step()
                tell(request, "begun", since, asked)
                work()
        except Gone:
            tell(request, "stopped", since, asked)
        except Exception as error:
            problem.append(error)
        tokens.found.put(None)

    async def flow():
        threading.Thread(target=alone, daemon=True).start()
        state = "left"
        try:
            async for token in found(request, tokens):
                for event in events.token(tokens, token):
                    yield line(event)
            for event in [events.error(problem[0])] if problem else events.last(tokens):
                yield line(event)
            state = "refused" if problem else "answered"
        except Gone:
            pass
        finally:
            if state == "left":
                asked.left.set()
            tell(request, state, since, asked)
    return StreamingResponse(flow(), media_type="text/event-stream")


def line(event):
    return f"data: {event if isinstance(event, str) else json.dumps(event, ensure_ascii=False)}\n\n"


async def found(request, tokens):
    """The tokens as they come, while somebody waits for them."""
    while True:
        try:
            token = await asyncio.to_thread(tokens.found.get, True, 0.02)
        except queue.Empty:
            token = ()
        if token is None:
            return
        if await request.is_disconnected():
            raise Gone
        if token:
            yield token


class tgi_events:
    @staticmethod
    def token(tokens, token):
        at, text, special = token
        yield {"index": len(tokens.ids), "token": {"id": at, "text": text, "logprob": 0.0, "special": special}, "generated_text": None, "details": None}

    @staticmethod
    def last(tokens):
        rest, whole = tokens.rest()
        details = {"finish_reason": tokens.reason(), "generated_tokens": len(tokens.ids), "seed": None, "input_length": tokens.prompt}
        yield {"index": len(tokens.ids) + 1, "token": {"id": 0, "text": rest, "logprob": 0.0, "special": False}, "generated_text": whole, "details": details}

    @staticmethod
    def error(problem):
        kind = "validation" if isinstance(problem, (ValueError, TypeError)) else "generation"
        return {"error": str(problem), "error_type": kind}


class chat_events:
    @staticmethod
    def chunk(delta, reason=None, **more):
        choice = {"index": 0, "delta": delta, "finish_reason": reason}
        return {"id": "chat", "object": "chat.completion.chunk", "created": int(time.time()), "model": "acme/text-generation", "choices": [choice], **more}

    @classmethod
    def token(cls, tokens, token):
        yield cls.chunk({"role": "assistant", "content": token[1]})

    @classmethod
    def last(cls, tokens):
        usage = {"prompt_tokens": tokens.prompt, "completion_tokens": len(tokens.ids), "total_tokens": tokens.prompt + len(tokens.ids)}
        yield cls.chunk({"content": tokens.rest()[0]}, "length" if tokens.reason() == "length" else "stop", usage=usage)
        yield "[DONE]"

    @staticmethod
    def error(problem):
        kind = "validation" if isinstance(problem, (ValueError, TypeError)) else "generation"
        return {"error": {"message": str(problem), "type": kind, "http_status_code": 422 if kind == "validation" else 500}}


class Said(BaseModel):
    role: str
    content: str | list


class Chat(BaseModel):
    """FastAPI itself refuses what does not fit, in its own form."""
    model: str = ""
    messages: list[Said]
    max_tokens: int = 20
    temperature: float | None = None
    top_p: float | None = None
    seed: int | None = None
    stream: bool = False


@app.post("/v1/chat/completions")
@app.post("/models/acme/{name}/v1/chat/completions")
@app.post("/hf-inference/models/acme/{name}/v1/chat/completions")
async def chat(chat: Chat, request: Request, name: str = ""):
    check_token(request)
    # The router's own choice of a provider has the model in the body, with a policy after it.
    name = name or chat.model.split(":")[0].removeprefix("acme/")
    model, asked = ready(name), Asked()
    if name != "text-generation":
        raise Refused(400, {"message": f"acme/{name} is not a chat model", "type": "invalid_request_error", "code": "model_not_supported"})
    parameters = {key: value for key, value in (("temperature", chat.temperature), ("top_p", chat.top_p)) if value is not None}
    parameters |= {"max_new_tokens": chat.max_tokens, **({"do_sample": True} if parameters else {})}
    if chat.seed is not None:
        torch.manual_seed(chat.seed)
    tokens, messages = Tokens(model.tokenizer, asked), [one.model_dump() for one in chat.messages]
    if chat.stream:
        return flowing(request, asked, tokens, lambda: model(messages, parameters, asked, tokens), chat_events)
    await worked(request, asked, lambda: model(messages, parameters, asked, tokens))
    closing = next(chat_events.last(tokens))
    message = {"role": "assistant", "content": tokens.rest()[1]}
    choice = {"index": 0, "message": message, "finish_reason": closing["choices"][0]["finish_reason"]}
    return {**closing, "object": "chat.completion", "choices": [choice]}


@app.post("/models/acme/{name}/generate")
@app.post("/models/acme/{name}/generate_stream")
async def tgi(name: str, request: Request):
    model = ready(name)
    return await generated(model, request, request.url.path.endswith("_stream"))


@app.get("/api/whoami-v2")
async def whoami(request: Request):
    check_token(request)
    token = {"displayName": "local", "role": "read"}
    return {"type": "user", "name": "local-user", "fullname": "Local User", "isPro": False, "orgs": [], "auth": {"type": "access_token", "accessToken": token}}


def card(name):
    task = {"bark": "text-to-speech", "whisper": "automatic-speech-recognition"}.get(name, name)
    mapping = {"hf-inference": {"status": "live", "providerId": "acme/" + name, "task": task}}
    return {"id": "acme/" + name, "modelId": "acme/" + name, "pipeline_tag": task, "tags": [task], "downloads": 1, "likes": 0, "inference": "warm", "inferenceProviderMapping": mapping}


@app.get("/api/models")
async def models(search: str = "", pipeline_tag: str = "", limit: int = 100):
    return [one for one in map(card, NAMES) if search in one["id"] and pipeline_tag in ("", one["pipeline_tag"])][:limit]


@app.get("/api/models/acme/{name}")
async def model(name: str):
    if name not in NAMES:
        raise Refused(404, "Repository not found")
    return card(name)


@app.get("/v1/models")
async def routed():
    providers = [{"provider": "hf-inference", "status": "live", "supports_tools": False}]
    return {"object": "list", "data": [{"id": "acme/text-generation", "object": "model", "owned_by": "acme", "providers": providers}]}


def end_with_input():
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    listening = socket.create_server(("127.0.0.1", 0))
    print(json.dumps({"listening": "http://127.0.0.1:%d" % listening.getsockname()[1]}), flush=True)
    threading.Thread(target=end_with_input, daemon=True).start()
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run([listening])
