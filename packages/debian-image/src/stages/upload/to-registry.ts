import { isDescriptor } from '@nx-debian-image/artifact-store';
import { openRepository, type Repository, type StoredManifest } from '@nx-debian-image/registry';
import { Failure, formatBytes } from '@nx-debian-image/report';
import type { RegistryForm } from '../../disk/forms/names.ts';
import { askCredentialHelper } from '../../host/credential-helper.ts';
import type { ExtractedFile } from '../extract/facts.ts';
import { blobsOf } from './registry-blobs.ts';
import { annotationsOf, manifestOf, manifestType, tagsOf } from './registry-forms.ts';
import { type Receipt, type UploadRequest, versionOf } from './request.ts';

/** Publishes the bare disk of an image in an OCI registry. Failures: `invalid` where image.json names none, and those of `Repository`. */
export async function uploadToRegistry(request: UploadRequest): Promise<Receipt[]> {
  const { image, options, environment, signal, progress, facts } = request;
  const settings = image.upload.registry;
  const disk = facts.bare?.forms.qcow2;
  if (settings === undefined || disk === undefined) {
    const hint = 'Add "registry": { "repository": "HOST/PATH" } to upload, and "qcow2" to disk.bare.';
    throw new Failure('invalid', 'image.json names no registry to publish a disk to', { where: 'upload.registry', hint });
  }
  const { repository: name, forms, plainHttp } = settings;
  if (options.rollback) {
    const hint = `Each version keeps its tag: skopeo copy docker://${name}:VERSION docker://${name}:latest`;
    throw new Failure('invalid', 'a registry does not know which version was there before', { where: 'rollback', hint });
  }
  const askHelper = (program: string, registry: string) => askCredentialHelper(environment, program, registry);
  const repository = openRepository(name, { environment, signal, progress, askHelper, ...(plainHttp ? { plainHttp } : {}) });
  const receipts: Receipt[] = [];
  for (const form of new Set(forms)) {
    receipts.push({ to: 'registry', repository: name, form, ...(await publishForm(request, repository, form, disk)) });
  }
  return receipts;
}

async function publishForm(request: UploadRequest, repository: Repository, form: RegistryForm, disk: ExtractedFile): Promise<object> {
  const { options, progress } = request;
  const dryRun = options.dryRun ?? false;
  const annotations = annotationsOf(request, disk);
  const tags = tagsOf(form, versionOf(request, disk));
  const done = { tag: tags.version, dryRun };
  const found = await repository.manifest(tags.version);
  const there = found !== undefined && (await isWhole(repository, found, annotations)) ? found : undefined;
  if (there !== undefined && (await repository.manifest(tags.latest))?.digest === there.digest) {
    progress.note(`${repository.name} has ${tags.version} already`);
    return { ...done, changed: false, digest: there.digest };
  }
  if (dryRun) {
    progress.note(`would push ${tags.version} to ${repository.name}: ${there ? 'only its tag' : formatBytes(disk.size)}`);
    return { ...done, changed: true };
  }
  const bytes = there?.bytes ?? (await pushForm(request, repository, form, disk, annotations));
  if (there === undefined) await repository.putManifest(tags.version, bytes, manifestType);
  // Last, for whoever takes the latest finds it whole.
  const digest = await repository.putManifest(tags.latest, bytes, manifestType);
  return { ...done, changed: true, digest };
}

/** Whether a manifest says this of what it holds, and the registry has all of that. */
async function isWhole(repository: Repository, { bytes }: StoredManifest, annotations: Readonly<Record<string, string>>): Promise<boolean> {
  const manifest = parse(bytes);
  if (Object.entries(annotations).some(([name, value]) => manifest.annotations?.[name] !== value)) return false;
  for (const blob of [manifest.config, ...(Array.isArray(manifest.layers) ? manifest.layers : [])]) {
    if (!isDescriptor(blob) || (await repository.sizeOf(blob.digest)) !== blob.size) return false;
  }
  return true;
}

interface ForeignManifest {
  readonly annotations?: Readonly<Record<string, unknown>>;
  readonly config?: unknown;
  readonly layers?: unknown;
}

/** Somebody may have put anything under a tag. */
function parse(bytes: Buffer): ForeignManifest {
  try {
    return (JSON.parse(bytes.toString('utf8')) ?? {}) as ForeignManifest;
  } catch {
    return {};
  }
}

/** Pushes what a form consists of, and gives its manifest. */
async function pushForm(
  { facts, epoch, part, scratch, progress }: UploadRequest,
  repository: Repository,
  form: RegistryForm,
  disk: ExtractedFile,
  annotations: Readonly<Record<string, string>>,
): Promise<Buffer> {
  const path = await part(disk);
  const { folder, dispose } = await scratch();
  try {
    const { config, layer } = await blobsOf(form, { ...disk, path }, { arch: facts.architecture, seconds: epoch, folder });
    const meter = progress.meter(`pushing ${form}`, layer.blob.size);
    for (const { blob, path: file } of [layer, config]) await repository.push(blob, file, { onBytes: (count) => meter.add(count) });
    meter.done();
    return manifestOf(form, config.blob, layer.blob, annotations);
  } finally {
    await dispose();
  }
}
