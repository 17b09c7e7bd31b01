"""Whether what is heard can be understood: a recogniser's errors after the server, beside those after the bare engine."""

import importlib.metadata
import struct
import subprocess
import tempfile

import numpy
import pocketsphinx

from engine import speech, wav
from hearsay import Server
from report import Figure
from talk import Talk
from wyoming import Worker

# Words that every dictionary has; each sentence is one clause for the recogniser.
SENTENCES = (
    "the train to the city leaves at nine in the morning",
    "please close the window before you leave the house",
    "my brother works in a small shop near the station",
    "the weather will be cold and dry for the rest of the week",
    "she put the letters on the table and went to bed",
    "there is enough bread and milk in the kitchen",
    "the children played in the garden until it was dark",
    "he could not find his keys and was late for work",
    "the new teacher speaks three languages very well",
    "we are going to visit our friends next summer",
    "the red car stopped in front of the old church",
    "all of the tests have passed and you can go home",
    "the doctor said that he should drink more water",
    "they bought a house with four rooms last year",
    "the river is wide and deep behind the mill",
    "I would like a cup of tea and a piece of cake",
    "the meeting starts in half an hour on the second floor",
    "the dog slept under the chair the whole afternoon",
    "nobody knew the answer to the last question",
    "open the door and let the fresh air come in",
    "the old man told us a long story about the war",
    "we have to be at the airport before six",
    "the price of oil went up again this month",
    "a small boat crossed the lake in the early morning",
    "they asked him to sing another song",
    "the second house on the left is mine",
    "there was nobody in the office after lunch",
    "she wrote her name on the first page of the book",
    "the bus stops near the market every ten minutes",
    "his father taught him how to ride a horse",
    "you can find the museum behind the town hall",
    "the farmer sold his cows and moved to the coast",
    "my sister likes to read in the train",
    "the lights went out in the middle of the film",
    "we need two more chairs for the guests",
    "the baby cried because it was hungry",
    "he parked the truck across the street",
    "her answer was short and friendly",
    "the children found a bird with a broken wing",
    "it is too late to call her now",
    "the company will open a new factory in the south",
    "put some salt and pepper on the potatoes",
    "the hotel has a large pool and a good kitchen",
    "they walked along the beach until the sun went down",
    "the driver stopped because the road was closed",
    "a strong wind blew the leaves over the fence",
    "she has been waiting for a letter since last week",
    "he works at night and sleeps during the day",
    "the captain looked at the map and turned the ship",
    "most people drink coffee in the morning",
)
VOICES = ("slt", "rms")
RATE = 16_000  # of the recogniser's model


def understood(quick):
    """Nothing here depends on how busy the machine is: every run gives the same words."""
    said = [(voice, text) for voice in VOICES for text in (SENTENCES[:2] if quick else SENTENCES)]
    worker, server = Worker(), Server(voice="slt")
    try:
        bare = errors(said, lambda voice, text: decoded(wav(*speech(worker.path, text, voice))))
        yield Figure("words misheard from the bare engine", [bare * 100], unit="%",
                     note=f"{len(said) // 2} sentences by flite's {VOICES[0]} and {VOICES[1]}, pocketsphinx "
                          f"{importlib.metadata.version('pocketsphinx')} with its own model; some words more or fewer are chance, in both directions")
        for name, ask in (("a WAV file", lambda voice, text: asked(server, text, voice, "wav")),
                          ("an Opus file", lambda voice, text: asked(server, text, voice, "opus")),
                          ("the Opus that listeners get", lambda voice, text: listened(server, text, voice))):
            rate = errors(said, lambda voice, text: decoded(ask(voice, text)))
            yield Figure(f"words misheard through the server, as {name}", [rate * 100], unit="%", bars={50: round(bare * 110, 3)})
    finally:
        server.close()
        worker.close()


def asked(server, text, voice, kind):
    answer = server.ask("POST", "/v1/audio/speech", {"model": "hearsay", "input": text, "voice": voice, "response_format": kind})
    assert answer.status == 200, answer
    return answer.data


def listened(server, text, voice):
    """The packets of a job, in a file; on a new connection, as the recogniser lets no other thread answer pings."""
    talk = Talk(server.port, server.admin_token)
    ear = talk.ask("listener.open", kind="bench", formats=["opus"], sample_rate=24_000)["listener_id"]
    talk.ask("listener.state", listener_id=ear, ready=True)
    talk.ask("subscribe", events=["job.finished"])
    job = talk.ask("speak", text=text, voice=voice, deliver=ear)["job_id"]
    begin, packets = talk.until("audio.begin"), []
    report = lambda state, at: talk.say("playback", job_id=job, listener_id=ear, state=state, position_ms=at)
    while True:
        message = talk.next()
        if not isinstance(message, bytes):
            continue
        if message[1] == 3:
            end = int.from_bytes(message[12:16], "little")
            break
        packets.append(message[16:])
        report("started" if len(packets) == 1 else "progress", 20 * (len(packets) - 1))
    report("finished", end * 1000 // begin["sample_rate"])
    talk.until("job.finished", job_id=job)
    talk.close()
    return ogg(packets, begin["pre_skip"], end)


def ogg(packets, pre_skip, end):
    """RFC 7845: a page for the head, one for the tags, one for each packet of 20 ms."""
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, pre_skip, 48_000, 0, 0)
    tags = b"OpusTags" + struct.pack("<II", 0, 0)
    last = len(packets) - 1
    places = [min((at + 1) * 960, pre_skip + end) if at == last else (at + 1) * 960 for at in range(len(packets))]
    return b"".join(page(number, data, place, 2 if number == 0 else 4 if number == last + 2 else 0)
                    for number, (data, place) in enumerate([(head, 0), (tags, 0), *zip(packets, places)]))


def page(number, data, place, flags):
    """RFC 3533, section 6."""
    lacing = bytes([255] * (len(data) // 255) + [len(data) % 255])
    bare = b"OggS" + struct.pack("<BBqIIIB", 0, flags, place, 1, number, 0, len(lacing)) + lacing + data
    checksum = 0
    for byte in bare:
        checksum = (checksum << 8 & 0xFFFFFFFF) ^ CHECKSUMS[checksum >> 24 ^ byte]
    return bare[:22] + struct.pack("<I", checksum) + bare[26:]


def remainder(value):
    for _ in range(8):
        value = (value << 1 ^ (0x04C11DB7 if value >> 31 else 0)) & 0xFFFFFFFF
    return value


CHECKSUMS = [remainder(byte << 24) for byte in range(256)]


def decoded(sound):
    """Any sound file as samples at the recogniser's rate."""
    with tempfile.NamedTemporaryFile() as file:
        file.write(sound)
        file.flush()
        done = subprocess.run(["ffmpeg", "-v", "error", "-i", file.name, "-ac", "1", "-ar", str(RATE), "-f", "s16le", "-"],
                              capture_output=True, check=True)
    return done.stdout


def errors(said, speak):
    """Words that were replaced, left out or added, of all words."""
    wrong = sum(distance(text.lower().split(), heard(speak(voice, text))) for voice, text in said)
    return wrong / sum(len(text.split()) for _, text in said)


def heard(samples):
    decoder = pocketsphinx.Decoder(samprate=RATE, loglevel="FATAL")
    silence = numpy.zeros(RATE // 4, "<i2").tobytes()
    decoder.start_utt()
    decoder.process_raw(silence + samples + silence, full_utt=True)
    decoder.end_utt()
    found = decoder.hyp()
    return found.hypstr.lower().split() if found else []


def distance(left, right):
    row = list(range(len(right) + 1))
    for at, word in enumerate(left):
        before, row = row, [at + 1]
        for place, other in enumerate(right):
            row.append(min(before[place] + (word != other), before[place + 1] + 1, row[place] + 1))
    return row[-1]
