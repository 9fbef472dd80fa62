/** keystone.conf. Few rounds of hashing, for the passwords are no secrets and a test has no time. */
export function keystoneConfiguration({ folder, tokenSeconds }: { folder: string; tokenSeconds: number }): string {
  return `[DEFAULT]

[database]
connection = sqlite:///${folder}/keystone.sqlite

[token]
provider = fernet
expiration = ${tokenSeconds}
allow_expired_window = 0

[fernet_tokens]
key_repository = ${folder}/fernet

[fernet_receipts]
key_repository = ${folder}/fernet

[credential]
key_repository = ${folder}/credential

[identity]
domain_config_dir = ${folder}/domains
password_hash_rounds = 4

[auth]
methods = password,token,application_credential

[oslo_policy]
policy_file = ${folder}/policy.yaml
`;
}

/** Serves Keystone with werkzeug, one of its own dependencies. Arguments: port, and for https a certificate and its key. */
export const serveKeystone = `import sys

port, tls = int(sys.argv[1]), tuple(sys.argv[2:4]) or None
sys.argv = ['keystone']  # oslo.config reads it
from keystone.server.wsgi import initialize_public_application
from werkzeug.serving import WSGIRequestHandler, run_simple

WSGIRequestHandler.protocol_version = 'HTTP/1.1'
run_simple('127.0.0.1', port, initialize_public_application(), threaded=True, ssl_context=tls)
`;
