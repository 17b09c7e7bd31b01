/** Bytes before the payload of each binary frame. */
const HEADER_BYTES = 16;
const VERSION = 1;

/** What a binary frame from the server carries. */
export const Kind = Object.freeze({ audio: 2, end: 3, flush: 4 });

/**
 * Reads a binary frame: 16 bytes little-endian `u8 version, u8 kind, u16 flags, u32 channel, u32 sequence,
 * u32 timestamp`, then audio.
 *
 * @param {ArrayBuffer} buffer
 * @returns {{kind: number, channel: number, timestamp: number, samples: Int16Array, bytes: Uint8Array} | null} Null for what this version does not know.
 */
export function parseFrame(buffer) {
  if (buffer.byteLength < HEADER_BYTES) return null;
  const view = new DataView(buffer);
  if (view.getUint8(0) !== VERSION) return null;
  const sampleCount = (buffer.byteLength - HEADER_BYTES) >> 1;
  return {
    kind: view.getUint8(1),
    channel: view.getUint32(4, true),
    timestamp: view.getUint32(12, true),
    // Every browser runs little-endian, as the wire is: the samples are used where they lie.
    samples: new Int16Array(buffer, HEADER_BYTES, sampleCount),
    bytes: new Uint8Array(buffer, HEADER_BYTES),
  };
}
