import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** What a template becomes a file by. */
export interface Rendering {
  /** Lines that end in `# only NAME` stay for this name alone. */
  readonly variant: string;
  /** What stands for `<%= NAME %>`. */
  readonly values: Readonly<Record<string, string>>;
}

/**
 * The files that a folder of templates makes, by their paths, in order. In names `__dot__` stands for a dot, for a package leaves some files
 * with one out. No engine of templates: so they are YAML, which their editor checks.
 */
export function readTemplates(name: string, rendering: Rendering): Map<string, string> {
  const folder = fileURLToPath(new URL(`../../templates/${name}`, import.meta.url));
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.yml'));
  return new Map(
    paths.toSorted().map((path) => [path.replaceAll('__dot__', '.'), render(readFileSync(join(folder, path), 'utf8'), rendering)]),
  );
}

function render(template: string, { variant, values }: Rendering): string {
  const lines = template.split('\n').flatMap((line) => {
    const [, text, only] = /^(.*) # only (\w+)$/.exec(line) ?? [undefined, line, variant];
    return only === variant ? [text] : [];
  });
  return lines.join('\n').replaceAll(/<%= (\w+) %>/g, (placeholder, name: string) => values[name] ?? placeholder);
}
