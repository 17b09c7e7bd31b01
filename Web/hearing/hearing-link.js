import { Backoff } from '../link/backoff.js';
import { LineWatch } from './line-watch.js';
import { OwnSource } from './own-source.js';

/** What the page wants to be told. */
const EVENTS = [
  'source.*',
  'speech.*',
  'transcript.*',
  'group.said',
  'command.matched',
  'draft.*',
  'recording.saved',
  'level',
  'server.stopping',
];
/** How long what was said is carried after its microphone: what an outage may last without a loss. */
const CARRIED_MS = 30_000;
/** After these the source is taken up again. */
const PASSING_REASONS = ['server_stopping', 'lost'];

/**
 * @typedef {import('../link/session.js').Connection} Connection
 *
 * @typedef {'on' | 'paused' | 'off'} SourceState
 */

/**
 * One page's connection for what is heard: follows the events, and carries the page's own microphone when there is one.
 * Sends `connection`, `event` (with whether it is of before), `source` (of the own one), `refused` (with the server's words),
 * `rest` (whether what was said into a stopped microphone is still to be sent) and `lost` (how many milliseconds of it never
 * will be).
 */
export class HearingLink extends EventTarget {
  #url;
  #token;
  #replays;
  /** @type {WebSocket | null} */
  #socket = null;
  /** @type {Map<number, (answer: Record<string, any>) => void>} */
  #waiting = new Map();
  #requests = 0;
  #backoff = new Backoff();
  #retry = 0;
  #line = new LineWatch(() => this.#ask('ping', {}), () => this.#socket && this.#closed(this.#socket, 1006));
  #isWanted = false;
  #lastSeq = 0;
  /** The last fact that comes again from before this connection. */
  #replayedTo = 0;
  /** @type {OwnSource | null} */
  #source = null;
  /** @type {Map<OwnSource, number>} Those whose microphone was stopped and whose end is not known, each with its timer. */
  #leaving = new Map();
  /** @type {Map<OwnSource, number>} Timers of what may be sent later. */
  #pumps = new Map();

  /**
   * @param {string} token
   * @param {boolean} replays Whether what was said before is to come too, as far as the server still has it.
   */
  constructor(token, replays) {
    super();
    this.#url = `${location.protocol === 'https:' ? 'wss:' : 'ws:'}//${location.host}/v1/ws`;
    this.#token = token;
    this.#replays = replays;
    document.addEventListener('visibilitychange', () => this.#wake());
    window.addEventListener('online', () => this.#wake());
  }

  /** The own source; an empty string while there is none. */
  get source() {
    return this.#source?.id ?? '';
  }

  /** Connects, and stays connected until it is refused. */
  start() {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#connect();
  }

  /**
   * Begins to carry a microphone; what it hears is kept until the server is there.
   *
   * @param {import('./own-source.js').Wishes} wishes
   * @param {boolean} isPaused Whether it is not to be heard yet.
   */
  async open(wishes, isPaused) {
    /** @type {OwnSource} */
    const source = new OwnSource(wishes, isPaused, () => this.#carry(source));
    this.#source = source;
    this.#tellSource();
    this.start();
    if (this.#socket?.readyState === WebSocket.OPEN) await this.#openSource(source);
  }

  /** Ends the source once all that was said is sent; what does not go within half a minute is lost. */
  close() {
    const source = this.#source;
    if (!source) return;
    this.#source = null;
    this.#leaving.set(source, setTimeout(() => this.#giveUp(source), CARRIED_MS));
    this.#tell('source', 'off');
    source.finish();
    this.#carry(source);
    this.#tellRest();
  }

  /** @param {Int16Array} samples What the microphone heard next. */
  add(samples) {
    if (!this.#source) return;
    this.#source.add(samples);
    this.#carry(this.#source);
  }

  get isPaused() {
    return this.#source?.isPaused ?? false;
  }

  /** Whether nothing is to be heard for a while; it ends what others asked for, too. */
  set isPaused(isPaused) {
    const source = this.#source;
    if (!source) return;
    source.pausesItself = isPaused;
    if (!isPaused) source.isPausedElsewhere = false;
    if (source.channel === 0) source.isPauseUntold = true;
    this.#carry(source);
    this.#tellSource();
  }

  /** Whether the sound of the own drafts is kept, as far as is known. */
  get records() {
    return this.#source?.wishes.records ?? false;
  }

  set records(records) {
    if (!this.#source || records === this.records) return;
    this.#source.wishes.records = records;
    if (this.#source.channel === 0) this.#source.isWishNew = true;
    else this.#send({ type: 'source.update', source_id: this.source, record: records });
    this.#tellSource();
  }

  // MARK: Connecting

  #connect() {
    clearTimeout(this.#retry);
    this.#retry = 0;
    this.#tellConnection({ state: 'connecting' });
    const socket = new WebSocket(this.#url, ['hearsay.v1', `bearer.${this.#token}`]);
    this.#socket = socket;
    // A network that is away for a while leaves browsers waiting for minutes.
    this.#line.expectAnswer();
    socket.onopen = () => this.#greet();
    socket.onmessage = ({ data }) => typeof data === 'string' && this.#receive(JSON.parse(data));
    socket.onclose = ({ code }) => this.#closed(socket, code);
  }

  async #greet() {
    this.#line.expectAnswer();
    const welcome = await this.#ask('hello', { client: { name: 'listen page', version: '1' } });
    if (welcome.type !== 'welcome') return;
    const since = this.#lastSeq > 0 || this.#replays ? { last_seq: this.#lastSeq } : {};
    // A link that may speak but not read events is refused here, and still speaks.
    const { seq } = await this.#ask('subscribe', { events: EVENTS, ...since });
    this.#replayedTo = seq ?? 0;
    for (const source of this.#own) await this.#openSource(source);
    this.#backoff.reset();
    this.#tellConnection({ state: 'connected', server: welcome.server?.name ?? 'Hearsay' });
  }

  /** The microphones that this connection carries. */
  get #own() {
    return [...this.#leaving.keys(), ...(this.#source ? [this.#source] : [])];
  }

  /**
   * Opens a source, or takes it up where the last connection lost it.
   *
   * @param {OwnSource} source
   */
  async #openSource(source) {
    if (source.isEnded) {
      // Where the server learnt of its end, that was the end of it.
      const { type } = await this.#ask('source.flush', { source_id: source.id });
      if (type !== 'ok') return this.#drop(source);
      source.isEnded = false;
    }
    // A pause of its own is told it again, as if somebody else had asked for it.
    const isOwnPause = source.isServerPaused && !source.isPausedElsewhere;
    source.isSlow = false;
    const answer = await this.#ask('source.open', source.request);
    if (answer.type !== 'ok') {
      this.#drop(source);
      return this.#tell('refused', answer);
    }
    source.takeUp(answer, isOwnPause);
    if (source.isWishNew) this.#send({ type: 'source.update', source_id: source.id, record: source.wishes.records });
    source.isWishNew = false;
    this.#carry(source);
    if (source === this.#source) this.#tellSource();
    return undefined;
  }

  // MARK: Sending

  /**
   * Sends what was said and not sent yet, and then what the source was asked to do meanwhile.
   *
   * @param {OwnSource} source
   */
  #carry(source) {
    clearTimeout(this.#pumps.get(source));
    const socket = this.#socket;
    if (!socket || source.channel === 0) return;
    if (source.speaks && source.isServerPaused) this.#order(source, 'resume');
    // The server would pass over what was said before somebody paused the source.
    if (source.isServerPaused && source.isPausedElsewhere && source.unsentMs > 0) return;
    const pause = source.sendOver(socket, this.#line);
    if (pause !== null) this.#pumps.set(source, setTimeout(() => this.#carry(source), pause));
    else if (this.#leaving.has(source)) this.#end(source);
    // What was said before is sent before: the server ends the utterance with it.
    else if (source.isPaused && !source.isServerPaused) this.#order(source, 'pause');
  }

  /**
   * @param {OwnSource} source
   * @param {'pause' | 'resume'} order
   */
  #order(source, order) {
    source.isServerPaused = order === 'pause';
    this.#send({ type: `source.${order}`, source_id: source.id });
  }

  /** @param {OwnSource} source All of which is sent. */
  async #end(source) {
    if (source.isEnded) return;
    source.isEnded = true;
    this.#tellRest();
    const answer = this.#ask('source.close', { source_id: source.id });
    this.#line.expectAnswer();
    await answer;
    this.#drop(source);
  }

  /** @param {OwnSource} source Which has waited long enough. */
  #giveUp(source) {
    this.#send({ type: 'source.close', source_id: source.id });
    this.#drop(source);
  }

  /** @param {object} message */
  #send(message) {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(JSON.stringify(message));
  }

  /**
   * @param {string} type
   * @param {object} fields
   * @returns {Promise<Record<string, any>>} Never settled after a lost socket.
   */
  #ask(type, fields) {
    this.#requests += 1;
    const req = this.#requests;
    this.#send({ type, req, ...fields });
    return new Promise((resolve) => this.#waiting.set(req, resolve));
  }

  // MARK: Receiving

  /** @param {Record<string, any>} message */
  #receive(message) {
    this.#line.heard();
    const answered = this.#waiting.get(message.req);
    if (answered) {
      this.#waiting.delete(message.req);
      return answered(message);
    }
    if (message.type === 'source.ack') return undefined;
    if (message.type === 'source.control') return this.#controlled(message);
    if (Number.isSafeInteger(message.seq)) this.#lastSeq = message.seq;
    const own = this.#own.find(({ id }) => id === message.source_id);
    if (own) this.#followOwn(own, message);
    return this.#tell('event', { event: message, isOld: message.seq <= this.#replayedTo });
  }

  /**
   * @param {OwnSource} source
   * @param {Record<string, any>} event
   */
  #followOwn(source, { type, end_ms, reason, record }) {
    if (type === 'transcript.final') source.understood(end_ms);
    if (type === 'source.stopped' && !PASSING_REASONS.includes(reason)) this.#drop(source);
    if (type === 'source.updated' && typeof record === 'boolean' && source.wishes.records !== record) {
      source.wishes.records = record;
      if (source === this.#source) this.#tellSource();
    }
  }

  /** @param {Record<string, any>} control */
  #controlled({ source_id, state }) {
    const source = this.#own.find(({ id }) => id === source_id);
    if (!source) return;
    if (state === 'stop') return this.#drop(source);
    if (state === 'slow_down') source.isSlow = true;
    if (state === 'resume') source.isSlow = false;
    if (state === 'pause' || state === 'resume') {
      source.isServerPaused = state === 'pause';
      // What was asked here while there was no connection comes after what the server knew.
      if (!source.isPauseUntold) source.isPausedElsewhere = source.isServerPaused;
    }
    // Where the page itself lets it pause, that stays.
    this.#carry(source);
    if (source === this.#source) this.#tellSource();
  }

  /** @param {OwnSource} source Of which nothing more is sent. */
  #drop(source) {
    clearTimeout(this.#pumps.get(source));
    clearTimeout(this.#leaving.get(source));
    this.#pumps.delete(source);
    if (this.#leaving.delete(source) && source.unsentMs > 0) this.#tell('lost', source.unsentMs);
    source.leave();
    this.#tellRest();
    if (source !== this.#source) return;
    this.#source = null;
    this.#tell('source', 'off');
  }

  #tellRest() {
    this.#tell('rest', [...this.#leaving.keys()].some((source) => source.unsentMs > 0));
  }

  /** @param {Connection} connection */
  #tellConnection(connection) {
    this.#tell('connection', connection);
  }

  #tellSource() {
    this.#tell('source', this.isPaused ? 'paused' : 'on');
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  // MARK: Loss

  #wake() {
    if (document.visibilityState !== 'visible' || !this.#isWanted) return;
    if (this.#retry !== 0) this.#connect();
    else if (this.#socket?.readyState === WebSocket.OPEN) this.#line.probe();
  }

  /**
   * @param {WebSocket} socket
   * @param {number} code
   */
  #closed(socket, code) {
    if (socket !== this.#socket) return;
    socket.onclose = null;
    socket.onmessage = null;
    socket.close();
    this.#line.end();
    this.#socket = null;
    for (const source of this.#own) source.channel = 0;
    this.#waiting.clear();
    if (code === 4401 || code === 4403) {
      this.#isWanted = false;
      for (const source of this.#own) this.#drop(source);
      return this.#tellConnection({ state: 'refused', cause: code === 4401 ? 'token' : 'forbidden' });
    }
    // What a microphone hears meanwhile is kept for half a minute only.
    const isAwaited = document.visibilityState === 'visible' || this.#own.length > 0;
    const retryInMs = this.#backoff.next(isAwaited);
    this.#retry = setTimeout(() => this.#connect(), retryInMs);
    this.#tellConnection({ state: 'waiting', retryInMs, attempts: this.#backoff.attempts, cause: 'lost' });
  }
}
