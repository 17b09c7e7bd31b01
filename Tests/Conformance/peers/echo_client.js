// A client of the Node world: sends messages of the given sizes to an echo server, whole and in fragments, and compares.
const { WebSocket } = require('ws');

const [url, ...sizes] = process.argv.slice(2);
const characters = Buffer.from('a\u00e9\u20ac\u{1f600}');

function messages(size) {
  const binary = Buffer.alloc(size);
  for (let index = 0; index < size; index += 1) binary[index] = index * 31 + (index >> 8);
  const text = Buffer.alloc(size, 'x');
  for (let index = 0; index + characters.length <= size; index += characters.length) characters.copy(text, index);
  return [[binary, true], [text, false]];
}

const wanted = sizes.flatMap((size) => messages(Number(size)));
const socket = new WebSocket(url, { maxPayload: 16 << 20, perMessageDeflate: true });
let received = 0;

function end(text, status) {
  console.log(text);
  process.exit(status);
}

function send([data, binary]) {
  if (received % 2 || data.length < 2) return socket.send(data, { binary });
  const middle = data.length >> 1;
  socket.send(data.subarray(0, middle), { binary, fin: false });
  socket.ping();
  return socket.send(data.subarray(middle), { binary, fin: true });
}

socket.on('open', () => (socket.extensions ? end(`agreed to ${socket.extensions}`, 1) : send(wanted[0])));
socket.on('message', (data, isBinary) => {
  const [sent, binary] = wanted[received];
  if (binary !== isBinary || !data.equals(sent)) end(`message ${received} of ${sent.length} bytes came back changed`, 1);
  received += 1;
  if (received < wanted.length) send(wanted[received]);
  else socket.close(1000, 'done');
});
socket.on('error', (error) => end(`failed: ${error}`, 1));
socket.on('close', (code) => (code === 1000 && received === wanted.length
  ? end(`${received} messages came back`, 0) : end(`closed with ${code} after ${received}`, 1)));
