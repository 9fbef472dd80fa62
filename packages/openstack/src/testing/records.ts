import type { ImageRecord } from '../image/index.ts';
import { linkNames, marks } from '../publish/marks.ts';
import type { Part, PartName, Product } from '../publish/index.ts';

const formats = { kernel: 'aki', ramdisk: 'ari', root: 'ami' } as const;

/** An image record of ours; `age` counts backwards, so that 0 is the newest. */
export function recordFor(product: Product, part: PartName, id: string, more: Partial<ImageRecord> & { age?: number } = {}): ImageRecord {
  const { age = 0, properties, ...rest } = more;
  const bytes: Part = product[part]!;
  const time = new Date(Date.UTC(2024, 0, 31) - age * 1000).toISOString();
  return {
    id,
    name: part === 'root' ? product.name : bytes.name,
    status: 'active',
    visibility: 'private',
    protected: false,
    hidden: part !== 'root',
    owner: 'p1',
    size: bytes.size,
    md5: bytes.md5,
    hash: { algorithm: 'sha512', value: bytes.sha512 },
    diskFormat: formats[part],
    containerFormat: formats[part],
    minDisk: part === 'root' ? product.common.minDisk : 0,
    minRam: 0,
    tags: [],
    createdAt: time,
    updatedAt: time,
    properties: {
      [marks.product]: product.name,
      [marks.part]: part,
      [marks.version]: product.version,
      [marks.sha512]: bytes.sha512,
      ...(part === 'root' ? { ...product.common.properties, [marks.properties]: Object.keys(product.common.properties).join(',') } : {}),
      ...properties,
    },
    ...rest,
  };
}

/** Properties that link a root to its kernel and ramdisk. */
export function linksTo(kernel: string, ramdisk: string): Record<string, string> {
  return { [linkNames.kernel]: kernel, [linkNames.ramdisk]: ramdisk };
}
