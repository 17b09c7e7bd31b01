/** As `hearsay hear --codec opus` sends it: 24 kbit/s, in packets of 60 ms. */
const BITRATE = 24_000;
const PACKET_US = 60_000;

/** @param {number} rate Samples per second. */
function configuration(rate) {
  return { codec: 'opus', sampleRate: rate, numberOfChannels: 1, bitrate: BITRATE, opus: { frameDuration: PACKET_US } };
}

/**
 * Whether this browser makes packets of Opus.
 *
 * @param {number} rate Samples per second.
 */
export async function canEncodeOpus(rate) {
  if (typeof AudioEncoder === 'undefined') return false;
  return AudioEncoder.isConfigSupported(configuration(rate)).then(
    ({ supported }) => supported === true,
    () => false,
  );
}

/**
 * @typedef {object} PacketTaker Who gets what was encoded, in the order in which it was heard.
 * @property {(packet: Uint8Array, length: number) => void} packet With how many samples it holds.
 * @property {(count: number) => void} gap So many samples that nobody is to hear, or that could not be encoded.
 */

/** Makes packets of Opus of what a microphone hears. */
export class SpeechEncoder {
  #rate;
  #taker;
  /** @type {AudioEncoder | null} */
  #encoder = null;
  /** Samples that were given to it, and those that came back in packets. */
  #given = 0;
  #packed = 0;
  /** @type {{at: number, count: number}[]} What is left out, and behind how many samples. */
  #gaps = [];

  /**
   * @param {number} rate Samples per second.
   * @param {PacketTaker} taker
   */
  constructor(rate, taker) {
    this.#rate = rate;
    this.#taker = taker;
  }

  /** How many samples are under way. */
  get pending() {
    return this.#given - this.#packed;
  }

  /** @param {Int16Array} samples What was heard next. */
  add(samples) {
    this.#encoder ??= this.#make();
    const timestamp = Math.round((this.#given * 1e6) / this.#rate);
    const data = new AudioData({
      format: 's16',
      sampleRate: this.#rate,
      numberOfFrames: samples.length,
      numberOfChannels: 1,
      timestamp,
      data: samples,
    });
    this.#given += samples.length;
    this.#encoder.encode(data);
    data.close();
  }

  /** @param {number} count Samples that nobody is to hear. */
  skip(count) {
    const last = this.#gaps.at(-1);
    if (last?.at === this.#given) last.count += count;
    else this.#gaps.push({ at: this.#given, count });
    // What was said before is not to wait for what is said next.
    if (this.pending > 0 && last?.at !== this.#given) this.finish();
    this.#passGaps();
  }

  /** Gives the last packets of what was heard so far. */
  async finish() {
    if (this.#encoder?.state !== 'configured') return;
    const given = this.#given;
    // Rejected only with the encoder's own failure, which is told elsewhere.
    const isWhole = await this.#encoder.flush().then(
      () => true,
      () => false,
    );
    if (isWhole) this.#passOver(given);
  }

  /** Lets go of the encoder; what is under way comes no more. */
  close() {
    if (this.#encoder?.state === 'configured') this.#encoder.close();
    this.#encoder = null;
    this.#packed = this.#given;
  }

  #make() {
    const encoder = new AudioEncoder({
      output: (chunk) => this.#packet(chunk),
      error: () => {
        this.#encoder = null;
        this.#passOver(this.#given);
      },
    });
    encoder.configure(configuration(this.#rate));
    return encoder;
  }

  /** @param {EncodedAudioChunk} chunk */
  #packet(chunk) {
    const packet = new Uint8Array(chunk.byteLength);
    chunk.copyTo(packet);
    const length = (durationOf(packet) * this.#rate) / 1_000;
    this.#packed += length;
    this.#taker.packet(packet, length);
    this.#passGaps();
  }

  /**
   * What was given so far is packed as far as it ever will be: some may be missing, and the last packet may hold more.
   *
   * @param {number} given
   */
  #passOver(given) {
    if (this.#packed !== given) this.#taker.gap(given - this.#packed);
    this.#packed = given;
    this.#passGaps();
  }

  #passGaps() {
    while (this.#gaps.length > 0 && this.#gaps[0].at <= this.#packed) {
      this.#taker.gap(/** @type {{count: number}} */ (this.#gaps.shift()).count);
    }
  }
}

/**
 * How long a packet sounds, by its first bytes (RFC 6716, section 3.1).
 *
 * @param {Uint8Array} packet
 * @returns {number} Milliseconds.
 */
export function durationOf(packet) {
  const [first, second = 0] = packet;
  const mode = first >> 3;
  const frame = mode < 12 ? [10, 20, 40, 60][mode & 3] : mode < 16 ? [10, 20][mode & 1] : [2.5, 5, 10, 20][mode & 3];
  return frame * [1, 2, 2, second & 63][first & 3];
}
