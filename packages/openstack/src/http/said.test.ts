import { expect, it } from 'vitest';
import { saidIn } from './said.ts';

it.each([
  [
    'Keystone',
    '{"error":{"code":401,"message":"The request you have made requires authentication.","title":"Unauthorized"}}',
    'The request you have made requires authentication.',
  ],
  [
    'Glance',
    '<html>\n <head>\n  <title>413 x</title>\n </head>\n <body>\n  <h1>413 x</h1>\n  It&#x27;s &lt;full&gt; &amp; done<br /><br />\n\n\n </body>\n</html>',
    "It's <full> & done",
  ],
  ['Glance in JSON', '{"message": "Too large.<br /><br />\\n\\n", "code": "413", "title": "x"}', 'Too large.'],
  ['a proxy', 'no healthy upstream\n', 'no healthy upstream'],
  ['nobody', '', ''],
  ['broken JSON', '{"error"', '{"error"'],
])('reads the words of %s', (_, body, words) => {
  expect(saidIn(body)).toBe(words);
});

it('keeps a long page short', () => {
  expect(saidIn('line\n'.repeat(100)).split('\n')).toHaveLength(12);
});
