import './hearsay-download.js';
import './hearsay-recording.js';
import { make } from './make.js';
import { factsOf } from './said.js';
import { symbol } from './symbols.js';
import { shownTime } from './when.js';

/** @typedef {import('../listen/drafts.js').Draft} Draft */

/**
 * One draft, with what can be done about it: `<hearsay-draft>`.
 *
 * Sends, with the draft: `hear` when its sound is wanted, `save` with the form, `delete` once that was confirmed.
 */
export class HearsayDraft extends HTMLElement {
  #text = make('p', { class: 'words' });
  #note = make('p', { class: 'note' });
  #recording = make('hearsay-recording', { hidden: true });
  #download = make('hearsay-download');
  #delete = make('button', { type: 'button', class: 'plain' }, symbol('remove'), 'Delete');
  #sure = make('button', { type: 'button', class: 'plain danger' }, 'Delete for good');
  #keep = make('button', { type: 'button', class: 'plain' }, 'Keep');
  #actions = make('div', { class: 'actions' }, this.#download, this.#delete);
  #question = make('div', { class: 'actions', role: 'group', 'aria-label': 'Delete text and sound?', hidden: true }, this.#keep, this.#sure);
  #fault = make('p', { class: 'error', role: 'alert' });
  /** @type {Draft | null} */
  #draft = null;

  connectedCallback() {
    this.#recording.addEventListener('wanted', () => this.#tell('hear'));
    this.#download.addEventListener('download', (event) => this.#tell('save', /** @type {CustomEvent} */ (event).detail));
    this.#delete.addEventListener('click', () => this.#ask(true));
    this.#keep.addEventListener('click', () => this.#ask(false));
    this.#sure.addEventListener('click', () => this.#tell('delete'));
    this.#question.addEventListener('keydown', ({ key }) => key === 'Escape' && this.#ask(false));
    this.replaceChildren(this.#text, this.#note, this.#recording, this.#actions, this.#question, this.#fault);
  }

  /** @param {Draft} draft */
  set draft(draft) {
    if (draft === this.#draft) return;
    this.#draft = draft;
    const { text, at, isGrowing, lengthMs } = draft;
    this.dataset.state = isGrowing ? 'growing' : 'ended';
    this.#text.textContent = text || (isGrowing ? 'Listening …' : 'Nothing was said.');
    this.#text.classList.toggle('tentative', !text);
    const time = make('time', { datetime: at.toISOString() }, shownTime(at));
    this.#note.replaceChildren(time, ...factsOf(draft).map((fact) => ` · ${fact}`), ...(isGrowing ? [' · ', make('strong', {}, 'being dictated')] : []));
    this.#recording.hidden = lengthMs === null;
    this.#recording.seconds = (lengthMs ?? 0) / 1_000;
    this.#download.hasSound = lengthMs !== null;
    this.#actions.hidden = isGrowing || !this.#question.hidden;
  }

  /** @param {Blob} sound */
  set sound(sound) {
    this.#recording.sound = sound;
  }

  /** @param {string} words Why something could not be done. */
  set fault(words) {
    this.#fault.textContent = words;
    this.#ask(false);
  }

  /** @param {boolean} isAsked */
  #ask(isAsked) {
    if (this.#question.hidden === !isAsked) return;
    this.#question.hidden = !isAsked;
    this.#actions.hidden = isAsked;
    (isAsked ? this.#keep : this.#delete).focus();
  }

  /**
   * @param {'hear' | 'save' | 'delete'} type
   * @param {string} form
   */
  #tell(type, form = '') {
    this.#fault.textContent = '';
    this.dispatchEvent(new CustomEvent(type, { bubbles: true, detail: { draft: this.#draft, form } }));
  }
}

customElements.define('hearsay-draft', HearsayDraft);
