import { Failure } from '@nx-debian-image/report';
import { isSettings, type Settings } from './parse.ts';

/** Reads single settings of a chosen cloud, wherever openstacksdk allows them to stand. */
export interface Reader {
  /** The first of these keys that is set: under `auth`, else beside it; with `-` or `_`; numbers become text. */
  text(...keys: string[]): string | undefined;
  /** Like `text`; Failure `invalid` where it is missing. */
  need(...keys: string[]): string;
  flag(key: string, otherwise: boolean): boolean;
  /** Like `text`, for an address; Failure `invalid` where it is not one of http or https. */
  address(...keys: string[]): string | undefined;
}

export function readerOf(settings: Settings, cloud: string, file: string): Reader {
  const beside = underscored(settings);
  const auth = isSettings(beside['auth']) ? underscored(beside['auth']) : {};
  const text = (...keys: string[]): string | undefined => {
    for (const key of keys) {
      const value = auth[key] ?? beside[key];
      if (value !== undefined && value !== null && value !== '') return String(value);
    }
    return undefined;
  };
  const path = (key: string): string => `${file}: clouds.${cloud}.auth.${key}`;
  return {
    text,
    address(...keys) {
      const value = text(...keys);
      if (value === undefined || (/^https?:\/\/[^/\s]/.test(value) && URL.canParse(value))) return value;
      throw new Failure('invalid', `cloud "${cloud}": ${keys[0]} is no address: ${value}`, {
        where: path(keys[0]!),
        hint: 'It must look like https://cloud.example:5000/v3.',
      });
    },
    need(...keys) {
      const value = text(...keys);
      if (value !== undefined) return value;
      throw new Failure('invalid', `cloud "${cloud}": ${keys[0]} is missing`, {
        where: path(keys[0]!),
        hint: beside['profile']
          ? `The profile "${String(beside['profile'])}" is not in a clouds-public.yaml here; write its settings into the cloud itself.`
          : `Add it there, or set OS_${keys[0]!.toUpperCase()}.`,
      });
    },
    flag(key, otherwise) {
      const value = text(key)?.toLowerCase();
      return value === undefined ? otherwise : ['true', 'yes', 'on', '1'].includes(value);
    },
  };
}

function underscored(settings: Settings): Settings {
  return Object.fromEntries(Object.entries(settings).map(([key, value]) => [key.replaceAll('-', '_'), value]));
}
