"""Measures how speech is heard, as its users meet it: release build, real sockets, the recogniser that ships.

    Benchmarks/run hearing SPEECH --denoiser MODEL [PART ...]     # all figures, or parts; into Benchmarks/results.md
    Benchmarks/run hearing SPEECH --denoiser MODEL --quick        # some of each, nothing written

SPEECH is a folder of recordings; Hearing/recordings.py says what is in it. MODEL takes noise away, in a form that
`hearsay models import` takes; only the part `words` needs it.
"""

import argparse
import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE / "Hearing"), str(HERE.parent / "Tests" / "System")]

import accuracy
import commands
import detection
import drift
import report
import speed
from recordings import Speech


def show(items):
    """Prints each as soon as it is known."""
    for item in items:
        print(getattr(item, "line", None) or item, flush=True)
        yield item


def claims(found):
    rows = [["figure", "value", "95 %", "bar", ""], ["---", "---:", "---:", "---", "---"]]
    for name, value, bar, is_met, *interval in found:
        shown = str(value) if isinstance(value, int) else f"{value:.2f}"
        rows.append([name, shown, *(interval or ["–"]), bar or "–", "–" if is_met is None else "met" if is_met else "**not met**"])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def words(speech, quick, denoiser):
    rows = []
    for row in accuracy.rows(speech, denoiser, quick):
        rows.append(row)
        print(row.name, f"{row.rate():.1f} %", flush=True)
    return accuracy.table(rows) + "\n\n" + claims(show(accuracy.claims(rows)))


def speeds(speech, quick, _):
    cases = (speed.costs, speed.finals, speed.partials, speed.crowds, speed.detectors, speed.memory)
    return report.speech([figure for case in cases for figure in show(case(speech, quick))])


def crowds(speech, quick, _):
    return report.speech(list(show(speed.breaking(speech, quick))))


PARTS = {
    "words": words,
    "detection": lambda speech, *_: claims(show(detection.claims(speech))),
    "commands": lambda speech, quick, _: claims(show(commands.claims(speech, quick))),
    "drift": lambda speech, quick, _: claims(show(drift.claims(speech, quick))),
    "speed": speeds,
    "crowds": crowds,
}


def main():
    parser = argparse.ArgumentParser(prog="Benchmarks/run hearing")
    parser.add_argument("speech", type=Speech)
    parser.add_argument("parts", nargs="*", metavar="part", help=", ".join(PARTS))
    parser.add_argument("--denoiser", type=pathlib.Path, help="a model that takes noise away")
    parser.add_argument("--quick", action="store_true", help="some of each, nothing written")
    options = parser.parse_intermixed_args()
    parts = options.parts or list(PARTS)
    if unknown := set(parts) - set(PARTS):
        parser.error(f"no part of this name: {', '.join(sorted(unknown))}")
    if "words" in parts and not (options.denoiser and options.denoiser.exists()):
        parser.error("words needs --denoiser MODEL")
    for part in parts:
        body = PARTS[part](options.speech, options.quick, options.denoiser)
        if options.quick:
            print(body)
        else:
            report.keep(f"Hearing: {part}", f"`Benchmarks/run hearing SPEECH {part}`\n\n{body}")


if __name__ == "__main__":
    main()
