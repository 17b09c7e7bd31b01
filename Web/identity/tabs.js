/** Knows the listeners of this profile's other tabs, to say where a sentence sounds. */
export class Tabs {
  #channel = new BroadcastChannel('hearsay.tabs');
  #own = '';
  /** @type {Set<string>} */
  #others = new Set();

  constructor() {
    this.#channel.onmessage = ({ data }) => this.#receive(data);
    this.#channel.postMessage({ type: 'who' });
  }

  /** @param {string} listener */
  set own(listener) {
    this.#own = listener;
    this.#channel.postMessage({ type: 'here', listener });
  }

  get own() {
    return this.#own;
  }

  /** @param {string} listener */
  isOther(listener) {
    return this.#others.has(listener);
  }

  /** @param {{type: 'who'} | {type: 'here', listener: string}} message */
  #receive(message) {
    if (message.type === 'here') this.#others.add(message.listener);
    else if (this.#own) this.#channel.postMessage({ type: 'here', listener: this.#own });
  }
}
