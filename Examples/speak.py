#!/usr/bin/env python3
"""Says a sentence through Hearsay and tells whether it was heard.

    Examples/speak.py "The backup is done."

Uses nothing but Python's own library. HEARSAY_SERVER and HEARSAY_TOKEN say where and as whom; without a token it takes
that of the server on this machine.
"""

import json
import os
import pathlib
import sys
import urllib.error
import urllib.request

SERVER = os.environ.get("HEARSAY_SERVER", "http://127.0.0.1:7780")
DATA = pathlib.Path(os.environ.get("XDG_DATA_HOME", pathlib.Path.home() / ".local/share")) / "hearsay"


def token():
    return os.environ.get("HEARSAY_TOKEN") or (DATA / "admin.token").read_text().strip()


def speak(text):
    """Returns the job once it has ended: heard, aborted or failed."""
    request = urllib.request.Request(
        f"{SERVER}/v1/speak?wait=finished",
        data=json.dumps({"text": text, "expires_in_ms": 3000}).encode(),
        headers={"Authorization": f"Bearer {token()}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


try:
    job = speak(" ".join(sys.argv[1:]))
except urllib.error.HTTPError as refusal:
    sys.exit(f"refused: {json.load(refusal)['error']['message']}")
if job["status"] != "finished":
    sys.exit(f"not heard: {job['code']}")
print(f"heard by {', '.join(job['listeners'])} after {job['start_delay_ms']} ms")
