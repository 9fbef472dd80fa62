import { Failure } from '@nx-debian-image/report';
import type { TableKind } from './layout.ts';

/** What a partition is for. */
export type TypeName = 'root' | 'bios-boot' | 'esp';

/**
 * Type codes. GPT: UEFI 2.10, 5.3.3 (EFI system), the GRUB manual (BIOS boot) and Linux' own for file systems. MBR: `83` is Linux, `ef` an EFI
 * system partition; GRUB needs none for BIOS there.
 */
const codes: Readonly<Record<TableKind, Partial<Record<TypeName, string>>>> = {
  gpt: {
    root: '0fc63daf-8483-4772-8e79-3d69d8477de4',
    'bios-boot': '21686148-6449-6e6f-744e-656564454649',
    esp: 'c12a7328-f81f-11d2-ba4b-00a0c93ec93b',
  },
  mbr: { root: '83', esp: 'ef' },
};

export function typeCode(table: TableKind, name: TypeName): string {
  const code = codes[table][name];
  if (code === undefined)
    throw new Failure('invalid', `an MBR disk has no partition of type ${name}`, { hint: 'Set disk.table to "gpt".' });
  return code;
}
