import { label } from '../names.ts';
import { asId, type JsonObject } from './fields.ts';

/** The conversation, as Cursor names it; null: not told. */
export function conversationIn(payload: JsonObject): string | null {
  return asId(payload['conversation_id']) ?? asId(payload['session_id']);
}

export function sessionOf(payload: JsonObject): string {
  return label('cursor', conversationIn(payload));
}
