/** Asks the HTTP API, with the key that somebody has given this page. It lives as long as the tab does. */
import { words } from './page-words.js';

const STORED = 'bowline-key';
const PATIENCE_MILLIS = 15_000;

let key = sessionStorage.getItem(STORED) ?? '';

/** What the API says is wrong. */
export class Problem extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

export function hasKey() {
  return key !== '';
}

export function useKey(given) {
  key = given;
  sessionStorage.setItem(STORED, given);
}

export function forgetKey() {
  key = '';
  sessionStorage.removeItem(STORED);
}

/**
 * The answer, from JSON.
 * @param {string} path below `/v1/`, which may stand behind a prefix of a proxy's
 * @throws {Problem} status 0 if there is no answer
 */
export async function ask(path, options = {}) {
  let answer;
  let body;
  try {
    answer = await fetch(`../v1/${path}`, {
      ...options,
      headers: { ...options.headers, Authorization: `Bearer ${key}` },
      cache: 'no-store',
      signal: AbortSignal.timeout(PATIENCE_MILLIS),
    });
    body = await answer.text();
  } catch (error) {
    throw new Problem(0, words['no-answer'](error.message));
  }
  let told;
  try {
    told = JSON.parse(body);
  } catch {
    throw new Problem(answer.status, words['strange-answer'](answer.status));
  }
  if (!answer.ok) throw new Problem(answer.status, words.problem(answer.status, told.detail));
  return told;
}
