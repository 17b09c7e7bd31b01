/** More than anybody scrolls through; what was said before is found by the server. */
const LIMIT = 200;

/**
 * @typedef {object} Line What somebody said, or is saying.
 * @property {string} id
 * @property {string} session
 * @property {string} source
 * @property {string} speaker Who spoke; empty where that is not known.
 * @property {string} group Of whose transcript it is a part; empty where it is of none.
 * @property {Date} at When it began, as far as is known.
 * @property {string} confirmed What stays.
 * @property {string} tentative What may still change.
 * @property {boolean} isFinal
 * @property {string} engine
 * @property {string[]} commands What it ordered: names of commands, with what fills their slots.
 * @property {string} fault Why there is no text.
 */

/** Everything that was said, by the events that told it. */
export class Transcripts {
  /** @type {Map<string, Line>} In the order in which it was told. */
  #lines = new Map();
  /** @type {Map<string, {level: number, speaker: string, group: string, isPaused: boolean}>} Those that are open. */
  sources = new Map();

  /** In the order in which it began. */
  get lines() {
    return [...this.#lines.values()].sort((one, other) => one.at.getTime() - other.at.getTime());
  }

  /** The names of all groups that something is known of. */
  get groups() {
    const names = [...this.sources.values(), ...this.#lines.values()].map(({ group }) => group);
    return [...new Set(names)].filter((name) => name !== '').sort();
  }

  /**
   * @param {Record<string, any>} event
   * @returns {boolean} Whether that changed anything to see.
   */
  apply(event) {
    switch (event.type) {
      case 'source.started':
      case 'source.updated':
        this.sources.set(event.source_id, {
          level: -96,
          speaker: event.speaker ?? '',
          group: event.group ?? '',
          isPaused: event.paused === true,
        });
        return true;
      case 'source.stopped':
        return this.sources.delete(event.source_id);
      case 'level':
        return this.#setLevel(event);
      case 'transcript.partial':
        return this.#change(event, { confirmed: event.confirmed, tentative: event.tentative });
      case 'transcript.final':
      case 'transcript.revised':
        return this.#change(event, { confirmed: event.text, tentative: '', isFinal: true, engine: event.engine });
      case 'transcript.failed':
        return this.#fail(event);
      case 'group.said':
        // What was taken back meanwhile does not come back.
        if (!this.#lines.has(event.utterance_id)) return false;
        return this.#change(event, { group: event.group, at: new Date(event.said_at) });
      case 'draft.deleted':
        return this.#forget(({ id }) => event.utterance_ids.includes(id));
      case 'transcript.deleted':
        return this.#forget(({ session }) => session === event.session_id);
      case 'command.matched':
        return this.#change(event, { commands: [...(this.#lines.get(event.utterance_id)?.commands ?? []), order(event)] });
      default:
        return false;
    }
  }

  /** @param {(line: Line) => boolean} isGone */
  #forget(isGone) {
    const gone = this.lines.filter(isGone);
    for (const { id } of gone) this.#lines.delete(id);
    return gone.length > 0;
  }

  /** @param {Record<string, any>} event */
  #setLevel({ source_id, level_db }) {
    const source = this.sources.get(source_id);
    if (source) source.level = level_db;
    return source !== undefined;
  }

  /**
   * @param {Record<string, any>} event
   * @param {Partial<Line>} change
   */
  #change(event, change) {
    const id = event.utterance_id;
    if (typeof id !== 'string') return false;
    const known = this.#lines.get(id);
    // A late reading of what has its final text already says nothing new.
    if (known?.isFinal && event.type === 'transcript.partial') return false;
    this.#lines.set(id, { ...(known ?? this.#begun(event)), ...change });
    const oldest = this.#lines.keys().next().value;
    if (this.#lines.size > LIMIT && oldest !== undefined) this.#lines.delete(oldest);
    return true;
  }

  /**
   * @param {Record<string, any>} event
   * @returns {Line}
   */
  #begun({ utterance_id, session_id, source_id, at }) {
    return {
      id: utterance_id,
      session: session_id ?? '',
      source: source_id ?? '',
      speaker: this.sources.get(source_id)?.speaker ?? '',
      group: this.sources.get(source_id)?.group ?? '',
      at: new Date(at),
      confirmed: '',
      tentative: '',
      isFinal: false,
      engine: '',
      commands: [],
      fault: '',
    };
  }

  /** @param {Record<string, any>} event */
  #fail(event) {
    if (event.code === 'no_speech') return this.#lines.delete(event.utterance_id);
    return this.#change(event, { confirmed: '', tentative: '', isFinal: true, fault: event.code });
  }
}

/** @param {Record<string, any>} event That told of a command. */
function order({ name, slots }) {
  const filled = Object.values(slots ?? {});
  return filled.length > 0 ? `${name}: ${filled.join(', ')}` : name;
}
