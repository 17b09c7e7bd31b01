import { ChannelPlayer } from './channel-player.js';

/** What is handed to the context at once. */
const BLOCK_S = 0.02;
/** How far ahead blocks are scheduled: a busy page may stall so long, and a flush is late by no more. */
const LEAD_S = 0.1;

/**
 * Plays without an audio worklet, which browsers refuse on an insecure origin.
 *
 * The same player as in the worklet renders short blocks, scheduled back to back at whole samples, so nothing clicks.
 * The end of each block asks for the next one: the sound's own clock drives it and no timer does.
 */
export class ScheduledPlayer {
  #context;
  #destination;
  #player;
  /** The first frame that is not scheduled yet. */
  #frame = 0;
  #outputLatency = 0;

  /**
   * @param {AudioContext} context Running at the rate of the stream.
   * @param {AudioNode} destination
   * @param {(report: import('./channel-player.js').Report) => void} report
   */
  constructor(context, destination, report) {
    this.#context = context;
    this.#destination = destination;
    this.#player = new ChannelPlayer(context.sampleRate, report);
  }

  /** @param {number} seconds */
  set latency(seconds) {
    this.#outputLatency = seconds;
  }

  /** @param {import('./channel-player.js').Begin} begin */
  begin(begin) {
    this.#player.begin(begin);
    this.#pump();
  }

  /**
   * @param {number} channel
   * @param {Int16Array} samples
   */
  write(channel, samples) {
    this.#player.write(channel, samples);
    this.#pump();
  }

  /** @param {number} channel */
  end(channel) {
    this.#player.end(channel);
    this.#pump();
  }

  /** @param {number} channel */
  flush(channel) {
    this.#player.flush(channel);
    this.#pump();
  }

  prove() {
    this.#player.prove();
    this.#pump();
  }

  #pump() {
    const { sampleRate, currentTime, state } = this.#context;
    if (state !== 'running') return;
    const now = Math.ceil(currentTime * sampleRate);
    const isLate = this.#frame < now;
    if (isLate) this.#frame = now + Math.round(BLOCK_S * sampleRate);
    while (!this.#player.isIdle && this.#frame < now + LEAD_S * sampleRate) this.#schedule(now);
  }

  /** @param {number} now */
  #schedule(now) {
    const { sampleRate } = this.#context;
    const buffer = this.#context.createBuffer(1, Math.round(BLOCK_S * sampleRate), sampleRate);
    this.#player.latency = this.#outputLatency + (this.#frame - now) / sampleRate;
    this.#player.render(buffer.getChannelData(0), this.#frame);
    const source = this.#context.createBufferSource();
    source.buffer = buffer;
    source.connect(this.#destination);
    source.onended = () => {
      source.disconnect();
      this.#pump();
    };
    source.start(this.#frame / sampleRate);
    this.#frame += buffer.length;
  }
}
