import { Drafts } from './drafts.js';
import { Notebook } from './notebook.js';
import { fileName, saveFile } from './save-file.js';

/** What takes text back. */
const DELETIONS = ['draft.deleted', 'transcript.deleted'];

/**
 * @typedef {object} Places Where it is shown.
 * @property {import('../components/hearsay-drafts.js').HearsayDrafts} drafts
 * @property {import('../components/hearsay-find.js').HearsayFind} find
 * @property {import('../components/hearsay-transcript.js').HearsayTranscript} live What is said now.
 *
 * @typedef {import('./drafts.js').Draft} Draft
 * @typedef {import('../components/hearsay-download.js').FileForm} FileForm
 */

/** Reads what was said before: drafts, and what is found in everything. */
export class Reading {
  #notebook;
  #places;
  #drafts = new Drafts();
  /** @type {number | undefined} Where the next page of drafts begins. */
  #older = undefined;
  /** @type {number | undefined} Where the next page of what was found begins. */
  #more = undefined;
  #questions = 0;

  /**
   * @param {string} token
   * @param {Places} places
   */
  constructor(token, places) {
    this.#notebook = new Notebook(token);
    this.#places = places;
    const { drafts, find } = places;
    drafts.addEventListener('older', () => this.#list(this.#older));
    for (const [type, act] of /** @type {const} */ ([['hear', this.#hear], ['save', this.#save], ['delete', this.#delete]])) {
      drafts.addEventListener(type, (event) => this.#acted(/** @type {CustomEvent} */ (event), act));
    }
    find.addEventListener('find', () => this.#find());
    find.addEventListener('group', () => this.#find());
    find.addEventListener('more', () => this.#findMore());
    find.addEventListener('download', (event) => this.#saveSaid(/** @type {CustomEvent} */ (event).detail));
  }

  /** Looks at what there is, after a connection was made. */
  refresh() {
    this.#drafts = new Drafts();
    this.#list(undefined);
  }

  /** @param {Record<string, any>} event */
  apply(event) {
    if (this.#drafts.apply(event)) this.#show();
    // What was found may be gone.
    if (DELETIONS.includes(event.type) && this.#places.find.words !== '') this.#find();
  }

  #show() {
    this.#places.drafts.drafts = this.#drafts.newestFirst;
  }

  // MARK: Drafts

  /** @param {number | undefined} before */
  async #list(before) {
    const shown = this.#places.drafts;
    try {
      const { drafts, next } = await this.#notebook.drafts(before);
      this.#drafts.add(drafts);
      this.#older = next;
      shown.isThereMore = next !== undefined;
      shown.fault = '';
      this.#show();
    } catch (error) {
      shown.fault = /** @type {Error} */ (error).message;
    }
  }

  /**
   * @param {CustomEvent<{draft: Draft, form: FileForm}>} event
   * @param {(draft: Draft, shown: import('../components/hearsay-draft.js').HearsayDraft, form: FileForm) => Promise<void>} act
   */
  async #acted({ target, detail }, act) {
    const shown = /** @type {import('../components/hearsay-draft.js').HearsayDraft} */ (target);
    try {
      await act.call(this, detail.draft, shown, detail.form);
    } catch (error) {
      shown.fault = /** @type {Error} */ (error).message;
    }
  }

  /**
   * @param {Draft} draft
   * @param {import('../components/hearsay-draft.js').HearsayDraft} shown
   */
  async #hear({ id }, shown) {
    shown.sound = await this.#notebook.sound(id);
  }

  /**
   * @param {Draft} draft
   * @param {import('../components/hearsay-draft.js').HearsayDraft} _
   * @param {FileForm} form
   */
  async #save({ id, at }, _, form) {
    const contents = form === 'wav' ? this.#notebook.sound(id) : this.#notebook.text(id, form);
    saveFile(await contents, fileName('draft', at, form));
  }

  /** @param {Draft} draft */
  async #delete({ id }) {
    await this.#notebook.delete(id);
    this.#drafts.remove(id);
    this.#show();
  }

  // MARK: Everything

  async #find() {
    const { find, live } = this.#places;
    const isLooking = find.words !== '';
    live.hidden = isLooking;
    if (!isLooking) {
      this.#questions += 1;
      find.clear();
      return live.goToEnd();
    }
    return this.#look(undefined);
  }

  #findMore() {
    return this.#look(this.#more);
  }

  /** @param {number | undefined} before */
  async #look(before) {
    const { find } = this.#places;
    this.#questions += 1;
    const question = this.#questions;
    try {
      const { transcripts, next } = await this.#notebook.find(find.words, find.group, before);
      // Other words have been asked for since.
      if (question !== this.#questions) return;
      if (before === undefined) find.clear();
      this.#more = next;
      find.add(transcripts, next !== undefined);
    } catch (error) {
      if (question === this.#questions) find.fault = /** @type {Error} */ (error).message;
    }
  }

  /** @param {FileForm} form */
  async #saveSaid(form) {
    const { find } = this.#places;
    if (form === 'wav') return;
    try {
      saveFile(await this.#notebook.said(form, find.words, find.group), fileName(find.group || 'said', new Date(), form));
      find.fault = '';
    } catch (error) {
      find.fault = /** @type {Error} */ (error).message;
    }
  }
}
