const HEADER_BYTES = 16;
const KIND_SOURCE = 1;
/** What an outage may last without a loss. */
const KEPT_MS = 30_000;

/**
 * @typedef {object} Kept
 * @property {number} sequence
 * @property {number} timestamp The number of its first sample.
 * @property {number} length How many samples it holds.
 * @property {Uint8Array} bytes As they travel.
 */

/** The last 30 s of a source, sent or not: what a lost connection or server took along is sent again from here. */
export class KeptAudio {
  /** @type {Kept[]} */
  #frames = [];
  /** The place of the next frame to send. */
  #next = 0;
  #sequence = 0;
  #timestamp = 0;
  #rate;

  /** @param {number} rate Samples per second. */
  constructor(rate) {
    this.#rate = rate;
  }

  /**
   * @param {Uint8Array} bytes What was heard next, as it travels.
   * @param {number} length How many samples that is.
   */
  append(bytes, length) {
    this.#frames.push({ sequence: this.#sequence, timestamp: this.#timestamp, length, bytes });
    this.#sequence += 1;
    this.#timestamp += length;
    while (this.#timestamp - this.#frames[0].timestamp > (KEPT_MS * this.#rate) / 1_000) {
      this.#frames.shift();
      this.#next = Math.max(0, this.#next - 1);
    }
  }

  /** @param {number} count Samples that nobody is to hear. */
  skip(count) {
    this.#timestamp += count;
  }

  /** Takes the next frame that was not sent; undefined when all were. */
  take() {
    const frame = this.#frames[this.#next];
    if (frame) this.#next += 1;
    return frame;
  }

  /** How many samples were not sent. */
  get unsent() {
    return this.#frames.slice(this.#next).reduce((sum, { length }) => sum + length, 0);
  }

  /** @param {number} sequence The first one that the server lacks. */
  goBackToSequence(sequence) {
    this.#goBack((frame) => frame.sequence >= sequence);
  }

  /** @param {number} ms From where on the server knows nothing. */
  goBackToTime(ms) {
    const known = (ms * this.#rate) / 1_000;
    this.#goBack(({ timestamp, length }) => timestamp + length > known);
  }

  /** @param {(frame: Kept) => boolean} isWanted */
  #goBack(isWanted) {
    const place = this.#frames.findIndex(isWanted);
    this.#next = place < 0 ? this.#frames.length : place;
  }
}

/**
 * Writes a frame as it travels.
 *
 * @param {number} channel
 * @param {Kept} frame
 */
export function bytesOf(channel, { sequence, timestamp, bytes: audio }) {
  const bytes = new Uint8Array(HEADER_BYTES + audio.length);
  const view = new DataView(bytes.buffer);
  view.setUint8(0, 1);
  view.setUint8(1, KIND_SOURCE);
  view.setUint32(4, channel, true);
  view.setUint32(8, sequence >>> 0, true);
  view.setUint32(12, timestamp % 2 ** 32, true);
  bytes.set(audio, HEADER_BYTES);
  return bytes;
}
