import { expect, it } from 'vitest';
import { sourcesIn } from './access.ts';

it.each([
  [[], undefined],
  [['# Debian\ndatasource_list: [ NoCloud, ConfigDrive, None ]\n'], ['NoCloud', 'ConfigDrive', 'None']],
  [
    ['datasource_list: [NoCloud]\n', 'datasource_list: [\'ConfigDrive\', "None"]\n'],
    ['ConfigDrive', 'None'],
  ],
  [['# datasource_list: [NoCloud]\n'], undefined],
])('%j names %j', (texts, sources) => expect(sourcesIn(texts)).toEqual(sources));
