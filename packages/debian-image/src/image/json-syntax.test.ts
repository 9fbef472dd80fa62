import { expect, it } from 'vitest';
import { findSyntaxFault } from './json-syntax.ts';

it('passes what JSON.parse passes', () => {
  const text = '{"a": [1, -2.5e3, true, null, "\\u00e9\\n"], "b": {}, "c": []}\n';
  expect(findSyntaxFault(text)).toBeUndefined();
  expect(JSON.parse(text)).toHaveProperty('b', {});
});

it.each([
  ['{\n  "a": 1,\n}', 3, 1, 'no comma may stand before }'],
  ['{\n  "a": 1 // one\n}', 2, 10, 'comments are not allowed in JSON'],
  ['{\n  "a": 1\n  "b": 2\n}', 3, 3, 'a comma or } must stand here'],
  ["{ 'a': 1 }", 1, 3, 'a key in double quotes must stand here'],
  ['{ "a": yes }', 1, 8, 'a value must stand here: text in double quotes, a number, true, false, null, { or ['],
  ['{ "a": 0644 }', 1, 8, 'a value must stand here: text in double quotes, a number, true, false, null, { or ['],
  ['{ "a": [1, 2', 1, 13, 'the text ends before its ]'],
  ['{ "a" 1 }', 1, 7, 'a colon must follow the key "a"'],
  ['{ "a": 1, "a": 2 }', 1, 11, 'the key "a" stands twice in this object'],
  ['', 1, 1, 'the text ends where a value must stand'],
  ['{} {}', 1, 4, 'nothing may follow the end of the JSON value'],
])('names the place in %j', (text, line, column, message) => {
  expect(findSyntaxFault(text)).toMatchObject({ line, column, message });
});
