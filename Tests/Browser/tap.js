// Stands before the loudspeaker and keeps every sample that goes there. The product does not know of it.
(() => {
  const chunks = [];
  const connect = AudioNode.prototype.connect;
  const keep = (samples) => {
    if (samples.some((sample) => sample !== 0)) chunks.push(samples);
    else if (chunks.length > 0 && chunks.at(-1).length > 0) chunks.push(new Float32Array(0));
  };

  // An empty chunk stands for a silence, whose length does not matter: the tests see one zero there.
  const encode = () => {
    const bytes = [];
    for (const chunk of chunks) {
      const samples = chunk.length > 0 ? chunk : new Float32Array(1);
      bytes.push(...new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength));
    }
    let text = '';
    for (const byte of bytes) text += String.fromCharCode(byte);
    return btoa(text);
  };
  // What a tap says comes in order: once it has answered, all that it heard before is there.
  const worklets = [];
  const answer = (tap) => new Promise((resolve) => {
    tap.answered = resolve;
    tap.port.postMessage('all?');
  });
  window.heardByTap = async () => {
    const answers = Promise.all(worklets.filter(({ context }) => context.state === 'running').map(answer));
    // One whose sound was just taken away answers nobody.
    await Promise.race([answers, new Promise((resolve) => setTimeout(resolve, 5_000))]);
    return encode();
  };
  window.stallTap = (ms) => worklets.forEach((tap) => tap.port.postMessage({ stall: ms }));
  window.addEventListener('pagehide', () => sessionStorage.setItem('tap', encode()));

  const workletTap = (context) => {
    const tap = new AudioWorkletNode(context, 'tap', { outputChannelCount: [1] });
    tap.port.onmessage = ({ data }) => (data === 'all' ? tap.answered() : keep(data));
    worklets.push(tap);
    return tap;
  };
  const scriptTap = (context) => {
    const tap = context.createScriptProcessor(4096, 1, 1);
    tap.onaudioprocess = ({ inputBuffer, outputBuffer }) => {
      const samples = inputBuffer.getChannelData(0);
      outputBuffer.getChannelData(0).set(samples);
      keep(samples.slice());
    };
    window.scriptTap = tap;
    return tap;
  };

  // A module of its own has to come from the page's origin: where no wire serves it, a test asks to do without.
  const hasModule = window.AudioWorklet && !window.tapsWithoutModule;
  if (hasModule) {
    const addModule = AudioWorklet.prototype.addModule;
    AudioWorklet.prototype.addModule = async function (url) {
      await addModule.call(this, '/web/tap-processor.js');
      return addModule.call(this, url);
    };
  }
  AudioNode.prototype.connect = function (target, ...rest) {
    if (!(target instanceof AudioDestinationNode)) return connect.call(this, target, ...rest);
    const tap = hasModule ? workletTap(this.context) : scriptTap(this.context);
    connect.call(this, tap);
    connect.call(tap, target);
    return target;
  };
})();
