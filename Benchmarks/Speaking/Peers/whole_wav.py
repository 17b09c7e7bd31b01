"""A speech server as many are: one request, the whole text synthesised, one WAV file as the answer.

usage: whole_wav.py PORT ENGINE
"""

import pathlib
import sys

import uvicorn
from fastapi import FastAPI, Response
from pydantic import BaseModel

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))

from engine import speech, wav

app = FastAPI()


class Request(BaseModel):
    text: str


@app.post("/v1/synthesize")
def synthesize(request: Request):
    rate, sound = speech(sys.argv[2], request.text)
    headers = {"X-Duration-Sec": str(len(sound) / 2 / rate), "X-Sample-Rate": str(rate)}
    return Response(wav(rate, sound), media_type="audio/wav", headers=headers)


uvicorn.run(app, host="127.0.0.1", port=int(sys.argv[1]), log_level="error")
