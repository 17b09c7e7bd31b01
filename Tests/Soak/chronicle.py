"""A witness that also keeps how jobs ended and how long they sounded, so that others can wait for it."""

import collections

from witness import ENDS, Witness


class Chronicle(Witness):
    def __init__(self, port, token):
        self.ends, self.sounded_ms = collections.Counter(), 0
        super().__init__(port, token)

    def see(self, said):
        super().see(said)
        if said["type"] in ENDS:
            why = said.get("code") or said.get("reason")
            self.ends[said["type"].removeprefix("job.") + (f" ({why})" if why else "")] += 1
            self.sounded_ms += said.get("duration_ms", 0)

    def wait_below(self, count, seconds=300):
        """Waits until fewer jobs than that live."""
        with self.changed:
            assert self.changed.wait_for(lambda: self.faults or len(self.living) < count, seconds), f"{len(self.living)} jobs are stuck"
            assert not self.faults, self.faults[:5]

    def some_job(self, chance):
        """One that lives, or nothing."""
        with self.changed:
            return chance.choice(sorted(self.living)) if self.living else None
