/** The clock is looked at, because it can be set, and because a phone may sleep through any timer. */
const LOOK_MS = 15_000;
const DAY = 24 * 60;

/** Knows whether it is time to be quiet; sends `change` when that begins or ends. */
export class QuietHours extends EventTarget {
  /** @type {import('./preferences.js').Choices} */
  #choices;
  #isQuiet = false;
  /** Whether somebody asked for sound in spite of the hour, until these hours are over. */
  #isLifted = false;

  /** @param {import('./preferences.js').Choices} choices */
  constructor(choices) {
    super();
    this.#choices = choices;
    this.#look();
    setInterval(() => this.#look(), LOOK_MS);
    document.addEventListener('visibilitychange', () => this.#look());
  }

  /** @param {import('./preferences.js').Choices} choices */
  set choices(choices) {
    this.#choices = choices;
    this.#look();
  }

  get isQuiet() {
    return this.#isQuiet && !this.#isLifted;
  }

  /** Lets the page sound until the next quiet hours. */
  lift() {
    this.#isLifted = true;
    this.dispatchEvent(new Event('change'));
  }

  #look() {
    const { isQuietAtNight, quietFrom, quietTo } = this.#choices;
    const now = new Date();
    const isQuiet = isQuietAtNight && isBetween(now.getHours() * 60 + now.getMinutes(), quietFrom, quietTo);
    if (isQuiet === this.#isQuiet) return;
    this.#isQuiet = isQuiet;
    if (!isQuiet) this.#isLifted = false;
    this.dispatchEvent(new Event('change'));
  }
}

/**
 * Whether a minute of the day lies between two times; the second one may be on the next day.
 *
 * @param {number} minute
 * @param {string} from
 * @param {string} to
 */
export function isBetween(minute, from, to) {
  const [start, end] = [minutes(from), minutes(to)];
  return (minute - start + DAY) % DAY < (end - start + DAY) % DAY;
}

/** @param {string} time Such as `22:00`; midnight for what is no time. */
function minutes(time) {
  const [hour, minute] = time.split(':').map(Number);
  return (hour || 0) * 60 + (minute || 0);
}
