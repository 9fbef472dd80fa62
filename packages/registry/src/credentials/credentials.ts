/** Who somebody is to a registry. `from` is where that was found, to be told; nothing else may be. */
export type Credentials =
  | { readonly kind: 'password'; readonly name: string; readonly password: string; readonly from: string }
  /** What a token server gives tokens for. */
  | { readonly kind: 'identity'; readonly token: string; readonly from: string };
