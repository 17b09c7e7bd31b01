import { OpusChannel } from './opus-channel.js';

/**
 * @typedef {import('../sound/channel-player.js').Report} Report
 *
 * @typedef {NonNullable<ReturnType<typeof import('./frames.js').parseFrame>>} Frame
 *
 * @typedef {object} Playback What the server is told of a channel.
 * @property {string} job_id
 * @property {number} channel
 * @property {'started' | 'progress' | 'finished' | 'flushed' | 'failed'} state
 * @property {number} position_ms
 */

/** What has come of the job that sounds, and what has become of it: enough to go on after the socket is lost. */
export class Reception {
  /** The newest job, until the server has said that it ended: what we report may be lost with the socket. */
  #job = '';
  #channel = 0;
  /** Up to where its samples are in the ring, in job time. */
  #heldSamples = 0;
  /** The rate of the ring: that of the samples it gets, whatever came on the wire. */
  #rate;
  #toSkip = 0;
  /** @type {OpusChannel | null} What decodes the channel, when it needs that. */
  #opus = null;
  /** @type {Playback | null} The last that was told of the newest job. */
  #last = null;
  #sink;
  #tell;
  /** Called when the loudspeaker has proved that it takes samples. */
  onAlive = () => {};
  /** Called when what came cannot be decoded. */
  onBroken = () => {};

  /**
   * @param {MessagePort} sink
   * @param {number} rate Samples per second of the sink.
   * @param {(playback: Playback) => void} tell
   */
  constructor(sink, rate, tell) {
    this.#sink = sink;
    this.#rate = rate;
    this.#tell = tell;
    sink.onmessage = ({ data }) => this.#reported(data);
  }

  /** Up to where the newest job is held here, to resume it; null when there is none. */
  get held() {
    if (this.#job === '') return null;
    return { job_id: this.#job, received_ms: Math.floor((this.#heldSamples * 1000) / this.#rate) };
  }

  /**
   * Takes over a job that the page was playing before it was reloaded.
   *
   * @param {string} job
   * @param {number} receivedMs
   */
  adopt(job, receivedMs) {
    this.#job = job;
    this.#heldSamples = Math.floor((receivedMs * this.#rate) / 1000);
  }

  /** @param {Record<string, any>} message `audio.begin` */
  begin(message) {
    this.#job = message.job_id;
    this.#channel = message.channel;
    this.#opus?.close();
    this.#opus = message.codec === 'opus' ? this.#decode(message) : null;
    this.#toSkip = this.#opus ? 0 : (message.pre_skip ?? 0);
    this.#heldSamples = Math.round(((message.from_ms ?? 0) * this.#rate) / 1000);
    const begin = { job: this.#job, channel: this.#channel, fromMs: message.from_ms ?? 0, preSkip: this.#toSkip };
    this.#post({ type: 'begin', begin });
  }

  /** @param {Frame} frame */
  audio({ channel, timestamp, samples, bytes }) {
    if (channel !== this.#channel) return;
    if (this.#opus) this.#opus.frame(timestamp, bytes);
    else this.#write(channel, samples);
  }

  /**
   * @param {number} channel
   * @param {Int16Array} samples
   */
  #write(channel, samples) {
    const skipped = Math.min(this.#toSkip, samples.length);
    this.#toSkip -= skipped;
    this.#heldSamples += samples.length - skipped;
    this.#sink.postMessage({ type: 'audio', channel, samples }, [samples.buffer]);
  }

  /** @param {Frame} frame */
  end({ channel, timestamp }) {
    if (this.#opus && channel === this.#channel) this.#opus.end(timestamp);
    else this.#post({ type: 'end', channel });
  }

  /** @param {number} channel 0 for all. */
  flush(channel) {
    this.#post({ type: 'flush', channel });
    if (channel !== 0 && channel !== this.#channel) return;
    this.#job = '';
    this.#opus?.close();
  }

  /** Asks the loudspeaker whether it takes samples; `onAlive` is the answer. */
  prove() {
    this.#post({ type: 'prove' });
  }

  /** Silences what the server no longer counts with; a listener that is no more has nothing to report. */
  abandon() {
    if (this.#job !== '') this.flush(0);
    this.#last = null;
  }

  /** Tells once more what may have been lost with the socket. */
  repeatReport() {
    if (this.#last?.job_id === this.#job) this.#tell(this.#last);
  }

  /**
   * Forgets a job of which the server said that it ended.
   *
   * @param {string} job
   */
  forget(job) {
    if (job === this.#job) this.#job = '';
  }

  /**
   * @param {Record<string, any>} message `audio.begin`
   * @returns {OpusChannel}
   */
  #decode({ channel, pre_skip }) {
    /** @type {OpusChannel} */
    const opus = new OpusChannel(pre_skip ?? 0, {
      samples: (samples) => opus === this.#opus && this.#write(channel, samples),
      end: () => opus === this.#opus && this.#post({ type: 'end', channel }),
      broken: () => opus === this.#opus && this.onBroken(),
    });
    return opus;
  }

  /** @param {Report} report */
  #reported({ state, job, channel, positionMs }) {
    if (state === 'alive') return this.onAlive();
    if (state === 'underrun') return;
    this.#last = { job_id: job, channel, state, position_ms: positionMs };
    this.#tell(this.#last);
  }

  /** @param {import('../sound/sink.js').SinkMessage} message */
  #post(message) {
    this.#sink.postMessage(message);
  }
}
