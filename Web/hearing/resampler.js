/** Taps on each side of a sample, at the lower of both rates: 60 dB of what must go is gone. */
const REACH = 16;
/** The part of the band that is kept; the filter falls over the rest. */
const BAND = 0.92;

/** Brings a stream of samples from one rate to another, without a seam between its pieces. */
export class Resampler {
  #step;
  #cutoff;
  #reach;
  /** What later samples still need. */
  #held;
  /** Where the next sample lies in what is held. */
  #position;

  /**
   * @param {number} from Hertz.
   * @param {number} to
   */
  constructor(from, to) {
    this.#step = from / to;
    this.#cutoff = Math.min(1, to / from) * BAND;
    this.#reach = Math.ceil(REACH * Math.max(1, this.#step));
    this.#held = new Float32Array(this.#reach);
    this.#position = this.#reach;
  }

  /**
   * @param {Float32Array} samples The next ones.
   * @returns {Float32Array} Those of the new rate that are certain by now.
   */
  add(samples) {
    const all = new Float32Array(this.#held.length + samples.length);
    all.set(this.#held);
    all.set(samples, this.#held.length);
    const made = [];
    while (this.#position + this.#reach < all.length) {
      made.push(this.#sampleAt(all, this.#position));
      this.#position += this.#step;
    }
    const passed = Math.max(0, Math.floor(this.#position) - this.#reach);
    this.#held = all.slice(passed);
    this.#position -= passed;
    return Float32Array.from(made);
  }

  /**
   * @param {Float32Array} samples
   * @param {number} position
   */
  #sampleAt(samples, position) {
    let sum = 0;
    const last = Math.floor(position + this.#reach);
    for (let index = Math.ceil(position - this.#reach); index <= last; index += 1) {
      sum += (samples[index] ?? 0) * this.#weight(index - position);
    }
    return sum;
  }

  /**
   * A sinc under a Blackman window.
   *
   * @param {number} distance In samples of the old rate.
   */
  #weight(distance) {
    const phase = (Math.PI * distance) / this.#reach;
    const window = 0.42 + 0.5 * Math.cos(phase) + 0.08 * Math.cos(2 * phase);
    const angle = Math.PI * distance * this.#cutoff;
    return window * this.#cutoff * (Math.abs(angle) < 1e-9 ? 1 : Math.sin(angle) / angle);
  }
}
