import { Halver } from '../sound/halver.js';

/** Opus is decoded to 48 kHz whatever was encoded (RFC 6716, section 2). */
const RATE = 48_000;
/** 20 ms: what an encoder adds to fill its last packet is less, so that much waits until the end is known. */
const PACKET = 960;
const CONFIGURATION = { codec: 'opus', sampleRate: RATE, numberOfChannels: 1 };

/** Whether this browser decodes Opus by the packet. */
export async function canDecodeOpus() {
  if (typeof AudioDecoder === 'undefined') return false;
  return AudioDecoder.isConfigSupported(CONFIGURATION).then(
    ({ supported }) => supported === true,
    () => false,
  );
}

/**
 * @typedef {object} OpusHearer Who gets what was decoded.
 * @property {(samples: Int16Array) => void} samples At half of Opus' own rate.
 * @property {() => void} end
 * @property {() => void} broken Called instead of anything further.
 */

/** Decodes one channel of Opus packets to 24 kHz: exactly the samples of the job. */
export class OpusChannel {
  #decoder;
  #halver = new Halver();
  #hearer;
  #toSkip;
  #held = new Float32Array(0);
  #given = 0;
  /** @type {number | null} Job time of the first sample, in samples modulo 2³². */
  #first = null;

  /**
   * @param {number} preSkip Samples before the job's own.
   * @param {OpusHearer} hearer
   */
  constructor(preSkip, hearer) {
    this.#toSkip = preSkip;
    this.#hearer = hearer;
    this.#decoder = new AudioDecoder({
      output: (data) => this.#decoded(data),
      error: () => this.#hearer.broken(),
    });
    this.#decoder.configure(CONFIGURATION);
  }

  /**
   * @param {number} timestamp
   * @param {Uint8Array} packet
   */
  frame(timestamp, packet) {
    if (this.#decoder.state !== 'configured') return;
    this.#first ??= timestamp;
    const at = ((timestamp - this.#first) * 1_000_000) / RATE;
    this.#decoder.decode(new EncodedAudioChunk({ type: 'key', timestamp: at, data: packet }));
  }

  /** @param {number} timestamp Where the sound ends, in samples of job time modulo 2³². */
  async end(timestamp) {
    if (this.#decoder.state !== 'configured') return;
    // Rejected when the channel is closed meanwhile, and then nobody waits for the rest.
    const isWhole = await this.#decoder.flush().then(
      () => true,
      () => false,
    );
    if (!isWhole) return;
    const total = (timestamp - (this.#first ?? timestamp)) >>> 0;
    this.#give(this.#held.subarray(0, Math.max(0, total - this.#given)));
    this.#send(this.#halver.finish());
    this.close();
    this.#hearer.end();
  }

  /** Ends it; nothing more is given. */
  close() {
    if (this.#decoder.state !== 'closed') this.#decoder.close();
  }

  /** @param {AudioData} data */
  #decoded(data) {
    const samples = new Float32Array(data.numberOfFrames);
    data.copyTo(samples, { planeIndex: 0, format: 'f32-planar' });
    data.close();
    const skipped = Math.min(this.#toSkip, samples.length);
    this.#toSkip -= skipped;
    const all = new Float32Array(this.#held.length + samples.length - skipped);
    all.set(this.#held);
    all.set(samples.subarray(skipped), this.#held.length);
    const sure = Math.max(0, all.length - PACKET);
    this.#give(all.subarray(0, sure));
    this.#held = all.slice(sure);
  }

  /** @param {Float32Array} samples */
  #give(samples) {
    this.#given += samples.length;
    if (samples.length > 0) this.#send(this.#halver.add(samples));
  }

  /** @param {Int16Array} samples */
  #send(samples) {
    if (samples.length > 0) this.#hearer.samples(samples);
  }
}
