import { make } from './make.js';
import { symbol } from './symbols.js';

/** @type {Record<import('../speech/jobs.js').Place, string>} */
const PLACE = { here: 'Sounding here', other_tab: 'Sounding in another tab', elsewhere: 'Sounding elsewhere' };

/**
 * Shows the sentence that is being said, with the spoken word marked: `<hearsay-now>`.
 *
 * Sends `mute-voice` with the voice that is not to be heard here any more.
 */
export class HearsayNow extends HTMLElement {
  #place = make('p', { class: 'place' });
  #text = make('p', { class: 'sentence' });
  #fallback = make('p', { class: 'fallback', role: 'note' });
  #mute = make('button', { type: 'button', class: 'plain' });
  #voice = '';
  #before = make('span', { class: 'spoken' });
  #word = make('mark');
  #after = make('span', { class: 'coming' });
  /** The text by Unicode scalars, as the server counts them. */
  #scalars = [''];
  #shown = '';
  #marked = '';
  #idle = '';

  connectedCallback() {
    this.#mute.addEventListener('click', () => {
      this.dispatchEvent(new CustomEvent('mute-voice', { detail: this.#voice }));
    });
    this.replaceChildren(this.#place, this.#text, this.#fallback, this.#mute);
    this.show(null);
  }

  /** @param {string} words What stands here when nothing is said. */
  set idle(words) {
    this.#idle = words;
    if (this.#shown === '') this.#rest();
  }

  /** @param {import('../speech/jobs.js').Sounding | null} job */
  show(job) {
    const shown = job ? `${job.id} ${job.place} ${job.where} ${job.fallback?.voice} ${job.text}` : '';
    if (shown === this.#shown && shown !== '') return;
    this.#shown = shown;
    if (!job) return this.#rest();
    this.dataset.state = job.place;
    const where = job.place === 'elsewhere' && job.where ? `Sounding on ${job.where}` : PLACE[job.place];
    const voice = job.voice ? ` · ${job.voice}` : '';
    this.#place.replaceChildren(symbol(job.place === 'here' ? 'sound' : 'elsewhere'), where + voice);
    this.#showVoice(job);
    this.#scalars = Array.from(job.text);
    this.#text.replaceChildren(this.#before, this.#word, this.#after);
    this.#marked = 'none yet';
    this.mark(null);
  }

  /** @param {import('../speech/words.js').Span | null} span Null before the first word. */
  mark(span) {
    const start = Math.min(span?.char_index ?? 0, this.#scalars.length);
    const end = Math.max(start, Math.min(span?.char_end ?? 0, this.#scalars.length));
    if (this.#shown === '' || this.#marked === `${start} ${end}`) return;
    this.#marked = `${start} ${end}`;
    this.#before.textContent = this.#scalars.slice(0, start).join('');
    this.#word.textContent = this.#scalars.slice(start, end).join('');
    this.#after.textContent = this.#scalars.slice(end).join('');
  }

  /** @param {import('../speech/jobs.js').Sounding} job */
  #showVoice({ voice, fallback, place }) {
    this.#voice = voice;
    this.#fallback.textContent = fallback ? `${fallback.voice} speaks: ${fallback.reason}` : '';
    this.#mute.replaceChildren(symbol('muted'), `Mute ${voice}`);
    this.#mute.hidden = place !== 'here' || voice === '';
  }

  #rest() {
    this.dataset.state = 'idle';
    this.#fallback.textContent = '';
    this.#mute.hidden = true;
    this.#place.replaceChildren();
    this.#text.replaceChildren(this.#idle);
  }
}

customElements.define('hearsay-now', HearsayNow);
