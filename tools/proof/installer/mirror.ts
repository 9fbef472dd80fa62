import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { createServer, type IncomingMessage, request as ask, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { pipeline } from 'node:stream';
import { gzipSync } from 'node:zlib';
import { paragraphs } from '../../../packages/debian-image/src/debian/archive/package.ts';
import { imagesFolder, sumsFile } from '../../../packages/debian-image/src/debian/installer/places.ts';
import type { Release } from '../../../packages/debian-image/src/debian/releases.ts';
import type { Architecture } from '../../../packages/debian-image/src/image/index.ts';
import type { Progress } from '../../../packages/report/src/index.ts';
import { findNetboot } from './netboot.ts';
import { digestIn, makeSigner, withFiles } from './release.ts';
import { fillUdebs } from './udebs.ts';
import { fetchText, type Upstream } from './upstream.ts';

export interface FilledMirrorOptions {
  readonly upstream: Upstream;
  readonly release: Release;
  readonly architecture: Architecture;
  /** An empty folder to work in. */
  readonly folder: string;
  readonly progress: Progress;
}

/** A mirror on loopback that stands in front of another one. */
export interface FilledMirror {
  readonly main: string;
  readonly security: string;
  /** The key that it signs its own lists with; all else is signed as upstream has it. */
  readonly key: Buffer;
  close(): Promise<void>;
}

/**
 * Serves a mirror without its gaps for debian-installer: packages of the installer that it lacks are made out of ordinary ones, and the
 * installer is one for whose kernel it has modules. The lists that say so are signed with a key of this run, so that whoever has it verifies
 * as ever; all else is passed on as it comes.
 */
export async function serveFilled(options: FilledMirrorOptions): Promise<FilledMirror> {
  const { folder } = options;
  const signer = await makeSigner(join(folder, 'gnupg'));
  const files = await fill(options, signer);
  const server = createServer((request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? '/', 'http://localhost').pathname);
    const bytes = files.get(path);
    if (bytes === undefined) pass(request, response, path, options);
    else response.writeHead(200, { 'content-length': bytes.length }).end(request.method === 'HEAD' ? undefined : bytes);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    server.close();
    await signer.end();
  };
  return { main: `${base}${mainPath}`, security: `${base}${securityPath}`, key: signer.key, close };
}

const mainPath = '/debian';
const securityPath = '/debian-security';

/** The files that upstream does not have so, by their path here. */
async function fill(options: FilledMirrorOptions, signer: Awaited<ReturnType<typeof makeSigner>>): Promise<Map<string, Buffer>> {
  const { upstream, release, architecture, folder, progress } = options;
  const dists = `${upstream.main}/dists/${release.name}`;
  const udebPath = `main/debian-installer/binary-${architecture}/Packages`;
  progress.step(`filling the gaps of the mirror for debian-installer of ${release.name}`);
  const ordinary = paragraphs(await fetchText(`${dists}/main/binary-${architecture}/Packages.gz`));
  const index = await fetchText(`${dists}/${udebPath}.gz`);
  const work = join(folder, 'udebs');
  await mkdir(work);
  const udebs = await fillUdebs(index, { main: upstream.main, ordinary, folder: work, progress });
  const netboot = await findNetboot({ ...options, main: upstream.main, ordinary, udebs: paragraphs(index) });
  const sums = Buffer.from([...netboot].map(([path, bytes]) => `${digestIn('sha256', bytes)}  ./${path}\n`).join(''));
  const listed = new Map([
    [udebPath, Buffer.from(udebs.text)],
    [`${udebPath}.gz`, gzipSync(udebs.text)],
    [`${imagesFolder(architecture)}/${sumsFile}`, sums],
  ]);
  // xz is left out of the lists: the installer takes gzip where there is none
  const text = withFiles(await fetchText(`${dists}/Release`), listed).replaceAll(new RegExp(` \\w+\\s+\\d+ ${udebPath}\\.xz\n`, 'g'), '');
  const own = `${mainPath}/dists/${release.name}`;
  return new Map<string, Buffer>([
    ...[...udebs.made].map(([path, bytes]): [string, Buffer] => [`${mainPath}/${path}`, bytes]),
    ...[...listed].map(([path, bytes]): [string, Buffer] => [`${own}/${path}`, bytes]),
    ...[...netboot].map(([path, bytes]): [string, Buffer] => [`${own}/${imagesFolder(architecture)}/${path}`, bytes]),
    [`${own}/Release`, Buffer.from(text)],
    [`${own}/Release.gpg`, await signer.detached(text)],
    [`${own}/InRelease`, await signer.inline(text)],
  ]);
}

/** Upstream is asked again where it breaks off or is out of order: the installer would ask a person about it. */
function pass(request: IncomingMessage, response: ServerResponse, path: string, from: FilledMirrorOptions, attempt = 1): void {
  const { upstream, progress } = from;
  const { main, security } = upstream;
  const base = path.startsWith(`${securityPath}/`) ? security + path.slice(securityPath.length) : main + path.slice(mainPath.length);
  const { host, ...headers } = request.headers;
  void host;
  const fail = (words: string): void => {
    if (attempt < attempts) return void setTimeout(() => pass(request, response, path, from, attempt + 1), attempt * 1000);
    progress.warn(`${path}: ${words}`);
    response.writeHead(502).end(words);
  };
  const upward = ask(base, { method: request.method, headers }, (answer) => {
    const { statusCode = 502 } = answer;
    if (statusCode >= 500) return void answer.resume().once('end', () => fail(`the mirror answers ${statusCode}`));
    response.writeHead(statusCode, answer.headers);
    pipeline(answer, response, (error) => {
      if (error) progress.warn(`${path}: ${error.message}`);
    });
  });
  upward.once('error', (error) => (response.headersSent ? response.destroy(error) : fail(error.message))).end();
}

const attempts = 4;
