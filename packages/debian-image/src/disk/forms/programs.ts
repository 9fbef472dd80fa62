import { type ProgramNeed, requireProgram } from '../../host/index.ts';
import type { FormName } from './names.ts';

/** The programs of this machine that pack a form, and the Debian packages that have them; gzip is in every Debian. */
const needs: Partial<Record<FormName, ProgramNeed>> = {
  ...Object.fromEntries(['qcow2', 'vmdk', 'vhd', 'vdi'].map((form) => [form, { program: 'qemu-img', package: 'qemu-utils' }])),
  'raw.xz': { program: 'xz', package: 'xz-utils' },
};

/** The Debian packages of these programs, for the forms that need one. */
export function packagesOfForms(forms: readonly string[]): string[] {
  return forms.flatMap((form) => needs[form as FormName]?.package ?? []);
}

/** Fails as `missing-tool` where a program is not there that one of the forms needs: before any work is done for it. */
export async function requireFormPrograms(forms: readonly FormName[], signal: AbortSignal): Promise<void> {
  const asked = new Set<string>();
  for (const form of forms) {
    const need = needs[form];
    if (need === undefined || asked.has(need.program)) continue;
    asked.add(need.program);
    await requireProgram(need, { what: `a bare disk as ${form}`, where: 'image.json: disk.bare', signal });
  }
}
