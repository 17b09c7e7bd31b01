import { Backoff } from '../link/backoff.js';
import { KeptAudio, bytesOf } from './kept-audio.js';

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
const RATE = 16_000;
/** What was kept is sent at 4 times real time. */
const SPEED = 4;
/** The server pings nobody who sends; after so much silence an answer is asked for, and given so long. */
const SILENCE_MS = 20_000;
const ANSWER_MS = 5_000;
/** Enough for a second of samples: more waits here, where it can be sent again. */
const WIRE_BYTES = 32_768;
/** After these the source is taken up again. */
const PASSING_REASONS = ['server_stopping', 'lost'];

/**
 * @typedef {import('../link/session.js').Connection} Connection
 *
 * @typedef {'on' | 'paused' | 'off'} SourceState
 */

/**
 * One page's connection for what is heard: follows the events, and carries the page's own microphone when there is one.
 * Sends `connection`, `event` (with whether it is of before), `source` (of the own one) and `refused` (with the server's words).
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
  #watch = 0;
  #isWanted = false;
  #lastSeq = 0;
  /** The last fact that comes again from before this connection. */
  #replayedTo = 0;
  #source = '';
  #speaker = '';
  #channel = 0;
  #kept = new KeptAudio(RATE);
  #isPaused = false;
  #isSlow = false;
  #understoodMs = 0;
  #mayGoAt = 0;
  #pump = 0;

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
    return this.#source;
  }

  /** Connects, and stays connected until it is refused. */
  start() {
    if (this.#isWanted) return;
    this.#isWanted = true;
    this.#connect();
  }

  /**
   * Begins to send a microphone.
   *
   * @param {string} speaker Who speaks there; empty where nobody said.
   * @param {boolean} isPaused Whether it is not to be heard yet.
   */
  async open(speaker, isPaused) {
    this.#source = newName();
    this.#speaker = speaker;
    this.#kept = new KeptAudio(RATE);
    this.#understoodMs = 0;
    this.#isPaused = isPaused;
    this.start();
    if (this.#socket?.readyState === WebSocket.OPEN) await this.#openSource();
  }

  /** Ends the source; what was said is still understood. */
  close() {
    if (this.#source === '') return;
    this.#send({ type: 'source.close', source_id: this.#source });
    this.#forgetSource('off');
  }

  /** @param {Int16Array} samples What the microphone heard next. */
  add(samples) {
    if (this.#source === '') return;
    if (this.#isPaused) this.#kept.skip(samples.length);
    else this.#kept.append(samples);
    this.#sendKept();
  }

  get isPaused() {
    return this.#isPaused;
  }

  /** Whether nothing is to be heard for a while. */
  set isPaused(isPaused) {
    if (this.#source === '' || isPaused === this.#isPaused) return;
    // What was said before is sent before: the server ends the utterance with it.
    this.#sendKept();
    this.#isPaused = isPaused;
    this.#send({ type: isPaused ? 'source.pause' : 'source.resume', source_id: this.#source });
    this.#tellSource();
  }

  // MARK: Connecting

  #connect() {
    clearTimeout(this.#retry);
    this.#retry = 0;
    this.#tellConnection({ state: 'connecting' });
    const socket = new WebSocket(this.#url, ['hearsay.v1', `bearer.${this.#token}`]);
    this.#socket = socket;
    socket.onopen = () => this.#greet();
    socket.onmessage = ({ data }) => typeof data === 'string' && this.#receive(JSON.parse(data));
    socket.onclose = ({ code }) => this.#closed(socket, code);
  }

  async #greet() {
    const welcome = await this.#ask('hello', { client: { name: 'listen page', version: '1' } });
    if (welcome.type !== 'welcome') return;
    const since = this.#lastSeq > 0 || this.#replays ? { last_seq: this.#lastSeq } : {};
    // A link that may speak but not read events is refused here, and still speaks.
    const { seq } = await this.#ask('subscribe', { events: EVENTS, ...since });
    this.#replayedTo = seq ?? 0;
    if (this.#source !== '') await this.#openSource();
    this.#backoff.reset();
    this.#tellConnection({ state: 'connected', server: welcome.server?.name ?? 'Hearsay' });
  }

  /** Opens the source, or takes it up where the last connection lost it. */
  async #openSource() {
    const answer = await this.#ask('source.open', {
      source_id: this.#source,
      codec: 'pcm_s16',
      sample_rate: RATE,
      channels: 1,
      ...(this.#speaker === '' ? {} : { speaker: this.#speaker }),
    });
    if (answer.type !== 'ok') {
      this.#forgetSource('off');
      return this.#tell('refused', answer);
    }
    if (answer.next_sequence !== undefined) this.#kept.goBackToSequence(answer.next_sequence);
    else this.#kept.goBackToTime(Math.max(answer.from_ms ?? 0, this.#understoodMs));
    this.#channel = answer.channel;
    this.#isSlow = false;
    if (this.#isPaused) this.#send({ type: 'source.pause', source_id: this.#source });
    this.#tellSource();
    this.#sendKept();
  }

  // MARK: Sending

  #sendKept() {
    clearTimeout(this.#pump);
    const socket = this.#socket;
    if (!socket || this.#channel === 0) return;
    while (socket.readyState === WebSocket.OPEN && socket.bufferedAmount < WIRE_BYTES) {
      const early = this.#mayGoAt - performance.now();
      if (early > 0) {
        this.#pump = setTimeout(() => this.#sendKept(), early);
        return;
      }
      const frame = this.#kept.take();
      if (!frame) return;
      socket.send(bytesOf(this.#channel, frame));
      const lengthMs = (frame.samples.length * 1_000) / RATE;
      this.#mayGoAt = Math.max(this.#mayGoAt, performance.now() - lengthMs) + lengthMs / (this.#isSlow ? 1 : SPEED);
    }
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
    this.#expectMore();
    const answered = this.#waiting.get(message.req);
    if (answered) {
      this.#waiting.delete(message.req);
      return answered(message);
    }
    if (message.type === 'source.ack') return undefined;
    if (message.type === 'source.control') return this.#controlled(message);
    if (Number.isSafeInteger(message.seq)) this.#lastSeq = message.seq;
    if (message.source_id === this.#source) this.#followOwn(message);
    return this.#tell('event', { event: message, isOld: message.seq <= this.#replayedTo });
  }

  /** @param {Record<string, any>} event Of the own source. */
  #followOwn({ type, end_ms, reason }) {
    if (type === 'transcript.final') this.#understoodMs = Math.max(this.#understoodMs, end_ms);
    if (type === 'source.stopped' && !PASSING_REASONS.includes(reason)) this.#forgetSource('off');
  }

  /** @param {Record<string, any>} control */
  #controlled({ source_id, state }) {
    if (source_id !== this.#source) return;
    if (state === 'slow_down') this.#isSlow = true;
    if (state === 'resume') this.#isSlow = false;
    if (state === 'stop') return this.#forgetSource('off');
    if (state !== 'slow_down') this.#isPaused = state === 'pause';
    this.#tellSource();
  }

  /** @param {SourceState} state */
  #forgetSource(state) {
    this.#source = '';
    this.#channel = 0;
    this.#isPaused = false;
    this.#tell('source', state);
  }

  /** @param {Connection} connection */
  #tellConnection(connection) {
    this.#tell('connection', connection);
  }

  #tellSource() {
    this.#tell('source', this.#isPaused ? 'paused' : 'on');
  }

  /**
   * @param {string} type
   * @param {unknown} detail
   */
  #tell(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  // MARK: Silence and loss

  #expectMore() {
    clearTimeout(this.#watch);
    this.#watch = setTimeout(() => this.#probe(), SILENCE_MS);
  }

  #probe() {
    const socket = this.#socket;
    clearTimeout(this.#watch);
    this.#ask('ping', {});
    this.#watch = setTimeout(() => socket && this.#closed(socket, 1006), ANSWER_MS);
  }

  #wake() {
    if (document.visibilityState !== 'visible' || !this.#isWanted) return;
    if (this.#retry !== 0) this.#connect();
    else if (this.#socket?.readyState === WebSocket.OPEN) this.#probe();
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
    clearTimeout(this.#watch);
    this.#socket = null;
    this.#channel = 0;
    this.#waiting.clear();
    if (code === 4401 || code === 4403) {
      if (this.#source !== '') this.#forgetSource('off');
      return this.#tellConnection({ state: 'refused', cause: code === 4401 ? 'token' : 'forbidden' });
    }
    const retryInMs = this.#backoff.next(document.visibilityState === 'visible');
    this.#retry = setTimeout(() => this.#connect(), retryInMs);
    this.#tellConnection({ state: 'waiting', retryInMs, attempts: this.#backoff.attempts, cause: 'lost' });
  }
}

/** A name that no other source has. */
function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `browser_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
