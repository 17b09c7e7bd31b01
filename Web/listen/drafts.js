/**
 * @typedef {object} Draft What was dictated, or is being dictated.
 * @property {string} id
 * @property {string} text
 * @property {Date} at When it began.
 * @property {string} session
 * @property {string} source
 * @property {string} speaker Empty where nobody said.
 * @property {string[]} engines Who read it.
 * @property {boolean} isGrowing
 * @property {boolean} isRevised
 * @property {number | null} lengthMs Of its recording; null where there is none.
 *
 * @typedef {import('./notebook.js').NotedDraft} NotedDraft
 */

/** All drafts the page knows of, by what the server lists and the events that tell of more. */
export class Drafts {
  /** @type {Map<string, Draft>} */
  #drafts = new Map();
  /** What was deleted: a list from before, or a second reading that was under way, does not bring it back. */
  #deleted = /** @type {Set<string>} */ (new Set());

  /** The newest first. */
  get newestFirst() {
    return [...this.#drafts.values()].sort((one, other) => other.at.getTime() - one.at.getTime());
  }

  /** @param {NotedDraft[]} drafts As the server lists them. */
  add(drafts) {
    for (const draft of drafts) this.#put(draft);
  }

  /**
   * @param {Record<string, any>} event
   * @returns {boolean} Whether that changed anything to see.
   */
  apply(event) {
    switch (event.type) {
      case 'draft.started':
      case 'draft.updated':
      case 'draft.ended':
      case 'draft.revised':
        this.#put(event.draft);
        return true;
      case 'recording.saved':
        return this.#recorded(event.draft_id, event.duration_ms);
      case 'draft.deleted':
        return this.remove(event.draft_id);
      case 'transcript.deleted':
        return this.#forget(event.session_id);
      default:
        return false;
    }
  }

  /**
   * @param {string} id
   * @returns {boolean} Whether there was one.
   */
  remove(id) {
    this.#deleted.add(id);
    return this.#drafts.delete(id);
  }

  /** @param {NotedDraft} draft */
  #put({ draft_id, text, started_at, session_id, source_id, speaker, engines, ended_at, revised, recording }) {
    if (this.#deleted.has(draft_id)) return;
    const known = this.#drafts.get(draft_id);
    // A list from before its end does not open it again.
    if (known && !known.isGrowing && ended_at === undefined) return;
    this.#drafts.set(draft_id, {
      id: draft_id,
      text,
      at: new Date(started_at),
      session: session_id,
      source: source_id,
      speaker: speaker ?? '',
      engines: engines ?? [],
      isGrowing: ended_at === undefined,
      isRevised: revised,
      lengthMs: recording?.duration_ms ?? known?.lengthMs ?? null,
    });
  }

  /** @param {string} session Of which nothing is kept but what grows. */
  #forget(session) {
    const gone = this.newestFirst.filter((draft) => draft.session === session && !draft.isGrowing);
    for (const { id } of gone) this.remove(id);
    return gone.length > 0;
  }

  /**
   * @param {string} id
   * @param {number} lengthMs
   */
  #recorded(id, lengthMs) {
    const draft = this.#drafts.get(id);
    if (draft) this.#drafts.set(id, { ...draft, lengthMs });
    return draft !== undefined;
  }
}
