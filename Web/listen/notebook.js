/** As many drafts, and as many places where words were found, come at once. */
const PAGE = 20;

/**
 * The forms in which text leaves the page, with the endings of their files.
 *
 * @typedef {'txt' | 'srt' | 'vtt' | 'json'} Form
 *
 * @typedef {object} NotedDraft A draft as the server keeps it.
 * @property {string} draft_id
 * @property {string} session_id
 * @property {string} source_id
 * @property {string} [speaker]
 * @property {string} started_at
 * @property {string} [ended_at] Absent while it grows.
 * @property {string} text
 * @property {boolean} revised
 * @property {string[]} [engines] Who read it; absent while nothing of it is read.
 * @property {{duration_ms: number}} [recording]
 *
 * @typedef {object} Noted Something that was said.
 * @property {string} utterance_id
 * @property {string} source_id
 * @property {string} [speaker]
 * @property {string} [group]
 * @property {string} said_at When it began.
 * @property {string} text
 * @property {string} engine
 */

/** What to do where a link may not do what was asked; by what was asked. */
const ADVICE = {
  GET: 'This link may not read what was said. Make one that may: hearsay token create --scope listen,events,capture',
  DELETE: 'This link may not delete what was said. Make one that may: hearsay token create --scope listen,events,capture,control',
};

/** Everything that was said and kept, by questions to the server. All throw an `Error` with words for people. */
export class Notebook {
  #headers;

  /** @param {string} token */
  constructor(token) {
    this.#headers = { Authorization: `Bearer ${token}` };
  }

  /**
   * @param {number | undefined} before The `next` of an earlier answer.
   * @returns {Promise<{drafts: NotedDraft[], next?: number}>} The newest first.
   */
  async drafts(before) {
    return (await this.#ask('GET', `/v1/drafts?${query({ limit: PAGE, before })}`)).json();
  }

  /**
   * @param {string} words
   * @param {string} group Where it was said; anywhere where there is none.
   * @param {number | undefined} before The `next` of an earlier answer.
   * @returns {Promise<{transcripts: Noted[], next?: number}>} The newest first.
   */
  async find(words, group, before) {
    return (await this.#ask('GET', `/v1/transcripts?${query({ q: words, group: group || undefined, limit: PAGE, before })}`)).json();
  }

  /**
   * @param {Form} form
   * @param {string} words What it is about; everything where there are none.
   * @param {string} group Where it was said; anywhere where there is none.
   * @returns {Promise<Blob>}
   */
  async said(form, words, group) {
    const wanted = { format: form, q: words || undefined, group: group || undefined };
    return (await this.#ask('GET', `/v1/transcripts?${query(wanted)}`)).blob();
  }

  /**
   * @param {string} draft
   * @param {Form} form
   * @returns {Promise<Blob>}
   */
  async text(draft, form) {
    return (await this.#ask('GET', `${place(draft)}?format=${form}`)).blob();
  }

  /**
   * @param {string} draft
   * @returns {Promise<Blob>} As WAV.
   */
  async sound(draft) {
    return (await this.#ask('GET', `${place(draft)}/audio`)).blob();
  }

  /**
   * Deletes a draft with all that was said in it.
   *
   * @param {string} draft
   */
  async delete(draft) {
    await this.#ask('DELETE', place(draft));
  }

  /**
   * @param {'GET' | 'DELETE'} method
   * @param {string} path
   */
  async #ask(method, path) {
    const answer = await fetch(path, { method, headers: this.#headers, cache: 'no-store' }).catch(() => null);
    if (!answer) throw new Error('The server cannot be reached.');
    if (answer.ok) return answer;
    if (answer.status === 403) throw new Error(ADVICE[method]);
    const told = await answer.json().catch(() => ({}));
    throw new Error(`The server refused it: ${told.error?.message ?? answer.status}`);
  }
}

/** @param {string} draft Who made it chose its id: any characters may be in it. */
function place(draft) {
  return `/v1/drafts/${encodeURIComponent(draft)}`;
}

/** @param {Record<string, string | number | undefined>} fields Those that are undefined are left out. */
function query(fields) {
  const known = Object.entries(fields).filter(([, value]) => value !== undefined);
  return new URLSearchParams(known.map(([name, value]) => [name, String(value)])).toString();
}
