import 'cbor-x/index-no-eval';

declare module 'cbor-x/index-no-eval' {
  /** The package declares it for whole classes only; here, of what has a tag, only how it is decoded. */
  export function addExtension(extension: {
    tag: number;
    decode(bytes: Uint8Array): unknown;
  }): void;
}
