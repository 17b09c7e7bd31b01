import { KeptAudio, bytesOf } from './kept-audio.js';
import { SpeechEncoder } from './speech-encoder.js';

/** What the microphone gives, in samples per second. */
export const RATE = 16_000;
/** What was kept is sent at 4 times real time. */
const SPEED = 4;
/** Enough for a second of samples: more waits here, where it can be sent again. */
const WIRE_BYTES = 32_768;

/**
 * @typedef {object} Wishes
 * @property {string} speaker Who speaks.
 * @property {boolean} records Whether the sound of drafts is to be kept.
 * @property {boolean} savesData Whether it travels as Opus; only in browsers that can.
 */

/** One microphone of this page on its way to the server: what it heard, how much of that went, and whether it pauses. */
export class OwnSource {
  id = newName();
  /** Of the connection; 0 while the server does not hear it. */
  channel = 0;
  /** Whether the page itself lets it pause. */
  pausesItself;
  /** Whether somebody else does. */
  isPausedElsewhere = false;
  /** Whether the server passes over what comes, as far as is known. */
  isServerPaused = false;
  /** Whether it was to pause or to go on while there was no connection. */
  isPauseUntold = false;
  /** Whether the server was told that nothing follows. */
  isEnded = false;
  isSlow = false;
  /** Whether the server has yet to learn of a changed wish. */
  isWishNew = false;
  /** @type {Wishes} */
  wishes;
  #kept = new KeptAudio(RATE);
  /** @type {SpeechEncoder | null} Null where samples travel as they are. */
  #encoder = null;
  #understoodMs = 0;
  #mayGoAt = 0;

  /**
   * @param {Wishes} wishes
   * @param {boolean} pausesItself
   * @param {() => void} packed Called when there is more to send that was heard before.
   */
  constructor(wishes, pausesItself, packed) {
    this.wishes = wishes;
    this.pausesItself = pausesItself;
    if (!wishes.savesData) return;
    this.#encoder = new SpeechEncoder(RATE, {
      packet: (packet, length) => {
        this.#kept.append(packet, length);
        packed();
      },
      gap: (count) => this.#kept.skip(count),
    });
  }

  get isPaused() {
    return this.pausesItself || this.isPausedElsewhere;
  }

  /** How much was said that the server was not sent. */
  get unsentMs() {
    return this.#unsent / (RATE / 1_000);
  }

  /** Samples that were heard and not sent, packed or not. */
  get #unsent() {
    return this.#kept.unsent + (this.#encoder?.pending ?? 0);
  }

  /** Whether what is to be sent next is meant to be heard. */
  get speaks() {
    return !this.isPausedElsewhere && (!this.pausesItself || this.#unsent > 0);
  }

  /** As `source.open` asks for it. */
  get request() {
    const { speaker, records } = this.wishes;
    return {
      source_id: this.id,
      codec: this.#encoder ? 'opus' : 'pcm_s16',
      sample_rate: RATE,
      channels: 1,
      record: records,
      ...(speaker === '' ? {} : { speaker }),
    };
  }

  /** @param {Int16Array} samples What the microphone heard next. */
  add(samples) {
    const { length } = samples;
    if (this.isPaused) (this.#encoder ?? this.#kept).skip(length);
    else if (this.#encoder) this.#encoder.add(samples);
    else this.#kept.append(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), length);
  }

  /** Nothing more is heard. */
  finish() {
    this.#encoder?.finish();
  }

  /** The server hears it no more, nor is anything sent. */
  leave() {
    this.channel = 0;
    this.#encoder?.close();
  }

  /** @param {number} ms What was said before that has its text. */
  understood(ms) {
    this.#understoodMs = Math.max(this.#understoodMs, ms);
  }

  /**
   * @param {Record<string, any>} answer To `source.open`: from where on the server lacks it, and whether it pauses there.
   * @param {boolean} isOwnPause Whether such a pause is the page's own.
   */
  takeUp({ channel, next_sequence, from_ms, paused }, isOwnPause) {
    if (next_sequence !== undefined) this.#kept.goBackToSequence(next_sequence);
    else this.#kept.goBackToTime(Math.max(from_ms ?? 0, this.#understoodMs));
    this.channel = channel;
    this.isServerPaused = paused ?? false;
    // A server that has the source still knows whether it pauses, unless that was changed here meanwhile.
    if (paused !== undefined && !this.isPauseUntold) this.isPausedElsewhere = paused && !isOwnPause;
    this.isPauseUntold = false;
  }

  /**
   * Sends as much as may go now.
   *
   * @param {WebSocket} socket
   * @param {import('./line-watch.js').LineWatch} line Is told of what is sent.
   * @returns {number | null} In how many milliseconds more may go; null once all that was said is on its way.
   */
  sendOver(socket, line) {
    while (socket.readyState === WebSocket.OPEN && socket.bufferedAmount < WIRE_BYTES) {
      const early = this.#mayGoAt - performance.now();
      if (early > 0 && this.#kept.unsent > 0) return early;
      const frame = this.#kept.take();
      // What is being packed comes with a call of its own.
      if (!frame) return this.#unsent > 0 ? 100 : null;
      socket.send(bytesOf(this.channel, frame));
      line.sent();
      const lengthMs = (frame.length * 1_000) / RATE;
      this.#mayGoAt = Math.max(this.#mayGoAt, performance.now() - lengthMs) + lengthMs / (this.isSlow ? 1 : SPEED);
    }
    return 100;
  }
}

/** A name that no other source has. */
function newName() {
  const bytes = crypto.getRandomValues(new Uint8Array(8));
  return `browser_${Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')}`;
}
