import { make } from './make.js';

const WHY = 'The browser asks for the microphone, because it names loudspeakers only then. Nothing is recorded.';

/**
 * The choice of the loudspeaker: `<hearsay-outputs>`.
 *
 * Sends `choose` when one is chosen and `names` when the browser is to name them.
 */
export class HearsayOutputs extends HTMLElement {
  #select = make('select', { id: 'output' });
  #note = make('p', { class: 'note', role: 'status' });
  #names = make('button', { type: 'button', class: 'plain' }, 'Show all loudspeakers');
  #why = make('p', { class: 'note' }, WHY);

  connectedCallback() {
    this.#select.addEventListener('change', () => this.dispatchEvent(new Event('choose')));
    this.#names.addEventListener('click', () => this.dispatchEvent(new Event('names')));
    const label = make('label', { for: 'output' }, 'Loudspeaker');
    this.replaceChildren(label, this.#select, this.#note, this.#names, this.#why);
  }

  /** The id of the chosen one, empty for the default. */
  get chosen() {
    return this.#select.value;
  }

  /** @param {import('../sound/outputs.js').Outputs} outputs */
  set outputs({ list, choice, current, canChoose }) {
    const absent = choice && !current ? choice.label : '';
    const options = [{ id: '', label: 'System default' }, ...list];
    this.#select.replaceChildren(...options.map(({ id, label }) => make('option', { value: id }, label)));
    this.#select.value = current?.id ?? '';
    this.#select.disabled = list.length === 0;
    const isNoted = absent !== '' && list.length > 0;
    this.#note.textContent = isNoted ? `${absent} is not here, the default is used until it is back.` : '';
    this.#names.hidden = this.#why.hidden = !canChoose || list.length > 0;
  }
}

customElements.define('hearsay-outputs', HearsayOutputs);
