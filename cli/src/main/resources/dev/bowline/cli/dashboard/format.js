/** Numbers as people read them, and the page's elements. */
import { words } from './page-words.js';

const COUNT = new Intl.NumberFormat(words.locale);
const SHORT = new Intl.NumberFormat(words.locale, { notation: 'compact', maximumFractionDigits: 1 });
const NONE = '–';

export const byId = (id) => document.getElementById(id);

/** An element with a text, or with others in it. */
export function element(name, content = '', className = '') {
  const made = document.createElement(name);
  made.append(...(Array.isArray(content) ? content : [content]));
  if (className) made.className = className;
  return made;
}

export const count = (number) => (number === null ? NONE : COUNT.format(Math.round(number)));

/** Such as 12.3K. */
export const short = (number) => {
  if (number === null) return NONE;
  return Math.abs(number) < 10_000 ? COUNT.format(Math.abs(number) < 10 ? Math.round(number * 10) / 10 : Math.round(number)) : SHORT.format(number);
};

export const perSecond = (number) => (number === null ? NONE : `${short(number)}/${words.seconds}`);

export function bytes(number) {
  if (number === null) return NONE;
  let value = number;
  let unit = 0;
  while (value >= 1_000 && unit < 4) {
    value /= 1_024;
    unit += 1;
  }
  const digits = unit === 0 || value >= 100 ? 0 : 1;
  return `${value.toFixed(digits)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][unit]}`;
}

export const bytesPerSecond = (number) => (number === null ? NONE : `${bytes(number)}/${words.seconds}`);

export const percent = (share) => (share === null ? NONE : `${(share * 100).toFixed(share < 0.0995 ? 1 : 0)} %`);

/** Of milliseconds, as exact as they are to be told. */
export function duration(millis) {
  if (millis === null) return NONE;
  if (millis === 0) return `0 ${words.milliseconds}`;
  if (millis < 1) return `${Math.round(millis * 1_000)} ${words.microseconds}`;
  if (millis < 10) return `${millis.toFixed(1)} ${words.milliseconds}`;
  if (millis < 1_000) return `${Math.round(millis)} ${words.milliseconds}`;
  const seconds = millis / 1_000;
  if (seconds < 60) return `${seconds < 10 ? seconds.toFixed(1) : Math.round(seconds)} ${words.seconds}`;
  const parts = [
    [words.days, 86_400],
    [words.hours, 3_600],
    [words.minutes, 60],
    [words.seconds, 1],
  ];
  const first = parts.findIndex(([, size]) => seconds >= size);
  const [unit, size] = parts[first];
  const [nextUnit, nextSize] = parts[first + 1];
  const whole = Math.floor(seconds / size);
  const rest = Math.floor((seconds % size) / nextSize);
  return rest === 0 ? `${whole} ${unit}` : `${whole} ${unit} ${rest} ${nextUnit}`;
}

export const timeOfDay = (millis) => new Date(millis).toLocaleTimeString('en-GB');

export const timeOfDayExactly = (millis) => `${timeOfDay(millis)}.${String(millis % 1_000).padStart(3, '0')}`;

/** Fills a table, each row an array of texts or elements; numbers are told by their column's class. */
export function fill(table, rows, otherwise) {
  const numbers = [...table.tHead.rows[0].cells].map((cell) => cell.className);
  const made = rows.map((cells) => element('tr', cells.map((cell, i) => element('td', cell, numbers[i]))));
  if (made.length === 0) {
    const nothing = element('td', otherwise, 'nothing');
    nothing.colSpan = numbers.length;
    made.push(element('tr', [nothing]));
  }
  table.tBodies[0].replaceChildren(...made);
}
