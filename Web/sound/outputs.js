const CHOICE = 'hearsay.output-device';

/** @typedef {{id: string, label: string}} OutputDevice */

/** The loudspeakers that the browser shows, and the one that was chosen. */
export class Outputs {
  /** @type {OutputDevice[]} Those that can be named: without permission browsers show none by name. */
  list = [];
  /** Whether the browser sees any loudspeaker; where it cannot tell, it is taken to. */
  isAny = true;

  /** @returns {OutputDevice | null} What was chosen in this profile, here or not. */
  get choice() {
    const stored = localStorage.getItem(CHOICE);
    return stored ? JSON.parse(stored) : null;
  }

  /** @returns {OutputDevice | null} The chosen one if it is here: by id, else by name, since ids can change. */
  get current() {
    const { choice } = this;
    if (!choice) return null;
    const { list } = this;
    return list.find(({ id }) => id === choice.id) ?? list.find(({ label }) => label === choice.label) ?? null;
  }

  /** Whether this browser lets a page choose. */
  get canChoose() {
    return typeof AudioContext.prototype.setSinkId === 'function' && Boolean(navigator.mediaDevices);
  }

  /** Looks again at what is there. */
  async refresh() {
    // A browser that cannot choose among loudspeakers does not list them either: nothing follows from an empty list.
    if (!this.canChoose) return;
    const devices = await navigator.mediaDevices.enumerateDevices();
    const outputs = devices.filter(({ kind }) => kind === 'audiooutput');
    this.isAny = outputs.length > 0;
    this.list = outputs
      .filter(({ deviceId, label }) => deviceId && deviceId !== 'default' && label)
      .map(({ deviceId, label }) => ({ id: deviceId, label }));
  }

  /** @param {string} id Empty for the default of the system. */
  choose(id) {
    const device = this.list.find((each) => each.id === id);
    if (device) localStorage.setItem(CHOICE, JSON.stringify(device));
    else localStorage.removeItem(CHOICE);
  }

  /** Asks for the permission without which browsers do not name loudspeakers. Nothing is recorded. */
  async askForNames() {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    for (const track of stream.getTracks()) track.stop();
    await this.refresh();
  }
}
