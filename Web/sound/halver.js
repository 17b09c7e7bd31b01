/** Odd and a multiple of four less one, so that every other tap but the middle one is zero. */
const TAPS = 95;
const MIDDLE = (TAPS - 1) / 2;
/** A low-pass at a quarter of the rate that comes in: what lies above cannot stand in what goes out. */
const FILTER = Float32Array.from({ length: TAPS }, (_, tap) => {
  const at = tap - MIDDLE;
  const sinc = at === 0 ? 0.5 : Math.sin((Math.PI * at) / 2) / (Math.PI * at);
  return sinc * (0.42 + 0.5 * Math.cos((Math.PI * at) / (MIDDLE + 1)) + 0.08 * Math.cos((2 * Math.PI * at) / (MIDDLE + 1)));
});

/** Halves the rate of one stream; no sample moves in time. */
export class Halver {
  /** What the next sample needs; silence stands before the first one. */
  #pending = new Float32Array(MIDDLE);
  #taken = 0;
  #given = 0;

  /**
   * @param {Float32Array} samples
   * @returns {Int16Array} As much as can be told by now.
   */
  add(samples) {
    this.#taken += samples.length;
    const all = joined(this.#pending, samples);
    const count = Math.max(0, Math.floor((all.length - TAPS) / 2) + 1);
    const out = new Int16Array(count);
    for (let i = 0; i < count; i += 1) out[i] = Math.max(-32768, Math.min(32767, Math.round(filtered(all, 2 * i) * 32768)));
    this.#pending = all.slice(2 * count);
    this.#given += count;
    return out;
  }

  /** @returns {Int16Array} The rest: all together is half as long as what came in, rounded up. */
  finish() {
    const missing = Math.ceil(this.#taken / 2) - this.#given;
    return this.add(new Float32Array(TAPS)).slice(0, missing);
  }
}

/**
 * @param {Float32Array} samples
 * @param {number} from
 */
function filtered(samples, from) {
  let sum = samples[from + MIDDLE] * FILTER[MIDDLE];
  for (let tap = 0; tap < TAPS; tap += 2) sum += samples[from + tap] * FILTER[tap];
  return sum;
}

/**
 * @param {Float32Array} first
 * @param {Float32Array} second
 */
function joined(first, second) {
  const all = new Float32Array(first.length + second.length);
  all.set(first);
  all.set(second, first.length);
  return all;
}
