"""Measures how speech is heard, as its users meet it: release build, real sockets, the recogniser that ships.

    Benchmarks/run hearing SPEECH [PART]     # all figures, or a part: words, detection, commands, drift or speed; into Benchmarks/results.md
    Benchmarks/run hearing SPEECH --quick    # some of each, nothing written

SPEECH is a folder of recordings; Hearing/recordings.py says what is in it.
"""

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
    rows = [["figure", "value", "bar", ""], ["---", "---:", "---", "---"]]
    for name, value, bar, is_met in found:
        shown = str(value) if isinstance(value, int) else f"{value:.2f}"
        rows.append([name, shown, bar or "–", "–" if is_met is None else "met" if is_met else "**not met**"])
    return "\n".join("| " + " | ".join(row) + " |" for row in rows)


def words(speech, quick):
    rows = []
    for row in accuracy.rows(speech, quick):
        rows.append(row)
        print(row.name, f"{row.rate():.1f} %", flush=True)
    return accuracy.table(rows) + "\n\n" + claims(show(accuracy.claims(rows)))


def speeds(speech, quick):
    cases = (speed.costs, speed.finals, speed.partials, speed.crowds, speed.detectors, speed.memory)
    return report.speech([figure for case in cases for figure in show(case(speech, quick))])


PARTS = {
    "words": words,
    "detection": lambda speech, quick: claims(show(detection.claims(speech))),
    "commands": lambda speech, quick: claims(show(commands.claims(speech, quick))),
    "drift": lambda speech, quick: claims(show(drift.claims(speech, quick))),
    "speed": speeds,
}


def main():
    arguments = [word for word in sys.argv[1:] if word != "--quick"]
    quick = "--quick" in sys.argv[1:]
    speech = Speech(arguments[0])
    for part in arguments[1:] or PARTS:
        body = PARTS[part](speech, quick)
        if quick:
            print(body)
        else:
            report.keep(f"Hearing: {part}", f"`Benchmarks/run hearing SPEECH {part}`\n\n{body}")


if __name__ == "__main__":
    main()
