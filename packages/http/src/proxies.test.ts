import { expect, it } from 'vitest';
import { proxyFor } from './proxies.ts';

const proxies = { http: 'plain:80', https: 'http://secure:3128', except: 'localhost, .corp.example,10.0.0.1:9292' };

it.each([
  ['https://cloud.example/', 'http://secure:3128/'],
  ['http://cloud.example/', 'http://plain/'],
  ['http://localhost:9292/', undefined],
  ['https://glance.corp.example/', undefined],
  ['https://corp.example/', undefined],
  ['https://notcorp.example/', 'http://secure:3128/'],
  ['http://10.0.0.1:9292/', undefined],
])('%s goes through %s', (url, proxy) => {
  expect(proxyFor(new URL(url), proxies)?.href).toBe(proxy);
});

it('reaches everything directly with `*`, or where there is no proxy', () => {
  expect(proxyFor(new URL('http://a/'), { ...proxies, except: '*' })).toBeUndefined();
  expect(proxyFor(new URL('https://a/'), { ...proxies, https: undefined })).toBeUndefined();
});
