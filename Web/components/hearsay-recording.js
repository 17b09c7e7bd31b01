import { make } from './make.js';
import { symbol } from './symbols.js';
import { shownLength } from './when.js';

/** One sounds at a time. */
let sounding = /** @type {HTMLAudioElement | null} */ (null);

/**
 * Plays a recording: `<hearsay-recording>`.
 *
 * Sends `wanted` when it is to sound for the first time; then it wants its `sound`.
 */
export class HearsayRecording extends HTMLElement {
  #audio = new Audio();
  #button = make('button', { type: 'button', class: 'round' });
  #slider = make('input', { type: 'range', min: '0', max: '1', step: '0.1', value: '0', 'aria-label': 'Place in the recording' });
  #time = make('output');
  #seconds = 0;

  connectedCallback() {
    this.#button.addEventListener('click', () => this.#pressed());
    this.#slider.addEventListener('input', () => (this.#audio.currentTime = Number(this.#slider.value)));
    for (const change of ['play', 'pause', 'ended', 'timeupdate']) this.#audio.addEventListener(change, () => this.#show());
    this.replaceChildren(this.#button, this.#slider, this.#time);
    this.#show();
  }

  disconnectedCallback() {
    this.#audio.pause();
    if (this.#audio.src) URL.revokeObjectURL(this.#audio.src);
    this.#audio.removeAttribute('src');
  }

  /** @param {number} seconds How long the recording is. */
  set seconds(seconds) {
    this.#seconds = seconds;
    this.#slider.max = String(seconds);
    this.#show();
  }

  /** @param {Blob} sound What is to be heard from now on. */
  set sound(sound) {
    const place = Number(this.#slider.value);
    this.#audio.src = URL.createObjectURL(sound);
    this.#audio.currentTime = place;
    this.#play();
  }

  /** Whether it sounds. */
  get isPlaying() {
    return !this.#audio.paused;
  }

  #pressed() {
    if (!this.#audio.src) this.dispatchEvent(new Event('wanted'));
    else if (this.isPlaying) this.#audio.pause();
    else this.#play();
  }

  #play() {
    if (sounding !== this.#audio) sounding?.pause();
    sounding = this.#audio;
    // Where the browser wants another click first, the button still offers it.
    this.#audio.play().catch(() => this.#show());
  }

  #show() {
    const place = this.#audio.src ? this.#audio.currentTime : Number(this.#slider.value);
    this.#button.replaceChildren(symbol(this.isPlaying ? 'pause' : 'play'));
    this.#button.setAttribute('aria-label', this.isPlaying ? 'Pause' : 'Play');
    this.#slider.value = String(place);
    this.#slider.setAttribute('aria-valuetext', `${shownLength(place)} of ${shownLength(this.#seconds)}`);
    this.#time.textContent = `${shownLength(place)} / ${shownLength(this.#seconds)}`;
  }
}

customElements.define('hearsay-recording', HearsayRecording);
