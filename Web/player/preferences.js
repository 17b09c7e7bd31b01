const STORED = 'hearsay.preferences';

/**
 * @typedef {object} Choices What was chosen for the loudspeakers of this browser profile.
 * @property {number} delayMs How much later than others they begin.
 * @property {boolean} savesData Whether sound is to come as Opus.
 * @property {boolean} isQuietAtNight Whether the quiet hours hold.
 * @property {string} quietFrom Such as `22:00`, on the clock of this machine.
 * @property {string} quietTo
 * @property {boolean} keepsScreen Whether the screen stays on.
 * @property {boolean} playsOn Whether a phone is asked to let the page sound while something else is in front.
 * @property {boolean} notifies Whether sentences are shown when the page cannot be seen or heard.
 * @property {string[]} mutedVoices
 */

/** What most people want. A phone that was told to save data is taken at its word. */
function usual() {
  const { connection } = /** @type {any} */ (navigator);
  return {
    delayMs: 0,
    savesData: connection?.saveData === true,
    isQuietAtNight: false,
    quietFrom: '22:00',
    quietTo: '07:00',
    keepsScreen: false,
    playsOn: false,
    notifies: false,
    mutedVoices: /** @type {string[]} */ ([]),
  };
}

/** Keeps the choices of this profile; sends `change` when one was made, here or in another tab. */
export class Preferences extends EventTarget {
  /** @type {Choices} */
  #choices = read();

  constructor() {
    super();
    window.addEventListener('storage', ({ key }) => key === STORED && this.#take(read()));
  }

  get choices() {
    return this.#choices;
  }

  /** @param {Partial<Choices>} changes */
  change(changes) {
    localStorage.setItem(STORED, JSON.stringify({ ...this.#choices, ...changes }));
    this.#take(read());
  }

  /** @param {Choices} choices */
  #take(choices) {
    this.#choices = choices;
    this.dispatchEvent(new Event('change'));
  }
}

/** @returns {Choices} */
function read() {
  return { ...usual(), ...JSON.parse(localStorage.getItem(STORED) ?? '{}') };
}
