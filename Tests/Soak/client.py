"""One connection with the sources that are sent over it, and what becomes of them when it breaks."""

from talk import Talk


class Client:
    def __init__(self, house):
        self.house, self.witness = house, house.witness
        self.talk, self.microphones = self.connect(), {}

    def connect(self):
        return Talk(self.house.server.port, self.house.server.admin_token)

    def heed(self):
        """Takes what came meanwhile."""
        while True:
            try:
                told = self.talk.next(0)
            except TimeoutError:
                return
            assert told["type"] in ("source.ack", "source.control"), told
            if told.get("state") == "stop":
                self.microphones.pop(told["source_id"], None)
            elif microphone := self.microphones.get(told["source_id"]):
                microphone.heed(told)

    def order(self, command, microphone, **fields):
        """Whether it was done; others may have ended the source, which is told soon."""
        answer = self.talk.ask(command, source_id=microphone.id, **fields)
        if answer["type"] == "ok":
            return True
        assert answer["code"] == "unknown_source" and self.witness.is_ending(microphone.id), answer
        self.microphones.pop(microphone.id, None)
        return False

    # Sources

    def open(self, microphone):
        """Whether there was a place for it; sources whose clients are lost keep theirs for a while."""
        with self.house.doors:
            answer = self.talk.ask("source.open", **microphone.opening)
            if answer.get("code") == "too_many_sources":
                return False
            assert answer["type"] == "ok" and "from_ms" in answer, answer
            microphone.begin(answer["channel"], answer["from_ms"])
            self.microphones[microphone.id] = microphone
            self.witness.wait_begun(microphone.id)
            return True

    def close(self, microphone):
        self.witness.allow(microphone.id, "closed")
        if self.order("source.close", microphone):
            del self.microphones[microphone.id]

    def leave_out(self, microphone, milliseconds):
        self.witness.leave_out(microphone.id, microphone.leave_out(milliseconds))

    # Connections

    def tear(self):
        """As when a cable is pulled and somebody notices: nothing is said."""
        raw = self.talk.socket.socket
        try:
            raw.shutdown(2)
        except OSError:
            pass
        raw.close()

    def come_back(self):
        """Takes up over a new connection all that was sent over another one."""
        self.talk = self.connect()
        for microphone in list(self.microphones.values()):
            with self.house.doors:
                if self.witness.is_ending(microphone.id):
                    del self.microphones[microphone.id]
                    continue
                answer = self.talk.ask("source.open", **microphone.opening)
            following = answer.get("next_sequence", -1)
            assert microphone.acknowledged < following <= microphone.sequence, (answer, microphone.acknowledged, microphone.sequence)
            microphone.channel, microphone.is_slow = answer["channel"], False
            for frame in microphone.since(following):
                self.talk.socket.send(frame)

    def lose(self):
        """Breaks the connection, lets all its sources be given up, and returns them."""
        lost = list(self.microphones.values())
        for microphone in lost:
            self.witness.allow(microphone.id, "lost")
        self.tear()
        self.microphones = {}
        self.talk = self.connect()
        return lost
