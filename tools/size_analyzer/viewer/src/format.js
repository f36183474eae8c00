// Numbers and names as people read them.

/** "5.0 MB" (10^6), "999 bytes": as winnow prints them in a terminal. */
export function humanSize(bytes) {
  const size = Math.abs(bytes);
  if (size < 1000) return `${size} ${size === 1 ? 'byte' : 'bytes'}`;
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = size;
  let unit = -1;
  do {
    value /= 1000;
    unit += 1;
  } while (value >= 999.95 && unit < units.length - 1);
  return `${value.toFixed(1)} ${units[unit]}`;
}

/** "1,234,567". */
export function digits(number) {
  return String(Math.round(number)).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** "+5.0 MB", "−12 bytes", "0 bytes"; the minus is the sign, not a hyphen. */
export function signedSize(bytes) {
  return `${signOf(bytes)}${humanSize(bytes)}`;
}

/** "+1,234" */
export function signedDigits(number) {
  return `${signOf(number)}${digits(Math.abs(number))}`;
}

function signOf(number) {
  if (number > 0) return '+';
  return number < 0 ? '\u2212' : '';
}

/** "12.3 %", "<0.1 %". */
export function percent(part, whole) {
  if (!whole) return '';
  const value = (100 * part) / whole;
  if (value > 0 && value < 0.05) return '<0.1 %';
  return `${value.toFixed(1)} %`;
}

/** "+12.3 %": how much `now` is above `then`; "" where there was nothing. */
export function growth(now, then) {
  if (!then) return '';
  const value = (100 * (now - then)) / then;
  return `${signOf(value)}${Math.abs(value).toFixed(1)} %`;
}

export function count(number, one, many = `${one}s`) {
  return `${digits(number)} ${number === 1 ? one : many}`;
}

// Control characters, direction changes and other invisible signs: a file name may use them to look like another one.
const HIDDEN = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]/g;

/** A name in which everything can be seen: "a\u202eb" becomes "a⟨U+202E⟩b". */
export function visible(name) {
  return name.replace(HIDDEN, (sign) => `\u27e8U+${sign.codePointAt(0).toString(16).toUpperCase().padStart(4, '0')}\u27e9`);
}

/** At most `length` signs, the middle left out. */
export function shorten(text, length) {
  const signs = [...text];
  if (signs.length <= length) return text;
  const head = Math.ceil((length - 1) / 2);
  return `${signs.slice(0, head).join('')}\u2026${signs.slice(signs.length - (length - 1 - head)).join('')}`;
}
