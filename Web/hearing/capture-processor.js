import { Resampler } from './resampler.js';

/** What recognisers hear, whatever rate the browser gives the microphone. */
const RATE = 16_000;
/** 60 ms, so that headers are a small part of what is sent. */
const FRAME = 960;

/** The microphone's end of the page, in the audio thread: one channel at 16 kHz, in frames of 60 ms with their level. */
class CaptureProcessor extends AudioWorkletProcessor {
  #resampler = new Resampler(sampleRate, RATE);
  #frame = new Int16Array(FRAME);
  #count = 0;
  #power = 0;

  /** @param {Float32Array[][]} inputs */
  process([channels]) {
    const samples = this.#resampler.add(mix(channels));
    for (const sample of samples) this.#add(sample);
    return true;
  }

  /** @param {number} sample */
  #add(sample) {
    const bounded = Math.max(-1, Math.min(1, sample));
    this.#power += bounded * bounded;
    this.#frame[this.#count] = Math.round(bounded * 32_767);
    this.#count += 1;
    if (this.#count < FRAME) return;
    const level = 10 * Math.log10(Math.max(1e-10, this.#power / FRAME));
    this.port.postMessage({ samples: this.#frame, level }, [this.#frame.buffer]);
    this.#frame = new Int16Array(FRAME);
    this.#count = 0;
    this.#power = 0;
  }
}

/** @param {Float32Array[]} channels None while the microphone starts. */
function mix(channels) {
  if (channels.length <= 1) return channels[0] ?? new Float32Array(0);
  return channels[0].map((_, index) => channels.reduce((sum, channel) => sum + channel[index], 0) / channels.length);
}

registerProcessor('hearsay-capture', CaptureProcessor);
