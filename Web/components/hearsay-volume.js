import { make } from './make.js';
import { symbol } from './symbols.js';

/**
 * Mute and volume of this page: `<hearsay-volume>`.
 *
 * Sends `mute` when the button is pressed and `volume` when the slider moves.
 */
export class HearsayVolume extends HTMLElement {
  #mute = make('button', { type: 'button', class: 'toggle', 'aria-pressed': 'false' });
  #slider = make('input', { type: 'range', id: 'volume', min: '5', max: '100', step: '5' });
  #value = make('output', { for: 'volume' });

  connectedCallback() {
    this.#mute.addEventListener('click', () => this.dispatchEvent(new Event('mute')));
    this.#slider.addEventListener('input', () => this.dispatchEvent(new Event('volume')));
    const label = make('label', { for: 'volume' }, 'Volume');
    this.replaceChildren(this.#mute, make('div', { class: 'slider' }, label, this.#value, this.#slider));
    this.isMuted = false;
  }

  /** From 0.05 to 1. */
  get volume() {
    return Number(this.#slider.value) / 100;
  }

  set volume(volume) {
    this.#slider.value = String(Math.round(volume * 100));
    this.#value.textContent = `${this.#slider.value} %`;
    this.#slider.setAttribute('aria-valuetext', `${this.#slider.value} percent`);
  }

  /** @param {boolean} isMuted */
  set isMuted(isMuted) {
    this.#mute.setAttribute('aria-pressed', String(isMuted));
    this.#mute.replaceChildren(symbol(isMuted ? 'muted' : 'sound'), 'Mute');
  }
}

customElements.define('hearsay-volume', HearsayVolume);
