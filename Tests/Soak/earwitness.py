"""A witness of sources: each has one end, each utterance has one, and what comes between them is in order."""

import collections
import traceback

from life import Life
from witness import Witness

# What may be told when its source is over: of several sources, or of what was made of its text.
LATER = ("group.said", "draft.", "recording.", "command.", "attention.")


class EarWitness(Witness):
    def __init__(self, port, token):
        self.lives, self.unsaid = {}, set()
        self.counts, self.reasons = collections.Counter(), collections.Counter()
        # For which reasons a source may stop, and how much of it was left out on purpose; told by those who do it.
        self.allowed, self.left_out = collections.defaultdict(set), collections.defaultdict(list)
        super().__init__(port, token)

    def see(self, said):
        super().see(said)
        try:
            self.hear(said)
        except Exception:  # A fault in a thread would be lost otherwise.
            self.faults.append(traceback.format_exc())

    def hear(self, said):
        kind, source = said["type"], said.get("source_id")
        self.counts[kind] += 1
        if source and not kind.startswith(LATER):
            if fault := self.follow(kind, source, said):
                self.faults.append(f"{source}: {fault}: {said}")
        elif kind == "group.said":
            if said["utterance_id"] not in self.unsaid:
                self.faults.append(f"a group was told twice, or of nothing: {said}")
            self.unsaid.discard(said["utterance_id"])

    def follow(self, kind, source, said):
        if kind == "source.started":
            before = self.lives.get(source)
            self.lives[source] = Life(said)
            return "began twice" if before else None
        life = self.lives.get(source)
        if not life:
            return "is told of and does not live"
        fault = life.take(kind, said)
        if kind == "transcript.final" and life.is_grouped:
            self.unsaid.add(said["utterance_id"])
        if kind == "transcript.failed":
            self.reasons[said["code"]] += 1
        if kind == "source.stopped":
            fault = fault or self.bury(source, life, said["reason"])
        return fault

    def bury(self, source, life, reason):
        del self.lives[source]
        self.reasons[reason] += 1
        unknown = [gap for gap in life.gaps if not any(abs(gap - left_out) <= 2 for left_out in self.left_out.get(source, []))]
        allowed = self.allowed.pop(source, set())
        self.left_out.pop(source, None)
        if unknown:
            return f"has gaps that nobody made: {unknown}"
        if reason not in allowed:
            return f"stopped for another reason than {allowed}"
        return None

    # Told and asked by others

    def allow(self, source, reason):
        with self.changed:
            if source in self.lives:
                self.allowed[source].add(reason)

    def leave_out(self, source, milliseconds):
        with self.changed:
            self.left_out[source].append(milliseconds)

    def is_ending(self, source):
        with self.changed:
            return bool(self.allowed.get(source)) or source not in self.lives

    def some_source(self, chance, matches=lambda life: True):
        with self.changed:
            found = sorted(source for source, life in self.lives.items() if matches(life))
            return chance.choice(found) if found else None

    def wait_begun(self, source, seconds=30):
        """Waits until others were told of it."""
        with self.changed:
            assert self.changed.wait_for(lambda: source in self.lives or self.faults, seconds), f"{source} was not told of"

    def wait_stopped(self, source=None, seconds=180):
        """Waits until a source is over, or all are, and those who are grouped were told as one."""
        is_over = (lambda: source not in self.lives) if source else (lambda: not self.lives and not self.unsaid)
        with self.changed:
            return self.changed.wait_for(is_over, seconds)
