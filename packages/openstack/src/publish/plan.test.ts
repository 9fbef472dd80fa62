import { describe, expect, it } from 'vitest';
import type { ImageRecord } from '../image/index.ts';
import { productOf } from '../testing/product.ts';
import { linksTo, recordFor } from '../testing/records.ts';
import { sentence } from './action.ts';
import { linkNames, marks } from './marks.ts';
import { plan } from './plan.ts';
import type { Product } from './product.ts';
import { planRollback } from './rollback.ts';

const [one, two, three] = ['1', '2', '3'].map((number) => productOf('/none', number)) as [Product, Product, Product];
const queued = { status: 'queued' as const, size: undefined, md5: undefined, hash: undefined };

/** A complete version of one product: kernel `k`, ramdisk `iN`, root `rN`. */
function version(product: Product, n: number, more: Partial<ImageRecord> & { age?: number } = {}): ImageRecord[] {
  const links = linksTo('k', `i${n}`);
  const name = more.hidden ? `bookworm-${n}` : 'bookworm';
  return [
    recordFor(product, 'root', `r${n}`, { age: 10 - n, name, ...more, properties: { ...links, ...more.properties } }),
    recordFor(product, 'ramdisk', `i${n}`, { age: 10 - n }),
  ];
}
const kernel = recordFor(one, 'kernel', 'k', { age: 10 });

/** The plan as `kind id-or-part` words. */
function planned(
  product: Product,
  own: ImageRecord[],
  shareable: ImageRecord[] = [],
  foreignUsers: Record<string, string[]> = {},
): string[] {
  const users = new Map(
    own.map(({ id }) => {
      const using = own
        .filter(({ properties }) => Object.values(linkNames).some((name) => properties[name] === id))
        .map((image) => image.id);
      return [id, [...using, ...(foreignUsers[id] ?? [])]] as const;
    }),
  );
  return plan(product, { own, shareable, users }).map((action) => {
    if ('image' in action) return `${action.kind} ${action.image.id}`;
    return 'part' in action ? `${action.kind} ${action.part}` : `${action.kind} ${Object.keys(action.changes).join()}`;
  });
}

const everything = 'name,hidden,visibility,protected,minDisk,minRam,tags,properties';
const kept = ['reuse k', 'reuse i1', 'reuse r1'];

describe('what is planned', () => {
  it.each<[string, string[], string[]]>([
    [
      'everything for an empty cloud',
      planned(one, []),
      ['create kernel', 'upload kernel', 'create ramdisk', 'upload ramdisk', 'create root', 'upload root', `show ${everything}`],
    ],
    ['nothing where all is there', planned(one, [...version(one, 1), kernel]), kept],
    [
      'a new version beside the old one, with the same kernel',
      planned(two, [...version(one, 1), kernel]),
      ['reuse k', 'create ramdisk', 'upload ramdisk', 'create root', 'upload root', 'retire r1', `show ${everything}`],
    ],
    [
      'the oldest version and its ramdisk go, root first',
      planned(three, [...version(two, 2), ...version(one, 1, { hidden: true }), kernel]).slice(-4),
      ['retire r2', `show ${everything}`, 'delete r1', 'delete-unused i1'],
    ],
    [
      'a protected version stays, with its ramdisk',
      planned(three, [...version(two, 2), ...version(one, 1, { hidden: true, protected: true }), kernel]).slice(-2),
      [`show ${everything}`, 'spare r1'],
    ],
    [
      'an unused kernel of old goes',
      planned(productOf('/none', '1', [], { kernelText: 'new' }), [...version(one, 1), kernel]).slice(-1),
      ['delete-unused k'],
    ],
    [
      'one that another image uses stays',
      planned(productOf('/none', '1', [], { kernelText: 'new' }), [...version(one, 1), kernel], [], { k: ['other'] }).slice(-1),
      ['show properties'],
    ],
    ['a kernel of another product is shared', planned(one, [], [kernel]).slice(0, 2), ['reuse k', 'create ramdisk']],
    [
      'a changed property is corrected in place',
      planned({ ...one, common: { ...one.common, properties: { os_distro: 'devuan' } } }, [...version(one, 1), kernel]),
      [...kept, 'show properties'],
    ],
    [
      'raw after ami is another image',
      planned({ ...one, rootFormat: 'raw' }, [...version(one, 1), kernel]).slice(2, 4),
      ['create root', 'upload root'],
    ],
    [
      'a version of before is shown again',
      planned(one, [...version(two, 2), ...version(one, 1, { hidden: true }), kernel]),
      [...kept, 'retire r2', 'show name,hidden,properties'],
    ],
  ])('%s', (_, actions, wanted) => expect(actions).toEqual(wanted));
});

describe('what broken-off runs left', () => {
  it.each<[string, string[], string[]]>([
    [
      'an empty kernel is taken up',
      planned(one, [recordFor(one, 'kernel', 'q', queued)]).slice(0, 3),
      ['resume q', 'upload kernel', 'create ramdisk'],
    ],
    [
      'of two, one',
      planned(
        one,
        ['a', 'b'].map((id) => recordFor(one, 'kernel', id, queued)),
      ).slice(0, 2),
      ['delete a', 'resume b'],
    ],
    [
      'one of other bytes goes',
      planned(two, [recordFor(one, 'root', 'q', { ...queued, hidden: true })]).slice(0, 2),
      ['delete q', 'create kernel'],
    ],
    ['one stuck in saving goes', planned(one, [recordFor(one, 'root', 's', { ...queued, status: 'saving' })]).slice(0, 1), ['delete s']],
    [
      'a complete root that was not shown is shown',
      planned(one, [...version(one, 1, { hidden: true }), kernel]),
      [...kept, 'show name,hidden'],
    ],
    [
      'of two shown, one',
      planned(two, [...version(two, 2), ...version(one, 1), kernel]),
      ['reuse k', 'reuse i2', 'reuse r2', 'retire r1', 'show properties'],
    ],
  ])('%s', (_, actions, wanted) => expect(actions).toEqual(wanted));
});

it('makes a shared kernel as visible and protected as its most visible root, never less', () => {
  const open = { ...one, common: { ...one.common, visibility: 'public' as const, protected: true } };
  expect(planned(open, [...version(one, 1), kernel])).toEqual([
    'reuse k',
    'update kernel',
    'reuse i1',
    'update ramdisk',
    'reuse r1',
    'show visibility,protected',
  ]);
  const shared = { ...kernel, visibility: 'public' as const, protected: true };
  expect(planned(one, [...version(one, 1), shared])).toEqual(kept);
});

it('takes away properties that it once set, and no others', () => {
  const properties = { os_distro: 'debian', hw_rng_model: 'virtio', by_admin: 'x', [marks.properties]: 'hw_rng_model,os_distro' };
  const [show] = plan(one, { own: [...version(one, 1, { properties }), kernel], shareable: [], users: new Map() }).slice(-1);
  expect(show).toMatchObject({ kind: 'show', changes: { properties: { hw_rng_model: null, [marks.properties]: 'os_distro' } } });
});

it('never counts a version twice after a rollback: the one that was current until now stays', () => {
  const own = [...version(three, 3, { hidden: true }), ...version(two, 2), kernel];
  expect(planned(productOf('/none', '4'), own).filter((word) => word.startsWith('delete'))).toEqual(['delete r3', 'delete-unused i3']);
});

const words = (own: ImageRecord[]): string[] => planRollback('bookworm', own).actions.map(sentence);

describe('rollback', () => {
  it('goes to the version before, and follows what was noted as such', () => {
    const own = [
      ...version(three, 3, { properties: { [marks.previous]: 'r1' } }),
      ...version(two, 2, { hidden: true }),
      ...version(one, 1, { hidden: true }),
    ];
    expect(words(own).slice(1)).toEqual(['hide "bookworm" (r3) as "bookworm-3"', 'show "bookworm"']);
    expect(planRollback('bookworm', own).target.id).toBe('r1');
    expect(
      planRollback(
        'bookworm',
        own.slice(2).map((image) => ({ ...image, hidden: image.id !== 'r2' })),
      ).target.id,
    ).toBe('r1');
  });
  it('finishes one that was killed with nothing in sight', () => {
    expect(planRollback('bookworm', [...version(two, 2, { hidden: true }), ...version(one, 1, { hidden: true })]).target.id).toBe('r1');
  });
  it('says so where there is nothing to go back to', () => {
    expect(() => words(version(one, 1))).toThrow(/no version of "bookworm" before/);
    expect(() => words([])).toThrow(/no version of "bookworm"$/);
  });
});
