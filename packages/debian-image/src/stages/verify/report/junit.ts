import type { Check } from '../check.ts';
import type { Report } from './report.ts';

/** junit.xml, as continuous integration reads it: a suite for each instance, a case for each check. */
export function junitReport({ image, groups, date, seconds }: Report): string {
  const suites = groups.map(({ name, checks }) => {
    const failures = checks.filter(({ ok }) => !ok).length;
    const attributes = { name: `${image}: ${name}`, tests: checks.length, failures, timestamp: date };
    return element('testsuite', attributes, checks.map((check) => testCase(`${image}.${name}`, check)).join(''));
  });
  const root = element('testsuites', { name: image, time: seconds.toFixed(1) }, suites.join(''));
  return `<?xml version="1.0" encoding="UTF-8"?>\n${root}`;
}

function testCase(classname: string, { name, ok, value, seconds, hint }: Check): string {
  const message = value.split('\n', 1)[0] ?? '';
  const body = ok
    ? element('system-out', {}, escapeXml(value))
    : element('failure', { message }, escapeXml([value, hint].filter(Boolean).join('\n')));
  return element('testcase', { classname, name, time: (seconds ?? 0).toFixed(1) }, body);
}

function element(name: string, attributes: Readonly<Record<string, string | number>>, body: string): string {
  const words = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeXml(String(value))}"`);
  return `<${name}${words.join('')}>${body}</${name}>\n`;
}

/** XML 1.0 has no control characters but tab and line ends, not even escaped. */
function escapeXml(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, '?')
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
