import { createReadStream } from 'node:fs';
import { canonicalJson, type ArtifactDraft, type Descriptor, type Store } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import type { VerifyOptions } from './options.ts';
import { type Group, prove } from './prove.ts';
import { junitReport } from './report/junit.ts';
import { countOf, failing, type Report } from './report/report.ts';
import { textReport } from './report/text.ts';

/** What a verification leaves, and the failure that it is where something does not hold. */
export interface Verified {
  readonly draft: ArtifactDraft;
  readonly failure?: Failure;
}

/**
 * Starts an image as a cloud would and leaves what was measured: reports as text, JSON and JUnit XML, and what each console said. Failures
 * thrown are those of this machine; what does not hold is given as one of `command-failed`.
 */
export async function verify(options: VerifyOptions & { readonly store: Store }): Promise<Verified> {
  const { image, store, flavour } = options;
  const begin = Date.now();
  const groups = await prove(options);
  const parts = { kernel: options.kernel, ramdisk: options.ramdisk, root: options.root, ...(options.bare ? { bare: options.bare } : {}) };
  const report: Report = {
    image: image.name,
    release: image.release,
    architecture: options.architecture,
    date: new Date().toISOString(),
    accelerator: (groups.find((group) => group.accelerator)?.accelerator ?? options.accelerator).why,
    flavour,
    digests: Object.fromEntries(Object.entries(parts).map(([name, { digest }]) => [name, digest])),
    seconds: (Date.now() - begin) / 1000,
    groups: groups.map(({ name, checks }) => ({ name, checks })),
  };
  const bad = failing(report);
  // Times and other measured values are in the reports alone, so that the facts are the same for the same outcome.
  const config = {
    digests: report.digests,
    flavour,
    checks: groups.flatMap(({ name, checks }) => checks.map((check) => ({ group: name, name: check.name, ok: check.ok }))),
  };
  const draft = { stage: 'verify', config, blobs: [...(await reports(report, store)), ...(await consoles(groups, store))] };
  return bad.length === 0 ? { draft } : { draft, failure: failureOf(report) };
}

type Blobs = ArtifactDraft['blobs'][number][];

async function reports(report: Report, store: Store): Promise<Blobs> {
  return [
    { name: 'report.txt', descriptor: await store.putBytes(textReport(report), 'text/plain') },
    { name: 'report.json', descriptor: await store.putBytes(canonicalJson(report), 'application/json') },
    { name: 'junit.xml', descriptor: await store.putBytes(junitReport(report), 'application/xml') },
  ];
}

/** The consoles, the first as `console.log`, others with the name of their instance. */
async function consoles(groups: readonly Group[], store: Store): Promise<Blobs> {
  const blobs: Blobs = [];
  for (const { name, consoleLog } of groups) {
    if (consoleLog === undefined) continue;
    const descriptor: Descriptor = await store.putStream(createReadStream(consoleLog), { mediaType: 'text/plain' });
    blobs.push({ name: blobs.length === 0 ? 'console.log' : `console-${name.replaceAll(/\W+/g, '-')}.log`, descriptor });
  }
  return blobs;
}

function failureOf(report: Report): Failure {
  const bad = failing(report);
  const lines = bad.map(({ group, name, value }) => `${group}: ${name}: ${value}`);
  // The last one: of an image that was started once more to see why, it says why.
  const hint = bad.findLast((check) => check.hint !== undefined)?.hint;
  return new Failure('command-failed', `${report.image} is not what it must be: ${bad.length} of ${countOf(report)} checks do not hold`, {
    said: lines.join('\n'),
    ...(hint === undefined ? {} : { hint }),
  });
}
