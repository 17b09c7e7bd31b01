import { make } from './make.js';

/** Which choices this browser can follow. */
const NEEDS = Object.freeze({
  savesData: () => 'AudioDecoder' in window,
  keepsScreen: () => 'wakeLock' in navigator,
  notifies: () => 'Notification' in window,
});

/**
 * What can be chosen beside volume and loudspeaker: `<hearsay-settings>`.
 *
 * Sends `choose` with the choices that were changed, `notify` when notifications are wished for, `unmute` with a voice.
 */
export class HearsaySettings extends HTMLElement {
  #delay = make('input', { type: 'range', id: 'delay', min: '0', max: '500', step: '10' });
  #delayValue = make('output', { for: 'delay' });
  #savesData = check('saves-data');
  #quiet = check('quiet');
  #from = make('input', { type: 'time', id: 'quiet-from', 'aria-label': 'Quiet from' });
  #to = make('input', { type: 'time', id: 'quiet-to', 'aria-label': 'Quiet until' });
  #keepsScreen = check('keeps-screen');
  #playsOn = check('plays-on');
  #notifies = check('notifies');
  #muted = make('ul', { class: 'muted-voices', 'aria-labelledby': 'muted-voices' });
  #mutedTitle = make('p', { id: 'muted-voices', class: 'title' }, 'Muted voices');
  #hours = make('div', { class: 'hours' }, this.#from, 'to', this.#to);

  connectedCallback() {
    const summary = make('summary', {}, 'More');
    const rows = [
      make('div', { class: 'slider' }, make('label', { for: 'delay' }, 'Delay'), this.#delayValue, this.#delay),
      note('Begins so much later, where other loudspeakers lag behind.'),
      row(this.#quiet, 'Quiet hours'),
      this.#hours,
      row(this.#savesData, 'Save data', '24 kbit/s instead of 384, sound as Opus.', NEEDS.savesData()),
      row(this.#keepsScreen, 'Keep the screen on', '', NEEDS.keepsScreen()),
      row(this.#playsOn, 'Go on in the background', 'For phones. Other apps fall silent meanwhile.'),
      row(this.#notifies, 'Notify me', 'When this page is hidden or silent.', NEEDS.notifies()),
      this.#mutedTitle,
      this.#muted,
    ];
    this.replaceChildren(make('details', {}, summary, ...rows));
    this.#listen();
  }

  /** @param {import('../player/preferences.js').Choices} choices */
  set choices(choices) {
    this.#delay.value = String(choices.delayMs);
    this.#showDelay();
    this.#savesData.checked = choices.savesData;
    this.#quiet.checked = choices.isQuietAtNight;
    this.#hours.hidden = !choices.isQuietAtNight;
    if (document.activeElement !== this.#from) this.#from.value = choices.quietFrom;
    if (document.activeElement !== this.#to) this.#to.value = choices.quietTo;
    this.#keepsScreen.checked = choices.keepsScreen;
    this.#playsOn.checked = choices.playsOn;
    this.#notifies.checked = choices.notifies;
    this.#muted.replaceChildren(...choices.mutedVoices.map((voice) => this.#mutedVoice(voice)));
    this.#mutedTitle.hidden = this.#muted.hidden = choices.mutedVoices.length === 0;
  }

  #listen() {
    this.#delay.addEventListener('input', () => this.#showDelay());
    this.#delay.addEventListener('change', () => this.#choose({ delayMs: Number(this.#delay.value) }));
    this.#savesData.addEventListener('change', () => this.#choose({ savesData: this.#savesData.checked }));
    this.#quiet.addEventListener('change', () => this.#choose({ isQuietAtNight: this.#quiet.checked }));
    this.#from.addEventListener('change', () => this.#from.value && this.#choose({ quietFrom: this.#from.value }));
    this.#to.addEventListener('change', () => this.#to.value && this.#choose({ quietTo: this.#to.value }));
    this.#keepsScreen.addEventListener('change', () => this.#choose({ keepsScreen: this.#keepsScreen.checked }));
    this.#playsOn.addEventListener('change', () => this.#choose({ playsOn: this.#playsOn.checked }));
    this.#notifies.addEventListener('change', () => {
      if (this.#notifies.checked) this.dispatchEvent(new Event('notify'));
      else this.#choose({ notifies: false });
    });
  }

  #showDelay() {
    this.#delayValue.textContent = `${this.#delay.value} ms`;
    this.#delay.setAttribute('aria-valuetext', `${this.#delay.value} milliseconds`);
  }

  /** @param {string} voice */
  #mutedVoice(voice) {
    const button = make('button', { type: 'button', class: 'plain', 'aria-label': `Unmute ${voice}` }, 'Unmute');
    button.addEventListener('click', () => this.dispatchEvent(new CustomEvent('unmute', { detail: voice })));
    return make('li', {}, make('span', {}, voice), button);
  }

  /** @param {Partial<import('../player/preferences.js').Choices>} choices */
  #choose(choices) {
    this.dispatchEvent(new CustomEvent('choose', { detail: choices }));
  }
}

/** @param {string} id */
function check(id) {
  return make('input', { type: 'checkbox', id, 'aria-describedby': `${id}-why` });
}

/** @param {string} words */
function note(words) {
  return make('p', { class: 'note' }, words);
}

/**
 * @param {HTMLInputElement} input
 * @param {string} label
 * @param {string} why
 * @param {boolean} isPossible
 */
function row(input, label, why = '', isPossible = true) {
  const words = make('p', { class: 'note', id: `${input.id}-why` }, why);
  return make('div', { hidden: !isPossible }, make('label', { class: 'check' }, input, label), words);
}

customElements.define('hearsay-settings', HearsaySettings);
