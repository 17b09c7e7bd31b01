"""A page whose audio thread gets no time, and a server that has to give up on it."""

import numpy
import pytest

from conftest import as_floats


@pytest.mark.parametrize("deliver", ["auto", "session"])
def test_a_page_that_stalled_past_its_confirmation_hears_the_sentence_after_all(player, control, server, deliver):
    player.open().until_ready()
    text = "This sentence begins while the page stands still."
    # On a busy machine the sentence may come so late that the page is awake again; then it stands still for longer.
    for seconds in (1.5, 2.5, 3.5, 4.5):
        player.page.evaluate(f"stallTap({1_000 * seconds})")
        job = control.speak(text, deliver=deliver)
        first = control.wait(lambda message: message["type"] in ("listener.failed", "job.finished") and message.get("job_id") == job)
        if first["type"] == "listener.failed":
            break
    assert (first["type"], first.get("reason")) == ("listener.failed", "unconfirmed")
    end = control.end(job)
    assert end["type"] == "job.finished" and end["listeners"] == [first["listener_id"]], end
    # To its last sample and with none left out, whatever pauses a busy machine makes.
    heard, meant = (samples[samples != 0] for samples in (player.heard(), as_floats(server.samples(text))))
    assert numpy.array_equal(heard[-meant.size :], meant)
