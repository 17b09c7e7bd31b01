import { Backoff } from './backoff.js';
import { Kind, parseFrame } from './frames.js';
import { canDecodeOpus } from './opus-channel.js';
import { Reception } from './reception.js';

/** What the page wants to be told; a name ending in `*` stands for all that begin so. */
const EVENTS = ['job.*', 'listener.*', 'server.*'];
/** After one of these nothing more is expected of a job. */
const ENDS = ['job.finished', 'job.aborted', 'job.failed'];
/** The server pings every connection; after so much silence something between is dead. */
const SILENCE_MS = 20_000;
const ANSWER_MS = 5_000;
/** A connection that lived so long worked; one that did not is a failed attempt. */
const STEADY_MS = 3_000;
/** What a server that is full or limits us can ask for. */
const BUSY_MS = 5_000;

/**
 * @typedef {object} LinkSettings
 * @property {string} url
 * @property {string} token
 * @property {string} output The id of this browser profile's loudspeakers.
 * @property {string} device What people call this listener.
 * @property {number} sampleRate
 * @property {number} startLatencyMs
 * @property {Trim} trim
 * @property {boolean} savesData Whether sound is to come as Opus where the browser can decode it.
 * @property {number} lastSeq The last fact the page before a reload had seen; 0 for none.
 * @property {Resume | null} resume What the page before a reload was playing.
 *
 * @typedef {{listener_id: string, job_id: string, received_ms: number}} Resume
 *
 * @typedef {{ready: true} | {ready: false, reason: 'suspended' | 'muted' | 'no_device' | 'quiet_hours'}} Readiness
 *
 * @typedef {{volume: number, delay_ms: number, mute: {voices: string[]}}} Trim How a listener is set, as the server takes it.
 *
 * @typedef {{state: 'connecting'} | {state: 'connected', server: string}
 *   | {state: 'waiting', retryInMs: number, attempts: number, cause: 'lost' | 'stopping' | 'busy'}
 *   | {state: 'refused', cause: 'token' | 'forbidden' | 'listener'}} Connection
 *
 * @typedef {{type: 'connection', connection: Connection}
 *   | {type: 'listener', id: string}
 *   | {type: 'event', event: Record<string, any>}} Notice What the page is told.
 */

/** One place at the server, over as many sockets as it takes. */
export class LinkSession {
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Map<number, (answer: Record<string, any>) => void>} */
  #waiting = new Map();
  #requests = 0;
  #backoff = new Backoff();
  #retry = 0;
  #watch = 0;
  #isVisible = true;
  #isStopping = false;
  /** The last fact seen, so that none is missed over a reconnect. */
  #lastSeq = 0;
  /** @type {Readiness} */
  #readiness = { ready: false, reason: 'suspended' };
  /** The listener's id once the server has given it; kept over a lost socket to resume. */
  #listener = '';
  #isOpen = false;
  #openedAt = Infinity;
  #savesData;
  #trim;
  /** False once a decoder has failed on us. */
  #trustsOpus = true;
  #reception;
  #settings;
  #notify;

  /**
   * @param {LinkSettings} settings
   * @param {MessagePort} sink Where samples go and reports come from.
   * @param {(notice: Notice) => void} notify
   */
  constructor(settings, sink, notify) {
    this.#settings = settings;
    this.#notify = notify;
    this.#savesData = settings.savesData;
    this.#trim = settings.trim;
    this.#reception = new Reception(sink, settings.sampleRate, (report) => this.#sendReport(report));
    this.#reception.onAlive = () => this.#isOpen && this.#readiness.ready && this.#sendReadiness();
    this.#reception.onBroken = () => this.#distrustOpus();
    this.#lastSeq = settings.lastSeq;
    if (settings.resume) {
      this.#listener = settings.resume.listener_id;
      this.#reception.adopt(settings.resume.job_id, settings.resume.received_ms);
    }
  }

  /** Opens the socket; from then on it opens itself again until the link is refused. */
  async connect() {
    clearTimeout(this.#retry);
    this.#retry = 0;
    this.#notify({ type: 'connection', connection: { state: 'connecting' } });
    if (this.#backoff.attempts > 1 && !(await isServerThere())) return this.#waitToRetry(1006);
    const socket = new WebSocket(this.#settings.url, ['hearsay.v1', `bearer.${this.#settings.token}`]);
    this.#socket = socket;
    socket.binaryType = 'arraybuffer';
    socket.onopen = () => this.#greet();
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code }) => this.#closed(socket, code);
  }

  /** @param {Readiness} readiness */
  set readiness(readiness) {
    this.#readiness = readiness;
    if (this.#isOpen) this.#sendReadiness();
    // What sounds when the quiet hours begin is said to its end.
    if (!readiness.ready && readiness.reason !== 'quiet_hours') this.#reception.flush(0);
  }

  /** @param {Trim} trim */
  set trim(trim) {
    this.#trim = trim;
    if (this.#isOpen) this.#send({ type: 'listener.update', listener_id: this.#listener, ...trim });
  }

  /** @param {boolean} savesData */
  set savesData(savesData) {
    if (savesData === this.#savesData) return;
    this.#savesData = savesData;
    this.#openAgain();
  }

  /** @param {boolean} isVisible */
  set isVisible(isVisible) {
    this.#isVisible = isVisible;
    if (isVisible) this.wake();
  }

  /** Somebody looks, or the network is back: tries again at once, or sees whether the socket lives. */
  wake() {
    if (this.#retry !== 0) this.connect();
    else if (this.#isOpen) this.#probe();
  }

  // MARK: Opening

  async #greet() {
    const welcome = await this.#ask('hello', { client: { name: 'player', version: '1' } });
    if (welcome.type !== 'welcome') return;
    this.#subscribe();
    await this.#openListener();
    this.#openedAt = performance.now();
    const server = `${welcome.server?.name ?? 'Hearsay'} ${welcome.server?.version ?? ''}`.trim();
    if (this.#isOpen) this.#notify({ type: 'connection', connection: { state: 'connected', server } });
  }

  #subscribe() {
    const since = this.#lastSeq > 0 ? { last_seq: this.#lastSeq } : {};
    this.#ask('subscribe', { events: EVENTS, ...since });
  }

  async #openListener() {
    const held = this.#readiness.ready ? this.#reception.held : null;
    const resume = held && this.#listener ? { resume: { listener_id: this.#listener, ...held } } : {};
    let answer = await this.#askForListener(resume);
    if (answer.type !== 'ok' && held) answer = await this.#askForListener({});
    if (answer.type !== 'ok') return this.#refuse('listener');
    if (!answer.resumed) this.#reception.abandon();
    this.#listener = answer.listener_id;
    this.#isOpen = true;
    this.#notify({ type: 'listener', id: this.#listener });
    this.#sendReadiness();
    this.#reception.repeatReport();
  }

  /** @param {{resume?: Resume}} resume */
  async #askForListener(resume) {
    const { output, device, sampleRate, startLatencyMs } = this.#settings;
    const wantsOpus = this.#savesData && this.#trustsOpus && (await canDecodeOpus());
    return this.#ask('listener.open', {
      kind: 'browser',
      output,
      device,
      formats: wantsOpus ? ['opus', 'pcm_s16'] : ['pcm_s16'],
      sample_rate: sampleRate,
      start_latency_ms: startLatencyMs,
      ...this.#trim,
      ...this.#readiness,
      ...resume,
    });
  }

  #sendReadiness() {
    this.#send({ type: 'listener.state', listener_id: this.#listener, ...this.#readiness });
  }

  /** @param {import('./reception.js').Playback} report */
  #sendReport(report) {
    if (this.#isOpen) this.#send({ type: 'playback', listener_id: this.#listener, ...report });
  }

  // MARK: Messages

  /**
   * Sends a command and waits for its answer; after a lost socket the answer never comes.
   *
   * @param {string} type
   * @param {object} fields
   * @returns {Promise<Record<string, any>>}
   */
  #ask(type, fields) {
    this.#requests += 1;
    const req = this.#requests;
    this.#send({ type, req, ...fields });
    return new Promise((resolve) => this.#waiting.set(req, resolve));
  }

  /** @param {object} message */
  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /** @param {string | ArrayBuffer} data */
  #receive(data) {
    this.#expectMore();
    if (typeof data !== 'string') return this.#receiveFrame(data);
    const message = JSON.parse(data);
    const answered = this.#waiting.get(message.req);
    if (answered) {
      this.#waiting.delete(message.req);
      answered(message);
    } else if (message.type === 'audio.begin') {
      this.#reception.begin(message);
    } else {
      this.#receiveEvent(message);
    }
  }

  /** @param {Record<string, any>} event */
  #receiveEvent(event) {
    if (Number.isSafeInteger(event.seq)) this.#lastSeq = event.seq;
    if (event.type === 'server.stopping') this.#isStopping = true;
    // The server no longer counts on a listener whose confirmation it missed, until it hears that it is ready again.
    if (event.type === 'listener.failed' && event.listener_id === this.#listener) this.#reception.prove();
    if (ENDS.includes(event.type)) this.#reception.forget(event.job_id);
    this.#notify({ type: 'event', event });
  }

  /** @param {ArrayBuffer} buffer */
  #receiveFrame(buffer) {
    const frame = parseFrame(buffer);
    if (frame?.kind === Kind.audio) this.#reception.audio(frame);
    if (frame?.kind === Kind.end) this.#reception.end(frame);
    if (frame?.kind === Kind.flush) this.#reception.flush(frame.channel);
  }

  // MARK: Silence, loss and refusal

  /** Goes on over a new socket, on which the sound comes in another form: what is held here sounds meanwhile. */
  #openAgain() {
    const socket = this.#socket;
    if (!socket || !this.#isOpen) return;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
    this.#forgetSocket();
    this.connect();
  }

  #distrustOpus() {
    this.#trustsOpus = false;
    this.#openAgain();
  }

  #expectMore() {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#probe(), SILENCE_MS);
  }

  #probe() {
    const socket = this.#socket;
    clearTimeout(this.#watch);
    this.#ask('ping', {});
    this.#watch = setTimeout(() => socket && this.#lose(socket), ANSWER_MS);
  }

  /**
   * Gives up a socket that is dead on the other side: its own `close` would wait for an answer.
   *
   * @param {WebSocket} socket
   */
  #lose(socket) {
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
    this.#closed(socket, 1006);
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   */
  #closed(socket, code) {
    if (socket !== this.#socket) return;
    this.#forgetSocket();
    if (code === 4401) return this.#refuse('token');
    if (code === 4403) return this.#refuse('forbidden');
    this.#waitToRetry(code);
  }

  #forgetSocket() {
    clearTimeout(this.#watch);
    if (performance.now() - this.#openedAt > STEADY_MS) this.#backoff.reset();
    this.#openedAt = Infinity;
    this.#socket = null;
    this.#isOpen = false;
    this.#waiting.clear();
  }

  /** @param {number} code */
  #waitToRetry(code) {
    const isBusy = code === 4429 || code === 4400 || code === 1009;
    const retryInMs = this.#backoff.next(this.#isVisible, isBusy ? BUSY_MS : 0);
    const { attempts } = this.#backoff;
    const cause = isBusy || code === 1013 ? 'busy' : this.#isStopping || code === 1001 ? 'stopping' : 'lost';
    this.#isStopping = false;
    this.#retry = setTimeout(() => this.connect(), retryInMs);
    this.#notify({ type: 'connection', connection: { state: 'waiting', retryInMs, attempts, cause } });
  }

  /** @param {'token' | 'forbidden' | 'listener'} cause */
  #refuse(cause) {
    const socket = this.#socket;
    this.#socket = null;
    this.#isOpen = false;
    socket?.close();
    this.#reception.flush(0);
    this.#notify({ type: 'connection', connection: { state: 'refused', cause } });
  }
}

/**
 * Knocks before a socket is tried once more: after each socket that failed Firefox delays the next one, by up to a minute,
 * and then the page would be late when the server is back.
 */
function isServerThere() {
  const patience = new AbortController();
  const end = setTimeout(() => patience.abort(), ANSWER_MS);
  return fetch('/health', { cache: 'no-store', signal: patience.signal })
    .then(
      () => true,
      () => false,
    )
    .finally(() => clearTimeout(end));
}
