// What browsers have and the type checker's own DOM library does not know yet.

interface AudioContext {
  setSinkId?(id: string): Promise<void>;
  readonly sinkId?: string;
}

interface MediaDevices {
  selectAudioOutput?(options?: { deviceId?: string }): Promise<MediaDeviceInfo>;
}

interface AudioDecoderConfig {
  codec: string;
  sampleRate: number;
  numberOfChannels: number;
}

declare class AudioData {
  constructor(init: {
    format: 's16';
    sampleRate: number;
    numberOfFrames: number;
    numberOfChannels: number;
    timestamp: number;
    data: Int16Array;
  });
  readonly numberOfFrames: number;
  copyTo(destination: Float32Array, options: { planeIndex: number; format: 'f32-planar' }): void;
  close(): void;
}

declare class EncodedAudioChunk {
  constructor(init: { type: 'key'; timestamp: number; data: Uint8Array });
  readonly byteLength: number;
  copyTo(destination: Uint8Array): void;
}

interface AudioEncoderConfig {
  codec: string;
  sampleRate: number;
  numberOfChannels: number;
  bitrate: number;
  opus: { frameDuration: number };
}

declare class AudioEncoder {
  static isConfigSupported(configuration: AudioEncoderConfig): Promise<{ supported?: boolean }>;
  constructor(init: { output: (chunk: EncodedAudioChunk) => void; error: (error: DOMException) => void });
  readonly state: 'unconfigured' | 'configured' | 'closed';
  configure(configuration: AudioEncoderConfig): void;
  encode(data: AudioData): void;
  flush(): Promise<void>;
  close(): void;
}

declare class AudioDecoder {
  static isConfigSupported(configuration: AudioDecoderConfig): Promise<{ supported?: boolean }>;
  constructor(init: { output: (data: AudioData) => void; error: (error: DOMException) => void });
  readonly state: 'unconfigured' | 'configured' | 'closed';
  configure(configuration: AudioDecoderConfig): void;
  decode(chunk: EncodedAudioChunk): void;
  flush(): Promise<void>;
  close(): void;
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
  'hearsay-download': import('./components/hearsay-download.js').HearsayDownload;
  'hearsay-draft': import('./components/hearsay-draft.js').HearsayDraft;
  'hearsay-drafts': import('./components/hearsay-drafts.js').HearsayDrafts;
  'hearsay-find': import('./components/hearsay-find.js').HearsayFind;
  'hearsay-level': import('./components/hearsay-level.js').HearsayLevel;
  'hearsay-link-form': import('./components/hearsay-link-form.js').HearsayLinkForm;
  'hearsay-log': import('./components/hearsay-log.js').HearsayLog;
  'hearsay-microphone': import('./components/hearsay-microphone.js').HearsayMicrophone;
  'hearsay-now': import('./components/hearsay-now.js').HearsayNow;
  'hearsay-outputs': import('./components/hearsay-outputs.js').HearsayOutputs;
  'hearsay-queue': import('./components/hearsay-queue.js').HearsayQueue;
  'hearsay-recording': import('./components/hearsay-recording.js').HearsayRecording;
  'hearsay-settings': import('./components/hearsay-settings.js').HearsaySettings;
  'hearsay-shortcuts': import('./components/hearsay-shortcuts.js').HearsayShortcuts;
  'hearsay-sound-button': import('./components/hearsay-sound-button.js').HearsaySoundButton;
  'hearsay-sources': import('./components/hearsay-sources.js').HearsaySources;
  'hearsay-transcript': import('./components/hearsay-transcript.js').HearsayTranscript;
  'hearsay-volume': import('./components/hearsay-volume.js').HearsayVolume;
}
