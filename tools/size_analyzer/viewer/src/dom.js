// Elements, without markup from strings: a file's name is text, whatever it holds.

/**
 * element('button', {class: 'x', onclick: f, aria: {label: 'y'}}, 'text', child…). Properties that start with "on" are
 * listeners; `aria` and `data` are maps; false, null and undefined leave an attribute or a child out.
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === false || value === null || value === undefined) continue;
    if (name.startsWith('on')) made.addEventListener(name.slice(2), value);
    else if (name === 'aria' || name === 'data') setPrefixed(made, name, value);
    else made.setAttribute(name, value === true ? '' : String(value));
  }
  append(made, children);
  return made;
}

function setPrefixed(made, prefix, values) {
  for (const [name, value] of Object.entries(values)) {
    if (value !== null && value !== undefined) made.setAttribute(`${prefix}-${name}`, String(value));
  }
}

function append(parent, children) {
  for (const child of children.flat(Infinity)) {
    if (child === false || child === null || child === undefined) continue;
    parent.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

export function fillWith(parent, ...children) {
  parent.textContent = '';
  append(parent, children);
}

/** A square of a colour; set through the object model, which the page's policy allows. */
export function swatch(colour) {
  const made = element('span', { class: 'swatch', aria: { hidden: 'true' } });
  made.style.backgroundColor = colour;
  return made;
}

/** A name that may be in any direction of writing, kept apart from what stands around it. */
export function nameText(text) {
  return element('bdi', {}, text);
}

/**
 * Radio buttons as one control: choices are [value, label, hint?]. Returns {root, set(value)}; arrows move as in any radio
 * group.
 */
export function choice({ name, label, choices, value, onchange }) {
  const inputs = new Map();
  const root = element('fieldset', { class: 'choice' }, element('legend', {}, label));
  for (const [each, text, hint] of choices) {
    const input = element('input', { type: 'radio', name, value: each, onchange: () => onchange(each) });
    input.checked = each === value;
    inputs.set(each, input);
    root.append(element('label', { title: hint }, input, element('span', {}, text)));
  }
  return { root, set: (each) => { inputs.get(each).checked = true; } };
}
