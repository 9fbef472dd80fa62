import { Failure } from '@nx-debian-image/report';
import { parseSize } from '../../image/sizes.ts';

/** What a machine gets. Bytes; a disk of undefined bytes is as large as seems good for the image. */
export interface StartFlavour {
  readonly disk: number | undefined;
  readonly memory: number;
  readonly processors: number;
}

const usual: StartFlavour = { disk: undefined, memory: 2 ** 30, processors: 2 };
const leastMemory = 64 * 2 ** 20;
const mostProcessors = 255;

/** Reads `disk=10GiB,memory=2GiB,processors=1`, of which any part may be left out. Failure `invalid`. */
export function parseFlavour(text: string | undefined): StartFlavour {
  let flavour = usual;
  for (const part of (text ?? '').split(',').filter((word) => word !== '')) {
    const [, name, value = ''] = /^(\w+)=(.*)$/.exec(part) ?? [];
    const bytes = parseSize(value);
    if (name === 'disk' && bytes) flavour = { ...flavour, disk: bytes };
    else if (name === 'memory' && bytes !== undefined && bytes >= leastMemory) flavour = { ...flavour, memory: bytes };
    else if (name === 'processors' && /^[1-9]\d*$/.test(value) && Number(value) <= mostProcessors) {
      flavour = { ...flavour, processors: Number(value) };
    } else throw wrong(part);
  }
  return flavour;
}

function wrong(part: string): Failure {
  return new Failure('invalid', `${JSON.stringify(part)} is no part of a flavour`, {
    where: '--flavour',
    hint: 'Write --flavour=disk=10GiB,memory=2GiB,processors=2; each may be left out, and memory is 64MiB or more.',
  });
}
