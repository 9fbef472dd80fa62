import type { Product } from '@nx-debian-image/openstack';
import { type CloudForm, cloudForms } from '../../disk/forms/names.ts';
import type { Image } from '../../image/index.ts';
import type { ExtractedFile } from '../extract/facts.ts';
import { glanceProperties } from './properties.ts';
import { partOf, type UploadRequest, versionOf } from './request.ts';

const gibibyte = 1 << 30;

/** What of an image goes to a cloud under a name of its own. */
export type GlanceForm = 'triplet' | 'bare';

/** What goes to a cloud, with the names that people see there: what image.json says, else the triplet, and the disk where there is one. */
export function glanceForms({ upload, disk }: Pick<Image, 'upload' | 'disk'>): { form: GlanceForm; name: string }[] {
  const hasDisk = cloudForms.some((form) => disk.bare.includes(form));
  const forms = upload.glance?.forms ?? ['triplet', ...(hasDisk ? (['bare'] as const) : [])];
  const both = forms.includes('triplet') && forms.includes('bare');
  return [...new Set(forms)].map((form) => ({ form, name: both && form === 'bare' ? `${upload.name}-bare` : upload.name }));
}

/** An image as a product of a cloud: its triplet, or its disk. `keep` versions stay. */
export function glanceProduct(request: UploadRequest, { form, name }: { form: GlanceForm; name: string }, keep: number): Product {
  return form === 'triplet' ? tripletProduct(request, name, keep) : bareProduct(request, name, keep);
}

function tripletProduct(request: UploadRequest, name: string, keep: number): Product {
  const { image, facts } = request;
  const { kernel, ramdisk, root } = facts.files;
  return {
    ...namesOf(request, name, root),
    kernel: { ...partOf(request, kernel), name: `vmlinuz-${facts.kernelVersion}` },
    ramdisk: { ...partOf(request, ramdisk), name: `${name}-initrd-${facts.kernelVersion}` },
    rootFormat: image.upload.glance?.rootFormat ?? 'ami',
    common: { ...commonOf(request, root.size), properties: glanceProperties(image, request.epoch, keep) },
    keep,
  };
}

function bareProduct(request: UploadRequest, name: string, keep: number): Product {
  const { image, facts } = request;
  const { forms, firmware, virtualSize } = facts.bare!;
  const wanted = image.upload.glance?.bareFormat;
  const format: CloudForm = wanted ?? cloudForms.find((form) => forms[form] !== undefined)!;
  return {
    ...namesOf(request, name, forms[format]!),
    rootFormat: format,
    common: { ...commonOf(request, virtualSize), properties: glanceProperties(image, request.epoch, keep, firmware) },
    keep,
  };
}

function namesOf(request: UploadRequest, name: string, file: ExtractedFile): Pick<Product, 'name' | 'version' | 'root'> {
  return { name, version: versionOf(request, file), root: { ...partOf(request, file), name } };
}

function commonOf({ image }: UploadRequest, bytes: number): Omit<Product['common'], 'properties'> {
  const settings = image.upload.glance;
  return {
    visibility: settings?.visibility ?? 'private',
    protected: settings?.protected ?? false,
    tags: settings?.tags ?? [],
    minDisk: settings?.minDisk ?? Math.ceil(bytes / gibibyte),
    minRam: settings?.minRam ?? 0,
  };
}
