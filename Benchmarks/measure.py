"""Measures the whole server from outside, as its users meet it: release build, real sockets, the engine that ships.

    Benchmarks/run speech            # all figures, into the section "Speech" of Benchmarks/results.md
    Benchmarks/run speech --quick    # a tenth of the runs, nothing written
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE.parent / "Tests" / "System"), str(HERE.parent / "Tests" / "Browser")]

import browser
import disturbance
import life
import report
import speaking


def main():
    quick = "--quick" in sys.argv[1:]
    figures = []
    for case in (speaking.replies, speaking.first_frames, life.starts, life.idle, life.memory,
                 disturbance.disturbances, browser.sound):
        for figure in case(quick):
            print(figure.line, flush=True)
            figures.append(figure)
    if quick:
        return
    report.keep("Speech", report.speech(figures))


if __name__ == "__main__":
    main()
