"""Models without weights that help a recogniser: one takes noise away, two set punctuation, one finds phrases.

`write(folder, kind)` makes one.
"""

import pathlib

import numpy
from onnx import TensorProto, helper

import stand_in_hearing
from stand_in_models import constant, floats, real, save, whole

node = helper.make_node
KINDS = ("denoiser", "punctuation", "marks", "keywords")
#: How much quieter the denoiser makes everything.
FACTOR = 0.25


def denoiser(folder):
    """Makes everything quieter by the same factor."""
    caches = ("conv_cache", "tra_cache", "inter_cache")
    save(folder / "gtcrn.onnx",
         [node("Mul", ["mix", "factor"], ["enh"])]
         + stand_in_hearing.same((name, f"{name}_out") for name in caches),
         [real("mix", 1, 257, 1, 2)] + [real(name, 1, 1) for name in caches],
         [real("enh", 1, 257, 1, 2)] + [real(f"{name}_out", 1, 1) for name in caches], [floats("factor", FACTOR)],
         model_type="gtcrn", sample_rate=16_000, n_fft=512, hop_length=256, window_length=512, window_type="hann_sqrt",
         version=1, **{f"{name}_shape": "1,1" for name in caches})


def punctuation(folder):
    """The first word of each text gets a capital letter, the last one a full stop."""
    short = lambda name, *shape: helper.make_tensor_value_info(name, TensorProto.INT32, list(shape))
    # A row for each word: its number is 0 for the first, label_lens - 3 for the last.
    rows = numpy.arange(200, dtype=numpy.int64)
    save(folder / "model.int8.onnx",
         [node("Cast", ["label_lens"], ["lens"], to=TensorProto.INT64), node("Sub", ["lens", "two"], ["ends"]),
          node("Slice", ["rows", "zero", "ends"], ["words"]), node("Equal", ["words", "zero"], ["is_first"]),
          node("Sub", ["ends", "one"], ["last"]), node("Equal", ["words", "last"], ["is_last"]),
          node("Unsqueeze", ["is_first", "second"], ["first_column"]),
          node("Unsqueeze", ["is_last", "second"], ["last_column"]),
          node("Where", ["first_column", "capital", "plain"], ["case_logits"]),
          node("Where", ["last_column", "stop", "plain"], ["punct_logits"])],
         [short("token_ids", "N", 200), short("valid_ids", "N", 200), short("label_lens", "N")],
         [real("case_logits", "W", 4), real("punct_logits", "W", 4)],
         [constant("second", numpy.array([1], numpy.int64)), constant("two", numpy.array([2], numpy.int64)),
          constant("one", numpy.array([1], numpy.int64)), constant("zero", numpy.array([0], numpy.int64)),
          constant("rows", rows), constant("capital", numpy.array([[0, 0, 4, 0]], numpy.float32)),
          constant("plain", numpy.array([[4, 0, 0, 0]], numpy.float32)),
          constant("stop", numpy.array([[0, 0, 4, 0]], numpy.float32))],
         COMMA=1, PERIOD=2, QUESTION=3, UPPER=1, CAP=2, MIX_CASE=3)
    letters = [f"▁{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"] + list("abcdefghijklmnopqrstuvwxyz'")
    (folder / "bpe.vocab").write_text(
        "".join(f"{piece}\t{-number}\n" for number, piece in enumerate(["<unk>", "<s>", "</s>", "▁"] + letters)))


def marks(folder):
    """A comma after every word but the last one, which the library makes a full stop."""
    short = lambda name, *shape: helper.make_tensor_value_info(name, TensorProto.INT32, list(shape))
    save(folder / "model.onnx",
         [node("Cast", ["inputs"], ["real"], to=TensorProto.FLOAT), node("Mul", ["real", "nothing"], ["zeros"]),
          node("Unsqueeze", ["zeros", "deep"], ["column"]), node("Add", ["column", "comma"], ["logits"])],
         [short("inputs", "N", "T"), short("text_lengths", "N")], [real("logits", "N", "T", 6)],
         [floats("nothing", 0), constant("deep", numpy.array([2], numpy.int64)),
          constant("comma", numpy.array([0, 0, 4, 0, 0, 0], numpy.float32))],
         tokens="<unk>|a", vocab_size=2, punctuations="<unk>|_|，|。|？|、", unk_symbol="<unk>")


def keywords(folder):
    """The streaming transducer of the recognisers, whose tokens are the words LOW and HIGH; it comes with a list."""
    stand_in_hearing.zipformer(folder, True)
    (folder / "keywords.txt").write_text("▁LOW ▁HIGH @LOW_HIGH\n")


def write(folder, kind):
    """Makes the model of that kind in a new folder, and returns the folder."""
    folder = pathlib.Path(folder)
    folder.mkdir(parents=True)
    {"denoiser": denoiser, "punctuation": punctuation, "marks": marks, "keywords": keywords}[kind](folder)
    return folder
