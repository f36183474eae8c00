// What is shown, in the page's address: a reload, a link and the browser's back button keep it.

/** "#by=directory&at=d%3AWindows/f%3Aa" -> {by: 'directory', at: ['d:Windows', 'f:a']} */
export function readAddress(hash = window.location.hash) {
  const state = {};
  for (const field of hash.replace(/^#/, '').split('&')) {
    const [name, value] = field.split('=');
    if (!name || value === undefined) continue;
    try {
      state[name] = name === 'at' ? value.split('/').filter(Boolean).map(decodeURIComponent) : decodeURIComponent(value);
    } catch {
      // a damaged address shows the whole image
    }
  }
  return state;
}

export function addressText(state) {
  const fields = [];
  for (const [name, value] of Object.entries(state)) {
    if (Array.isArray(value)) {
      if (value.length) fields.push(`${name}=${value.map(encodeURIComponent).join('/')}`);
    } else if (value) {
      fields.push(`${name}=${encodeURIComponent(value)}`);
    }
  }
  return `#${fields.join('&')}`;
}

/** Puts the state into the address; `isStep` makes it one the back button returns from. */
export function writeAddress(state, isStep) {
  const text = addressText(state);
  if (text === window.location.hash || (text === '#' && !window.location.hash)) return;
  window.history[isStep ? 'pushState' : 'replaceState'](null, '', text);
}
