"""What others notice while somebody floods or dawdles: the time of `GET /health` before and meanwhile."""

import http.client
import multiprocessing
import time

from hearsay import Server, resident
from hostile_peers import PEERS
from report import Figure


def disturbances(quick):
    """For each kind of hostile peer: the latency of others alone and beside it, and what the server's memory grows by."""
    seconds = 2 if quick else 8
    for name, peer in PEERS.items():
        server = Server("--no-speaker")
        try:
            alone = latencies(server, seconds)
            before = resident(server.pid)
            ready = multiprocessing.Event()
            process = multiprocessing.Process(target=peer, args=(server.port, server.admin_token, ready), daemon=True)
            process.start()
            assert ready.wait(30), f"{name} did not begin"
            beside = latencies(server, seconds)
            grown = (resident(server.pid) - before) / 2 ** 20
            process.kill()
            process.join()
        finally:
            server.close()
        yield Figure(f"`/health` on a connection of its own, before {name}", alone)
        yield Figure(f"`/health` beside {name}", beside, bars={99: 1000})
        yield Figure(f"memory grown beside {name}", [grown], unit="MB", bars={50: 64})


def latencies(server, seconds):
    """Of requests one after the other on one connection, in milliseconds."""
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    times, end = [], time.perf_counter() + seconds
    while time.perf_counter() < end:
        began = time.perf_counter()
        connection.request("GET", "/health")
        connection.getresponse().read()
        times.append((time.perf_counter() - began) * 1000)
        time.sleep(0.002)
    connection.close()
    return times
