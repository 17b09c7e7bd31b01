"""A line between client and server that breaks by a plan: the same seed breaks it in the same way."""

import random
import socket
import struct
import threading


class BadLine:
    """Carries TCP to a server; of every `period` seconds nothing passes for `gap`.

    A cut either resets the connections, or is silent: what is under way comes after it, as packets do that are sent again.
    While it lasts nobody is accepted. Without a gap it only counts what clients send. The plan begins at once, or with `begin`.
    By itself, `swallow` lets the connections of a moment die without a word.
    """

    def __init__(self, port, seed, period=20.0, gap=5.0, begins=True):
        chance = random.Random(seed)
        self.target, self.period, self.gap = port, period, gap
        self.offset = chance.uniform(1.0, period / 4)
        self.is_silent = [chance.random() < 0.5 for _ in range(1_000)]
        self.carried, self.cuts, self.resets = 0, 0, 0
        self.pairs, self.swallowed, self.lock = set(), set(), threading.Lock()
        self.is_open, self.is_over = threading.Event(), threading.Event()
        self.is_open.set()
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        if begins:
            self.begin()

    def begin(self):
        threading.Thread(target=self.plan, daemon=True).start()

    def plan(self):
        self.is_over.wait(self.offset)
        while self.gap and not self.is_over.is_set():
            self.is_open.clear()
            if not self.is_silent[self.cuts % len(self.is_silent)]:
                self.reset()
            self.cuts += 1
            self.is_over.wait(self.gap)
            self.is_open.set()
            self.is_over.wait(self.period - self.gap)
        self.is_open.set()

    def reset(self):
        with self.lock:
            pairs, self.pairs = self.pairs, set()
        self.resets += len(pairs)
        for pair in pairs:
            for end in pair:
                shut(end, abruptly=True)

    def swallow(self):
        """From now on the connections of this moment carry nothing and tell neither end; new ones work."""
        with self.lock:
            self.swallowed |= self.pairs

    def accept(self):
        while True:
            try:
                near, _ = self.socket.accept()
            except OSError:
                return
            if not self.is_open.is_set():
                near.close()
                continue
            pair = (near, socket.create_connection(("127.0.0.1", self.target)))
            with self.lock:
                self.pairs.add(pair)
            for source, sink in (pair, pair[::-1]):
                threading.Thread(target=self.carry, args=(pair, source, sink), daemon=True).start()

    def carry(self, pair, source, sink):
        try:
            while data := source.recv(65_536):
                self.is_open.wait()
                if pair in self.swallowed:
                    continue
                sink.sendall(data)
                if source is pair[0]:
                    self.carried += len(data)
        except OSError:
            pass
        if pair in self.swallowed:
            # The other end is told nothing.
            return source.close()
        for end in (source, sink):
            shut(end)

    def close(self):
        self.is_over.set()
        self.socket.close()
        self.reset()


def shut(end, abruptly=False):
    """Ends a connection; abruptly, with a reset."""
    try:
        if abruptly:
            # Closing with a lingering time of nothing is a reset.
            end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        else:
            end.shutdown(socket.SHUT_RDWR)
    except OSError:
        pass
    end.close()
