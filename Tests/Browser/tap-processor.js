registerProcessor(
  'tap',
  class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.port.onmessage = () => this.port.postMessage('all');
    }

    process([[input]], [[output]]) {
      if (!input) return true;
      output.set(input);
      this.port.postMessage(input.slice());
      return true;
    }
  },
);
