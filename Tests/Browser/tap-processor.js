registerProcessor(
  'tap',
  class extends AudioWorkletProcessor {
    constructor() {
      super();
      this.port.onmessage = ({ data }) => {
        // Nothing on the audio thread goes on meanwhile, as on a machine with too much to do.
        for (const end = Date.now() + (data.stall ?? 0); Date.now() < end; );
        if (data === 'all?') this.port.postMessage('all');
      };
    }

    process([[input]], [[output]]) {
      if (!input) return true;
      output.set(input);
      this.port.postMessage(input.slice());
      return true;
    }
  },
);
