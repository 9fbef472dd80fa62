import { expect, it } from 'vitest';
import { packageChanges } from './changes.ts';
import { pinned } from './testing/sample.ts';

it('tells what leads from one list to another, by name', () => {
  const before = [pinned('same'), pinned('gone'), pinned('up', '1:1.0-9'), pinned('down', '2.0'), pinned('rebuilt', '5.2')];
  const after = [
    pinned('same'),
    pinned('new', '3'),
    pinned('up', '1:1.0-10', { archive: 'security' }),
    pinned('down', '2.0~rc1'),
    pinned('rebuilt', '5.2', { sha256: 'f'.repeat(64) }),
  ];
  expect(packageChanges(before, after)).toEqual([
    { package: 'down', change: 'downgraded', old: '2.0', new: '2.0~rc1', security: false },
    { package: 'gone', change: 'removed', old: '1.0-1', new: null, security: null },
    { package: 'new', change: 'added', old: null, new: '3', security: false },
    { package: 'rebuilt', change: 'replaced', old: '5.2', new: '5.2', security: false },
    { package: 'up', change: 'upgraded', old: '1:1.0-9', new: '1:1.0-10', security: true },
  ]);
  expect(packageChanges(after, after)).toEqual([]);
});

it('does not know of security where the list does not say', () => {
  const { archive: _unsaid, ...plain } = pinned('vim', '2');
  expect(packageChanges([pinned('vim')], [plain])).toEqual([
    { package: 'vim', change: 'upgraded', old: '1.0-1', new: '2', security: null },
  ]);
});
