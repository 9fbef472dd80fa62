import { type Cloud, connect, loadCloud, publish, rollback } from '@nx-debian-image/openstack';
import { Failure } from '@nx-debian-image/report';
import { glanceForms, glanceProduct } from './glance-products.ts';
import type { Receipt, UploadRequest } from './request.ts';

/** Publishes an image in OpenStack Glance, or with `rollback` shows the version before again. Failures: see `publish` of openstack. */
export async function uploadToGlance(request: UploadRequest): Promise<Receipt[]> {
  const { image, options, progress, signal } = request;
  const cloud = await chooseCloud(request);
  const service = await connect(cloud, { signal });
  const keep = options.keep ?? image.upload.glance?.keep ?? 2;
  const how = { progress, signal, dryRun: options.dryRun ?? false };
  const receipts: Receipt[] = [];
  for (const wanted of glanceForms(image)) {
    const done = options.rollback
      ? await rollback(service, wanted.name, how)
      : await publish(service, glanceProduct(request, wanted, keep), how);
    receipts.push({ to: 'glance', cloud: cloud.name, form: wanted.form, ...done });
  }
  return receipts;
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
