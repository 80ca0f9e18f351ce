import { quoted } from '../../core/quote.ts';
import { UserError } from '../../errors.ts';
import type { ServerContext } from '../call-tool.ts';
import { messageFor } from '../error-boundary.ts';
import { INTERNAL_ERROR, ProtocolError, RESOURCE_NOT_FOUND } from '../protocol-error.ts';
import { RESOURCE_FAMILIES, RESOURCES } from './registry.ts';
import { RESOURCE_TYPE, templateOf } from './resource.ts';

interface ResourceContents {
  readonly contents: { readonly uri: string; readonly mimeType: string; readonly text: string }[];
}

/** @throws ProtocolError −32002 when there is no such resource */
export async function readResource(context: ServerContext, uri: string): Promise<ResourceContents> {
  const read = readerOf(uri);
  if (read === undefined) throw notFound(uri, `there is no resource ${quoted(uri)}; there are ${addresses().join(', ')}`);
  try {
    const document = await read(await context.engine());
    return { contents: [{ uri, mimeType: RESOURCE_TYPE, text: JSON.stringify(document) }] };
  } catch (error) {
    const message = messageFor(error, 'resources/read', context.log);
    throw error instanceof UserError ? notFound(uri, message) : new ProtocolError(INTERNAL_ERROR, message);
  }
}

function readerOf(uri: string) {
  const resource = RESOURCES.find((candidate) => candidate.uri === uri);
  if (resource !== undefined) return resource.read;
  const family = RESOURCE_FAMILIES.find((candidate) => uri.startsWith(candidate.prefix) && uri.length > candidate.prefix.length);
  const value = family === undefined ? undefined : decoded(uri.slice(family.prefix.length));
  return family === undefined || value === undefined
    ? undefined
    : (engine: Parameters<typeof family.read>[0]) => family.read(engine, value);
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // a lone % is no address of ours: the caller gets "there is no resource"
  }
}

function addresses(): readonly string[] {
  return [...RESOURCES.map((resource) => resource.uri), ...RESOURCE_FAMILIES.map(templateOf)];
}

function notFound(uri: string, message: string): ProtocolError {
  return new ProtocolError(RESOURCE_NOT_FOUND, message, { uri: uri.slice(0, 300) });
}
