"""How late text comes, and what a source costs."""

import concurrent.futures
import os
import pathlib
import time

import numpy

from hearsay import Server, children, resident

from engine import Worker
from recordings import RATE, samples, silence
from report import Figure
from voice import Voice

TICKS = os.sysconf("SC_CLK_TCK")


def processor(pid):
    """Seconds that a process has worked, all its threads together."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def engines(server):
    """Seconds that the recognisers and the detector of a server have worked."""
    return sum(processor(pid) for pid, name in children(server.pid).items() if name.startswith(("hearsay-pocket", "hearsay-sherpa")))


def short(speech):
    """What takes at most 5 s to say, as somebody would dictate it: with the silence after which he goes on."""
    paths = [path for path in speech.dictations if len(samples(path)) <= 5 * RATE]
    return [numpy.concatenate([silence(0.5), samples(path), silence(1.5)]) for path in paths]


def warm(server, sentence, count=1):
    """Has the recognisers started that so many sources need."""
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        list(pool.map(lambda _: converse(server, [sentence]), range(count)))


def converse(server, sentences, **stt):
    voice = Voice(server, **stt)
    for sentence in sentences:
        voice.speak(sentence)
    voice.close(120)
    return voice


def finals(speech, quick):
    sentences = short(speech)
    server = Server()
    warm(server, sentences[0])
    voices = [converse(server, sentences) for _ in range(1 if quick else 3)]
    server.close()
    included, excluded = [], []
    for voice in voices:
        known = [moment for moment, _ in voice.of("speech.stopped")]
        spoken = [voice.moment(event["at_ms"]) for _, event in voice.of("speech.stopped")]
        ends = [(moment, event) for moment, event in voice.told if event["type"] in ("transcript.final", "transcript.failed")]
        for end, decided, (moment, event) in zip(spoken, known, ends, strict=True):
            included.append((moment - end) * 1_000)
            excluded.append((moment - decided) * 1_000)
    yield Figure("end of speech to final text, with the silence by which it is known", included, bars={95: 1_000},
                 note="utterances of at most 5 s, one source, PCM at its own pace; by the client's clock from the moment at which the last speech was sent")
    yield Figure("end of speech to final text, without that silence", excluded, note="from `speech.stopped` to `transcript.final`")


def partials(speech, quick):
    """How much later a text comes than from a worker that gets the same utterance directly while it is spoken."""
    lags, worker = [], Worker()
    server = Server()
    sentences = short(speech)[: 2 if quick else 8]
    worker.partials(sentences[0])
    warm(server, sentences[0])
    for sentence in sentences:
        voice = converse(server, [sentence], revise=False)
        for _, final in voice.of("transcript.final"):
            start, end = (round(final[name] * RATE / 1_000) for name in ("start_ms", "end_ms"))
            own = {}
            for moment, text in worker.partials(sentence[start:end])[:-1]:
                own.setdefault(text, moment)
            for moment, event in voice.of("transcript.partial"):
                if event["utterance_id"] == final["utterance_id"] and (known := own.pop(event["tentative"], None)):
                    lags.append((moment - voice.moment(final["start_ms"]) - known) * 1_000)
    server.close()
    worker.close()
    yield Figure("partial text, later than from the engine alone", lags, bars={50: 20},
                 note="the same text of the same utterance from a worker of our own that gets it as it is spoken, in pieces of 20 ms")


def crowd(server, count, sentences, seconds, pause, **stt):
    """So many sources for a time, each beginning at another moment; what they cost and what became of them."""
    began, before, clock = processor(server.pid), engines(server), time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(count) as pool:
        voices = list(pool.map(lambda number: chat(server, number, sentences, seconds, pause, stt), range(count)))
    length = time.monotonic() - clock
    own, hearing = processor(server.pid) - began, engines(server) - before
    late = [event["ms"] for voice in voices for _, event in voice.of("source.lag")]
    latencies = [event["latency_ms"] for voice in voices for _, event in voice.of("transcript.final")]
    lost = sum(event["code"] != "no_speech" for voice in voices for _, event in voice.of("transcript.failed"))
    told = sum(len(voice.of("transcript.partial")) for voice in voices)
    return {"own": own, "hearing": hearing, "seconds": length, "late": max(late, default=0), "latencies": latencies,
            "lost": lost, "partials": told}


def beginning(number, sentences, pause):
    """How long a source is silent at first: so many begin anywhere in a round of speech and pause, evenly however many there are."""
    length = sum(map(len, sentences)) / len(sentences) / RATE
    return number * 0.618_034 % 1 * length * (1 + pause)


def chat(server, number, sentences, seconds, pause, stt):
    voice = Voice(server, **stt)
    voice.speak(silence(beginning(number, sentences, pause)))
    index = number
    while voice.position < seconds * RATE:
        sentence = sentences[index % len(sentences)]
        voice.speak(numpy.concatenate([sentence, silence(pause * len(sentence) / RATE)]) if pause else sentence)
        index += 1
    voice.speak(silence(1))
    voice.close(300)
    return voice


def crowds(speech, quick):
    texts = [samples(path) for path in speech.dictations if path.parent.name in ("ljspeech", "libri", "librivox")]
    length = 15 if quick else 75
    for count, pause, name in ((8, 7 / 3, "8 sources that speak 30 % of the time"), (5, 0, "5 sources that speak without pause")):
        server = Server()
        warm(server, texts[1], min(count, 6))
        found = crowd(server, count, texts, length, pause)
        server.close()
        yield Figure(f"{name}: end of speech to final text", found["latencies"],
                     note=f"{found['lost']} utterances without text, at most {found['late']} ms behind, {found['partials']} partial texts, "
                          f"with second readings: {(found['own'] + found['hearing']) / found['seconds']:.2f} processors")
        yield Figure(f"{name}: utterances given up", [found["lost"]], unit="of " + str(len(found["latencies"])), bars={100: 0})
        yield Figure(f"{name}: processor of server and engines", [100 * (found["own"] + found["hearing"]) / found["seconds"] / os.cpu_count()],
                     unit="% of all", bars={100: 100})
        yield Figure(f"{name}: processor of all, times the engines' own", [(found["own"] + found["hearing"]) / found["hearing"]],
                     unit="times", bars={100: 1.15})


def breaking(speech, quick):
    """More and more sources, until one utterance is given up."""
    texts = [samples(path) for path in speech.dictations if path.parent.name in ("ljspeech", "libri", "librivox")]
    for pause, name, counts in ((7 / 3, "speak 30 % of the time", range(12, 49, 4)), (0, "speak without pause", range(6, 25, 2))):
        most = 0
        for count in counts[:1] if quick else counts:
            server = Server()
            warm(server, texts[1], min(count, 6))
            found = crowd(server, count, texts, 15 if quick else 60, pause)
            server.close()
            yield Figure(f"{count} sources that {name}: end of speech to final text", found["latencies"],
                         note=f"{found['lost']} utterances given up, at most {found['late']} ms behind, {found['partials']} partial texts")
            if found["lost"]:
                break
            most = count
        yield Figure(f"sources that {name}, of whom no utterance was given up", [most], unit="sources")


def costs(speech, quick):
    """What one source costs: figures that do not depend on what else the machine has to do."""
    texts = [samples(path) for path in speech.dictations if path.parent.name in ("ljspeech", "libri", "librivox")]
    server = Server()
    warm(server, texts[1])
    found = crowd(server, 1, texts, 20 if quick else 60, 0, revise=False)
    server.close()
    cost = (found["own"] + found["hearing"]) / found["seconds"]
    yield Figure("1 source that speaks without pause: processor of all", [100 * cost], unit="% of one",
                 note=f"{found['lost']} utterances given up, {found['partials']} partial texts, no second reading; "
                      f"{os.cpu_count()} processors are enough for {os.cpu_count() / cost:.1f} of these")
    yield Figure("1 source that speaks without pause: processor of all, times the engines' own",
                 [(found["own"] + found["hearing"]) / found["hearing"]], unit="times", bars={100: 1.15})


def detectors(speech, quick):
    texts = [samples(path) for path in speech.dictations if path.parent.name == "ljspeech"]
    server, count = Server("--limit", "sources_per_session=100"), 100
    found = crowd(server, count, texts, 10 if quick else 20, 0, engine="none")
    server.close()
    total = found["own"] + found["hearing"]
    yield Figure("100 sources that are only searched for speech: processor of server and detector",
                 [100 * total / found["seconds"] / os.cpu_count()], unit="% of all", bars={100: 100},
                 note=f"all speak at the same time, without pause; the detector has {100 * found['hearing'] / total:.0f} % of it")


def memory(speech, quick):
    server, count = Server("--limit", "sources=300", "--limit", "sources_per_session=300"), 50 if quick else 200
    first = [Voice(server) for _ in range(8)]
    for voice in first:
        voice.speak(silence(1))
    before = resident(server.pid)
    voices = []
    for _ in range(count):
        voice = Voice(server)
        voice.speak(silence(0.2))
        voices.append(voice)
    grown = (resident(server.pid) - before) / 1024 / count
    for voice in first + voices:
        voice.close()
    server.close()
    yield Figure("memory of an idle source", [grown], unit="KiB", bars={100: 256}, note=f"of {count}, each with its connection and some silence heard")
