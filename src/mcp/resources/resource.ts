import type { Engine } from '../../engine/engine.ts';

export const RESOURCE_TYPE = 'application/json';

/** A document with a fixed address. */
export interface Resource {
  readonly uri: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** The document, to be sent as JSON. */
  read(engine: Engine): Promise<object>;
}

/** A family of documents: the address is `prefix` and one URI-encoded variable. */
export interface ResourceFamily {
  readonly prefix: string;
  readonly variable: string;
  readonly name: string;
  readonly title: string;
  readonly description: string;
  /** @throws UserError when there is no such document */
  read(engine: Engine, value: string): Promise<object>;
  /** Known values that begin with `prefix`. */
  complete(engine: Engine, prefix: string, limit: number): Promise<readonly string[]>;
}

export function templateOf(family: ResourceFamily): string {
  return `${family.prefix}{${family.variable}}`;
}
