import { mkdtemp } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ImageService } from '../image/index.ts';
import { answerHtml } from '../testing/fake-answers.ts';
import { type FakeCloud, type FakeImage, startFakeCloud } from '../testing/fake-cloud.ts';
import { logInto } from '../testing/fake-login.ts';
import { productOf } from '../testing/product.ts';
import { publish } from './publish.ts';
import { rollback } from './rollback.ts';

let fake: FakeCloud;
let service: ImageService;
let folder: string;
beforeEach(async () => {
  fake = await startFakeCloud();
  service = await logInto(fake);
  folder = await mkdtemp(join(tmpdir(), 'publish-'));
});
afterEach(() => fake.close());

const quick = { settleSeconds: 0.2, staleAfterSeconds: 0.2 };
const shown = (): FakeImage[] => [...fake.images.values()].filter((image) => !image.os_hidden);
const names = (): string[] => [...fake.images.values()].map(({ name, os_hidden: hidden }) => (hidden ? `(${name})` : name)).toSorted();
/** Requests that change something, without ids. */
const writes = (): string[] =>
  fake.requests.filter((line) => !line.startsWith('GET') && !line.includes('/auth/')).map((line) => line.replace(/image\d+/, 'ID'));

describe('a product', () => {
  it('goes up, links its parts and is shown', async () => {
    const asked: string[] = [];
    const published = await publish(service, productOf(folder, '1', asked), quick);
    expect(asked).toEqual(['vmlinuz', 'initrd', 'root']);
    expect(published).toMatchObject({ changed: true, dryRun: false });
    expect(names()).toEqual(['(initrd)', '(vmlinuz)', 'bookworm']);
    expect(shown()[0]).toMatchObject({
      kernel_id: published.ids.kernel,
      ramdisk_id: published.ids.ramdisk,
      disk_format: 'ami',
      os_distro: 'debian',
    });
  });

  it('that is there already costs no bytes and no change', async () => {
    await publish(service, productOf(folder, '1'), quick);
    const before = writes().length;
    const asked: string[] = [];
    expect(await publish(service, productOf(folder, '1', asked), quick)).toMatchObject({ changed: false, uploadedBytes: 0 });
    expect([asked, writes().length]).toEqual([[], before]);
  });

  it('is replaced, kept twice, and rolled back', async () => {
    for (const version of ['1', '2', '3']) await publish(service, productOf(folder, version), quick);
    expect(names()).toEqual(['(bookworm-2)', '(initrd)', '(initrd)', '(vmlinuz)', 'bookworm']);
    expect(await rollback(service, 'bookworm')).toMatchObject({ version: '2' });
    expect(names()).toEqual(['(bookworm-3)', '(initrd)', '(initrd)', '(vmlinuz)', 'bookworm']);
    expect(shown()[0]).toMatchObject({ nx_debian_image_version: '2' });
  });

  it('shares its kernel with another product, and leaves it while that needs it', async () => {
    await publish(service, productOf(folder, '1', [], { name: 'trixie' }), quick);
    const asked: string[] = [];
    await publish(service, productOf(folder, '2', asked), quick);
    expect(asked).toEqual(['initrd', 'root']);
    await publish(service, productOf(folder, '3', [], { name: 'trixie', keep: 1, kernelText: 'other' }), quick);
    expect(names().filter((name) => name === '(vmlinuz)')).toHaveLength(2);
  });

  it('changes nothing in a dry run, and says what it would', async () => {
    const { actions, changed } = await publish(service, productOf(folder, '1'), { ...quick, dryRun: true });
    expect(changed).toBe(true);
    expect(actions).toContain('create root "bookworm-1"');
    expect(writes()).toEqual([]);
  });

  it('never touches an image without the mark or of another project', async () => {
    const time = '2020-01-01T00:00:00Z';
    const foreign = { status: 'active', os_hidden: false, protected: false, created_at: time, updated_at: time, owner: 'p1' };
    fake.images.set('x', { ...foreign, id: 'x', name: 'bookworm' });
    fake.images.set('y', {
      ...foreign,
      id: 'y',
      name: 'bookworm',
      owner: 'p2',
      nx_debian_image_product: 'bookworm',
      nx_debian_image_part: 'root',
    });
    const { kernel } = productOf(folder, '1');
    const bytes = { nx_debian_image_sha512: kernel!.sha512, os_hash_algo: 'sha512', os_hash_value: kernel!.sha512, size: kernel!.size };
    const marked = { nx_debian_image_product: 'bookworm', nx_debian_image_part: 'kernel', ...bytes };
    fake.images.set('z', { ...foreign, id: 'z', name: 'vmlinuz', owner: 'p2', ...marked });
    const asked: string[] = [];
    await publish(service, productOf(folder, '1', asked, { keep: 1 }), quick);
    expect(asked).toContain('vmlinuz');
    expect(fake.images.get('x')).toEqual({ ...foreign, id: 'x', name: 'bookworm' });
    expect(fake.images.get('y')).toMatchObject({ name: 'bookworm', os_hidden: false });
    expect(writes().some((line) => /\/[xyz]$/.test(line))).toBe(false);
  });
});

/** Answers every upload of the root (the third PUT) as told. */
function onRoot(act: (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>): void {
  let puts = 0;
  fake.mischief = (request, response) => request.method === 'PUT' && (puts += 1) >= 3 && act(request, response);
}
const refuse = (status: number, text: string) => (request: IncomingMessage, response: ServerResponse) => {
  request.resume();
  answerHtml(response, status, text);
  return true;
};

describe('what goes wrong', () => {
  it.each<[number, string, string]>([
    [413, 'over-quota', 'The request returned a 413: quota exceeded by 12 bytes'],
    [403, 'refused', 'You are not authorized to complete upload_image action.'],
    [409, 'busy', 'Image status transition is not allowed'],
    [500, 'server-error', 'Store is gone'],
  ])('%i during the upload: %s, in the words of the cloud', async (status, reason, said) => {
    onRoot(refuse(status, said));
    await expect(publish(service, productOf(folder, '1'), quick)).rejects.toMatchObject({ reason, said });
    expect(shown()).toEqual([]);
    fake.mischief = undefined;
    await publish(service, productOf(folder, '1'), quick);
    expect(names()).toEqual(['(initrd)', '(vmlinuz)', 'bookworm']);
  });

  it('a refused visibility comes before the bytes', async () => {
    fake.mischief = (request, response) =>
      request.method === 'POST' &&
      request.url!.includes('/images') &&
      refuse(403, 'You are not authorized to complete publicize_image action.')(request, response);
    const asked: string[] = [];
    await expect(publish(service, productOf(folder, '1', asked), quick)).rejects.toMatchObject({
      reason: 'refused',
      said: expect.stringContaining('publicize'),
    });
    expect(asked).toEqual([]);
  });

  it('a connection that breaks off is tried again on the same image', async () => {
    let broken = 0;
    onRoot((request) => {
      if ((broken += 1) > 1) return false;
      request.once('data', () => request.socket.destroy());
      return true;
    });
    await publish(service, productOf(folder, '1'), quick);
    expect(broken).toBe(2);
    expect(names()).toEqual(['(initrd)', '(vmlinuz)', 'bookworm']);
  });

  it('one that breaks off every time says that a later run takes it up', async () => {
    onRoot((request) => {
      request.once('data', () => request.socket.destroy());
      return true;
    });
    await expect(publish(service, productOf(folder, '1'), quick)).rejects.toMatchObject({
      reason: 'unreachable',
      hint: expect.stringContaining('same image'),
    });
  });

  it('an upload whose answer was lost is found to be there', async () => {
    onRoot(async (request) => {
      const image = fake.images.get(request.url!.split('/')[4]!)!;
      const product = productOf(folder, '1');
      for await (const _ of request) continue;
      Object.assign(image, { status: 'active', size: product.root.size, os_hash_algo: 'sha512', os_hash_value: product.root.sha512 });
      request.socket.destroy();
      return true;
    });
    await publish(service, productOf(folder, '1'), quick);
    expect(shown()).toHaveLength(1);
  });

  it('other bytes than were sent are deleted and never shown', async () => {
    onRoot(async (request, response) => {
      for await (const _ of request) continue;
      Object.assign(fake.images.get(request.url!.split('/')[4]!)!, {
        status: 'active',
        size: 3,
        os_hash_algo: 'sha512',
        os_hash_value: 'ab',
      });
      response.writeHead(204).end();
      return true;
    });
    await expect(publish(service, productOf(folder, '1'), quick)).rejects.toMatchObject({
      reason: 'bad-digest',
      said: expect.stringContaining('sha512 ab'),
    });
    expect(names()).toEqual(['(initrd)', '(vmlinuz)']);
  });

  it('an image stuck in saving is told, and deleted by a later run', async () => {
    onRoot((request, response) => {
      fake.images.get(request.url!.split('/')[4]!)!.status = 'saving';
      request.resume();
      response.writeHead(204).end();
      return true;
    });
    await expect(publish(service, productOf(folder, '1'), quick)).rejects.toMatchObject({
      reason: 'timeout',
      message: expect.stringContaining('stuck in "saving"'),
    });
    fake.mischief = undefined;
    const { actions } = await publish(service, productOf(folder, '1'), quick);
    expect(actions[0]).toMatch(/^delete "bookworm-1" .*stuck in "saving"/);
    expect(names()).toEqual(['(initrd)', '(vmlinuz)', 'bookworm']);
  });

  it('a version in use stays, and the run goes on', async () => {
    await publish(service, productOf(folder, '1', [], { keep: 1 }), quick);
    fake.mischief = (request, response) => request.method === 'DELETE' && refuse(409, 'Image is in use')(request, response);
    await publish(service, productOf(folder, '2', [], { keep: 1 }), quick);
    expect(names()).toContain('(bookworm-1)');
  });

  it('the old version comes back where the new one cannot be shown', async () => {
    await publish(service, productOf(folder, '1'), quick);
    let patches = 0;
    fake.mischief = (request, response) => request.method === 'PATCH' && (patches += 1) === 2 && refuse(500, 'Oops')(request, response);
    await expect(publish(service, productOf(folder, '2'), quick)).rejects.toMatchObject({ reason: 'server-error' });
    expect(shown()).toMatchObject([{ name: 'bookworm', nx_debian_image_version: '1' }]);
  });

  it.each([
    ['keep', { keep: 0 }],
    ['an empty root', { root: { ...productOf('/none', '1').root, size: 0 } }],
    ['a ramdisk alone', { kernel: undefined }],
  ])('%s is invalid before anything is asked', async (_, more) => {
    await expect(publish(service, { ...productOf(folder, '1'), ...more } as never, quick)).rejects.toMatchObject({ reason: 'invalid' });
  });
});

/** Ends the run at the nth request that changes something: before the cloud sees it, or before its answer is seen. */
async function endsAt(n: number, moment: 'before' | 'after'): Promise<boolean> {
  const stop = new AbortController();
  let seen = 0;
  fake.mischief = (request, response) => {
    if (request.method === 'GET' || (seen += 1) !== n) return false;
    if (moment === 'before') {
      stop.abort();
      return true;
    }
    const { end } = response;
    response.end = () => {
      stop.abort();
      return Reflect.apply(end, response, []) as ServerResponse;
    };
    return false;
  };
  const ended = await publish(service, productOf(folder, '3'), { ...quick, signal: stop.signal }).then(
    () => false,
    () => true,
  );
  fake.mischief = undefined;
  return ended;
}

describe('a run that was killed', () => {
  it.each(['before', 'after'] as const)('at any change (%s it) is finished by the next one', async (moment) => {
    let changes = 0;
    for (let killed = true; killed; changes += 1) {
      fake.images.clear();
      for (const version of ['1', '2']) await publish(service, productOf(folder, version), quick);
      killed = await endsAt(changes + 1, moment);
      await publish(service, productOf(folder, '3'), quick);
      expect(names(), `killed at ${changes + 1}`).toEqual(['(bookworm-2)', '(initrd)', '(initrd)', '(vmlinuz)', 'bookworm']);
      expect(shown()).toMatchObject([{ nx_debian_image_version: '3', status: 'active' }]);
    }
    expect(changes).toBeGreaterThan(8);
  });
});
