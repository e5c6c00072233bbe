# Makes the small pictures of this folder from cat.png, which is a part of a photograph (see LICENSES.txt).
# Run once, by hand: python make.py. Needs Pillow, with AVIF.
import io
import json
import struct
import zlib
from pathlib import Path

from PIL import Image, PngImagePlugin

HERE = Path(__file__).parent
TEXT = (
    "a fox, Füchslein\nin the snow\nNegative prompt: blurry, text\n"
    "Steps: 28, Sampler: Euler a, CFG scale: 7, Seed: 42, Size: 36x48, Model: sd, Version: v1.10.1"
)
GRAPH = {
    "3": {
        "class_type": "KSampler",
        "inputs": {"seed": 7, "steps": 20, "cfg": 8, "sampler_name": "euler", "positive": ["6", 0], "negative": ["7", 0]},
    },
    "6": {"class_type": "CLIPTextEncode", "inputs": {"text": "a fox"}},
    "7": {"class_type": "CLIPTextEncode", "inputs": {"text": "blurry"}},
}


def png(width, height, depth, color, packed):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


def sixteen_bits(image):
    rows = b""
    for y in range(image.height):
        row = b"".join(struct.pack(">HHH", *(value * 257 for value in image.getpixel((x, y)))) for x in range(image.width))
        rows += b"\0" + row
    return png(image.width, image.height, 16, 2, zlib.compress(rows, 9))


def comment(image):
    exif = image.getexif()
    exif.get_ifd(0x8769)[0x9286] = b"UNICODE\0" + TEXT.encode("utf-16-be")
    return exif


def main():
    cat = Image.open(HERE / "cat.png").convert("RGB")

    def save(name, image=cat, **options):
        image.save(HERE / name, **options)

    frames = {"save_all": True, "append_images": [cat.transpose(Image.Transpose.FLIP_LEFT_RIGHT)], "duration": 100, "loop": 0}
    palette = cat.quantize(32)
    save("cat.jpg", quality=90)
    save("cat.progressive.jpg", quality=90, progressive=True)
    save("cat.cmyk.jpg", cat.convert("CMYK"), quality=85)
    save("cat.webp", quality=90)
    save("cat.lossless.webp", lossless=True)
    save("cat.avif", quality=60)
    save("cat.bmp")
    save("cat.tiff", compression="tiff_adobe_deflate")
    save("cat.gif", palette)
    save("cat.palette.png", palette, optimize=True)
    save("cat.grey.png", cat.convert("L"), optimize=True)
    save("animated.gif", palette, **frames)
    save("animated.png", **frames)
    save("animated.webp", lossless=True, **frames)
    alpha = cat.copy()
    alpha.putalpha(Image.linear_gradient("L").resize(cat.size))
    save("cat.alpha.png", alpha, optimize=True)
    turned = cat.transpose(Image.Transpose.ROTATE_90)
    exif = Image.Exif()
    exif[0x0112] = 6
    save("turned.jpg", turned, quality=90, exif=exif)
    (HERE / "cat.jpg.named.png").write_bytes((HERE / "cat.jpg").read_bytes())
    (HERE / "cat.16bit.png").write_bytes(sixteen_bits(cat))
    # Packed as small as it goes; the rest of the 112 MB is left out, for nobody may come that far.
    (HERE / "bomb.30000x30000.png").write_bytes(png(30000, 30000, 1, 0, zlib.compress(bytes(8_000_000), 9)))
    (HERE / "claims.65535x65535.png").write_bytes(png(65535, 65535, 8, 6, zlib.compress(b"\0")))
    (HERE / "empty.png").write_bytes(b"")
    # In the forms of other tools.
    info = PngImagePlugin.PngInfo()
    info.add_text("parameters", TEXT)
    save("a1111.png", pnginfo=info)
    save("a1111.jpg", quality=80, exif=comment(cat))
    save("a1111.webp", quality=80, exif=comment(cat))
    info = PngImagePlugin.PngInfo()
    info.add_text("prompt", json.dumps(GRAPH))
    info.add_text("workflow", "{}")
    save("comfy.png", cat.convert("L").convert("RGB").quantize(8), pnginfo=info)


main()
