"""The conformance cases that the WebSocket world is measured by, as their suite judges them."""

import asyncio
import collections

import pytest

import peers
import suite_cases
from case_peer import play

PASSED = {"OK", "NON-STRICT", "INFORMATIONAL"}
# Cases that move megabytes get few neighbours, so that none runs into the limit of another.
LARGE, AT_ONCE, LARGE_AT_ONCE = "9.", 16, 3


async def play_all(cases, server):
    tls = peers.trusting(server)
    room = {True: asyncio.Semaphore(LARGE_AT_ONCE), False: asyncio.Semaphore(AT_ONCE)}

    async def one(number, case):
        async with room[number.startswith(LARGE)]:
            return number, await play(case, server.port, tls=tls)

    small = {number: case for number, case in cases.items() if not number.startswith(LARGE)}
    large = {number: case for number, case in cases.items() if number.startswith(LARGE)}
    played = await asyncio.gather(*(one(*item) for item in small.items()))
    return dict(played + await asyncio.gather(*(one(*item) for item in large.items())))


@pytest.fixture(scope="module")
def played(echo):
    return asyncio.run(play_all(suite_cases.classes(), echo))


def test_all_301_cases_were_played(played):
    print(f"{len(played)} cases: {dict(collections.Counter(case.behavior for case in played.values()))}")
    assert len(played) == 301


def test_every_case_is_passed(played):
    failed = {number: (case.behavior, case.result, str(case.received)[:80])
              for number, case in played.items() if case.behavior not in PASSED}
    assert not failed


def test_every_case_ends_as_it_should(played):
    failed = {number: (case.behaviorClose, case.resultClose, case.p.remoteCloseCode)
              for number, case in played.items() if case.behaviorClose not in PASSED}
    assert not failed
