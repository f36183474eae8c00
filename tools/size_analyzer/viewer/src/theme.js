// Light or dark: the system's choice unless the reader makes one; light while printing.
import { choice } from './dom.js';

const CHOICES = ['system', 'light', 'dark'];
const system = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = [];
let chosen = 'system';
let printing = false;

/** 'light' or 'dark', as it is drawn now. */
export function currentTheme() {
  if (printing) return 'light';
  if (chosen !== 'system') return chosen;
  return system.matches ? 'dark' : 'light';
}

export function onThemeChange(listener) {
  listeners.push(listener);
}

function apply() {
  document.documentElement.dataset.theme = currentTheme();
  for (const listener of listeners) listener();
}

export function startTheme() {
  system.addEventListener('change', apply);
  window.addEventListener('beforeprint', () => { printing = true; apply(); });
  window.addEventListener('afterprint', () => { printing = false; apply(); });
  apply();
}

export function themeSwitch() {
  return choice({
    name: 'theme',
    label: 'Theme',
    value: chosen,
    choices: CHOICES.map((each) => [each, each[0].toUpperCase() + each.slice(1)]),
    onchange: (value) => { chosen = value; apply(); },
  }).root;
}
