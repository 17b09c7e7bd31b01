const WORKER = '/web/player/notification-worker.js';
/** Systems cut longer ones. */
const LIMIT = 300;

/** Shows sentences as notifications, once somebody asked for them. */
export class Notifications {
  /** Whether the browser allows them; asks, so call it from a click. */
  static async ask() {
    return (await Notification.requestPermission()) === 'granted';
  }

  /**
   * @param {string} text
   * @param {string} id Of the sentence: the same one is not shown twice.
   */
  async show(text, id) {
    if (Notification.permission !== 'granted') return;
    const options = { body: text.slice(0, LIMIT), tag: id, icon: '/web/icons/icon-192.png', silent: true };
    try {
      const shown = new Notification('Hearsay', options);
      shown.onclick = () => window.focus();
    } catch {
      // Phones show those of service workers only.
      const registration = await navigator.serviceWorker?.register(WORKER);
      await registration?.showNotification('Hearsay', options);
    }
  }
}
