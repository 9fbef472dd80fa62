import { expect, it } from 'vitest';
import { junitReport } from './junit.ts';
import type { Report } from './report.ts';
import { textReport } from './text.ts';

const report: Report = {
  image: 'web',
  release: 'bookworm',
  architecture: 'amd64',
  date: '2026-11-25T04:00:00.000Z',
  accelerator: 'software processor (TCG): there is no /dev/kvm',
  flavour: { memory: 2 ** 30, processors: 2, disk: 3 * 2 ** 30 },
  digests: { kernel: 'sha256:01', root: 'sha256:02' },
  seconds: 84.25,
  groups: [
    { name: 'image', checks: [{ name: 'no machine-id in the image', ok: true, value: 'none' }] },
    {
      name: 'triplet',
      checks: [
        { name: 'login prompt', ok: true, value: '30.1 s', seconds: 30.1 },
        { name: 'nginx <answers>', ok: false, value: 'status 7 instead of 0\n"curl" & \u001B[1mmore', hint: 'Look at it.' },
      ],
    },
  ],
};

it('is a text with a line for each check', () => {
  expect(textReport(report)).toBe(`web
outcome   1 of 3 checks do not hold
verified  2026-11-25T04:00:00.000Z
took      1 min 24 s
release   bookworm, amd64
flavour   1 GiB, 2 processors, a disk of 3 GiB
run by    software processor (TCG): there is no /dev/kvm
kernel    sha256:01
root      sha256:02

image
ok  no machine-id in the image  none

triplet
ok      login prompt     30.1 s
NOT OK  nginx <answers>  status 7 instead of 0
    "curl" & \u001B[1mmore
    hint: Look at it.
`);
  expect(textReport({ ...report, groups: report.groups.slice(0, 1) })).toContain('outcome   all 1 checks hold');
});

it('is JUnit XML with a case for each check', () => {
  expect(junitReport(report)).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="web" time="84.3"><testsuite name="web: image" tests="1" failures="0" timestamp="2026-11-25T04:00:00.000Z"><testcase classname="web.image" name="no machine-id in the image" time="0.0"><system-out>none</system-out>
</testcase>
</testsuite>
<testsuite name="web: triplet" tests="2" failures="1" timestamp="2026-11-25T04:00:00.000Z"><testcase classname="web.triplet" name="login prompt" time="30.1"><system-out>30.1 s</system-out>
</testcase>
<testcase classname="web.triplet" name="nginx &lt;answers&gt;" time="0.0"><failure message="status 7 instead of 0">status 7 instead of 0
&quot;curl&quot; &amp; ?[1mmore
Look at it.</failure>
</testcase>
</testsuite>
</testsuites>
`);
});
