import { make } from './make.js';

const ENABLED = 'hearsay.shortcuts';

/** @typedef {{key: string, label: string, run: () => void}} Shortcut */

/**
 * Single-key shortcuts and the dialog that lists them: `<hearsay-shortcuts>`.
 *
 * They can be switched off, because speech input and a slip of the hand press single keys too (WCAG 2.1.4).
 */
export class HearsayShortcuts extends HTMLElement {
  /** @type {Shortcut[]} */
  #shortcuts = [];
  #list = make('dl', { class: 'keys' });
  #enabled = make('input', { type: 'checkbox', id: 'shortcuts-enabled' });
  #dialog = make('dialog', { 'aria-labelledby': 'shortcuts-title' });

  connectedCallback() {
    const close = make('button', { type: 'button', class: 'plain' }, 'Close');
    close.addEventListener('click', () => this.#dialog.close());
    this.#enabled.checked = localStorage.getItem(ENABLED) !== 'false';
    this.#enabled.addEventListener('change', () => localStorage.setItem(ENABLED, String(this.#enabled.checked)));
    const label = make('label', { class: 'check' }, this.#enabled, 'Use single keys');
    this.#dialog.append(make('h2', { id: 'shortcuts-title' }, 'Keyboard'), this.#list, label, close);
    this.replaceChildren(this.#dialog);
    document.addEventListener('keydown', (event) => this.#pressed(event));
  }

  /** @param {Shortcut[]} shortcuts */
  set shortcuts(shortcuts) {
    this.#shortcuts = [...shortcuts, { key: '?', label: 'Show this', run: () => this.open() }];
    const rows = this.#shortcuts.map(({ key, label }) =>
      make('div', {}, make('dt', {}, make('kbd', {}, key.toUpperCase())), make('dd', {}, label)),
    );
    this.#list.replaceChildren(...rows);
  }

  open() {
    if (!this.#dialog.open) this.#dialog.showModal();
  }

  /** @param {KeyboardEvent} event */
  #pressed(event) {
    const isForOthers = event.ctrlKey || event.metaKey || event.altKey || event.repeat || event.defaultPrevented;
    if (isForOthers || !this.#enabled.checked || this.#dialog.open || isTyping(event.target)) return;
    const shortcut = this.#shortcuts.find(({ key }) => key === event.key.toLowerCase());
    if (!shortcut) return;
    event.preventDefault();
    shortcut.run();
  }
}

/** @param {EventTarget | null} target */
function isTyping(target) {
  return target instanceof HTMLElement && target.matches('input:not([type=range], [type=checkbox]), select, textarea');
}

customElements.define('hearsay-shortcuts', HearsayShortcuts);
