"""Says what Pillow finds in the pictures of a folder, as JSON; and writes one as AUTOMATIC1111's web UI does.

python read.py FOLDER
"""
import json
import sys
from pathlib import Path

from PIL import Image, PngImagePlugin

TEXT = (
    "ein Füchslein 🦊, im: Schnee\nNegative prompt: blurry\n"
    'Steps: 28, Sampler: DPM++ 2M, CFG scale: 4.5, Seed: 42, Size: 36x48, Model: "a, b", Version: v1.10.1'
)


def found(path):
    with Image.open(path) as image:
        image.load()
        comment = image.getexif().get_ifd(0x8769).get(0x9286, b"")
        text = image.info.get("parameters") or comment.removeprefix(b"UNICODE\0").decode("utf-16-be")
        return {"size": image.size, "form": image.format, "text": text, "ours": image.info.get("limerick")}


def main():
    folder = Path(sys.argv[1])
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", TEXT)
    told = {path.name: found(path) for path in sorted(folder.iterdir())}
    Image.new("RGB", (36, 48), "red").save(folder / "theirs.png", pnginfo=info)
    print(json.dumps(told))


main()
