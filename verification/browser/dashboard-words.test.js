// The texts of the dashboard, in each of its languages.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, test } from 'node:test';

const DASHBOARD = new URL('../../cli/src/main/resources/dev/bowline/cli/dashboard/', import.meta.url);
const { languageFor, WORDS } = await import(new URL('words.js', DASHBOARD));
const read = (name) => readFileSync(new URL(name, DASHBOARD), 'utf8');

/** What a table has, and how: `codes.1006 string`, `shown function`. */
const shape = (table, before = '') =>
  Object.entries(table).flatMap(([key, value]) =>
    typeof value === 'object' ? shape(value, `${before}${key}.`) : [`${before}${key} ${typeof value}`],
  );

/** All texts of a table; those that are made of something, of digits. */
const texts = (table) =>
  Object.entries(table).flatMap(([key, value]) => {
    if (typeof value === 'object') return texts(value);
    return [[key, typeof value === 'function' ? value('1', '2', '3', '4') : value]];
  });

describe('the words of the dashboard', () => {
  test('are there in every language', () => {
    for (const table of Object.values(WORDS)) assert.deepEqual(shape(table).sort(), shape(WORDS.en).sort());
  });

  test('are all that the page asks for, and no more', () => {
    const scripts = readdirSync(fileURLToPath(DASHBOARD)).filter((name) => name.endsWith('.js') && name !== 'words.js');
    const asked = new Set([
      ...[...read('index.html').matchAll(/data-t(?:-placeholder|-label)?="([^"]+)"/g)].map(([, key]) => key),
      ...scripts.flatMap((name) => [...read(name).matchAll(/\bwords\.(\w+)|\bwords\['([^']+)'\]/g)].map(([, one, other]) => one ?? other)),
      ...[...read('sessions.js').matchAll(/words\[\w+ \? '([^']+)' : '([^']+)'\]/g)].flatMap(([, one, other]) => [one, other]),
    ]);
    assert.deepEqual([...asked].filter((key) => key !== 'js').sort(), Object.keys(WORDS.en).sort());
  });

  test('are Chinese where they should be', () => {
    const names = ['locale', 'line-p50', 'line-p99'];
    const others = texts(WORDS.zh).filter(([key, text]) => !names.includes(key) && !/[\u4e00-\u9fff，；：]/.test(text));
    assert.deepEqual(others, []);
  });

  test('are those of the first language that there is', () => {
    assert.deepEqual(
      [['zh-TW', 'en'], ['fr', 'ZH', 'en'], ['en-GB', 'zh'], ['fr'], [], ['constructor']].map(languageFor),
      ['zh', 'zh', 'en', 'en', 'en', 'en'],
    );
  });

  test('count one thing as one', () => {
    const { en } = WORDS;
    assert.equal(en['node-count']('1', 1), '1 node');
    assert.equal(en.gaps('2', 2, '1', 1), '2 gaps told, with 1 message');
  });
});
