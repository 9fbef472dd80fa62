import { quote } from '../../../host/index.ts';
import type { Image } from '../../../image/index.ts';
import type { ConfigureFacts } from '../facts.ts';
import type { Step } from '../script.ts';

/** Sets the time zone. A tree without tzdata is in UTC already. Up to jessie /etc/localtime is a copy, from stretch on a link. */
export function timezoneStep({ timezone }: Image, { release }: ConfigureFacts): Step {
  const place = release.localtimeLink ? 'ln -s "$zone" /etc/localtime' : 'cp "$zone" /etc/localtime';
  return {
    name: 'timezone',
    title: `time zone ${timezone}`,
    script: `zone=/usr/share/zoneinfo/${quote(timezone)}
if [ ! -d /usr/share/zoneinfo ]; then
  ${timezone === 'UTC' ? 'exit 0' : "problem 'a time zone other than UTC needs the package tzdata, which is not in the image'"}
fi
[ -f "$zone" ] || (cd /usr/share/zoneinfo && find . -type f | sed 's|^\\./||' | grep '^[A-Z]') | unknown timezone ${quote(timezone)}
rm -f /etc/localtime
${place}
printf '%s\\n' ${quote(timezone)} > /etc/timezone`,
  };
}
