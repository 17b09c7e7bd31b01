import { ChannelPlayer } from './channel-player.js';
import { deliver } from './sink.js';

/** The audio thread's end: takes samples from the worker's port and reports to it and to the page. */
class RingProcessor extends AudioWorkletProcessor {
  /** @type {MessagePort | null} */
  #link = null;
  #player = new ChannelPlayer(sampleRate, (report) => {
    this.#link?.postMessage(report);
    this.port.postMessage(report);
  });

  constructor() {
    super();
    this.port.onmessage = ({ data }) => {
      if (data.type === 'latency') this.#player.latency = data.seconds;
      if (data.type === 'link') this.#attach(data.port);
    };
  }

  /**
   * @param {Float32Array[][]} _inputs
   * @param {Float32Array[][]} outputs
   */
  process(_inputs, outputs) {
    this.#player.render(outputs[0][0], currentFrame);
    return true;
  }

  /** @param {MessagePort} port */
  #attach(port) {
    this.#link = port;
    port.onmessage = ({ data }) => deliver(data, this.#player);
  }
}

registerProcessor('hearsay-ring', RingProcessor);
