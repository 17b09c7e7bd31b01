"""A page whose audio thread gets no time, and a server that has to give up on it."""

import numpy
import pytest

from conftest import as_floats


@pytest.mark.parametrize("deliver", ["auto", "session"])
def test_a_page_that_stalled_past_its_confirmation_hears_the_sentence_after_all(player, control, server, deliver):
    player.open().until_ready()
    text = "This sentence begins while the page stands still."
    player.page.evaluate("stallTap(1_500)")
    job = control.speak(text, deliver=deliver)
    failed = control.event("listener.failed", job, 10)
    assert failed["reason"] == "unconfirmed"
    end = control.end(job)
    assert end["type"] == "job.finished" and end["listeners"] == [failed["listener_id"]], end
    # To its last sample and with none left out, whatever pauses a busy machine makes.
    heard, meant = (samples[samples != 0] for samples in (player.heard(), as_floats(server.samples(text))))
    assert numpy.array_equal(heard[-meant.size :], meant)
