import { Ring } from './ring.js';
import { Segment } from './segment.js';

/** The server sends at most 1 s ahead; four times that leaves room for a page that was away. */
const CAPACITY_S = 4;
/** The server leads by 200 ms, so one frame in hand is enough to begin. */
const START_S = 0.02;
/** After the sound ran dry a little more is gathered, so that it does not stutter. */
const RESTART_S = 0.06;
const PROGRESS_S = 0.25;
/** Long enough that a cut does not click, short enough that nobody hears it as a fade. */
const FADE_S = 0.005;

/**
 * @typedef {object} Begin A channel of audio as the server announces it.
 * @property {string} job
 * @property {number} channel
 * @property {number} fromMs Job time of the first sample that is to sound.
 * @property {number} preSkip Samples before that, to be dropped.
 *
 * @typedef {'started' | 'progress' | 'finished' | 'flushed' | 'failed' | 'underrun' | 'alive'} ReportState
 *
 * @typedef {object} Report What has become of a channel.
 * @property {ReportState} state
 * @property {string} job
 * @property {number} channel
 * @property {number} positionMs What has left the loudspeaker, in job time.
 * @property {number} at Seconds on the clock of the audio context.
 */

/**
 * Plays the channels of one listener in the order they began, and says what was heard.
 *
 * Each channel is reported `started` once and then ends with one of `finished`, `flushed` and `failed`; a channel that
 * the same job continues in another one is taken over by that one without a seam. It has no clock: `render` is told
 * the frame.
 */
export class ChannelPlayer {
  /** Output latency in samples: what is rendered now is heard so much later. */
  #latency = 0;
  #ring;
  /** @type {Segment[]} The first one sounds. */
  #segments = [];
  /** @type {Segment[]} Rendered to the end, but not yet through the loudspeaker. */
  #leaving = [];
  /** @type {{job: string, end: number, floor: number} | null} Up to where the newest job is here. */
  #held = null;
  #frame = 0;
  #nextProgress = 0;
  #isAsked = false;
  #rate;
  #report;

  /**
   * @param {number} rate Samples per second.
   * @param {(report: Report) => void} report
   */
  constructor(rate, report) {
    this.#rate = rate;
    this.#report = report;
    this.#ring = new Ring(rate * CAPACITY_S);
  }

  /** Whether there is nothing to play and nothing to report. */
  get isIdle() {
    return this.#segments.length === 0 && this.#leaving.length === 0 && !this.#isAsked;
  }

  /** @param {number} seconds */
  set latency(seconds) {
    this.#latency = Math.round(seconds * this.#rate);
  }

  /**
   * Announces a channel. Of a job that is already here only what is new will sound.
   *
   * @param {Begin} begin
   */
  begin({ job, channel, fromMs, preSkip }) {
    let from = Math.round((fromMs * this.#rate) / 1000);
    let floor = from;
    let skip = preSkip;
    if (this.#held?.job === job) {
      const overlap = Math.max(0, this.#held.end - from);
      skip += overlap;
      from += overlap;
      floor = this.#held.floor;
    }
    const segment = new Segment(job, channel, from, floor, skip, this.#ring.written);
    const previous = this.#segments.at(-1);
    this.#segments.push(segment);
    this.#held = { job, end: from, floor };
    if (previous) this.#follow(previous, segment);
  }

  /**
   * Takes samples of the newest channel; of any other they are late and dropped.
   *
   * @param {number} channel
   * @param {Int16Array} pcm
   */
  write(channel, pcm) {
    const segment = this.#segments.at(-1);
    if (!segment || segment.channel !== channel || segment.rest !== 'open' || segment.phase === 'fading') return;
    const skipped = Math.min(segment.skip, pcm.length);
    segment.skip -= skipped;
    if (pcm.length - skipped > this.#ring.room) {
      this.#drop(segment, 'failed');
      return;
    }
    this.#ring.write(pcm, skipped);
    segment.written += pcm.length - skipped;
    if (this.#held) this.#held.end = segment.from + segment.written;
  }

  /** @param {number} channel */
  end(channel) {
    const segment = this.#segments.at(-1);
    if (segment?.channel === channel && segment.rest === 'open') segment.rest = 'ended';
  }

  /**
   * Silences a channel with a short fade.
   *
   * @param {number} channel 0 for all.
   */
  flush(channel) {
    const isMeant = (/** @type {Segment} */ segment) => channel === 0 || segment.channel === channel;
    for (const segment of this.#leaving.filter(isMeant)) this.#tell('flushed', segment, segment.from + segment.played);
    this.#leaving = this.#leaving.filter((segment) => !isMeant(segment));
    for (const segment of this.#segments.filter(isMeant).reverse()) this.#silence(segment);
    this.#held = null;
  }

  /** Asks for an `alive` report with the next samples: that the loudspeaker takes any. */
  prove() {
    this.#isAsked = true;
  }

  /**
   * Renders the next samples.
   *
   * @param {Float32Array} out
   * @param {number} frame The first of them on the clock of the context.
   */
  render(out, frame) {
    this.#frame = frame;
    let filled = 0;
    while (filled < out.length && this.#segments.length > 0) {
      const count = this.#renderHead(out, filled, frame);
      if (count < 0) break;
      filled += count;
    }
    out.fill(0, filled);
    this.#frame = frame + out.length;
    this.#tellProgress();
    this.#tellFinished();
    this.#tellAlive();
  }

  // MARK: Rendering

  /**
   * Renders what the first segment gives.
   *
   * @param {Float32Array} out
   * @param {number} at
   * @param {number} frame
   * @returns {number} The samples rendered; -1 when there is nothing to render now.
   */
  #renderHead(out, at, frame) {
    const head = this.#segments[0];
    const available = head.start + head.written - this.#ring.read;
    if (available === 0 && head.phase !== 'fading') return this.#leave(head, frame + at);
    if (!this.#hasEnough(head, available)) return -1;
    const wanted = out.length - at;
    if (head.phase === 'fading') return this.#renderFade(head, out, at, Math.min(wanted, head.fade));
    const count = Math.min(wanted, available);
    this.#ring.take(out, at, count);
    head.played += count;
    head.lastFrame = frame + at + count;
    if (head.phase === 'waiting') this.#start(head);
    head.phase = 'sounding';
    return count;
  }

  /**
   * @param {Segment} head
   * @param {Float32Array} out
   * @param {number} at
   * @param {number} count
   */
  #renderFade(head, out, at, count) {
    const whole = Math.round(FADE_S * this.#rate);
    this.#ring.take(out, at, count);
    for (let i = 0; i < count; i += 1) out[at + i] *= (head.fade - i) / (whole + 1);
    head.fade -= count;
    head.played += count;
    if (head.fade === 0) this.#drop(head, 'flushed');
    return count;
  }

  /**
   * @param {Segment} head
   * @param {number} available
   */
  #hasEnough(head, available) {
    if (head.rest !== 'open' || head.phase === 'sounding' || head.phase === 'fading') return true;
    const seconds = head.phase === 'starved' ? RESTART_S : START_S;
    return available >= seconds * this.#rate;
  }

  /**
   * Decides what follows the last sample of the first segment.
   *
   * @param {Segment} head
   * @param {number} frame
   * @returns {number} 0 to go on with the next segment, -1 to wait.
   */
  #leave(head, frame) {
    if (head.rest === 'open') {
      if (head.phase === 'sounding') {
        head.phase = 'starved';
        this.#tell('underrun', head, this.#position(head));
      }
      return -1;
    }
    this.#shift();
    if (head.rest === 'continued') this.#handOver(head, this.#segments[0]);
    if (head.rest === 'replaced') this.#tell('flushed', head, head.from + head.played);
    if (head.rest === 'ended') this.#letOut(head, frame);
    return 0;
  }

  /**
   * @param {Segment} head
   * @param {Segment} next
   */
  #handOver(head, next) {
    next.phase = head.phase;
    next.lastFrame = head.lastFrame;
  }

  /**
   * Waits for the last sample to pass the loudspeaker.
   *
   * @param {Segment} head
   * @param {number} frame
   */
  #letOut(head, frame) {
    if (!head.isStarted) this.#start(head);
    head.lastFrame = head.lastFrame || frame;
    this.#leaving.push(head);
  }

  // MARK: Changes of state

  /**
   * @param {Segment} previous
   * @param {Segment} next
   */
  #follow(previous, next) {
    if (previous.phase === 'fading') return;
    if (previous.job !== next.job) {
      if (previous.rest === 'open') previous.rest = 'replaced';
      return;
    }
    previous.rest = 'continued';
    previous.channel = next.channel;
    if (previous.isStarted) this.#tell('started', previous, this.#position(previous));
  }

  /** @param {Segment} segment */
  #start(segment) {
    this.#nextProgress = this.#frame + PROGRESS_S * this.#rate;
    this.#tell('started', segment, this.#position(segment));
  }

  /** @param {Segment} segment */
  #silence(segment) {
    const index = this.#segments.indexOf(segment);
    const available = segment.start + segment.written - this.#ring.read;
    const previous = this.#segments[index - 1];
    if (segment.phase === 'fading') return;
    if (previous?.rest === 'continued') {
      previous.rest = 'open';
      this.#dropLater(index);
      return;
    }
    if (index > 0 || segment.phase !== 'sounding' || available === 0) {
      this.#drop(segment, 'flushed');
      return;
    }
    segment.fade = Math.min(Math.round(FADE_S * this.#rate), available);
    segment.phase = 'fading';
  }

  /**
   * @param {Segment} segment
   * @param {'flushed' | 'failed'} state
   */
  #drop(segment, state) {
    const index = this.#segments.indexOf(segment);
    if (index === 0) this.#shift();
    else this.#dropLater(index);
    this.#tell(state, segment, Math.max(segment.floor, segment.from + segment.played));
  }

  /**
   * Drops a segment that has not begun. Its samples are overwritten if it is the last one, else skipped in their turn.
   *
   * @param {number} index
   */
  #dropLater(index) {
    const [segment] = this.#segments.splice(index, 1);
    if (index === this.#segments.length) this.#ring.written = segment.start;
  }

  #shift() {
    this.#segments.shift();
    this.#ring.read = this.#segments[0]?.start ?? this.#ring.written;
  }

  // MARK: Reports

  /**
   * What of the segment's job has left the loudspeaker, in samples.
   *
   * @param {Segment} segment
   */
  #position(segment) {
    const silent = Math.max(0, this.#frame - segment.lastFrame);
    const inside = Math.max(0, this.#latency - silent);
    return Math.max(segment.floor, segment.from + segment.played - inside);
  }

  #tellProgress() {
    const segment = this.#leaving[0] ?? this.#segments[0];
    if (!segment?.isStarted || segment.phase === 'fading' || this.#frame < this.#nextProgress) return;
    this.#nextProgress = this.#frame + PROGRESS_S * this.#rate;
    this.#tell('progress', segment, this.#position(segment));
  }

  #tellAlive() {
    if (!this.#isAsked) return;
    this.#isAsked = false;
    this.#report({ state: 'alive', job: '', channel: 0, positionMs: 0, at: this.#frame / this.#rate });
  }

  #tellFinished() {
    while (this.#leaving.length > 0) {
      const segment = this.#leaving[0];
      if (this.#frame < segment.lastFrame + this.#latency) return;
      this.#leaving.shift();
      this.#tell('finished', segment, segment.from + segment.played);
    }
  }

  /**
   * @param {ReportState} state
   * @param {Segment} segment
   * @param {number} position In samples.
   */
  #tell(state, segment, position) {
    const positionMs = Math.floor((position * 1000) / this.#rate);
    this.#report({ state, job: segment.job, channel: segment.channel, positionMs, at: this.#frame / this.#rate });
  }
}
