// Colours of cells and lines in both themes, given as lightness, chroma and hue (OKLCH) and turned into hex here.

/** OKLCH to "#rrggbb"; what no screen can show is cut off. */
export function oklch(lightness, chroma, hue) {
  const angle = (hue * Math.PI) / 180;
  const a = chroma * Math.cos(angle);
  const b = chroma * Math.sin(angle);
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return hex([
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ]);
}

function hex(linear) {
  const bytes = linear.map((value) => {
    const clipped = Math.min(1, Math.max(0, value));
    const encoded = clipped <= 0.0031308 ? 12.92 * clipped : 1.055 * clipped ** (1 / 2.4) - 0.055;
    return Math.round(encoded * 255).toString(16).padStart(2, '0');
  });
  return `#${bytes.join('')}`;
}

/** Relative luminance of "#rrggbb" (WCAG 2). */
export function luminance(colour) {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const value = parseInt(colour.slice(at, at + 2), 16) / 255;
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

export function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
}

const DARK_TEXT = '#000000';
const LIGHT_TEXT = '#ffffff';

/** The text colour that reads best on a fill. */
export function textOn(fill) {
  return contrast(fill, DARK_TEXT) >= contrast(fill, LIGHT_TEXT) ? DARK_TEXT : LIGHT_TEXT;
}

// Kind -> [hue, chroma, step]; kinds of one family share a hue and differ in lightness by step.
const KINDS = {
  executable: [255, 0.13, -1],
  library: [245, 0.1, 1],
  driver: [285, 0.12, 0],
  'service binary': [305, 0.11, 1],
  language: [150, 0.12, 0],
  font: [120, 0.12, 1],
  'NLS table': [175, 0.09, 1],
  'registry hive': [30, 0.13, 0],
  'component store': [75, 0.12, 1],
  'update payload': [60, 0.13, -1],
  data: [200, 0.07, 1],
  'debug section': [340, 0.1, 1],
  signature: [320, 0.07, 2],
  slack: [90, 0.03, 1],
  'named stream': [10, 0.09, 1],
  'file table': [270, 0.03, 0],
  'directory index': [270, 0.03, 1],
  'file system': [270, 0.03, -1],
  'partition table': [250, 0.02, 2],
  'free space': [250, 0.008, 2],
  'container format': [230, 0.03, 1],
  unclaimed: [355, 0.17, 0],
};
const HUES = [250, 150, 60, 320, 195, 30, 110, 285, 85, 350, 170, 220];
const CHANGES = {
  new: [45, 0.15, 0],
  grew: [70, 0.12, 1],
  same: [255, 0.006, 1],
  shrank: [195, 0.09, 1],
  gone: [250, 0.13, 0],
};

function fill([hue, chroma, step], theme) {
  return theme === 'dark' ? oklch(0.53 + 0.06 * step, chroma * 0.85, hue) : oklch(0.75 + 0.055 * step, chroma, hue);
}

export function kindColour(kind, theme) {
  return fill(KINDS[kind] ?? [255, 0.01, 0], theme);
}

/** Colour of the n-th language; 0 is what belongs to none. */
export function rankColour(rank, theme) {
  if (rank === 0) return fill([255, 0.012, 1], theme);
  const turn = Math.floor((rank - 1) / HUES.length);
  return fill([HUES[(rank - 1) % HUES.length], 0.11, turn % 2 === 0 ? 0 : 1], theme);
}

export function changeColour(change, theme) {
  return fill(CHANGES[change], theme);
}

/** Lines of a chart: readable as strokes on the page's ground. */
export function lineColour(rank, theme) {
  const hue = HUES[rank % HUES.length];
  return theme === 'dark' ? oklch(0.76, 0.13, hue) : oklch(0.52, 0.15, hue);
}
