// What browsers have and the type checker's own DOM library does not know yet.

interface AudioContext {
  setSinkId?(id: string): Promise<void>;
  readonly sinkId?: string;
}

interface MediaDevices {
  selectAudioOutput?(options?: { deviceId?: string }): Promise<MediaDeviceInfo>;
}

// The scope of an audio worklet.
declare const sampleRate: number;
declare const currentFrame: number;
declare class AudioWorkletProcessor {
  readonly port: MessagePort;
}
declare function registerProcessor(name: string, processor: new () => AudioWorkletProcessor): void;

interface HTMLElementTagNameMap {
  'hearsay-connection': import('./components/hearsay-connection.js').HearsayConnection;
  'hearsay-level': import('./components/hearsay-level.js').HearsayLevel;
  'hearsay-link-form': import('./components/hearsay-link-form.js').HearsayLinkForm;
  'hearsay-log': import('./components/hearsay-log.js').HearsayLog;
  'hearsay-now': import('./components/hearsay-now.js').HearsayNow;
  'hearsay-outputs': import('./components/hearsay-outputs.js').HearsayOutputs;
  'hearsay-queue': import('./components/hearsay-queue.js').HearsayQueue;
  'hearsay-shortcuts': import('./components/hearsay-shortcuts.js').HearsayShortcuts;
  'hearsay-sound-button': import('./components/hearsay-sound-button.js').HearsaySoundButton;
  'hearsay-volume': import('./components/hearsay-volume.js').HearsayVolume;
}
