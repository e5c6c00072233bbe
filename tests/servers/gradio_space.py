#!/usr/bin/env python3
"""A real Gradio server with the call surface of an image Space, a chat Space and their failures.

  pip install -r gradio.txt
  python3 gradio_space.py [--queue 8] [--silent] [--auth user:password]

It prints its address, answers on 127.0.0.1 only, asks nothing of the outside, and ends when its standard input
closes, so that it never outlives who started it. Runs on Gradio 4, 5 and 6.

/infer            prompt, negative_prompt, seed, randomize_seed, width, height, guidance_scale, num_inference_steps
                  -> (image, seed); one progress event a step; the picture is a function of prompt and seed.
                  prompt "ERROR: text" raises gr.Error(text); "QUOTA" raises the ZeroGPU quota error;
                  "CRASH" raises a plain exception; "WARN: text" warns and goes on; "SLOW n" takes n seconds.
/chat             message -> the reply, streamed word by word (a generator); "LONG n" says n words
/talk             message and a history of messages -> the history, streamed: edits below the top
/caption          image -> text (file input: exercises /upload)
/ask              image, prompt, max_new_tokens -> the answer, streamed word by word; "ERROR: text" fails with it
/speak            text -> audio file
/bark             text, preset (of choices) and two temperatures -> audio file, two progress events; the preset's number
                  makes its pitch, and "ERROR: text" fails with it
/two_files        list of files -> JSON with names, sizes and checksums
/same             file -> the same file
/album            count, style (of choices) and a state -> gallery, the number of albums so far (the state)
/no_queue         text -> text, outside the queue
/seen             -> what the server noticed, in JSON: the words said in /chat, and how each answer there ended
"""
import argparse
import hashlib
import json
import os
import random
import socket
import sys
import time

os.environ.update(GRADIO_ANALYTICS_ENABLED="False", HF_HUB_OFFLINE="1")

import gradio as gr
import numpy as np
from PIL import Image

MAX_SEED = np.iinfo(np.int32).max
SEEN = {"words": 0, "ended": []}


def paint(prompt, seed, width, height):
    digest = hashlib.sha256(("%s|%d" % (prompt, seed)).encode()).digest()
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    layers = [(np.sin(x / (7 + digest[i]) + digest[i + 3]) + np.cos(y / (7 + digest[i + 6]) + digest[i + 9]) + 2) * 63 for i in range(3)]
    return Image.fromarray(np.stack(layers, -1).astype(np.uint8))


def infer(prompt, negative_prompt="", seed=42, randomize_seed=False, width=1024, height=1024, guidance_scale=4.5,
          num_inference_steps=40, progress=gr.Progress(track_tqdm=True)):
    if prompt.startswith("ERROR:"):
        raise gr.Error(prompt[6:].strip())
    if prompt == "QUOTA":
        quota = "You have exceeded your GPU quota (60s requested vs. 12s left). Try again in 0:42:00"
        # Gradio 4 knows no titles.
        raise gr.Error(quota) if gr.__version__.startswith("4.") else gr.Error(quota, title="ZeroGPU quota exceeded", duration=10)
    if prompt == "CRASH":
        raise RuntimeError("CUDA out of memory. Tried to allocate 20.00 MiB")
    if prompt.startswith("WARN:"):
        gr.Warning(prompt[5:].strip())
        gr.Info("and a note")
    pause = float(prompt.split()[1]) / max(1, int(num_inference_steps)) if prompt.startswith("SLOW ") else 0.02
    if randomize_seed:
        seed = random.randint(0, MAX_SEED)
    for step in progress.tqdm(range(int(num_inference_steps)), desc="Denoising"):
        time.sleep(pause)
    return paint(prompt, int(seed), int(width), int(height)), seed


def chat(message, history=None):
    reply = "You said: %s — und auf Wiedersehen \U0001f44b." % message
    if message.startswith("LONG "):
        reply = " ".join("word%d" % n for n in range(int(message.split()[1])))
    text = ""
    try:
        for word in reply.split(" "):
            time.sleep(0.05)
            SEEN["words"] += 1
            text += ("" if not text else " ") + word
            yield text
        SEEN["ended"].append("said: " + message)
    except GeneratorExit:
        SEEN["ended"].append("stopped: " + message)
        raise


def talk(message, history):
    history = list(history or []) + [{"role": "user", "content": message}, {"role": "assistant", "content": ""}]
    for word in ("I", " heard ", message, "."):
        time.sleep(0.05)
        history[-1] = {"role": "assistant", "content": history[-1]["content"] + word}
        yield history
    yield history + [{"role": "assistant", "content": "Bye."}]


def caption(image):
    if image is None:
        raise gr.Error("No image given")
    return "a %dx%d picture" % image.size


def ask(image, prompt, max_new_tokens=64):
    if image is None:
        raise gr.Error("No image given")
    if prompt.startswith("ERROR:"):
        raise gr.Error(prompt[6:].strip())
    words = ("A %dx%d picture. You asked: %s" % (*image.size, prompt)).split(" ")[:int(max_new_tokens)]
    for count in range(len(words)):
        time.sleep(float(prompt.split()[1]) / len(words) if prompt.startswith("SLOW ") else 0.02)
        yield " ".join(words[:count + 1])


PRESETS = ["Unconditional", "Announcer"] + ["Speaker %d (%s)" % (n, lang) for lang in ("en", "de") for n in range(10)]


def speak(text):
    rate = 24000
    t = np.arange(int(rate * max(0.2, 0.05 * len(text)))) / rate
    return rate, (np.sin(2 * np.pi * 220 * t) * 12000).astype(np.int16)


def bark(text, history_prompt, text_temp=0.7, waveform_temp=0.7, progress=gr.Progress()):
    if text.startswith("ERROR:"):
        raise gr.Error(text[6:].strip())
    for step in range(2):
        progress((step + 1, 2), desc="Speaking")
        time.sleep(float(text.split()[1]) / 2 if text.startswith("SLOW ") else 0.02)
    pitch = 220 + 20 * PRESETS.index(history_prompt)
    seconds = 0.5 + text_temp + waveform_temp
    return 24000, (np.sin(2 * np.pi * pitch * np.arange(int(24000 * seconds)) / 24000) * 12000).astype(np.int16)


def two_files(files):
    def facts(path):
        with open(path, "rb") as file:
            return [os.path.basename(path), os.path.getsize(path), hashlib.sha256(file.read()).hexdigest()]
    return {"files": [facts(path) for path in files or []]}


def album(count, style, albums):
    pictures = [(paint(style, seed, 64, 64), "%s %d" % (style, seed)) for seed in range(int(count))]
    return pictures, (albums or 0) + 1, (albums or 0) + 1


def build():
    with gr.Blocks(title="Image Space") as demo:
        prompt = gr.Text(label="Prompt", show_label=False, max_lines=1)
        result = gr.Image(label="Result", format="png")
        negative = gr.Text(label="Negative prompt", max_lines=1, visible=False)
        seed = gr.Slider(label="Seed", minimum=0, maximum=MAX_SEED, step=1, value=0)
        randomize = gr.Checkbox(label="Randomize seed", value=True)
        width = gr.Slider(label="Width", minimum=64, maximum=1440, step=32, value=1024)
        height = gr.Slider(label="Height", minimum=64, maximum=1440, step=32, value=1024)
        guidance = gr.Slider(label="Guidance scale", minimum=0.0, maximum=7.5, step=0.1, value=4.5)
        steps = gr.Slider(label="Number of inference steps", minimum=1, maximum=50, step=1, value=40)
        gr.Button("Run").click(infer, [prompt, negative, seed, randomize, width, height, guidance, steps], [result, seed], api_name="infer", concurrency_limit=1)
        message, reply = gr.Text(label="Message"), gr.Text(label="Reply")
        message.submit(chat, [message], [reply], api_name="chat")
        picture, words = gr.Image(label="Picture", type="pil"), gr.Text(label="Caption")
        gr.Button("Caption").click(caption, [picture], [words], api_name="caption")
        asked, reply = gr.Image(label="Input image", type="pil"), gr.Text(label="Answer")
        what, most = gr.Text(label="Prompt"), gr.Slider(label="Max new tokens", minimum=1, maximum=128, value=64, step=1)
        gr.Button("Ask").click(ask, [asked, what, most], [reply], api_name="ask")
        line, sound = gr.Text(label="Line"), gr.Audio(label="Sound")
        gr.Button("Speak").click(speak, [line], [sound], api_name="speak")
        words, preset = gr.Textbox(label="Input Text"), gr.Dropdown(PRESETS, value="Unconditional", label="Acoustic Prompt")
        temps = [gr.Slider(label=name, minimum=0, maximum=1, value=0.7) for name in ("Text temperature", "Waveform temperature")]
        voice = gr.Audio(label="Generated Audio")
        gr.Button("Bark").click(bark, [words, preset, *temps], [voice], api_name="bark")
        many, table = gr.File(label="Files", file_count="multiple"), gr.JSON(label="Table")
        gr.Button("Files").click(two_files, [many], [table], api_name="two_files")
        plain_in, plain_out = gr.Text(label="In"), gr.Text(label="Out")
        gr.Button("Upper").click(lambda s: s.upper(), [plain_in], [plain_out], api_name="no_queue", queue=False)
        words, told = gr.Text(label="Words"), gr.Chatbot(label="History", **({} if gr.__version__ >= "6" else {"type": "messages"}))
        gr.Button("Talk").click(talk, [words, told], [told], api_name="talk")
        one, again = gr.File(label="One"), gr.File(label="The same")
        gr.Button("Same").click(lambda path: path, [one], [again], api_name="same")
        count = gr.Number(label="Count", value=2, minimum=1, maximum=4)
        style, albums = gr.Dropdown([("Oil", "oil"), ("Ink", "ink")], value="oil", label="Style"), gr.State(0)
        shown, number = gr.Gallery(label="Album"), gr.Number(label="Albums")
        gr.Button("Album").click(album, [count, style, albums], [shown, albums, number], api_name="album")
        seen = gr.Text(label="Seen")
        gr.Button("Seen").click(lambda: json.dumps(SEEN), [], [seen], api_name="seen", queue=False)
    return demo


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


if __name__ == "__main__":
    args = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    args.add_argument("--queue", type=int, default=8, help="how many calls may wait")
    args.add_argument("--silent", action="store_true", help="do not say why something failed")
    args.add_argument("--auth", help="user:password")
    opt = args.parse_args()
    port = free_port()
    auth = tuple(opt.auth.split(":", 1)) if opt.auth else None
    build().queue(max_size=opt.queue).launch(server_name="127.0.0.1", server_port=port, share=False, quiet=True, auth=auth,
                                             show_error=not opt.silent, max_file_size="20mb", prevent_thread_lock=True)
    print(json.dumps({"listening": "http://127.0.0.1:%d" % port, "version": gr.__version__}), flush=True)
    sys.stdin.read()
    os._exit(0)
