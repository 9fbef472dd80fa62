import { type Cloud, connect, loadCloud, publish, rollback } from '@nx-debian-image/openstack';
import { Failure } from '@nx-debian-image/report';
import { glanceProperties } from './properties.ts';
import { type PartName, partOf, type Receipt, type UploadRequest } from './request.ts';

const gibibyte = 1 << 30;

/** Publishes a triplet in OpenStack Glance, or with `rollback` shows the version before again. Failures: see `publish` of openstack. */
export async function uploadToGlance(request: UploadRequest): Promise<Receipt> {
  const { image, options, facts, epoch, progress, signal } = request;
  const settings = image.upload.glance;
  const cloud = await chooseCloud(request);
  const service = await connect(cloud, { signal });
  const dryRun = options.dryRun ?? false;
  const name = image.upload.name;
  if (options.rollback) return { to: 'glance', cloud: cloud.name, ...(await rollback(service, name, { progress, signal, dryRun })) };
  const keep = options.keep ?? settings?.keep ?? 2;
  const part = (kind: PartName, title: string) => ({ ...partOf(request, kind), name: title });
  const date = new Date(epoch * 1000).toISOString().slice(0, 10).replaceAll('-', '');
  const published = await publish(
    service,
    {
      name,
      version: `${date}-${facts.files.root.sha256.slice(0, 8)}`,
      kernel: part('kernel', `vmlinuz-${facts.kernelVersion}`),
      ramdisk: part('ramdisk', `${name}-initrd-${facts.kernelVersion}`),
      root: part('root', name),
      rootFormat: settings?.rootFormat ?? 'ami',
      common: {
        visibility: settings?.visibility ?? 'private',
        protected: settings?.protected ?? false,
        tags: settings?.tags ?? [],
        minDisk: settings?.minDisk ?? Math.ceil(facts.files.root.size / gibibyte),
        minRam: settings?.minRam ?? 0,
        properties: glanceProperties(image, epoch, keep),
      },
      keep,
    },
    { progress, signal, dryRun },
  );
  return { to: 'glance', cloud: cloud.name, ...published };
}

/** The cloud that the option, image.json or the environment names. Failures: see `loadCloud`. */
async function chooseCloud({ image, options, environment, workspaceRoot }: UploadRequest): Promise<Cloud> {
  const wanted = options.osCloud ?? image.upload.glance?.cloud;
  const surroundings = { env: environment, cwd: workspaceRoot, home: environment['HOME'] ?? '/' };
  if (wanted !== undefined) return loadCloud({ ...surroundings, cloud: wanted });
  try {
    return await loadCloud(surroundings);
  } catch (error) {
    if (!(error instanceof Failure) || error.reason !== 'not-found') throw error;
    const hint = 'Name one by --os-cloud=NAME, upload.glance.cloud in image.json or OS_CLOUD. (--cloud is an option of Nx itself.)';
    throw new Failure('not-found', error.message, { ...(error.where === undefined ? {} : { where: error.where }), hint });
  }
}
