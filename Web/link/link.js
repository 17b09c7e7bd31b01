/** The page's end of the worker that holds the socket. */
export class Link extends EventTarget {
  #worker = new Worker('/web/link/link-worker.js', { type: 'module', name: 'hearsay-link' });

  constructor() {
    super();
    this.#worker.onmessage = ({ data }) => this.#announce(data);
    document.addEventListener('visibilitychange', () => this.#tellVisibility());
    window.addEventListener('online', () => this.#send({ type: 'wake' }));
    window.addEventListener('pageshow', () => this.#send({ type: 'wake' }));
  }

  /**
   * Connects, and stays connected until the link is refused.
   *
   * @param {import('./session.js').LinkSettings} settings
   * @param {MessagePort} sink Where samples go.
   * @param {import('./session.js').Readiness} readiness
   */
  start(settings, sink, readiness) {
    this.#worker.postMessage({ type: 'start', settings, sink, readiness }, [sink]);
    this.#tellVisibility();
  }

  /** @param {import('./session.js').Readiness} readiness */
  set readiness(readiness) {
    this.#send({ type: 'readiness', readiness });
  }

  /** @param {import('./session.js').Trim} trim */
  set trim(trim) {
    this.#send({ type: 'trim', trim });
  }

  /** @param {boolean} savesData Whether sound is to come as Opus. */
  set savesData(savesData) {
    this.#send({ type: 'savesData', savesData });
  }

  #tellVisibility() {
    this.#send({ type: 'visible', isVisible: document.visibilityState === 'visible' });
  }

  /** @param {import('./link-worker.js').LinkCommand} command */
  #send(command) {
    this.#worker.postMessage(command);
  }

  /** @param {import('./session.js').Notice} notice */
  #announce(notice) {
    if (notice.type === 'connection') this.dispatchEvent(new CustomEvent('connection', { detail: notice.connection }));
    if (notice.type === 'listener') this.dispatchEvent(new CustomEvent('listener', { detail: notice.id }));
    if (notice.type === 'event') this.dispatchEvent(new CustomEvent('event', { detail: notice.event }));
  }
}
