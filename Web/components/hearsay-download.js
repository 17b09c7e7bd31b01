import { make } from './make.js';
import { symbol } from './symbols.js';

/** @typedef {import('../listen/notebook.js').Form | 'wav'} FileForm */

/** @type {[FileForm, string][]} */
const FORMS = [
  ['txt', 'Text'],
  ['srt', 'Subtitles, SRT'],
  ['vtt', 'Subtitles, WebVTT'],
  ['json', 'JSON'],
  ['wav', 'Sound, WAV'],
];

/**
 * A button with the forms in which something can be saved: `<hearsay-download>`.
 *
 * Sends `download` with the form that was chosen.
 */
export class HearsayDownload extends HTMLElement {
  #summary = make('summary', { class: 'plain' }, symbol('download'), make('span', {}, 'Download'));
  #menu = make('details', { class: 'menu' }, this.#summary);
  #sound = make('li');

  connectedCallback() {
    const items = FORMS.map(([form, words]) => this.#item(form, words));
    this.#sound = items[FORMS.length - 1];
    this.#sound.hidden = true;
    this.#menu.append(make('ul', {}, ...items));
    this.#menu.addEventListener('focusout', ({ relatedTarget }) => {
      if (!this.contains(/** @type {Node | null} */ (relatedTarget))) this.#menu.open = false;
    });
    this.#menu.addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape' || !this.#menu.open) return;
      this.#close();
    });
    this.replaceChildren(this.#menu);
  }

  /** @param {boolean} hasSound Whether there is sound to be saved, too. */
  set hasSound(hasSound) {
    this.#sound.hidden = !hasSound;
  }

  /**
   * @param {FileForm} form
   * @param {string} words
   */
  #item(form, words) {
    const button = make('button', { type: 'button' }, words);
    button.addEventListener('click', () => {
      this.#close();
      this.dispatchEvent(new CustomEvent('download', { detail: form }));
    });
    return make('li', {}, button);
  }

  #close() {
    this.#menu.open = false;
    this.#summary.focus();
  }
}

customElements.define('hearsay-download', HearsayDownload);
