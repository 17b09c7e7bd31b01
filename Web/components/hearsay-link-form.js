import { make } from './make.js';

/**
 * Asks for a player link when there is none or the server refused it: `<hearsay-link-form>`.
 *
 * Sends `link` when something was pasted; `value` holds it.
 */
export class HearsayLinkForm extends HTMLElement {
  #title = make('h2');
  #why = make('p');
  #input = make('input', { id: 'link', type: 'text', autocomplete: 'off', spellcheck: 'false', required: true });
  #error = make('p', { id: 'link-error', class: 'error', role: 'alert' });

  connectedCallback() {
    const label = make('label', { for: 'link' }, 'Player link');
    const button = make('button', { class: 'primary' }, 'Open');
    const form = make('form', {}, label, make('div', { class: 'row' }, this.#input, button), this.#error);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.dispatchEvent(new Event('link'));
    });
    this.replaceChildren(this.#title, this.#why, form);
    this.hidden = true;
  }

  get value() {
    return this.#input.value;
  }

  /** @param {'none' | 'token' | 'forbidden' | 'listener'} cause Why a link is needed. */
  ask(cause) {
    this.#title.textContent = cause === 'none' ? 'This page needs its link' : 'The server refused this link';
    this.#why.textContent = {
      none: 'The server prints a player link when it starts. Open that link, or paste it here.',
      token: 'It has ended or was revoked. Ask for a new one, or paste it here.',
      forbidden: 'It is not allowed to be used from here. Ask for another one, or paste it here.',
      listener: 'It does not allow listening. Ask for another one, or paste it here.',
    }[cause];
    this.#error.textContent = '';
    this.hidden = false;
  }

  /** Says that what was pasted is no link. */
  reject() {
    this.#error.textContent = 'That is no player link: it ends with #token= and a long word.';
    this.#input.setAttribute('aria-invalid', 'true');
    this.#input.setAttribute('aria-describedby', 'link-error');
    this.#input.focus();
  }
}

customElements.define('hearsay-link-form', HearsayLinkForm);
