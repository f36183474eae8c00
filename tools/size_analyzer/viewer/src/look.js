// The page's colours for what is drawn on a canvas; style.css has the same values for everything else.

const LOOKS = {
  light: { ground: '#ffffff', ink: '#1a2129', quiet: '#56616e', line: '#d8dde4', accent: '#0b5cad', more: '#a63d00', less: '#00695c', group: ['#e3e8ee', '#edf1f5', '#f4f6f9'] },
  dark: { ground: '#161b22', ink: '#e8edf3', quiet: '#9aa6b4', line: '#333c47', accent: '#7cb8ff', more: '#ff9d66', less: '#5fd3bc', group: ['#2b333e', '#232a33', '#1d232b'] },
};

/** {ground, ink, quiet, line, accent, more, less, group: [of the first level, of the second…]} */
export function lookOf(theme) {
  return LOOKS[theme];
}
