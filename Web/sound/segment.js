/** A stretch of one job in the ring. */
export class Segment {
  /** Samples written so far, and played so far. */
  written = 0;
  played = 0;
  /** The frame after the last sample that was rendered. */
  lastFrame = 0;
  /** Samples left of the fade; 0 when it is not fading. */
  fade = 0;
  /** @type {'waiting' | 'sounding' | 'starved' | 'fading'} */
  phase = 'waiting';
  /** What comes behind its last sample: more of it, its end, the same job in another channel, or another job. */
  /** @type {'open' | 'ended' | 'continued' | 'replaced'} */
  rest = 'open';

  /**
   * @param {string} job
   * @param {number} channel
   * @param {number} from Job time of its first sample, in samples.
   * @param {number} floor Job time, in samples, before which nothing of the job sounded here.
   * @param {number} skip Samples to drop before its first.
   * @param {number} start Its place in the ring.
   */
  constructor(job, channel, from, floor, skip, start) {
    this.job = job;
    this.channel = channel;
    this.from = from;
    this.floor = floor;
    this.skip = skip;
    this.start = start;
  }

  get isStarted() {
    return this.phase !== 'waiting';
  }
}
