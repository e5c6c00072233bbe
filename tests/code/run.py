"""Runs the scripts that are named, one after another and unchanged; a mark goes to the recorder before each."""

import contextlib
import io
import json
import runpy
import sys
import traceback
import urllib.error
import urllib.request

plain = urllib.request.build_opener(urllib.request.ProxyHandler({}))
recorder, *scripts = sys.argv[1:]
for number, script in enumerate(scripts):
    with contextlib.suppress(urllib.error.HTTPError):
        plain.open(f"{recorder}mark/{number}").close()
    told, failed = io.StringIO(), None
    with contextlib.redirect_stdout(told):
        try:
            runpy.run_path(script, run_name="__main__")
        except BaseException:
            failed = traceback.format_exc(limit=-3)
    print(json.dumps({"told": told.getvalue(), "failed": failed}), flush=True)
