registerProcessor(
  'tap',
  class extends AudioWorkletProcessor {
    process([[input]], [[output]]) {
      if (!input) return true;
      output.set(input);
      this.port.postMessage(input.slice());
      return true;
    }
  },
);
