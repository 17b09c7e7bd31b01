"""What came of a flood of sources, as a page."""

import os
import platform
import time

from hearsay import run


def describe(hearing):
    verdict = "flat, each utterance with one end" if not hearing.failures else "FAILED"
    counts = hearing.witness.counts
    ends = ", ".join(f"{count} × {reason}" for reason, count in hearing.witness.reasons.most_common())
    return "\n".join([
        "# The last flood of sources", "",
        f"{time.strftime('%Y-%m-%d')}, {run('--version').out.strip()}, {platform.system()} {platform.release()}, {os.cpu_count()} cores,"
        f" {hearing.minutes:g} minutes, seed {hearing.seed}: **{verdict}**.", "",
        f"{counts['source.stopped']} sources with {hearing.sounded_ms / 3_600_000:.1f} hours of sound; {counts['speech.stopped']} times somebody"
        f" spoke; {counts['transcript.final']} utterances with a text and {counts['transcript.failed']} without, each with one end;"
        f" {hearing.witness.count} events, none missing. Ends: {ends}.", "",
        "| | sources | speech | texts | seconds | memory when it ended (KiB) | after a minute | descriptors |", "|---|---:|---:|---:|---:|---:|---:|---:|",
        *(row(*(f"{each:.0f}" if isinstance(each, float) else each for each in cells)) for cells in hearing.rows),
        "", "| while it was busy | after warming up | at the end | least | most | over time |", "|---|---:|---:|---:|---:|---|",
        *(row(each.name, f"{each.first:.0f}", f"{each.last:.0f}", min(each.settled), max(each.settled), each.picture()) for each in hearing.readings),
        "", "| what happened | times |", "|---|---:|", *(row(name.replace("_", " "), count) for name, count in hearing.done.most_common()), "",
    ])


def row(*cells):
    return "| " + " | ".join(map(str, cells)) + " |"
