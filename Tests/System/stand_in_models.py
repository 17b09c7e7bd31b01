"""Neural voices without weights: a few hundred bytes each that sherpa-onnx loads and runs, and whose sound is known.

Each hums a tone for as long as its input has signs. `write(folder, kind)` makes one; KINDS names them all.
"""

import json
import pathlib
import struct

import numpy
import onnx
from onnx import TensorProto, helper, numpy_helper

#: Samples a sign, at a speed of 1.
PER_SIGN = {"piper": 1_764, "speakers": 1_764, "kokoro": 1_920, "kitten": 1_920, "matcha": 1_764}
RATES = {"piper": 22_050, "speakers": 22_050, "kokoro": 24_000, "kitten": 24_000, "matcha": 22_050,
         "supertonic": 44_100, "pocket": 24_000}
KINDS = tuple(RATES)
SIGNS = ["_", "^", "$", " "] + list("abcdefghijklmnopqrstuvwxyz.,?!';:") + list("æɑɔəɛɜɪʊʌʃʒθðŋɡɹˈˌːɚɐɾᵻ")
SPEAKERS = ["af_low", "bm_high"]


def constant(name, value):
    return numpy_helper.from_array(numpy.array(value), name)


def integers(name, value):
    return constant(name, numpy.int64(value))


def floats(name, value):
    return constant(name, numpy.float32(value))


def whole(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.INT64, list(shape))


def real(name, *shape):
    return helper.make_tensor_value_info(name, TensorProto.FLOAT, list(shape))


def save(path, nodes, inputs, outputs, constants, **about):
    graph = helper.make_graph(nodes, "stand-in", inputs, outputs, constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    helper.set_model_props(model, {name: str(value) for name, value in about.items()})
    onnx.checker.check_model(model)
    onnx.save(model, path)


def hum(signs, length, pitch, output, shape, per_sign, rate):
    """Nodes that hum `signs.shape[1] * per_sign * length` samples of `pitch` hertz."""
    node = helper.make_node
    return [
        node("Shape", [signs], ["sizes"]), node("Gather", ["sizes", "one"], ["sign_count"], axis=0),
        node("Cast", ["sign_count"], ["signs_real"], to=TensorProto.FLOAT),
        node("Mul", ["signs_real", "per_sign"], ["plain_count"]), node("Mul", ["plain_count", length], ["real_count"]),
        node("Cast", ["real_count"], ["sample_count"], to=TensorProto.INT64),
        node("Range", ["zero", "sample_count", "one"], ["places"]),
        node("Cast", ["places"], ["places_real"], to=TensorProto.FLOAT),
        node("Mul", [pitch, "turn"], ["step"]), node("Mul", ["places_real", "step"], ["angles"]),
        node("Sin", ["angles"], ["waves"]), node("Mul", ["waves", "loudness"], ["quiet"]),
        node("Reshape", ["quiet", "shape"], [output]),
    ], [integers("one", 1), integers("zero", 0), floats("per_sign", per_sign), floats("turn", 2 * numpy.pi / rate),
        floats("loudness", 0.3), constant("shape", numpy.array(shape, numpy.int64))]


def tokens(folder):
    (folder / "tokens.txt").write_text("".join(f"{sign} {number}\n" for number, sign in enumerate(SIGNS)))


def piper(folder, speakers=1, **about):
    kind = "piper" if speakers == 1 else "speakers"
    nodes, constants = hum("input", "length", "pitch", "output", [1, 1, 1, -1], PER_SIGN[kind], RATES[kind])
    begin = [helper.make_node("Gather", ["scales", "one"], ["length"], axis=0)]
    inputs = [whole("input", "N", "L"), whole("input_lengths", "N"), real("scales", 3)]
    if speakers == 1:
        constants.append(floats("pitch", 220))
    else:
        inputs.append(whole("sid", 1))
        begin += [helper.make_node("Cast", ["sid"], ["sid_real"], to=TensorProto.FLOAT),
                  helper.make_node("Mul", ["sid_real", "interval"], ["above"]),
                  helper.make_node("Add", ["above", "base"], ["pitches"]),
                  helper.make_node("Squeeze", ["pitches"], ["pitch"])]
        constants += [floats("interval", 110), floats("base", 220)]
    known = dict(model_type="vits", comment="piper", language="English", voice="en-us", has_espeak=1,
                 n_speakers=speakers, sample_rate=RATES[kind])
    save(folder / "model.onnx", begin + nodes, inputs, [real("output", "N", 1, 1, "T")], constants, **(known | about))
    tokens(folder)


def styled(folder, kind, style_dim, **about):
    """Kokoro and Kitten: the first number of a speaker's style is the pitch."""
    nodes, constants = hum("tokens", "length", "pitch", "audio", [-1], PER_SIGN[kind], RATES[kind])
    begin = [helper.make_node("Div", ["unit", "speed"], ["lengths"]), helper.make_node("Squeeze", ["lengths"], ["length"]),
             helper.make_node("ReduceMax", ["style"], ["pitch"], keepdims=0)]
    inputs = [whole("tokens", 1, "L"), real("style", 1, style_dim[-1]), real("speed", 1)]
    save(folder / "model.onnx", begin + nodes, inputs, [real("audio", "T")], constants + [floats("unit", 1)],
         has_espeak=1, sample_rate=RATES[kind], voice="en-us", n_speakers=2, speaker_names=",".join(SPEAKERS),
         style_dim=",".join(map(str, style_dim)), **about)
    rows = numpy.prod(style_dim)
    styles = numpy.concatenate([numpy.full(rows, 180), numpy.full(rows, 260)]).astype("<f4")
    (folder / "voices.bin").write_bytes(styles.tobytes())
    tokens(folder)


def matcha(folder):
    nodes, constants = hum("x", "length", "pitch", "audio_output", [1, -1], PER_SIGN["matcha"], RATES["matcha"])
    begin = [helper.make_node("Gather", ["scales", "one"], ["length"], axis=0)]
    save(folder / "model.onnx", begin + nodes, [whole("x", "N", "L"), whole("x_length", "N"), real("scales", 2)],
         [real("audio_output", "N", "T")], constants + [floats("pitch", 220)],
         model_type="matcha-tts", voice="en-us", has_espeak=1, n_speakers=1, use_eos_bos=1, pad_id=0,
         sample_rate=RATES["matcha"])
    tokens(folder)


def supertonic(folder):
    """A second of sound for ten letters; the vocoder hums as many samples as there are latents."""
    node = helper.make_node
    mask = real("text_mask", 1, 1, "L")
    ids = whole("text_ids", 1, "L")
    style = real("style_ttl", 1, 2, 4)
    save(folder / "duration_predictor.onnx",
         [node("ReduceSum", ["text_mask"], ["letters"], keepdims=0), node("Mul", ["letters", "tenth"], ["seconds"]),
          node("Reshape", ["seconds", "shape"], ["duration"])],
         [ids, real("style_dp", 1, 2, 4), mask], [real("duration", 1)],
         [floats("tenth", 0.1), constant("shape", numpy.array([1], numpy.int64))])
    save(folder / "text_encoder.onnx", [node("Identity", ["text_mask"], ["text_emb"])],
         [ids, style, mask], [real("text_emb", 1, 1, "L")], [])
    save(folder / "vector_estimator.onnx", [node("Identity", ["noisy_latent"], ["denoised_latent"])],
         [real("noisy_latent", 1, 4, "T"), real("text_emb", 1, 1, "L"), style, real("latent_mask", 1, 1, "T"), mask,
          real("current_step", 1), real("total_step", 1)], [real("denoised_latent", 1, 4, "T")], [])
    nodes, constants = hum("latent_signs", "length", "pitch", "wav", [1, -1], 1_024, RATES["supertonic"])
    save(folder / "vocoder.onnx", [node("Transpose", ["latent"], ["latent_signs"], perm=[0, 2, 1])] + nodes,
         [real("latent", 1, 4, "T")], [real("wav", 1, "S")], constants + [floats("length", 1), floats("pitch", 220)])
    (folder / "tts.json").write_text(json.dumps(
        {"ae": {"sample_rate": RATES["supertonic"], "base_chunk_size": 512},
         "ttl": {"chunk_compress_factor": 2, "latent_dim": 2}}))
    (folder / "unicode_indexer.bin").write_bytes(numpy.arange(65_536, dtype="<i4").tobytes())
    (folder / "voice.bin").write_bytes(struct.pack("<6q", 2, 2, 4, 2, 2, 4) + bytes(2 * 2 * 4 * 4 * 2))


def pocket(folder):
    """Ends after five frames; a frame is 1,920 samples."""
    node = helper.make_node
    state, after = whole("count", 1), whole("count_after", 1)
    save(folder / "lm_main.onnx",
         # A frame is asked for with one latent; conditioning comes with none.
         [node("Shape", ["seq"], ["sizes"]), node("Slice", ["sizes", "from", "to"], ["frames"]),
          node("Add", ["count", "frames"], ["count_after"]),
          node("Cast", ["count_after"], ["count_real"], to=TensorProto.FLOAT),
          node("Sub", ["count_real", "nine"], ["above"]), node("Reshape", ["above", "square"], ["eos_logit"]),
          node("Identity", ["fixed"], ["conditioning"])],
         [real("seq", 1, "S", 32), real("text", 1, "L", 1_024), state],
         [real("conditioning", 1, 8), real("eos_logit", 1, 1), after],
         [constant("from", numpy.array([1], numpy.int64)), constant("to", numpy.array([2], numpy.int64)),
          floats("nine", 9), constant("square", numpy.array([1, 1], numpy.int64)),
          constant("fixed", numpy.zeros([1, 8], numpy.float32))])
    save(folder / "lm_flow.onnx", [node("Identity", ["x"], ["flow"])],
         [real("c", 1, 8), real("s", 1, 1), real("t", 1, 1), real("x", 1, 32)], [real("flow", 1, 32)], [])
    save(folder / "encoder.onnx", [node("Identity", ["fixed"], ["embedding"])], [real("audio", 1, 1, "T")],
         [real("embedding", 1, 1, 1_024)], [constant("fixed", numpy.zeros([1, 1, 1_024], numpy.float32))])
    save(folder / "text_conditioner.onnx", [node("Identity", ["fixed"], ["embedding"])], [whole("tokens", 1, "L")],
         [real("embedding", 1, 1, 1_024)], [constant("fixed", numpy.zeros([1, 1, 1_024], numpy.float32))])
    nodes, constants = hum("latent", "length", "pitch", "audio", [1, 1, -1], 1_920, RATES["pocket"])
    save(folder / "decoder.onnx", nodes + [node("Identity", ["state"], ["state_after"])],
         [real("latent", 1, "T", 32), real("state", 1)], [real("audio", 1, 1, "S"), real("state_after", 1)],
         constants + [floats("length", 1), floats("pitch", 220)])
    pieces = ["<unk>", "▁"] + [chr(letter) for letter in range(33, 127)] + [f"<0x{byte:02X}>" for byte in range(256)]
    (folder / "vocab.json").write_text(json.dumps({piece: number for number, piece in enumerate(pieces)}))
    (folder / "token_scores.json").write_text(json.dumps({piece: -1.0 for piece in pieces}))
    (folder / "voices").mkdir()
    for name, pitch in (("anna", 200), ("ben", 120)):
        wave = (8_000 * numpy.sin(numpy.arange(24_000) * 2 * numpy.pi * pitch / 24_000)).astype("<i2").tobytes()
        head = b"RIFF" + struct.pack("<I", 36 + len(wave)) + b"WAVEfmt " + struct.pack(
            "<IHHIIHH", 16, 1, 1, 24_000, 48_000, 2, 16) + b"data" + struct.pack("<I", len(wave))
        (folder / "voices" / f"{name}.wav").write_bytes(head + wave)


def recogniser(folder):
    """A model that is sound, and no voice."""
    save(folder / "model.onnx", [helper.make_node("Identity", ["audio_signal"], ["logprobs"])],
         [real("audio_signal", "N", 80, "T")], [real("logprobs", "N", 80, "T")], [],
         model_type="EncDecCTCModelBPE", vocab_size=2)
    tokens(folder)


def impostor(folder):
    """Says that it is a voice; the library finds out while it loads it, and ends the process."""
    save(folder / "model.onnx", [helper.make_node("Identity", ["x"], ["y"])], [real("x", 1)], [real("y", 1)], [],
         model_type="vits")
    tokens(folder)


def write(folder, kind):
    """Makes the model of that kind in a new folder, and returns the folder."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    makers = {
        "piper": piper, "speakers": lambda at: piper(at, speakers=2), "matcha": matcha, "supertonic": supertonic,
        "kokoro": lambda at: styled(at, "kokoro", [510, 1, 8], model_type="kokoro"),
        "kitten": lambda at: styled(at, "kitten", [1, 8], model_type="kitten-tts"), "pocket": pocket,
        "recogniser": recogniser, "impostor": impostor,
    }
    makers[kind](folder)
    return folder
