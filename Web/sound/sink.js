/**
 * @typedef {import('./channel-player.js').Begin} Begin
 *
 * @typedef {{type: 'begin', begin: Begin}
 *   | {type: 'audio', channel: number, samples: Int16Array}
 *   | {type: 'end', channel: number}
 *   | {type: 'flush', channel: number}
 *   | {type: 'prove'}} SinkMessage What the worker posts to whatever plays.
 *
 * @typedef {object} Sink What plays: the ring of the audio worklet, or its stand-in on an insecure origin.
 * @property {(begin: Begin) => void} begin
 * @property {(channel: number, samples: Int16Array) => void} write
 * @property {(channel: number) => void} end
 * @property {(channel: number) => void} flush
 * @property {() => void} prove
 */

/**
 * Hands a message of the worker to a sink.
 *
 * @param {SinkMessage} message
 * @param {Sink} sink
 */
export function deliver(message, sink) {
  switch (message.type) {
    case 'begin':
      return sink.begin(message.begin);
    case 'audio':
      return sink.write(message.channel, message.samples);
    case 'end':
      return sink.end(message.channel);
    case 'flush':
      return sink.flush(message.channel);
    case 'prove':
      return sink.prove();
  }
}
