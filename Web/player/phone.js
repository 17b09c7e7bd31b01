/** What a page can ask of a phone: to leave the screen on, to let it sound in the background, to show its controls. */
export class Phone {
  /** @type {{release(): Promise<void>} | null} */
  #lock = null;
  #keepsScreen = false;
  #companion = new Audio('/web/sound/silence.flac');
  /** @type {(isMuted: boolean) => void} */
  onMute = () => {};

  constructor() {
    this.#companion.preload = 'none';
    this.#companion.loop = true;
    // A lock ends whenever the page is hidden.
    document.addEventListener('visibilitychange', () => this.#holdScreen());
    const session = navigator.mediaSession;
    session?.setActionHandler('play', () => this.onMute(false));
    session?.setActionHandler('pause', () => this.onMute(true));
  }

  /** @param {boolean} keepsScreen */
  set keepsScreen(keepsScreen) {
    this.#keepsScreen = keepsScreen;
    this.#holdScreen();
  }

  /**
   * Phones stop pages in the background unless an element plays, and show media controls for elements only: so a silent
   * one runs beside the speech. It takes the sound from other apps, so it is wished for or not there.
   *
   * @param {boolean} playsOn
   */
  set playsOn(playsOn) {
    // Refused before the first click; the next change asks again.
    if (playsOn) this.#companion.play().catch(() => undefined);
    else this.#companion.pause();
  }

  /**
   * Tells the system's own controls what is said.
   *
   * @param {import('../speech/jobs.js').Sounding | null} job
   * @param {boolean} isMuted
   */
  show(job, isMuted) {
    const session = navigator.mediaSession;
    if (!session) return;
    const artwork = [{ src: '/web/icons/icon-512.png', sizes: '512x512', type: 'image/png' }];
    session.metadata = new MediaMetadata({ title: job?.text ?? 'Hearsay', artist: job?.voice ?? '', artwork });
    session.playbackState = isMuted ? 'paused' : 'playing';
  }

  async #holdScreen() {
    const isWanted = this.#keepsScreen && document.visibilityState === 'visible';
    const { wakeLock } = /** @type {any} */ (navigator);
    if (!isWanted) {
      await this.#lock?.release();
      this.#lock = null;
    } else if (wakeLock) {
      // Refused when the battery is low.
      this.#lock = await wakeLock.request('screen').catch(() => null);
    }
  }
}
