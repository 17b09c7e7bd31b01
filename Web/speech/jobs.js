import { Words } from './words.js';

/** What was said is kept for reading, not as an archive. */
const SAID_LIMIT = 100;

/**
 * @typedef {'here' | 'other_tab' | 'elsewhere'} Place Where a sentence sounds.
 * @typedef {'heard' | 'unheard' | 'aborted' | 'failed'} Outcome
 *
 * @typedef {{voice: string, reason: string}} Fallback Another voice that speaks, and why.
 *
 * @typedef {object} Queued
 * @property {string} id
 * @property {string} text The beginning of it.
 * @property {boolean} isHeld Whether nobody can hear it now.
 *
 * @typedef {object} Sounding
 * @property {string} id
 * @property {string} text
 * @property {Place} place
 * @property {string} where The name of the device, or an empty string.
 * @property {string} voice Who was to speak; an empty string where that is not known.
 * @property {Fallback | null} fallback
 * @property {Words} words
 * @property {boolean} isOver Whether it has ended in our own ears, which the server may not have said yet.
 *
 * @typedef {object} Said
 * @property {string} id
 * @property {string} text What was heard of it.
 * @property {string} rest What was not.
 * @property {Outcome} outcome
 * @property {Place} place
 * @property {Fallback | null} fallback
 * @property {Date} at
 */

/** What is queued, what sounds and what was said, as far as the events tell. */
export class Jobs {
  /** @type {Map<string, Queued>} */
  queued = new Map();
  /** @type {Map<string, Sounding>} */
  sounding = new Map();
  /** @type {Said[]} The newest last. */
  said = [];
  /** The number of the newest fact taken in. */
  lastSeq = 0;
  /** @type {Map<string, string>} The devices of listeners, by their ids. */
  #devices = new Map();
  #placeOf;

  /** @param {(listener: string) => Place} placeOf */
  constructor(placeOf) {
    this.#placeOf = placeOf;
  }

  /** What a page after a reload needs to go on from here. */
  toJSON() {
    const sounding = [...this.sounding.values()].map(({ words, ...job }) => ({ ...job, words: words.list }));
    return { queued: [...this.queued.values()], sounding, said: this.said, lastSeq: this.lastSeq };
  }

  /** @param {any} kept What `toJSON` gave to the page before this one. */
  restore(kept) {
    this.queued = new Map(kept.queued.map((/** @type {Queued} */ job) => [job.id, job]));
    for (const job of kept.sounding) this.sounding.set(job.id, { ...job, words: new Words(job.words) });
    this.said = kept.said.map((/** @type {any} */ said) => ({ ...said, at: new Date(said.at) }));
    this.lastSeq = kept.lastSeq;
  }

  /** What the page shows as being said now: what sounds here, else what sounds elsewhere. */
  get current() {
    const all = [...this.sounding.values()].filter(({ isOver }) => !isOver);
    return all.find(({ place }) => place === 'here') ?? all.at(-1) ?? null;
  }

  /**
   * Takes in whether a job sounds in our own ears.
   *
   * @param {string} id
   * @param {boolean} isOver
   * @returns {boolean} Whether something to be shown has changed.
   */
  hear(id, isOver) {
    const job = this.sounding.get(id);
    if (!job || job.isOver === isOver) return false;
    job.isOver = isOver;
    return true;
  }

  /**
   * Takes in an event.
   *
   * @param {Record<string, any>} event
   * @returns {boolean} Whether something to be shown has changed, other than the spoken word.
   */
  apply(event) {
    const id = event.job_id;
    if (Number.isSafeInteger(event.seq)) this.lastSeq = event.seq;
    switch (event.type) {
      case 'job.queued':
        this.queued.set(id, { id, text: event.text_preview ?? '', isHeld: false });
        return true;
      case 'job.held':
        return this.#hold(id);
      case 'job.started':
        this.#start(event);
        return true;
      case 'job.moved':
        return this.#move(id, event.to ?? []);
      case 'job.words':
        this.sounding.get(id)?.words.add(event.words ?? []);
        return false;
      case 'job.progress':
        this.sounding.get(id)?.words.jump(event);
        return false;
      case 'job.finished':
        return this.#end(event, event.heard === 'none' ? 'unheard' : 'heard');
      case 'job.aborted':
        return this.#end(event, 'aborted');
      case 'job.failed':
        return this.#end(event, 'failed');
      case 'listener.attached':
        this.#devices.set(event.listener_id, event.device ?? '');
        return false;
      case 'listener.detached':
        this.#devices.delete(event.listener_id);
        return false;
      case 'events.lost':
        this.queued.clear();
        this.sounding.clear();
        return true;
      default:
        return false;
    }
  }

  /** @param {string} id */
  #hold(id) {
    const queued = this.queued.get(id);
    if (queued) queued.isHeld = true;
    return queued !== undefined;
  }

  /** @param {Record<string, any>} event */
  #start(event) {
    const text = event.text ?? this.queued.get(event.job_id)?.text ?? '';
    this.queued.delete(event.job_id);
    const words = new Words(event.words ?? []);
    const place = this.#locate(event.listeners ?? []);
    const [voice, fallback] = [event.voice ?? '', event.fallback ?? null];
    this.sounding.set(event.job_id, { id: event.job_id, text, words, isOver: false, voice, fallback, ...place });
  }

  /**
   * @param {string} id
   * @param {string[]} listeners
   */
  #move(id, listeners) {
    const job = this.sounding.get(id);
    if (job) Object.assign(job, this.#locate(listeners), { isOver: false });
    return job !== undefined;
  }

  /**
   * @param {Record<string, any>} event
   * @param {Outcome} outcome
   */
  #end(event, outcome) {
    const job = this.sounding.get(event.job_id);
    const text = job?.text ?? this.queued.get(event.job_id)?.text ?? '';
    this.sounding.delete(event.job_id);
    this.queued.delete(event.job_id);
    const said = event.delivered_text ?? (outcome === 'heard' ? text : '');
    const rest = event.unspoken_text ?? (outcome === 'heard' ? '' : text);
    const at = event.at ? new Date(event.at) : new Date();
    const fallback = event.fallback ?? job?.fallback ?? null;
    this.said.push({ id: event.job_id, text: said, rest, outcome, place: job?.place ?? 'elsewhere', fallback, at });
    if (this.said.length > SAID_LIMIT) this.said.shift();
    return true;
  }

  /**
   * @param {string[]} listeners
   * @returns {{place: Place, where: string}}
   */
  #locate(listeners) {
    const places = listeners.map(this.#placeOf);
    const place = places.includes('here') ? 'here' : places.includes('other_tab') ? 'other_tab' : 'elsewhere';
    return { place, where: listeners.map((id) => this.#devices.get(id)).find(Boolean) ?? '' };
  }
}
