/** The server pings nobody who sends; after so much silence an answer is asked for, and given so long. */
const SILENCE_MS = 20_000;
const ANSWER_MS = 5_000;
/** Docs/Protocol.md, section 4: a frame is acknowledged where the last acknowledgement is so long ago. */
const ACK_INTERVAL_MS = 500;
/**
 * How long an acknowledgement may be overdue: 12 times as long as they are apart, so that a server or a line that stands
 * still for 5 s keeps its connection, and most of the 30 s that are kept are left for making a new one.
 */
const PATIENCE_MS = 6_000;

/** Knows when a connection is dead although nobody closed it. A page that sends no audio is owed no acknowledgement. */
export class LineWatch {
  #ask;
  #lose;
  /** The timer of the silence, or of the answer. */
  #silence = 0;
  /** The timer of the acknowledgement; 0 while none is owed. */
  #owed = 0;
  #heardAt = 0;

  /**
   * @param {() => void} ask Asks the server for an answer.
   * @param {() => void} lose The connection is dead.
   */
  constructor(ask, lose) {
    this.#ask = ask;
    this.#lose = lose;
  }

  /** Something came from the server, whatever it is. */
  heard() {
    this.end();
    this.#heardAt = performance.now();
    this.#silence = setTimeout(() => this.probe(), SILENCE_MS);
  }

  /** A frame of audio was sent. */
  sent() {
    if (this.#owed !== 0 || performance.now() - this.#heardAt < ACK_INTERVAL_MS) return;
    this.#owed = setTimeout(() => this.#lose(), PATIENCE_MS);
  }

  /** Asks whether the server is still there. */
  probe() {
    this.#ask();
    this.expectAnswer();
  }

  /** Something is to come soon. */
  expectAnswer() {
    clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#lose(), ANSWER_MS);
  }

  /** The connection is over. */
  end() {
    clearTimeout(this.#silence);
    clearTimeout(this.#owed);
    this.#owed = 0;
  }
}
