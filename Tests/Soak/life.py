"""What is told of one source, from its beginning to its end, held against what must always be true."""

# An utterance is cut at 20 s at the latest; a quiet place is looked for in the 5 s before.
SHORTEST_CUT_MS = 15_000


def reads(told):
    """Whether a recogniser is asked."""
    return told.get("stt", {}).get("engine") != "none"


class Life:
    def __init__(self, told):
        self.reads = reads(told)
        self.has_read = self.reads
        self.is_grouped = "group" in told
        self.began = None
        self.last_at = self.last_start = 0
        self.speeches = self.cuts = self.ends = 0
        # So many ends there must be at least: speech that nobody was reading when it began, or may not have been, has none.
        self.owed = 0
        self.ended, self.partial, self.gaps = set(), set(), []

    def take(self, kind, told):
        """Returns what is wrong about it, or nothing."""
        name = kind.replace(".", "_")
        return getattr(self, name)(told) if hasattr(self, name) else None

    def source_updated(self, told):
        if reads(told) != self.reads:
            self.owed = min(self.owed, self.ends)
        self.reads = reads(told)
        self.has_read = self.has_read or self.reads

    def source_gap(self, told):
        self.gaps.append(told["ms"])

    def speech_started(self, told):
        if self.began is not None or told["at_ms"] < self.last_at:
            return "speech began within speech, or before it"
        self.began = self.last_at = told["at_ms"]
        self.speeches += 1
        self.owed += self.reads

    def speech_stopped(self, told):
        if self.began is None or told["at_ms"] < self.began:
            return "speech stopped that had not begun"
        self.cuts += (told["at_ms"] - self.began) // SHORTEST_CUT_MS
        self.began, self.last_at = None, told["at_ms"]

    def transcript_partial(self, told):
        self.partial.add(told["utterance_id"])
        if told["utterance_id"] in self.ended:
            return "text came in pieces after its end"

    def transcript_final(self, told):
        if told["start_ms"] < self.last_start or told["end_ms"] < told["start_ms"]:
            return "text came in another order than it was said"
        self.last_start = told["start_ms"]
        return self.end(told)

    def transcript_failed(self, told):
        return self.end(told)

    def end(self, told):
        self.ends += 1
        if told["utterance_id"] in self.ended:
            return "an utterance ended twice"
        self.ended.add(told["utterance_id"])

    def transcript_revised(self, told):
        if told["utterance_id"] not in self.ended:
            return "what had no text was read again"

    def source_stopped(self, told):
        if self.began is not None:
            return "speech never stopped"
        if self.partial - self.ended:
            return "what had partial text had no end"
        most = self.speeches + self.cuts if self.has_read else 0
        if not self.owed <= self.ends <= most:
            return f"{self.speeches} times somebody spoke, {self.ends} utterances ended, of at least {self.owed} and at most {most}"
