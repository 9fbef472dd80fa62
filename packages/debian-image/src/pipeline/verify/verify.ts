import { readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Artifact, blobNamed, hashFile, removeArtifact, writeArtifact } from '@nx-debian-image/artifact-store';
import { Failure } from '@nx-debian-image/report';
import { flavourFor, withFlavourOption } from '../../image/index.ts';
import { chooseAccelerator, machineArchitectureOf } from '../../machine/index.ts';
import type { ExtractConfig } from '../../stages/extract/facts.ts';
import type { ImagePart, VerifyOptions } from '../../stages/verify/options.ts';
import { verify } from '../../stages/verify/run.ts';
import { bareBlob } from '../bare-blob.ts';
import type { Build } from '../build.ts';
import type { StageRequest } from '../open-build.ts';
import { runAlone } from '../run-stage.ts';
import { toolContext } from '../tool-context.ts';

/** The options of the verify target. */
interface VerifyRequestOptions {
  readonly flavour?: string;
  readonly patience?: number;
}

/**
 * Proves what extract left by running it, or the same triplet in the folder `files`, such as a cloud gave it back. Leaves the reports in `verify`;
 * where something does not hold, in `verify-failed`. Failures: `command-failed` with the checks that do not hold; `bad-digest` for other files;
 * `invalid`, `missing-tool` where it cannot be tried here.
 */
export function verifyImage(request: StageRequest, files?: string): Promise<void> {
  return runAlone('verify', request, async (build) => {
    const folder = build.folder('verify');
    const failedFolder = `${folder}-failed`;
    await removeArtifact(folder);
    await removeArtifact(failedFolder);
    if (files === undefined && (await takeReports(build))) return;
    const scratch = await build.store.scratch();
    try {
      const options = await optionsOf(build, request, scratch.folder);
      const parts = files === undefined ? {} : await partsIn(files, options);
      const { draft, failure } = await verify({ ...options, ...parts, store: build.store });
      if (failure) {
        await writeArtifact(failedFolder, build.store, { ...draft, stage: 'verify-failed' });
        throw failure.at(join(failedFolder, 'report.txt'));
      }
      const left = await writeArtifact(folder, build.store, draft);
      if (files === undefined) await build.give('verify', left);
    } finally {
      await scratch.dispose();
    }
  });
}

/** Whether another machine has proved the same; its reports are there then, for people read them. */
async function takeReports(build: Build): Promise<boolean> {
  const taken = await build.take('verify');
  if (taken === undefined) return false;
  if (await build.fetch('verify', taken)) return true;
  await removeArtifact(build.folder('verify'));
  return false;
}

async function optionsOf(build: Build, request: StageRequest, scratch: string): Promise<VerifyOptions> {
  const { image, store } = build;
  const { flavour, patience = 1 } = request.options as VerifyRequestOptions;
  const architecture = machineArchitectureOf(image.arch);
  const extracted = await build.complete('extract');
  const config = extracted.config as ExtractConfig;
  const part = (name: string): ImagePart => {
    const { digest } = blobNamed(extracted, name);
    return { digest, path: store.blobPath(digest) };
  };
  const blob = bareBlob(extracted);
  if (config.bare !== undefined && blob === undefined) build.progress.warn('the bare disk comes in no form that a machine starts here');
  const largest = Math.max(config.files.root.size, config.bare?.virtualSize ?? 0);
  return {
    ...(await toolContext(build)),
    image,
    architecture,
    flavour: flavourFor(withFlavourOption(image.verify.flavour, flavour), largest),
    patience: Math.max(1, patience),
    kernel: part(config.files.kernel.name),
    ramdisk: part(config.files.ramdisk.name),
    root: part(config.files.root.name),
    bare: config.bare && blob && { ...config.bare, format: blob.format, ...part(blob.name) },
    installed: await installedPackages(build),
    machine: {
      hostname: hostname(),
      machineId: (await readFile('/etc/machine-id', 'utf8').catch(() => '')).trim(),
      folders: [request.workspaceRoot, store.folder],
    },
    accelerator: await chooseAccelerator(architecture),
    scratch,
  };
}

/** The triplet in a folder under the names that extract gives it. Failure `bad-digest` where it is another one. */
async function partsIn(folder: string, options: VerifyOptions): Promise<Pick<VerifyOptions, 'kernel' | 'ramdisk' | 'root'>> {
  const partIn = async (name: string, { digest }: ImagePart): Promise<ImagePart> => {
    const path = join(folder, name);
    if ((await hashFile(path)).digest === digest) return { path, digest };
    throw new Failure('bad-digest', `${name} is not what was built`, { where: path });
  };
  return {
    kernel: await partIn('vmlinuz', options.kernel),
    ramdisk: await partIn('initrd', options.ramdisk),
    root: await partIn('root.ext4', options.root),
  };
}

/** Of an image that starts from another, the packages of both. */
async function installedPackages(build: Build): Promise<ReadonlySet<string>> {
  const own = namesIn(await build.artifact('install'));
  return new Set(build.parent === undefined ? own : [...own, ...(await installedPackages(build.parent))]);
}

function namesIn({ config }: Artifact): string[] {
  return (config as { readonly packages: readonly { readonly name: string }[] }).packages.map(({ name }) => name);
}
