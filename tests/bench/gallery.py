# Fills the history of a data folder with pictures, as `gallery.mjs` tells it on stdin:
# `{"history": file, "schema": [file, …], "names": [file name, …], "side": pixels, "bytes": of a file}`.
import json
import sqlite3
import sys

told = json.load(sys.stdin)
db = sqlite3.connect(told["history"])
for version, file in enumerate(told["schema"], 1):
    with open(file, encoding="utf-8") as schema:
        db.executescript(f"{schema.read()}; pragma user_version = {version}")
WORDS = "an ostrich on a beach at noon, seen from far away, in soft light, number"
for at, name in enumerate(told["names"], 1):
    output = json.dumps({"task": "text_to_image", "images": [{"$file": name}]})
    prompt = f"{WORDS} {at}"
    text = json.dumps({"task": "text_to_image", "prompt": prompt})
    db.execute(
        """insert into runs (number, id, task, state, created_at, instance, connection, connection_name, model, prompt,
                             answer, input, output, figures)
           values (?, ?, 'text_to_image', 'done', ?, '', 'hf', 'Hugging Face', 'acme/text-to-image', ?, '', ?, ?, '{}')""",
        (at, f"run-{at:05}", 1_700_000_000_000 + at * 60_000, prompt, text, output),
    )
    db.execute("insert into runs_text (rowid, prompt, answer, model, note) values (?, ?, '', '', '')", (at, prompt))
    db.execute(
        "insert into pictures (run, place, file, width, height, bytes, blank) values (?, 0, ?, ?, ?, ?, 0)",
        (at, name, told["side"], told["side"], told["bytes"]),
    )
db.commit()
