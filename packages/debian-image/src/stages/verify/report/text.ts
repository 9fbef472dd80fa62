import { formatBytes, formatDuration, formatTable } from '@nx-debian-image/report';
import { countOf, failing, type Report } from './report.ts';

/** report.txt: a line for each check, what does not hold with all that was said of it. */
export function textReport(report: Report): string {
  const { flavour, groups, digests } = report;
  const bad = failing(report).length;
  const outcome = bad === 0 ? `all ${countOf(report)} checks hold` : `${bad} of ${countOf(report)} checks do not hold`;
  const facts = [
    ['outcome', outcome],
    ['verified', report.date],
    ['took', formatDuration(report.seconds * 1000)],
    ['release', `${report.release}, ${report.architecture}`],
    ['flavour', `${formatBytes(flavour.memory)}, ${flavour.processors} processors, a disk of ${formatBytes(flavour.disk)}`],
    ['run by', report.accelerator],
    ...Object.entries(digests),
  ];
  const sections = groups.map(({ name, checks }) => {
    const rows = checks.map((check) => [check.ok ? 'ok' : 'NOT OK', check.name, firstLine(check.value)]);
    const more = checks.filter(({ ok }) => !ok).flatMap(({ value, hint }) => [...restOf(value), ...(hint ? [`hint: ${hint}`] : [])]);
    return [name, formatTable(rows), ...more.map((line) => `    ${line}`)].join('\n');
  });
  return `${[`${report.image}\n${formatTable(facts)}`, ...sections].join('\n\n')}\n`;
}

const firstLine = (text: string): string => text.split('\n', 1)[0] ?? '';
const restOf = (text: string): string[] => text.split('\n').slice(1);
