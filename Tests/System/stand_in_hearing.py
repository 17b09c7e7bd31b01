"""Recognisers without weights: each writes `low` for a deep tone, `high` for a bright one, and nothing for silence.

`write(folder, kind)` makes one. Those of LENGTH count instead: Whisper writes a word for each second in which something
sounds, Moonshine one for each second.
"""

import pathlib

import numpy
from onnx import TensorProto, helper

from stand_in_models import constant, floats, integers, real, save, whole

node = helper.make_node
STREAMING = ("streaming-transducer", "streaming-nemo-transducer", "streaming-paraformer", "streaming-nemo-ctc")
TONES = STREAMING + ("transducer", "nemo-transducer", "paraformer", "nemo-ctc", "sense-voice")
LENGTH = ("whisper", "moonshine", "moonshine-merged")
KINDS = TONES + LENGTH
#: Natural logarithms of a band's energy above which something sounds, for samples of -1 to 1, and for 16-bit ones.
THRESHOLD, LOUD_THRESHOLD = 0.0, 20.8


class Scores:
    """Nodes that score `low`, `high` and silence for every `step`th frame of features N, T, C."""

    #: Where each stands, for models whose sign for silence is the first or the last.
    FIRST, LAST = ("silence", "low", "high"), ("low", "high", "silence")

    def __init__(self, features, output, step, order, threshold=THRESHOLD, bands=80, frames=2**31):
        name = lambda part: f"{output}.{part}"
        self.constants = [
            constant(name("starts"), numpy.array([0, 0], numpy.int64)),
            constant(name("ends"), numpy.array([frames, bands], numpy.int64)),
            constant(name("axes"), numpy.array([1, 2], numpy.int64)),
            constant(name("steps"), numpy.array([step, 1], numpy.int64)),
            constant(name("middle"), numpy.array([bands // 2], numpy.int64)),
            constant(name("zero"), numpy.array([0], numpy.int64)), constant(name("all"), numpy.array([bands], numpy.int64)),
            constant(name("last"), numpy.array([2], numpy.int64)), floats(name("threshold"), threshold),
            # What comes next to a word is silence, where the word itself may not be written again.
            floats(name("sure"), 4), floats(name("unlikely"), -30), floats(name("possible"), -4),
        ]
        self.nodes = [
            node("Slice", [features, name("starts"), name("ends"), name("axes"), name("steps")], [name("x")]),
            node("ReduceMax", [name("x")], [name("loudest")], axes=[2]),
            node("Greater", [name("loudest"), name("threshold")], [name("sounds")]),
            node("Slice", [name("x"), name("zero"), name("middle"), name("last")], [name("below")]),
            node("Slice", [name("x"), name("middle"), name("all"), name("last")], [name("above")]),
            node("ReduceMean", [name("below")], [name("deep")], axes=[2]),
            node("ReduceMean", [name("above")], [name("bright")], axes=[2]),
            node("Greater", [name("deep"), name("bright")], [name("isdeep")]),
            node("Not", [name("isdeep")], [name("isbright")]), node("Not", [name("sounds")], [name("issilent")]),
            node("And", [name("sounds"), name("isdeep")], [name("islow")]),
            node("And", [name("sounds"), name("isbright")], [name("ishigh")]),
        ] + [node("Where", [name(flag), name("sure"), name(other)], [name(score)]) for flag, score, other in (
            ("islow", "low", "unlikely"), ("ishigh", "high", "unlikely"), ("issilent", "silence", "possible"))] + [
            node("Concat", [name(score) for score in order], [output], axis=2)]


def vocabulary(folder, *pieces, name="tokens.txt"):
    (folder / name).write_text("".join(f"{piece} {number}\n" for number, piece in enumerate(pieces)))


def same(pairs):
    """Nodes that hand states on as they are."""
    return [node("Identity", [old], [new]) for old, new in pairs]


def last_token(tokens, output, silence, shape):
    """Nodes that say which word came last, so that it is not written again before another one."""
    others = numpy.array([number for number in range(3)], numpy.float32)
    flags = numpy.array([number != silence for number in range(3)], numpy.float32) * -100
    return [
        node("Cast", [tokens], [f"{output}.real"], to=TensorProto.FLOAT),
        node("Slice", [f"{output}.real", f"{output}.minus", f"{output}.end", f"{output}.axis"], [f"{output}.last"]),
        node("Equal", [f"{output}.last", f"{output}.numbers"], [f"{output}.is"]),
        node("Where", [f"{output}.is", f"{output}.flags", f"{output}.none"], [f"{output}.row"]),
        node("Reshape", [f"{output}.row", f"{output}.shape"], [output]),
    ], [constant(f"{output}.minus", numpy.array([-1], numpy.int64)),
        constant(f"{output}.end", numpy.array([2**31], numpy.int64)),
        constant(f"{output}.axis", numpy.array([1], numpy.int64)), constant(f"{output}.numbers", others),
        constant(f"{output}.flags", flags), floats(f"{output}.none", 0),
        constant(f"{output}.shape", numpy.array(shape, numpy.int64))]


def zipformer(folder, streaming):
    """Its words are in capital letters, as those of models that know no others."""
    scores = Scores("x", "encoder_out", 4, Scores.FIRST, frames=32 if streaming else 2**31)
    if streaming:
        states = {"cached_key_0": (2, "N", 1), "cached_nonlin_attn_0": (1, "N", 2, 3), "cached_val1_0": (2, "N", 1),
                  "cached_val2_0": (2, "N", 1), "cached_conv1_0": ("N", 4, 1), "cached_conv2_0": ("N", 4, 1),
                  "embed_states": ("N", 128, 3, 19)}
        inputs = [real("x", "N", "T", 80)] + [real(name, *shape) for name, shape in states.items()]
        outputs = [real("encoder_out", "N", "U", 3)] + [real(f"new_{name}", *shape) for name, shape in states.items()]
        save(folder / "encoder-epoch-99-avg-1.int8.onnx",
             scores.nodes + same((name, f"new_{name}") for name in [*states, "processed_lens"]),
             inputs + [whole("processed_lens", "N")], outputs + [whole("new_processed_lens", "N")], scores.constants,
             model_type="zipformer2", encoder_dims=4, query_head_dims=1, value_head_dims=1, num_heads=1,
             num_encoder_layers=1, cnn_module_kernels=3, left_context_len=2, T=45, decode_chunk_len=32)
    else:
        save(folder / "encoder-epoch-99-avg-1.int8.onnx",
             scores.nodes + [node("Shape", ["encoder_out"], ["sizes"]),
                             node("Slice", ["sizes", "from", "to"], ["encoder_out_lens"])],
             [real("x", "N", "T", 80), whole("x_lens", "N")],
             [real("encoder_out", "N", "U", 3), whole("encoder_out_lens", "N")],
             scores.constants + [constant("from", numpy.array([1], numpy.int64)),
                                 constant("to", numpy.array([2], numpy.int64))], model_type="zipformer2")
    nodes, constants = last_token("y", "decoder_out", 0, [-1, 3])
    save(folder / "decoder-epoch-99-avg-1.onnx", nodes, [whole("y", "N", 2)], [real("decoder_out", "N", 3)], constants,
         vocab_size=3, context_size=2)
    save(folder / "joiner-epoch-99-avg-1.int8.onnx", [node("Add", ["encoder_out", "decoder_out"], ["logit"])],
         [real("encoder_out", "N", 3), real("decoder_out", "N", 3)], [real("logit", "N", 3)], [])
    vocabulary(folder, "<blk>", "▁LOW", "▁HIGH")


CACHES = {"cache_last_channel": (1, "N", 1, 1), "cache_last_time": (1, "N", 1, 1)}


def nemo_encoder(path, output, transposed, streaming, **about):
    """NeMo's features come as N, C, T."""
    scores = Scores("frames", "scores", 8, Scores.LAST, threshold=-8.0)
    nodes = [node("Transpose", ["audio_signal"], ["frames"], perm=[0, 2, 1])] + scores.nodes
    nodes.append(node("Transpose", ["scores"], [output], perm=[0, 2, 1]) if transposed
                 else node("LogSoftmax", ["scores"], [output], axis=2))
    inputs = [real("audio_signal", "N", 80, "T"), whole("length", "N")]
    outputs = [real(output, "N", 3, "U") if transposed else real(output, "N", "U", 3)]
    constants = scores.constants + [integers("eight", 8)]
    if streaming or transposed:
        nodes.append(node("Div", ["length", "eight"], ["encoded_lengths"]))
        outputs.append(whole("encoded_lengths", "N"))
    if streaming:
        caches = [*CACHES, "cache_last_channel_len"]
        nodes += same((name, f"{name}_next") for name in caches)
        inputs += [real(name, *shape) for name, shape in CACHES.items()] + [whole("cache_last_channel_len", "N")]
        outputs += [real(f"{name}_next", *shape) for name, shape in CACHES.items()]
        outputs.append(whole("cache_last_channel_len_next", "N"))
        about |= {f"{name}_dim{number}": 1 for name in CACHES for number in (1, 2, 3)}
        about |= {"window_size": 16, "chunk_shift": 16}
    save(path, nodes, inputs, outputs, constants, vocab_size=2, subsampling_factor=8, normalize_type="", **about)


def nemo_ctc(folder, streaming):
    nemo_encoder(folder / "model.onnx", "logprobs", False, streaming, model_type="EncDecCTCModelBPE")
    vocabulary(folder, "▁low", "▁high", "<blk>")


def nemo_transducer(folder, streaming):
    nemo_encoder(folder / "encoder.onnx", "outputs", True, streaming, model_type="EncDecRNNTBPEModel", pred_rnn_layers=1,
                 pred_hidden=1)
    nodes, constants = last_token("targets", "outputs", 2, [1, 3, 1])
    states = [real(name, 1, "N", 1) for name in ("state_0", "state_1")]
    after = [real(name, 1, "N", 1) for name in ("after_0", "after_1")]
    short = lambda name, *shape: helper.make_tensor_value_info(name, TensorProto.INT32, list(shape))
    save(folder / "decoder.onnx",
         nodes + same((("target_length", "prednet_lengths"), ("state_0", "after_0"), ("state_1", "after_1"))),
         [short("targets", "N", "L"), short("target_length", "N")] + states,
         [real("outputs", "N", 3, "L"), short("prednet_lengths", "N")] + after, constants)
    save(folder / "joiner.onnx",
         [node("Add", ["encoder_outputs", "decoder_outputs"], ["sum"]), node("Reshape", ["sum", "shape"], ["logits"])],
         [real("encoder_outputs", "N", 3, 1), real("decoder_outputs", "N", 3, 1)], [real("logits", "N", 1, 1, 3)],
         [constant("shape", numpy.array([-1, 1, 1, 3], numpy.int64))])
    vocabulary(folder, "▁low", "▁high", "<blk>")


LFR = dict(lfr_window_size=7, lfr_window_shift=6)
MEANS = dict(neg_mean=",".join(["0"] * 560), inv_stddev=",".join(["1"] * 560))


def paraformer(folder):
    """A word for every tenth of its frames of 60 ms; it has none for silence."""
    scores = Scores("speech", "scores", 10, Scores.FIRST, threshold=LOUD_THRESHOLD)
    save(folder / "model.int8.onnx",
         scores.nodes + [node("Mul", ["scores", "nothing"], ["zeros"]), node("Add", ["zeros", "marks"], ["first"]),
                         node("Concat", ["first", "scores"], ["logits"], axis=2), node("Shape", ["scores"], ["sizes"]),
                         node("Slice", ["sizes", "from", "to"], ["counts"]),
                         node("Cast", ["counts"], ["token_num"], to=TensorProto.INT32)],
         [real("speech", "N", "T", 560), helper.make_tensor_value_info("speech_lengths", TensorProto.INT32, ["N"])],
         [real("logits", "N", "U", 6), helper.make_tensor_value_info("token_num", TensorProto.INT32, ["N"])],
         scores.constants + [floats("nothing", 0), floats("marks", -9), constant("from", numpy.array([1], numpy.int64)),
                             constant("to", numpy.array([2], numpy.int64))],
         model_type="paraformer", vocab_size=6, **LFR, **MEANS)
    vocabulary(folder, "<blank>", "<s>", "</s>", "quiet", "low", "high")


def streaming_paraformer(folder):
    """A word for each ten frames of 60 ms in which something sounds."""
    scores = Scores("speech", "enc", 1, Scores.FIRST, threshold=LOUD_THRESHOLD)
    short = lambda name, *shape: helper.make_tensor_value_info(name, TensorProto.INT32, list(shape))
    # Positions are added to the features: far less than sound, and far more than silence.
    save(folder / "encoder.int8.onnx",
         scores.nodes + [node("Identity", ["speech_lengths"], ["enc_len"]),
                         node("Cast", ["enc.sounds"], ["flags"], to=TensorProto.FLOAT),
                         node("Mul", ["flags", "tenth"], ["three"]), node("Squeeze", ["three", "two"], ["alphas"])],
         [real("speech", 1, "T", 560), short("speech_lengths", 1)],
         [real("enc", 1, "T", 3), short("enc_len", 1), real("alphas", 1, "T")],
         scores.constants + [floats("tenth", 0.1), constant("two", numpy.array([2], numpy.int64))],
         model_type="paraformer", vocab_size=6, encoder_output_size=3, decoder_num_blocks=1, decoder_kernel_size=2,
         **LFR, **MEANS)
    save(folder / "decoder.int8.onnx",
         [node("Identity", ["acoustic_embeds"], ["logits"]), node("ArgMax", ["acoustic_embeds"], ["best"], axis=2,
                                                                   keepdims=0),
          node("Add", ["best", "three"], ["sample_ids"]), node("Identity", ["in_cache_0"], ["out_cache_0"])],
         [real("enc", 1, "T", 3), short("enc_len", 1), real("acoustic_embeds", 1, "L", 3),
          short("acoustic_embeds_len", 1), real("in_cache_0", 1, 3, 1)],
         [real("logits", 1, "L", 3), whole("sample_ids", 1, "L"), real("out_cache_0", 1, 3, 1)], [integers("three", 3)])
    vocabulary(folder, "<blank>", "<s>", "</s>", "quiet", "low", "high")


def sense_voice(folder):
    """Its first four signs say the language, the mood, what else sounds, and how numbers are written."""
    scores = Scores("x", "scores", 1, Scores.FIRST, threshold=LOUD_THRESHOLD)
    head = numpy.full([1, 4, 7], -9, numpy.float32)
    for place, sign in enumerate((3, 4, 5, 6)):
        head[0, place, sign] = 4
    save(folder / "model.int8.onnx",
         scores.nodes + [node("Mul", ["scores", "nothing"], ["zeros"]), node("Add", ["zeros", "marks"], ["three"]),
                         node("Slice", ["three", "zero", "one", "axis"], ["single"]),
                         node("Concat", ["scores", "three", "single"], ["body"], axis=2),
                         node("Concat", ["head", "body"], ["logits"], axis=1)],
         [real("x", "N", "T", 560)] + [helper.make_tensor_value_info(name, TensorProto.INT32, ["N"]) for name in (
             "x_length", "language", "text_norm")], [real("logits", "N", "U", 7)],
         scores.constants + [floats("nothing", 0), floats("marks", -9), constant("head", head),
                             constant("zero", numpy.array([0], numpy.int64)),
                             constant("one", numpy.array([1], numpy.int64)), constant("axis", numpy.array([2], numpy.int64))],
         model_type="sense_voice_ctc", vocab_size=7, normalize_samples=0, with_itn=14, without_itn=15, lang_auto=0,
         lang_zh=3, lang_en=4, lang_ja=11, lang_ko=12, lang_yue=7, comment="stand-in", **LFR, **MEANS)
    vocabulary(folder, "<unk>", "▁low", "▁high", "<|en|>", "<|NEUTRAL|>", "<|Speech|>", "<|withitn|>")


def whisper(folder):
    """Tokens: 3 is a word, 4 English, 5 German, 9 the first word of a translation."""
    save(folder / "tiny-encoder.int8.onnx",
         # Its features are at least -1 where nothing sounds, and the loudest second of it at most 2.
         [node("ReduceMax", ["mel"], ["loudest"], axes=[1], keepdims=0),
          node("Greater", ["loudest", "threshold"], ["sounds"]), node("Cast", ["sounds"], ["flags"], to=TensorProto.FLOAT),
          node("ReduceSum", ["flags"], ["frames"], keepdims=0), node("Mul", ["frames", "hundredth"], ["seconds"]),
          node("Reshape", ["seconds", "shape"], ["n_layer_cross_k"]), node("Identity", ["n_layer_cross_k"],
                                                                           ["n_layer_cross_v"])],
         [real("mel", "N", 80, "T")], [real(f"n_layer_cross_{part}", 1, "N", 1, 1) for part in "kv"],
         [floats("threshold", 0.0), floats("hundredth", 0.01), constant("shape", numpy.array([1, 1, 1, 1], numpy.int64))],
         model_type="whisper-tiny", n_mels=80, n_text_layer=1, n_text_ctx=64, n_text_state=1, n_vocab=16, sot=1, eot=2,
         blank_id=0, translate=6, transcribe=7, is_multilingual=1, no_timestamps=8, no_speech=9, sot_sequence="1,4,7",
         all_language_tokens="4,5", all_language_codes="en,de")
    # The next word's number is how many tokens there were, less the four that come first.
    caches = [real(f"{side}_n_layer_self_{part}_cache", 1, "N", 64, 1) for side in ("in", "out") for part in "kv"]
    row = numpy.full([16], -9, numpy.float32)
    go, stop = row.copy(), row.copy()
    go[3], stop[2] = 4, 4
    begin = row.copy()
    begin[9] = 4
    save(folder / "tiny-decoder.int8.onnx",
         [node("Shape", ["tokens"], ["sizes"]), node("Gather", ["sizes", "one"], ["count"], axis=0),
          node("Add", ["offset", "count"], ["total"]), node("Sub", ["total", "four"], ["written"]),
          node("Cast", ["written"], ["written_real"], to=TensorProto.FLOAT),
          node("Reshape", ["n_layer_cross_k", "flat"], ["seconds"]),
          node("Less", ["written_real", "seconds"], ["goes_on"]),
          # What is to be done is told with the first tokens alone.
          node("Equal", ["tokens", "six"], ["told"]), node("Cast", ["told"], ["told_real"], to=TensorProto.FLOAT),
          node("ReduceMax", ["told_real"], ["most"], keepdims=0), node("Greater", ["most", "half"], ["translates"]),
          node("Where", ["translates", "begin", "go"], ["word"]), node("Where", ["goes_on", "word", "stop"], ["logit"]),
          node("Reshape", ["logit", "shape"], ["last"]),
          node("Cast", ["tokens"], ["tokens_real"], to=TensorProto.FLOAT), node("Mul", ["tokens_real", "nothing"], ["zeros"]),
          node("Unsqueeze", ["zeros", "two"], ["column"]), node("Add", ["column", "last"], ["logits"])]
         + same((f"in_n_layer_self_{part}_cache", f"out_n_layer_self_{part}_cache") for part in "kv"),
         [whole("tokens", "N", "L")] + caches[:2] + [real(f"n_layer_cross_{part}", 1, "N", 1, 1) for part in "kv"]
         + [whole("offset", 1)], [real("logits", "N", "L", 16)] + caches[2:],
         [integers("one", 1), integers("four", 4), constant("flat", numpy.array([1], numpy.int64)), constant("go", go),
          integers("six", 6), floats("half", 0.5), constant("begin", begin), constant("stop", stop), constant("shape", numpy.array([1, 1, 16], numpy.int64)), floats("nothing", 0),
          constant("two", numpy.array([2], numpy.int64))])
    # As in the real one, bytes in base 64: " second", and " this" for what is translated.
    vocabulary(folder, *["IQ=="] * 3, "IHNlY29uZA==", *["IQ=="] * 5, "IHRoaXM=", name="tiny-tokens.txt")


#: Samples of one of Moonshine's frames, and how many of those are a second.
FRAME, SECOND = 384, 16_000 / 384
WORD_OR_END = [numpy.array([-9, -9, -9, 4], numpy.float32), numpy.array([-9, -9, 4, -9], numpy.float32)]


def moonshine(folder):
    """Its decoder knows how long the text is, and the sound."""
    short = lambda name, *shape: helper.make_tensor_value_info(name, TensorProto.INT32, list(shape))
    save(folder / "preprocess.onnx", frames("audio", "features"), [real("audio", "N", "S")],
         [real("features", "N", "T", 1)], frame_constants())
    save(folder / "encode.int8.onnx", [node("Identity", ["features"], ["encoder_out"])],
         [real("features", "N", "T", 1), short("features_len", 1)], [real("encoder_out", "N", "T", 1)], [])
    for name, states in (("uncached", []), ("cached", ["state"])):
        nodes = [node("Shape", ["encoder_out"], ["sizes"]), node("Gather", ["sizes", "one"], ["frames"], axis=0),
                 node("Cast", ["frames"], ["frames_real"], to=TensorProto.FLOAT),
                 node("Mul", ["frames_real", "second"], ["seconds"]),
                 node("Cast", ["seq_len"], ["length"], to=TensorProto.FLOAT),
                 node("LessOrEqual", ["length", "seconds"], ["goes_on"]),
                 node("Where", ["goes_on", "go", "stop"], ["logit"]), node("Reshape", ["logit", "shape"], ["logits"]),
                 node("Identity", ["state" if states else "nothing"], ["state_after"])]
        save(folder / f"{name}_decode.int8.onnx", nodes,
             [short("tokens", 1, "L"), real("encoder_out", "N", "T", 1), short("seq_len", 1)]
             + [real(state, 1) for state in states],
             [real("logits", 1, 1, 4), real("state_after", 1)],
             [integers("one", 1), floats("second", 1 / SECOND), constant("go", WORD_OR_END[0]),
              constant("stop", WORD_OR_END[1]), constant("shape", numpy.array([1, 1, 4], numpy.int64)),
              constant("nothing", numpy.zeros([1], numpy.float32))])
    vocabulary(folder, "<unk>", "<s>", "</s>", "▁second")


def frames(audio, output):
    """Nodes that leave one number of each frame of sound."""
    return [node("Slice", [audio, "from", "to", "along", "by"], ["kept"]), node("Unsqueeze", ["kept", "deep"], [output])]


def frame_constants():
    return [constant(name, numpy.array([value], numpy.int64)) for name, value in (
        ("from", 0), ("to", 2**31), ("along", 1), ("by", FRAME), ("deep", 2))]


def moonshine_merged(folder):
    """The second edition: one decoder, which counts its own words in its states."""
    flag = helper.make_tensor_value_info("use_cache_branch", TensorProto.BOOL, [1])
    pairs = [f"0.{part}.{kind}" for part in ("decoder", "encoder") for kind in ("key", "value")]
    save(folder / "encoder_model.onnx", frames("input_values", "last_hidden_state"), [real("input_values", "N", "S")],
         [real("last_hidden_state", "N", "T", 1)], frame_constants())
    save(folder / "decoder_model_merged.onnx",
         [node("Shape", ["encoder_hidden_states"], ["sizes"]), node("Gather", ["sizes", "one"], ["frames"], axis=0),
          node("Cast", ["frames"], ["frames_real"], to=TensorProto.FLOAT), node("Mul", ["frames_real", "second"], ["seconds"]),
          node("Shape", ["past_key_values.0.decoder.key"], ["state_sizes"]),
          node("Gather", ["state_sizes", "two"], ["written"], axis=0),
          node("Cast", ["written"], ["written_real"], to=TensorProto.FLOAT), node("Add", ["written_real", "unit"], ["length"]),
          node("LessOrEqual", ["length", "seconds"], ["goes_on"]), node("Where", ["goes_on", "go", "stop"], ["logit"]),
          node("Reshape", ["logit", "shape"], ["logits"])]
         + [node("Concat", [f"past_key_values.{pair}", "cell"], [f"present.{pair}"], axis=2) for pair in pairs[:2]]
         + [node("Identity", ["two_cells"], [f"present.{pair}"]) for pair in pairs[2:]],
         [whole("input_ids", "N", "L"), real("encoder_hidden_states", "N", "T", 1)]
         + [real(f"past_key_values.{pair}", "N", 1, "P", 1) for pair in pairs] + [flag],
         [real("logits", "N", 1, 4)] + [real(f"present.{pair}", "N", 1, "Q", 1) for pair in pairs],
         [integers("one", 1), integers("two", 2), floats("second", 1 / SECOND), floats("unit", 1),
          constant("go", WORD_OR_END[0]), constant("stop", WORD_OR_END[1]),
          constant("shape", numpy.array([1, 1, 4], numpy.int64)), constant("cell", numpy.zeros([1, 1, 1, 1], numpy.float32)),
          constant("two_cells", numpy.zeros([1, 1, 2, 1], numpy.float32))])
    # In base 64, as Whisper's.
    vocabulary(folder, *["IQ=="] * 3, "IHNlY29uZA==")


def write(folder, kind):
    """Makes the model of that kind in a new folder, and returns the folder."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    makers = {
        "streaming-transducer": lambda at: zipformer(at, True), "transducer": lambda at: zipformer(at, False),
        "streaming-nemo-transducer": lambda at: nemo_transducer(at, True),
        "nemo-transducer": lambda at: nemo_transducer(at, False), "streaming-nemo-ctc": lambda at: nemo_ctc(at, True),
        "nemo-ctc": lambda at: nemo_ctc(at, False), "streaming-paraformer": streaming_paraformer,
        "paraformer": paraformer, "sense-voice": sense_voice, "whisper": whisper, "moonshine": moonshine,
        "moonshine-merged": moonshine_merged,
    }
    makers[kind](folder)
    return folder
