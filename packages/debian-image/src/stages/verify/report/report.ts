import type { Flavour } from '../../../image/index.ts';
import type { Check } from '../check.ts';
import type { Group } from '../prove.ts';

/** What came of a verification, as report.json has it. */
export interface Report {
  readonly image: string;
  readonly release: string;
  readonly architecture: string;
  /** When it ended, ISO 8601. */
  readonly date: string;
  /** What carried out the instances' instructions, and why. */
  readonly accelerator: string;
  readonly flavour: Flavour;
  /** What was verified, by the name of the part. */
  readonly digests: Readonly<Record<string, string>>;
  readonly seconds: number;
  readonly groups: readonly Pick<Group, 'name' | 'checks'>[];
}

/** The checks that do not hold, each with the name of its group. */
export function failing({ groups }: Pick<Report, 'groups'>): (Check & { readonly group: string })[] {
  return groups.flatMap(({ name, checks }) => checks.filter(({ ok }) => !ok).map((check) => ({ ...check, group: name })));
}

/** How many checks there are. */
export function countOf({ groups }: Pick<Report, 'groups'>): number {
  return groups.reduce((sum, { checks }) => sum + checks.length, 0);
}
