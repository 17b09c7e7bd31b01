import { make } from './make.js';

const BARS = 5;

/** Shows that and how loud it sounds: `<hearsay-level>`. It rests when nothing sounds, or motion is not wanted. */
export class HearsayLevel extends HTMLElement {
  #bars = Array.from({ length: BARS }, () => make('span'));
  /** @type {AnalyserNode | null} */
  #analyser = null;
  #spectrum = new Uint8Array(0);
  #stillness = matchMedia('(prefers-reduced-motion: reduce)');

  connectedCallback() {
    this.setAttribute('aria-hidden', 'true');
    this.replaceChildren(...this.#bars);
  }

  /** @param {AnalyserNode} analyser */
  set analyser(analyser) {
    analyser.fftSize = 256;
    analyser.smoothingTimeConstant = 0.7;
    this.#analyser = analyser;
    this.#spectrum = new Uint8Array(analyser.frequencyBinCount);
  }

  /** Draws the sound of this moment. */
  draw() {
    if (!this.#analyser || this.#stillness.matches) return;
    this.#analyser.getByteFrequencyData(this.#spectrum);
    const width = Math.floor(this.#spectrum.length / 2 / BARS);
    this.#bars.forEach((bar, index) => {
      const band = this.#spectrum.subarray(index * width, (index + 1) * width);
      const level = band.reduce((sum, value) => sum + value, 0) / width / 255;
      bar.style.transform = `scaleY(${0.16 + level * 0.84})`;
    });
  }

  /** Lies flat again. */
  rest() {
    for (const bar of this.#bars) bar.style.transform = '';
  }
}

customElements.define('hearsay-level', HearsayLevel);
