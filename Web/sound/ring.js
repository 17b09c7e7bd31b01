/** A ring of samples between one writer and one reader on the same thread, addressed by counts that only rise. */
export class Ring {
  /** The count of the next sample to be read. */
  read = 0;
  /** The count of the next sample to be written. */
  written = 0;
  #samples;
  #mask;

  /** @param {number} atLeast The samples it must hold; rounded up to a power of two. */
  constructor(atLeast) {
    const capacity = 2 ** Math.ceil(Math.log2(atLeast));
    this.#samples = new Float32Array(capacity);
    this.#mask = capacity - 1;
  }

  /** How many samples can be written now. */
  get room() {
    return this.#samples.length - (this.written - this.read);
  }

  /**
   * Appends 16-bit samples as floats; each keeps its exact value.
   *
   * @param {Int16Array} pcm At most `room` samples.
   * @param {number} first The first sample of `pcm` to take.
   */
  write(pcm, first) {
    for (let i = first; i < pcm.length; i += 1) {
      this.#samples[this.written & this.#mask] = pcm[i] / 32768;
      this.written += 1;
    }
  }

  /**
   * Moves samples into `out`.
   *
   * @param {Float32Array} out
   * @param {number} at Where in `out` they go.
   * @param {number} count
   */
  take(out, at, count) {
    for (let i = 0; i < count; i += 1) {
      out[at + i] = this.#samples[this.read & this.#mask];
      this.read += 1;
    }
  }
}
