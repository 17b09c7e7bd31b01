"""Measures how soon, how cheaply and how well the whole server speaks, beside servers written as others write theirs.

    Benchmarks/run speaking            # into the section "Speaking beside its peers" of Benchmarks/results.md
    Benchmarks/run speaking --quick    # a few runs of each, nothing written
"""

import pathlib
import sys

HERE = pathlib.Path(__file__).resolve().parent
sys.path += [str(HERE), str(HERE / "Speaking"), str(HERE.parent / "Tests" / "System"), str(HERE.parent / "Tests" / "Browser")]

import crowd
import first_sound
import intelligibility
import report


def main():
    quick = "--quick" in sys.argv[1:]
    figures = []
    for case in (first_sound.by_length, first_sound.beside_peers, intelligibility.understood, crowd.crowds):
        for figure in case(quick):
            print(figure.line, flush=True)
            figures.append(figure)
    if not quick:
        report.keep("Speaking beside its peers", report.speech(figures))


if __name__ == "__main__":
    main()
