import { expect, it } from 'vitest';
import { authBody } from './body.ts';

const user = { name: 'u', domain: { id: 'default' } };

it('asks with a password, for a project', () => {
  const scope = { project: { name: 'p', domain: { name: 'corp' } } };
  expect(authBody({ type: 'password', url: '', user, password: 's', scope })).toEqual({
    auth: { identity: { methods: ['password'], password: { user: { ...user, password: 's' } } }, scope },
  });
});

it('gives an application credential no scope', () => {
  expect(authBody({ type: 'application-credential', url: '', credential: { id: 'i' }, secret: 's' })).toEqual({
    auth: { identity: { methods: ['application_credential'], application_credential: { id: 'i', secret: 's' } } },
  });
  expect(authBody({ type: 'application-credential', url: '', credential: { name: 'n', user }, secret: 's' })).toMatchObject({
    auth: { identity: { application_credential: { name: 'n', user, secret: 's' } } },
  });
});

it('asks with a token', () => {
  expect(authBody({ type: 'token', url: '', token: 't', scope: undefined })).toEqual({
    auth: { identity: { methods: ['token'], token: { id: 't' } } },
  });
});
